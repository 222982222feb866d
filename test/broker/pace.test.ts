/** How fast one device may go: the bucket's arithmetic, and over a socket that too fast waits and loses nothing. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Pace, type PaceLimits } from '../../broker/pace.ts'
import { aBroker, asDevice, connected, rawClient, readings, until, wire } from './support.ts'

const limits: PaceLimits = {
  deviceMessagesPerSecond: 100,
  deviceMessagesBurst: 10,
  deviceBytesPerSecond: 10_000,
  deviceBytesBurst: 20_000
}

describe('a pace', () => {
  it('lets a burst through, and then one message every hundredth of a second', () => {
    const pace = new Pace(limits, 0)
    const waits = Array.from({ length: 13 }, () => Math.round(pace.take(1, 0)))
    expect(waits).toEqual([...Array<number>(10).fill(0), 10, 20, 30])
  })

  it('counts bytes as well', () => {
    const pace = new Pace(limits, 0)
    expect(pace.take(20_000, 0)).toBe(0)
    expect(pace.take(5_000, 0)).toBe(500)
    expect(pace.take(0, 10_000)).toBe(0)
  })

  it('counts what is delivered as if it had been sent as often', () => {
    const pace = new Pace(limits, 0)
    expect(pace.take(100, 0, 9)).toBe(0)
    expect(Math.round(pace.take(100, 0, 1))).toBe(20)
    const heavy = new Pace(limits, 0)
    expect(heavy.take(5_000, 0, 4)).toBe(500)
  })

  it('never lets more through than burst and rate allow, however it is asked', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(200), bytes: fc.nat(3_000) }), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (asked) => {
        const pace = new Pace(limits, 0)
        let nowMs = 0
        const released = asked.map(({ afterMs, bytes }) => {
          nowMs += afterMs
          return { atMs: nowMs + pace.take(bytes, nowMs), bytes }
        })
        for (const { atMs } of released) {
          const through = released.filter((one) => one.atMs <= atMs)
          const bytes = through.reduce((sum, one) => sum + one.bytes, 0)
          expect(through.length).toBeLessThanOrEqual(10 + (atMs / 1_000) * 100 + 1e-6)
          expect(bytes).toBeLessThanOrEqual(20_000 + (atMs / 1_000) * 10_000 + 1e-6)
        }
      })
    )
  })
})

const slow = { deviceMessagesPerSecond: 200, deviceMessagesBurst: 5 }

describe('a device that sends too fast', () => {
  it('is acknowledged later, in order and completely, and stays connected', async () => {
    const { port, broker, taken } = await aBroker({}, { limits: slow })
    const messages = Array.from({ length: 40 }, (_no, n) =>
      wire.publish(readings('a1'), `{"n":${n}}`, 1, n + 1)
    )
    const raw = await rawClient(port, wire.connect('a1', 'esp'), ...messages)
    await until(() => raw.received().length === 4 + 40 * 4)
    const acks = raw.received().subarray(4)
    expect(Array.from({ length: 40 }, (_no, n) => acks.readUInt16BE(n * 4 + 2))).toEqual(
      Array.from({ length: 40 }, (_no, n) => n + 1)
    )
    expect(taken).toHaveLength(40)
    expect(broker.stats()).toMatchObject({ connected: 1, acknowledged: 40 })
    expect(broker.stats().refused['tooFast']).toBeGreaterThan(0)
  })

  it('does not slow its neighbours', async () => {
    const { port } = await aBroker({}, { limits: { deviceMessagesPerSecond: 1, deviceMessagesBurst: 1 } })
    const flood = await connected(port, asDevice('a1'))
    const held = [1, 2, 3].map(() => flood.publishAsync(readings('a1'), '{}', { qos: 1 }))
    const neighbour = await connected(port, asDevice('a2'))
    await neighbour.publishAsync(readings('a2'), '{}', { qos: 1 })
    await held[0]
    flood.end(true)
    await Promise.allSettled(held)
  })
})

describe('a credential with many connections that listen to it', () => {
  it('pays for each delivery, and others do not wait for it', async () => {
    const listeners = 40
    const { port, broker } = await aBroker({}, { limits: slow })
    for (let n = 0; n < listeners; n++) {
      const client = await connected(port, { ...asDevice('a1'), clientId: `listener-${n}` })
      await client.subscribeAsync('sensors/a1/#')
    }
    const messages = Array.from({ length: 20 }, (_no, n) => wire.publish(readings('a1'), '{}', 1, n + 1))
    const heard = await rawClient(port, wire.connect('a1', 'esp'), ...messages)
    const other = await rawClient(port, wire.connect('a2', 'esp'), wire.publish(readings('a2'), '{}', 1, 1))
    await until(() => other.received().length === 4 + 4)
    // One message in a burst of five, and then 41 at 200 a second for each.
    expect(heard.received().length).toBeLessThan(4 + 20 * 4)
    expect(broker.stats().refused).toMatchObject({ tooFast: 1 })
    await until(() => heard.received().length === 4 + 20 * 4)
  })
})
