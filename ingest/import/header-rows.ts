/** Headers in the middle of a file: a logger writes one at each start, and a new firmware another one. Pure. */
import { strangeHeaderCellsMin } from '../limits.ts'
import { plainName } from './mapped-columns.ts'

/** What a row is that could not be read as one: the header again, another header, or no header. */
export type HeaderKind = 'same' | 'other' | 'none'

/**
 * `needed` are names that every header has for its reader. A header that shares no name with the one before is told by its
 * being words throughout, each another; this is asked only of rows that hold no time.
 */
export function headerKind(
  cells: readonly string[],
  current: readonly string[],
  needed: readonly string[],
  isFirst: boolean
): HeaderKind {
  const names = cells.map(plainName)
  const known = current.map(plainName)
  if (withoutEmptyEnd(names).join('\n') === withoutEmptyEnd(known).join('\n')) return 'same'
  if (needed.length > 0 && needed.every((name) => names.includes(plainName(name)))) return 'other'
  const given = names.filter((name) => name !== '')
  const shared = new Set(known.filter((name) => name !== ''))
  const common = given.filter((name) => shared.has(name)).length
  if (common >= 2 && common * 2 > given.length) return 'other'
  // Right below a header stand units and other words about its columns.
  return !isFirst && isStrangeHeader(names) ? 'other' : 'none'
}

function withoutEmptyEnd(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1)
}

/** It begins with a word; the others may begin with a number ("24hr PM10"), as long as they are not values with their units. */
function isStrangeHeader(names: readonly string[]): boolean {
  const given = withoutEmptyEnd(names)
  if (given.length < strangeHeaderCellsMin || new Set(given).size < given.length) return false
  const [first = ''] = given
  if (!/^[^\d+-]/.test(first) || !given.every((name) => /\p{L}|^#$/u.test(name))) return false
  return !given.every((name) => name === first || measured.test(name))
}

/** "13.7 °C", "81 % RH", "1.009,0 hPa", and not "2m temp" or "PM10". */
const measured =
  /^[-+]?\d[\d.,]*\s*(?:°?[cfk]|%.*|[hk]?pa|mbar|bar|pp[bm]v?|[nµμum]?g\/m.*|db.*|m?v|lx|m\/s|km\/h|mm|w\/m.*|s|min|h)$/iu

/**
 * Words that do not even have as many cells as the header: another header only if the rows below have as many too.
 * "battery low" is none.
 */
export function mayBeNarrowHeader(cells: readonly string[], current: readonly string[]): boolean {
  const given = withoutEmptyEnd(cells.map(plainName))
  return (
    given.length >= 2 &&
    given.length < strangeHeaderCellsMin &&
    given.length < withoutEmptyEnd(current).length &&
    given.every((name) => /^[^\d+-]/.test(name) && /\p{L}/u.test(name))
  )
}
