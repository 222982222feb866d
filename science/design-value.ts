/**
 * Limits that are a mean of three years: the "design values" of 40 CFR Part 50, Appendices K (PM10), N (PM2.5) and S (NO2).
 * Each year gives one figure, and only the mean of all of them, rounded, is held against the limit.
 */
import { roundHalfUp } from './air.ts'
import {
  amountText,
  captureText,
  countsAsAbove,
  expectedIn,
  figuresOf,
  valuesIn,
  verdictText,
  windowsText,
  type Comparison,
  type ExceedancePeriod,
  type Figures,
  type Means,
  type Verdict,
  type YearsTogether
} from './exceedances.ts'
import { isAbove, type Limit } from './guidelines.ts'
import { percentileBy } from './year-percentile.ts'
import { fromCivil, type UnixMs } from '../model/time.ts'
import { counted } from '../model/counted.ts'

export interface DesignYears extends Pick<ExceedancePeriod, 'window' | 'timezone' | 'clock'> {
  /** The last of the years. */
  year: number
}

/**
 * The year and those before it against a limit that is a mean of `limit.years`. A year counts when each of its quarters
 * has 75 % of its days (Appendix N, 4.1; S, 3.2; K, 2.3). With fewer years there is a verdict only where the ones there
 * are above whatever the others were: times that were counted cannot be taken back.
 */
export function designComparison(means: Means, limit: Limit, { year, ...of }: DesignYears): Comparison {
  const quartersOf = (ofYear: number): Quarter[] => quarters(means, limit, { ...of, year: ofYear })
  const years = Array.from({ length: limit.years }, (_, i) => quartersOf(year - limit.years + 1 + i))
  const known = years.map((one) => yearFigure(one, limit)).filter((one) => one !== null)
  const all = known.length === limit.years
  const value = all ? known.reduce((sum, one) => sum + one, 0) / limit.years : null
  const together: YearsTogether = { needed: limit.years, known: known.length, value }
  const own = years.at(-1)!
  const figures: Figures = {
    ...figuresOf(
      own.flatMap(({ values }) => values),
      limit,
      own.reduce((sum, { expected }) => sum + expected, 0)
    ),
    years: together
  }
  const verdict = verdictOf(together, limit, countedAtLeast(years, limit))
  return {
    ...figures,
    verdict,
    // Years are counted by their quarters here, and nobody is known to go by another share of those.
    own: null,
    sentence: sentenceOf(figures, together, limit, verdict, year),
    indicative: true
  }
}

interface Quarter {
  values: number[]
  expected: number
}

function quarters(means: Means, limit: Limit, { year, ...of }: DesignYears): Quarter[] {
  const startOf = (quarter: number): UnixMs =>
    fromCivil(
      {
        year: year + Math.floor(quarter / 4),
        month: 1 + 3 * (quarter % 4),
        day: 1,
        hour: 0,
        minute: 0,
        second: 0
      },
      of.timezone
    )
  return [0, 1, 2, 3].map((quarter) => {
    const period = { ...of, from: startOf(quarter), until: startOf(quarter + 1) }
    const values = valuesIn(means, limit, period).map(({ value }) => value)
    return { values, expected: expectedIn(limit, period) }
  })
}

/** Mean of the quarters' means, percentile, or times above it; null where a quarter has too little. */
function yearFigure(of: readonly Quarter[], limit: Limit): number | null {
  if (of.some(({ values, expected }) => values.length < expected * limit.captureMin)) return null
  const { rule } = limit
  switch (rule.kind) {
    case 'mean':
      return sumOf(of.map(({ values }) => sumOf(values) / values.length)) / of.length
    case 'percentile':
      return percentileBy(
        of.flatMap(({ values }) => values),
        rule.percent,
        rule.by
      )
    case 'allowed':
      // Days without a mean are taken to be like the others of their quarter (Appendix K, 3.1).
      return sumOf(of.map(({ values, expected }) => (timesIn(values, limit) * expected) / values.length))
  }
}

function timesIn(values: readonly number[], limit: Limit): number {
  return values.filter((value) => countsAsAbove(limit, value)).length
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Times a year if nothing beyond what was counted was above it; null where no times are counted. */
function countedAtLeast(years: readonly (readonly Quarter[])[], limit: Limit): number | null {
  if (limit.rule.kind !== 'allowed') return null
  return sumOf(years.flat().map(({ values }) => timesIn(values, limit))) / limit.years
}

function verdictOf({ value }: YearsTogether, limit: Limit, atLeast: number | null): Verdict {
  if (limit.rule.kind === 'allowed') {
    const times = value ?? atLeast!
    // To a tenth, 0.05 up (Appendix K, 2.1).
    if (roundHalfUp(times, 1) > limit.rule.timesAYear) return 'above'
    return value === null ? 'notEnoughData' : 'notAbove'
  }
  if (value === null) return 'notEnoughData'
  return isAbove(limit, value) ? 'above' : 'notAbove'
}

function sentenceOf(
  figures: Figures,
  { needed, known, value }: YearsTogether,
  limit: Limit,
  verdict: Verdict,
  year: number
): string {
  const first = year - needed + 1
  const { valid, percentile, mean, count } = figures
  const highest = amountText(figures.limit, limit)
  const own =
    limit.rule.kind === 'mean'
      ? `The mean of ${year} is ${mean === null ? 'unknown' : amountText(mean, limit)}`
      : limit.rule.kind === 'allowed'
        ? `${count} of ${windowsText(valid, limit)} of ${year} ${count === 1 ? 'was' : 'were'} above ${highest}`
        : `The ${limit.rule.percent}th percentile of ${year} is ${percentile === null ? 'unknown' : amountText(percentile.value, limit)}`
  const limitText =
    limit.rule.kind === 'allowed'
      ? `${limit.rule.timesAYear} a year may be as a mean of ${needed} years`
      : `the limit ${highest} as a mean of ${needed} years`
  const together =
    value === null
      ? `of ${first} to ${year} ${counted(known, 'year')} ${known === 1 ? 'was' : 'were'} measured well enough`
      : `that mean of ${first} to ${year} is ${limit.rule.kind === 'allowed' ? roundHalfUp(value, 1) : amountText(value, limit)}`
  const end =
    verdict === 'notEnoughData'
      ? `Cannot be told yet: ${verdictText(verdict, limit).replace(/^N/, 'n')}`
      : `${roundingText(limit)}${verdictText(verdict, limit)}`
  return `${own}, ${limitText}; ${together}; ${captureText(figures)} of ${year} was measured. ${end}`
}

/** A mean a little above a limit that counts as not above it must say why. */
function roundingText({ roundedTo, unit, rule }: Limit): string {
  if (roundedTo === null) return ''
  const step = `rounded to ${roundedTo} ${unit}`
  return rule.kind === 'allowed' ? `Each day is ${step}. ` : `Compared ${step}. `
}
