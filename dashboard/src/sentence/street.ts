/** What a street's page says first: one pure function for each subject, the averaging period always named. */
import { homesPerDayMin, streetSitesMin } from '../../../model/limits.ts'
import { quantities } from '../../../model/quantity.ts'
import { dayStart, type UnixMs } from '../../../model/time.ts'
import { roundHalfUp } from '../../../science/air.ts'
import { middleText, momentText, numberText, readingText, withUnit } from '../format.ts'
import { nightNoiseGuideline } from '../guideline.ts'
import type { Figure, Subject } from '../subject.ts'
import { words } from '../words/words.ts'

export interface Place {
  name: string
  /** Outdoor sensors that measure the subject, or that have not said yet what they measure. */
  outdoorSites: number
  now: number
  zone: string
}

/** `figure` is the subject's headline: it answers, whatever else is chosen. `also` is the quantity shown beside it. */
export function streetSentence(subject: Subject, place: Place, figure?: Figure, also?: Figure): string {
  const answer = { air, noise, damp }[subject](place, figure)
  const beside = also && also.quantity !== figure?.quantity && also.latest.basis !== 'sensor'
  return beside ? `${answer} ${subject === 'damp' ? homesFigure(also) : middleSentence(also)}` : answer
}

export function air(place: Place, figure: Figure | undefined): string {
  if (!figure) return place.outdoorSites > 0 ? words.noReading(place.name) : words.air.nobody(place.name)
  if (figure.latest.basis === 'sensor') return oneSensor(place, figure, 'air')
  const { level } = figure.latest
  const middle = middleSentence(figure)
  return level ? `${words.air.level(place.name, level.word)} ${middle}` : middle
}

export function noise(place: Place, figure: Figure | undefined): string {
  if (!figure) return place.outdoorSites > 0 ? words.noReading(place.name) : words.noise.nobody(place.name)
  if (figure.latest.basis === 'sensor') return oneSensor(place, figure, 'noise')
  const { level, value, sites } = figure.latest
  if (!level || value === null || figure.quantity !== 'laeq') return middleSentence(figure)
  const say = isLouder(value) ? words.noise.above : words.noise.within
  const guideline = withUnit(numberText(nightNoiseGuideline, 0), figure.latest.unit)
  const sentence = say(place.name, nightText(value, figure.latest.unit), guideline)
  return `${sentence} ${words.noise.basis(words.sensors(sites))}`
}

export function damp(place: Place, figure: Figure | undefined): string {
  if (!figure || figure.latest.basis !== 'homes' || figure.latest.value === null) {
    return words.damp.notEnough(place.name, homesPerDayMin)
  }
  const { level } = figure.latest
  const middle = homesFigure(figure)
  return level ? `${words.damp.level(place.name, level.word)} ${middle}` : middle
}

/** Judged as it is shown, to a tenth, as science/level.ts does. */
export function isLouder(value: number): boolean {
  return roundHalfUp(value, 1) > nightNoiseGuideline
}

/** Whole decibels, but a tenth where rounding would hide on which side of the guideline the night was. */
export function nightText(value: number, unit: string): string {
  const close = Math.round(value) === nightNoiseGuideline && roundHalfUp(value, 1) !== nightNoiseGuideline
  return withUnit(close ? numberText(roundHalfUp(value, 1), 1) : numberText(value, 0), unit)
}

function middleSentence({ quantity, latest }: Figure): string {
  const value = withUnit(middleText(quantity, latest.value ?? 0), latest.unit)
  const period = words.periods[latest.period] ?? latest.period
  return words.air.figure(quantities[quantity].label, value, words.sensors(latest.sites), period)
}

function homesFigure({ quantity, latest }: Figure): string {
  const value = withUnit(middleText(quantity, latest.value ?? 0), latest.unit)
  return words.damp.figure(quantities[quantity].label, value, words.homes(latest.sites))
}

/** Not enough data is an answer: how many sensors there were, how many it takes, and the newest reading with its time. */
function oneSensor(place: Place, { quantity, latest }: Figure, kind: 'air' | 'noise'): string {
  const { sites, sitesTotal, value, unit, at } = latest
  const few = words.tooFew.fewSensors({ kind, sites, sitesTotal, needed: streetSitesMin }, place.name)
  if (value === null || at === null) return few
  return `${few} ${newest(place, quantities[quantity].label, withUnit(readingText(quantity, value), unit), Date.parse(at))}`
}

function newest(place: Place, label: string, value: string, at: number): string {
  const time = momentText(at, place.now, place.zone)
  const today = dayStart(at as UnixMs, place.zone) === dayStart(place.now as UnixMs, place.zone)
  return words.tooFew.newest(
    label,
    value,
    today ? words.tooFew.whenToday(time) : words.tooFew.whenBefore(time)
  )
}
