/** One site's years beside the dated limits that held in them, and the table of those limits. */
import { yearsMax } from '../limits.ts'
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin } from '../../model/limits.ts'
import { definitionOf, rawOf, type Quantity } from '../../model/quantity.ts'
import { civilTime, clockHours, fromCivil, hourMs, type ClockHours, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { designComparison } from '../../science/design-value.ts'
import { exceedances, type Comparison } from '../../science/exceedances.ts'
import {
  civilDay,
  holdsOn,
  limitedAir,
  limits,
  limitSets,
  type Averaging,
  type Limit
} from '../../science/guidelines.ts'
import { compareNoise, noiseDays, noisePeriods } from '../../science/noise-days.ts'
import { notesOf } from '../left-out.ts'
import { FiguresRefusal } from '../refusal.ts'
import { reachOf } from './reach.ts'
import { rounded } from '../unit.ts'
import { requireSite } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import type { LimitComparison, LimitEntry, SiteExceedances } from '../../contract/exceedances.ts'
import { daysOf, validHours } from './hours.ts'
import { quarterHours } from './quarter-hours.ts'
import { counted } from '../../model/counted.ts'

export interface ExceedancesQuery {
  quantity: Quantity
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
}

const airQuantities: readonly Quantity[] = limitedAir

/** Whole civil years: every limit is a year's, and a year that still runs says so by its capture. */
export async function siteExceedances(
  deps: PeriodDeps,
  siteId: string,
  query: ExceedancesQuery
): Promise<SiteExceedances> {
  const { quantity, timezone } = query
  requireSite(deps, siteId)
  if (quantity !== 'laeq' && !airQuantities.includes(rawOf(quantity))) {
    throw new FiguresRefusal(
      'parameterBad',
      `is ${quantity}, for which there is no limit. There are limits for: ${[...airQuantities, 'laeq'].join(', ')}, raw or corrected.`,
      'quantity'
    )
  }
  const reach = await reachOf(deps, [siteId], quantity, timezone)
  const from = query.from ?? reach?.from
  const until = query.until ?? reach?.until
  const years = from === undefined || until === undefined ? [] : yearsOf({ from, until }, timezone)
  const comparisons: LimitComparison[] = []
  const hoursOf = hoursByYear(deps, siteId, query)
  const quartersOf = (year: Year): Promise<MeanColumns> =>
    quarterHours(deps.readings, { siteId, quantity }, year)
  const reader = { hoursOf, quartersOf, clock: clockHours(deps.timezone) }
  for (const year of years) comparisons.push(...(await compareYear(reader, query, year)))
  return {
    site: siteId,
    quantity,
    unit: definitionOf(quantity).unit,
    timezone,
    comparisons,
    indicative: true,
    ...(await notesOf(deps.readings, [siteId], quantity, rangeOfYears(years))),
    reason: comparisons.length > 0 ? null : noComparison(years)
  }
}

function rangeOfYears(years: readonly Year[]): TimeRange | undefined {
  const [first, last] = [years[0], years.at(-1)]
  return first && last && { from: first.from, until: last.until }
}

function noComparison(years: readonly Year[]): string {
  const [first, last] = [years[0], years.at(-1)]
  if (!first || !last) return 'Nothing was measured that could be compared.'
  return `No limit that this hub knows was in force from ${first.year} to ${last.year}, or too little was measured.`
}

interface Year extends TimeRange {
  year: number
}

function yearsOf({ from, until }: TimeRange, timezone: string): Year[] {
  const first = civilTime(from, timezone).year
  const last = civilTime((until - 1) as UnixMs, timezone).year
  if (last - first >= yearsMax) {
    throw new FiguresRefusal('rangeTooLong', `Limits are compared over at most ${yearsMax} years at once.`)
  }
  return yearsTo(last, last - first + 1, timezone)
}

/** The `count` civil years up to and with `last`. */
function yearsTo(last: number, count: number, timezone: string): Year[] {
  const newYear = (year: number): UnixMs =>
    fromCivil({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }, timezone)
  return Array.from({ length: count }, (_, i) => {
    const year = last - count + 1 + i
    return { year, from: newYear(year), until: newYear(year + 1) }
  })
}

type HoursOf = (year: Year) => Promise<MeanColumns>

/** Each year's hours are read once, though a limit that is a mean of three years looks at each of them three times. */
function hoursByYear(deps: PeriodDeps, siteId: string, { quantity }: ExceedancesQuery): HoursOf {
  const known = new Map<number, Promise<MeanColumns>>()
  const read = async ({ from, until }: Year): Promise<MeanColumns> => {
    // A day's night belongs to the day on which it begins, so the last one reaches into the next year; eight hours belong to
    // the day on which they end, so the first reach back.
    const period = {
      from: clockHours(deps.timezone).hourStart(from - 8 * hourMs),
      until: (until + 8 * hourMs) as UnixMs
    }
    const query = { siteIds: [siteId], quantities: [quantity], window: 'hour', ...period } as const
    const [hours = { time: [], mean: [], coverage: [] }] = await deps.readings.means(query)
    return hours
  }
  return (year) => {
    const hours = known.get(year.year) ?? read(year)
    known.set(year.year, hours)
    return hours
  }
}

interface YearReader {
  hoursOf: HoursOf
  /** Means of quarters of an hour. */
  quartersOf: HoursOf
  /** Of whose hours they are. */
  clock: ClockHours
}

async function compareYear(
  reader: YearReader,
  query: ExceedancesQuery,
  year: Year
): Promise<LimitComparison[]> {
  const { quantity, timezone } = query
  if (quantity === 'laeq') return noiseYear(reader, year, timezone)
  const comparisons: LimitComparison[] = []
  for (const limit of limits.filter((one) => one.quantity === rawOf(quantity))) {
    if (holdsIn(limit, year, timezone)) comparisons.push(await compareLimit(reader, query, year, limit))
  }
  return comparisons
}

async function compareLimit(
  { hoursOf, quartersOf, clock }: YearReader,
  { quantity, timezone }: ExceedancesQuery,
  year: Year,
  limit: Limit
): Promise<LimitComparison> {
  // A mean of years is one of the quarters' days (40 CFR Part 50, Appendix N, 4.4).
  const isOfDays = limit.averaging === 'day' || (limit.averaging === 'year' && limit.years > 1)
  const window = isOfDays ? 'day' : limit.averaging === '15minutes' ? '15minutes' : 'hour'
  const meansOf = async (of: Year): Promise<MeanColumns> => {
    if (window === '15minutes') return quartersOf(of)
    const hours = await hoursOf(of)
    return window === 'day' ? daysOf(validHours(hours), of, quantity, { timezone, clock }) : hours
  }
  if (limit.years === 1) {
    const { from, until } = year
    return shown(
      year,
      limit,
      exceedances(await meansOf(year), limit, { window, from, until, timezone, clock })
    )
  }
  const together: MeanColumns = { time: [], mean: [], coverage: [] }
  for (const of of yearsTo(year.year, limit.years, timezone)) {
    const { time, mean, coverage } = await meansOf(of)
    together.time = together.time.concat(time)
    together.mean = together.mean.concat(mean)
    together.coverage = together.coverage.concat(coverage)
  }
  return shown(year, limit, designComparison(together, limit, { year: year.year, window, timezone, clock }))
}

/** A mean of years is held against the limit that holds when the last of them ends. */
function holdsIn(limit: Limit, { from, until }: TimeRange, timezone: string): boolean {
  if (limit.years > 1) return holdsOn(limit, civilDay((until - 1) as UnixMs, timezone))
  const [first, after] = [civilDay(from, timezone), civilDay(until, timezone)]
  return limit.from < after && (limit.until === null || first < limit.until)
}

/** Of less than three quarters of a year there is no mean and no percentile; a count is what was counted. */
function shown({ year }: Year, limit: Limit, found: Comparison): LimitComparison {
  const { valid, expected, capture, count, allowed, verdict, own, years } = found
  const enough = capture >= coverageMin
  const percent = Math.floor(capture * 100)
  return {
    year,
    limit: entryOf(limit),
    value: rounded(found.limit) ?? limit.value,
    valid,
    expected,
    coverage: rounded(capture) ?? 0,
    count,
    allowed,
    percentile: enough && found.percentile ? found.percentile : null,
    mean: enough ? rounded(found.mean) : null,
    years: years && { ...years, value: rounded(years.value) },
    verdict,
    own,
    sentence:
      enough || count !== null
        ? found.sentence
        : `${percent} % of the year was measured: not enough data to compare (indicative). ${limitSets[limit.set]}.`,
    indicative: true
  }
}

async function noiseYear(
  { hoursOf, clock }: YearReader,
  of: Year,
  timezone: string
): Promise<LimitComparison[]> {
  const { year, from, until } = of
  const { time, mean, coverage } = await hoursOf(of)
  const lengthMs = time.map((hour) => clock.hourEnd(hour) - hour)
  const series = { time, level: mean, coverage, stepMs: hourMs, lengthMs }
  const periods = noisePeriods(noiseDays(series, from, until, timezone))
  const enough = periods.coverage >= coverageMin
  return compareNoise(periods, from, timezone).map(({ limit, level, verdict, sentence }) => ({
    year,
    limit: entryOf(limit),
    value: limit.value,
    valid: periods.days,
    expected: periods.expectedDays,
    coverage: rounded(periods.coverage) ?? 0,
    count: null,
    allowed: null,
    percentile: null,
    mean: enough ? rounded(level) : null,
    years: null,
    verdict,
    own: null,
    sentence: enough
      ? sentence
      : `${periods.days} of ${counted(periods.expectedDays, 'day')} measured: not enough data to compare (indicative). ${limitSets[limit.set]}.`,
    indicative: true
  }))
}

export function guidelines(): LimitEntry[] {
  return limits.map(entryOf)
}

function entryOf(limit: Limit): LimitEntry {
  const { id, set, quantity, averaging, years, value, unit, roundedTo, from, until, source, note, grade } =
    limit
  return {
    id,
    set,
    title: limitSets[set],
    quantity,
    averaging,
    years,
    value,
    unit,
    compared: rounded(limit.stored) ?? value,
    roundedTo,
    rule: ruleOf(limit),
    interim: [...limit.interim],
    captureMin: limit.captureMin,
    coverageMin: limit.coverageMin,
    ownCaptureMin: limit.ownCaptureMin,
    from,
    until,
    source,
    note,
    grade,
    unchecked: [...limit.unchecked]
  }
}

/** What a limit looks at. */
const averagingText: Record<Averaging, string> = {
  '15minutes': 'the mean of a quarter of an hour',
  hour: 'the mean of an hour',
  '8hours': 'the highest mean of eight hours of a day',
  day: 'the mean of a day',
  year: 'the mean of a year'
}

function ruleOf({ rule, averaging, years }: Limit): string {
  const together = years > 1 ? `, as a mean of ${years} years` : ''
  switch (rule.kind) {
    case 'mean':
      return `the ${averaging === 'year' ? 'year' : averagingText[averaging]}'s mean may not be above it${together}`
    case 'allowed':
      return rule.timesAYear === 0
        ? `${averagingText[averaging]} may not be above it${together}`
        : `it may be exceeded ${rule.timesAYear === 1 ? 'once' : `${rule.timesAYear} times`} a year${together}, by ${averagingText[averaging]}`
    case 'percentile':
      return rule.of === 'dailyMax'
        ? `the ${rule.percent}th percentile (${rule.by}) of a year's daily highest hours may not be above it${together}`
        : `the ${rule.percent}th percentile (${rule.by}) of a year may not be above it${together}`
  }
}
