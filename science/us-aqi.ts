/** The US Air Quality Index of particles (2024 table) and the NowCast that stands in for a day's mean right now. */
import type { About } from './about.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  usAqi: {
    title: 'US Air Quality Index',
    formula: 'I = (I_{high} − I_{low}) / (C_{high} − C_{low}) · (C − C_{low}) + I_{low}',
    range: 'C cut to 0.1 µg/m³ (PM2.5) or 1 µg/m³ (PM10); mean of a day, or NowCast',
    source: '40 CFR Part 58, Appendix G, Table 2, as amended by 89 FR 16202; from 2024-05-06',
    version: 1
  },
  nowCast: {
    title: 'NowCast of particles',
    formula: 'Σ w^{i} · c_{i} / Σ w^{i}, w = 1 − (max − min) / max, at least 0.5',
    range: '12 hourly means, i hours ago; two of the latest three must be there',
    source: 'US EPA, The NowCast for PM2.5 and PM10 (AirNow)',
    version: 1
  }
} as const satisfies Record<string, About>

export type UsAqiCategory =
  'Good' | 'Moderate' | 'Unhealthy for Sensitive Groups' | 'Unhealthy' | 'Very Unhealthy' | 'Hazardous'

export interface UsAqi {
  aqi: number
  category: UsAqiCategory
}

interface Segment {
  aqi: readonly [low: number, high: number]
  category: UsAqiCategory
  pm2_5: readonly [low: number, high: number]
  pm10: readonly [low: number, high: number]
}

/**
 * 40 CFR Part 58 Appendix G, Table 2, as amended by 89 FR 16202; valid from 2024-05-06. Concentrations in µg/m³, 24 h
 * means from midnight to midnight in local standard time with 18 valid hours, or a NowCast.
 */
export const usAqiSegments: readonly Segment[] = [
  { aqi: [0, 50], category: 'Good', pm2_5: [0, 9], pm10: [0, 54] },
  { aqi: [51, 100], category: 'Moderate', pm2_5: [9.1, 35.4], pm10: [55, 154] },
  { aqi: [101, 150], category: 'Unhealthy for Sensitive Groups', pm2_5: [35.5, 55.4], pm10: [155, 254] },
  { aqi: [151, 200], category: 'Unhealthy', pm2_5: [55.5, 125.4], pm10: [255, 354] },
  { aqi: [201, 300], category: 'Very Unhealthy', pm2_5: [125.5, 225.4], pm10: [355, 424] },
  { aqi: [301, 500], category: 'Hazardous', pm2_5: [225.5, 325.4], pm10: [425, 604] }
]

/**
 * I = (Ihi − Ilo)/(Chi − Clo)·(C − Clo) + Ilo, rounded; C is truncated first, to 0.1 (PM2.5) or 1 (PM10). Above the
 * table the last slope goes on: beyond 500 it is "beyond the AQI". A mean below zero has no index.
 */
export function usAqi(pollutant: 'pm2_5' | 'pm10', ugm3: number): UsAqi | null {
  if (!(ugm3 >= 0)) return null
  const concentration = truncated(ugm3, pollutant === 'pm2_5' ? 1 : 0)
  const segment = usAqiSegments.find((one) => concentration <= one[pollutant][1]) ?? usAqiSegments.at(-1)!
  const [low, high] = segment[pollutant]
  const [aqiLow, aqiHigh] = segment.aqi
  const aqi = Math.round(((aqiHigh - aqiLow) / (high - low)) * (concentration - low) + aqiLow)
  return { aqi, category: segment.category }
}

/** Cuts off further decimals. The nudge keeps 35.4, which binary fractions put a hair below, at 35.4. */
export function truncated(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.trunc(value * scale + Math.sign(value) * 1e-9) / scale
}

const nowCastHours = 12

/**
 * PM NowCast of 12 hourly means, oldest first, null where an hour is missing: Σ wⁱ·cᵢ / Σ wⁱ over the hours that are
 * there, i hours ago, with w = 1 − (max − min)/max, at least 0.5. null unless two of the latest three hours are there.
 * Not truncated: `usAqi` does that. EPA, "The NowCast for PM2.5 and PM10" (AirNow forum 172).
 */
export function nowCast(hourlyOldestFirst: readonly (number | null)[]): number | null {
  const newestFirst = hourlyOldestFirst.slice(-nowCastHours).toReversed()
  if (newestFirst.slice(0, 3).filter(isKnown).length < 2) return null
  const present = newestFirst.filter(isKnown)
  const highest = Math.max(...present)
  const lowest = Math.min(...present)
  const weight = highest <= 0 ? 1 : Math.min(1, Math.max(0.5, 1 - (highest - lowest) / highest))
  let sum = 0
  let weights = 0
  for (const [hoursAgo, mean] of newestFirst.entries()) {
    if (!isKnown(mean)) continue
    sum += weight ** hoursAgo * mean
    weights += weight ** hoursAgo
  }
  return sum / weights
}
