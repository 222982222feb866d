/** What a row of the list of streets says beside the name: level word, value with unit, and of which time. */
import type { Level } from '../contract/street.ts'
import { ageText, middleText, readingText, withUnit } from './format.ts'
import { levelWord } from './level.ts'
import { nightText, type FigureContext } from './street.ts'
import type { Figure, Subject } from './subject.ts'

export interface RowText {
  level: Level | null
  word: string
  /** "PM2.5 9 µg/m³"; '' without a value. */
  value: string
  /** "24 hours", "one reading, 3 minutes ago". */
  period: string
}

export function rowText(context: FigureContext, subject: Subject, figure: Figure | undefined): RowText {
  const { common, figures } = context.words
  const say = figures.neighbourhood
  if (!figure || figure.latest.value === null) {
    return { level: null, word: subject === 'damp' ? say.notEnoughHomes : say.noValue, value: '', period: '' }
  }
  const { latest, quantity } = figure
  const label = common.labels[quantity]
  if (latest.basis === 'sensor') {
    const reading = readingText(context.words, quantity, figure.latest.value)
    const value = `${label} ${withUnit(context.words, reading, latest.unit)}`
    const age = latest.at ? `, ${ageText(context, Date.parse(latest.at))}` : ''
    return { level: null, word: say.notEnough, value, period: `${common.periods['one reading']}${age}` }
  }
  return {
    level: latest.level,
    word: latest.level ? levelWord(context.words, latest.level) : say.noLevel,
    value: valueText(context, figure, label),
    period: common.shortPeriods[latest.period] ?? common.periods[latest.period] ?? latest.period
  }
}

function valueText(context: FigureContext, { quantity, latest }: Figure, label: string): string {
  const value = latest.value ?? 0
  // Of noise there is one figure a row, so its name would only repeat itself on every line.
  if (quantity === 'laeq') return nightText(context, value, latest.unit)
  return `${label} ${withUnit(context.words, middleText(context.words, quantity, value), latest.unit)}`
}
