/** One site over time: single readings while a chart can draw them, then hours, then days. */
import type { LeftOut } from '../../contract/left-out.ts'
import type { RawColumns, RollupColumns, TimeRange, Window } from '../../model/columns.ts'
import { chartPointsMax, seriesPointsMax } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { SiteRollupSeries, SiteSeries } from '../../contract/series.ts'
import type { CorrectedQuery, ReadingReader } from '../../store/promise/read.ts'
import {
  correctedNote,
  correctionOfWindows,
  entryOf,
  isCorrected,
  type CorrectedNote
} from '../corrections.ts'
import { isLookedBackOn } from '../../science/look-back-limits.ts'
import { countedReasons, leftOutOf } from '../left-out.ts'
import { chartWindow, countsOnGrid, onGrid, positionsOnGrid, windowStarts } from '../grid.ts'
import { coveredMean } from '../now/outdoor-figures.ts'
import { FiguresRefusal } from '../refusal.ts'

export interface SiteSeriesDeps {
  readings: Pick<
    ReadingReader,
    'raw' | 'corrected' | 'count' | 'rollup' | 'failures' | 'corrections' | 'recomputing' | 'unjudged'
  >
  timezone: string
}

/** The caller has seen to it that its audience may see the site. */
export interface SiteSeriesQuery {
  siteId: string
  quantity: Quantity
  range: TimeRange
  window: 'auto' | 'raw' | Window
}

export async function siteSeries(deps: SiteSeriesDeps, query: SiteSeriesQuery): Promise<SiteSeries> {
  const { siteId, quantity, range } = query
  const window = await windowOf(deps, query)
  const series =
    window === 'raw'
      ? await rawSeries(deps, { siteId, quantity, ...range })
      : await rollupSeries(deps, { siteId, quantity, range, window })
  if (!isLookedBackOn(quantity)) return series
  const unjudged = await deps.readings.unjudged({ siteId, quantity, ...range })
  return unjudged.length > 0 ? { ...series, unjudged } : series
}

async function windowOf(deps: SiteSeriesDeps, query: SiteSeriesQuery): Promise<'raw' | Window> {
  const { siteId, quantity, range, window } = query
  if (window === 'hour' || window === 'day') return window
  const countMax = window === 'raw' ? seriesPointsMax : chartPointsMax
  // One more than may be, so that the limit itself still passes.
  const count = await deps.readings.count({ siteId, quantity, ...range }, countMax + 1)
  if (count <= countMax) return 'raw'
  if (window === 'auto') return chartWindow(range)
  throw new FiguresRefusal(
    'tooManyPoints',
    `The answer would have more than ${seriesPointsMax} readings. Ask for hours, or for a shorter period.`
  )
}

interface RawQuery extends TimeRange {
  siteId: string
  quantity: Quantity
}

async function rawSeries(deps: SiteSeriesDeps, query: RawQuery): Promise<SiteSeries> {
  const { siteId, quantity } = query
  if (isCorrected(quantity)) return correctedSeries(deps, { ...query, siteId, quantity })
  const { time, value, flag, reasons } = await deps.readings.raw(query)
  return {
    quantity: query.quantity,
    unit: definitionOf(query.quantity).unit,
    window: 'raw',
    time,
    value,
    flag,
    leftOut: failedIn({ flag, reasons })
  }
}

/** Of single readings, which are all there. */
function failedIn({ flag, reasons }: Pick<RawColumns, 'flag' | 'reasons'>): LeftOut {
  const failed = reasons.filter((_bits, i) => flag[i] === 4)
  return countedReasons(failed.map((bits) => ({ reasons: bits, count: 1 })))
}

async function correctedSeries(deps: SiteSeriesDeps, query: CorrectedQuery): Promise<SiteSeries> {
  const { time, value, flag, reasons, corrections, correction } = await deps.readings.corrected(query)
  const { hoursLeft } = await deps.readings.recomputing([query.siteId])
  return {
    quantity: query.quantity,
    unit: definitionOf(query.quantity).unit,
    window: 'raw',
    time,
    value,
    flag,
    correction,
    leftOut: failedIn({ flag, reasons }),
    corrections: corrections.map((row) => entryOf(query.siteId, row)),
    recomputing: hoursLeft > 0
  }
}

async function rollupSeries(
  deps: SiteSeriesDeps,
  query: { siteId: string; quantity: Quantity; range: TimeRange; window: Window }
): Promise<SiteRollupSeries> {
  const { siteId, quantity, range, window } = query
  const grid = windowStarts(range, window, deps.timezone)
  const until = range.until
  const columns = await deps.readings.rollup({ siteId, quantity, window, from: grid[0] ?? range.from, until })
  const positions = positionsOnGrid(grid, columns.time)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    time: grid,
    mean: onGrid(positions, coveredMeans(columns)),
    min: onGrid(positions, columns.min),
    max: onGrid(positions, columns.max),
    p10: onGrid(positions, columns.p10),
    p50: onGrid(positions, columns.p50),
    p90: onGrid(positions, columns.p90),
    count: countsOnGrid(positions, columns.count),
    coverage: onGrid(positions, columns.coverage),
    leftOut: await leftOutOf(deps.readings, [siteId], [quantity], { from: grid[0] ?? range.from, until }),
    ...(await noteOfWindows(deps, query, grid, positions))
  }
}

async function noteOfWindows(
  deps: SiteSeriesDeps,
  { siteId, quantity, range }: { siteId: string; quantity: Quantity; range: TimeRange },
  grid: readonly UnixMs[],
  positions: readonly (number | undefined)[]
): Promise<CorrectedNote & { correction?: (number | null)[] }> {
  if (!isCorrected(quantity)) return {}
  const from = grid[0] ?? range.from
  const rows = await deps.readings.corrections({ siteIds: [siteId], quantity, from, until: range.until })
  const made = correctionOfWindows(
    rows.map(({ row }) => row),
    grid,
    (i) => grid[i + 1] ?? range.until
  )
  return {
    ...(await correctedNote(deps.readings, [siteId], quantity, { from, until: range.until })),
    correction: made.map((index, i) => (positions[i] === undefined ? null : index))
  }
}

function coveredMeans(columns: RollupColumns): (number | null)[] {
  return columns.time.map((_time, i) => coveredMean(columns, i))
}
