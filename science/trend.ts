/** Does it get better over the years? A slope with its interval, or the sentence "No trend can be told yet". */
import { trendMonthsMin, trendClaimMonthsMin } from './limits.ts'
export { trendMonthsMin, trendClaimMonthsMin } from './limits.ts'
import type { About } from './about.ts'
import { blockSample, bootstrapInterval, type Interval, type Random } from './resample.ts'
import { decompose } from './stl.ts'
import { median } from './street.ts'
import { theilSen, theilSenSlope } from './theil-sen.ts'
import { coverageMin } from '../model/limits.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  trend: {
    title: 'Trend over years',
    formula: 'median of (x_{j} − x_{i}) / (t_{j} − t_{i}) over all pairs of months, seasons taken out (STL)',
    range:
      'from 24 months, claimed from 36; months of 75 % coverage and more; one fixed set of sensors; 95 % interval from ' +
      'a block bootstrap',
    source: 'Carslaw and Ropkins 2012 (openair); Cleveland et al. 1990; Künsch 1989',
    version: 1
  }
} as const satisfies Record<string, About>

export interface MonthMean {
  year: number
  /** 1 to 12. */
  month: number
  mean: number | null
  /** Share of the month that was measured; null where it is not known, and then it does not count. */
  coverage: number | null
}

export interface Trend {
  ok: true
  /** Units of the quantity a year. */
  slopePerYear: number
  /** 95 %, from a bootstrap of blocks of months, widened for the seasons taken out. */
  interval: Interval
  /** Where the line stood in the middle of the first month. */
  start: number
  /** Twice the share of bootstrap slopes on the other side of zero. */
  p: number
  /** Months measured, and months from the first to the last. */
  months: number
  span: number
  /** Seasons taken out, month by month from the first. */
  deseasonalised: number[]
  verdict: 'rising' | 'falling' | 'noTrend' | 'tooShort'
}

export interface NoTrend {
  ok: false
  why: string
}

/** As openair: repeats of the bootstrap, of blocks of n^(1/3) months. */
const repeats = 599

/**
 * Theil–Sen of monthly means after taking the seasons out (STL), with a moving-block bootstrap interval. Months of one
 * fixed set of sensors only: a sensor that joins is no trend. Carslaw and Ropkins 2012 (openair); Cleveland 1990;
 * Künsch 1989. A missing month is filled by a line through the other years of that month, as openair does; therefore at
 * least three quarters of the months must have been measured.
 *
 * STL gives each month of the year a course of its own, over few years nearly a line, and so takes 24 degrees of freedom
 * of the chance that the bootstrap then looks for. Its slopes are therefore spread by √(n/(n − 24)): without it, months
 * of pure chance "have a trend" in 16 of 100 runs over four years instead of 5. openair does without.
 */
export function trend(months: readonly MonthMean[], random: Random): Trend | NoTrend {
  const series = monthsInOrder(months)
  const measured = series.filter((value) => value !== null).length
  const noTrend = (why: string): NoTrend => ({ ok: false, why: `No trend can be told yet: ${why}` })
  if (series.length < trendMonthsMin) {
    return noTrend(
      `it takes ${trendMonthsMin} months to know the seasons, and there ${series.length === 1 ? 'is' : 'are'} ${series.length}.`
    )
  }
  if (measured < series.length * coverageMin) {
    return noTrend(
      `of ${series.length} months only ${measured} ${measured === 1 ? 'was' : 'were'} measured well enough.`
    )
  }
  const filled = fillMonths(series)
  if (filled === null) return noTrend('one month of the year was never measured.')
  const { seasonal } = decompose(filled)
  const deseasonalised = filled.map((value, i) => value - seasonal[i]!)
  const years = deseasonalised.map((_value, i) => i / 12)
  const line = theilSen(years, deseasonalised)!
  const slopes: number[] = []
  const widening = Math.sqrt(years.length / Math.max(years.length - 2 * 12, 6))
  const interval = bootstrapInterval(() => {
    const places = blockSample(years.length, Math.cbrt(years.length), random)
    const slope = theilSenSlope(
      places.map((i) => years[i]!),
      places.map((i) => deseasonalised[i]!)
    )
    if (slope === null) return null
    slopes.push(line.slope + widening * (slope - line.slope))
    return slopes.at(-1)!
  }, repeats)
  if (interval === null) return noTrend('its uncertainty cannot be told.')
  const above = slopes.filter((slope) => slope > 0).length / slopes.length
  const below = slopes.filter((slope) => slope < 0).length / slopes.length
  return {
    ok: true,
    slopePerYear: line.slope,
    interval,
    start: line.intercept,
    p: Math.min(1, 2 * Math.min(1 - above, 1 - below)),
    months: measured,
    span: series.length,
    deseasonalised,
    verdict: verdictOf(interval, series.length)
  }
}

function verdictOf([low, high]: Interval, span: number): Trend['verdict'] {
  if (span < trendClaimMonthsMin) return 'tooShort'
  if (low > 0) return 'rising'
  return high < 0 ? 'falling' : 'noTrend'
}

/** One place for each month from the first measured one to the last; null where too little was measured. */
function monthsInOrder(months: readonly MonthMean[]): (number | null)[] {
  const known = new Map<number, number>()
  for (const { year, month, mean, coverage } of months) {
    if (!isKnown(mean) || !isKnown(coverage) || coverage < coverageMin) continue
    known.set(year * 12 + month - 1, mean)
  }
  if (known.size === 0) return []
  const places = [...known.keys()]
  const first = Math.min(...places)
  return Array.from({ length: Math.max(...places) - first + 1 }, (_, i) => known.get(first + i) ?? null)
}

/** A missing month from a least-squares line through the same month of the other years; null where there is none. */
export function fillMonths(series: readonly (number | null)[]): number[] | null {
  const filled: number[] = []
  for (const [i, value] of series.entries()) {
    const estimate = value ?? sameMonth(series, i)
    if (estimate === null) return null
    filled.push(estimate)
  }
  return filled
}

function sameMonth(series: readonly (number | null)[], at: number): number | null {
  const points = series.flatMap((value, i) =>
    value !== null && i % 12 === at % 12 ? [{ x: i, y: value }] : []
  )
  if (points.length < 3) return median(points.map(({ y }) => y))
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length
  const sxx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const sxy = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  return meanY + (sxy / sxx) * (at - meanX)
}
