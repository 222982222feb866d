/** What is said of a chart: its own sentence, which is its accessible name, and the value at one place of it. */
import { quantities, type Quantity } from '../../../model/quantity.ts'
import { hourMs } from '../../../model/time.ts'
import { summary, valueAt, type Aligned, type Series, type SiteLine } from '../chart/columns.ts'
import { longDayText, middleText, momentText, readingText, windowText, withUnit } from '../format.ts'
import type { ChartWindow } from '../guideline.ts'
import type { Range } from '../range.ts'
import { words } from '../words/words.ts'

export interface ChartFacts {
  street: string
  quantity: Quantity
  window: ChartWindow
  range: Range
  now: number
  zone: string
}

/** "PM2.5 on Ashley Road, hour by hour, 16 Nov 2026 to 23 Nov 2026. Usually 8 µg/m³, highest 31 on Thu 19 Nov, 21:00." */
export function chartSentence(facts: ChartFacts, series: Series): string {
  const { quantity, zone } = facts
  const { label, unit } = quantities[quantity]
  const range = words.street.rangeText(
    longDayText(facts.range.from, zone),
    longDayText(facts.range.until - 1, zone)
  )
  const title = words.street.chartTitle(label, facts.street, words.street.points[facts.window], range)
  const found = summary(series)
  if (!found) return `${title}. ${words.street.chartEmpty}`
  const usual = withUnit(middleText(quantity, found.usual), unit)
  const highest = withUnit(middleText(quantity, found.highest), unit)
  const isMoment = facts.window === 'hour' || facts.window === 'raw'
  const when = isMoment ? momentText(found.highestAt, facts.now, zone) : longDayText(found.highestAt, zone)
  return `${title}. ${words.street.chartSummary(usual, highest, when)}`
}

export interface ReadOut {
  time: string
  values: string[]
}

export interface MiddleColumns {
  basis: 'sites' | 'homes'
  sitesNeeded: number
  time: readonly number[]
  median: readonly (number | null)[]
  p25: readonly (number | null)[]
  p75: readonly (number | null)[]
  sites: readonly number[]
  /** Mean coverage of the sensors that counted. */
  coverage?: readonly (number | null)[]
  window: ChartWindow
}

/** The middle at a moment with its middle half and number of sensors, or why there is none. */
export function middleReadOut(middle: MiddleColumns, at: number, quantity: Quantity): string {
  const i = middle.time.findLastIndex((time) => time <= at)
  const value = middle.median[i] ?? null
  const sites = middle.sites[i] ?? 0
  const homes = middle.basis === 'homes'
  if (value === null) {
    return homes ? words.street.fewerHomes : words.street.fewerSites(sites, middle.sitesNeeded)
  }
  const { unit } = quantities[quantity]
  const low = middle.p25[i] ?? null
  const high = middle.p75[i] ?? null
  const half =
    low === null || high === null
      ? []
      : [words.street.half(readingText(quantity, low), withUnit(readingText(quantity, high), unit))]
  const count = sites > 0 ? [homes ? words.homes(sites) : words.sensors(sites)] : []
  const more = [...half, ...count, ...coverageTexts(middle.coverage?.[i])]
  const text = withUnit(readingText(quantity, value), unit)
  return more.length > 0 ? `${text} (${more.join(', ')})` : text
}

/** "97% measured"; nothing where the coverage is not known. */
function coverageTexts(coverage: number | null | undefined): string[] {
  return coverage === null || coverage === undefined ? [] : [words.street.coverage(percentText(coverage))]
}

/** Cut and not rounded, so that 74.9% does not read as the 75% that a mean needs. */
export function percentText(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)}%`
}

/** The value of one sensor's line at a place of the chart, with its name, its coverage, or that it is doubtful. */
export function siteReadOut(
  line: Pick<SiteLine, 'name' | 'time' | 'coverage' | 'doubtful'>,
  column: Aligned[1],
  { index, time }: { index: number; time: number },
  quantity: Quantity
): string {
  const { unit } = quantities[quantity]
  const suspect = line.doubtful?.value[line.doubtful.time.indexOf(time)] ?? null
  if (suspect !== null) {
    const value = withUnit(readingText(quantity, suspect), unit)
    return `${line.name}: ${value}, ${words.street.doubtful}`
  }
  const value = valueAt(column, index)
  const coverage = coverageTexts(line.coverage?.[line.time.findLastIndex((at) => at <= time)])
  const text = value === null ? words.street.noValueHere : withUnit(readingText(quantity, value), unit)
  return [`${line.name}: ${text}`, ...coverage].join(', ')
}

export function readOutTime(at: number, window: ChartWindow, zone: string): string {
  const text = windowText(at, window, zone)
  if (window === 'night') return words.street.nightOf(text)
  if (window !== 'hour') return text
  return words.street.hourFrom(text, windowText(at + hourMs, 'hour', zone).slice(-5))
}
