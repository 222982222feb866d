/** Means of eight hours, as limits of ozone and carbon monoxide are about: recalculated each hour, the highest of each day. */
import type { About } from './about.ts'
import { clockHours, dayStart, hourMs, type ClockHours, type UnixMs } from '../model/time.ts'

/** What the page of methods says of these. */
export const about = {
  eightHours: {
    title: 'Highest mean of eight hours of a day',
    formula: 'max( ( c_{h−7} + … + c_{h} ) / 8 ) over the hours h of a day',
    range:
      'six of the eight hours, and eighteen such means of a day; each belongs to the day on which it ends',
    source: 'Directive 2008/50/EC, Annex XI; SI 2010/1001, schedules 2 and 3',
    version: 1
  }
} as const satisfies Record<string, About>

export const eightHours = { hours: 8, hoursMin: 6, meansOfDayMin: 18 } as const

export interface TimedMean {
  /** Start of the hour, or end of the eight hours. */
  time: UnixMs
  value: number
}

/**
 * For each hour of the clock whose hours these are the mean of it and of the seven before, at its end; absent where fewer
 * than six of them are there. Oldest first.
 */
export function runningEights(hours: readonly TimedMean[], clock: ClockHours): TimedMean[] {
  const [first, last] = [hours[0]?.time, hours.at(-1)?.time]
  if (first === undefined || last === undefined) return []
  const known = new Map(hours.map(({ time, value }) => [time, value]))
  const all = clock.hours(first, (last + eightHours.hours * hourMs) as UnixMs)
  return all.flatMap(({ until }, i) => {
    const eight = all.slice(Math.max(0, i + 1 - eightHours.hours), i + 1)
    const there = eight.map(({ start }) => known.get(start)).filter((value) => value !== undefined)
    if (there.length < eightHours.hoursMin) return []
    return [{ time: until, value: there.reduce((sum, value) => sum + value, 0) / there.length }]
  })
}

/** The highest of the means that end on each civil day which has eighteen of them; the day at its start. */
export function dailyHighestEights(
  hours: readonly TimedMean[],
  timezone: string,
  clock = clockHours(timezone)
): TimedMean[] {
  const days = new Map<UnixMs, number[]>()
  let day = { start: NaN as UnixMs, until: NaN }
  for (const { time: end, value } of runningEights(hours, clock)) {
    // The mean that ends at midnight is the last of the day that it ends.
    const last = (end - 1) as UnixMs
    if (!(last >= day.start && last < day.until)) {
      const start = dayStart(last, timezone)
      day = { start, until: start + 20 * hourMs }
    }
    const values = days.get(day.start)
    if (values) values.push(value)
    else days.set(day.start, [value])
  }
  return [...days].flatMap(([time, values]) =>
    values.length >= eightHours.meansOfDayMin ? [{ time, value: Math.max(...values) }] : []
  )
}
