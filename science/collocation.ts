/** A sensor beside a reference instrument: how well it agrees, against the targets that the US EPA set for PM2.5. */
import { pairsMin } from './limits.ts'
export { pairsMin } from './limits.ts'
import type { About } from './about.ts'
import { ppbToUgm3 } from './convert.ts'

/** What the page of methods says of these. */
export const about = {
  collocation: {
    title: 'Sensor beside a reference',
    formula: 'y = slope · x + intercept by least squares; RMSE = √( Σ (y − x)^{2} / n )',
    range: 'pairs of hours or days with enough readings',
    source: 'EPA/600/R-20/280 (2021)',
    version: 1
  },
  precision: {
    title: 'How alike sensors are',
    formula: 'SD = √( Σ Σ (x_{ij} − x̄_{i})^{2} / (N · M − 1) ), CV = 100 · SD / mean',
    range: 'M sensors that all have each of N moments',
    source: 'EPA/600/R-20/280 (2021)',
    version: 1
  }
} as const satisfies Record<string, About>

export interface Collocation {
  n: number
  /** Ordinary least squares of the sensor on the reference; null where the reference does not vary. */
  slope: number | null
  intercept: number | null
  r2: number | null
  rmse: number
  /** RMSE as a share of the reference's mean, %; null where that is zero. */
  nrmsePercent: number | null
  /** Mean absolute and mean signed error (sensor − reference). */
  mae: number
  mbe: number
}

/**
 * Pairs of means over the same hours or days; both numbers must be there. null below `pairsMin`. The slope is biased low
 * by the reference's own noise, so two sensors are not compared with it. EPA/600/R-20/280 (2021).
 */
export function collocation(reference: readonly number[], sensor: readonly number[]): Collocation | null {
  if (reference.length !== sensor.length) throw new RangeError('Each reference value needs a sensor value.')
  const n = reference.length
  if (n < pairsMin) return null
  const errors = sensor.map((y, i) => y - reference[i]!)
  const [meanX, meanY] = [mean(reference), mean(sensor)]
  const sxx = mean(reference.map((x) => (x - meanX) ** 2))
  const syy = mean(sensor.map((y) => (y - meanY) ** 2))
  const sxy = mean(sensor.map((y, i) => (y - meanY) * (reference[i]! - meanX)))
  const slope = sxx === 0 ? null : sxy / sxx
  const rmse = Math.sqrt(mean(errors.map((error) => error ** 2)))
  return {
    n,
    slope,
    intercept: slope === null ? null : meanY - slope * meanX,
    r2: sxx === 0 || syy === 0 ? null : sxy ** 2 / (sxx * syy),
    rmse,
    nrmsePercent: meanX === 0 ? null : (100 * rmse) / meanX,
    mae: mean(errors.map(Math.abs)),
    mbe: mean(errors)
  }
}

export interface CollocationTargets {
  /** Slope between. */
  slope: readonly [min: number, max: number]
  /** Absolute intercept and RMSE in the quantity's unit. */
  intercept: number
  rmse: number
  r2: number
  /** RMSE may instead be this share of the reference's mean, %. */
  nrmsePercent: number | null
}

/**
 * The US EPA's targets of base testing, as its own sensortoolkit has them: PM2.5 of 24 h means (EPA/600/R-20/280), the others
 * as the agency's later reports. The intercept of O3 and the R² of PM10 and NO2 are recalled, not seen in a copy. Gases are
 * given there in ppb, here at 20 °C.
 */
export const collocationTargets = {
  pm2_5: { slope: [0.65, 1.35], intercept: 5, rmse: 7, r2: 0.7, nrmsePercent: 30 },
  pm10: { slope: [0.65, 1.35], intercept: 10, rmse: 14, r2: 0.7, nrmsePercent: 30 },
  no2: {
    slope: [0.65, 1.35],
    intercept: ppbToUgm3('no2', 5),
    rmse: ppbToUgm3('no2', 15),
    r2: 0.7,
    nrmsePercent: null
  },
  o3: {
    slope: [0.8, 1.2],
    intercept: ppbToUgm3('o3', 5),
    rmse: ppbToUgm3('o3', 5),
    r2: 0.8,
    nrmsePercent: null
  }
} as const satisfies Record<string, CollocationTargets>

/** Which targets of its quantity a collocation meets. */
export function meetsTargets(
  { slope, intercept, r2, rmse, nrmsePercent }: Collocation,
  of: keyof typeof collocationTargets = 'pm2_5'
): { slope: boolean; intercept: boolean; r2: boolean; error: boolean } {
  const target: CollocationTargets = collocationTargets[of]
  const share = target.nrmsePercent
  return {
    slope: slope !== null && slope >= target.slope[0] - 1e-12 && slope <= target.slope[1] + 1e-12,
    intercept: intercept !== null && Math.abs(intercept) <= target.intercept,
    r2: r2 !== null && r2 >= target.r2,
    error: rmse <= target.rmse || (share !== null && nrmsePercent !== null && nrmsePercent <= share)
  }
}

/** The targets of PM2.5, 24 h means: slope 1 ± 0.35, intercept ± 5 µg/m³, R² ≥ 0.70, RMSE ≤ 7 µg/m³ or NRMSE ≤ 30 %. */
export function pm2_5Targets(pairs: Collocation): ReturnType<typeof meetsTargets> {
  return meetsTargets(pairs, 'pm2_5')
}

/**
 * Between-sensor precision: SD = √(Σⱼ Σᵢ (xᵢⱼ − x̄ᵢ)²/(N·M − 1)) and CV = 100·SD/mean, for M sensors (rows) that all have
 * each of N moments. null below two sensors or one moment.
 */
export function precision(sensors: readonly (readonly number[])[]): { sd: number; cvPercent: number } | null {
  const [first] = sensors
  if (first === undefined || sensors.length < 2 || first.length === 0) return null
  if (sensors.some((sensor) => sensor.length !== first.length)) {
    throw new RangeError('Each sensor needs a value at each moment.')
  }
  const all = sensors.flat()
  const squares = first.map((_, i) => {
    const moment = sensors.map((sensor) => sensor[i]!)
    const middle = mean(moment)
    return moment.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  })
  const sd = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (all.length - 1))
  return { sd, cvPercent: (100 * sd) / mean(all) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
