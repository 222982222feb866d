/** A dated limit in words: what, how much, over which time, what may exceed it, since when, and who says so. */
import { holdsOn, type Limit, type LimitQuantity } from '../../science/guidelines.ts'
import { dayMs } from '../../model/time.ts'
import { longDayText, numberText, withUnit } from '../format.ts'
import type { Chapters } from '../words.ts'

type MethodsWords = Chapters<'common' | 'methods'>

export interface LimitText {
  /** "PM2.5, mean of 24 hours: 15 µg/m³" */
  what: string
  rule: string
  dates: string
  capture: string
  source: string
  /** '' where every part was seen in a copy of the document. */
  unchecked: string
  /** '' without one. */
  note: string
}

export function limitText(words: MethodsWords, limit: Limit, today: string): LimitText {
  const say = words.methods.limits
  const amount = (value: number): string => numberText(words, value, Number.isInteger(value) ? 0 : 1)
  const value = withUnit(words, amount(limit.value), limit.unit)
  const interim = limit.interim.length > 0 ? [say.interim(limit.interim.map(amount))] : []
  return {
    what: say.what(nameOf(words, limit.quantity), say.averaging[limit.averaging], value),
    rule: [
      ruleText(words, limit),
      ...(limit.years > 1 ? [say.years(limit.years)] : []),
      ...(limit.roundedTo === null
        ? []
        : [say.rounded(withUnit(words, amount(limit.roundedTo), limit.unit))]),
      ...interim
    ].join(' '),
    dates: datesText(words, limit, today),
    capture: [
      say.capture(
        numberText(words, 100 * limit.captureMin, 0),
        numberText(words, 100 * limit.coverageMin, 0),
        say.spans[limit.averaging][1]
      ),
      ...(limit.ownCaptureMin === null
        ? []
        : [say.ownCapture(numberText(words, 100 * limit.ownCaptureMin, 0))])
    ].join(' '),
    source: say.source(limit.source),
    unchecked:
      limit.unchecked.length > 0 ? say.unchecked(limit.unchecked.map((part) => say.parts[part])) : '',
    note: limit.note
  }
}

function nameOf({ common, methods }: MethodsWords, quantity: LimitQuantity): string {
  if (quantity === 'lden' || quantity === 'lnight' || quantity === 'laeq24h') {
    return methods.limits.levels[quantity]
  }
  return common.labels[quantity]
}

function ruleText({ methods }: MethodsWords, { rule, averaging }: Limit): string {
  const say = methods.limits
  switch (rule.kind) {
    case 'mean':
      return say.mean
    case 'allowed':
      return rule.timesAYear === 0 ? say.never : say.allowed(rule.timesAYear, say.spans[averaging])
    case 'percentile':
      return rule.of === 'dailyMax'
        ? say.percentileOfDailyMax(rule.percent, rule.by)
        : say.percentile(rule.percent, rule.by)
  }
}

/** The last day is told as the one before `until`, since `until` is the first day on which the limit is over. */
function datesText(words: MethodsWords, limit: Limit, today: string): string {
  const say = words.methods.limits
  const from = dayText(words, limit.from)
  const last = limit.until === null ? null : dayText(words, limit.until, -1)
  if (today < limit.from) return last === null ? say.ahead(from) : say.aheadUntil(from, last)
  if (!holdsOn(limit, today)) return say.over(from, last ?? '')
  return last === null ? say.since(from) : say.sinceUntil(from, last)
}

function dayText(words: MethodsWords, day: string, laterDays = 0): string {
  return longDayText({ words, zone: 'UTC' }, Date.parse(`${day}T00:00:00Z`) + laterDays * dayMs)
}
