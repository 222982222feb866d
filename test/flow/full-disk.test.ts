/** A disk that is full: nothing is acknowledged that is not kept, reads go on, and it recovers by itself when there is room. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addStreetAndDevice, command, eventually, temporaryFolder } from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { rawPublisher } from '../support/raw-publisher.ts'
import { fillWholly, hubOnSmallDisk } from '../support/small-disk.ts'

const unshare = outside('unshare')
const folder = temporaryFolder()
afterAll(() => folder.remove())

const small = 64
const large = 160

describe.skipIf(!unshare.present)(`a small disk of its own (${unshare.line})`, () => {
  it('that is full says so to whoever opens the folder, and what to do', () => {
    const disk = join(folder.path, 'full')
    mkdirSync(disk)
    const filled = `mount -t tmpfs -o size=1m none ${disk}; cat /dev/zero > ${disk}/ballast; exec "$@"`
    const lamppost = join(import.meta.dirname, '../../cli/lamppost.mjs')
    const asked = [process.execPath, lamppost, 'street', 'add', 'Ashley Road', '--data', disk]
    const { status, stderr } = spawnSync(unshare.path, ['-rm', 'sh', '-c', filled, 'sh', ...asked])
    expect(stderr.toString()).toMatch(
      /lamppost: The data folder \S+ cannot be used now, because its disk is full\. Nothing was changed\. Free some space, and run it again\.\n$/
    )
    expect(status).toBe(1)
  })

  it('fills, and holds every promise until it is made larger and after', async () => {
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    const { hub, path: seen, ...room } = await hubOnSmallDisk(unshare.path, disk, small)
    const device = await addStreetAndDevice(seen, 'Ashley Road', '--interval', '60')
    const acknowledged = new Set<number>()
    let next = 0
    const send = async (count: number): Promise<number> => {
      const before = acknowledged.size
      const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
      for (let i = 0; i < count; i++) client.send(next, numberedPayload(next++))
      const all = eventually(
        () => Promise.resolve(acknowledged.size),
        (size) => size === before + count,
        15_000
      )
      await Promise.race([client.closed, all])
      client.destroy()
      await client.closed
      return acknowledged.size - before
    }
    expect(await send(100)).toBe(100)

    room.fill(2)
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
    // What the hub writes for itself fails now as well, this time or the next: where ingest stands, what waits for a place.
    for (let round = 0; round < 25; round++) await send(500)
    const atFull = acknowledged.size

    const degraded = await eventually(
      async () =>
        (await (await fetch(`${hub.url}/api/v1/health`)).json()) as { status: string; reasons: string[] },
      ({ reasons }) => reasons.some((reason) => reason.includes('journal cannot be written'))
    )
    expect(degraded.status).toBe('degraded')
    expect((await fetch(`${hub.url}/api/v1/streets`)).status).toBe(200)
    fillWholly(join(seen, 'ballast'))
    expect(await command(['street', 'add', 'Bath Street', '--data', seen])).toMatchObject({
      status: 1,
      stderr:
        'lamppost: The registry is unavailable (adding a street): The disk is full. Nothing was changed. ' +
        'Free some space, then run the command again.\n'
    })

    room.enlarge(large)
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
      ({ lost }) => lost.length === 0
    )
    expect(check).toEqual({ lost: [], doubled: [] })
    expect(readFileSync(join(seen, 'ballast')).length).toBeGreaterThan(0)
    rmSync(join(seen, 'ballast'))
    expect(await hub.stop()).toBe(0)
  })
})
