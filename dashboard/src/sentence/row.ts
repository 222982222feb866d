/** What a row of the list of streets says beside the name: level word, value with unit, and of which time. */
import type { Level } from '../../../contract/street.ts'
import { quantities } from '../../../model/quantity.ts'
import { ageText, middleText, readingText, withUnit } from '../format.ts'
import type { Figure, Subject } from '../subject.ts'
import { words } from '../words/words.ts'
import { nightText } from './street.ts'

export interface RowText {
  level: Level | null
  word: string
  /** "PM2.5 9 µg/m³"; '' without a value. */
  value: string
  /** "24 hours", "one reading, 3 minutes ago". */
  period: string
}

export function rowText(subject: Subject, figure: Figure | undefined, now: number): RowText {
  const say = words.neighbourhood
  if (!figure || figure.latest.value === null) {
    return { level: null, word: subject === 'damp' ? say.notEnoughHomes : say.noValue, value: '', period: '' }
  }
  const { latest, quantity } = figure
  const label = quantities[quantity].label
  if (latest.basis === 'sensor') {
    const value = `${label} ${withUnit(readingText(quantity, figure.latest.value), latest.unit)}`
    const age = latest.at ? `, ${ageText(Date.parse(latest.at), now)}` : ''
    return { level: null, word: say.notEnough, value, period: `${words.periods['one reading']}${age}` }
  }
  const period = words.shortPeriods[latest.period] ?? words.periods[latest.period] ?? latest.period
  return {
    level: latest.level,
    word: latest.level?.word ?? say.noLevel,
    value: valueText(figure, label),
    period
  }
}

function valueText({ quantity, latest }: Figure, label: string): string {
  const value = latest.value ?? 0
  // Of noise there is one figure a row, so its name would only repeat itself on every line.
  if (quantity === 'laeq') return nightText(value, latest.unit)
  return `${label} ${withUnit(middleText(quantity, value), latest.unit)}`
}
