/**
 * A year of hourly or daily means against one dated limit: how often above it, the percentile, how much was measured, and
 * a word. The word is never about law or health: low-cost sensors are indicative.
 */
import { roundHalfUp } from './air.ts'
import { civilDay, holdsOn, isAbove, limitSets, type Limit, type PercentileBy } from './guidelines.ts'
import { dailyHighestEights, eightHours } from './running-hours.ts'
import { quantile } from './street.ts'
import { percentileBy, timesAbove } from './year-percentile.ts'
import type { RollupColumns, Window } from '../model/columns.ts'
import { dayValidHoursMin } from '../model/limits.ts'
import {
  dayMs,
  dayStart,
  dayStarts,
  fromCivil,
  civilTime,
  hourMs,
  minuteMs,
  type ClockHours,
  type UnixMs
} from '../model/time.ts'
import { counted } from '../model/counted.ts'
import { isKnown } from '../model/known.ts'

export type ComparedWindow = Window | '15minutes'

export interface ExceedancePeriod {
  /** What the means are of. */
  window: ComparedWindow
  /** At most one year; a civil year where a verdict is wanted. */
  from: UnixMs
  until: UnixMs
  timezone: string
  /** Of whose hours the means are, where it is not that of the zone. */
  clock?: ClockHours
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
  /** Of the valid windows: by the law that decides, and by type 7, as charts have it. */
  percentile: { percent: number; by: PercentileBy; value: number; type7: number } | null
  mean: number | null
  /** Of a limit that is a mean of several years; null of a limit of one (design-value.ts). */
  years: YearsTogether | null
  verdict: Verdict
  /** The verdict by the share of a year that whoever made the limit goes by in practice; null where that is ours. */
  own: OwnVerdict | null
  sentence: string
  indicative: true
}

export interface OwnVerdict {
  captureMin: number
  verdict: Verdict
}

export interface YearsTogether {
  /** Years that the limit is a mean of, and those of them that were measured well enough. */
  needed: number
  known: number
  /** Mean of the years' figures, unrounded, in the unit of the means or in times a year; null unless all are known. */
  value: number | null
}

export type Means = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/**
 * Compares one period; a period of more than a year is a RangeError, since every limit here is a year's. Of a limit that
 * is a mean of several years one year decides nothing: `designComparison` has those.
 */
export function exceedances(means: Means, limit: Limit, period: ExceedancePeriod): Comparison {
  const values = valuesIn(means, limit, period).map(({ value }) => value)
  const figures = figuresOf(values, limit, expectedIn(limit, period))
  const wholeYear = dayStarts(period.from, period.until, period.timezone).length >= 365
  const verdictBy = (captureMin: number): Verdict =>
    limit.years > 1 ? 'notEnoughData' : verdictOf(figures, { ...limit, captureMin }, wholeYear)
  const verdict = verdictBy(limit.captureMin)
  const own = limit.ownCaptureMin
  return {
    ...figures,
    verdict,
    own: own === null ? null : { captureMin: own, verdict: verdictBy(own) },
    sentence: sentenceOf(
      figures,
      limit,
      verdict,
      own === null ? undefined : { captureMin: own, verdict: verdictBy(own) }
    ),
    indicative: true
  }
}

export interface TimedValue {
  time: UnixMs
  value: number
}

/** What the rule looks at: valid means, or the highest hour of each valid day. */
export function valuesIn(means: Means, limit: Limit, period: ExceedancePeriod): TimedValue[] {
  const { from, until, window } = period
  if (until - from > 366 * dayMs + hourMs) throw new RangeError('Limits are compared one year at a time.')
  if (!windowsOf(limit).includes(window)) {
    throw new RangeError(`A limit of one ${limit.averaging} is not compared with means of one ${window}.`)
  }
  if (limit.averaging === '8hours') return dailyEights(means, limit, period)
  return isOfDailyMax(limit) ? dailyMaxima(means, limit, period) : validMeans(means, limit, period)
}

/** Means of which a limit can be compared. Those of a quarter of an hour are brought by whoever reads readings (`15minutes`). */
function windowsOf({ averaging }: Limit): readonly ComparedWindow[] {
  if (averaging === 'year') return ['hour', 'day']
  return [averaging === '8hours' ? 'hour' : averaging]
}

function isOfDailyMax({ rule, averaging }: Limit): boolean {
  return averaging === '8hours' || (rule.kind === 'percentile' && rule.of === 'dailyMax')
}

/** How many of them the whole period has. */
export function expectedIn(limit: Limit, { from, until, window, timezone }: ExceedancePeriod): number {
  if (isOfDailyMax(limit) || window === 'day') return dayStarts(from, until, timezone).length
  return Math.round((until - from) / (window === 'hour' ? hourMs : 15 * minuteMs))
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

export type Figures = Omit<Comparison, 'verdict' | 'own' | 'sentence' | 'indicative'>

export function figuresOf(values: readonly number[], limit: Limit, expected: number): Figures {
  const highest = limit.stored
  const { rule } = limit
  const asked = percentileAsked(limit)
  const value = asked && percentileBy(values, asked.percent, asked.by)
  return {
    limitId: limit.id,
    limit: highest,
    valid: values.length,
    expected,
    capture: expected === 0 ? 0 : Math.min(1, values.length / expected),
    count: rule.kind === 'mean' ? null : values.filter((one) => countsAsAbove(limit, one)).length,
    allowed: rule.kind === 'mean' ? null : allowedOf(limit, expected),
    percentile:
      asked === null || value === null
        ? null
        : { ...asked, value, type7: quantile(values, asked.percent / 100)! },
    mean: values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length,
    years: null
  }
}

// Where times are counted each is rounded before; where a percentile decides only that is, at the end.
export function countsAsAbove(limit: Limit, value: number): boolean {
  return isAbove(limit.rule.kind === 'allowed' ? limit : { ...limit, roundedTo: null }, value)
}

function percentileAsked({ rule }: Limit): { percent: number; by: PercentileBy } | null {
  if (rule.kind === 'percentile') return { percent: rule.percent, by: rule.by }
  const percent = rule.kind === 'allowed' ? rule.percentileWhenIncomplete : undefined
  return percent === undefined ? null : { percent, by: 'Decision 97/101/EC' }
}

function allowedOf({ rule }: Limit, expected: number): number | null {
  if (rule.kind === 'allowed') return rule.timesAYear
  return rule.kind === 'percentile' ? timesAbove(expected, rule.percent, rule.by) : null
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
    if (rule.kind === 'allowed') return 'notAbove'
    return isAbove(limit, rule.kind === 'mean' ? mean! : percentile!.value) ? 'above' : 'notAbove'
  }
  const standsForCount = rule.kind === 'allowed' && percentile !== null && capture >= captureLeast
  if (!standsForCount) return 'notEnoughData'
  return isAbove(limit, percentile.value) ? 'above' : 'notAbove'
}

function sentenceOf(figures: Figures, limit: Limit, verdict: Verdict, own: OwnVerdict | undefined): string {
  const { valid, count, allowed, percentile, mean } = figures
  const highest = amountText(figures.limit, limit)
  const what =
    count === null
      ? `The mean is ${mean === null ? 'unknown' : amountText(mean, limit)}, the limit ${highest} over a year`
      : `${count} of ${windowsText(valid, limit)} ${count === 1 ? 'was' : 'were'} above ${highest}; ${allowed} a year may be`
  const middle =
    percentile === null
      ? ''
      : `; the ${percentile.percent}th percentile is ${amountText(percentile.value, limit)}`
  const years = limit.years > 1 ? ` The limit is a mean of ${limit.years} years, and this is one.` : ''
  return `${what}${middle}; ${captureText(figures)} was measured. ${verdictText(verdict, limit)}${ownText(verdict, own)}${years}`
}

/** Said where the two differ: nobody should find out elsewhere that a year has a verdict after all. */
export function ownText(verdict: Verdict, own: OwnVerdict | undefined): string {
  if (!own || own.verdict === verdict) return ''
  return ` By the ${Math.round(own.captureMin * 100)} % of a year that the UK goes by: ${verdicts[own.verdict]}.`
}

export function windowsText(count: number, limit: Limit): string {
  const { averaging } = limit
  if (averaging === '15minutes') return counted(count, 'quarter-hour')
  return counted(count, isOfDailyMax(limit) || averaging === '8hours' ? 'day' : averaging)
}

export function captureText({ capture }: Pick<Figures, 'capture'>): string {
  return `${Math.floor(capture * 100)} %`
}

export function verdictText(verdict: Verdict, limit: Limit): string {
  const word = `${verdicts[verdict][0]!.toUpperCase()}${verdicts[verdict].slice(1)}`
  return `${word} (indicative). ${limitSets[limit.set]}.`
}

/** Decimals beyond which a difference from the limit is of the arithmetic and not of the air. */
const decimalsMost = 6

/** A figure to a tenth, or with the digits that show on which side of the limit it is: "40.003 µg/m³", never "40" above 40. */
export function amountText(figure: number, limit: Limit): string {
  const highest = limit.stored
  const differs = Math.abs(figure - highest) > highest * 1e-9
  const rounded = (decimals: number): number => roundHalfUp(figure, decimals)
  let decimals = 1
  while (differs && decimals < decimalsMost && rounded(decimals) === roundHalfUp(highest, decimals))
    decimals++
  return `${rounded(decimals)} ${limit.unit === 'ppb' ? 'µg/m³' : limit.unit}`
}

/** Means with enough coverage, in the period, on days when the limit was in force. */
function validMeans(means: Means, limit: Limit, period: ExceedancePeriod): TimedValue[] {
  const found = new Map<UnixMs, number>()
  let day = { start: NaN, end: NaN, holds: false }
  for (const [i, time] of means.time.entries()) {
    const [mean, coverage] = [means.mean[i] ?? null, means.coverage[i] ?? null]
    if (time < period.from || time >= period.until) continue
    if (!isKnown(mean) || !isKnown(coverage) || coverage < limit.coverageMin) continue
    if (!(time >= day.start && time < day.end)) day = dayOf(time, limit, period.timezone)
    if (day.holds) found.set(time, mean)
  }
  return [...found].map(([time, value]) => ({ time, value }))
}

// Looked up once a day and not once an hour: calendars are slow. 20 hours are within the shortest day.
function dayOf(time: UnixMs, limit: Limit, timezone: string): { start: number; end: number; holds: boolean } {
  const start = dayStart(time, timezone)
  // A mean of years is held against the limit of its last one, so its earlier years count from before it.
  const holds = limit.years > 1 || holdsOn(limit, civilDay(time, timezone))
  return { start, end: start + 20 * hourMs, holds }
}

/** The highest hour of each civil day that has 18 valid ones. */
function dailyMaxima(means: Means, limit: Limit, period: ExceedancePeriod): TimedValue[] {
  const days = new Map<UnixMs, number[]>()
  for (const { time, value } of validMeans(means, limit, period)) {
    const day = dayStart(time, period.timezone)
    const known = days.get(day)
    if (known) known.push(value)
    else days.set(day, [value])
  }
  return [...days]
    .filter(([, hours]) => hours.length >= dayValidHoursMin)
    .map(([time, hours]) => ({ time, value: Math.max(...hours) }))
}

/** The highest mean of eight hours that ends on each day; the first of a day reach back into the one before. */
function dailyEights(means: Means, limit: Limit, period: ExceedancePeriod): TimedValue[] {
  const from = (period.from - eightHours.hours * hourMs) as UnixMs
  const hours = validMeans(means, { ...limit, years: Infinity }, { ...period, from })
  return dailyHighestEights(hours, period.timezone, period.clock).filter(
    ({ time }) => time >= period.from && time < period.until && dayOf(time, limit, period.timezone).holds
  )
}

function newYear(year: number, timezone: string): UnixMs {
  return fromCivil({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }, timezone)
}
