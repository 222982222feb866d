/** PUBLISH packets are read out of what a client sent, wherever it was cut, and everything else is handed on untouched. */
import fc from 'fast-check'
import type { PublishPacket } from 'aedes'
import { describe, expect, it } from 'vitest'
import { PublishReader } from '../../broker/publish-reader.ts'
import { wirePacket, wireText } from '../support/mqtt-wire.ts'

const topic = fc.constantFrom(
  'sensors/d1/readings',
  'sensors/d1/readingz',
  'sensors/d1/status',
  '',
  'straße/ü'
)
const publish = fc
  .record({
    topic,
    qos: fc.constantFrom(0, 1),
    retain: fc.boolean(),
    dup: fc.boolean(),
    messageId: fc.integer({ min: 0, max: 65_535 }),
    payload: fc.uint8Array({ maxLength: 300 })
  })
  .map((one) => ({ bytes: written(one), isOurs: true }))
const other = fc
  .constantFrom(
    Buffer.of(0xc0, 0),
    wirePacket(0x62, Buffer.of(0, 7)),
    wirePacket(0x82, Buffer.of(0, 1), wireText('sensors/d1/#'), Buffer.of(1)),
    // QoS 2, QoS 3, a topic longer than its packet, no room for an id.
    wirePacket(0x34, wireText('sensors/d1/readings'), Buffer.of(0, 1), Buffer.from('x')),
    wirePacket(0x36, wireText('sensors/d1/readings'), Buffer.of(0, 1)),
    wirePacket(0x30, Buffer.of(0, 9, 0x61)),
    wirePacket(0x32, wireText('a'), Buffer.of(1))
  )
  .map((bytes) => ({ bytes, isOurs: false }))
const stream = fc.array(fc.oneof(publish, other), { minLength: 1, maxLength: 12 })
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40 })

function written(one: {
  topic: string
  qos: number
  retain: boolean
  dup: boolean
  messageId: number
  payload: Uint8Array
}): Buffer {
  const flags = (one.dup ? 8 : 0) | (one.qos << 1) | (one.retain ? 1 : 0)
  const id = one.qos > 0 ? Buffer.of(one.messageId >> 8, one.messageId & 0xff) : Buffer.alloc(0)
  return wirePacket(0x30 | flags, wireText(one.topic), id, Buffer.from(one.payload))
}

function again({ topic, qos, retain, dup, messageId = 0, payload }: PublishPacket): Buffer {
  return written({ topic, qos, retain, dup, messageId, payload: Buffer.from(payload) })
}

/** What came out, in order: packets written again, and bytes. */
function read(pieces: readonly Buffer[], ready: () => boolean): { isOurs: boolean; bytes: Buffer }[] {
  const out: { isOurs: boolean; bytes: Buffer }[] = []
  const reader = new PublishReader({
    ready,
    publish: (packet) => out.push({ isOurs: true, bytes: again(packet) }),
    others: (bytes) => out.push({ isOurs: false, bytes: Buffer.from(bytes) })
  })
  for (const piece of pieces) reader.read(Buffer.from(piece))
  return out
}

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const length of lengths) {
    if (at < bytes.length) pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at))
  return pieces
}

const bytesOf = (some: readonly { bytes: Buffer }[]): Buffer => Buffer.concat(some.map(({ bytes }) => bytes))

describe('the reader of publishes', () => {
  it('loses, adds and moves no byte, wherever a stream is cut', () => {
    fc.assert(
      fc.property(stream, cuts, (packets, lengths) => {
        const whole = bytesOf(packets)
        expect(bytesOf(read(cut(whole, lengths), () => true)).equals(whole)).toBe(true)
      })
    )
  })

  it('reads every publish that comes whole, and nothing else', () => {
    fc.assert(
      fc.property(stream, (packets) => {
        const out = read([bytesOf(packets)], () => true)
        expect(bytesOf(out.filter(({ isOurs }) => isOurs))).toEqual(
          bytesOf(packets.filter(({ isOurs }) => isOurs))
        )
      })
    )
  })

  it('reads nothing while the client is not connected', () => {
    fc.assert(
      fc.property(stream, cuts, (packets, lengths) => {
        const out = read(cut(bytesOf(packets), lengths), () => false)
        expect(out.some(({ isOurs }) => isOurs)).toBe(false)
      })
    )
  })

  it('leaves a publish that comes in pieces to the parser that can wait for the rest', () => {
    const one = written({
      topic: 'sensors/d1/readings',
      qos: 1,
      retain: false,
      dup: false,
      messageId: 9,
      payload: Buffer.alloc(1_000)
    })
    const out = read([...cut(one, [2, 300, 300]), one], () => true)
    expect(out.map(({ isOurs }) => isOurs)).toEqual([false, false, false, true])
  })

  it('keeps its place in a message that comes in many pieces, though its payload looks like packets', () => {
    const inner = written({
      topic: 'sensors/d1/readings',
      qos: 1,
      retain: false,
      dup: false,
      messageId: 9,
      payload: Buffer.from('{"pm2_5":1}')
    })
    const outer = wirePacket(
      0x32,
      wireText('sensors/d1/readings'),
      Buffer.of(0, 7),
      Buffer.concat([inner, inner])
    )
    for (const length of [1, 2, 7, inner.length]) {
      // A first piece that holds the header, then equal ones: some begin where a packet seems to begin.
      const head = outer.length - 2 * inner.length
      const lengths = [head, ...Array.from({ length: 2 * inner.length }, () => length)]
      const out = read(cut(Buffer.concat([outer, Buffer.of(0xc0, 0)]), lengths), () => true)
      expect(out.filter(({ isOurs }) => isOurs)).toEqual([])
      expect(Buffer.concat(out.map(({ bytes }) => bytes)).subarray(0, outer.length)).toEqual(outer)
    }
  })
})
