/** What the first page says: a few sentences about all streets, for each subject, never a level without the last 12 months. */
import { sourceOf } from '../model/quantity.ts'
import { isAbove } from '../science/limit.ts'
import { nightNoiseScale } from '../science/level.ts'
import { numberText, withUnit } from './format.ts'
import { dayGuideline, nightGuideline } from './guideline.ts'
import { levelWord } from './level.ts'
import { namesMax } from './limits.ts'
import { figureValueText, nightText, type FigureContext } from './street.ts'
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
export function neighbourhoodSentences(
  context: FigureContext,
  subject: Subject,
  streets: readonly NamedStreet[],
  values: Values = 'raw'
): string[] {
  const { common, figures } = context.words
  const levelled = streets.flatMap((street) => withLevel(context, subject, street, values))
  if (levelled.length === 0) return [figures.neighbourhood.none[subject]]
  const sentences = { air, noise, damp }[subject](context, levelled)
  const corrected = levelled.filter(({ figure }) => sourceOf(figure.quantity) !== undefined).length
  if (corrected === 0) return sentences
  return [...sentences, figures.neighbourhood.corrected(corrected, common.streetCount(levelled.length))]
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

function air(context: FigureContext, streets: Levelled[]): string[] {
  return [airLevels(context, streets), aboveNow(context, streets), ...daysAbove(context, streets)]
}

function airLevels({ words }: FigureContext, streets: Levelled[]): string {
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

function aboveNow({ words, now, zone }: FigureContext, streets: Levelled[]): string {
  const above = streets.filter(({ figure, value }) => {
    const limit = dayGuideline(figure.quantity, now, zone)
    return limit !== undefined && isAbove(limit, value)
  })
  return words.figures.neighbourhood.aboveNow(above.length, streets.length)
}

/** The street with the largest share of days above, so that one that is measured since May is not overlooked. */
function daysAbove({ words }: FigureContext, streets: Levelled[]): string[] {
  const say = words.figures.neighbourhood
  const years = streets.flatMap(({ name, figure }) => {
    const { days = 0, daysAbove = null } = figure.latest.lastYear ?? {}
    return daysAbove === null ? [] : [{ name, days, daysAbove }]
  })
  const [first] = years
  if (!first) return []
  const most = years.reduce((a, b) => (b.daysAbove * a.days > a.daysAbove * b.days ? b : a))
  if (streets.length === 1) return [say.daysOne(first.daysAbove, first.days)]
  return [most.daysAbove === 0 ? say.daysNone : say.daysMost(most.name, most.daysAbove, most.days)]
}

/** From this band on a night is called loud; its edge is WHO's guideline for road traffic. */
const loudBand = nightNoiseScale.bands[2]

function noise(context: FigureContext, streets: Levelled[]): string[] {
  const { words } = context
  const say = words.figures.neighbourhood
  const loudest = streets.reduce((a, b) => (b.value > a.value ? b : a))
  const value = nightText(context, loudest.value, loudest.figure.latest.unit)
  if (streets.length === 1) {
    return [say.noiseOne(loudest.name, loudest.word, value), ...nightsAbove(context, streets)]
  }
  const loud = streets.filter(({ step }) => step >= loudBand.step).length
  const word = words.common.levels['who-night-noise'][loudBand.step]!
  return [
    say.noiseLoud(loud, words.common.streetCount(streets.length), word),
    say.loudest(loudest.name, value),
    ...nightsAbove(context, streets)
  ]
}

function nightsAbove({ words, now, zone }: FigureContext, streets: Levelled[]): string[] {
  const limit = nightGuideline(now, zone)
  const means = streets.flatMap(({ figure }) => figure.latest.lastYear?.mean ?? [])
  if (means.length === 0) return []
  const above = means.filter((mean) => isAbove(limit, mean)).length
  const guideline = withUnit(words, numberText(words, limit.value, 0), limit.unit)
  return [words.figures.neighbourhood.nightsAbove(above, means.length, guideline)]
}

function damp(context: FigureContext, streets: Levelled[]): string[] {
  const { words } = context
  const say = words.figures.neighbourhood
  const worst = streets.reduce((a, b) =>
    b.step > a.step || (b.step === a.step && b.value > a.value) ? b : a
  )
  if (streets.length === 1) {
    return [say.dampOne(worst.name, worst.word, figureValueText(context, worst.figure))]
  }
  const same = streets.filter(({ step }) => step === worst.step).length
  return [say.damp(worst.word, same, words.common.streetCount(streets.length))]
}
