/** What the first page says: one sentence about all streets, for each subject. */
import { sourceOf } from '../model/quantity.ts'
import { middleText, numberText, withUnit } from './format.ts'
import { namesMax } from './limits.ts'
import { levelWord } from './level.ts'
import { isLouder, nightGuidelineNow, nightText, type FigureContext } from './street.ts'
import { headline, type Figure, type LatestByQuantity, type Subject, type Values } from './subject.ts'

export interface NamedStreet {
  name: string
  latest: LatestByQuantity
}

interface Levelled {
  name: string
  figure: Figure
  word: string
  step: number
  value: number
}

/** With corrected values the sentence says so: without the word nobody could tell the two apart. */
export function neighbourhoodSentence(
  context: FigureContext,
  subject: Subject,
  streets: readonly NamedStreet[],
  values: Values = 'raw'
): string {
  const { common, figures } = context.words
  const levelled = streets.flatMap((street) => withLevel(context, subject, street, values))
  if (levelled.length === 0) return figures.neighbourhood.none[subject]
  const sentence = { air, noise, damp }[subject](context, levelled)
  const corrected = levelled.filter(({ figure }) => sourceOf(figure.quantity) !== undefined).length
  if (corrected === 0) return sentence
  return `${sentence} ${figures.neighbourhood.corrected(corrected, common.streetCount(levelled.length))}`
}

function withLevel(
  { words }: FigureContext,
  subject: Subject,
  street: NamedStreet,
  values: Values
): Levelled[] {
  const figure = headline(subject, street.latest, values)
  const level = figure?.latest.level
  const value = figure?.latest.value
  if (!figure || !level || value === null || value === undefined) return []
  return [{ name: street.name, figure, word: levelWord(words, level), step: level.step, value }]
}

function air({ words }: FigureContext, streets: Levelled[]): string {
  const say = words.figures.neighbourhood
  const count = words.common.streetCount
  const first = streets[0]!
  if (streets.length === 1) return say.airOne(first.word, first.name)
  const best = Math.min(...streets.map(({ step }) => step))
  const worst = Math.max(...streets.map(({ step }) => step))
  const total = count(streets.length)
  if (best === worst) return say.airAll(first.word, total)
  const atBest = streets.filter(({ step }) => step === best)
  const atWorst = streets.filter(({ step }) => step === worst)
  const names = atWorst.length > namesMax ? [count(atWorst.length)] : atWorst.map(({ name }) => name)
  return say.airMost(atBest[0]!.word, atBest.length, total, atWorst[0]!.word, names)
}

function noise(context: FigureContext, streets: Levelled[]): string {
  const { words } = context
  const say = words.figures.neighbourhood
  const loudest = streets.reduce((a, b) => (b.value > a.value ? b : a))
  const { unit } = loudest.figure.latest
  const value = nightText(context, loudest.value, unit)
  const guideline = withUnit(words, numberText(words, nightGuidelineNow(context), 0), unit)
  if (streets.length === 1) {
    return say.noiseOne(loudest.name, isLouder(context, loudest.value), value, guideline)
  }
  const above = streets.filter((street) => isLouder(context, street.value)).length
  const sentence = say.noise(above, words.common.streetCount(streets.length), guideline)
  return `${sentence} ${say.loudest(loudest.name, value)}`
}

function damp({ words }: FigureContext, streets: Levelled[]): string {
  const say = words.figures.neighbourhood
  const worst = streets.reduce((a, b) =>
    b.step > a.step || (b.step === a.step && b.value > a.value) ? b : a
  )
  if (streets.length === 1) {
    const text = middleText(words, worst.figure.quantity, worst.value)
    return say.dampOne(worst.name, worst.word, withUnit(words, text, worst.figure.latest.unit))
  }
  const same = streets.filter(({ step }) => step === worst.step).length
  return say.damp(worst.word, same, words.common.streetCount(streets.length))
}
