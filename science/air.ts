/** The UK Daily Air Quality Index: what a concentration is called in the United Kingdom, 1 (best) to 10. */
import type { About } from './about.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  daqi: {
    title: 'UK Daily Air Quality Index',
    formula: 'index = place of the mean, rounded half up to whole µg/m³, in the table of bands',
    range:
      'PM: mean of 24 hours; O₃: mean of 8; NO₂: of one; SO₂: of 15 minutes. Without one of them it may be too low',
    source: 'Defra UK-AIR, bands of 2012; GOV.UK 2025-12-19',
    version: 2
  }
} as const satisfies Record<string, About>

/** All parts of the index: it is the highest of theirs, so without one of them it may be higher than what is said. */
export const daqiPollutants = ['pm2_5', 'pm10', 'no2', 'o3', 'so2'] as const
export type DaqiPollutant = (typeof daqiPollutants)[number]
/** As Defra writes them. */
export type DaqiBand = 'Low' | 'Moderate' | 'High' | 'Very High'

export interface Daqi {
  index: number
  band: DaqiBand
}

/**
 * Highest whole µg/m³ of index 1 to 9; above the last it is 10. Averaging: PM the 24 h mean (running for the newest
 * figure, valid at 75 %), O3 the running mean of 8 h, NO2 the mean of one hour, SO2 of 15 minutes. Source: Defra UK-AIR,
 * "Daily Air Quality Index", bands of 2012, published again by GOV.UK on 2025-12-19 without change; those of O3 and SO2 as
 * ten independent implementations have them.
 */
export const daqiUpperBounds: Readonly<Record<DaqiPollutant, readonly number[]>> = {
  pm2_5: [11, 23, 35, 41, 47, 53, 58, 64, 70],
  pm10: [16, 33, 50, 58, 66, 75, 83, 91, 100],
  no2: [67, 134, 200, 267, 334, 400, 467, 534, 600],
  o3: [33, 66, 100, 120, 140, 160, 187, 213, 240],
  so2: [88, 177, 266, 354, 443, 532, 710, 887, 1064]
}

/** Hours over which the concentration must have been averaged before it has an index. */
export const daqiAveragingHours: Readonly<Record<DaqiPollutant, number>> = {
  pm2_5: 24,
  pm10: 24,
  no2: 1,
  o3: 8,
  so2: 0.25
}

/**
 * DAQI of a mean in µg/m³: rounded half up to a whole number ("0.5 is consistently rounded up", Defra), then looked up.
 * Below zero (a cell's drift) is 1. The index is defined for reference instruments: of sensors it is indicative.
 */
export function daqi(pollutant: DaqiPollutant, ugm3: number): Daqi {
  if (Number.isNaN(ugm3)) throw new RangeError('What is no number has no index.')
  const whole = roundHalfUp(ugm3)
  const bounds = daqiUpperBounds[pollutant]
  const below = bounds.findIndex((bound) => whole <= bound)
  const index = below === -1 ? bounds.length + 1 : below + 1
  return { index, band: daqiBand(index) }
}

/** The index of a place is that of its worst pollutant; undefined without any. */
export function daqiWorst(means: Partial<Record<DaqiPollutant, number | null>>): Daqi | undefined {
  let worst: Daqi | undefined
  for (const pollutant of daqiPollutants) {
    const mean = means[pollutant]
    if (!isKnown(mean)) continue
    const one = daqi(pollutant, mean)
    if (!worst || one.index > worst.index) worst = one
  }
  return worst
}

/** The parts of the index that are not there. */
export function daqiMissing(there: (pollutant: DaqiPollutant) => boolean): DaqiPollutant[] {
  return daqiPollutants.filter((pollutant) => !there(pollutant))
}

export function daqiBand(index: number): DaqiBand {
  if (index <= 3) return 'Low'
  if (index <= 6) return 'Moderate'
  return index <= 9 ? 'High' : 'Very High'
}

/** Rounds .5 up. The nudge takes back what binary fractions lose: 1.005 × 100 is 100.49999999999999. */
export function roundHalfUp(value: number, decimals = 0): number {
  const scale = 10 ** decimals
  const scaled = value * scale
  return Math.floor(scaled + 0.5 + Math.abs(scaled) * 2 ** -50) / scale
}
