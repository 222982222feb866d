/** The front door over real sockets: who may come in, what is acknowledged when, who hears what. */
import { describe, expect, it } from 'vitest'
import { payloadBytesMax } from '../../model/limits.ts'
import { wireConnect } from '../support/mqtt-wire.ts'
import {
  aBroker,
  aClient,
  asDevice,
  closed,
  connected,
  nextMessage,
  rawClient,
  readings,
  refusedWith,
  secretOf,
  status,
  until,
  wire
} from './support.ts'

describe('connecting', () => {
  it('lets a device in with its secret, and says once why another may not', async () => {
    const { port, lines, broker } = await aBroker()
    await connected(port, asDevice('a1'))
    const secret = 'not-the-secret-of-a1'
    expect(await refusedWith(port, { username: 'a1', password: secret })).toBe(4)
    expect(await refusedWith(port, { username: 'a1', password: secret })).toBe(4)
    expect(await refusedWith(port, { username: 'nobody/+', password: secret })).toBe(4)
    expect(broker.stats().refused).toMatchObject({ wrongPassword: 3 })
    expect(lines.filter(({ message }) => message.includes('wrong user name or password'))).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain(secret)
  })

  it('refuses a lasting session without a client id', async () => {
    const { port } = await aBroker()
    const raw = await rawClient(port, wire.connect('a1', '', 0xc0))
    await raw.closed
    expect(raw.received()).toEqual(Buffer.of(0x20, 2, 0, 2))
  })

  it('refuses MQTT 5 with the code for it', async () => {
    const { port, broker } = await aBroker()
    expect(await refusedWith(port, { ...asDevice('a1'), protocolVersion: 5 })).toBeDefined()
    expect(broker.stats().refused).toMatchObject({ protocolVersion: 1 })
  })

  it('keeps clients of two devices apart although they chose one client id', async () => {
    const { port, presence } = await aBroker()
    const one = await connected(port, { ...asDevice('a1'), clientId: 'esp' })
    await connected(port, { ...asDevice('a2'), clientId: 'esp' })
    await one.publishAsync(readings('a1'), '{}', { qos: 1 })
    expect(presence).toEqual([
      ['a1', 'online'],
      ['a2', 'online']
    ])
  })

  it('lets a device take over its own session, without going offline between', async () => {
    const { port, presence } = await aBroker()
    const first = await connected(port, { ...asDevice('a1'), clientId: 'esp' })
    const ended = closed(first)
    await connected(port, { ...asDevice('a1'), clientId: 'esp' })
    await ended
    expect(presence).toEqual([['a1', 'online']])
  })

  it('closes the connections of a device whose credential ended', async () => {
    const { port, broker, presence } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    broker.disconnect('a1')
    await closed(client)
    await until(() => presence.length === 2)
    expect(presence[1]).toEqual(['a1', 'lost'])
  })

  it('closes connections that never say who they are', async () => {
    const { port, broker } = await aBroker({}, { limits: { connectTimeoutMs: 50 } })
    const raw = await rawClient(port)
    await raw.closed
    expect(broker.stats().refused).toMatchObject({ connectTimeout: 1 })
  })

  it('makes room for a newcomer by closing the oldest that never said who it is', async () => {
    const { port } = await aBroker({}, { limits: { unknownConnectionsMax: 20 } })
    const idle = await rawClient(port)
    for (let n = 0; n < 19; n++) await rawClient(port)
    await connected(port, asDevice('a1'))
    await idle.closed
  })

  it('bounds the connections of one address', async () => {
    const { port, broker } = await aBroker({}, { limits: { connectionsPerAddressMax: 3 } })
    for (const id of ['a1', 'a2', 'a3']) await connected(port, asDevice(id))
    await (
      await rawClient(port)
    ).closed
    expect(broker.stats().refused).toMatchObject({ connections: 1 })
  })
})

describe('publishing', () => {
  it.each([0, 1, 2] as const)('takes QoS %d', async (qos) => {
    const { port, taken, broker } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    await client.publishAsync(readings('a1'), '{"pm2_5":8}', { qos })
    await until(() => taken.length === 1)
    expect(taken).toEqual([{ deviceId: 'a1', topic: readings('a1'), payload: '{"pm2_5":8}' }])
    await until(() => broker.stats().received === 1)
    expect(broker.stats().acknowledged).toBe(qos === 0 ? 0 : 1)
  })

  it.each([1, 2] as const)('acknowledges QoS %d only when the message is in custody', async (qos) => {
    const waiting: (() => void)[] = []
    const { port, broker } = await aBroker({ accept: (_d, _t, _p, done) => void waiting.push(done) })
    const raw = await rawClient(port, wire.connect('a1', 'x'), wire.publish(readings('a1'), '{}', qos, 7))
    // Another client's whole exchange fits in between.
    await until(() => waiting.length === 1)
    const other = await connected(port, asDevice('a2'))
    const acknowledged = other.publishAsync(readings('a2'), '{}', { qos })
    await until(() => waiting.length === 2)
    waiting[1]?.()
    await acknowledged
    expect(raw.received()).toEqual(Buffer.of(0x20, 2, 0, 0))
    expect(broker.stats().acknowledged).toBe(1)

    waiting[0]?.()
    await until(() => raw.received().length === 8)
    expect(raw.received().subarray(4)).toEqual(Buffer.of(qos === 1 ? 0x40 : 0x50, 2, 0, 7))
  })

  it('reads no more of a client than two large messages while they wait, and all of it in the end', async () => {
    const waiting: (() => void)[] = []
    const { port } = await aBroker({ accept: (_device, _topic, _payload, done) => waiting.push(done) })
    const large = 'x'.repeat(payloadBytesMax)
    const publishes = Array.from({ length: 30 }, (_, i) => wire.publish(readings('a1'), large, 1, i + 1))
    const eager = await rawClient(port, wire.connect('a1', 'x'), ...publishes)
    await until(() => waiting.length === 2)
    // Another client's whole exchange fits in between, again and again.
    for (let round = 0; round < 5; round++) {
      const other = await rawClient(port, wire.connect('a2', 'y'), wire.publish(readings('a2'), '{}', 1, 7))
      await until(() => waiting.length === 3)
      waiting.pop()?.()
      await until(() => other.received().length === 8)
      other.socket.destroy()
    }
    expect(waiting).toHaveLength(2)
    for (let answered = 0; answered < publishes.length; answered++) {
      await until(() => waiting.length > 0)
      waiting.shift()?.()
    }
    await until(() => eager.received().length === 4 + 4 * publishes.length)
    const ids = publishes.map((_, i) => eager.received().readUInt16BE(4 + 4 * i + 2))
    expect(ids).toEqual(publishes.map((_, i) => i + 1))
  })

  it('lets nobody go for its keepalive who waits for an acknowledgement', async () => {
    const waiting: (() => void)[] = []
    const { port } = await aBroker({ accept: (_device, _topic, _payload, done) => waiting.push(done) })
    const connect = (deviceId: string): Buffer =>
      wireConnect({ clientId: '', username: deviceId, password: secretOf(deviceId), keepAliveS: 1 })
    const publishes = [1, 2, 3].map((id) => wire.publish(readings('a1'), '{}', 1, id))
    const patient = await rawClient(port, connect('a1'), ...publishes)
    await until(() => waiting.length === 3)
    // A client that came later and is silent is disconnected, a second and a half after it came; then as long again.
    for (let round = 0; round < 2; round++) await (await rawClient(port, connect('a2'))).closed
    expect(patient.socket.destroyed).toBe(false)
    for (const done of waiting) done()
    await until(() => patient.received().length === 16)
    expect(patient.received().subarray(4)).toEqual(Buffer.of(0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3))
  })

  it('closes the connection without an acknowledgement when a message could not be kept', async () => {
    const { port, broker } = await aBroker({ accept: (_d, _t, _p, done) => done(new Error('disk full')) })
    const raw = await rawClient(port, wire.connect('a1', 'x'), wire.publish(readings('a1'), '{}', 1, 7))
    await raw.closed
    expect(raw.received()).toEqual(Buffer.of(0x20, 2, 0, 0))
    expect(broker.stats()).toMatchObject({ acknowledged: 0, refused: { journalUnavailable: 1 } })
  })

  it.each([readings('a2'), 'sensors/a1/problems', '$SYS/x/new/clients', 'streets/s1/pm2_5'])(
    'closes the connection of a device that publishes to %s',
    async (topic) => {
      const { port, taken, broker } = await aBroker()
      const raw = await rawClient(port, wire.connect('a1', 'x'), wire.publish(topic, '{}', 1, 7))
      await raw.closed
      expect(taken).toEqual([])
      expect(broker.stats().refused).toMatchObject({ topic: 1 })
    }
  )

  it('closes a connection that sends 10 MB, and says what to do', async () => {
    const { port, taken, lines } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    client.publish(readings('a1'), Buffer.alloc(10_000_000), { qos: 1 })
    await closed(client)
    expect(taken).toEqual([])
    expect(lines.at(-1)).toMatchObject({ fields: { deviceId: 'a1' } })
    expect(lines.at(-1)?.message).toMatch(/fewer readings/)
  })

  it('takes 128 KiB and not one byte more', async () => {
    const { port, taken } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    await client.publishAsync(readings('a1'), Buffer.alloc(128 * 1024, ' '), { qos: 1 })
    client.publish(readings('a1'), Buffer.alloc(128 * 1024 + 1, ' '), { qos: 1 })
    await closed(client)
    expect(taken).toHaveLength(1)
  })

  it('reads messages that come in many pieces while others are still on their way to the disk', async () => {
    const waiting: (() => void)[] = []
    const { port } = await aBroker({ accept: (_d, _t, _p, done) => void waiting.push(done) })
    const raw = await rawClient(port, wire.connect('a1', 'x'), wire.publish(readings('a1'), '{}', 1, 1))
    await until(() => waiting.length === 1)
    const large = wire.publish(readings('a1'), ' '.repeat(100_000), 1, 2)
    for (let at = 0; at < large.length; at += 1_000) {
      raw.socket.write(large.subarray(at, at + 1_000))
      await new Promise(setImmediate)
    }
    waiting[0]?.()
    await until(() => waiting.length === 2)
    waiting[1]?.()
    await until(() => raw.received().length === 12)
  })

  it('keeps nothing but a status for later subscribers', async () => {
    const { port } = await aBroker()
    const device = await connected(port, asDevice('a1'))
    await device.publishAsync(readings('a1'), '{"pm2_5":8}', { qos: 1, retain: true })
    await device.publishAsync(status('a1'), 'online', { qos: 1 })
    const host = await connected(port, asDevice('a1'))
    const first = nextMessage(host)
    await host.subscribeAsync('sensors/a1/#')
    expect(await first).toEqual({ topic: status('a1'), payload: 'online', retain: true })
    const second = nextMessage(host)
    await device.publishAsync(readings('a1'), '{"pm2_5":9}', { qos: 1 })
    expect(await second).toMatchObject({ payload: '{"pm2_5":9}', retain: false })
  })
})

describe('subscribing', () => {
  it('grants a device its own topics and nothing else', async () => {
    const { port } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    const granted = async (filter: string): Promise<number | undefined> => {
      const answer = await client.subscribeAsync(filter).catch((error: unknown) => error)
      return Array.isArray(answer) ? (answer[0] as { qos: number }).qos : undefined
    }
    expect(await granted('sensors/a1/#')).toBe(0)
    for (const filter of ['sensors/a2/#', 'sensors/+/readings', '#', '$SYS/#', 'streets/#'])
      expect(await granted(filter), filter).toBeUndefined()
  })

  it('delivers what the hub publishes to the device it is for, and streets to anyone', async () => {
    const { port, broker } = await aBroker()
    const device = await connected(port, asDevice('a1'))
    const anyone = await connected(port)
    await device.subscribeAsync('sensors/a1/problems', { qos: 1 })
    const problem = nextMessage(device)
    await broker.publish('sensors/a1/problems', '{"code":"outOfRange"}')
    expect(await problem).toMatchObject({ topic: 'sensors/a1/problems', payload: '{"code":"outOfRange"}' })

    await broker.publish('streets/s1/pm2_5', '{"value":8.4}', { retain: true })
    const street = nextMessage(anyone)
    await anyone.subscribeAsync('streets/#')
    expect(await street).toMatchObject({ payload: '{"value":8.4}', retain: true })
  })

  it('lets a late subscriber have every street, however many there are', async () => {
    const { port, broker } = await aBroker()
    const payload = JSON.stringify({ value: 8.4, filler: 'x'.repeat(200) })
    for (let n = 0; n < 1_000; n++) await broker.publish(`streets/s${n}/pm2_5`, payload, { retain: true })
    const anyone = await connected(port)
    const topics = new Set<string>()
    anyone.on('message', (topic) => topics.add(topic))
    await anyone.subscribeAsync('streets/#')
    await until(() => topics.size === 1_000)
  })

  it('lets nobody without a name publish, or in at all when the hub is closed to the public', async () => {
    const open = await aBroker()
    const anyone = await connected(open.port)
    anyone.publish('streets/s1/pm2_5', '{}', { qos: 1 })
    await closed(anyone)
    expect(open.taken).toEqual([])
    const shut = await aBroker({ publicRead: false })
    expect(await refusedWith(shut.port, {})).toBe(5)
  })

  it('closes a connection that asks for 1,000 filters at once', async () => {
    const { port } = await aBroker()
    const filters = Array.from({ length: 1_000 }, () => 's')
    const raw = await rawClient(port, wire.connect('a1', 'x'))
    await until(() => raw.received().length === 4)
    raw.socket.write(wire.subscribe(filters))
    await raw.closed
    expect(raw.received()).toEqual(Buffer.of(0x20, 2, 0, 0))
  })

  it('grants twenty filters to a client', async () => {
    const { port } = await aBroker()
    const client = await connected(port, asDevice('a1'))
    for (let n = 0; n < 20; n++) await client.subscribeAsync(`sensors/a1/${n}`)
    await expect(client.subscribeAsync('sensors/a1/20')).rejects.toThrow()
    await client.unsubscribeAsync('sensors/a1/0')
    await client.subscribeAsync('sensors/a1/20')
  })
})

describe('lasting sessions', () => {
  it('keep what the hub says to an absent device', async () => {
    const { port, broker } = await aBroker()
    const options = { ...asDevice('a1'), clientId: 'esp', clean: false }
    const before = await connected(port, options)
    await before.subscribeAsync('sensors/a1/problems', { qos: 1 })
    await before.endAsync()
    for (const n of [1, 2, 3]) await broker.publish('sensors/a1/problems', String(n))

    const after = aClient(port, options)
    const heard: string[] = []
    after.on('message', (_topic, payload) => heard.push(payload.toString()))
    await until(() => heard.length === 3)
    expect(heard).toEqual(['1', '2', '3'])
  })

  it('are bounded: what does not fit is counted', async () => {
    const { port, broker } = await aBroker()
    const options = { ...asDevice('a1'), clientId: 'esp', clean: false }
    const before = await connected(port, options)
    await before.subscribeAsync('sensors/a1/problems', { qos: 1 })
    await before.endAsync()
    for (let n = 0; n < 1_100; n++) await broker.publish('sensors/a1/problems', String(n))
    expect(broker.stats().refused).toMatchObject({ sessionFull: 100 })

    const after = aClient(port, options)
    const heard: string[] = []
    after.on('message', (_topic, payload) => heard.push(payload.toString()))
    await until(() => heard.length === 1_000)
    expect(heard.at(-1)).toBe('999')
  })
})

describe('a hub that stops', () => {
  it('answers what it took, takes nothing more, and says no wills', async () => {
    const waiting: (() => void)[] = []
    const { port, broker, presence } = await aBroker({
      accept: (_d, _t, _p, done) => void waiting.push(done)
    })
    const raw = await rawClient(port, wire.connect('a1', 'x'), wire.publish(readings('a1'), '{}', 1, 7))
    await until(() => waiting.length === 1)
    await connected(port, {
      ...asDevice('a2'),
      will: { topic: status('a2'), payload: Buffer.from('offline'), qos: 1, retain: true }
    })
    const stopped = broker.stop()
    waiting[0]?.()
    await Promise.all([stopped, broker.stop(), raw.closed])
    expect(raw.received()).toEqual(Buffer.of(0x20, 2, 0, 0, 0x40, 2, 0, 7))
    expect(waiting).toHaveLength(1)
    await until(() => presence.length === 4)
  })
})
