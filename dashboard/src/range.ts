/** Which stretch of time a street's page shows, as its address says it. Days are civil days of the hub's zone. */
import { clockHours, dayMs, dayStart, fromCivil, nextDayStart, type UnixMs } from '../../model/time.ts'
import type { ChartWindow } from '../../words/guideline.ts'

export const rangeNames = ['24h', '7d', '30d', '90d', 'year', 'custom'] as const
export type RangeName = (typeof rangeNames)[number]

export interface Range {
  name: RangeName
  from: number
  until: number
}

const presetDays: Record<Exclude<RangeName, 'custom'>, number> = {
  '24h': 1,
  '7d': 7,
  '30d': 30,
  '90d': 90,
  year: 365
}

export const rangeDefault = '7d' satisfies RangeName

/**
 * Reads ?range=, and for a custom one ?from= and ?until= as dates, the last day included. What cannot be read (an old
 * or mistyped link) gives the default range rather than an error: the page then says which time it shows.
 */
export function rangeOf(params: URLSearchParams, now: number, zone: string): Range {
  const name = rangeNames.find((known) => known === params.get('range')) ?? rangeDefault
  if (name !== 'custom') return preset(name, now, zone)
  const from = dateStart(params.get('from'), zone)
  const last = dateStart(params.get('until'), zone)
  if (from === undefined || last === undefined || last < from) return preset(rangeDefault, now, zone)
  return { name, from, until: nextDayStart(last, zone) }
}

/** Short ranges begin at a full hour, long ones at midnight, so that the first point is a whole one. */
function preset(name: Exclude<RangeName, 'custom'>, now: number, zone: string): Range {
  const start = (now - presetDays[name] * dayMs) as UnixMs
  const from = presetDays[name] <= 7 ? clockHours(zone).hourStart(start) : dayStart(start, zone)
  return { name, from, until: now }
}

/** Midnight of "2026-11-05" in `zone`; undefined for what is no date. */
export function dateStart(text: string | null, zone: string): UnixMs | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '')
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const calendar = new Date(Date.UTC(year, month - 1, day))
  if (calendar.getUTCMonth() !== month - 1 || calendar.getUTCDate() !== day) return undefined
  return fromCivil({ year, month, day, hour: 0, minute: 0, second: 0 }, zone)
}

/** "2026-11-05", the form of addresses and of date fields. */
export function isoDate(at: number, zone: string): string {
  // Sweden writes dates as ISO 8601 does, which makes its locale the shortest way to that form in a zone.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at)
}

const days = (range: Range): number => (range.until - range.from) / dayMs

/** Points a person may choose for a range: hours up to about three months, days from three days on, nights for noise. */
export function windowsFor(range: Range, nights: boolean): Exclude<ChartWindow, 'raw'>[] {
  const windows: Exclude<ChartWindow, 'raw'>[] = []
  if (days(range) <= 93) windows.push('hour')
  if (days(range) >= 3) windows.push('day')
  // A night is made from the hours of each sensor, so nights reach as far as hours do.
  if (nights && days(range) >= 3 && days(range) <= 93) windows.push('night')
  return windows
}

/** The points of ?window= where the range has them, else hours up to a fortnight and days beyond. */
export function windowOf(
  params: URLSearchParams,
  range: Range,
  nights: boolean
): Exclude<ChartWindow, 'raw'> {
  const offered = windowsFor(range, nights)
  const asked = offered.find((window) => window === params.get('window'))
  if (asked) return asked
  return days(range) <= 14 ? 'hour' : 'day'
}
