/** Readings of outdoor boxes that go on to sensor.community: which, in which form, how often, and what happens when it does not take them. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Forwarder } from '../../hub/forwarding.ts'
import { forwardAgeMsMax, forwardEveryMsMin, forwardSettleMs } from '../../hub/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { type UnixMs } from '../../model/time.ts'
import type { Credentials, Registry } from '../../registry/registry.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { openAt, temporaryFile } from '../registry/support.ts'

interface Post {
  node: unknown
  pin: unknown
  values: Record<string, string>
}

let now = Date.UTC(2026, 10, 22, 10) as UnixMs
let server: Server
let posts: Post[]
let told: string[]
let status: number
let registry: Registry
let forwarder: Forwarder
let box: Credentials

beforeEach(async () => {
  posts = []
  told = []
  status = 201
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const body = JSON.parse(text) as { sensordatavalues: { value_type: string; value: string }[] }
      const values = Object.fromEntries(
        body.sensordatavalues.map(({ value_type, value }) => [value_type, value])
      )
      posts.push({ node: request.headers['x-sensor'], pin: request.headers['x-pin'], values })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  registry = openAt(temporaryFile())
  registry.addStreet({ name: 'Ashley Road' })
  box = registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, now)
  registry.forward({ deviceId: box.deviceId, node: 'esp8266-12345678', by: 'Anna', since: now })
  forwarder = new Forwarder({
    registry,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/push-sensor-data/`,
    onFault: (deviceId, { code, message }) => void told.push(`${deviceId} ${code} ${message}`),
    clock: { now: () => now }
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  forwarder.stop()
  server.close()
})

function stored(
  values: Partial<Record<Quantity, number>>,
  { deviceId, siteId }: Pick<Credentials, 'deviceId' | 'siteId'> = box
): void {
  const latest = Object.entries(values).map(([quantity, value]): LatestReading => ({
    ...{ siteId, deviceId, quantity: quantity as Quantity, value },
    ...{ measuredAt: now, flag: 1, reasons: 0 }
  }))
  forwarder.stored(latest)
}

function pass(ms: number): void {
  now = (now + ms) as UnixMs
  vi.advanceTimersByTime(ms)
}

/** Until so many came; the answers pass through a real socket. */
async function came(count: number): Promise<Post[]> {
  while (posts.length < count) await new Promise(setImmediate)
  return posts
}

describe('an outdoor box whose host wants it', () => {
  it('is sent on in the form of that network: one message a sensor, text, pascal', async () => {
    stored({
      pm2_5: 6.1,
      pm10: 12.3,
      temperature: 18.4,
      humidity: 61.2,
      pressure: 1_009.124,
      laeq: 54.3,
      co2: 600
    })
    pass(forwardSettleMs)
    const node = 'esp8266-12345678'
    expect(await came(3)).toEqual([
      { node, pin: '1', values: { P1: '12.30', P2: '6.10' } },
      { node, pin: '11', values: { temperature: '18.40', humidity: '61.20', pressure: '100912.40' } },
      { node, pin: '15', values: { noise_LAeq: '54.30' } }
    ])
    expect(told).toEqual([])
  })

  it('sends what came together in one, and the newest of what came since, not more often than boxes there do', async () => {
    stored({ temperature: 18 })
    pass(1_000)
    stored({ humidity: 61 })
    pass(forwardSettleMs)
    expect((await came(1))[0]).toMatchObject({
      pin: '7',
      values: { temperature: '18.00', humidity: '61.00' }
    })
    // Its turn is over once the answer is there.
    await vi.waitFor(() => expect(forwarder.stats.forwarded).toBe(1))
    stored({ temperature: 19 })
    pass(60_000)
    stored({ temperature: 20 })
    expect(posts).toHaveLength(1)
    pass(forwardEveryMsMin - 60_000)
    expect((await came(2))[1]).toMatchObject({ pin: '13', values: { temperature: '20.00' } })
  })

  it('waits for nobody, and is told when it is not taken there', async () => {
    status = 403
    stored({ pm2_5: 6 })
    pass(forwardSettleMs)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect(told[0]).toMatch(
      /forwardRefused sensor.community does not know esp8266-12345678 with a sensor at pin 1/
    )
    server.close()
    pass(forwardEveryMsMin)
    stored({ pm2_5: 7 })
    expect(forwarder.stats).toEqual({ forwarded: 0, refused: 1, leftOut: 0 })
  })
})

describe('nothing is sent on', () => {
  it.each<[what: string, change: () => void]>([
    ['of a box whose host did not ask', () => void registry.endForwarding(box.deviceId)],
    ['of a box that is removed', () => void registry.remove(box.deviceId, now)],
    [
      'of a place that became a home’s',
      () => {
        registry.makePrivate(box.siteId, 'number-12', now)
      }
    ],
    [
      'that is old: that network would take it for new',
      () => void (now = (now + forwardAgeMsMax + 1) as UnixMs)
    ]
  ])('%s', async (_what, change) => {
    const other = registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, now)
    registry.forward({ deviceId: other.deviceId, node: 'esp8266-87654321', by: 'Ben', since: now })
    stored({ pm2_5: 6 })
    change()
    stored({ pm2_5: 8 }, other)
    pass(forwardSettleMs)
    await came(1)
    expect(posts.map(({ node }) => node)).toEqual(['esp8266-87654321'])
  })

  it('of a box that has another host now, who did not ask', () => {
    const { personId } = registry.addPerson({ name: 'Ben' }, now)
    registry.handOver(box.deviceId, personId, { at: now, now })
    expect(registry.forwardings()).toEqual([])
  })
})
