/** The last 12 months beside a level: how many days were above what held on them, and what nights averaged. */
import type { LastYear } from '../contract/street.ts'
import { dayMs } from '../model/time.ts'
import type { YearCount } from './en/figures.ts'
import { longDayText, numberText, wholeText, withUnit } from './format.ts'
import { nightGuideline, yearGuideline } from './guideline.ts'
import { wholeYearDaysMin } from './limits.ts'
import type { Figure } from './subject.ts'
import type { TextContext } from './words.ts'

type YearContext = TextContext<'common' | 'figures'>

export function yearText(context: YearContext, { quantity, latest }: Figure): string[] {
  const year = latest.lastYear
  if (!year) return []
  return quantity === 'laeq' ? nightsText(context, year, latest.unit) : daysText(context, year, quantity)
}

function daysText(context: YearContext, year: LastYear, quantity: Figure['quantity']): string[] {
  const { words, now, zone } = context
  const say = words.figures.air
  if (year.daysAbove === null) return []
  const days = say.daysAbove(year.daysAbove, yearCount(context, year))
  const limit = yearGuideline(quantity, now, zone)
  // Three quarters of a year and more: fewer days have no yearly mean (2008/50/EC).
  if (!limit || year.mean === null || !isWholeYear(year) || year.days < limit.captureMin * 365) return [days]
  const value = limit.stored
  return [days, say.yearMean(wholeText(words, year.mean, [value]), numberText(words, value, 0))]
}

function nightsText(context: YearContext, year: LastYear, unit: string): string[] {
  const { words, now, zone } = context
  if (year.mean === null) return []
  const { value } = nightGuideline(now, zone)
  const guideline = withUnit(words, numberText(words, value, 0), unit)
  return [
    words.figures.noise.year(yearCount(context, year), yearNightText(context, year.mean, unit), guideline)
  ]
}

export function yearNightText({ words, now, zone }: YearContext, mean: number, unit: string): string {
  return withUnit(words, wholeText(words, mean, [nightGuideline(now, zone).value]), unit)
}

export function isWholeYear({ daysExpected }: LastYear): boolean {
  return daysExpected >= wholeYearDaysMin
}

function yearCount(context: YearContext, year: LastYear): YearCount {
  const from = Date.parse(year.from)
  return {
    days: year.days,
    hasGaps: year.days < year.daysExpected,
    since: isWholeYear(year) ? '' : longDayText(context, from + dayMs / 2)
  }
}
