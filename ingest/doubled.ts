/** A packet that comes twice within moments is one reading: for families whose messages hold no time of their own. Pure. */
import { crc32 } from 'node:zlib'
import { secondMs, type UnixMs } from '../model/time.ts'

/** The last message of a source: its checksum, and when its values were measured. */
export interface LastBody {
  crc: number
  at: UnixMs
}

/**
 * No family without a clock measures more often than this and says exactly the same: a counter, a noise floor or the
 * signal differs. Doubled packets come within a second, those of a retrying proxy within a few.
 */
export const doubledMsMax = 20 * secondMs

/** When the values of this message were measured: with its first copy, if it is the second. */
export function firstOfDoubled(
  payload: Uint8Array,
  receivedAt: UnixMs,
  last: LastBody | undefined
): LastBody {
  const crc = crc32(payload)
  const isDoubled = last?.crc === crc && receivedAt - last.at >= 0 && receivedAt - last.at <= doubledMsMax
  return isDoubled ? last : { crc, at: receivedAt }
}
