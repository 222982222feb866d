/**
 * What figures and pages ask of a store. Times are half-open (from inclusive, until exclusive), rows come oldest first.
 *
 * A corrected quantity (`pm2_5_corrected`) is asked for like any other, and no reading of it is ever kept: single readings
 * are computed when they are asked for (corrected.ts, with the corrections that the store was told), hours and days are
 * kept as every quantity's, and follow whatever they are made of.
 */
import type { AcrossSitesColumns, RawColumns, RollupColumns, TimeRange, Window } from '../../model/columns.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Flag, Reasons } from '../../model/flag.ts'
import type { CorrectedQuantity, Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { ReadingExporter } from './export.ts'

/** What the API needs. Durable readings are visible at once, in `raw`, `latest` and `export`. */
export interface ReadingReader extends ReadingExporter {
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
  /** Readings with flag 4, which are in no figure, or with flag 3, which are: counted by what they have in common. */
  failures(query: FailuresQuery): Promise<Failures[]>
  /** From the first reading to after the last one, at least; null where there is none. */
  reach(siteId: string, quantity: Quantity): Promise<TimeRange | null>
  /** Every series of these sites that has readings, corrected ones too; from memory, in the order of exports. */
  extents(siteIds: readonly string[]): Promise<SeriesExtent[]>
  /**
   * How many readings of these sites there are, by site and quantity (all that are measured unless some are named); those
   * without any are absent. Of corrected quantities whole hours are counted as `refreshRollups` made them.
   */
  counts(query: CountsQuery): Promise<ChannelCount[]>
  /** The newest reading with a flag other than 4 for each site and quantity; undefined asks for all sites. */
  latest(siteIds?: readonly string[]): Promise<LatestReading[]>
  /** Expected counts come from the device's interval, never from what arrived. */
  coverage(query: SeriesQuery): Promise<Coverage>
  stats(): Promise<StoreStats>
  /** Those whose device measured the source at the site in the period, oldest first; by site. */
  corrections(query: CorrectionsQuery): Promise<AppliedCorrection[]>
  /** Of these sites; of all unless given. */
  recomputing(siteIds?: readonly string[]): Promise<Recomputing>
  /** Hours of these sites that are not yet what their readings say: marked for a rollup, or not looked back on. */
  unmadeHours(query: UnmadeHoursQuery): Promise<number>
  /**
   * Stretches of whole hours whose readings the look back has not gone over since they came or changed, cut to the range;
   * oldest first. Of a corrected quantity those of its source.
   */
  unjudged(query: SeriesQuery): Promise<TimeRange[]>
}

export interface SeriesQuery extends TimeRange {
  siteId: string
  quantity: Quantity
}

/** Every reading of the series lies in [from, until); the stretch may be longer than they need. */
export interface SeriesExtent extends TimeRange {
  siteId: string
  deviceId: string
  quantity: Quantity
}

export interface CountsQuery extends TimeRange {
  siteIds: readonly string[]
  quantities?: readonly Quantity[]
}

export interface ChannelCount {
  siteId: string
  quantity: Quantity
  count: number
}

export interface UnmadeHoursQuery extends TimeRange {
  siteIds: readonly string[]
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

export interface FailuresQuery extends TimeRange {
  /** Of all sites unless given. */
  siteIds?: readonly string[]
  /** Of all devices unless given. */
  deviceId?: string
  /** Of everything that is measured unless given. */
  quantity?: Quantity
  /** 4 unless given. */
  flag?: 3 | 4
  /** Counted apart, as in a summary; what lies in none of them is not counted. */
  stretches?: readonly Stretch[]
}

/** By site, device, quantity, group, reasons and import, in this order. */
export interface Failures {
  siteId: string
  deviceId: string
  quantity: Quantity
  /** Of the stretch; 0 where none were asked for. */
  group: number
  reasons: Reasons
  /** 0: they came live. */
  importId: number
  count: number
  first: UnixMs
  last: UnixMs
}

export interface LatestReading {
  siteId: string
  deviceId: string
  quantity: Quantity
  measuredAt: UnixMs
  value: number
  flag: Flag
  reasons: Reasons
  /** The look back has gone over its hour since it came. */
  isJudged?: boolean
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
