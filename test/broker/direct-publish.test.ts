/** From its second message on a client's publishes go the short way: acknowledged, delivered, refused as the first was. */
import { describe, expect, it } from 'vitest'
import { aBroker, asDevice, connected, rawClient, readings, until, wire } from './support.ts'

const publishes = (first: number, last: number, qos: 0 | 1 = 1): Buffer =>
  Buffer.concat(
    Array.from({ length: last - first + 1 }, (_no, n) =>
      wire.publish(readings('a1'), `"${first + n}"`, qos, first + n)
    )
  )

const pubacks = (first: number, last: number): Buffer =>
  Buffer.concat(
    Array.from({ length: last - first + 1 }, (_no, n) =>
      Buffer.of(0x40, 2, (first + n) >> 8, (first + n) & 0xff)
    )
  )

const connackBytes = 4

describe('the short way of a publish', () => {
  it('acknowledges each once and in order, however many come at a time', async () => {
    const { port, taken } = await aBroker()
    const raw = await rawClient(port, wire.connect('a1', 'c'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(publishes(1, 3))
    await until(() => raw.received().length >= connackBytes + 3 * 4)
    raw.socket.write(publishes(4, 400))
    await until(() => raw.received().length >= connackBytes + 400 * 4)
    expect(raw.received().subarray(connackBytes).equals(pubacks(1, 400))).toBe(true)
    expect(taken.map(({ payload }) => payload)).toEqual(Array.from({ length: 400 }, (_no, n) => `"${n + 1}"`))
  })

  it('acknowledges after the journal, not before', async () => {
    const waiting: (() => void)[] = []
    const { port } = await aBroker({ accept: (_device, _topic, _payload, done) => void waiting.push(done) })
    const raw = await rawClient(port, wire.connect('a1', 'c'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(publishes(1, 1))
    await until(() => waiting.length === 1)
    waiting[0]!()
    await until(() => raw.received().length >= connackBytes + 4)
    // The answer to the ping would come behind an acknowledgement that left too early.
    raw.socket.write(Buffer.concat([publishes(2, 5), Buffer.of(0xc0, 0)]))
    await until(() => waiting.length === 5 && raw.received().length >= connackBytes + 4 + 2)
    expect(raw.received().subarray(-2)).toEqual(Buffer.of(0xd0, 0))
    for (const done of waiting.slice(1)) done()
    await until(() => raw.received().length >= connackBytes + 5 * 4 + 2)
    expect(raw.received().subarray(-16).equals(pubacks(2, 5))).toBe(true)
  })

  it('delivers to those who subscribed, in order, QoS 0 and 1', async () => {
    const { port } = await aBroker()
    const listener = await connected(port, asDevice('a1'))
    const heard: string[] = []
    listener.on('message', (_topic, payload) => heard.push(payload.toString()))
    await listener.subscribeAsync(readings('a1'), { qos: 1 })
    const raw = await rawClient(port, wire.connect('a1', 'sender'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(Buffer.concat([publishes(1, 5), publishes(6, 10, 0), publishes(11, 20)]))
    await until(() => heard.length >= 20)
    expect(heard.toSorted((a, b) => Number(a.slice(1, -1)) - Number(b.slice(1, -1)))).toEqual(
      Array.from({ length: 20 }, (_no, n) => `"${n + 1}"`)
    )
  })

  it('ends the connection without an acknowledgement when the message cannot be kept', async () => {
    let kept = 0
    const { port, lines } = await aBroker({
      accept: (_device, _topic, _payload, done) =>
        void setImmediate(() => done(++kept > 2 ? new Error('the disk is full') : undefined))
    })
    const raw = await rawClient(port, wire.connect('a1', 'c'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(publishes(1, 4))
    await raw.closed
    expect(raw.received().subarray(connackBytes).length).toBeLessThanOrEqual(2 * 4)
    expect(lines.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ reason: 'journalUnavailable', deviceId: 'a1' })
    )
  })

  it('refuses another topic as it would have at first', async () => {
    const { broker, port, taken } = await aBroker()
    const raw = await rawClient(port, wire.connect('a1', 'c'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(publishes(1, 3))
    await until(() => taken.length === 3)
    raw.socket.write(wire.publish(readings('b1'), 'x', 1, 4))
    await raw.closed
    expect(taken).toHaveLength(3)
    expect(broker.stats().refused).toEqual({ topic: 1 })
  })

  it('answers a disconnect behind publishes after their acknowledgements', async () => {
    const { port } = await aBroker()
    const raw = await rawClient(port, wire.connect('a1', 'c'))
    await until(() => raw.received().length >= connackBytes)
    raw.socket.write(Buffer.concat([publishes(1, 30), Buffer.of(0xe0, 0)]))
    await raw.closed
    expect(raw.received().subarray(connackBytes).equals(pubacks(1, 30))).toBe(true)
  })
})
