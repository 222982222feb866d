/** Time as Lamppost keeps it: UTC milliseconds inside, ISO 8601 with a zone outside, civil days of the hub's zone for people. */

/** Milliseconds since the Unix epoch, UTC. */
export type UnixMs = number & { readonly __unit: 'unixMs' }

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

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

export function hourStart(at: UnixMs): UnixMs {
  return (Math.floor(at / hourMs) * hourMs) as UnixMs
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone)
  if (!known) {
    known = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit'
    })
    formats.set(zone, known)
  }
  return known
}

export function isTimeZone(zone: string): boolean {
  try {
    return format(zone) !== undefined
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
  const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of format(zone).formatToParts(at)) {
    if (type in part) part[type as keyof CivilTime] = Number(value)
  }
  return part
}

/** How far `zone` is ahead of UTC at a moment, in milliseconds (negative west of Greenwich). */
export function zoneAheadMs(at: UnixMs, zone: string): number {
  const c = civilTime(at, zone)
  const wall = Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second)
  return wall - Math.floor(at / secondMs) * secondMs
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
  const c = civilTime(at, zone)
  return fromCivil({ ...c, hour: 0, minute: 0, second: 0 }, zone)
}

/** The next civil midnight after the day that begins at `start`; 23 or 25 hours on when clocks change. */
export function nextDayStart(start: UnixMs, zone: string): UnixMs {
  return dayStart((start + 26 * hourMs) as UnixMs, zone)
}

/** Starts of the civil days that touch [from, until). */
export function dayStarts(from: UnixMs, until: UnixMs, zone: string): UnixMs[] {
  const starts: UnixMs[] = []
  for (let day = dayStart(from, zone); day < until; day = nextDayStart(day, zone)) starts.push(day)
  return starts
}
