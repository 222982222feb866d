/** A packet that comes twice within moments is one reading: for families whose messages hold no time of their own. Pure. */
import { doubledMsMax } from './limits.ts'
import { crc32 } from 'node:zlib'
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
  const crc = crc32(payload)
  const isDoubled = last?.crc === crc && receivedAt - last.at >= 0 && receivedAt - last.at <= doubledMsMax
  return isDoubled ? last : { crc, at: receivedAt }
}
