/** How an ordinary day and week look: means by hour, weekday and month in local time, each with its interval. */
import { profileDaysMin } from './limits.ts'
export { profileDaysMin } from './limits.ts'
import type { About } from './about.ts'
import { blockSample, bootstrapInterval, type Interval, type Random } from './resample.ts'
import { median } from './street.ts'
import { coverageMin } from '../model/limits.ts'
import type { RollupColumns } from '../model/columns.ts'
import { civilTime, clockHours, dayMs, type CivilTime, type ClockHours } from '../model/time.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  profile: {
    title: 'A typical day or week',
    formula: 'mean of each hour of the local clock over all its days, weighed by the time measured',
    range: '95 % interval from five days up, by a block bootstrap of days',
    source: 'after timeVariation of openair (Carslaw and Ropkins 2012)',
    version: 2
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
  /** Fewer sites with a value have no middle. */
  sitesMin?: number
  /** Of whose hours the means are, where it is not that of the zone. */
  clock?: ClockHours
}

/** Hourly means of one site. */
export type SiteHours = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/** As openair's timeVariation. */
const repeats = 100

/**
 * Profile of the hours of one site, or the middle of several, by the local clock. Each hour weighs by the time measured in
 * it, so that the mean of a month is the mean of its readings, as a summary has it; 75 % of the hours that went in must have
 * been measured. The interval resamples days and not hours, since the hours of a day are alike (openair's timeVariation
 * resamples hours, and its intervals are narrower); in blocks of n^(1/3) days, since so are the days that follow each other.
 */
export function profile(
  sites: readonly SiteHours[],
  { by, timezone, average, random, sitesMin = 1, clock = clockHours(timezone) }: ProfileOptions
): ProfilePoint[] {
  const groups = new Map<string, Group>()
  for (const point of emptyPoints(by)) {
    groups.set(keyOf(point), { point, sites: sites.map(() => ({ days: new Map(), hoursMs: 0 })) })
  }
  sites.forEach((hours, site) => {
    for (const [i, time] of hours.time.entries()) {
      const [mean, coverage] = [hours.mean[i] ?? null, hours.coverage[i] ?? null]
      if (!isKnown(mean) || !isKnown(coverage) || coverage <= 0) continue
      const lengthMs = clock.hourEnd(time) - time
      const civil = civilTime(time, timezone)
      const share = groups.get(keyOf(placeOf(civil, by)))!.sites[site]!
      addHour(share, dayNumber(civil), average === 'energy' ? 10 ** (mean / 10) : mean, coverage * lengthMs)
      share.hoursMs += lengthMs
    }
  })
  return [...groups.values()].map((group) => filledPoint(group, { average, random, sitesMin }))
}

interface Group {
  point: ProfilePoint
  sites: SiteShare[]
}

/** What a site brings to a point of the profile. */
interface SiteShare {
  /** By the number of the day: values times the time measured, and that time. */
  days: Map<number, Weighed>
  /** All the time of its hours, measured or not. */
  hoursMs: number
}

interface Weighed {
  sum: number
  measuredMs: number
}

function addHour({ days }: SiteShare, day: number, value: number, measuredMs: number): void {
  const known = days.get(day) ?? { sum: 0, measuredMs: 0 }
  known.sum += value * measuredMs
  known.measuredMs += measuredMs
  days.set(day, known)
}

function filledPoint(
  { point, sites }: Group,
  { average, random, sitesMin }: Pick<ProfileOptions, 'average' | 'random'> & { sitesMin: number }
): ProfilePoint {
  const counted = sites.filter(isMeasured)
  if (counted.length < sitesMin) return point
  // A day counts when enough sites have it, and whatever they have on it is in their means.
  const siteDays = counted.flatMap(({ days }) => [...days.keys()])
  const days = [...Map.groupBy(siteDays, (day) => day)]
    .flatMap(([day, on]) => (on.length >= sitesMin ? [day] : []))
    .toSorted((a, b) => a - b)
  const columns = counted.map((site) => days.map((day) => site.days.get(day)))
  const middleOf = (places: readonly number[]): number | null => {
    const means = columns.map((column) => meanOver(column, places)).filter((mean) => mean !== null)
    if (means.length < sitesMin) return null
    return median(average === 'energy' ? means.map((mean) => 10 * Math.log10(mean)) : means)
  }
  const interval =
    days.length < profileDaysMin
      ? null
      : bootstrapInterval(() => middleOf(blockSample(days.length, Math.cbrt(days.length), random)), repeats)
  return { ...point, mean: middleOf([...days.keys()]), interval, days: days.length }
}

function isMeasured({ days, hoursMs }: SiteShare): boolean {
  let measuredMs = 0
  for (const day of days.values()) measuredMs += day.measuredMs
  return days.size > 0 && measuredMs >= hoursMs * coverageMin
}

function meanOver(column: readonly (Weighed | undefined)[], places: readonly number[]): number | null {
  let [sum, measuredMs] = [0, 0]
  for (const place of places) {
    const day = column[place]
    if (!day) continue
    sum += day.sum
    measuredMs += day.measuredMs
  }
  return measuredMs > 0 ? sum / measuredMs : null
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
