/** Reads the fixed header of every packet as its bytes come in, and stops a packet before memory is taken for it. */
import type { Duplex } from 'node:stream'
import { mqttConnectByte, strayOf } from '../model/stray.ts'
import { connectBytesMax, publishBytesMax, subscribeBytesMax } from './limits.ts'
import type { RefusalReason } from './refusals.ts'

export interface PacketFault {
  reason: Extract<RefusalReason, 'packetTooLarge' | 'packetMalformed' | 'protocolVersion'>
  why: string
  /** Of a PUBLISH that is too large. */
  messageBytes?: number
  /** Where it is no MQTT at all: the first bytes that came. */
  beginning?: Uint8Array
  /** What MQTT wants said before the connection ends. */
  answer?: Uint8Array
}

/** Bytes after the fixed header that each packet type of a client may have (MQTT 3.1.1, table 2.1). */
const lengths: Record<number, { name: string; min: number; max: number }> = {
  1: { name: 'CONNECT', min: 2, max: connectBytesMax },
  3: { name: 'PUBLISH', min: 2, max: publishBytesMax },
  4: { name: 'PUBACK', min: 2, max: 2 },
  5: { name: 'PUBREC', min: 2, max: 2 },
  6: { name: 'PUBREL', min: 2, max: 2 },
  7: { name: 'PUBCOMP', min: 2, max: 2 },
  8: { name: 'SUBSCRIBE', min: 2, max: subscribeBytesMax },
  10: { name: 'UNSUBSCRIBE', min: 2, max: subscribeBytesMax },
  12: { name: 'PINGREQ', min: 0, max: 0 },
  14: { name: 'DISCONNECT', min: 0, max: 0 }
}
const connectType = 1
const publishType = 3

/** [MQTT-3.1.2-2] CONNACK 1: not a protocol level that is spoken here. 5 is left to Aedes, which answers the same. */
const connackUnacceptable = Uint8Array.of(0x20, 2, 0, 1)
const levels = new Set([3, 4, 5])
/** Set in the level by brokers that bridge. */
const bridgeBit = 0x80

export class PacketGuard {
  /** Bytes of the present packet that are still to come. */
  #bodyLeft = 0
  #type: number | undefined
  #length = 0
  #lengthScale = 1
  #packets = 0
  /** First bytes of CONNECT's body, until its protocol level was seen. */
  #connect: number[] | undefined

  /** The first thing wrong in what came, if anything is. */
  check(chunk: Uint8Array): PacketFault | undefined {
    let at = 0
    while (at < chunk.length) {
      if (this.#bodyLeft > 0 && this.#connect) {
        this.#bodyLeft--
        const fault = this.#connectByte(chunk[at++]!)
        if (fault) return fault
        continue
      }
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, chunk.length - at)
        this.#bodyLeft -= skipped
        at += skipped
        continue
      }
      const byte = chunk[at++]!
      const fault = this.#type === undefined ? this.#begin(byte, chunk) : this.#lengthByte(byte)
      if (fault) return fault
    }
    return undefined
  }

  #begin(byte: number, chunk: Uint8Array): PacketFault | undefined {
    const type = byte >> 4
    // [MQTT-3.1.0-1]
    if (this.#packets === 0 && byte !== mqttConnectByte)
      return { reason: 'packetMalformed', why: strayWords(chunk), beginning: chunk }
    if (!lengths[type]) return { reason: 'packetMalformed', why: `packet type ${type} is not a client's` }
    this.#type = type
    this.#length = 0
    this.#lengthScale = 1
    return undefined
  }

  #lengthByte(byte: number): PacketFault | undefined {
    this.#length += (byte & 0x7f) * this.#lengthScale
    this.#lengthScale *= 0x80
    if (byte >= 0x80) {
      // [MQTT-2.2.3] Four bytes at most.
      return this.#lengthScale > 0x80 ** 3
        ? { reason: 'packetMalformed', why: 'the length has more than four bytes' }
        : undefined
    }
    const { name, min, max } = lengths[this.#type!]!
    if (this.#length > max)
      return {
        reason: 'packetTooLarge',
        why: `${name} of ${this.#length} bytes; the most is ${max}`,
        ...(this.#type === publishType ? { messageBytes: this.#length } : {})
      }
    if (this.#length < min)
      return { reason: 'packetMalformed', why: `${name} of ${this.#length} bytes is too short` }
    this.#bodyLeft = this.#length
    this.#connect = this.#type === connectType ? [] : undefined
    this.#type = undefined
    this.#packets++
    return undefined
  }

  /** A name, which the parser checks, and then the level. */
  #connectByte(byte: number): PacketFault | undefined {
    const seen = this.#connect!
    seen.push(byte)
    const nameBytes = seen.length > 2 ? (seen[0]! << 8) | seen[1]! : Infinity
    if (seen.length <= 2 + nameBytes && nameBytes <= protocolNameBytesMax) return undefined
    if (seen.length <= 2) return undefined
    this.#connect = undefined
    if (nameBytes > protocolNameBytesMax || levels.has(byte & ~bridgeBit)) return undefined
    return {
      reason: 'protocolVersion',
      why: `protocol level ${byte}`,
      answer: connackUnacceptable
    }
  }
}

/** For the steward, where nobody can say whose box it is. */
function strayWords(chunk: Uint8Array): string {
  const speaks = strayOf(chunk)?.speaks
  if (speaks === 'tls')
    return 'TLS at the port without it: set the box to the port for TLS, or switch TLS off'
  if (speaks === 'http') return 'HTTP at the port for MQTT: set the box to the port for HTTP'
  return 'the first packet is not CONNECT'
}

/** "MQIsdp", the name in MQTT 3.1. */
const protocolNameBytesMax = 6

function* rest(read: () => unknown): Generator<Uint8Array> {
  for (let piece = read(); piece instanceof Uint8Array; piece = read()) yield piece
}

/**
 * Aedes pulls bytes with `conn.read`; what it pulls passes the guard first. Aedes reads once for each `readable` event
 * and takes for granted that it got everything. Since Node 26 a read gives only the first of the buffered pieces, so a
 * packet in several pieces would stay half read (measured: MQTT.js over WebSocket never got its CONNACK). Here one
 * read gives everything again; the stream's buffer bounds how much that is.
 */
export function guardPackets(
  conn: Duplex,
  refuse: (fault: PacketFault) => void,
  /** Asked before each read. What is not read now is read when the next of the client's packets is done. */
  mayRead: () => boolean
): void {
  const guard = new PacketGuard()
  const read = conn.read.bind(conn)
  conn.read = (size?: number): unknown => {
    if (!mayRead()) return null
    const first: unknown = read(size)
    if (!(first instanceof Uint8Array)) return first
    // Asking an empty stream once more costs as much as a message.
    const chunk = conn.readableLength === 0 ? first : Buffer.concat([first, ...rest(read)])
    const fault = guard.check(chunk)
    if (!fault) return chunk
    refuse(fault)
    return null
  }
}
