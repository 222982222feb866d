/** Time as Lamppost keeps it: UTC milliseconds inside, ISO 8601 with a zone outside, hours and days of the hub's zone for people. */
import { clockHours, formatOf } from './clock-hours.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from './moment.ts'

export { clockHours, type ClockHours, type ClockPeriod, type ClockSpan } from './clock-hours.ts'
export { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from './moment.ts'

/** Where code asks what time it is. The system's clock is named once, here; everything else is handed one. */
export interface Clock {
  now(): UnixMs
}

export const systemClock: Clock = { now: () => Date.now() as UnixMs }

const isoZoned =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}(?::?\d{2})?)$/

/**
 * Reads ISO 8601 with a zone ("2026-11-22T10:00:00Z", "2026-11-22T11:00+01:00"). A time without a zone is not a
 * moment, so it gives undefined; so does a date that the calendar does not have (30 February).
 */
export function parseIsoZoned(text: string): UnixMs | undefined {
  const match = isoZoned.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone = 'Z'] = match
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const wall = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second, ms)
  const back = new Date(wall)
  const offsetMs = zoneOffsetMs(zone)
  const real =
    offsetMs !== undefined &&
    back.getUTCFullYear() === +year! &&
    back.getUTCMonth() === +month! - 1 &&
    back.getUTCDate() === +day! &&
    +hour! < 24 &&
    +minute! < 60 &&
    +second < 60
  if (!real) return undefined
  return (wall - offsetMs) as UnixMs
}

/** What a JavaScript date, and so every program that reads our times, can hold (ECMA-262, 21.4.1.1). */
const unixMsMax = 8.64e15

/**
 * The moment that a person or a program names: ISO 8601 with a zone, Unix milliseconds, or a bare date, which is the
 * midnight at which that civil day of `zone` begins. undefined for anything else.
 */
export function readMoment(text: string, zone: string): UnixMs | undefined {
  if (/^-?\d{1,16}$/.test(text) && Math.abs(Number(text)) <= unixMsMax) return Number(text) as UnixMs
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseIsoZoned(text)
  if (parseIsoZoned(`${text}T00:00:00Z`) === undefined) return undefined
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  return fromCivil({ year, month, day, hour: 0, minute: 0, second: 0 }, zone)
}

/** No clock on Earth is further than 14 hours from UTC; RFC 3339 allows up to 23:59, and so do we. */
function zoneOffsetMs(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const [hours, rest] = [Number(digits.slice(0, 2)), Number(digits.slice(2))]
  if (hours > 23 || rest > 59) return undefined
  const minutes = hours * 60 + rest
  return (zone[0] === '-' ? -minutes : minutes) * minuteMs
}

/** Unix seconds or milliseconds: below 1e11 it is seconds (1e11 s is the year 5138; 1e11 ms is March 1973). */
export function fromUnixNumber(value: number): UnixMs {
  return Math.round(Math.abs(value) < 1e11 ? value * 1_000 : value) as UnixMs
}

/** "2026-11-22T10:00:00.000Z": how every export and every API answer writes a moment. */
export function toIso(at: UnixMs): string {
  return new Date(at).toISOString()
}

/** An hour of UTC. Those of people are of their clock: see `clockHours`. */
export function hourStart(at: UnixMs): UnixMs {
  return (Math.floor(at / hourMs) * hourMs) as UnixMs
}

export function isTimeZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined
  } catch {
    return false // Intl answers an unknown zone with a RangeError, and nothing else.
  }
}

export interface CivilTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/** What the clock on the wall shows in `zone` at a moment; month 1 to 12. */
export function civilTime(at: UnixMs, zone: string): CivilTime {
  const wall = new Date(at + zoneAheadMs(at, zone))
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds()
  }
}

/** How far `zone` is ahead of UTC at a moment, in milliseconds (negative west of Greenwich). */
export function zoneAheadMs(at: UnixMs, zone: string): number {
  return clockHours(zone).aheadMs(at)
}

/** The moment a wall clock in `zone` shows the given time; of two (clocks going back) the first, of none the one after the gap. */
export function fromCivil(civil: CivilTime, zone: string): UnixMs {
  const wall = Date.UTC(civil.year, civil.month - 1, civil.day, civil.hour, civil.minute, civil.second)
  const before = wall - zoneAheadMs((wall - dayMs) as UnixMs, zone)
  if (zoneAheadMs(before as UnixMs, zone) === wall - before) return before as UnixMs
  const after = wall - zoneAheadMs((wall + dayMs) as UnixMs, zone)
  if (zoneAheadMs(after as UnixMs, zone) === wall - after) return after as UnixMs
  return before as UnixMs
}

/** Midnight at which the civil day of `at` begins in `zone`. */
export function dayStart(at: UnixMs, zone: string): UnixMs {
  return clockHours(zone).dayStart(at)
}

/** The beginning of the civil day so many months earlier; of a day that the earlier month does not have, of its last day. */
export function monthsBefore(at: UnixMs, months: number, zone: string): UnixMs {
  const { year, month, day } = civilTime(at, zone)
  const daysOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
  const first = new Date(Date.UTC(year, month - 1 - months, Math.min(day, daysOfMonth)))
  return fromCivil(
    {
      year: first.getUTCFullYear(),
      month: first.getUTCMonth() + 1,
      day: first.getUTCDate(),
      hour: 0,
      minute: 0,
      second: 0
    },
    zone
  )
}

/** The next civil midnight after the day that begins at `start`; 23 or 25 hours on when clocks change. */
export function nextDayStart(start: UnixMs, zone: string): UnixMs {
  return clockHours(zone).dayEnd(start)
}

/** Starts of the civil days that touch [from, until). */
export function dayStarts(from: UnixMs, until: UnixMs, zone: string): UnixMs[] {
  const starts: UnixMs[] = []
  for (let day = dayStart(from, zone); day < until; day = nextDayStart(day, zone)) starts.push(day)
  return starts
}
