/**
 * What downloads ask of a store: every reading, hour or day of a period, as columns in bounded memory. The first part of
 * an answer names its series; each further part is a stretch of rows. What was durable when a stretch was read is in it.
 */
import type { TimeRange, Window } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'

export interface ExportQuery extends TimeRange {
  /** Sites whose readings may leave; an empty list exports nothing. */
  siteIds: readonly string[]
  /** undefined: all that are measured. Corrected ones come where they are named. */
  quantities?: readonly Quantity[]
  /**
   * 'time' (the default): oldest first, at equal times by series. 'series': in stretches of time, oldest first, and within
   * a stretch by series and then by time, as files of columns want it. Series are ordered by site, device, quantity.
   */
  order?: ExportOrder
}

export type ExportOrder = 'time' | 'series'

/** A site, a device and a quantity. Hours and days are of a site, whatever devices it had: their device is ''. */
export interface ExportSeries {
  siteId: string
  deviceId: string
  quantity: Quantity
}

export interface ExportHead {
  kind: 'head'
  /** By site, device, quantity (by code unit). Rows name them by their index. */
  series: ExportSeries[]
  /** Ids of the corrections that rows name; empty where no corrected quantity was asked for. */
  corrections: string[]
  /** Of each series the stretches that the look back has not gone over; absent where it has gone over everything. */
  unjudged?: TimeRange[][]
}

/** Columns of equal length. */
export interface ExportRows {
  kind: 'rows'
  time: Float64Array
  /** Index into the head's series. */
  series: Uint32Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
  received: Float64Array
  /** 1 + index into the head's corrections, 0 for a raw value; only where a corrected quantity was asked for. */
  correction?: Uint32Array
}

export type ReadingsPart = ExportHead | ExportRows

export interface WindowsQuery extends Omit<ExportQuery, 'order'> {
  window: Window
}

/** As `RollupColumns`, of many series; NaN where those have null. Ordered by time, then by series. */
export interface WindowRows {
  kind: 'windows'
  /** Start of the window. */
  time: Float64Array
  series: Uint32Array
  mean: Float64Array
  min: Float64Array
  max: Float64Array
  p10: Float64Array
  p50: Float64Array
  p90: Float64Array
  count: Float64Array
  expected: Float64Array
  passed: Float64Array
  notEvaluated: Float64Array
  suspect: Float64Array
  failed: Float64Array
}

export type WindowsPart = ExportHead | WindowRows

export interface ReadingExporter {
  export(query: ExportQuery): AsyncIterable<ReadingsPart>
  /** Windows whose start lies in [from, until), as fresh as `refreshRollups` made them. */
  exportWindows(query: WindowsQuery): AsyncIterable<WindowsPart>
  /** About how many rows `export` would give, or `exportWindows` with a window: from the rollups, within milliseconds. */
  estimateRows(query: Omit<ExportQuery, 'order'> & { window?: Window }): Promise<number>
}
