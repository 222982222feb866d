/** Hours or days, one a row with all their numbers: the long layout; or one row a site with a mean for each quantity. */
import type { Window } from '../../model/columns.ts'
import { lastHolding, type CorrectionRow } from '../../model/correction.ts'
import { isMeasured, type Quantity } from '../../model/quantity.ts'
import { clockHours, type UnixMs } from '../../model/time.ts'
import type { ExportHead, WindowRows } from '../../store/promise/export.ts'
import type { DerivedName } from '../../model/derived.ts'
import { columns } from './columns.ts'
import { GrowingWords, seriesWords, unitOf, type ExportPlaces, type OutdoorGm3 } from './source.ts'
import type { Batch, Column, Table } from './table.ts'

export interface WindowsTableOptions {
  places: ExportPlaces
  window: Window
  timezone: string
  /** Below this share of their readings windows have no mean; 0 keeps those of unknown coverage too. */
  coverageMin: number
  /** Those that made corrected values, by site and quantity; oldest first. */
  corrections(siteId: string, quantity: Quantity): readonly CorrectionRow[]
  /** Computed columns of the wide layout. */
  derived: readonly DerivedName[]
  outdoorGm3: OutdoorGm3
}

export function windowsTable(
  head: ExportHead,
  rows: AsyncIterable<WindowRows>,
  options: WindowsTableOptions
): Table {
  const { time, until, street, site, quantity, unit, ...rest } = columns
  const { mean, min, max, p10, p50, p90, count, expected, coverage } = rest
  const { passed, notEvaluated, suspect, failed, correction } = rest
  const withCorrection = head.series.some((one) => !isMeasured(one.quantity))
  const all: Column[] = [
    ...[time, until, street, site, quantity, unit],
    ...[mean, min, max, p10, p50, p90, count, expected, coverage],
    ...[passed, notEvaluated, suspect, failed],
    ...(withCorrection ? [correction] : [])
  ]
  return {
    columns: all,
    sortedBy: ['time'],
    groupOf: new Uint32Array(),
    batches: batchesOf(head, rows, options, withCorrection)
  }
}

async function* batchesOf(
  head: ExportHead,
  rows: AsyncIterable<WindowRows>,
  options: WindowsTableOptions,
  withCorrection: boolean
): AsyncGenerator<Batch> {
  const places = [
    seriesWords(head, ({ siteId }) => options.places[siteId]?.street ?? ''),
    seriesWords(head, ({ siteId }) => siteId),
    seriesWords(head, ({ quantity }) => quantity),
    seriesWords(head, ({ quantity }) => unitOf(quantity))
  ]
  const corrections = correctionWords(head, options)
  for await (const part of rows) {
    const { time, series, mean, min, max, p10, p50, p90, count, expected } = part
    const { passed, notEvaluated, suspect, failed } = part
    const until = endsOf(time, options)
    const coverage = coverageOf(part)
    yield {
      rows: time.length,
      series,
      columns: [
        ...[time, until, ...places],
        ...[coveredMeans(mean, coverage, options.coverageMin), min, max, p10, p50, p90],
        ...[count, expected, coverage, passed, notEvaluated, suspect, failed],
        ...(withCorrection ? [corrections(part, until)] : [])
      ]
    }
  }
}

/** Rows of one moment follow each other, so each end is found once. */
export function endsOf(
  starts: Float64Array,
  { window, timezone }: Pick<WindowsTableOptions, 'window' | 'timezone'>
): Float64Array {
  const clock = clockHours(timezone)
  const ends = new Float64Array(starts.length)
  let [start, end] = [NaN, NaN]
  for (let i = 0; i < starts.length; i++) {
    if (starts[i] !== start) {
      start = starts[i]!
      end = window === 'hour' ? clock.hourEnd(start) : clock.dayEnd(start)
    }
    ends[i] = end
  }
  return ends
}

export function coverageOf({ count, expected }: Pick<WindowRows, 'count' | 'expected'>): Float64Array {
  const coverage = new Float64Array(count.length)
  // Of what was never expected nothing can be missing, so it is unknown like an interval that is.
  for (let i = 0; i < count.length; i++)
    coverage[i] = expected[i]! > 0 ? Math.min(1, count[i]! / expected[i]!) : NaN
  return coverage
}

export function coveredMeans(mean: Float64Array, coverage: Float64Array, coverageMin: number): Float64Array {
  if (coverageMin <= 0) return mean
  const covered = new Float64Array(mean.length)
  for (let i = 0; i < mean.length; i++) covered[i] = coverage[i]! >= coverageMin ? mean[i]! : NaN
  return covered
}

/** Of an hour or day the last correction that held in it, as everywhere. */
function correctionWords({ series }: ExportHead, { corrections }: WindowsTableOptions) {
  const ids = new GrowingWords((id: string) => id)
  const none = ids.at('')
  const rowsOf = series.map(({ siteId, quantity }) =>
    isMeasured(quantity) ? undefined : corrections(siteId, quantity)
  )
  return (part: WindowRows, until: Float64Array) => {
    const index = new Uint32Array(part.time.length).fill(none)
    for (let i = 0; i < index.length; i++) {
      const rows = rowsOf[part.series[i]!]
      const last = rows && lastHolding(rows, part.time[i]! as UnixMs, until[i]! as UnixMs)
      if (last) index[i] = ids.at(last.correctionId)
    }
    return { words: ids.words, index }
  }
}
