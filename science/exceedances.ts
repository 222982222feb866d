/**
 * A year of hourly or daily means against one dated limit: how often above it, the percentile, how much was measured, and
 * a word. The word is never about law or health: low-cost sensors are indicative.
 */
import { holdsOn, civilDay, limitSets, limitValue, type Limit } from './guidelines.ts'
import { quantile } from './street.ts'
import type { RollupColumns, Window } from '../model/columns.ts'
import { dayMs, dayStart, dayStarts, fromCivil, civilTime, hourMs, type UnixMs } from '../model/time.ts'

export interface ExceedancePeriod {
  /** What the means are of. */
  window: Window
  /** At most one year; a civil year where a verdict is wanted. */
  from: UnixMs
  until: UnixMs
  timezone: string
}

export const verdicts = {
  above: 'above',
  notAbove: 'not above',
  notEnoughData: 'not enough data to compare'
} as const
export type Verdict = keyof typeof verdicts

export interface Comparison {
  limitId: string
  /** In the unit of the means. */
  limit: number
  /** Windows with enough coverage while the limit was in force, and all the period has. */
  valid: number
  expected: number
  /** valid / expected. */
  capture: number
  /** Valid windows above the limit; null where the rule is a mean of the whole year. */
  count: number | null
  /** Times that the rule allows in a whole year; null where it allows none by number. */
  allowed: number | null
  /** Of the valid windows: by Decision 97/101/EC, which decides, and by type 7, as charts have it. */
  percentile: { percent: number; decision97: number; type7: number } | null
  mean: number | null
  verdict: Verdict
  sentence: string
  indicative: true
}

type Means = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/** Compares one period; a period of more than a year is a RangeError, since every limit here is a year's. */
export function exceedances(means: Means, limit: Limit, period: ExceedancePeriod): Comparison {
  const { from, until, window, timezone } = period
  if (until - from > 366 * dayMs + hourMs) throw new RangeError('Limits are compared one year at a time.')
  if (limit.averaging !== 'year' && limit.averaging !== window) {
    throw new RangeError(`A limit of one ${limit.averaging} is not compared with means of one ${window}.`)
  }
  const daily = limit.rule.kind === 'percentile' && limit.rule.of === 'dailyMax'
  const values = daily
    ? dailyMaxima(means, limit, period)
    : validMeans(means, limit, period).map(({ mean }) => mean)
  const days = dayStarts(from, until, timezone).length
  const expected = daily || window === 'day' ? days : Math.round((until - from) / hourMs)
  const figures = figuresOf(values, limit, expected)
  const verdict = verdictOf(figures, limit, days >= 365)
  return { ...figures, verdict, sentence: sentenceOf(figures, limit, verdict), indicative: true }
}

/** The same for each civil year that [from, until) touches, each with the whole year as what was to be expected. */
export function exceedancesByYear(
  means: Means,
  limit: Limit,
  { from, until, window, timezone }: ExceedancePeriod
): { year: number; comparison: Comparison }[] {
  const first = civilTime(from, timezone).year
  const last = civilTime((until - 1) as UnixMs, timezone).year
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const [start, end] = [newYear(first + i, timezone), newYear(first + i + 1, timezone)]
    return {
      year: first + i,
      comparison: exceedances(means, limit, { from: start, until: end, window, timezone })
    }
  })
}

/**
 * The percentile of Decision 97/101/EC, Annex I: the k-th smallest value with k = p·N, rounded half up and at least 1.
 * Recalled, not seen in a copy. Of 365 days the 99th percentile is the 361st, so four days may be above it.
 */
export function percentile97(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null
  return values.toSorted((a, b) => a - b)[rank97(values.length, percent) - 1]!
}

function rank97(count: number, percent: number): number {
  return Math.max(1, Math.floor((percent * count) / 100 + 0.5))
}

type Figures = Omit<Comparison, 'verdict' | 'sentence' | 'indicative'>

function figuresOf(values: readonly number[], limit: Limit, expected: number): Figures {
  const highest = limitValue(limit)
  const { rule } = limit
  const percent = rule.kind === 'percentile' ? rule.percent : percentWhenIncomplete(limit)
  const decision97 = percent === undefined ? null : percentile97(values, percent)
  return {
    limitId: limit.id,
    limit: highest,
    valid: values.length,
    expected,
    capture: expected === 0 ? 0 : Math.min(1, values.length / expected),
    count: rule.kind === 'mean' ? null : values.filter((value) => value > highest).length,
    allowed: rule.kind === 'mean' ? null : allowedOf(limit, expected),
    percentile:
      percent === undefined || decision97 === null
        ? null
        : { percent, decision97, type7: quantile(values, percent / 100)! },
    mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }
}

function percentWhenIncomplete({ rule }: Limit): number | undefined {
  return rule.kind === 'allowed' ? rule.percentileWhenIncomplete : undefined
}

function allowedOf({ rule }: Limit, expected: number): number | null {
  if (rule.kind === 'allowed') return rule.timesAYear
  return rule.kind === 'percentile' ? expected - rank97(expected, rule.percent) : null
}

/** Share of a year below which nothing but a count that is already too high can be said. */
const captureLeast = 0.75

function verdictOf(figures: Figures, limit: Limit, wholeYear: boolean): Verdict {
  const { count, allowed, capture, percentile, mean } = figures
  const { rule } = limit
  // More measuring cannot undo what was measured, so a count that is too high needs no capture; of a part of a year
  // a percentile allows fewer days than of the year, so there it does.
  if (rule.kind === 'allowed' && count! > allowed!) return 'above'
  if (rule.kind === 'percentile' && wholeYear && count! > allowed!) return 'above'
  if (!wholeYear) return 'notEnoughData'
  if (capture >= limit.captureMin) {
    if (rule.kind === 'mean') return mean! > figures.limit ? 'above' : 'notAbove'
    return rule.kind === 'allowed' || percentile!.decision97 <= figures.limit ? 'notAbove' : 'above'
  }
  if (percentWhenIncomplete(limit) === undefined || capture < captureLeast) return 'notEnoughData'
  return percentile!.decision97 > figures.limit ? 'above' : 'notAbove'
}

function sentenceOf(figures: Figures, limit: Limit, verdict: Verdict): string {
  const { valid, count, allowed, percentile, mean } = figures
  const percentOf = Math.floor(figures.capture * 100)
  const shown = (value: number): string =>
    `${Math.round(value * 10) / 10} ${limit.unit === 'ppb' ? 'µg/m³' : limit.unit}`
  const windows = limit.rule.kind === 'percentile' && limit.rule.of === 'dailyMax' ? 'day' : limit.averaging
  const what =
    count === null
      ? `The mean is ${mean === null ? 'unknown' : shown(mean)}, the limit ${shown(figures.limit)} over a year`
      : `${count} of ${valid} ${windows}s were above ${shown(figures.limit)}; ${allowed} a year may be`
  const middle =
    percentile === null ? '' : `; the ${percentile.percent}th percentile is ${shown(percentile.decision97)}`
  const years = limit.years > 1 ? ` The limit is a mean of ${limit.years} years, and this is one.` : ''
  const word = `${verdicts[verdict][0]!.toUpperCase()}${verdicts[verdict].slice(1)}`
  return `${what}${middle}; ${percentOf} % was measured. ${word} (indicative). ${limitSets[limit.set]}.${years}`
}

/** Means with enough coverage, in the period, on days when the limit was in force. */
function validMeans(means: Means, limit: Limit, period: ExceedancePeriod): { time: UnixMs; mean: number }[] {
  const found = new Map<UnixMs, number>()
  let day = { start: NaN, end: NaN, holds: false }
  for (const [i, time] of means.time.entries()) {
    const [mean, coverage] = [means.mean[i] ?? null, means.coverage[i] ?? null]
    if (time < period.from || time >= period.until) continue
    if (mean === null || coverage === null || coverage < limit.coverageMin) continue
    if (!(time >= day.start && time < day.end)) day = dayOf(time, limit, period.timezone)
    if (day.holds) found.set(time, mean)
  }
  return [...found].map(([time, mean]) => ({ time, mean }))
}

// Looked up once a day and not once an hour: calendars are slow. 20 hours are within the shortest day.
function dayOf(time: UnixMs, limit: Limit, timezone: string): { start: number; end: number; holds: boolean } {
  const start = dayStart(time, timezone)
  return { start, end: start + 20 * hourMs, holds: holdsOn(limit, civilDay(time, timezone)) }
}

/** The highest hour of each civil day that has 18 valid ones. */
function dailyMaxima(means: Means, limit: Limit, period: ExceedancePeriod): number[] {
  const days = new Map<UnixMs, number[]>()
  for (const { time, mean } of validMeans(means, limit, period)) {
    const day = dayStart(time, period.timezone)
    days.set(day, [...(days.get(day) ?? []), mean])
  }
  return [...days.values()].filter((hours) => hours.length >= 18).map((hours) => Math.max(...hours))
}

function newYear(year: number, timezone: string): UnixMs {
  return fromCivil({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }, timezone)
}
