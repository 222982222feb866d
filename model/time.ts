/** Time as Lamppost keeps it: UTC milliseconds inside, ISO 8601 with a zone outside, hours and days of the hub's zone for people. */
import { clockHours, formatOf } from './clock-hours.ts'
import { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from './moment.ts'

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
  return isoOfUsualZone(text) ?? isoOfAnyZone(text)
}

/**
 * `2026-11-22T10:00:00Z` or `…+00:00`, with or without a fraction: what nearly every device writes, without a regular expression.
 * What is undefined here may still be a time.
 */
function isoOfUsualZone(text: string): UnixMs | undefined {
  const isUtc = text.charCodeAt(text.length - 1) === 0x5a
  const end = text.length - (isUtc ? 1 : 6)
  if (end !== 19 && (end < 21 || end > 29)) return undefined
  const offsetMs = isUtc ? 0 : colonOffsetMs(text, end)
  const wallMs = wallClockMs(text)
  if (wallMs === undefined || offsetMs === undefined) return undefined
  if (end === 19) return (wallMs - offsetMs) as UnixMs
  if (text.charCodeAt(19) !== 0x2e) return undefined
  let ms = 0
  for (let i = 20; i < 23 || i < end; i++) {
    const digit = i < end ? text.charCodeAt(i) - 0x30 : 0
    if (digit < 0 || digit > 9) return undefined
    if (i < 23) ms = ms * 10 + digit
  }
  return (wallMs + ms - offsetMs) as UnixMs
}

/** `+02:00` at the end of a text. */
function colonOffsetMs(text: string, from: number): number | undefined {
  const sign = text.charCodeAt(from)
  if ((sign !== 0x2b && sign !== 0x2d) || text.charCodeAt(from + 3) !== 0x3a) return undefined
  const hours = twoDigits(text, from + 1)
  const minutes = twoDigits(text, from + 4)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined
  return (sign === 0x2d ? -1 : 1) * (hours * hourMs + minutes * minuteMs)
}

/** The first 19 characters, `2026-11-22T10:00:00` or with a space, as if they were UTC; undefined if they are no time. */
export function wallClockMs(text: string): number | undefined {
  const separator = text.charCodeAt(10)
  if (
    (separator !== 0x54 && separator !== 0x20) ||
    text.charCodeAt(4) !== 0x2d ||
    text.charCodeAt(7) !== 0x2d ||
    text.charCodeAt(13) !== 0x3a ||
    text.charCodeAt(16) !== 0x3a
  )
    return undefined
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  if (year < 100 || month < 1 || month > 12 || day < 1 || (day > 28 && day > daysInMonth(year, month)))
    return undefined
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined
  return daysSince1970(year, month, day) * dayMs + hour * hourMs + minute * minuteMs + second * secondMs
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Years that begin in March have their odd day at the end (howardhinnant.github.io/date_algorithms.html, days_from_civil). */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const leapDays = ((marchYear / 4) | 0) - ((marchYear / 100) | 0) + ((marchYear / 400) | 0)
  const dayOfYear = (((month + (month > 2 ? -3 : 9)) * 153 + 2) / 5) | 0
  return marchYear * 365 + leapDays + dayOfYear + day - 719_469
}

/** Far below zero where one of them is no digit: NaN would make numbers with a fraction of them all, which are slower. */
function twoDigits(text: string, from: number): number {
  const tens = text.charCodeAt(from) - 0x30
  const ones = text.charCodeAt(from + 1) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100_000
}

function isoOfAnyZone(text: string): UnixMs | undefined {
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

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "30 Nov 2026, 21:14", as people who look after a hub read times: by its own clock. */
export function spokenTime(at: UnixMs, zone: string): string {
  const { year, month, day, hour, minute } = civilTime(at, zone)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${day} ${monthNames[month - 1]} ${year}, ${two(hour)}:${two(minute)}`
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
