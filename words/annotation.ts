/** What stewards noted of a street, beside a chart of a period: a number at the moment it begins, and its line below. Pure. */
import type { Annotation } from '../contract/street.ts'
import { longDayText } from './format.ts'
import type { TextContext } from './words.ts'

export interface AnnotationText {
  /** Where its number stands; the beginning of the chart for one that began before. */
  at: number
  letter: string
  /** "1: Roadworks, since 3 Nov 2026" */
  text: string
}

export function annotationTexts(
  context: TextContext<'common' | 'street'>,
  annotations: readonly Annotation[],
  range: { from: number; until: number }
): AnnotationText[] {
  const say = context.words.street.annotation
  const day = (iso: string): string => longDayText(context, Date.parse(iso))
  return annotations
    .filter(
      ({ from, until }) =>
        Date.parse(from) < range.until && (until === null || Date.parse(until) > range.from)
    )
    .map(({ from, until, text }, i) => {
      const letter = String(i + 1)
      // Exclusive, as periods are: what ends at midnight was there on the day before.
      const last = until === null ? undefined : day(new Date(Date.parse(until) - 1).toISOString())
      return {
        at: Math.max(range.from, Date.parse(from)),
        letter,
        text:
          last === undefined ? say.since(letter, text, day(from)) : say.between(letter, text, day(from), last)
      }
    })
}
