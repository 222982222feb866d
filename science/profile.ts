/** How an ordinary day and week look: means by hour, weekday and month in local time, each with its interval. */
import { profileDaysMin } from './limits.ts'
export { profileDaysMin } from './limits.ts'
import type { About } from './about.ts'
import { energyMean } from './noise.ts'
import { blockSample, bootstrapInterval, type Interval, type Random } from './resample.ts'
import { coverageMin } from '../model/limits.ts'
import type { RollupColumns } from '../model/columns.ts'
import { civilTime, dayMs, type CivilTime } from '../model/time.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  profile: {
    title: 'A typical day or week',
    formula: 'mean of each hour of the local clock over all its days',
    range: '95 % interval from five days up, by a block bootstrap of days',
    source: 'after timeVariation of openair (Carslaw and Ropkins 2012)',
    version: 1
  }
} as const satisfies Record<string, About>

export const profileBy = ['hour', 'weekday', 'weekday-hour', 'month'] as const
export type ProfileBy = (typeof profileBy)[number]

export interface ProfilePoint {
  /** 0 to 23; null where the profile has no hours. */
  hour: number | null
  /** 1 Monday to 7 Sunday (ISO 8601). */
  weekday: number | null
  /** 1 to 12. */
  month: number | null
  mean: number | null
  /** 95 %; null below `profileDaysMin` days. */
  interval: Interval | null
  /** Days that went in: an hour of the profile is of one hour a day. */
  days: number
}

export interface ProfileOptions {
  by: ProfileBy
  timezone: string
  /** Decibels are averaged as energy. */
  average: 'arithmetic' | 'energy'
  random: Random
}

/** As openair's timeVariation. */
const repeats = 100

/**
 * Profile of hourly means with at least 75 % coverage, by the local clock. The interval resamples days and not hours,
 * since the hours of a day are alike (openair's timeVariation resamples hours, and its intervals are narrower); in
 * blocks of n^(1/3) days, since so are the days that follow each other.
 */
export function profile(
  hours: Pick<RollupColumns, 'time' | 'mean' | 'coverage'>,
  { by, timezone, average, random }: ProfileOptions
): ProfilePoint[] {
  const groups = new Map<string, { point: ProfilePoint; days: Map<number, number[]> }>()
  for (const empty of emptyPoints(by)) groups.set(keyOf(empty), { point: empty, days: new Map() })
  for (const [i, time] of hours.time.entries()) {
    const [mean, coverage] = [hours.mean[i] ?? null, hours.coverage[i] ?? null]
    if (!isKnown(mean) || !isKnown(coverage) || coverage < coverageMin) continue
    const civil = civilTime(time, timezone)
    const { days } = groups.get(keyOf(placeOf(civil, by)))!
    const day = dayNumber(civil)
    const known = days.get(day)
    if (known) known.push(mean)
    else days.set(day, [mean])
  }
  return [...groups.values()].map(({ point, days }) => filledPoint(point, days, average, random))
}

function filledPoint(
  point: ProfilePoint,
  days: ReadonlyMap<number, readonly number[]>,
  average: ProfileOptions['average'],
  random: Random
): ProfilePoint {
  const meanOf = average === 'energy' ? energyMean : arithmeticMean
  const perDay = [...days].toSorted(([a], [b]) => a - b).map(([, values]) => meanOf(values)!)
  const interval =
    perDay.length < profileDaysMin
      ? null
      : bootstrapInterval(
          () => meanOf(blockSample(perDay.length, Math.cbrt(perDay.length), random).map((i) => perDay[i]!)),
          repeats
        )
  return { ...point, mean: meanOf(perDay), interval, days: perDay.length }
}

function arithmeticMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

type Place = Pick<ProfilePoint, 'hour' | 'weekday' | 'month'>

function keyOf({ hour, weekday, month }: Place): string {
  return `${hour}/${weekday}/${month}`
}

function placeOf(civil: CivilTime, by: ProfileBy): Place {
  return {
    hour: by === 'hour' || by === 'weekday-hour' ? civil.hour : null,
    weekday: by === 'weekday' || by === 'weekday-hour' ? weekdayOf(civil) : null,
    month: by === 'month' ? civil.month : null
  }
}

function emptyPoints(by: ProfileBy): ProfilePoint[] {
  const none = { hour: null, weekday: null, month: null, mean: null, interval: null, days: 0 }
  const hours = Array.from({ length: 24 }, (_, hour) => hour)
  const weekdays = [1, 2, 3, 4, 5, 6, 7]
  switch (by) {
    case 'hour':
      return hours.map((hour) => ({ ...none, hour }))
    case 'weekday':
      return weekdays.map((weekday) => ({ ...none, weekday }))
    case 'weekday-hour':
      return weekdays.flatMap((weekday) => hours.map((hour) => ({ ...none, weekday, hour })))
    case 'month':
      return Array.from({ length: 12 }, (_, i) => ({ ...none, month: i + 1 }))
  }
}

/** Days since 1970-01-01 of the civil calendar, which was a Thursday. */
function dayNumber({ year, month, day }: CivilTime): number {
  return Math.round(Date.UTC(year, month - 1, day) / dayMs)
}

function weekdayOf(civil: CivilTime): number {
  return ((((dayNumber(civil) + 3) % 7) + 7) % 7) + 1
}
