/** Hours of one place with enough coverage, and the days and months made of them in whatever zone was asked for. */
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { dayStarts, nextDayStart, type ClockHours, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { energyMean } from '../../science/noise.ts'
import { meanDirection } from '../../science/wind.ts'

/** By the moment at which each begins, oldest first: hours of the hub's clock. */
export type Hours = ReadonlyMap<UnixMs, number>

/** An hour counts from 75 % of its readings up. */
export function validHours(means: MeanColumns | undefined): Hours {
  const valid = new Map<UnixMs, number>()
  means?.time.forEach((time, i) => {
    const mean = means.mean[i] ?? null
    if (mean !== null && (means.coverage[i] ?? 0) >= coverageMin) valid.set(time, mean)
  })
  return valid
}

/** Means of the civil days of a zone, which need not be the hub's `clock`: each from 18 valid hours or more. */
export function daysOf(
  hours: Hours,
  range: TimeRange,
  quantity: Quantity,
  { timezone, clock }: { timezone: string; clock: ClockHours }
): MeanColumns {
  const periods = dayStarts(range.from, range.until, timezone).map((day) => ({
    from: day,
    until: nextDayStart(day, timezone)
  }))
  return periodMeans({ hours, clock }, periods, quantity, dayValidHoursMin)
}

/**
 * Means of the hours that begin in each period, with the share of its time that they are; null below `hoursMin` of them.
 * Periods are in order, and none overlaps another.
 */
export function periodMeans(
  { hours, clock }: { hours: Hours; clock: ClockHours },
  periods: readonly TimeRange[],
  quantity: Quantity,
  hoursMin = 1
): MeanColumns {
  const columns: MeanColumns = { time: [], mean: [], coverage: [] }
  const all = [...hours]
  let next = 0
  for (const { from, until } of periods) {
    const values: number[] = []
    let countedMs = 0
    while (next < all.length && all[next]![0] < from) next++
    for (; next < all.length && all[next]![0] < until; next++) {
      const [hour, mean] = all[next]!
      values.push(mean)
      countedMs += clock.hourEnd(hour) - hour
    }
    columns.time.push(from)
    columns.mean.push(values.length >= hoursMin ? meanOf(quantity, values) : null)
    columns.coverage.push(Math.min(1, countedMs / (until - from)))
  }
  return columns
}

/** Hours of equal weight as one value, as the quantity is averaged; null without any. */
export function meanOf(quantity: Quantity, values: readonly number[]): number | null {
  if (values.length === 0) return null
  switch (definitionOf(quantity).average) {
    case 'arithmetic':
      return values.reduce((sum, value) => sum + value, 0) / values.length
    case 'energy':
      return energyMean(values)
    case 'max':
      return values.reduce((a, b) => Math.max(a, b))
    case 'min':
      return values.reduce((a, b) => Math.min(a, b))
    case 'vector':
      return meanDirection(values)
    case 'none':
      return null
  }
}
