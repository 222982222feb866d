/** A group of messages as one block of bytes, with a checksum: what one row of the journal holds. Pure. */
import { blockBytesMin } from './limits.ts'
import { crc32 } from 'node:zlib'
import type { IncomingMessage } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'
import type { JournaledMessage } from './journal.ts'

/** What a row says about its block; the checksum covers it too. */
export interface GroupHeader {
  /** Sequence of the first message; the others follow one by one. */
  first: number
  /** Messages, erased ones included, so that the sequences of the rest stay. */
  count: number
  receivedFrom: UnixMs
  /** Inclusive. */
  receivedUntil: UnixMs
}

export type PackedGroup = Omit<GroupHeader, 'first'> & { body: Uint8Array<ArrayBuffer> }

// One message: a mark, then device, topic, milliseconds after the group's first, and payload; texts and payload after
// their length in bytes. Numbers are varints (seven bits a byte, lowest first), as in Protocol Buffers.
const markErased = 0
const markMessage = 1
const varintBytesMax = 8
/** UTF-8 needs at most this for one UTF-16 unit. */
const utf8BytesMax = 3

export function packGroup(messages: readonly IncomingMessage[]): PackedGroup {
  const receivedFrom = Math.min(...messages.map(({ receivedAt }) => receivedAt))
  const block = new GroupBlock(receivedFrom as UnixMs, blockBytesMin)
  for (const message of messages) block.add(message)
  return block.packed()
}

/** A block that grows message by message. What is in it needs nothing of the message any more, so little is kept alive. */
export class GroupBlock {
  readonly #receivedFrom: UnixMs
  #receivedUntil: UnixMs
  #buffer: Buffer<ArrayBuffer>
  #at = 0
  #count = 0

  /** No message of the group was received before `receivedFrom`. `bytesExpected` saves making room later. */
  constructor(receivedFrom: UnixMs, bytesExpected: number) {
    this.#receivedFrom = receivedFrom
    this.#receivedUntil = receivedFrom
    // Of its own memory, so that it can be given to another thread instead of being copied.
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(blockBytesMin, bytesExpected))
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#at
  }

  /** False, with nothing taken, when the message was received before the group's first moment: it begins another group. */
  add({ deviceId, topic, payload, receivedAt }: IncomingMessage): boolean {
    if (receivedAt < this.#receivedFrom) return false
    this.#makeRoom(
      1 + 4 * varintBytesMax + utf8BytesMax * (deviceId.length + topic.length) + payload.byteLength
    )
    const buffer = this.#buffer
    let at = this.#at
    buffer[at++] = markMessage
    at = writeText(buffer, at, deviceId)
    at = writeText(buffer, at, topic)
    at = writeVarint(buffer, at, receivedAt - this.#receivedFrom)
    at = writeVarint(buffer, at, payload.byteLength)
    buffer.set(payload, at)
    this.#at = at + payload.byteLength
    if (receivedAt > this.#receivedUntil) this.#receivedUntil = receivedAt
    this.#count++
    return true
  }

  packed(): PackedGroup {
    return {
      count: this.#count,
      receivedFrom: this.#receivedFrom,
      receivedUntil: this.#receivedUntil,
      body: this.#buffer.subarray(0, this.#at)
    }
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}

/** CRC-32 over header and block: a flipped bit in either shows. */
export function groupChecksum(header: GroupHeader, body: Uint8Array): number {
  const numbers = Float64Array.of(header.first, header.count, header.receivedFrom, header.receivedUntil)
  return crc32(body, crc32(new Uint8Array(numbers.buffer)))
}

/** Messages after `sequence`, at most `messagesMax`. The checksum was compared before: what is here is trusted. */
export function unpackGroup(
  header: GroupHeader,
  body: Uint8Array,
  sequence: number,
  messagesMax: number
): JournaledMessage[] {
  const cursor = new Cursor(body)
  const messages: JournaledMessage[] = []
  for (let i = 0; i < header.count && messages.length < messagesMax; i++) {
    if (cursor.byte() === markErased) continue
    const wanted = header.first + i > sequence
    const deviceId = wanted ? cursor.text() : cursor.skip()
    const topic = wanted ? cursor.text() : cursor.skip()
    const receivedAt = (header.receivedFrom + cursor.varint()) as UnixMs
    const payload = cursor.bytes()
    if (deviceId !== undefined && topic !== undefined)
      messages.push({ sequence: header.first + i, deviceId, topic, payload, receivedAt })
  }
  return messages
}

/** The block without one device's messages, up to that of a sequence; undefined when nothing else is left. */
export function eraseDevice(
  header: GroupHeader,
  body: Uint8Array,
  { deviceId, through = Infinity }: { deviceId: string; through?: number }
): { rest: Uint8Array | undefined; erased: number } {
  const device = Buffer.from(deviceId)
  const cursor = new Cursor(body)
  const kept: Uint8Array[] = []
  let erased = 0
  let alive = 0
  for (let i = 0; i < header.count; i++) {
    const start = cursor.at
    let mine = false
    if (cursor.byte() === markMessage) {
      mine = device.equals(cursor.bytes()) && header.first + i <= through
      cursor.skip()
      cursor.varint()
      cursor.skip()
      if (!mine) alive++
    }
    if (mine) erased++
    kept.push(mine ? Uint8Array.of(markErased) : body.subarray(start, cursor.at))
  }
  return { rest: alive === 0 ? undefined : Buffer.concat(kept), erased }
}

function writeText(buffer: Buffer, at: number, text: string): number {
  // A length below 128 takes one byte: the text is written behind it first, and only a longer one is moved.
  const bytes = buffer.write(text, at + 1)
  if (bytes < 0x80) {
    buffer[at] = bytes
    return at + 1 + bytes
  }
  const start = writeVarint(buffer, at, bytes)
  return start + buffer.write(text, start)
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value
  while (rest >= 0x80) {
    buffer[at++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  buffer[at++] = rest
  return at
}

/** Walks over a block. */
class Cursor {
  readonly #buffer: Buffer
  at = 0

  constructor(body: Uint8Array) {
    this.#buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  }

  byte(): number {
    return this.#buffer.readUInt8(this.at++)
  }

  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  bytes(): Uint8Array {
    const length = this.varint()
    const start = this.at
    this.at += length
    return this.#buffer.subarray(start, this.at)
  }

  text(): string {
    const length = this.varint()
    const start = this.at
    this.at += length
    return this.#buffer.toString('utf8', start, this.at)
  }

  skip(): undefined {
    const length = this.varint()
    this.at += length
  }
}
