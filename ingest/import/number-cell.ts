/** Numbers as tables write them: decimal sign, thousands, a unit behind. What may mean two numbers is none. Pure. */
import { shownValue } from '../wording.ts'
import { readNumber } from './row-reader.ts'

export interface NumberSigns {
  decimal: '.' | ','
  thousands: ',' | '.' | ' ' | "'" | undefined
}

/** The number of a cell that holds nothing but one, or undefined. */
export type NumberReader = (cell: string) => number | undefined

/**
 * The other locale's decimal sign is never passed over: "1.009" under a decimal comma is no number here, and not a
 * thousandth; with `thousands` it is 1009, and only where all groups have three digits.
 */
export function numberReader({ decimal, thousands }: NumberSigns): NumberReader {
  const grouped = thousands === undefined ? undefined : groups(thousands, decimal)
  return (cell) => {
    const text = cell.replace('\u2212', '-')
    if (grouped?.pattern.test(text))
      return readNumber(text.replaceAll(grouped.sign, '').replace(decimal, '.'))
    if (decimal === '.') return readNumber(text)
    return text.includes('.') ? undefined : readNumber(text.replace(',', '.'))
  }
}

/** Blanks that do not break lines are blanks, and both apostrophes are one (Unicode CLDR, numbers). */
function groups(thousands: string, decimal: string): { sign: RegExp; pattern: RegExp } {
  const sign = { ',': ',', '.': '\\.', ' ': '[ \\u00a0\\u202f\\u2009]', "'": "['\\u2019]" }[thousands]!
  const point = decimal === '.' ? '\\.' : ','
  return {
    sign: new RegExp(sign, 'g'),
    pattern: new RegExp(`^[-+]?\\d{1,3}(?:${sign}\\d{3})+(?:${point}\\d*)?$`)
  }
}

/** A number and what stands behind it, as "13.7 °C" or "81%"; undefined where that is not what the cell is. */
export function numberAndUnit(cell: string, read: NumberReader): { value: number; unit: string } | undefined {
  // From the end of the number on: the last digit that something else than digits and signs follows.
  const match = /^(.*\d)\s*([^\d\s].*)$/su.exec(cell)
  const value = match ? read(match[1]!.trimEnd()) : undefined
  return value === undefined ? undefined : { value, unit: match![2]!.trim() }
}

/** Why a cell is no number, with the member of the mapping that may be missing. */
export function notANumberMessage(name: string, cell: string, { decimal, thousands }: NumberSigns): string {
  const hints: string[] = []
  const other = decimal === '.' ? ',' : '.'
  for (const sign of [',', '.', ' ', "'"] as const) {
    if (sign === decimal || sign === thousands || !groups(sign, decimal).pattern.test(cell)) continue
    hints.push(
      `if ${JSON.stringify(sign)} parts thousands, say "thousands": ${JSON.stringify(sign)} in the mapping`
    )
  }
  if (new RegExp(`^[-+]?\\d*\\${other}\\d+$`).test(cell))
    hints.push(`if ${JSON.stringify(other)} is its decimal sign, say "decimal": ${JSON.stringify(other)}`)
  return [`${name} is ${shownValue(cell)}, not a number`, ...hints].join('; ')
}
