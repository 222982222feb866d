/**
 * What a comparison says: two lines are compared only where both have values, and where that is too little the sentence says
 * that nothing can be told. Pure, for the page and for whoever quotes it.
 */
import { quantities, type Quantity } from '../model/quantity.ts'
import { readingText, shareText, withUnit } from './format.ts'
import { commonMin } from './limits.ts'
import type { Series } from './series.ts'
import type { Chapters } from './words.ts'

export interface NamedSeries extends Series {
  name: string
}

export interface Common {
  count: number
  /** Of the times asked for. */
  of: number
  /** Medians over the common times. */
  usual: [number, number]
  /** Share of the common times at which the second is higher. */
  higher: number
}

/** What two lines have in common, by position in the period where `offset` shifts the second. */
export function commonOf(a: Series, b: Series, offset = 0): Common | undefined {
  const second = new Map(b.time.map((at, i) => [at - offset, b.value[i]]))
  const pairs = a.time.flatMap((at, i) => {
    const [one, other] = [a.value[i], second.get(at)]
    return typeof one === 'number' && typeof other === 'number' ? [[one, other] as const] : []
  })
  if (pairs.length === 0) return undefined
  const middle = (values: number[]): number =>
    values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)]!
  return {
    count: pairs.length,
    of: a.time.length,
    usual: [middle(pairs.map(([one]) => one)), middle(pairs.map(([, other]) => other))],
    higher: pairs.filter(([one, other]) => other > one).length / pairs.length
  }
}

/** One sentence for each line after the first. */
export function compareSentences(
  words: Chapters<'common' | 'compare'>,
  quantity: Quantity,
  window: 'hour' | 'day',
  lines: readonly NamedSeries[]
): string[] {
  const say = words.compare
  const [first, ...others] = lines
  if (!first || others.length === 0) return [say.chooseTwo]
  const label = words.common.labels[quantity]
  const { unit } = quantities[quantity]
  const text = (value: number): string => withUnit(words, readingText(words, quantity, value), unit)
  return others.map((other) => {
    const common = commonOf(first, other)
    if (!common || common.count < commonMin[window]) {
      return say.nothing(first.name, other.name, say.windows[window](common?.count ?? 0), commonMin[window])
    }
    return say.usual({
      label,
      common: say.windows[window](common.count),
      of: common.of,
      first: [first.name, text(common.usual[0])],
      second: [other.name, text(common.usual[1])],
      share: shareText(words, common.higher)
    })
  })
}
