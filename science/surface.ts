/** Water where it does harm: at the coldest surface of a room, and how much of it a home adds to the air from outdoors. */
import type { About } from './about.ts'
import { absoluteHumidity, saturationPressure, vapourPressure } from './damp.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  surfaceHumidity: {
    title: 'Humidity at a cold surface',
    formula: 'RH_{s} = RH_{i} · e_{w}(T_{i}) / e_{w}(T_{s})',
    range: 'air of the room well mixed; 100 % and more is condensation',
    source: 'EN ISO 13788; mould is possible from about 80 %',
    version: 1
  },
  temperatureFactor: {
    title: 'Temperature factor of a corner, fRsi',
    formula: 'f_{Rsi} = (T_{si} − T_{e}) / (T_{i} − T_{e})',
    range: 'night hours of at least three nights, at least 10 °C between inside and outside',
    source: 'EN ISO 13788; BRE IP 1/06 (0.75 for dwellings)',
    version: 1
  },
  moistureLoad: {
    title: 'Water that a home adds to the air',
    formula: 'Δp = e(T_{i}, RH_{i}) − e(T_{e}, RH_{e})',
    range: 'weekly or monthly means of the heating season',
    source: 'EN ISO 13788, humidity classes of the 2001 edition (advisory)',
    version: 1
  }
} as const satisfies Record<string, About>

/** Mould needs a surface at about this relative humidity for weeks (ISO 13788; VTT's model begins here at 20 °C). */
export const surfaceHumidityRisk = 80

/** Below this temperature factor UK dwellings are prone to mould (BRE IP 1/06). */
export const temperatureFactorMin = 0.75

/**
 * RH_s = RH_i·e_w(T_i)/e_w(T_s), %, for room air T_i (°C), RH_i (%) and a surface T_s (°C). Not capped: 100 and more is
 * condensation. Assumes that the room's water is well mixed.
 */
export function surfaceHumidity(airC: number, humidity: number, surfaceC: number): number {
  return (humidity * saturationPressure(airC)) / saturationPressure(surfaceC)
}

/**
 * fRsi = (T_si − T_e)/(T_i − T_e), without unit: how much of the warmth reaches the surface. Steady night hours with at
 * least `differenceMin` K between inside and outside, the median of three nights or more; null below that difference.
 */
export function temperatureFactor(
  surfaceC: number,
  insideC: number,
  outsideC: number,
  differenceMin = 5
): number | null {
  const difference = insideC - outsideC
  // What is NaN is below nothing, so the question is put the other way round.
  return difference >= differenceMin && isKnown(difference) && isKnown(surfaceC)
    ? (surfaceC - outsideC) / difference
    : null
}

/** The surface that a factor predicts: T_si = T_e + fRsi·(T_i − T_e), °C. */
export function estimatedSurface(factor: number, insideC: number, outsideC: number): number {
  return outsideC + factor * (insideC - outsideC)
}

/**
 * The design check of ISO 13788: the surface at which the room's vapour (Pa) would be at 80 %, °C, and the factor that
 * keeps it so warm. Saturation here is the standard's own 610.5·exp(17.269·T/(237.3 + T)), from 0 °C up.
 */
export function temperatureFactorNeeded(
  insideC: number,
  vapourPa: number,
  outsideC: number
): { surfaceC: number; factor: number } {
  const g = Math.log(vapourPa / (surfaceHumidityRisk / 100) / 610.5)
  const surfaceC = (237.3 * g) / (17.269 - g)
  return { surfaceC, factor: (surfaceC - outsideC) / (insideC - outsideC) }
}

export interface MoistureLoad {
  /** Δp = e(T_i, RH_i) − e(T_e, RH_e), Pa. */
  excessPa: number
  /** Δv, g/m³. */
  excessGm3: number
  /** ISO 13788 humidity class, 1 to 5; limits by the convention of the 2001 edition. */
  humidityClass: number
}

/** Highest excess of class 1 to 4 at 0 °C outside and below, Pa; it falls linearly to nothing at 20 °C. */
const classLimitsPa = [270, 540, 810, 1080]

/**
 * What a home adds to the outdoor air: it separates moisture and ventilation from cold walls. Weekly or monthly means
 * of the heating season; both ends of the same hours. The class is advisory, since editions of the standard differ.
 */
export function moistureLoad(
  inside: { temperatureC: number; humidity: number },
  outside: { temperatureC: number; humidity: number }
): MoistureLoad {
  if (![inside, outside].every((air) => isKnown(air.temperatureC) && isKnown(air.humidity))) {
    throw new RangeError('Air that was not measured has no moisture load.')
  }
  const pressure = (air: typeof inside): number => vapourPressure(air.temperatureC, air.humidity) * 100
  const grams = (air: typeof inside): number => absoluteHumidity(air.temperatureC, air.humidity)
  const excessPa = pressure(inside) - pressure(outside)
  const scale = classScale(outside.temperatureC)
  return {
    excessPa,
    excessGm3: grams(inside) - grams(outside),
    humidityClass: 1 + classLimitsPa.filter((limit) => excessPa > limit * scale).length
  }
}

function classScale(outsideC: number): number {
  return Math.min(1, Math.max(0, 1 - outsideC / 20))
}

/** The upper ends of classes 2 and 3 at 0 °C outside and below, g/m³: homes are in class 3. */
const [littleGm3, muchGm3] = [4, 6]
/** Warmer than this, classes are half a gram apart, which is what two good sensors of humidity may be off. */
export const moistureTellsBelowC = 15

export type MoistureSupply = 'little' | 'usual' | 'much'

/**
 * Whether the mean excess of a week or more is little or much for a home, by the same classes; undefined where it was too mild
 * outdoors to tell. The warmer it is outdoors the more a home is aired, so the same grams are little in frost and much in May.
 */
export function moistureSupply(excessGm3: number, outsideC: number): MoistureSupply | undefined {
  if (outsideC >= moistureTellsBelowC) return undefined
  const scale = classScale(outsideC)
  if (excessGm3 < littleGm3 * scale) return 'little'
  return excessGm3 < muchGm3 * scale ? 'usual' : 'much'
}
