/**
 * What a street's page says first: one pure function for each subject. The period comes before the word, a level never
 * stands without the last 12 months beside the guideline in force, and the newest reading has its time.
 */
import type { Level } from '../contract/street.ts'
import { isQuantity } from '../model/quantity.ts'
import { homesPerDayMin, streetSitesMin } from '../model/limits.ts'
import { isAbove } from '../science/limit.ts'
import { nightNoiseScale } from '../science/level.ts'
import { isSameDay, middleText, momentText, numberText, readingText, wholeText, withUnit } from './format.ts'
import { dayGuideline } from './guideline.ts'
import { levelWord } from './level.ts'
import type { Figure, Newest, Subject } from './subject.ts'
import type { TextContext } from './words.ts'
import { yearText } from './year.ts'

export type FigureContext = TextContext<'common' | 'figures'>

export interface NamedPlace {
  name: string
  /** Outdoor sensors that measure the subject, or that have not yet said what they measure. */
  outdoorSites: number
  /** Of the sensors that measure the subject, when the last reading of any came, if all are silent. */
  silentSince?: number | undefined
}

export interface StreetFacts {
  /** The subject's headline: it answers, whatever else is chosen. */
  figure?: Figure | undefined
  /** Another quantity that is shown beside it. */
  also?: Figure | undefined
  /** The newest reading of the headline's quantity on the street. */
  newest?: Newest | undefined
}

/** The answer, in sentences: the first one is the headline, the rest stands beside it. */
export function streetSentences(
  context: FigureContext,
  subject: Subject,
  place: NamedPlace,
  facts: StreetFacts
): string[] {
  const { figure, also } = facts
  const answer = { air, noise, damp }[subject](context, place, facts)
  const isBeside = also && also.quantity !== figure?.quantity && also.latest.basis !== 'sensor'
  if (!isBeside) return answer
  return [...answer, subject === 'damp' ? homesFigure(context.words, also) : besideText(context, place, also)]
}

function air(context: FigureContext, place: NamedPlace, { figure, newest }: StreetFacts): string[] {
  const say = context.words.figures
  if (!figure) return [place.outdoorSites > 0 ? say.noReading(place.name) : say.air.nobody(place.name)]
  if (figure.latest.basis === 'sensor') return oneSensor(context, place, figure, 'air')
  return [
    airAnswer(context, place, figure),
    ...withoutText(context.words, figure.latest.level),
    ...yearText(context, figure),
    ...newestText(context, figure, newest)
  ]
}

function airAnswer(context: FigureContext, place: NamedPlace, figure: Figure): string {
  const { words, zone } = context
  const say = words.figures.air
  const text = figureText(context, place, figure)
  const { level, value, at } = figure.latest
  if (!level || value === null) return say.plain(text)
  const word = levelWord(words, level)
  const limit = isOfDay(figure) && dayGuideline(figure.quantity, at ? Date.parse(at) : context.now, zone)
  if (!limit) return say.level(text, word)
  const guideline = numberText(words, limit.stored, 0)
  return isAbove(limit, value)
    ? say.above(text, word, guideline, level.step === 0)
    : say.below(text, word, guideline)
}

/** An hour of NO₂ has a word on the UK index, and is not held against the guideline for a day. */
function isOfDay({ latest }: Figure): boolean {
  return latest.period === 'last 24 hours'
}

/** The parts of the index that nobody measures here, with which it may be higher; nothing where it is whole. */
function withoutText({ common, figures }: FigureContext['words'], level: Level | null): string[] {
  const missing = level?.missing ?? []
  const names = missing.map((name) => (isQuantity(name) ? common.labels[name] : name))
  return names.length > 0 ? [figures.air.without(names)] : []
}

function noise(context: FigureContext, place: NamedPlace, { figure, newest }: StreetFacts): string[] {
  const { words } = context
  const say = words.figures
  if (!figure) return [place.outdoorSites > 0 ? say.noReading(place.name) : say.noise.nobody(place.name)]
  if (figure.latest.basis === 'sensor') return oneSensor(context, place, figure, 'noise')
  const { level, value, sites, unit } = figure.latest
  if (!level || value === null || figure.quantity !== 'laeq') {
    return [say.air.plain(figureText(context, place, figure)), ...newestText(context, figure, newest)]
  }
  const night = nightText(context, value, unit)
  const answer = say.noise.level(place.name, levelWord(words, level), night, words.common.sensors(sites ?? 0))
  return [answer, ...yearText(context, figure), ...newestText(context, figure, newest)]
}

function damp({ words }: FigureContext, place: NamedPlace, { figure }: StreetFacts): string[] {
  const say = words.figures.damp
  if (!figure || figure.latest.basis !== 'homes' || figure.latest.value === null) {
    return [say.notEnough(place.name, homesPerDayMin)]
  }
  const { level, value, unit } = figure.latest
  if (!level) return [homesFigure(words, figure)]
  const text = withUnit(words, middleText(words, figure.quantity, value), unit)
  const label = words.common.inSentence(words.common.labels[figure.quantity])
  return [
    say.level(place.name, levelWord(words, level), label, text, words.common.homesAtLeast(homesPerDayMin))
  ]
}

/** "In the last 24 hours PM2.5 on Ashley Road was 21 µg/m³ (median of 5 sensors)" */
function figureText(context: FigureContext, { name }: NamedPlace, figure: Figure): string {
  const { common, figures } = context.words
  const { quantity, latest } = figure
  const period = figures.periods[latest.period] ?? latest.period
  const label = common.inSentence(common.labels[quantity])
  return figures.air.figure(
    period,
    label,
    name,
    figureValueText(context, figure),
    common.sensors(latest.sites ?? 0)
  )
}

/** The value of a figure as every sentence, row and picture writes it. */
export function figureValueText(context: FigureContext, { quantity, latest }: Figure): string {
  const { words, now, zone } = context
  const value = latest.value ?? 0
  if (quantity === 'laeq') return nightText(context, value, latest.unit)
  const isCompared = latest.level && latest.period === 'last 24 hours'
  const limit = isCompared ? dayGuideline(quantity, now, zone) : undefined
  const text = limit ? wholeText(words, value, [limit.stored]) : middleText(words, quantity, value)
  return withUnit(words, text, latest.unit)
}

function besideText(context: FigureContext, place: NamedPlace, figure: Figure): string {
  return context.words.figures.air.plain(figureText(context, place, figure))
}

const nightEdges = nightNoiseScale.bands.map(({ from }) => from)

/** Decibels of a night with as many digits as show in which band it lies. */
export function nightText({ words }: FigureContext, value: number, unit: string): string {
  return withUnit(words, wholeText(words, value, nightEdges), unit)
}

function homesFigure(words: FigureContext['words'], { quantity, latest }: Figure): string {
  const { common, figures } = words
  const value = withUnit(words, middleText(words, quantity, latest.value ?? 0), latest.unit)
  return figures.damp.figure(common.labels[quantity], value, common.homesAtLeast(homesPerDayMin))
}

/** Not enough data is an answer: how many sensors there were, how many it takes, and the newest reading with its time. */
function oneSensor(
  context: FigureContext,
  place: NamedPlace,
  { quantity, latest }: Figure,
  kind: 'air' | 'noise'
): string[] {
  const { words } = context
  const { sites, sitesTotal, value, unit, at } = latest
  if (place.silentSince !== undefined) {
    return [words.figures.allSilent(place.name, whenText(context, place.silentSince))]
  }
  const few = words.figures.tooFew.fewSensors(
    { kind, sites: sites ?? 0, sitesTotal: sitesTotal ?? 0, needed: streetSitesMin },
    place.name
  )
  if (value === null || at === null) return [few]
  const text = withUnit(words, readingText(words, quantity, value), unit)
  const when = whenText(context, Date.parse(at))
  return [few, words.figures.newest.named(words.common.labels[quantity], text, when)]
}

function newestText(context: FigureContext, { quantity, latest }: Figure, newest?: Newest): string[] {
  if (!newest) return []
  const { words } = context
  const value = withUnit(words, readingText(words, quantity, newest.value), latest.unit)
  return [words.figures.newest.short(value, whenText(context, newest.at))]
}

function whenText(context: FigureContext, at: number): string {
  const say = context.words.figures.newest
  const time = momentText(context, at)
  return isSameDay(context, at) ? say.whenToday(time) : say.whenBefore(time)
}
