/** What the first page says: one sentence about all streets, for each subject. */
import { sourceOf } from '../../../model/quantity.ts'
import { headline, type Figure, type LatestByQuantity, type Subject, type Values } from '../subject.ts'
import { words } from '../words/words.ts'
import { middleText, withUnit } from '../format.ts'
import { isLouder, nightText } from './street.ts'

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
  subject: Subject,
  streets: readonly NamedStreet[],
  values: Values = 'raw'
): string {
  const levelled = streets.flatMap((street) => withLevel(subject, street, values))
  if (levelled.length === 0) return words.neighbourhood.none[subject]
  const sentence = { air, noise, damp }[subject](levelled)
  const corrected = levelled.filter(({ figure }) => sourceOf(figure.quantity) !== undefined).length
  if (corrected === 0) return sentence
  return `${sentence} ${words.neighbourhood.corrected(corrected, words.streetCount(levelled.length))}`
}

function withLevel(subject: Subject, street: NamedStreet, values: Values): Levelled[] {
  const figure = headline(subject, street.latest, values)
  const level = figure?.latest.level
  const value = figure?.latest.value
  if (!figure || !level || value === null || value === undefined) return []
  return [{ name: street.name, figure, word: level.word, step: level.step, value }]
}

/** Names at most this many streets; the list below the sentence has the rest. */
const namesMax = 3

function air(streets: Levelled[]): string {
  const say = words.neighbourhood
  const first = streets[0]!
  if (streets.length === 1) return say.airOne(first.word, first.name)
  const best = Math.min(...streets.map(({ step }) => step))
  const worst = Math.max(...streets.map(({ step }) => step))
  const total = words.streetCount(streets.length)
  if (best === worst) return say.airAll(first.word, total)
  const atBest = streets.filter(({ step }) => step === best)
  const atWorst = streets.filter(({ step }) => step === worst)
  const names =
    atWorst.length > namesMax ? [words.streetCount(atWorst.length)] : atWorst.map(({ name }) => name)
  return say.airMost(atBest[0]!.word, atBest.length, total, atWorst[0]!.word, names)
}

function noise(streets: Levelled[]): string {
  const say = words.neighbourhood
  const loudest = streets.reduce((a, b) => (b.value > a.value ? b : a))
  const value = nightText(loudest.value, loudest.figure.latest.unit)
  if (streets.length === 1) return say.noiseOne(loudest.name, isLouder(loudest.value), value)
  const above = streets.filter((street) => isLouder(street.value)).length
  return `${say.noise(above, words.streetCount(streets.length))} ${say.loudest(loudest.name, value)}`
}

function damp(streets: Levelled[]): string {
  const say = words.neighbourhood
  const worst = streets.reduce((a, b) =>
    b.step > a.step || (b.step === a.step && b.value > a.value) ? b : a
  )
  if (streets.length === 1) {
    const value = withUnit(middleText(worst.figure.quantity, worst.value), worst.figure.latest.unit)
    return say.dampOne(worst.name, worst.word, value)
  }
  const same = streets.filter(({ step }) => step === worst.step).length
  return say.damp(worst.word, same, words.streetCount(streets.length))
}
