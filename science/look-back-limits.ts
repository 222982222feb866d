/**
 * Limits of the tests that see more than one value, by quantity: what the hourly look back asks of a series. Conventions
 * of this project, set wide so that weather, traffic and fireworks pass; each says what it leans on.
 */
import { sourceOf, type Quantity } from '../model/quantity.ts'
import { hourMs, minuteMs } from '../model/time.ts'

/** No run is looked at for longer than this, and no test of one quantity looks further. */
export const lookBackReachMs = 6 * hourMs

/** A value that is repeated to the last digit. */
export interface StuckRule {
  /** Values below are repeated by good sensors. */
  above: number
  /** From the first of the run to its last. */
  forMs: number
  /** A longer silence ends the run. An hour at most, so that a run shows within the reach whatever lies beyond. */
  gapMs: number
  /** What is repeated fails from here to there, and is doubted elsewhere; so is what `sure` does not hold for. */
  fails: { from: number; until: number }
  /** As many repeats, and a value with so fine digits, or so large a whole one, are no chance. */
  sure: { readings: number; wholeFrom: number }
  why: string
}

export interface SeriesLimits {
  stuck?: StuckRule
  /** Further than this from the middle of the readings before and after, and from each of them. */
  spike?: number
  /** Per second, where the step is larger than the spike's limit as well. */
  ratePerS?: number
  /** The standard deviation of six hours outdoors lies below it. */
  attenuatedOutdoors?: number
  /** Nothing nearer than this to the neighbours' middle is told apart from them. */
  neighbourSpreadMin?: number
}

/** Readings further apart are no neighbours in time: what happened between them is not known. */
export const neighbourGapMs = 15 * minuteMs

/** Readings that an attenuated six hours must hold. */
export const attenuatedReadingsMin = 60

/**
 * A Plantower sends whole numbers and repeats small ones for hours in clean air, so only above 5 µg/m³, and surely only where
 * one part in twenty is a digit. Readings of an hour each may be alike for a night. At the end of the scale a value is
 * repeated because there is no higher one: course.ts judges those.
 */
const counter: StuckRule = {
  above: 5,
  forMs: lookBackReachMs,
  gapMs: 30 * minuteMs,
  fails: { from: 5, until: 999 },
  sure: { readings: 36, wholeFrom: 20 },
  why: 'a particle counter that repeats one value for six hours does not count'
}

const particles = { stuck: counter, neighbourSpreadMin: 5 } as const

/**
 * A steady machine has the same level for hours to whole decibels, a quiet room that of the microphone itself, and a loud one
 * the highest that the microphone can say: those are doubted.
 */
const sound: StuckRule = {
  above: 0,
  forMs: 3 * hourMs,
  gapMs: 15 * minuteMs,
  fails: { from: 35, until: 90 },
  sure: { readings: 36, wholeFrom: Infinity },
  why: 'no place has the same level to a tenth of a decibel for three hours'
}

/**
 * A cell or an optical sensor of gas is never still; one that gives the same value for six hours is cut off, at zero as a rule.
 * Doubted only: analysers that write whole numbers repeat small ones in clean air, and at the sea a background for a night.
 */
const gas: StuckRule = {
  above: -Infinity,
  forMs: lookBackReachMs,
  gapMs: 30 * minuteMs,
  fails: { from: Infinity, until: Infinity },
  sure: { readings: 36, wholeFrom: Infinity },
  why: 'a sensor of gas that repeats one value for six hours may be cut off'
}

/**
 * Temperature has no flat line: an indoor archive (Candanedo 2017, a sensor of 0.1 °C) repeats one for thirteen hours.
 * Humidity at an end of its scale is judged by the temperature beside it: see pinned-humidity.ts.
 */
export const seriesLimits: Partial<Record<Quantity, SeriesLimits>> = {
  pm1: { ...particles, spike: 150 },
  pm2_5: { ...particles, spike: 150 },
  pm4: { ...particles, spike: 150 },
  pm10: { ...particles, spike: 300, neighbourSpreadMin: 8 },
  no2: { stuck: gas, neighbourSpreadMin: 10 },
  o3: { stuck: gas, neighbourSpreadMin: 10 },
  co2: { stuck: gas, spike: 2_000 },
  temperature: { spike: 5, ratePerS: 0.1, neighbourSpreadMin: 1 },
  surface_temperature: { spike: 5, ratePerS: 0.1 },
  humidity: {
    spike: 30,
    neighbourSpreadMin: 5
  },
  pressure: { spike: 5, ratePerS: 0.05, neighbourSpreadMin: 2 },
  laeq: { stuck: sound, attenuatedOutdoors: 0.3 }
}

export interface OrderRule {
  lower: Quantity
  upper: Quantity
  /** What rounding and two passes of one sensor may make of it. */
  tolerance: number
}

const particleOrder = (lower: Quantity, upper: Quantity): OrderRule => ({ lower, upper, tolerance: 1 })
const soundOrder = (lower: Quantity, upper: Quantity): OrderRule => ({ lower, upper, tolerance: 0.1 })

/** By definition: a smaller size class is part of the larger; a percentile exceeded longer is the lower. */
export const orders: readonly OrderRule[] = [
  particleOrder('pm1', 'pm2_5'),
  particleOrder('pm2_5', 'pm4'),
  particleOrder('pm2_5', 'pm10'),
  particleOrder('pm4', 'pm10'),
  soundOrder('lamin', 'la90'),
  soundOrder('la90', 'la50'),
  soundOrder('la50', 'la10'),
  soundOrder('la10', 'lamax'),
  soundOrder('lamin', 'laeq'),
  soundOrder('laeq', 'lamax')
]

/** Does any test ask more of this quantity than the value itself? What is corrected is judged as its source. */
export function isLookedBackOn(quantity: Quantity): boolean {
  const source = sourceOf(quantity) ?? quantity
  return (
    seriesLimits[source] !== undefined ||
    orders.some(({ lower, upper }) => lower === source || upper === source)
  )
}
