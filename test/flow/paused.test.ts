/** One box that sends and sends for a time at which it was not installed anywhere: it is paused, nobody else is, and it goes on when it has a place. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'
import { payloadBytesMax } from '../../model/limits.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

interface Listed {
  deviceId: string
  waiting: { messages: number; bytes: number; isBack: boolean } | null
}

const list = async (): Promise<Listed[]> => commandJson<Listed[]>(['device', 'list', '--data', folder.path])

/** A small journal has room for less of what waits: a sixteenth for one device. */
const env = { LAMPPOST_LOG_LEVEL: 'warn', LAMPPOST_JOURNAL_MB: '256' }
const boundBytes = 16 * 1024 ** 2
const batch = 40

/** As large as a message may be, so that the bound is soon reached. */
const large = (n: number): string => numberedPayload(n).padEnd(payloadBytesMax)

describe('a box without a place for what it sends', () => {
  it('is not acknowledged beyond its bound, across a restart, until it has one; nobody else notices', async () => {
    let hub = await startHubProcess(folder.path, [], env)
    const neighbour = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    const now = '2026-11-20T00:00:00Z'
    const box = await addDevice(folder.path, 'Ashley Road', '--interval', '60', '--from', now)
    const acknowledged = new Set<number>()
    let client = await rawPublisher(hub.mqttPort, box, (n) => acknowledged.add(n))
    let sent = 0
    const waiting = async (): Promise<Listed['waiting']> =>
      (await list()).find(({ deviceId }) => deviceId === box.deviceId)?.waiting ?? null
    // A batch at a time: what is on its way from the disk to ingest comes on top of the bound.
    for (let back = false; !back;) {
      for (let i = 0; i < batch; i++) client.send(sent, large(sent++))
      const now = await eventually(waiting, (held) => held?.isBack === true || held?.messages === sent)
      back = now?.isBack === true
    }
    // What came behind the bound may stay unacknowledged.
    await eventually(
      () => Promise.resolve(acknowledged.size),
      (size) => size === sent,
      5_000
    )
    const atBound = acknowledged.size
    expect(atBound * payloadBytesMax).toBeGreaterThanOrEqual(boundBytes)
    expect((await waiting())?.bytes).toBeLessThan(boundBytes + batch * (payloadBytesMax + 200))

    // It goes on sending one; a neighbour who comes later is answered before it.
    client.send(sent, large(sent++))
    const others = new Set<number>()
    const other = await rawPublisher(hub.mqttPort, neighbour, (n) => others.add(n))
    for (let n = 0; n < 50; n++) other.send(n, numberedPayload(n))
    expect(
      await eventually(
        () => Promise.resolve(others.size),
        (size) => size === 50
      )
    ).toBe(50)
    other.destroy()
    expect(acknowledged.size).toBe(atBound)

    const problems = await command(['device', 'problems', box.deviceId, '--data', folder.path])
    expect(problems.stdout).toContain('heldBack')
    expect((await command(['device', 'list', '--data', folder.path])).stdout).toContain(
      'it is paused until it has one'
    )
    const health = await eventually(
      async () => (await fetch(`${hub.url}/api/v1/health`)).text(),
      (text) => text.includes('wait for a place')
    )
    expect(health).toContain('Sensors are paused')
    expect(health).not.toContain(box.deviceId)

    // A restart forgets nothing, and does not wait for what is held back.
    expect(await hub.stop()).toBe(0)
    client.destroy()
    hub = await startHubProcess(folder.path, [], env)
    client = await rawPublisher(hub.mqttPort, box, (n) => acknowledged.add(n))
    for (let n = 0; n < sent; n++) if (!acknowledged.has(n)) client.send(n, large(n), true)

    const place = ['device', 'move', box.deviceId, '--street', 'Ashley Road', '--at', '2025-12-01']
    expect((await command([...place, '--data', folder.path])).status).toBe(0)
    expect(
      await eventually(
        () => Promise.resolve(acknowledged.size),
        (size) => size === sent
      )
    ).toBe(sent)
    const check = await eventually(
      async () => lostAndDoubled(await storedReadings(folder.path), new Map([[box.deviceId, acknowledged]])),
      ({ lost }) => lost.length === 0
    )
    expect(check).toEqual({ lost: [], doubled: [] })
    expect((await list()).every((one) => one.waiting === null)).toBe(true)
    client.destroy()
    expect(await hub.stop()).toBe(0)
  })

  it('keeps what waits when it is removed, says so, and gives it a place afterwards', async () => {
    const data = join(folder.path, 'removed')
    const hub = await startHubProcess(data, [], env)
    const box = await addStreetAndDevice(data, 'Ashley Road', '--from', '2026-11-20T00:00:00Z')
    const acknowledged = new Set<number>()
    const client = await rawPublisher(hub.mqttPort, box, (n) => acknowledged.add(n))
    for (const n of [0, 1]) client.send(n, numberedPayload(n))
    const listed = (): Promise<Listed[]> => commandJson<Listed[]>(['device', 'list', '--data', data])
    await eventually(listed, ([one]) => one?.waiting?.messages === 2)

    const { status, stdout } = await command(['device', 'remove', box.deviceId, '--data', data])
    expect(status).toBe(0)
    expect(stdout).toContain('2 messages without a place stay, too')
    const place = ['device', 'move', box.deviceId, '--street', 'Ashley Road', '--at', '2025-12-01']
    expect(stdout).toContain(place.slice(0, 3).join(' '))
    expect((await command([...place, '--data', data])).status).toBe(0)
    const check = await eventually(
      async () => lostAndDoubled(await storedReadings(data), new Map([[box.deviceId, acknowledged]])),
      ({ lost }) => lost.length === 0
    )
    expect(check).toEqual({ lost: [], doubled: [] })
    expect(acknowledged.size).toBe(2)
    client.destroy()
    expect(await hub.stop()).toBe(0)
  })
})
