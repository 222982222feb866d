/**
 * Reads PUBLISH packets (QoS 0 and 1) straight out of what a client sent. They are nearly everything that comes in, and
 * the general parser spends more on one than everything else does (measured: a quarter of the main thread). Whatever is
 * not whole, not a PUBLISH, or odd in any way goes to that parser, byte for byte and in its place.
 */
import type { PublishPacket } from 'aedes'

export interface PublishReaderDeps {
  /** May packets be read here now? Asked for each; false until the client is connected. */
  ready(): boolean
  publish(packet: PublishPacket): void
  /** Bytes for the general parser: its own buffer of what is not whole yet. */
  others(bytes: Buffer): void
}

const publishType = 3

export class PublishReader {
  readonly #deps: PublishReaderDeps
  /** Bytes of a packet that began earlier and is the other parser's. */
  #othersLeft = 0
  /** The first bytes of a fixed header whose length is not whole. */
  #head: Buffer | undefined
  /** A client publishes to the same topic again and again: its bytes, and the text that they are. */
  #topicBytes = new Uint8Array()
  #topic = ''

  constructor(deps: PublishReaderDeps) {
    this.#deps = deps
  }

  read(bytes: Buffer): void {
    const chunk = this.#head ? Buffer.concat([this.#head, bytes]) : bytes
    this.#head = undefined
    /** Where begins what nobody has been given. */
    let from = 0
    let at = Math.min(this.#othersLeft, chunk.length)
    this.#othersLeft -= at
    while (at < chunk.length) {
      const bodyAt = bodyOf(chunk, at)
      if (bodyAt === undefined) {
        // Copied, so that a connection that then falls silent does not keep the whole chunk.
        this.#head = Buffer.from(chunk.subarray(at))
        break
      }
      const end = bodyAt + lengthOf(chunk, at + 1)
      if (chunk[at]! >> 4 === publishType && end <= chunk.length) {
        if (at > from) this.#deps.others(chunk.subarray(from, at))
        from = at
        const packet = this.#deps.ready() ? this.#publishIn(chunk, at, bodyAt, end) : undefined
        if (packet) {
          this.#deps.publish(packet)
          from = end
        }
      }
      at = end
    }
    const until = Math.min(at, chunk.length)
    if (until > from) this.#deps.others(chunk.subarray(from, until))
    // What is still to come of an earlier packet stands already: then this chunk lies wholly within it.
    this.#othersLeft += at - until
  }

  /** MQTT 3.1.1, section 3.3; undefined for what the other parser has to judge. */
  #publishIn(chunk: Buffer, at: number, bodyAt: number, end: number): PublishPacket | undefined {
    const flags = chunk[at]!
    const qos = (flags >> 1) & 0b11
    if (qos > 1 || bodyAt + 2 > end) return undefined
    const topicAt = bodyAt + 2
    const topicEnd = topicAt + ((chunk[bodyAt]! << 8) | chunk[bodyAt + 1]!)
    const payloadAt = topicEnd + 2 * qos
    if (payloadAt > end) return undefined
    const packet: PublishPacket = {
      cmd: 'publish',
      retain: (flags & 1) !== 0,
      qos: qos as 0 | 1,
      dup: (flags & 0b1000) !== 0,
      length: end - bodyAt,
      topic: this.#topicOf(chunk, topicAt, topicEnd),
      payload: chunk.subarray(payloadAt, end)
    }
    if (qos > 0) packet.messageId = (chunk[topicEnd]! << 8) | chunk[topicEnd + 1]!
    return packet
  }

  #topicOf(chunk: Buffer, start: number, end: number): string {
    const known = this.#topicBytes
    let same = known.length === end - start
    for (let i = 0; same && i < known.length; i++) same = known[i] === chunk[start + i]
    if (same) return this.#topic
    this.#topicBytes = Uint8Array.from(chunk.subarray(start, end))
    return (this.#topic = chunk.toString('utf8', start, end))
  }
}

/** Where a packet's body begins; undefined when its header goes on beyond the chunk. The guard saw to its four bytes. */
function bodyOf(chunk: Buffer, at: number): number | undefined {
  let next = at + 1
  while (next < chunk.length && chunk[next]! >= 0x80) next++
  return next < chunk.length ? next + 1 : undefined
}

/** [MQTT-2.2.3] Seven bits a byte, lowest first. */
function lengthOf(chunk: Buffer, at: number): number {
  let length = 0
  for (let scale = 1; ; scale *= 0x80) {
    const byte = chunk[at++]!
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return length
  }
}
