/** What the page of methods says of the corrections in use. */
import type { CorrectionsInUse } from '../../contract/correction.ts'
import { isQuantity } from '../../model/quantity.ts'
import { longDayText } from '../format.ts'
import type { Chapters } from '../words.ts'

/** "PM2.5 at Ashley Road 1: κ-Köhler humidity correction (kappa 0.3), since 1 Nov 2026 It is c-abc, version 2." */
export function inUseTexts(
  words: Chapters<'common' | 'methods'>,
  corrections: CorrectionsInUse['corrections'],
  zone: string
): string[] {
  const { common, methods } = words
  return corrections.map(({ id, version, quantity, siteName, title, coefficients, from, until }) => {
    const label = isQuantity(quantity) ? common.labels[quantity] : quantity
    const numbers = Object.entries(coefficients).map(
      ([name, value]) => `${name} ${Number(value.toPrecision(3))}`
    )
    const by = numbers.length > 0 ? `${title} (${numbers.join(', ')})` : title
    const day = (time: string | null): string =>
      time === null ? '' : longDayText({ words, zone }, Date.parse(time))
    return methods.corrections.one(label, siteName, by, { from: day(from), until: day(until) }, id, version)
  })
}
