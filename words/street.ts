/** What a street's page says first: one pure function for each subject, the averaging period always named. */
import { homesPerDayMin, streetSitesMin } from '../model/limits.ts'
import { roundHalfUp } from '../science/air.ts'
import { isSameDay, middleText, momentText, numberText, readingText, withUnit } from './format.ts'
import { nightGuideline } from './guideline.ts'
import { levelWord } from './level.ts'
import type { Figure, Subject } from './subject.ts'
import type { TextContext } from './words.ts'

export type FigureContext = TextContext<'common' | 'figures'>

export interface NamedPlace {
  name: string
  /** Outdoor sensors that measure the subject, or that have not yet said what they measure. */
  outdoorSites: number
}

/** `figure` is the subject's headline: it answers, whatever else is chosen. `also` is the quantity shown beside it. */
export function streetSentence(
  context: FigureContext,
  subject: Subject,
  place: NamedPlace,
  { figure, also }: { figure?: Figure | undefined; also?: Figure | undefined }
): string {
  const answer = { air, noise, damp }[subject](context, place, figure)
  const beside = also && also.quantity !== figure?.quantity && also.latest.basis !== 'sensor'
  if (!beside) return answer
  return `${answer} ${subject === 'damp' ? homesFigure(context.words, also) : middleSentence(context.words, also)}`
}

export function air(context: FigureContext, place: NamedPlace, figure: Figure | undefined): string {
  const { words } = context
  const say = words.figures
  if (!figure) return place.outdoorSites > 0 ? say.noReading(place.name) : say.air.nobody(place.name)
  if (figure.latest.basis === 'sensor') return oneSensor(context, place, figure, 'air')
  const { level } = figure.latest
  const middle = middleSentence(words, figure)
  return level ? `${say.air.level(place.name, levelWord(words, level))} ${middle}` : middle
}

export function noise(context: FigureContext, place: NamedPlace, figure: Figure | undefined): string {
  const { words } = context
  const say = words.figures
  if (!figure) return place.outdoorSites > 0 ? say.noReading(place.name) : say.noise.nobody(place.name)
  if (figure.latest.basis === 'sensor') return oneSensor(context, place, figure, 'noise')
  const { level, value, sites, unit } = figure.latest
  if (!level || value === null || figure.quantity !== 'laeq') return middleSentence(words, figure)
  const compare = isLouder(context, value) ? say.noise.above : say.noise.within
  const guideline = withUnit(words, numberText(words, nightGuidelineNow(context), 0), unit)
  const sentence = compare(place.name, nightText(context, value, unit), guideline)
  return `${sentence} ${say.noise.basis(words.common.sensors(sites))}`
}

export function damp({ words }: FigureContext, place: NamedPlace, figure: Figure | undefined): string {
  const say = words.figures.damp
  if (!figure || figure.latest.basis !== 'homes' || figure.latest.value === null) {
    return say.notEnough(place.name, homesPerDayMin)
  }
  const { level } = figure.latest
  const middle = homesFigure(words, figure)
  return level ? `${say.level(place.name, levelWord(words, level))} ${middle}` : middle
}

type Night = Pick<FigureContext, 'now' | 'zone'>

export function nightGuidelineNow({ now, zone }: Night): number {
  return nightGuideline(now, zone).value
}

/** Judged as it is shown, to a tenth, as science/level.ts does. */
export function isLouder(night: Night, value: number): boolean {
  return roundHalfUp(value, 1) > nightGuidelineNow(night)
}

/** Whole decibels, but a tenth where rounding would hide on which side of the guideline the night was. */
export function nightText(context: FigureContext, value: number, unit: string): string {
  const { words } = context
  const guideline = nightGuidelineNow(context)
  const isClose = Math.round(value) === guideline && roundHalfUp(value, 1) !== guideline
  const number = isClose ? numberText(words, roundHalfUp(value, 1), 1) : numberText(words, value, 0)
  return withUnit(words, number, unit)
}

function middleSentence(words: FigureContext['words'], { quantity, latest }: Figure): string {
  const { common, figures } = words
  const value = withUnit(words, middleText(words, quantity, latest.value ?? 0), latest.unit)
  const period = common.periods[latest.period] ?? latest.period
  return figures.air.figure(common.labels[quantity], value, common.sensors(latest.sites), period)
}

function homesFigure(words: FigureContext['words'], { quantity, latest }: Figure): string {
  const { common, figures } = words
  const value = withUnit(words, middleText(words, quantity, latest.value ?? 0), latest.unit)
  return figures.damp.figure(common.labels[quantity], value, common.homes(latest.sites))
}

/** Not enough data is an answer: how many sensors there were, how many it takes, and the newest reading with its time. */
function oneSensor(
  context: FigureContext,
  place: NamedPlace,
  { quantity, latest }: Figure,
  kind: 'air' | 'noise'
): string {
  const { words } = context
  const say = words.figures.tooFew
  const { sites, sitesTotal, value, unit, at } = latest
  const few = say.fewSensors({ kind, sites, sitesTotal, needed: streetSitesMin }, place.name)
  if (value === null || at === null) return few
  const text = withUnit(words, readingText(words, quantity, value), unit)
  return `${few} ${say.newest(words.common.labels[quantity], text, whenText(context, Date.parse(at)))}`
}

function whenText(context: FigureContext, at: number): string {
  const say = context.words.figures.tooFew
  const time = momentText(context, at)
  return isSameDay(context, at) ? say.whenToday(time) : say.whenBefore(time)
}
