/** A site's summary of periods: how much was measured, its mean and range, and of sound what the directive asks. */
import type { LeftOut } from '../../contract/left-out.ts'
import type { SitePeriod, SiteSummary } from '../../contract/summary.ts'
import type { TimeRange } from '../../model/columns.ts'
import { summaryReadingsMax } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Stretch } from '../../store/promise/read.ts'
import { countedReasons, leftOutByGroup, notesOf } from '../left-out.ts'
import { FiguresRefusal } from '../refusal.ts'
import { rounded } from '../unit.ts'
import type { PeriodDeps } from './deps.ts'
import { isFine, noiseFigures, noiseOf } from './noise-summary.ts'
import { periodsOf } from './periods.ts'
import { reachOf, refuseLong } from './reach.ts'
import { requireSite } from './site-or-street.ts'
import { tooLittle, type SummaryQuery } from './summary-query.ts'

export async function siteSummary(
  deps: PeriodDeps,
  siteId: string,
  query: SummaryQuery
): Promise<SiteSummary> {
  requireSite(deps, siteId)
  const range = await rangeOf(deps, [siteId], query)
  const periods = range
    ? await sitePeriods(deps, siteId, query, periodsOf(range, query.by, query.timezone))
    : []
  const note = await notesOf(deps.readings, [siteId], query.quantity, range)
  return { site: siteId, ...headOf(query), ...note, periods }
}

export function headOf({ quantity, unit, by, timezone, coverageMin }: SummaryQuery) {
  const { average } = definitionOf(quantity)
  return { quantity, unit: unit.unit, by, timezone, average, coverageMin, indicative: true as const }
}

/** Everything there is unless said otherwise. What lies ahead of now is not yet missing. */
export async function rangeOf(
  deps: PeriodDeps,
  siteIds: readonly string[],
  { quantity, from, until, timezone, by }: SummaryQuery
): Promise<TimeRange | null> {
  // Days and longer are judged as wholes: three hours are no day. All there is begins where it begins.
  const reach = await reachOf(
    deps,
    siteIds,
    quantity,
    timezone,
    by === 'all' || by === 'hour' ? 'hour' : 'day'
  )
  const range = { from: from ?? reach?.from, until: until ?? reach?.until }
  if (range.from === undefined || range.until === undefined) return null
  const now = Math.max(deps.clock.now(), reach?.until ?? 0) as UnixMs
  if (range.from < now && now < range.until) range.until = now
  // A period that was asked for from one end only may lie beside all that was measured.
  return range.from < range.until ? refuseLong({ from: range.from, until: range.until }) : null
}

export async function sitePeriods(
  deps: PeriodDeps,
  siteId: string,
  query: SummaryQuery,
  periods: readonly TimeRange[]
): Promise<SitePeriod[]> {
  const { quantity, unit } = query
  await refuseTooMuch(deps, siteId, quantity, periods)
  const isNoise = quantity === 'laeq'
  const percentiles = [...new Set(isNoise ? [...query.percentiles, 10, 50, 90] : query.percentiles)]
  const stretches = periods.map((period, group): Stretch => ({ ...period, group }))
  const columns = await deps.readings.summary({
    siteId,
    quantity,
    stretches,
    groups: periods.length,
    percentiles
  })
  const leftOut = await leftOutOfPeriods(deps, siteId, quantity, stretches, columns.failed)
  const parts = isNoise && query.by !== 'hour' ? await noiseOf(deps, siteId, query, periods) : undefined
  return periods.map((period, i) => {
    const count = columns.count[i] ?? 0
    const coverage = columns.coverage[i] ?? null
    const little = tooLittle({ count, coverage }, query)
    const enough = little === null
    const reason = little ?? (columns.mean[i] === null ? noMean(quantity) : null)
    const percentile = (percent: number): number | null => {
      const value = columns.percentiles[i]?.[percentiles.indexOf(percent)] ?? null
      return enough && count >= readingsNeeded(percent) ? unit.shown(value) : null
    }
    return {
      from: toIso(period.from),
      until: toIso(period.until),
      count,
      failed: columns.failed[i] ?? 0,
      leftOut: leftOut[i]!,
      expected: rounded(columns.expected[i] ?? null),
      coverage: rounded(coverage),
      mean: enough ? unit.shown(columns.mean[i] ?? null) : null,
      min: enough ? unit.shown(columns.min[i] ?? null) : null,
      max: enough ? unit.shown(columns.max[i] ?? null) : null,
      percentiles: Object.fromEntries(
        query.percentiles.map((percent) => [String(percent), percentile(percent)])
      ),
      noise: isNoise
        ? noiseFigures(period, parts?.[i], query, isFine(period, count, coverage) ? percentile : () => null)
        : null,
      reason
    }
  })
}

async function leftOutOfPeriods(
  { readings }: PeriodDeps,
  siteId: string,
  quantity: Quantity,
  stretches: readonly Stretch[],
  failed: readonly number[]
): Promise<LeftOut[]> {
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (!first || !last || failed.every((count) => count === 0)) return stretches.map(() => countedReasons([]))
  const query = { siteIds: [siteId], quantity, from: first.from, until: last.until, stretches }
  return leftOutByGroup(readings, query, stretches.length)
}

/** A percentile of single readings is found with all of them in memory. */
async function refuseTooMuch(
  { readings }: PeriodDeps,
  siteId: string,
  quantity: Quantity,
  periods: readonly TimeRange[]
): Promise<void> {
  const [first, last] = [periods[0], periods.at(-1)]
  if (!first || !last) return
  const query = { siteId, quantity, from: first.from, until: last.until }
  if ((await readings.count(query, summaryReadingsMax + 1)) <= summaryReadingsMax) return
  throw new FiguresRefusal(
    'tooManyPoints',
    `The period has more than ${summaryReadingsMax.toLocaleString('en')} readings. Ask for a shorter one.`
  )
}

function noMean(quantity: Quantity): string {
  return `${definitionOf(quantity).label} of several periods has no mean: percentiles of sound cannot be averaged.`
}

/** So many that one of them lies beyond: ten for the 90th percentile, a hundred for the 99th. */
function readingsNeeded(percent: number): number {
  const beyond = Math.min(percent, 100 - percent) / 100
  return beyond === 0 ? 2 : Math.ceil(1 / beyond - 1e-9)
}
