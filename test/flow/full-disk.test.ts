/** A disk that is full: nothing is acknowledged that is not kept, reads go on, and it recovers by itself when there is room. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addStreetAndDevice, eventually, startHubProcess, temporaryFolder } from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

const unshare = outside('unshare')
const folder = temporaryFolder()
afterAll(() => folder.remove())

const megabyte = 1024 ** 2
const small = 64
const large = 160

describe.skipIf(!unshare.present)(`a small disk of its own (${unshare.line})`, () => {
  it('fills, and holds every promise until it is made larger and after', async () => {
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    // Mounted in a namespace of the hub's own: no right over the machine is needed, and it goes with the process.
    const mounted = `mount -t tmpfs -o size=${small}m none ${disk} && exec "$@"`
    const hub = await startHubProcess(disk, [], { LAMPPOST_LOG_LEVEL: 'warn' }, [
      ...[unshare.path, '-rm', 'sh', '-c', mounted, 'sh']
    ])
    // The disk as the hub sees it.
    const seen = `/proc/${hub.pid}/root${disk}`
    const device = await addStreetAndDevice(seen, 'Ashley Road', '--interval', '60')
    const acknowledged = new Set<number>()
    let next = 0
    const send = async (count: number): Promise<number> => {
      const before = acknowledged.size
      const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
      for (let i = 0; i < count; i++) client.send(next, numberedPayload(next++))
      const all = eventually(
        () => Promise.resolve(acknowledged.size),
        (size) => size === before + count
      )
      await Promise.race([client.closed, all])
      client.destroy()
      await client.closed
      return acknowledged.size - before
    }
    expect(await send(100)).toBe(100)

    const { bavail, bsize } = statfsSync(seen)
    writeFileSync(join(seen, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - 2 * megabyte)))
    // The last of the room goes to messages; then none is acknowledged any more.
    let last = 1
    for (let round = 0; round < 200 && last > 0; round++) last = await send(500)
    expect(last).toBe(0)
    // The line comes through a pipe of its own, after the connection was closed.
    const said = await eventually(
      () => Promise.resolve(hub.output()),
      (output) => output.includes('not acknowledged')
    )
    expect(said).toContain('not acknowledged')
    const atFull = acknowledged.size

    const degraded = await eventually(
      async () =>
        (await (await fetch(`${hub.url}/api/v1/health`)).json()) as { status: string; reasons: string[] },
      ({ reasons }) => reasons.some((reason) => reason.includes('journal cannot be written'))
    )
    expect(degraded.status).toBe('degraded')
    expect((await fetch(`${hub.url}/api/v1/streets`)).status).toBe(200)

    execFileSync('nsenter', [
      ...['--preserve-credentials', '-U', '-m', '-t', String(hub.pid)],
      ...['mount', '-o', `remount,size=${large}m`, disk]
    ])
    const taken = await eventually(
      () => send(100),
      (count) => count === 100
    )
    expect(taken).toBe(100)
    expect(acknowledged.size).toBeGreaterThan(atFull)

    // Every message that was acknowledged before, while it was full, and since, is there once.
    const wanted = new Map([[device.deviceId, acknowledged]])
    const check = await eventually(
      async () => lostAndDoubled(await storedReadings(seen), wanted),
      ({ lost }) => lost.length === 0,
      60_000
    )
    expect(check).toEqual({ lost: [], doubled: [] })
    expect(readFileSync(join(seen, 'ballast')).length).toBeGreaterThan(0)
    rmSync(join(seen, 'ballast'))
    expect(await hub.stop()).toBe(0)
  }, 180_000)
})
