/** The European Air Quality Index in its revised hourly bands. */
import type { About } from './about.ts'
import { roundHalfUp } from './air.ts'

/** What the page of methods says of these. */
export const about = {
  eaqi: {
    title: 'European Air Quality Index',
    formula: 'level = place of the hourly mean, rounded half up to whole µg/m³, in the table of bands',
    range: 'means of one hour',
    source: 'European Environment Agency, bands of 2024/25 (ETC HE 2024/17)',
    version: 1
  }
} as const satisfies Record<string, About>

export const eaqiPollutants = ['pm2_5', 'pm10', 'no2', 'o3', 'so2'] as const
export type EaqiPollutant = (typeof eaqiPollutants)[number]

export const eaqiNames = ['Good', 'Fair', 'Moderate', 'Poor', 'Very poor', 'Extremely poor'] as const

export interface Eaqi {
  /** 1 to 6. */
  level: number
  name: (typeof eaqiNames)[number]
}

/**
 * Highest µg/m³ of level 1 to 5; above the last it is 6. Hourly means of every pollutant. European Environment Agency,
 * airindex.eea.europa.eu, bands of 2024/25 (ETC HE 2024/17). The older index (10, 20, 25, 50, 75 for PM2.5, over 24 h)
 * is another one.
 */
export const eaqiUpperBounds: Readonly<Record<EaqiPollutant, readonly number[]>> = {
  pm2_5: [5, 15, 50, 90, 140],
  pm10: [15, 45, 120, 195, 270],
  no2: [10, 25, 60, 100, 150],
  o3: [60, 100, 120, 160, 180],
  so2: [20, 40, 125, 190, 275]
}

/** Level of an hourly mean. The agency leaves open what lies between whole numbers: here they are rounded half up. */
export function eaqi(pollutant: EaqiPollutant, ugm3: number): Eaqi {
  if (Number.isNaN(ugm3)) throw new RangeError('What is no number has no index.')
  const whole = roundHalfUp(ugm3)
  const bounds = eaqiUpperBounds[pollutant]
  const below = bounds.findIndex((bound) => whole <= bound)
  const level = below === -1 ? bounds.length + 1 : below + 1
  return { level, name: eaqiNames[level - 1]! }
}
