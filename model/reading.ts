/** One measured value, as it travels from a decoded message to the store. */
import type { Flag, Reasons } from './flag.ts'
import type { MeasuredQuantity } from './quantity.ts'
import type { UnixMs } from './time.ts'

/** What makes two readings the same reading: sent twice, it is stored once. */
export interface ReadingIdentity {
  siteId: string
  deviceId: string
  quantity: MeasuredQuantity
  measuredAt: UnixMs
}

export interface Reading extends ReadingIdentity {
  receivedAt: UnixMs
  /** Raw, finite, in the quantity's unit. Flags and corrections never alter it. */
  value: number
  flag: Flag
  reasons: Reasons
  /** The journal sequence that brought it. For one identity the highest sequence wins; at equal ones the later write. */
  sequence: number
  /** The import that brought it, so that it can be taken back; 0 for readings that came live. */
  importId: number
}

/** A reading before its deployment is known and its quality judged: what a dialect decodes. */
export interface Measurement {
  quantity: MeasuredQuantity
  value: number
  measuredAt: UnixMs
  /** Reasons that the decoder already knows (a time it did not believe, a sentinel of the family). */
  reasons: Reasons
}
