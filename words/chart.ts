/** What is said of a chart: its own sentence, which is its accessible name, and the value at one time. */
import { quantities, type Quantity } from '../model/quantity.ts'
import { hourMs } from '../model/time.ts'
import {
  clockText,
  longDayText,
  middleText,
  momentText,
  readingText,
  shareText,
  windowText,
  withUnit
} from './format.ts'
import type { ChartWindow } from './guideline.ts'
import { summary, valueAt, type Aligned, type MiddleColumns, type Series, type SiteLine } from './series.ts'
import type { Chapters, TextContext } from './words.ts'

type ChartContext = TextContext<'common' | 'street'>
type ChartWords = Chapters<'common' | 'street'>

export interface ChartFacts {
  street: string
  quantity: Quantity
  window: ChartWindow
  /** `until` is not included. */
  range: { from: number; until: number }
}

/** "PM2.5 on Ashley Road, hour by hour, 16 Nov 2026 to 23 Nov 2026. Usually 8 µg/m³, highest 31 on Thu 19 Nov, 21:00." */
export function chartSentence(context: ChartContext, facts: ChartFacts, series: Series): string {
  const { words } = context
  const say = words.street
  const { quantity, range } = facts
  const { unit } = quantities[quantity]
  const rangeText = say.rangeText(longDayText(context, range.from), longDayText(context, range.until - 1))
  const label = words.common.labels[quantity]
  const title = say.chartTitle(label, facts.street, say.points[facts.window], rangeText)
  const found = summary(series)
  if (!found) return `${title}. ${say.chartEmpty}`
  const usual = withUnit(words, middleText(words, quantity, found.usual), unit)
  const highest = withUnit(words, middleText(words, quantity, found.highest), unit)
  const isMoment = facts.window === 'hour' || facts.window === 'raw'
  const when = isMoment ? momentText(context, found.highestAt) : longDayText(context, found.highestAt)
  return `${title}. ${say.chartSummary(usual, highest, when)}`
}

export interface ReadOut {
  time: string
  values: string[]
}

/** The median at a moment with its middle half and number of sensors, or why there is none. */
export function middleReadOut(
  words: ChartWords,
  middle: MiddleColumns,
  at: number,
  quantity: Quantity
): string {
  const say = words.street
  const i = middle.time.findLastIndex((time) => time <= at)
  const value = middle.median[i] ?? null
  const sites = middle.sites[i] ?? 0
  const isHomes = middle.basis === 'homes'
  if (value === null) return isHomes ? say.fewerHomes : say.fewerSites(sites, middle.sitesNeeded)
  const { unit } = quantities[quantity]
  const low = middle.p25[i] ?? null
  const high = middle.p75[i] ?? null
  const number = (one: number): string => readingText(words, quantity, one)
  const half =
    low === null || high === null ? [] : [say.half(number(low), withUnit(words, number(high), unit))]
  const count = sites > 0 ? [words.common.sensors(sites)] : []
  const more = [...half, ...count, ...coverageTexts(words, middle.coverage?.[i])]
  const text = withUnit(words, number(value), unit)
  return more.length > 0 ? `${text} (${more.join(', ')})` : text
}

/** "97% measured"; nothing where the coverage is not known. */
function coverageTexts(words: ChartWords, coverage: number | null | undefined): string[] {
  if (coverage === null || coverage === undefined) return []
  return [words.street.coverage(shareText(words, coverage))]
}

/** The value of one sensor's line at a time of the chart, with its name, its coverage, or that it is doubtful. */
export function siteReadOut(
  words: ChartWords,
  line: Pick<SiteLine, 'name' | 'time' | 'coverage' | 'doubtful'>,
  { column, index, time }: { column: Aligned[1]; index: number; time: number },
  quantity: Quantity
): string {
  const { unit } = quantities[quantity]
  const text = (value: number): string => withUnit(words, readingText(words, quantity, value), unit)
  const suspect = line.doubtful?.value[line.doubtful.time.indexOf(time)] ?? null
  if (suspect !== null) return `${line.name}: ${text(suspect)}, ${words.street.doubtful}`
  const value = valueAt(column, index)
  const coverage = coverageTexts(words, line.coverage?.[line.time.findLastIndex((at) => at <= time)])
  return [`${line.name}: ${value === null ? words.street.noValueHere : text(value)}`, ...coverage].join(', ')
}

export function readOutTime(context: ChartContext, at: number, window: ChartWindow): string {
  const say = context.words.street
  const text = windowText(context, at, window)
  if (window === 'night') return say.nightOf(text)
  return window === 'hour' ? say.hourFrom(text, clockText(context, at + hourMs)) : text
}
