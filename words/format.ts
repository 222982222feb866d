/** Numbers, units, moments and ages as people read them, in the language of the reader and the hub's time zone. */
import { quantities, type Quantity } from '../model/quantity.ts'
import { dayMs, hourMs, minuteMs, dayStart, type UnixMs } from '../model/time.ts'
import { roundHalfUp } from '../science/air.ts'
import type { Chapters, TextContext } from './words.ts'

type Formats = Chapters<'common'>
type Moment = TextContext<'common'>

/** No-break space: a value and its unit stay on one line. */
const nbsp = '\u00a0'

export function numberText({ common }: Formats, value: number, decimals: number): string {
  return numberFormat(common.locale, decimals).format(value).replace('-', '−')
}

/** A median of several sensors, rounded to what it can bear: whole µg/m³, dB, %; tenths of a degree. */
export function middleText(words: Formats, quantity: Quantity, value: number): string {
  return numberText(words, value, quantities[quantity].unit === '°C' ? 1 : 0)
}

/**
 * A whole number, but a tenth where rounding would hide on which side of one of `edges` the value lies: 15.4 beside a
 * guideline of 15 is not "15".
 */
export function wholeText(words: Formats, value: number, edges: readonly number[]): string {
  const whole = roundHalfUp(value)
  const isHidden = edges.includes(whole) && value !== whole
  return numberText(
    words,
    isHidden ? roundHalfUp(value, 1) : whole,
    isHidden && roundHalfUp(value, 1) !== whole ? 1 : 0
  )
}

/** One reading, with the decimals of its quantity, so that a host finds the number that was sent. */
export function readingText(words: Formats, quantity: Quantity, value: number): string {
  return numberText(words, value, quantities[quantity].decimals)
}

export function withUnit({ common }: Formats, text: string, unit: string): string {
  if (unit === '1' || unit === '') return text
  return unit === '%' ? common.percent(text) : `${text}${nbsp}${common.units[unit] ?? unit}`
}

/** What an axis says: the unit alone, or nothing for a bare index. */
export function unitLabel({ common }: Formats, unit: string): string {
  return unit === '1' ? '' : (common.units[unit] ?? unit)
}

/** "58 MB", decimal as disks are sold. */
export function bytesText({ common }: Formats, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** step
  return new Intl.NumberFormat(common.locale, {
    style: 'unit',
    unit: units[step]!,
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0
  }).format(value)
}

/** Cut and not rounded, so that 74.9% does not read as the 75% that a mean needs. */
export function shareText(words: Formats, share: number): string {
  return words.common.percent(numberText(words, Math.floor(share * 100 + 1e-9), 0))
}

/** "just now", "3 minutes ago", "5 days ago". */
export function ageText({ words, now }: Moment, at: number): string {
  const age = now - at
  if (age < minuteMs) return words.common.justNow
  const relative = new Intl.RelativeTimeFormat(words.common.locale, { numeric: 'always' })
  if (age < hourMs) return relative.format(-Math.floor(age / minuteMs), 'minute')
  if (age < 2 * dayMs) return relative.format(-Math.floor(age / hourMs), 'hour')
  if (age < 60 * dayMs) return relative.format(-Math.floor(age / dayMs), 'day')
  if (age < 730 * dayMs) return relative.format(-Math.floor(age / (30.44 * dayMs)), 'month')
  return relative.format(-Math.floor(age / (365.25 * dayMs)), 'year')
}

const clock = { hour: '2-digit', minute: '2-digit' } as const
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const

type DateContext = Pick<Moment, 'words' | 'zone'>

export function dateText(
  { words, zone }: DateContext,
  at: number,
  options: Intl.DateTimeFormatOptions
): string {
  return dateFormat(words.common.locale, zone, options).format(at)
}

/** "14:05". */
export function clockText(context: DateContext, at: number): string {
  return dateText(context, at, clock)
}

/** "14:05" today, "Mon 23 Nov, 14:05" within half a year, "31 May 2019, 14:05" otherwise. */
export function momentText(context: Moment, at: number): string {
  const { now } = context
  if (isSameDay(context, at)) return clockText(context, at)
  const date = Math.abs(now - at) < 180 * dayMs ? dateText(context, at, day) : longDayText(context, at)
  return `${date}, ${clockText(context, at)}`
}

export function isSameDay({ zone, now }: Pick<Moment, 'zone' | 'now'>, at: number): boolean {
  return dayStart(at as UnixMs, zone) === dayStart(now as UnixMs, zone)
}

/** "31 May 2019". */
export function longDayText(context: DateContext, at: number): string {
  return dateText(context, at, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** The time of a row or a read-out: the hour, or the whole day. */
export function windowText(
  context: DateContext,
  at: number,
  window: 'raw' | 'hour' | 'day' | 'night'
): string {
  const date = dateText(context, at, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  return window === 'raw' || window === 'hour' ? `${date}, ${clockText(context, at)}` : date
}

// Making a formatter costs some 50 µs, and a table has thousands of cells; there are few locales, zones and forms.
const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function numberFormat(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`
  const known =
    numberFormats.get(key) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  numberFormats.set(key, known)
  return known
}

function dateFormat(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`
  const known =
    dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options })
  dateFormats.set(key, known)
  return known
}
