/** Times as files write them, read by a pattern of a few tokens (docs/importing.md lists them). Pure. */
import { dayHalves } from './day-halves.ts'
import { serialTime, wallTime, type Part, type TimeNames, type WallTime } from './wall-time.ts'

export interface TimeFormat {
  /** The text itself says its zone, or is Unix time. */
  hasZone: boolean
  /** The pattern with day and month exchanged, where both are numbers and so may be taken for each other. */
  swapped: string | null
  read(text: string): WallTime | undefined
}

export type TimeFormatFound = { ok: true; format: TimeFormat } | { ok: false; refusal: string }

/** Words of the file's own language. Absent, months are English, and halves of the day are known in many languages. */
export interface TimeWords {
  /** Twelve, as the file writes them. */
  months?: readonly string[] | undefined
  dayHalves?: readonly [before: string, after: string] | undefined
}

const monthsShort = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const monthsLong =
  'january february march april may june july august september october november december'.split(' ')

/** One digit where two are asked for is another format; where one is asked for, two are as good. */
const tokens: Readonly<Record<string, { part: Part; pattern: string }>> = {
  YYYY: { part: 'year', pattern: '\\d{4}' },
  YY: { part: 'shortYear', pattern: '\\d{2}' },
  MMMM: { part: 'monthName', pattern: anyOf(monthsLong) },
  MMM: { part: 'monthName', pattern: anyOf(monthsShort) },
  MM: { part: 'month', pattern: '\\d{2}' },
  M: { part: 'month', pattern: '\\d{1,2}' },
  DD: { part: 'day', pattern: '\\d{2}' },
  D: { part: 'day', pattern: '\\d{1,2}' },
  HH: { part: 'hour', pattern: '\\d{2}' },
  H: { part: 'hour', pattern: '\\d{1,2}' },
  hh: { part: 'hour12', pattern: '\\d{2}' },
  h: { part: 'hour12', pattern: '\\d{1,2}' },
  A: { part: 'half', pattern: '[^\\d]{1,20}?' },
  mm: { part: 'minute', pattern: '\\d{2}' },
  ss: { part: 'second', pattern: '\\d{2}' },
  SSS: { part: 'fraction', pattern: '\\d{1,9}' },
  Z: { part: 'zone', pattern: 'Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?' },
  X: { part: 'unixS', pattern: '-?\\d{1,11}(?:\\.\\d{1,9})?' },
  x: { part: 'unixMs', pattern: '-?\\d{1,14}' }
}

export const timeTokens = Object.keys(tokens)

/** A whole format by itself: the day numbers of spreadsheets. */
export const serialFormat = 'serial'

const piece = new RegExp(
  `\\[([^\\]]*)\\]|(${timeTokens.toSorted((a, b) => b.length - a.length).join('|')})|(\\s+)|([^])`,
  'g'
)

/** A pattern such as "D/M/YYYY HH:mm"; text in brackets, signs and the letter T stand for themselves. */
export function timeFormat(pattern: string, words: TimeWords = {}): TimeFormatFound {
  if (pattern === serialFormat)
    return { ok: true, format: { hasZone: false, swapped: null, read: serialTime } }
  const parts: Part[] = []
  let source = ''
  let months = monthsShort
  for (const [, literal, token, blanks, sign] of pattern.matchAll(piece)) {
    if (token !== undefined) {
      const { part, pattern: digits } = tokens[token]!
      if (parts.includes(part))
        return { ok: false, refusal: `"${pattern}" has ${token} although that is already given` }
      parts.push(part)
      if (token === 'MMMM') months = monthsLong
      source += part === 'monthName' && words.months ? `(${anyOf(words.months)})` : `(${digits})`
    } else if (blanks !== undefined) source += '\\s+'
    else if (sign !== undefined && /\p{L}/u.test(sign) && sign !== 'T') return unknownLetter(pattern, sign)
    else source += escaped(literal ?? sign ?? '')
  }
  const lacking = lack(parts)
  if (lacking) return { ok: false, refusal: `"${pattern}" ${lacking}` }
  const expression = new RegExp(`^${source}$`, 'iu')
  const names: TimeNames = {
    halves: dayHalves(words.dayHalves),
    months: (words.months ?? months).map((name) => name.toLowerCase())
  }
  const read = (text: string): WallTime | undefined => {
    const match = expression.exec(text)
    return match ? wallTime(parts, match, names) : undefined
  }
  const hasZone = parts.some((part) => part === 'zone' || part === 'unixS' || part === 'unixMs')
  const swapped = parts.includes('month') && parts.includes('day') ? exchanged(pattern) : null
  return { ok: true, format: { hasZone, swapped, read } }
}

/** Days for months and months for days, each as wide as it was. */
function exchanged(pattern: string): string {
  let text = ''
  for (const [whole, , token] of pattern.matchAll(piece)) {
    const part = token === undefined ? undefined : tokens[token]!.part
    if (part === 'month') text += 'D'.repeat(whole.length)
    else text += part === 'day' ? 'M'.repeat(whole.length) : whole
  }
  return text
}

function unknownLetter(pattern: string, letter: string): TimeFormatFound {
  const known = [...timeTokens, serialFormat].join(' ')
  return {
    ok: false,
    refusal: `"${pattern}" has the letter ${letter}, which is not one of ${known}; put literal text in [brackets]`
  }
}

/** The longest first: "mars" is not "mar" with an s after it. */
function anyOf(words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
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
