/** Bytes that ended, filled or stopped a plain Aedes or its elder versions: here they end their own connection. */
import { describe, expect, it } from 'vitest'
import { aBroker, aClient, asDevice, connected, rawClient, readings, until, wire } from './support.ts'
import type { TestBroker } from './support.ts'

/** The broker still serves others. */
async function stillServes({ port }: TestBroker): Promise<void> {
  const client = await connected(port, asDevice('b9'))
  await client.publishAsync(readings('b9'), '{}', { qos: 1 })
}

const hello = wire.connect('a1', 'x')
const topic = readings('a1')

describe('single packets', () => {
  it.each([
    ['a PUBLISH with 101 levels', [hello, wire.publish(Array(101).fill('a').join('/'), '{}', 1, 1)]],
    [
      'a SUBSCRIBE with 101 levels',
      [hello, wire.subscribe(['sensors/a1/' + Array(101).fill('a').join('/')])]
    ],
    ['an empty topic', [hello, wire.publish('', '{}', 1, 1)]],
    ['a topic with a wildcard', [hello, wire.publish('sensors/a1/#', '{}', 1, 1)]],
    ['a topic that is not UTF-8', [hello, wire.publish(Buffer.of(0xc3, 0x28), '{}', 1, 1)]],
    ['a topic with U+0000', [hello, wire.publish('sensors/a1/\0', '{}', 1, 1)]],
    ['a client id with U+0000', [wire.connect('a1', '\0')]],
    ['a client id that is not UTF-8', [wire.connect('a1', Buffer.of(0xff, 0xfe))]],
    ['a filter with a control character', [hello, wire.subscribe(['sensors/a1/\u0001'])]],
    ['a SUBSCRIBE without a filter', [hello, wire.packet(0x82, Buffer.of(0, 1))]],
    ['message id 0', [hello, wire.publish(topic, '{}', 1, 0)]],
    ['SUBSCRIBE with message id 0', [hello, wire.subscribe(['sensors/a1/#'], 0)]],
    ['two CONNECTs', [hello, hello]],
    [
      'a CONNECT of another protocol',
      [wire.packet(0x10, wire.text('HTTP'), Buffer.of(4, 2, 0, 0), wire.text(''))]
    ],
    ['text that is no MQTT', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    ['an UNSUBSCRIBE with U+0000', [hello, wire.packet(0xa2, Buffer.of(0, 1), wire.text('a\0'))]]
  ])('%s closes its connection', async (_what, packets) => {
    const broker = await aBroker()
    const raw = await rawClient(broker.port, ...packets)
    await raw.closed
    expect(broker.taken).toEqual([])
    await stillServes(broker)
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'the client id %s is a client id like any other',
    async (clientId) => {
      const broker = await aBroker()
      const raw = await rawClient(broker.port, wire.connect('a1', clientId), wire.publish(topic, '{}', 1, 5))
      await until(() => raw.received().length === 8)
      await stillServes(broker)
    }
  )

  it('three PUBRELs behind one QoS 2 PUBLISH are each answered', async () => {
    const broker = await aBroker()
    const release = wire.packet(0x62, Buffer.of(0, 1))
    const raw = await rawClient(
      broker.port,
      hello,
      wire.publish(topic, '{}', 2, 1),
      Buffer.concat([release, release, release])
    )
    await until(() => raw.received().length >= 4 + 4 * 4)
    await stillServes(broker)
  })

  it('a password without a user name closes its connection', async () => {
    const broker = await aBroker()
    const packet = wire.packet(
      0x10,
      wire.text('MQTT'),
      Buffer.of(4, 0x42, 0, 60),
      wire.text('x'),
      wire.text('y')
    )
    await (
      await rawClient(broker.port, packet)
    ).closed
    await stillServes(broker)
  })
})

describe('many', () => {
  it('connections that each claim 256 MB cost no memory', async () => {
    const broker = await aBroker()
    const claim = Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f)
    const filler = Buffer.alloc(256 * 1024, 'x')
    const before = process.memoryUsage.rss()
    for (let n = 0; n < 50; n++) await (await rawClient(broker.port, claim, filler)).closed
    expect(broker.broker.stats().refused).toMatchObject({ packetTooLarge: 50 })
    // Both ends are in this process; plain Aedes held 200 MB for one such socket.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
    await stillServes(broker)
  })

  it('random bytes behind a good CONNECT never stop the broker', async () => {
    const broker = await aBroker()
    let seed = 12_345
    const random = (below: number): number => (seed = (seed * 48_271) % 0x7fffffff) % below
    const good = Buffer.concat([
      hello,
      wire.publish(topic, '{"pm2_5":1}', 1, 3),
      wire.subscribe(['sensors/a1/#'])
    ])
    for (let n = 0; n < 300; n++) {
      const mutated = Buffer.from(good)
      for (let k = 0; k <= random(4); k++) mutated[random(mutated.length)] = random(256)
      const raw = await rawClient(broker.port, mutated)
      raw.socket.end()
      await raw.closed
    }
    await stillServes(broker)
  })
})

describe('a subscriber that stops reading', () => {
  it('is passed over, and neither stops the publishers nor the other subscribers', async () => {
    const broker = await aBroker()
    const frozen = await rawClient(
      broker.port,
      wire.connect('a1', 'frozen'),
      wire.subscribe(['sensors/a1/#'])
    )
    await until(() => frozen.received().length === 9)
    frozen.socket.pause()

    const healthy = aClient(broker.port, asDevice('a1'))
    let heard = 0
    healthy.on('message', () => heard++)
    await healthy.subscribeAsync('sensors/a1/#')
    const publisher = await connected(broker.port, asDevice('a1'))
    const payload = JSON.stringify({ filler: 'x'.repeat(4_000) })
    // 40 MB: far more than the sockets of the frozen one can hold.
    for (let n = 0; n < 100; n++) {
      await Promise.all(Array.from({ length: 100 }, () => publisher.publishAsync(topic, payload, { qos: 1 })))
    }
    await until(() => heard === 10_000)
    expect(broker.broker.stats()).toMatchObject({ acknowledged: 10_000 })
    expect(broker.broker.stats().refused['slowSubscriber']).toBeGreaterThan(1_000)
  })
})
