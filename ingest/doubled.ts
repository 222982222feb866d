/** A packet that comes twice within moments is one reading: for families whose messages hold no time of their own. Pure. */
import { doubledMsMax } from './limits.ts'
import { type UnixMs } from '../model/time.ts'

/** The last message of a source: its checksum, and when its values were measured. */
export interface LastBody {
  crc: number
  at: UnixMs
}

/** When the values of this message were measured: with its first copy, if it is the second. */
export function firstOfDoubled(
  payload: Uint8Array,
  receivedAt: UnixMs,
  last: LastBody | undefined
): LastBody {
  const crc = checksumOf(payload)
  const isDoubled = last?.crc === crc && receivedAt - last.at >= 0 && receivedAt - last.at <= doubledMsMax
  return isDoubled ? last : { crc, at: receivedAt }
}

/**
 * MurmurHash2's steps over four bytes at a time: whichever four differ, the checksum does. It is compared with that of one other
 * message only, and a call of zlib's costs more than all of this.
 */
function checksumOf(payload: Uint8Array): number {
  const whole = payload.length & ~3
  let hash = payload.length
  for (let i = 0; i < whole; i += 4) {
    const word = payload[i]! | (payload[i + 1]! << 8) | (payload[i + 2]! << 16) | (payload[i + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x5bd1e995)
    hash ^= hash >>> 15
  }
  for (let i = whole; i < payload.length; i++) hash = Math.imul(hash ^ payload[i]!, 0x5bd1e995)
  return (hash ^ (hash >>> 13)) >>> 0
}
