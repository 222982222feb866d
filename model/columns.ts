/** Columns: one time axis and some value arrays, the same shape from the store to the screen. Missing is null. */
import type { Flag, Reasons } from './flag.ts'
import type { UnixMs } from './time.ts'

/** Half-open: from inclusive, until exclusive. */
export interface TimeRange {
  from: UnixMs
  until: UnixMs
}

export type Window = 'hour' | 'day'

/** Single readings of one site and quantity, oldest first. */
export interface RawColumns {
  time: UnixMs[]
  value: number[]
  flag: Flag[]
  reasons: Reasons[]
}

/**
 * Hours or civil days of one site and quantity, oldest first, one entry for each window that holds a reading (a window
 * without any has none). `mean`, `min`, `max` and the percentiles leave flag 4 out and are null where nothing else is
 * there; `mean` of decibels is an energy average. `coverage` is null while the device's interval is unknown.
 */
export interface RollupColumns {
  /** Start of the window. */
  time: UnixMs[]
  mean: (number | null)[]
  min: (number | null)[]
  max: (number | null)[]
  p10: (number | null)[]
  p50: (number | null)[]
  p90: (number | null)[]
  /** Readings with a flag other than 4. */
  count: number[]
  expected: (number | null)[]
  /** min(1, count / expected). */
  coverage: (number | null)[]
  /** Readings by flag: pass, not evaluated, suspect, fail. */
  passed: number[]
  notEvaluated: number[]
  suspect: number[]
  failed: number[]
  /**
   * Present where any is so: made by the clock that the hub had before, and left as its readings are gone. A window of the
   * hub's clock begins where its hours and days do.
   */
  otherClock?: boolean[]
}

/** The middle of several sites, oldest first; only sites whose window has coverage count. */
export interface AcrossSitesColumns {
  time: UnixMs[]
  median: (number | null)[]
  p25: (number | null)[]
  p75: (number | null)[]
  /** Sites that counted. */
  sites: number[]
  /** Mean coverage of the sites that counted. */
  coverage: (number | null)[]
}
