/** What the first page says: its sentences, and the streets as rows. One for the page and for the hub's own HTML. */
import type { StreetSummary } from '../contract/street.ts'
import { neighbourhoodSentences } from './neighbourhood.ts'
import { rowText, type RowText } from './row.ts'
import type { FigureContext } from './street.ts'
import { headline, type Figure, type Subject, type Values } from './subject.ts'

export interface StreetRow extends RowText {
  street: StreetSummary
  figure: Figure | undefined
}

export interface NeighbourhoodChoice {
  subject: Subject
  values: Values
}

/** Homes may have figures where no sensor is installed outdoors. */
export function hasFigures(streets: readonly StreetSummary[]): boolean {
  return streets.some((street) => Object.keys(street.latest).length > 0)
}

export function neighbourhoodAnswer(
  context: FigureContext,
  streets: readonly StreetSummary[],
  { subject, values }: NeighbourhoodChoice,
  /** Outdoor sensors of the hub, whether or not they ever reported. */
  sites: number
): string[] {
  const say = context.words.figures.neighbourhood
  if (streets.length === 0) return [say.noStreet]
  if (!hasFigures(streets)) return [sites === 0 ? say.noSensor : say.waiting]
  return neighbourhoodSentences(context, subject, streets, values)
}

/** Streets with data first, by name; then those without, by name. */
export function streetRows(
  context: FigureContext,
  streets: readonly StreetSummary[],
  { subject, values }: NeighbourhoodChoice
): StreetRow[] {
  const rows = streets.map((street) => {
    const figure = headline(subject, street.latest, values)
    return { street, figure, ...rowText(context, subject, figure) }
  })
  const byName = new Intl.Collator(context.words.common.locale, { numeric: true })
  return rows.toSorted(
    (a, b) => Number(hasData(b)) - Number(hasData(a)) || byName.compare(a.street.name, b.street.name)
  )
}

/** There is a number to read. */
export function hasData({ value }: Pick<StreetRow, 'value'>): boolean {
  return value !== ''
}
