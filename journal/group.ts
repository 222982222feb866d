/** A group of messages as one block of bytes, with a checksum: what one row of the journal holds. Pure. */
import { hash, randomFillSync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { IncomingMessage } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'
import type { JournaledMessage } from './journal.ts'
import { blockBytesMin, saltsAtOnce } from './limits.ts'

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

// One message: a mark, a salt, then device, topic, milliseconds after the group's first, and payload; texts and payload
// after their length in bytes. Numbers are varints (seven bits a byte, lowest first), as in Protocol Buffers. Of an erased
// message only its hash stays, from which nobody can tell what it said: the salt is gone. The first two marks are those of
// blocks that earlier versions wrote, without salts.
const markErasedUnhashed = 0
const markUnsalted = 1
const markMessage = 2
const markErased = 3
/** Nobody tries out 2^64 salts for each message that somebody might have sent. */
const saltBytes = 8
/** The first half of SHA-256. */
export const hashBytes = 16
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
  #salts: Uint8Array = noSalts
  #saltsUsed = 0

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
      1 +
        saltBytes +
        4 * varintBytesMax +
        utf8BytesMax * (deviceId.length + topic.length) +
        payload.byteLength
    )
    const buffer = this.#buffer
    let at = this.#at
    buffer[at++] = markMessage
    at = this.#writeSalt(at)
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

  /** Random bytes are cheap by the hundred, and dear by eight. */
  #writeSalt(at: number): number {
    if (this.#saltsUsed === this.#salts.length) {
      const salts = this.#count === 0 ? 1 : saltsAtOnce
      this.#salts = randomFillSync(new Uint8Array(salts * saltBytes))
      this.#saltsUsed = 0
    }
    for (let i = 0; i < saltBytes; i++) this.#buffer[at + i] = this.#salts[this.#saltsUsed++]!
    return at + saltBytes
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

const noSalts = new Uint8Array()

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
    if (!cursor.message()) continue
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

/** Of each message its salted hash, one behind the other, as bytes in a string; undefined in a block without salts. */
export function messageHashes({ count }: GroupHeader, body: Uint8Array): string | undefined {
  const cursor = new Cursor(body)
  let hashes = ''
  for (let i = 0; i < count; i++) {
    const start = cursor.at
    const mark = cursor.byte()
    if (mark === markErasedUnhashed || mark === markUnsalted) return undefined
    if (mark === markErased) hashes += cursor.latin1(hashBytes)
    else {
      cursor.passMessage()
      // A third of the time that it takes to give bytes.
      hashes += hash('sha256', body.subarray(start, cursor.at), 'latin1').slice(0, hashBytes)
    }
  }
  return hashes
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
    if (cursor.message()) {
      mine = device.equals(cursor.bytes()) && header.first + i <= through
      cursor.skip()
      cursor.varint()
      cursor.skip()
      if (!mine) alive++
    }
    if (mine) erased++
    const entry = body.subarray(start, cursor.at)
    kept.push(mine ? erasedEntry(entry) : entry)
  }
  return { rest: alive === 0 ? undefined : Buffer.concat(kept), erased }
}

function erasedEntry(entry: Uint8Array): Uint8Array {
  if (entry[0] === markUnsalted) return Uint8Array.of(markErasedUnhashed)
  const hashed = hash('sha256', entry, 'buffer')
  return Buffer.concat([Uint8Array.of(markErased), hashed.subarray(0, hashBytes)])
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

  /** Whether a message stands here, and then at its device; an erased one is passed. */
  message(): boolean {
    const mark = this.byte()
    if (mark === markErased) this.at += hashBytes
    if (mark === markMessage) this.at += saltBytes
    return mark === markMessage || mark === markUnsalted
  }

  /** From the salt of a message to its end. */
  passMessage(): void {
    this.at += saltBytes
    this.skip()
    this.skip()
    this.varint()
    this.skip()
  }

  latin1(bytes: number): string {
    const start = this.at
    this.at += bytes
    return this.#buffer.toString('latin1', start, this.at)
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
