/** MQTT 3.1.1 byte by byte, from the OASIS text, against the broker with open rules: what is answered, what closes the connection. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOpenBroker, type OpenBroker } from '../support/open-broker.ts'
import { wireConnect, wirePacket, wireText } from '../support/mqtt-wire.ts'
import { rawClient, until } from './support.ts'

let open: OpenBroker
beforeAll(async () => void (open = await startOpenBroker(0)))
afterAll(() => open.stop())

interface ConnectShape {
  name?: string | Buffer
  level?: number
  flags?: number
  clientId?: string | Buffer
  rest?: Buffer[]
}

function connect({
  name = 'MQTT',
  level = 4,
  flags = 2,
  clientId = 'c',
  rest = []
}: ConnectShape = {}): Buffer {
  return wirePacket(0x10, wireText(name), Buffer.of(level, flags, 0, 60), wireText(clientId), ...rest)
}

const id = (n: number): Buffer => Buffer.of(n >> 8, n & 0xff)
const publish = (topic: string | Buffer, qos: number, n: number, flags = 0): Buffer =>
  wirePacket(0x30 | (qos << 1) | flags, wireText(topic), ...(qos > 0 ? [id(n)] : []), Buffer.from('x'))
const subscribe = (n: number, ...filters: [string | Buffer, number][]): Buffer =>
  wirePacket(0x82, id(n), ...filters.flatMap(([filter, qos]) => [wireText(filter), Buffer.of(qos)]))
const unsubscribe = (n: number, ...filters: (string | Buffer)[]): Buffer =>
  wirePacket(0xa2, id(n), ...filters.map(wireText))
const disconnect = Buffer.of(0xe0, 0)
const ping = Buffer.of(0xc0, 0)
const pong = Buffer.of(0xd0, 0)
const connack = (code: number, present = 0): Buffer => Buffer.of(0x20, 2, present, code)

async function says(packets: Buffer[], expected: Buffer[], ends: boolean): Promise<void> {
  const wanted = Buffer.concat(expected)
  const [first = Buffer.alloc(0), ...others] = packets
  const raw = await rawClient(open.broker.port, first)
  // The rest in one segment, once the connection stands.
  if (others.length > 0) {
    if (expected.length > 0) await until(() => raw.received().length >= 4)
    raw.socket.write(Buffer.concat(others))
  }
  if (ends) await raw.closed
  else await until(() => raw.received().length >= wanted.length)
  expect(raw.received().toString('hex')).toBe(wanted.toString('hex'))
  if (!ends) raw.socket.destroy()
}

const surrogate = Buffer.from([0xed, 0xa0, 0x80])
const ok = connack(0)

describe('CONNECT', () => {
  it.each<[string, Buffer[], Buffer[], boolean]>([
    ['is answered', [connect()], [ok], false],
    ['of MQTT 3.1 is answered', [connect({ name: 'MQIsdp', level: 3 })], [ok], false],
    ['without a client id gets one [3.1.3-7]', [connect({ clientId: '' })], [ok], false],
    [
      'without a client id, lasting, is refused [3.1.3-8]',
      [connect({ clientId: '', flags: 0 })],
      [connack(2)],
      true
    ],
    ['of another level is refused [3.1.2-2]', [connect({ level: 6 })], [connack(1)], true],
    ['of level 0 is refused', [connect({ level: 0 })], [connack(1)], true],
    [
      'of MQTT 5 is refused',
      [wirePacket(0x10, wireText('MQTT'), Buffer.of(5, 2, 0, 60, 0), wireText('c'))],
      [connack(1)],
      true
    ],
    ['of another protocol is closed [3.1.2-1]', [connect({ name: 'HTTP' })], [], true],
    ['with the reserved flag is closed [3.1.2-3]', [connect({ flags: 3 })], [], true],
    [
      'with flags in its first byte is closed [2.2.2-2]',
      [Buffer.concat([Buffer.of(0x11), connect().subarray(1)])],
      [],
      true
    ],
    ['twice is closed [3.1.0-2]', [connect(), connect()], [ok], true],
    ['must come first [3.1.0-1]', [ping], [], true],
    [
      'with a password but no user name is closed [3.1.2-22]',
      [connect({ flags: 0x42, rest: [wireText('p')] })],
      [],
      true
    ],
    ['that promises a user name and has none is closed', [connect({ flags: 0x82 })], [], true],
    [
      'with a will of QoS 3 is closed [3.1.2-14]',
      [connect({ flags: 0x1e, rest: [wireText('t'), wireText('m')] })],
      [],
      true
    ],
    ['with will QoS but no will is closed [3.1.2-13]', [connect({ flags: 0x0a })], [], true],
    ['with will retain but no will is closed [3.1.2-15]', [connect({ flags: 0x22 })], [], true],
    [
      'with a user name that its flags do not announce is closed [3.1.2-18]',
      [connect({ rest: [wireText('u')] })],
      [],
      true
    ],
    [
      'with a password that its flags do not announce is closed [3.1.2-20]',
      [connect({ flags: 0x82, rest: [wireText('u'), wireText('p')] })],
      [],
      true
    ],
    [
      'with an empty will, user name and password is answered',
      [connect({ flags: 0xc6, rest: ['t', '', '', ''].map(wireText) })],
      [ok],
      false
    ],
    [
      'of MQTT 3.1 without a client id is refused',
      [connect({ name: 'MQIsdp', level: 3, clientId: '' })],
      [connack(2)],
      true
    ],
    ['with U+0000 in its client id is closed [1.5.3-2]', [connect({ clientId: 'a\0b' })], [], true],
    ['with a surrogate in its client id is closed [1.5.3-1]', [connect({ clientId: surrogate })], [], true],
    ['with a character beyond U+FFFF is answered', [connect({ clientId: '😀' })], [ok], false]
  ])('%s', (_name, packets, expected, ends) => says(packets, expected, ends))
})

describe('PUBLISH', () => {
  it.each<[string, Buffer[], Buffer[], boolean]>([
    ['with QoS 1 gets PUBACK', [connect(), publish('t', 1, 9)], [ok, Buffer.of(0x40, 2, 0, 9)], false],
    [
      'with QoS 2 gets PUBREC, its PUBREL PUBCOMP',
      [connect(), publish('t', 2, 9), Buffer.of(0x62, 2, 0, 9)],
      [ok, Buffer.of(0x50, 2, 0, 9), Buffer.of(0x70, 2, 0, 9)],
      false
    ],
    ['with QoS 3 is closed [3.3.1-4]', [connect(), publish('t', 3, 9)], [ok], true],
    ['with message id 0 is closed [2.3.1-1]', [connect(), publish('t', 1, 0)], [ok], true],
    ['with QoS 2 and message id 0 is closed', [connect(), publish('t', 2, 0)], [ok], true],
    ['to + is closed [3.3.2-2]', [connect(), publish('a/+', 0, 0)], [ok], true],
    ['to # is closed', [connect(), publish('a/#', 1, 1)], [ok], true],
    ['to nothing is closed [4.7.3-1]', [connect(), publish('', 0, 0)], [ok], true],
    ['to U+0000 is closed', [connect(), publish('a\0', 0, 0)], [ok], true],
    ['to what is not UTF-8 is closed', [connect(), publish(Buffer.of(0xc3, 0x28), 0, 0)], [ok], true],
    ['to a control character is closed', [connect(), publish('a\u0007', 0, 0)], [ok], true],
    ['shorter than its topic is closed', [connect(), wirePacket(0x30, Buffer.of(0, 9, 0x61))], [ok], true],
    [
      'to slashes only is fine [4.7.1-3]',
      [connect(), publish('//', 1, 1)],
      [ok, Buffer.of(0x40, 2, 0, 1)],
      false
    ]
  ])('%s', (_name, packets, expected, ends) => says(packets, expected, ends))

  it.each([0x40, 0x50, 0x62, 0x70])('answers of type %s must be two bytes long', async (first) => {
    await says([connect(), Buffer.of(first, 3, 0, 1, 0)], [ok], true)
    await says([connect(), Buffer.of(first, 1, 1)], [ok], true)
  })

  it('answers PUBREL of an unknown number with PUBCOMP', () =>
    says([connect(), Buffer.of(0x62, 2, 0, 7)], [ok, Buffer.of(0x70, 2, 0, 7)], false))

  it('is acknowledged in the order in which it came [4.6.0-2]', () => {
    const numbers = Array.from({ length: 50 }, (_no, n) => n + 1)
    return says(
      [connect(), ...numbers.map((n) => publish('t', 1, n))],
      [ok, ...numbers.map((n) => Buffer.of(0x40, 2, 0, n))],
      false
    )
  })

  it('need not wait for CONNACK [3.1.4-5]', async () => {
    const numbers = Array.from({ length: 500 }, (_no, n) => n + 1)
    const raw = await rawClient(open.broker.port, connect(), ...numbers.map((n) => publish('t', 1, n)))
    await until(() => raw.received().length === 4 + 4 * numbers.length)
    raw.socket.destroy()
  })

  it('need not wait for CONNACK, though what it sends comes in many reads [3.1.4-5]', async () => {
    const large = wirePacket(0x32, wireText('t'), Buffer.of(0, 7), Buffer.alloc(100_000, 'x'))
    const raw = await rawClient(open.broker.port, connect(), large, publish('t', 1, 8))
    await until(() => raw.received().length === 12)
    expect(raw.received().subarray(4)).toEqual(Buffer.of(0x40, 2, 0, 7, 0x40, 2, 0, 8))
    raw.socket.destroy()
  })

  it('may be followed in its own segment by what is answered in order, once each', async () => {
    const behind = [subscribe(1, ['never', 0]), unsubscribe(2, 'never'), subscribe(3, ['a/b', 1])]
    const raw = await rawClient(open.broker.port, Buffer.concat([connect(), ...behind, publish('t', 1, 4)]))
    const answers = [Buffer.of(0x90, 3, 0, 1, 0), Buffer.of(0xb0, 2, 0, 2), Buffer.of(0x90, 3, 0, 3, 1)]
    const wanted = Buffer.concat([ok, ...answers, Buffer.of(0x40, 2, 0, 4)])
    await until(() => raw.received().length >= wanted.length)
    expect(raw.received().toString('hex')).toBe(wanted.toString('hex'))
    raw.socket.destroy()
  })

  it('is acknowledged although DISCONNECT came in the same segment', () =>
    says([connect(), publish('t', 1, 9), disconnect], [ok, Buffer.of(0x40, 2, 0, 9)], true))
})

describe('SUBSCRIBE', () => {
  it.each<[string, Buffer[], Buffer[], boolean]>([
    [
      'gets SUBACK with what was granted',
      [connect(), subscribe(5, ['a', 0], ['b', 1], ['c', 2])],
      [ok, Buffer.of(0x90, 5, 0, 5, 0, 1, 2)],
      false
    ],
    [
      'gets 0x80 for what is not [3.9.3-1]',
      [connect(), subscribe(5, ['nosubscribe', 1], ['b', 1])],
      [ok, Buffer.of(0x90, 4, 0, 5, 0x80, 1)],
      false
    ],
    ['with message id 0 is closed', [connect(), subscribe(0, ['a', 0])], [ok], true],
    ['without a filter is closed [3.8.3-3]', [connect(), wirePacket(0x82, id(5))], [ok], true],
    ['with QoS 3 is closed [3.8.3-4]', [connect(), subscribe(5, ['a', 3])], [ok], true],
    ['with reserved QoS bits is closed', [connect(), subscribe(5, ['a', 0x80])], [ok], true],
    [
      'with wrong flags is closed [3.8.1-1]',
      [connect(), Buffer.concat([Buffer.of(0x80), subscribe(5, ['a', 0]).subarray(1)])],
      [ok],
      true
    ],
    ['to # in the middle is closed [4.7.1-2]', [connect(), subscribe(5, ['a/#/b', 0])], [ok], true],
    ['to a# is closed', [connect(), subscribe(5, ['a#', 0])], [ok], true],
    ['to a+ is closed [4.7.1-3]', [connect(), subscribe(5, ['a+', 0])], [ok], true],
    ['to an empty filter is closed', [connect(), subscribe(5, ['', 0])], [ok], true],
    ['to U+0000 is closed', [connect(), subscribe(5, ['a\0', 0])], [ok], true],
    [
      'to +/+ and /# is fine',
      [connect(), subscribe(5, ['+/+', 0], ['/#', 0])],
      [ok, Buffer.of(0x90, 4, 0, 5, 0, 0)],
      false
    ]
  ])('%s', (_name, packets, expected, ends) => says(packets, expected, ends))

  it('does not overtake the publish before it', async () => {
    const retained = publish('order/kept', 1, 1, 1)
    const raw = await rawClient(open.broker.port, connect(), retained, subscribe(2, ['order/kept', 0]))
    const message = Buffer.concat([publish('order/kept', 0, 0, 1)])
    await until(() => raw.received().includes(message))
    expect(raw.received().subarray(4, 13)).toEqual(Buffer.of(0x40, 2, 0, 1, 0x90, 3, 0, 2, 0))
  })
})

describe('UNSUBSCRIBE', () => {
  it.each<[string, Buffer[], Buffer[], boolean]>([
    [
      'is answered even for what was not subscribed [3.10.4-5]',
      [connect(), unsubscribe(6, 'a')],
      [ok, Buffer.of(0xb0, 2, 0, 6)],
      false
    ],
    ['without a filter is closed [3.10.3-2]', [connect(), wirePacket(0xa2, id(6))], [ok], true],
    ['with message id 0 is closed', [connect(), unsubscribe(0, 'a')], [ok], true],
    [
      'with wrong flags is closed [3.10.1-1]',
      [connect(), Buffer.concat([Buffer.of(0xa0), unsubscribe(6, 'a').subarray(1)])],
      [ok],
      true
    ],
    ['of U+0000 is closed', [connect(), unsubscribe(6, 'a\0')], [ok], true]
  ])('%s', (_name, packets, expected, ends) => says(packets, expected, ends))
})

describe('the rest', () => {
  it.each<[string, Buffer[], Buffer[], boolean]>([
    ['PINGREQ gets PINGRESP', [connect(), ping], [ok, pong], false],
    ['PINGREQ with flags is closed', [connect(), Buffer.of(0xc1, 0)], [ok], true],
    ['PINGREQ with a body is closed', [connect(), Buffer.of(0xc0, 1, 0)], [ok], true],
    ['DISCONNECT closes', [connect(), disconnect], [ok], true],
    ['DISCONNECT with a body is closed', [connect(), Buffer.of(0xe0, 1, 0)], [ok], true],
    [
      'a length of five bytes is closed [2.2.3]',
      [connect(), Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 1)],
      [ok],
      true
    ],
    ...[0x40, 0x50, 0x62, 0x70].map((type): [string, Buffer[], Buffer[], boolean] => [
      `type ${type >> 4} with message id 0 is closed [2.3.1-1]`,
      [connect(), Buffer.of(type, 2, 0, 0)],
      [ok],
      true
    ]),
    ['PUBLISH of QoS 0 as a repetition is closed [3.3.1-2]', [connect(), publish('t', 0, 0, 8)], [ok], true],
    ['type 0 is closed', [connect(), Buffer.of(0, 0)], [ok], true],
    ['type 15 is closed', [connect(), Buffer.of(0xf0, 0)], [ok], true],
    ['what only a server sends is closed', [connect(), Buffer.of(0xd0, 0)], [ok], true]
  ])('%s', (_name, packets, expected, ends) => says(packets, expected, ends))
})

describe('a lasting session', () => {
  const lasting = (clientId: string): Buffer =>
    wireConnect({ clientId, username: 'u', password: 'p', clean: false })

  it('is there again, even without subscriptions [3.2.2-2]', async () => {
    await says([lasting('bare'), disconnect], [ok], true)
    await says([lasting('bare')], [connack(0, 1)], false)
    await says([connect({ clientId: 'bare' })], [ok], false)
  })

  it('gets again what it did not acknowledge, marked as a repetition [3.3.1-1]', async () => {
    const first = await rawClient(open.broker.port, lasting('again'), subscribe(1, ['again/t', 1]))
    await until(() => first.received().length === 4 + 5)
    await says([connect(), publish('again/t', 1, 1)], [ok, Buffer.of(0x40, 2, 0, 1)], false)
    await until(() => first.received().length > 9)
    const delivered = first.received().subarray(9)
    expect(delivered[0]).toBe(0x32)
    first.socket.destroy()
    await first.closed
    const second = await rawClient(open.broker.port, lasting('again'))
    await until(() => second.received().length >= 4 + delivered.length)
    const repeated = Buffer.from(delivered)
    repeated[0] = 0x3a
    expect(second.received()).toEqual(Buffer.concat([connack(0, 1), repeated]))
  })

  it('gets for the first time, unmarked, what came while it was away', async () => {
    await says(
      [lasting('away'), subscribe(1, ['away/t', 1]), disconnect],
      [ok, Buffer.of(0x90, 3, 0, 1, 1)],
      true
    )
    await says([connect(), publish('away/t', 1, 1)], [ok, Buffer.of(0x40, 2, 0, 1)], false)
    const back = await rawClient(open.broker.port, lasting('away'))
    await until(() => back.received().length > 4)
    expect(back.received().subarray(0, 5)).toEqual(Buffer.concat([connack(0, 1), Buffer.of(0x32)]))
  })
})
