/** What a row of the list of streets says beside the name: level word, value with unit, and of which time. */
import type { Level } from '../contract/street.ts'
import { ageText, readingText, withUnit } from './format.ts'
import { levelWord } from './level.ts'
import { figureValueText, type FigureContext } from './street.ts'
import type { Figure, Subject } from './subject.ts'
import { yearNightText } from './year.ts'

export interface RowText {
  level: Level | null
  word: string
  /** "PM2.5 9 µg/m³"; '' without a value. */
  value: string
  /** "24 hours", "one reading, 3 minutes ago". */
  period: string
  /** "12 months: above WHO’s guideline on 23 of 89 days"; '' without a level. */
  year: string
}

export function rowText(context: FigureContext, subject: Subject, figure: Figure | undefined): RowText {
  const { common, figures } = context.words
  const say = figures.neighbourhood
  if (!figure || figure.latest.value === null) {
    const word = subject === 'damp' ? say.notEnoughHomes : say.noValue
    return { level: null, word, value: '', period: '', year: '' }
  }
  const { latest, quantity } = figure
  const label = common.labels[quantity]
  if (latest.basis === 'sensor') {
    const reading = readingText(context.words, quantity, figure.latest.value)
    const value = `${label} ${withUnit(context.words, reading, latest.unit)}`
    const age = latest.at ? `, ${ageText(context, Date.parse(latest.at))}` : ''
    const period = `${common.periods['one reading']}${age}`
    return { level: null, word: say.notEnough, value, period, year: '' }
  }
  const value = figureValueText(context, figure)
  return {
    level: latest.level,
    word: latest.level ? levelWord(context.words, latest.level) : say.noLevel,
    // Of noise there is one figure a row, so its name would only repeat itself on every line.
    value: quantity === 'laeq' ? value : `${label} ${value}`,
    period: common.shortPeriods[latest.period] ?? common.periods[latest.period] ?? latest.period,
    year: yearRowText(context, figure)
  }
}

/** The last 12 months in few words; '' where there is no level beside which they would stand. */
function yearRowText(context: FigureContext, { quantity, latest }: Figure): string {
  const say = context.words.figures.neighbourhood
  const year = latest.lastYear
  if (!year || !latest.level) return ''
  if (quantity === 'laeq') {
    return year.mean === null ? '' : say.rowNights(yearNightText(context, year.mean, latest.unit), year.days)
  }
  return year.daysAbove === null ? '' : say.rowDays(year.daysAbove, year.days)
}
