/** What the quantities on a page are and what their unit means, each said once. */
import { quantities, rawOf, type Quantity } from '../../../model/quantity.ts'
import { words } from '../words/words.ts'

/** "PM2.5 is fine dust … µg/m³ are millionths of a gram in a cubic metre of air."; '' where the names say it already. */
export function meaning(shown: readonly Quantity[]): string {
  const told = [...new Set(shown.map(rawOf))].filter((quantity) => words.meanings[quantity])
  const units = new Set(told.map((quantity) => quantities[quantity].unit))
  return [
    ...told.map((quantity) => words.meanings[quantity]),
    ...[...units].flatMap((unit) => words.unitMeanings[unit] ?? [])
  ].join(' ')
}
