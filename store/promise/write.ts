/** What ingest asks of a store: readings in, kept once for each identity. */
import type { Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'

export interface WriteResult {
  /** Identities that the store did not have. */
  inserted: number
  /**
   * Same identity and value already there. Nothing changed, or (from an equal or higher sequence) its flag and reasons
   * were renewed.
   */
  repeated: number
  /** Another value for a known identity, from an equal or higher sequence: it stands now; the older one is kept aside. */
  replaced: number
  /** Another value for a known identity, from a lower sequence: it changes nothing. */
  superseded: number
  /** The first of `replaced`, where there is one. */
  replacedFirst?: ReplacedReading
}

/** A value that was stored, and the one for the same identity that stands now. */
export interface ReplacedReading {
  siteId: string
  deviceId: string
  quantity: Quantity
  measuredAt: UnixMs
  before: number
  after: number
}

/** What ingest needs. */
export interface ReadingWriter {
  /**
   * Resolves when the batch is durable, and with it the mark that its hours need a new rollup. All or nothing. A
   * non-finite value is refused with an error before anything is written (it is our bug: the edge lets none in).
   */
  write(batch: readonly Reading[]): Promise<WriteResult>
}
