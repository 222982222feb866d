/** Numbers, units, moments and ages as people read them, in the page's language and the hub's time zone. */
import { quantities, type Quantity } from '../../model/quantity.ts'
import { dayMs, hourMs, minuteMs, dayStart, type UnixMs } from '../../model/time.ts'
import { words } from './words/words.ts'

/** No-break space: a value and its unit stay on one line. */
const nbsp = '\u00a0'

export function numberText(value: number, decimals: number): string {
  return formatter(decimals).format(value).replace('-', '−')
}

const formatters = new Map<number, Intl.NumberFormat>()

function formatter(decimals: number): Intl.NumberFormat {
  const known =
    formatters.get(decimals) ??
    new Intl.NumberFormat(words.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  formatters.set(decimals, known)
  return known
}

/** A middle of several sensors, rounded to what it can bear: whole µg/m³, dB, %; tenths of a degree. */
export function middleText(quantity: Quantity, value: number): string {
  return numberText(value, quantities[quantity].unit === '°C' ? 1 : 0)
}

/** One reading, with the decimals of its quantity, so that a host finds the number that was sent. */
export function readingText(quantity: Quantity, value: number): string {
  return numberText(value, quantities[quantity].decimals)
}

export function withUnit(text: string, unit: string): string {
  if (unit === '1' || unit === '') return text
  return unit === '%' ? `${text}%` : `${text}${nbsp}${words.units[unit] ?? unit}`
}

/** What an axis says: the unit alone, or nothing for a bare index. */
export function unitLabel(unit: string): string {
  return unit === '1' ? '' : (words.units[unit] ?? unit)
}

/** "just now", "3 minutes ago", "5 days ago". */
export function ageText(at: number, now: number): string {
  const age = now - at
  if (age < minuteMs) return words.justNow
  const relative = new Intl.RelativeTimeFormat(words.locale, { numeric: 'always' })
  if (age < hourMs) return relative.format(-Math.floor(age / minuteMs), 'minute')
  if (age < 2 * dayMs) return relative.format(-Math.floor(age / hourMs), 'hour')
  if (age < 60 * dayMs) return relative.format(-Math.floor(age / dayMs), 'day')
  if (age < 730 * dayMs) return relative.format(-Math.floor(age / (30.44 * dayMs)), 'month')
  return relative.format(-Math.floor(age / (365.25 * dayMs)), 'year')
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

export function dateText(at: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = zone + JSON.stringify(options)
  const known =
    dateFormats.get(key) ??
    new Intl.DateTimeFormat(words.locale, { timeZone: zone, hourCycle: 'h23', ...options })
  dateFormats.set(key, known)
  return known.format(at)
}

const clock = { hour: '2-digit', minute: '2-digit' } as const
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const

/** "14:05" today, "Mon 23 Nov, 14:05" this half year, "31 May 2019, 14:05" before. */
export function momentText(at: number, now: number, zone: string): string {
  if (dayStart(at as UnixMs, zone) === dayStart(now as UnixMs, zone)) return dateText(at, zone, clock)
  if (Math.abs(now - at) < 180 * dayMs) return `${dateText(at, zone, day)}, ${dateText(at, zone, clock)}`
  return `${longDayText(at, zone)}, ${dateText(at, zone, clock)}`
}

/** "31 May 2019". */
export function longDayText(at: number, zone: string): string {
  return dateText(at, zone, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** A row's or a read-out's time: the hour, or the whole day. */
export function windowText(at: number, window: 'raw' | 'hour' | 'day' | 'night', zone: string): string {
  const date = dateText(at, zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  return window === 'raw' || window === 'hour' ? `${date}, ${dateText(at, zone, clock)}` : date
}
