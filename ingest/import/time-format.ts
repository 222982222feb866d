/** Times as files write them, read by a pattern of a few tokens (docs/importing.md lists them). Pure. */
import { hourMs, minuteMs, secondMs } from '../../model/time.ts'

export interface WallTime {
  /** What the clock showed, as if it showed UTC; for Unix times the moment itself. */
  wallMs: number
  /** How far that clock is ahead of UTC, where the text says it. */
  aheadMs: number | null
}

export interface TimeFormat {
  /** The text itself says its zone, or is Unix time. */
  hasZone: boolean
  read(text: string): WallTime | undefined
}

export type TimeFormatFound = { ok: true; format: TimeFormat } | { ok: false; refusal: string }

type Part =
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

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** One digit where two are asked for is another format; where one is asked for, two are as good. */
const tokens: Readonly<Record<string, { part: Part; pattern: string }>> = {
  YYYY: { part: 'year', pattern: '\\d{4}' },
  YY: { part: 'shortYear', pattern: '\\d{2}' },
  MMM: { part: 'monthName', pattern: months.join('|') },
  MM: { part: 'month', pattern: '\\d{2}' },
  M: { part: 'month', pattern: '\\d{1,2}' },
  DD: { part: 'day', pattern: '\\d{2}' },
  D: { part: 'day', pattern: '\\d{1,2}' },
  HH: { part: 'hour', pattern: '\\d{2}' },
  H: { part: 'hour', pattern: '\\d{1,2}' },
  hh: { part: 'hour12', pattern: '\\d{2}' },
  h: { part: 'hour12', pattern: '\\d{1,2}' },
  A: { part: 'half', pattern: '[ap]\\.?m\\.?' },
  mm: { part: 'minute', pattern: '\\d{2}' },
  ss: { part: 'second', pattern: '\\d{2}' },
  SSS: { part: 'fraction', pattern: '\\d{1,9}' },
  Z: { part: 'zone', pattern: 'Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?' },
  X: { part: 'unixS', pattern: '-?\\d{1,11}(?:\\.\\d{1,9})?' },
  x: { part: 'unixMs', pattern: '-?\\d{1,14}' }
}

export const timeTokens = Object.keys(tokens)

const piece = new RegExp(
  `\\[([^\\]]*)\\]|(${timeTokens.toSorted((a, b) => b.length - a.length).join('|')})|(\\s+)|([^])`,
  'g'
)

/** A pattern such as "D/M/YYYY HH:mm"; text in brackets, signs and the letter T stand for themselves. */
export function timeFormat(pattern: string): TimeFormatFound {
  const parts: Part[] = []
  let source = ''
  for (const [, literal, token, blanks, sign] of pattern.matchAll(piece)) {
    if (token !== undefined) {
      const { part, pattern: digits } = tokens[token]!
      if (parts.includes(part))
        return { ok: false, refusal: `"${pattern}" has ${token} where that is known already` }
      parts.push(part)
      source += `(${digits})`
    } else if (blanks !== undefined) source += '\\s+'
    else if (sign !== undefined && /\p{L}/u.test(sign) && sign !== 'T') return unknownLetter(pattern, sign)
    else source += escaped(literal ?? sign ?? '')
  }
  const lacking = lack(parts)
  if (lacking) return { ok: false, refusal: `"${pattern}" ${lacking}` }
  const expression = new RegExp(`^${source}$`, 'i')
  const hasZone = parts.some((part) => part === 'zone' || part === 'unixS' || part === 'unixMs')
  const read = (text: string): WallTime | undefined => {
    const match = expression.exec(text)
    return match ? wallTime(parts, match) : undefined
  }
  return { ok: true, format: { hasZone, read } }
}

function unknownLetter(pattern: string, letter: string): TimeFormatFound {
  const known = timeTokens.join(' ')
  return {
    ok: false,
    refusal: `"${pattern}" has the letter ${letter}, which is none of ${known}; put text that stands for itself in [brackets]`
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function lack(parts: readonly Part[]): string | undefined {
  const has = (...any: Part[]): boolean => any.some((part) => parts.includes(part))
  if (has('unixS', 'unixMs')) return parts.length > 1 ? 'has Unix time and something beside it' : undefined
  if (!has('year', 'shortYear')) return 'has no year (YYYY)'
  if (!has('month', 'monthName')) return 'has no month (MM, M or MMM)'
  if (!has('day')) return 'has no day (DD or D)'
  if (has('hour12') !== has('half')) return 'needs both the hour to twelve (h) and am or pm (A), or neither'
  if (has('minute') && !has('hour', 'hour12')) return 'has minutes and no hour (HH or H)'
  return undefined
}

/** undefined for a moment that the calendar or the clock does not have. */
function wallTime(parts: readonly Part[], match: RegExpExecArray): WallTime | undefined {
  const cell = (part: Part): string | undefined => {
    const index = parts.indexOf(part)
    return index === -1 ? undefined : match[index + 1]
  }
  const number = (part: Part): number => Number(cell(part) ?? 0)
  if (parts[0] === 'unixS') return { wallMs: Math.round(number('unixS') * secondMs), aheadMs: 0 }
  if (parts[0] === 'unixMs') return { wallMs: number('unixMs'), aheadMs: 0 }

  const year = parts.includes('year') ? number('year') : fullYear(number('shortYear'))
  const name = cell('monthName')
  const month = name === undefined ? number('month') : months.indexOf(name.toLowerCase()) + 1
  const day = number('day')
  const midnight = Date.UTC(year, month - 1, day)
  const back = new Date(midnight)
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day)
    return undefined

  const hour = hourOf(number('hour'), cell('hour12'), cell('half'))
  const [minute, second] = [number('minute'), number('second')]
  const fraction = Number((cell('fraction') ?? '').padEnd(3, '0').slice(0, 3))
  // 24:00 is the end of the day, as files write it whose hours are named by their ends (ISO 8601-1:2019, 4.3.8).
  const isEnd = hour === 24 && minute === 0 && second === 0 && fraction === 0
  if (hour === undefined || (hour > 23 && !isEnd) || minute > 59 || second > 59) return undefined
  const aheadMs = zoneAhead(cell('zone'))
  if (aheadMs === undefined) return undefined
  return { wallMs: midnight + hour * hourMs + minute * minuteMs + second * secondMs + fraction, aheadMs }
}

/** POSIX strptime: 69 to 99 are of the last century. */
function fullYear(short: number): number {
  return short < 69 ? 2000 + short : 1900 + short
}

function hourOf(hour: number, hour12: string | undefined, half: string | undefined): number | undefined {
  if (hour12 === undefined) return hour
  const twelve = Number(hour12)
  if (twelve < 1 || twelve > 12) return undefined
  return (twelve % 12) + (half?.toLowerCase().startsWith('p') ? 12 : 0)
}

/** null when the format has no zone, undefined for an offset that no clock has. */
function zoneAhead(zone: string | undefined): number | null | undefined {
  return zone === undefined ? null : offsetMs(zone)
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
