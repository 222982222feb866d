/** A hub under malformed packets and payloads without end: it lives, refuses with codes that are documented, and serves its neighbours. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalReasons } from '../../broker/refusals.ts'
import { faults } from '../../model/fault.ts'
import {
  addDevice,
  addStreetAndDevice,
  commandJson,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'
import { wireConnect, wirePacket, wireText } from '../support/mqtt-wire.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { processFigures } from '../support/process-figures.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

/** Malformed packets, and as many payloads again; `npm run soak` asks for a million in all. */
const attacks = Number(process.env['LAMPPOST_TEST_ATTACKS'] ?? 16_000) / 2
/** Connections at once. */
const atOnce = 8
/** The first of them fill caches and make the machine compile; what memory does after them is what counts. */
const warmUp = Math.min(20_000, attacks / 4)
/** Reading by reading the hub must not grow; garbage comes and goes by some tens of megabytes. */
const growthBytesMax = 60 * 1024 ** 2
const folder = temporaryFolder()
let hub: HubProcess
let villain: AddedDevice
let neighbour: AddedDevice

beforeAll(async () => {
  hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
  villain = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
  neighbour = await addDevice(folder.path, 'Ashley Road', '--interval', '60')
})
afterAll(async () => {
  await hub.kill()
  folder.remove()
})

const login = (): Buffer =>
  wireConnect({ clientId: 'v', username: villain.username, password: villain.password })

/** Any type and flags, lengths that may lie, bodies that may be right at the beginning. */
const packet = fc.oneof(
  fc.constantFrom(
    wirePacket(0x32, wireText('sensors/other/readings'), Buffer.of(0, 1)),
    wirePacket(0x82, Buffer.of(0, 1), wireText('sensors/+/readings'), Buffer.of(0)),
    wirePacket(
      0x82,
      Buffer.of(0, 1),
      ...Array<Buffer[]>(11)
        .fill([wireText('a'), Buffer.of(0)])
        .flat()
    )
  ),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 60 })).map(([first, body]) => wirePacket(first, body)),
  fc
    .tuple(
      fc.nat(15),
      fc.constantFrom('readings', 'status', '+', '#', '\0', '..'),
      fc.uint8Array({ maxLength: 80 })
    )
    .map(([flags, kind, body]) => wirePacket(0x30 | flags, wireText(`sensors/d/${kind}`), body)),
  fc
    .tuple(fc.nat(65_535), fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(255))
    .map(([id, filter, qos]) =>
      wirePacket(0x82, Buffer.of(id >> 8, id & 0xff), wireText(filter), Buffer.of(qos))
    )
)

/** Payloads that a decoder may stumble over, and anything else. */
const payload = fc.oneof(
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '{"pm2_5":1e400}',
      '{"pm2_5":-0}',
      '{"pm2_5":NaN}',
      '{"at":"275760-09-13T00:00:00.001Z","pm2_5":1}',
      '{"at":-1,"pm2_5":1}',
      '{"at":9e15,"pm2_5":1}',
      '{"__proto__":{"pm2_5":1}}',
      '{"constructor":1,"toString":2}',
      `${'['.repeat(5_000)}`,
      `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
      `[${Array(501).fill('{"pm2_5":1}').join(',')}]`,
      '{"pm2_5":1,"pm2_5":2}',
      '"\\ud800"'
    )
    .map((text) => Buffer.from(text))
)

async function sumOfMetric(name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text()
  const values = [...text.matchAll(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'gm'))]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

/** Sends it all, and waits until the hub has closed the connection or answered a PINGREQ. */
function attack(bytes: Buffer): Promise<void> {
  const socket = connect(hub.mqttPort, '127.0.0.1')
  return new Promise((resolve) => {
    socket.on('error', () => socket.destroy())
    socket.once('close', () => resolve())
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes(Buffer.of(0xd0, 0))) socket.destroy()
    })
    socket.write(Buffer.concat([bytes, Buffer.of(0xc0, 0)]))
    // A length that lies leaves the hub waiting for the rest.
    const giveUp = setTimeout(() => socket.destroy(), 30)
    socket.once('close', () => clearTimeout(giveUp))
  })
}

/** Attacks until `count` were made, some at once; each round a neighbour sends a reading. */
async function attackUntil(
  count: number,
  made: () => number,
  connection: fc.Arbitrary<Buffer>,
  eachRound: () => void
): Promise<void> {
  const round = fc.array(connection, { minLength: atOnce, maxLength: atOnce })
  while (made() < count) {
    await fc.assert(
      fc.asyncProperty(round, async (connections) => {
        if (made() >= count) return
        eachRound()
        await Promise.all(connections.map(attack))
      }),
      { numRuns: 100, endOnFailure: true }
    )
  }
}

describe('a hub under attack', () => {
  it(
    'lives, grows no larger, and takes every reading of a neighbour meanwhile',
    async () => {
      const acknowledged = new Set<number>()
      const client = await rawPublisher(hub.mqttPort, neighbour, (n) => acknowledged.add(n))
      let sent = 0
      let packets = 0
      let payloads = 0
      const speak = (): void => client.send(sent, numberedPayload(sent++))
      const wild = fc
        .tuple(fc.boolean(), fc.array(packet, { minLength: 1, maxLength: 30 }))
        .map(([known, list]) => {
          packets += list.length
          return Buffer.concat(known ? [login(), ...list] : list)
        })
      const nonsense = fc.array(payload, { minLength: 1, maxLength: 30 }).map((list) => {
        payloads += list.length
        const publishes = list.map((body, n) =>
          wirePacket(0x32, wireText(villain.topic), Buffer.of(0, n + 1), body)
        )
        return Buffer.concat([login(), ...publishes])
      })
      await attackUntil(warmUp, () => packets, wild, speak)
      await attackUntil(warmUp, () => payloads, nonsense, speak)
      const before = processFigures(hub.pid).memoryBytes
      await attackUntil(attacks, () => packets, wild, speak)
      await attackUntil(attacks, () => payloads, nonsense, speak)
      const after = processFigures(hub.pid).memoryBytes
      const megabytes = [before, after].map((bytes) => Math.round(bytes / 1024 ** 2))
      const refused = await sumOfMetric('lamppost_mqtt_refused_total')
      process.stdout.write(
        `${packets} packets and ${payloads} payloads, ${refused} refused; memory ${megabytes.join(' → ')} MB\n`
      )
      expect(after - before).toBeLessThan(growthBytesMax)
      while (acknowledged.size < sent) await new Promise((resolve) => setTimeout(resolve, 10))
      client.destroy()

      const stored = await storedReadings(folder.path)
      const mine = stored.filter(({ device }) => device === neighbour.deviceId)
      expect(lostAndDoubled(mine, new Map([[neighbour.deviceId, acknowledged]]))).toEqual({
        lost: [],
        doubled: []
      })
      expect(stored.every(({ value }) => Number.isFinite(value))).toBe(true)
    },
    Math.max(180_000, attacks * 10)
  )

  it('has refused only with codes that are documented', async () => {
    const metrics = await (await fetch(`${hub.url}/metrics`)).text()
    const reasons = [...metrics.matchAll(/^lamppost_mqtt_refused_total\{reason="(\w+)"\}/gm)].map(
      ([, one]) => one
    )
    expect(reasons.length).toBeGreaterThan(2)
    expect(reasons.filter((one) => !(String(one) in refusalReasons))).toEqual([])
    const codes = [...metrics.matchAll(/^lamppost_faults_total\{code="(\w+)"\}/gm)].map(([, one]) => one)
    expect(codes.length).toBeGreaterThan(4)
    expect(codes.filter((one) => !(String(one) in faults))).toEqual([])
    const problems = await commandJson<{ code: string }[]>([
      'device',
      'problems',
      villain.deviceId,
      '--data',
      folder.path
    ])
    // Which of them the list still has depends on what chance sent last.
    expect(problems.length).toBeGreaterThan(4)
  })

  it('has written neither a password nor a payload nor a full address to its log', () => {
    const log = hub.output()
    expect(log.length).toBeGreaterThan(100)
    for (const { password } of [villain, neighbour]) expect(log).not.toContain(password)
    expect(log).not.toContain('pm2_5')
    const lines = log.split('\n').filter((line) => line.startsWith('{'))
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join('\n')).not.toContain('127.0.0.1')
  })

  it('stops in order afterwards', async () => {
    expect(await hub.stop()).toBe(0)
  })
})
