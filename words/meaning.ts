/** What the quantities on a page are and what their unit means, each said once. */
import { quantities, rawOf, type Quantity } from '../model/quantity.ts'
import type { Chapters } from './words.ts'

/** "PM2.5 is fine dust … µg/m³ means millionths of a gram …"; '' where the names explain themselves. */
export function meaning({ common }: Chapters<'common'>, shown: readonly Quantity[]): string {
  const explained = [...new Set(shown.map(rawOf))].filter((quantity) => common.meanings[quantity])
  const units = new Set(explained.map((quantity) => quantities[quantity].unit))
  return [
    ...explained.map((quantity) => common.meanings[quantity]),
    ...[...units].flatMap((unit) => common.unitMeanings[unit] ?? [])
  ].join(' ')
}
