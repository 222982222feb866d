/** From the text of a query string to typed values; whatever cannot be read is refused with what would be right. */
import { seriesRangeMsMax } from '../model/limits.ts'
import type { TimeRange } from '../model/columns.ts'
import { isQuantity, quantityNames, type Quantity } from '../model/quantity.ts'
import { dayMs, readMoment as readMomentText, type UnixMs } from '../model/time.ts'
import { FiguresRefusal } from './refusal.ts'
import { shown } from './shown.ts'

/** Shown when nobody said which period: a week shows a rhythm and loads at once. */
const rangeMsDefault = 7 * dayMs

/** Names and values as they were given; whoever reads them knows which there may be. */
export type QueryText = Partial<Record<string, string>>

export interface RangeText {
  from?: string
  until?: string
}

/** The period of a chart: the last 7 days unless said otherwise. */
export function readChartRange(
  text: RangeText,
  now: UnixMs,
  zone: string,
  lengthMs = rangeMsDefault
): TimeRange {
  const until = text.until === undefined ? now : readMoment('until', text.until, zone)
  const from = text.from === undefined ? ((until - lengthMs) as UnixMs) : readMoment('from', text.from, zone)
  refuseEmpty(from, until)
  if (until - from > seriesRangeMsMax) {
    throw new FiguresRefusal('rangeTooLong', 'A series may span at most 50 years. Ask for a shorter period.')
  }
  return { from, until }
}

/** The period of an export: everything unless said otherwise. A device's clock may be ahead, so it ends tomorrow. */
export function readExportRange(text: RangeText, now: UnixMs, zone: string): TimeRange {
  const from = text.from === undefined ? (0 as UnixMs) : readMoment('from', text.from, zone)
  const until = text.until === undefined ? ((now + dayMs) as UnixMs) : readMoment('until', text.until, zone)
  refuseEmpty(from, until)
  return { from, until }
}

export function refuseEmpty(from: UnixMs, until: UnixMs): void {
  if (from < until) return
  throw new FiguresRefusal(
    'rangeEmpty',
    'must be earlier than the end of the period, which is not included.',
    'from'
  )
}

export function readMoment(name: string, text: string, zone: string): UnixMs {
  // A plus sign that nobody escaped arrives as a space: "…T10:00:00 01:00" was "…T10:00:00+01:00".
  const at = readMomentText(text.replace(/ (\d{2}:?\d{2})$/, '+$1'), zone)
  if (at !== undefined) return at
  throw new FiguresRefusal(
    'timeUnreadable',
    `is "${shown(text)}". Give ISO 8601 with a zone, such as 2026-11-22T10:00:00Z, a date, or Unix milliseconds.`,
    name
  )
}

export function readQuantity(text: string): Quantity {
  if (isQuantity(text)) return text
  throw new FiguresRefusal(
    'quantityUnknown',
    `"${shown(text)}" is not a quantity of this hub. Known quantities: ${quantityNames.join(', ')}.`
  )
}

/** "a,b" → ['a', 'b']; undefined stays undefined, which means all. A filter of nothing is a mistake, no empty answer. */
export function readList(name: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const parts = [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '')
  if (parts.length > 0) return parts
  throw new FiguresRefusal('parameterBad', 'is empty. Give a value, or leave it out.', name)
}

export function required(text: QueryText, name: string): string {
  const value = text[name]
  if (value !== undefined && value !== '') return value
  throw new FiguresRefusal('parameterMissing', 'is missing; give one.', name)
}

export function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found !== undefined) return found
  throw new FiguresRefusal('parameterBad', `is "${shown(value)}". Give one of: ${known.join(', ')}.`, name)
}

/** Share of what was expected, from 0 to 1. */
export function readCoverageMin(text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const share = Number(text)
  if (text.trim() !== '' && share >= 0 && share <= 1) return share
  throw new FiguresRefusal(
    'parameterBad',
    `is "${shown(text)}". Give a share from 0 to 1, such as 0.75.`,
    'coverageMin'
  )
}
