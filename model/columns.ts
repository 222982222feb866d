/** Columns: one time axis and some value arrays, the same shape from the store to the screen. Missing is null. */
import { reasonList, type Flag, type Reasons } from './flag.ts'
import { quantities, type Quantity } from './quantity.ts'
import { toIso, type UnixMs } from './time.ts'

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

/** A stretch of an export: rows in time order. `site`, `device`, `quantity` index into the three dictionaries. */
export interface ExportChunk {
  sites: string[]
  devices: string[]
  quantities: Quantity[]
  time: Float64Array
  site: Uint32Array
  device: Uint32Array
  quantity: Uint32Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
  received: Float64Array
  /** Only where corrected quantities were asked for: the ids of corrections, and of each row 1 + its place there, 0 for none. */
  corrections?: string[]
  correction?: Uint32Array
}

export const exportColumnNames = [
  'time',
  'street',
  'site',
  'device',
  'quantity',
  'value',
  'unit',
  'flag',
  'reason',
  'received'
] as const

export const csvHeader = exportColumnNames.join(',') + '\r\n'

/** Files that were asked for corrected values name the correction of each in one more column. */
export const csvHeaderCorrected = [...exportColumnNames, 'correction'].join(',') + '\r\n'

/** One row of an export with its words looked up; times ISO 8601 UTC with milliseconds. */
export interface ExportRow {
  time: string
  street: string
  site: string
  device: string
  quantity: Quantity
  value: number
  unit: string
  flag: number
  reason: string
  received: string
  /** The correction that made the value, '' for a raw one; only in files that were asked for corrected values. */
  correction?: string
}

/** Rows of a chunk; `streetOf` names the street of a site. */
export function* exportRows(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<ExportRow> {
  for (let i = 0; i < chunk.time.length; i++) {
    const siteId = chunk.sites[chunk.site[i]!]!
    const quantity = chunk.quantities[chunk.quantity[i]!]!
    yield {
      time: toIso(chunk.time[i] as UnixMs),
      street: streetOf(siteId),
      site: siteId,
      device: chunk.devices[chunk.device[i]!]!,
      quantity,
      value: chunk.value[i]!,
      unit: quantities[quantity].unit,
      flag: chunk.flag[i]!,
      reason: reasonList(chunk.reasons[i]!).join(' '),
      received: toIso(chunk.received[i] as UnixMs),
      ...(chunk.correction && { correction: chunk.corrections?.[chunk.correction[i]! - 1] ?? '' })
    }
  }
}

/** A spreadsheet runs a cell that begins with one of these (OWASP ASVS 5.0, 1.2.10), so such text gets an apostrophe. */
const formulaStart = /^\s*[=+\-@\t\r\0]/

export function csvText(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
