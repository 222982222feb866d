/** Numbers about periods of a site or a street: how much there was, its mean, its range, and of sound what the directive asks. */
import type { TimeRange } from '../../model/columns.ts'
import { streetSitesMin, summaryReadingsMax } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { dayMs, secondMs, toIso, type UnixMs } from '../../model/time.ts'
import { lden } from '../../science/noise.ts'
import { exceededStepSMax } from '../../science/noise-levels.ts'
import { quantile } from '../../science/street.ts'
import type { Stretch, SummaryColumns } from '../../store/promise/read.ts'
import { correctedNote } from '../corrections.ts'
import { FiguresRefusal } from '../refusal.ts'
import { reachOf, refuseLong } from './reach.ts'
import { rounded, type Unit } from '../unit.ts'
import { requireSite, requireStreet, streetSiteIds } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import type {
  NoiseFigures,
  SitePeriod,
  SiteSummary,
  StreetNumbers,
  StreetPeriod
} from '../../contract/summary.ts'
import { noiseParts, partStretches, periodsOf, type PeriodLength } from './periods.ts'

export interface SummaryQuery {
  quantity: Quantity
  unit: Unit
  from: UnixMs | undefined
  until: UnixMs | undefined
  by: PeriodLength
  timezone: string
  percentiles: readonly number[]
  coverageMin: number
}

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
  const note = await correctedNote(deps.readings, [siteId], query.quantity, range)
  return { site: siteId, ...headOf(query), ...note, periods }
}

export async function streetSummary(
  deps: PeriodDeps,
  streetId: string,
  query: SummaryQuery
): Promise<StreetNumbers> {
  requireStreet(deps, streetId)
  const siteIds = streetSiteIds(deps, streetId)
  const range = await rangeOf(deps, siteIds, query)
  const periods = range ? periodsOf(range, query.by, query.timezone) : []
  const perSite: SitePeriod[][] = []
  for (const siteId of range ? siteIds : []) perSite.push(await sitePeriods(deps, siteId, query, periods))
  return {
    street: streetId,
    ...headOf(query),
    ...(await correctedNote(deps.readings, siteIds, query.quantity, range)),
    sitesNeeded: streetSitesMin,
    sitesTotal: siteIds.length,
    periods: periods.map((_period, i) => middleOf(perSite.map((site) => site[i]!)))
  }
}

function headOf({ quantity, unit, by, timezone, coverageMin }: SummaryQuery) {
  const { average } = definitionOf(quantity)
  return { quantity, unit: unit.unit, by, timezone, average, coverageMin, indicative: true as const }
}

/** Everything there is unless said otherwise. What lies ahead of now is not yet missing. */
async function rangeOf(
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

async function sitePeriods(
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
    `The period holds more than ${summaryReadingsMax.toLocaleString('en')} readings. Ask for a shorter one.`
  )
}

/** Why a period has no numbers; null where it may have them. */
function tooLittle(
  { count, coverage }: { count: number; coverage: number | null },
  { coverageMin, by }: Pick<SummaryQuery, 'coverageMin' | 'by'>
): string | null {
  if (count === 0) return 'There is no reading in this period.'
  if (coverageMin === 0) return null
  if (coverage === null) {
    return "The sensor's interval is not known yet, so nobody can say how much is missing."
  }
  const percent = (share: number): number => Math.floor(share * 100)
  const readings = count === 1 ? 'One reading is' : `${count} readings are`
  if (coverage < coverageMin) {
    return `${readings} there, ${percent(coverage)} % of the period; ${percent(coverageMin)} % are needed.`
  }
  return count === 1 && by === 'all' ? 'One reading is there, which says nothing of a period.' : null
}

function noMean(quantity: Quantity): string {
  return `${definitionOf(quantity).label} of several periods has no mean: percentiles of sound cannot be averaged.`
}

/** So many that one of them lies beyond: ten for the 90th percentile, a hundred for the 99th. */
function readingsNeeded(percent: number): number {
  const beyond = Math.min(percent, 100 - percent) / 100
  return beyond === 0 ? 2 : Math.ceil(1 / beyond - 1e-9)
}

/** Are the levels of so short a time that "exceeded N % of it" means something? Of five minutes each it would be too flat. */
function isFine({ from, until }: TimeRange, count: number, coverage: number | null): boolean {
  if (coverage === null || count === 0) return false
  const stepMs = (coverage * (until - from)) / count
  return stepMs <= exceededStepSMax * secondMs * (1 + 1e-9)
}

/** Of each period its day, evening and night. */
type Parts = { mean: number | null; coverage: number | null; count: number }[]

async function noiseOf(
  deps: PeriodDeps,
  siteId: string,
  { quantity, timezone }: SummaryQuery,
  periods: readonly TimeRange[]
): Promise<Parts[]> {
  const stretches = periods.flatMap((period, i) =>
    partStretches(period, timezone).map(({ from, until, part }): Stretch => ({
      from,
      until,
      group: noiseParts.length * i + part
    }))
  )
  const groups = noiseParts.length * periods.length
  const columns: SummaryColumns = await deps.readings.summary({
    siteId,
    quantity,
    stretches,
    groups,
    percentiles: []
  })
  return periods.map((_period, i) =>
    noiseParts.map((_name, part) => {
      const group = noiseParts.length * i + part
      return {
        mean: columns.mean[group] ?? null,
        coverage: columns.coverage[group] ?? null,
        count: columns.count[group] ?? 0
      }
    })
  )
}

function noiseFigures(
  period: TimeRange,
  parts: Parts | undefined,
  query: SummaryQuery,
  percentile: (percent: number) => number | null
): NoiseFigures {
  const level = (part: number): number | null => {
    const one = parts?.[part]
    return one && tooLittle(one, query) === null ? one.mean : null
  }
  const [day, evening, night] = [level(0), level(1), level(2)]
  const covered = (part: number): number | null => rounded(parts?.[part]?.coverage ?? null)
  const hasAll = day !== null && evening !== null && night !== null
  return {
    label: ldenLabel(period),
    lday: rounded(day),
    levening: rounded(evening),
    lnight: rounded(night),
    lden: hasAll ? rounded(lden(day, evening, night)) : null,
    coverage: { day: covered(0), evening: covered(1), night: covered(2) },
    l10: percentile(90),
    l50: percentile(50),
    l90: percentile(10)
  }
}

/** The directive's Lden is of a year; anything shorter says what it is. */
function ldenLabel({ from, until }: TimeRange): string {
  const days = Math.round((until - from) / dayMs)
  if (days <= 1) return 'Lden,24h'
  return days >= 365 ? 'Lden' : `Lden of ${days} days`
}

/** Each number of a street is the middle of what its sites have; with fewer than three of them there is none. */
function middleOf(sites: readonly SitePeriod[]): StreetPeriod {
  const counted = sites.filter(({ mean, max }) => mean !== null || max !== null)
  const enough = counted.length >= streetSitesMin
  const all = (pick: (site: SitePeriod) => number | null | undefined): number[] =>
    enough ? counted.map(pick).filter((value) => value !== null && value !== undefined) : []
  const middle = (pick: (site: SitePeriod) => number | null | undefined): number | null => {
    const values = all(pick)
    return values.length >= streetSitesMin ? rounded(quantile(values, 0.5)) : null
  }
  const means = all(({ mean }) => mean)
  const extreme = (of: (...values: number[]) => number, values: number[]): number | null =>
    values.length > 0 ? of(...values) : null
  const coverages = counted.map(({ coverage }) => coverage ?? 0)
  const [first] = sites
  return {
    from: first!.from,
    until: first!.until,
    sites: counted.length,
    count: counted.reduce((sum, { count }) => sum + count, 0),
    expected: counted.length > 0 ? rounded(counted.reduce((sum, one) => sum + (one.expected ?? 0), 0)) : null,
    coverage: coverages.length > 0 ? rounded(coverages.reduce((a, b) => a + b, 0) / coverages.length) : null,
    mean: middle(({ mean }) => mean),
    p25: means.length >= streetSitesMin ? rounded(quantile(means, 0.25)) : null,
    p75: means.length >= streetSitesMin ? rounded(quantile(means, 0.75)) : null,
    min: extreme(
      Math.min,
      all(({ min }) => min)
    ),
    max: extreme(
      Math.max,
      all(({ max }) => max)
    ),
    percentiles: Object.fromEntries(
      Object.keys(first!.percentiles).map((percent) => [percent, middle((site) => site.percentiles[percent])])
    ),
    noise: first!.noise ? middleNoise(first!.noise, middle) : null,
    reason: enough
      ? null
      : `${counted.length} of ${sites.length} sites have enough readings; a street's number needs ${streetSitesMin}.`
  }
}

function middleNoise(
  { label }: NoiseFigures,
  middle: (pick: (site: SitePeriod) => number | null | undefined) => number | null
): NoiseFigures {
  const of = (name: 'lday' | 'levening' | 'lnight' | 'lden' | 'l10' | 'l50' | 'l90'): number | null =>
    middle(({ noise }) => noise?.[name])
  const covered = (part: 'day' | 'evening' | 'night'): number | null =>
    middle(({ noise }) => noise?.coverage[part])
  return {
    label,
    lday: of('lday'),
    levening: of('levening'),
    lnight: of('lnight'),
    lden: of('lden'),
    coverage: { day: covered('day'), evening: covered('evening'), night: covered('night') },
    l10: of('l10'),
    l50: of('l50'),
    l90: of('l90')
  }
}
