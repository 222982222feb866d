/** What downloads ask of a store: every reading of a period, streamed in time order. */
import type { ExportChunk, TimeRange } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'

export interface ExportQuery extends TimeRange {
  /** Sites whose readings may leave; an empty list exports nothing. */
  siteIds: readonly string[]
  /** undefined: all that are measured. Corrected ones come where they are named. */
  quantities?: readonly Quantity[]
}

export interface ReadingExporter {
  /** Bounded memory, ordered by time; what was durable when a stretch was read is in it. */
  export(query: ExportQuery): AsyncIterable<ExportChunk>
}

export interface ParquetQuery extends ExportQuery {
  /** The street of each site, as the export names it. */
  streets: Readonly<Record<string, string>>
}

/** What only a store that can write Parquet offers. */
export interface ParquetExporter {
  /**
   * The bytes of one Parquet file: the rows, order and columns of `export`, moments as timestamps in UTC. Corrected
   * quantities are not in it. The first piece comes once the whole file is made.
   */
  exportParquet(query: ParquetQuery): AsyncIterable<Uint8Array>
}

/** The store cannot write this format; the message says which to ask for instead. */
export class FormatNotHere extends Error {
  readonly code = 'formatNotHere'
}
