/**
 * Water in air: saturation pressure, dew point, absolute humidity.
 * One coefficient set everywhere (Sonntag 1990; WMO-No. 8, Annex 4.B, over water), so that round trips are exact. Below
 * 0 °C it stays the form over water, since humidity sensors report over water. It is 0.26 % below IAPWS at 20 °C, far
 * inside the 2 to 3 % of such sensors. Range −45 to 60 °C.
 */
import type { About } from './about.ts'

/** What the page of methods says of these. */
export const about = {
  saturationPressure: {
    title: 'Water that air can hold',
    formula: 'e_{w} = 6.112 · exp( 17.62 · T / (243.12 + T) ) hPa',
    range: '−45 to 60 °C, over water',
    source: 'Sonntag 1990; WMO-No. 8, Annex 4.B',
    version: 1
  },
  dewPoint: {
    title: 'Dew point',
    formula: 'T_{d} = 243.12 · g / (17.62 − g), g = ln(RH/100) + 17.62 · T / (243.12 + T)',
    range: 'RH above 0 %',
    source: 'Sonntag 1990; WMO-No. 8, Annex 4.B',
    version: 1
  },
  absoluteHumidity: {
    title: 'Absolute humidity',
    formula: 'AH = 10^{5} · e_{w} · (RH/100) / (461.5 · (T + 273.15)) g/m³',
    range: 'e in hPa, T in °C',
    source: 'ideal gas law; gas constant of water vapour 461.5 J/(kg K)',
    version: 1
  }
} as const satisfies Record<string, About>

const hPaAt0 = 6.112
const a = 17.62
const bC = 243.12

/** Specific gas constant of water vapour, J/(kg K). */
const waterVapourGasConstant = 461.5
const kelvinAt0C = 273.15

/** e_w = 6.112·exp(17.62·T / (243.12 + T)), hPa, T in °C. */
export function saturationPressure(temperatureC: number): number {
  return hPaAt0 * Math.exp((a * temperatureC) / (bC + temperatureC))
}

/** e = e_w·RH/100, hPa, RH in %. */
export function vapourPressure(temperatureC: number, humidity: number): number {
  return (saturationPressure(temperatureC) * humidity) / 100
}

/** The temperature at which water of this pressure (hPa) would condense, °C: the inverse of `saturationPressure`. */
export function dewPointOfPressure(vapourHPa: number): number | null {
  if (!(vapourHPa > 0)) return null
  const g = Math.log(vapourHPa / hPaAt0)
  return (bC * g) / (a - g)
}

/** T_d = 243.12·g / (17.62 − g) with g = ln(RH/100) + 17.62·T/(243.12 + T), °C. null for RH ≤ 0: there is none. */
export function dewPoint(temperatureC: number, humidity: number): number | null {
  return dewPointOfPressure(vapourPressure(temperatureC, humidity))
}

/** AH = 10⁵·e_w·(RH/100) / (461.5·(T + 273.15)), g/m³, with e_w in hPa. */
export function absoluteHumidity(temperatureC: number, humidity: number): number {
  return (
    (1e5 * vapourPressure(temperatureC, humidity)) / (waterVapourGasConstant * (temperatureC + kelvinAt0C))
  )
}
