/**
 * The promise of every store. Times are half-open (from inclusive, until exclusive), rows come oldest first, and
 * `test/contract/store.ts` holds every implementation to all that is said here.
 *
 * A corrected quantity (`pm2_5_corrected`) is asked for like any other, and no reading of it is ever kept: single readings
 * are computed when they are asked for (corrected.ts, with the corrections that the store was told), hours and days are
 * kept as every quantity's, and follow whatever they are made of.
 */
import type {
  AcrossSitesColumns,
  ExportChunk,
  RawColumns,
  RollupColumns,
  TimeRange,
  Window
} from '../model/columns.ts'
import type { CorrectionRow } from '../model/correction.ts'
import type { CorrectedQuantity, Quantity } from '../model/quantity.ts'
import type { Reading } from '../model/reading.ts'
import type { Flag, Reasons } from '../model/flag.ts'
import type { UnixMs } from '../model/time.ts'

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
}

/** What ingest needs. */
export interface ReadingWriter {
  /**
   * Resolves when the batch is durable, and with it the mark that its hours need a new rollup. All or nothing. A
   * non-finite value is refused with an error before anything is written (it is our bug: the edge lets none in).
   */
  write(batch: readonly Reading[]): Promise<WriteResult>
}

export interface SeriesQuery extends TimeRange {
  siteId: string
  quantity: Quantity
}

export interface RollupQuery extends SeriesQuery {
  window: Window
}

export interface CorrectedQuery extends TimeRange {
  siteId: string
  quantity: CorrectedQuantity
  /** As if these were the corrections, and not those that hold: to see what a correction would change. */
  corrections?: readonly CorrectionRow[]
}

export interface CorrectedRawColumns extends RawColumns {
  corrections: CorrectionRow[]
  /** Of each reading, an index into `corrections`. */
  correction: number[]
}

export interface AcrossSitesQuery extends TimeRange {
  siteIds: readonly string[]
  quantity: Quantity
  window: Window
  /** Only sites whose window has a mean and at least this coverage count; 0 lets in those of unknown coverage too. */
  coverageMin: number
}

export interface MeansQuery extends TimeRange {
  siteIds: readonly string[]
  quantities: readonly Quantity[]
  window: Window
}

/** Windows of one site and quantity as `rollup` gives them, with only what figures of many sites need. */
export interface SiteMeans extends Pick<RollupColumns, 'time' | 'mean' | 'coverage'> {
  siteId: string
  quantity: Quantity
}

/** A stretch of time whose readings belong to a group: a month, or all nights of a month. */
export interface Stretch extends TimeRange {
  group: number
}

export interface SummaryQuery {
  siteId: string
  quantity: Quantity
  /** Oldest first, none overlapping another. */
  stretches: readonly Stretch[]
  /** How many groups there are; they are numbered from 0. */
  groups: number
  /** 0 to 100. */
  percentiles: readonly number[]
}

/**
 * One entry for each group. All numbers come from the single readings and leave flag 4 out. `mean` is made as the
 * quantity's definition says (decibels as energy), each reading weighing as long as its device's interval. `coverage` is
 * the time measured over the time of the stretches, at most 1; `expected` is how many readings that would have been.
 */
export interface SummaryColumns {
  count: number[]
  failed: number[]
  expected: (number | null)[]
  coverage: (number | null)[]
  mean: (number | null)[]
  min: (number | null)[]
  max: (number | null)[]
  /** Of each group one value for each percentile asked for (type 7). */
  percentiles: (number | null)[][]
}

export interface ExportQuery extends TimeRange {
  /** Sites whose readings may leave; an empty list exports nothing. */
  siteIds: readonly string[]
  /** undefined: all that are measured. Corrected ones come where they are named. */
  quantities?: readonly Quantity[]
}

export interface LatestReading {
  siteId: string
  deviceId: string
  quantity: Quantity
  measuredAt: UnixMs
  value: number
  flag: Flag
  reasons: Reasons
}

export interface Coverage {
  count: number
  /** null while the interval is unknown. */
  expected: number | null
  coverage: number | null
}

export interface StoreStats {
  readings: number
  /** How often a value was replaced by another since the beginning. */
  replaced: number
  bytes: number
  dirtyHours: number
}

export interface CorrectionsQuery extends TimeRange {
  siteIds: readonly string[]
  quantity: CorrectedQuantity
}

/** A correction that made readings of a site in the period that was asked for. */
export interface AppliedCorrection {
  siteId: string
  row: CorrectionRow
}

/** Hours whose corrected values are not yet what the corrections say. */
export interface Recomputing {
  hoursLeft: number
  /** Of how many, since corrections last changed. */
  hoursTotal: number
}

/** What the API needs. Durable readings are visible at once, in `raw`, `latest` and `export`. */
export interface ReadingReader {
  raw(query: SeriesQuery): Promise<RawColumns>
  /** Single readings of a corrected quantity, with the correction that made each. */
  corrected(query: CorrectedQuery): Promise<CorrectedRawColumns>
  /** How many readings `raw` would give, up to and including `countMax`: so that a chart knows which window to ask for. */
  count(query: SeriesQuery, countMax: number): Promise<number>
  /** Windows whose start lies in [from, until). As fresh as `refreshRollups` made them. */
  rollup(query: RollupQuery): Promise<RollupColumns>
  acrossSites(query: AcrossSitesQuery): Promise<AcrossSitesColumns>
  /** Many sites and quantities in one question; those without any window are absent. */
  means(query: MeansQuery): Promise<SiteMeans[]>
  summary(query: SummaryQuery): Promise<SummaryColumns>
  /** From the first reading to after the last one, at least; null where there is none. */
  reach(siteId: string, quantity: Quantity): Promise<TimeRange | null>
  /** The newest reading with a flag other than 4 for each site and quantity; undefined asks for all sites. */
  latest(siteIds?: readonly string[]): Promise<LatestReading[]>
  /** Expected counts come from the device's interval, never from what arrived. */
  coverage(query: SeriesQuery): Promise<Coverage>
  /** Bounded memory, ordered by time; what was durable when a stretch was read is in it. */
  export(query: ExportQuery): AsyncIterable<ExportChunk>
  stats(): Promise<StoreStats>
  /** Those whose device measured the source at the site in the period, oldest first; by site. */
  corrections(query: CorrectionsQuery): Promise<AppliedCorrection[]>
  recomputing(): Promise<Recomputing>
}

export interface TouchedWindow {
  siteId: string
  quantity: Quantity
  hour: UnixMs
}

/** What the steward's commands and the hourly work need. */
export interface ReadingKeeper {
  /** Seconds between readings of a device; rollups of it are marked for recomputing when this changes. */
  setInterval(deviceId: string, intervalS: number): Promise<void>
  /**
   * All corrections that hold, in the place of those told before. Durable when it resolves, with the marks of the corrected
   * hours that a new, ended, changed or missing row touches, so that no change is forgotten by a crash.
   */
  setCorrections(rows: readonly CorrectionRow[]): Promise<void>
  /**
   * Recomputes marked hours, and the days they lie in. `limit` bounds one call's work, so that readings can be
   * written between calls. Hours that have not ended by `now` are recomputed as well, and stay marked; the day that
   * still runs may be up to ten minutes behind them.
   *
   * An hour of a source, or of the humidity that a correction asks for, is recomputed together with the corrected hours
   * made of it. Hours that wait only because a correction changed come after all others: `recomputing` counts them.
   */
  refreshRollups(now: UnixMs, limit?: number): Promise<{ touched: TouchedWindow[]; more: boolean }>
  /** Moves a device's readings of a period to the site they belong to; null reaches without limit. */
  reassign(move: {
    deviceId: string
    siteId: string
    from: UnixMs | null
    until: UnixMs | null
  }): Promise<number>
  /** Removes every trace of a site: readings, replaced readings, rollups, marks. Returns how many readings. */
  erase(siteId: string): Promise<number>
  /**
   * Takes an import back: its readings go, and what they had replaced (or what else came for the same identity while
   * they stood) stands again. Returns how many went.
   */
  undoImport(importId: number): Promise<number>
  close(): Promise<void>
}

/** Readings of one site, device and quantity, oldest first, as they stand. */
export interface ExaminedSeries {
  siteId: string
  deviceId: string
  quantity: Quantity
  time: number[]
  value: number[]
  flag: Flag[]
  reasons: Reasons[]
}

export interface ExaminedBlock {
  /** What lies outside is only context. */
  judged: TimeRange
  series: ExaminedSeries[]
  /** The median of a site's readings of an hour that did not fail on the way in; undefined where there is none. */
  middleOf(siteId: string, quantity: Quantity, hour: UnixMs): number | undefined
}

/** A reading whose flag or reasons are to change. */
export interface Verdict {
  /** Index into the block's series, and into that one's readings. */
  series: number
  place: number
  flag: Flag
  reasons: Reasons
}

/** How readings are judged once those around them are known; the store brings them and keeps what comes of it. */
export interface LookBackRules {
  /** A reading that comes or goes can change judgements this long before and after it. */
  reachMs: number
  /** Readings this long before and after a judged one are needed to judge it. */
  contextMs: number
  /** Reasons that looking back gives and takes away again. */
  ours: Reasons
  /** Reasons that fail a reading on the way in. */
  failing: Reasons
  hasNeighbours(quantity: Quantity): boolean
  neighboursOf(siteId: string): readonly string[]
  judge(block: ExaminedBlock): Verdict[]
}

/** What the hourly look back needs. */
export interface ReadingExaminer {
  /**
   * Judges the hours that ended by `now` and had readings come, go or change since they were judged, with those around
   * them that this can matter to. Flags and reasons change in place and their rollups are marked in the same commit; the
   * value, and what else is kept of a reading, never. One call takes a stretch of time; writes go on within it.
   */
  lookBack(now: UnixMs, rules: LookBackRules): Promise<{ changed: number; more: boolean }>
}

export interface StoreCopyOptions {
  /** Called when no write can change the store until the copy is made: what is noted in it fits the copy. */
  whileHeld?(): void | Promise<void>
  onProgress?(bytes: number, bytesTotal: number): void
  /** Ends the copying early: what waits for the store must not wait for a slow disk when the hub is to stop. */
  signal?: AbortSignal
}

export interface StoreCopy {
  /** Readings in the copy. */
  readings: number
  bytes: number
}

/** The store cannot write this format; the message says which to ask for instead. */
export class FormatNotHere extends Error {
  readonly code = 'formatNotHere'
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

/** What a backup needs of a store that keeps files. */
export interface StoreCopier {
  /**
   * Makes a copy at `file` (and beside it, where the store keeps a log) that opens as this store was at one moment.
   * Writes wait meanwhile, queries go on. `file` must not exist.
   */
  copyTo(file: string, options: StoreCopyOptions): Promise<StoreCopy>
}

/** A piece of everything that is kept: no moment is spread over two. */
export interface KeptPiece {
  readings: Reading[]
  /** Whatever was measured before this has been given. */
  until: UnixMs
}

/** What brings readings from one store into another: a migration, and a backup of a store that keeps no files. */
export interface ReadingDumper {
  /** How many `dump` would give. */
  dumpSize(from: UnixMs | null): Promise<number>
  /**
   * Every reading that is kept and was measured at or after `from`, with all that is kept of it: those that stand, and those
   * set aside for them. Oldest first, of one identity the lowest sequence first and what stands last, so that writing them
   * in this order into an empty store leaves it as this one is. Bounded memory.
   */
  dump(from: UnixMs | null): AsyncIterable<KeptPiece>
}

export interface Store extends ReadingWriter, ReadingReader, ReadingKeeper {}

/** The store is there but cannot take or give data now (disk full, locked). The only error that ingest retries. */
export class StoreUnavailable extends Error {
  readonly code = 'storeUnavailable'
  /** How long the store asked to be left alone, where it did. */
  readonly retryAfterMs: number | undefined
  constructor(doing: string, cause: unknown, retryAfterMs?: number) {
    super(`The store is unavailable (${doing}): ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    })
    this.retryAfterMs = retryAfterMs
  }
}
