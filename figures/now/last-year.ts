/**
 * The last 12 months of a street beside the guideline in force, pure: what stands beside every level, so that one day's
 * word is not taken for what a street is like. Days (nights, for sound) as medians of its outdoor sites, as charts have them.
 */
import type { LastYear } from '../../contract/street.ts'
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import { rawOf, type Quantity } from '../../model/quantity.ts'
import { dayStart, dayStarts, toIso, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { isAbove, limitsAt, type Limit } from '../../science/guidelines.ts'
import { nights } from '../../science/nights.ts'
import { energyMean } from '../../science/noise.ts'
import { acrossSites } from '../../science/street.ts'

/** Of corrected values too: a street's level may be theirs. */
export const lastYearQuantities = [
  'pm2_5',
  'pm2_5_corrected',
  'pm10',
  'pm10_corrected',
  'no2',
  'no2_corrected',
  'laeq'
] as const satisfies readonly Quantity[]

export type LastYearQuantity = (typeof lastYearQuantities)[number]

export function isLastYearQuantity(quantity: Quantity): quantity is LastYearQuantity {
  return (lastYearQuantities as readonly Quantity[]).includes(quantity)
}

/** Which rollups a year is made of: a night is 23 to 07, so it needs hours. */
export function windowOfYear(quantity: LastYearQuantity): 'hour' | 'day' {
  return quantity === 'laeq' ? 'hour' : 'day'
}

export interface YearRange {
  /** A midnight; 12 months to the last one, which is the end: the day that still runs is not counted. */
  from: UnixMs
  until: UnixMs
  timezone: string
}

/** undefined where no day has a street value. */
export function lastYear(
  quantity: LastYearQuantity,
  sites: readonly MeanColumns[],
  range: YearRange
): LastYear | undefined {
  return quantity === 'laeq' ? yearOfNights(sites, range) : yearOfDays(quantity, sites, range)
}

function yearOfDays(
  quantity: Exclude<LastYearQuantity, 'laeq'>,
  sites: readonly MeanColumns[],
  range: YearRange
): LastYear | undefined {
  const { time, median } = acrossSites(sites)
  const days = time.flatMap((at, i) => {
    const value = median[i] ?? null
    return value === null || at < range.from || at >= range.until ? [] : [{ at, value }]
  })
  if (days.length === 0) return undefined
  const mean = days.reduce((sum, { value }) => sum + value, 0) / days.length
  const judged = days.flatMap(({ at, value }) => {
    const limit = dayLimit(quantity, at, range.timezone)
    return limit ? [isAbove(limit, value)] : []
  })
  return {
    ...counted(days, range),
    mean: finiteToDecimals(mean, figureDecimals),
    daysAbove: judged.length === 0 ? null : judged.filter(Boolean).length
  }
}

function dayLimit(quantity: Quantity, at: UnixMs, timezone: string): Limit | undefined {
  const raw = rawOf(quantity)
  if (raw !== 'pm2_5' && raw !== 'pm10' && raw !== 'no2') return undefined
  return limitsAt(raw, at, timezone).find(({ set, averaging }) => set === 'who-2021' && averaging === 'day')
}

/** The guideline for nights is a year's average, so no single night is held against it. */
function yearOfNights(sites: readonly MeanColumns[], range: YearRange): LastYear | undefined {
  const { time, median } = nights(sites, range.from, range.until, range.timezone)
  const found = time.flatMap((at, i) => {
    const value = median[i] ?? null
    return value === null ? [] : [{ at: at as UnixMs, value }]
  })
  const mean = energyMean(found.map(({ value }) => value))
  if (mean === null) return undefined
  return { ...counted(found, range), mean: finiteToDecimals(mean, figureDecimals), daysAbove: null }
}

/** From the first day with a value: a street that is measured since May is not called unmeasured for the months before. */
function counted(days: readonly { at: UnixMs }[], { until, timezone }: YearRange) {
  const from = dayStart(days[0]!.at, timezone)
  return {
    from: toIso(from),
    until: toIso(until),
    days: days.length,
    daysExpected: dayStarts(from, until, timezone).length
  }
}
