/** From the pieces of a written time to what the clock showed: calendar, hours to twelve, the end of the day. Pure. */
import { dayMs, hourMs, minuteMs, secondMs } from '../../model/time.ts'
import type { DayHalves } from './day-halves.ts'

export interface WallTime {
  /** What the clock showed, as if it showed UTC; for Unix times the moment itself. */
  wallMs: number
  /** How far that clock is ahead of UTC, where the text says it. */
  aheadMs: number | null
}

/** What a piece of a written time is. */
export type Part =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'monthName'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'half'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'zone'
  | 'unixS'
  | 'unixMs'

/** What words of a time mean. */
export interface TimeNames {
  halves: DayHalves
  /** Twelve, in small letters. */
  months: readonly string[]
}

/** undefined for a moment that the calendar or the clock does not have. `match` has a group for each part. */
export function wallTime(
  parts: readonly Part[],
  match: RegExpExecArray,
  names: TimeNames
): WallTime | undefined {
  const cell = (part: Part): string | undefined => {
    const index = parts.indexOf(part)
    return index === -1 ? undefined : match[index + 1]
  }
  const number = (part: Part): number => Number(cell(part) ?? 0)
  if (parts[0] === 'unixS') return { wallMs: Math.round(number('unixS') * secondMs), aheadMs: 0 }
  if (parts[0] === 'unixMs') return { wallMs: number('unixMs'), aheadMs: 0 }

  const year = parts.includes('year') ? number('year') : fullYear(number('shortYear'))
  const name = cell('monthName')
  const month = name === undefined ? number('month') : names.months.indexOf(name.toLowerCase()) + 1
  const day = number('day')
  const midnight = Date.UTC(year, month - 1, day)
  const back = new Date(midnight)
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day)
    return undefined

  const hour = cell('hour12') === undefined ? number('hour') : hourOf(number('hour12'), cell('half'), names)
  const [minute, second] = [number('minute'), number('second')]
  const fraction = Number((cell('fraction') ?? '').padEnd(3, '0').slice(0, 3))
  // 24:00 is the end of the day, as files write it whose hours are named by their ends (ISO 8601-1:2019, 4.3.8).
  const isEnd = hour === 24 && minute === 0 && second === 0 && fraction === 0
  if (hour === undefined || (hour > 23 && !isEnd) || minute > 59 || second > 59) return undefined
  const zone = cell('zone')
  const aheadMs = zone === undefined ? null : offsetMs(zone)
  if (aheadMs === undefined) return undefined
  return { wallMs: midnight + hour * hourMs + minute * minuteMs + second * secondMs + fraction, aheadMs }
}

/** POSIX strptime: 69 to 99 are of the last century. */
function fullYear(short: number): number {
  return short < 69 ? 2000 + short : 1900 + short
}

function hourOf(twelve: number, word = '', { halves }: TimeNames): number | undefined {
  const half = halves(word)
  if (twelve < 1 || twelve > 12 || half === undefined) return undefined
  return (twelve % 12) + (half === 'afterNoon' ? 12 : 0)
}

/** "+01:00", "-0530", "+01", "Z", "UTC" or "GMT" as milliseconds ahead of UTC. */
export function offsetMs(text: string): number | undefined {
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 0
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text)
  if (!match) return undefined
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)]
  if (hours > 14 || minutes > 59) return undefined
  const ahead = hours * hourMs + minutes * minuteMs
  return match[1] === '-' ? -ahead : ahead
}

const serialPattern = /^\d{4,6}(?:[.,]\d{1,12})?$/
const serialZeroMs = Date.UTC(1899, 11, 30)

/**
 * Days since 30 December 1899, as spreadsheets count them (with that beginning they are right from March 1900 on), to the
 * second: a double that holds days has little certain beyond.
 */
export function serialTime(text: string): WallTime | undefined {
  if (!serialPattern.test(text)) return undefined
  const days = Number(text.replace(',', '.'))
  return { wallMs: serialZeroMs + Math.round((days * dayMs) / secondMs) * secondMs, aheadMs: null }
}
