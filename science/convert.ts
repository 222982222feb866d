/** From the units that files and devices use to the one unit of each quantity; what does not belong together is refused. */
import type { About } from './about.ts'
import {
  definitionOf,
  quantities,
  quantityNames,
  rawOf,
  type MeasuredQuantity,
  type Quantity
} from '../model/quantity.ts'

/** What the page of methods says of these. */
export const about = {
  ppb: {
    title: 'Gases from ppb to µg/m³',
    formula: 'µg/m³ = ppb · M · P / (R · T) / 1000',
    range: '20 °C and 1013.25 hPa, as limits of the UK and the EU are written',
    source: 'Directive 2008/50/EC, Annex VI.C; SI Brochure, 9th edition (R); CIAAW 2021 (M)',
    version: 1
  }
} as const satisfies Record<string, About>

/** Of air whose gas is written as a mass: 20 °C and 1013.25 hPa for the UK and the EU, 25 °C for the US and WHO. */
export interface AirConditions {
  temperatureC: number
  pressureHPa: number
}

/** The fixed conditions of EU and UK limit values (2008/50/EC Annex VI.C), whatever the weather was. */
export const europeanConditions: AirConditions = { temperatureC: 20, pressureHPa: 1013.25 }

/** Molar masses, g/mol (CIAAW 2021). */
export const molarMassGPerMol = { no2: 46.0055, o3: 47.998, so2: 64.064, no: 30.006, co: 28.01 } as const
export type Gas = keyof typeof molarMassGPerMol

/** Molar gas constant, J/(mol K), exact since 2019 (SI Brochure, 9th edition). */
const gasConstant = 8.314462618
const kelvinAt0C = 273.15

/**
 * µg/m³ of one ppb: M·P/(R·T)·10⁻³ with M in g/mol, P in Pa and T in K. NO2: 1.9125 at 20 °C, 1.8804 at 25 °C; O3: 1.9954
 * and 1.9620; at 20 °C SO2 2.6632, NO 1.2474, CO 1.1644. An ideal gas, which air is to 0.1 %.
 */
export function ugm3PerPpb(gas: Gas, conditions: AirConditions = europeanConditions): number {
  const pressurePa = conditions.pressureHPa * 100
  return (molarMassGPerMol[gas] * pressurePa) / (gasConstant * (conditions.temperatureC + kelvinAt0C)) / 1000
}

export function ppbToUgm3(gas: Gas, ppb: number, conditions?: AirConditions): number {
  return ppb * ugm3PerPpb(gas, conditions)
}

export function ugm3ToPpb(gas: Gas, ugm3: number, conditions?: AirConditions): number {
  return ugm3 / ugm3PerPpb(gas, conditions)
}

/** A value in the unit of its quantity, or a sentence that says why there is none. */
export type Canonical = { ok: true; value: number } | { ok: false; refusal: string }

export type UnitConverter = (value: number) => number
export type ConverterFound = { ok: true; convert: UnitConverter } | { ok: false; refusal: string }

/** `value` in the unit that model/quantity.ts gives the quantity; refused where the unit is none of its units. */
export function toCanonical(quantity: Quantity, value: number, unit: string): Canonical {
  const found = converterFor(quantity, unit)
  if (!found.ok) return found
  if (!Number.isFinite(value)) {
    return { ok: false, refusal: `${definitionOf(quantity).label} of ${value} ${unit} is no number.` }
  }
  return { ok: true, value: found.convert(value) }
}

/** The same for a whole column: the unit is looked up once. */
export function converterFor(quantity: Quantity, unit: string): ConverterFound {
  const convert = tables.get(quantity)!.get(plain(unit))
  if (convert) return { ok: true, convert }
  const { label } = quantities[quantity]
  const known = unitsOf(quantity).join(', ')
  const why = unit.trim() === '' ? `${label} needs a unit` : `${unit.trim()} is no unit of ${label}`
  return { ok: false, refusal: `${why}; it takes ${known}.` }
}

/** Units that a quantity may come in, its own first, as people write them. */
export function unitsOf(quantity: Quantity): string[] {
  return Object.keys(conversionsOf(rawOf(quantity)))
}

type Conversions = Readonly<Record<string, UnitConverter>>

const same: UnitConverter = (value) => value

// Division keeps decimals where a factor would not: 96011 / 100 is 960.11, 96011 × 0.01 is 960.1100000000001.
const particleMass: Conversions = {
  'µg/m³': same,
  'mg/m³': (mg) => mg * 1000,
  'ng/m³': (ng) => ng / 1000
}

function gasMass(gas: Gas): Conversions {
  return {
    ...particleMass,
    ppb: (ppb) => ppbToUgm3(gas, ppb),
    ppm: (ppm) => ppbToUgm3(gas, ppm * 1000),
    pphm: (pphm) => ppbToUgm3(gas, pphm * 10),
    ppt: (ppt) => ppbToUgm3(gas, ppt / 1000)
  }
}

/** Of carbon monoxide there are milligrams. */
const carbonMonoxide: Conversions = {
  'mg/m³': same,
  'µg/m³': (ug) => ug / 1000,
  ppm: (ppm) => ppbToUgm3('co', ppm),
  ppb: (ppb) => ppbToUgm3('co', ppb) / 1000
}

const speed: Conversions = {
  'm/s': same,
  'km/h': (kmh) => kmh / 3.6,
  mph: (mph) => mph * 0.44704,
  kn: (knots) => (knots * 1852) / 3600
}
/** Of an amount (mm, not mm/h) nobody knows here in what time it fell, so it is none of them. */
const rainRate: Conversions = {
  'mm/h': same,
  'mm/min': (mm) => mm * 60,
  'mm/s': (mm) => mm * 3600,
  'in/h': (inches) => inches * 25.4
}
const irradiance: Conversions = { 'W/m²': same, 'kW/m²': (kW) => kW * 1000 }
const illuminance: Conversions = { lx: same, klx: (klx) => klx * 1000 }

const share: Conversions = { ppm: same, ppb: (ppb) => ppb / 1000, '%': (percent) => percent * 10_000 }
const celsius: Conversions = {
  '°C': same,
  '°F': (fahrenheit) => ((fahrenheit - 32) * 5) / 9,
  K: (kelvin) => kelvin - kelvinAt0C
}
const relativeHumidity: Conversions = { '%': same, fraction: (fraction) => fraction * 100 }
// NIST SP 811 (2008), table B.8: conventional millimetre and inch of mercury, pound-force per square inch.
const pressure: Conversions = {
  hPa: same,
  mbar: same,
  Pa: (pa) => pa / 100,
  kPa: (kPa) => kPa * 10,
  bar: (bar) => bar * 1000,
  mmHg: (mm) => mm * 1.333224,
  inHg: (inches) => inches * 33.86389,
  psi: (psi) => psi * 68.94757,
  atm: (atm) => atm * 1013.25
}
const soundLevel: Conversions = { 'dB(A)': same, dB: same }
const voltage: Conversions = { V: same, mV: (mV) => mV / 1000 }

function conversionsOf(quantity: MeasuredQuantity): Conversions {
  switch (quantity) {
    case 'pm1':
    case 'pm2_5':
    case 'pm4':
    case 'pm10':
      return particleMass
    case 'no2':
    case 'o3':
    case 'so2':
    case 'no':
      return gasMass(quantity)
    case 'nox':
      // Counted as NO₂, as the directive and all networks have it.
      return gasMass('no2')
    case 'co':
      return carbonMonoxide
    case 'wind_speed':
      return speed
    case 'rain':
      return rainRate
    case 'solar':
      return irradiance
    case 'lux':
      return illuminance
    case 'co2':
      return share
    case 'temperature':
    case 'surface_temperature':
      return celsius
    case 'humidity':
      return relativeHumidity
    case 'pressure':
      return pressure
    case 'laeq':
    case 'lamin':
    case 'lamax':
    case 'la10':
    case 'la50':
    case 'la90':
      return soundLevel
    case 'battery_voltage':
      return voltage
    case 'tvoc_index':
    case 'wind_direction':
    case 'wall_moisture':
    case 'battery':
    case 'rssi':
      return { [quantities[quantity].unit]: same }
  }
}

/** Other spellings (UCUM, AirNow, loggers) of the units above, written as `plain` writes them. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  'µg/m³': ['ug/m^3', 'ugm-3', 'ugm^-3', 'ug.m-3', 'microgramspercubicmeter', 'mcg/m3'],
  'mg/m³': ['mg/m^3', 'mgm-3', 'mg.m-3'],
  'ng/m³': ['ng/m^3', 'ngm-3', 'ng.m-3'],
  ppb: ['[ppb]', 'ppbv', 'partsperbillion', 'nmol/mol'],
  ppm: ['[ppm]', 'ppmv', 'partspermillion', 'umol/mol'],
  pphm: ['[pphm]', 'partsperhundredmillion'],
  ppt: ['[pptr]', 'pptv', 'pmol/mol'],
  '°C': ['c', 'cel', 'degc', 'deg_c', 'degreesc', 'degreescelsius', 'celsius'],
  '°F': ['f', 'degf', 'deg_f', '[degf]', 'degreesf', 'degreesfahrenheit', 'fahrenheit'],
  K: ['kelvin'],
  '%': ['percent', '%rh', 'rh%', '%{rh}', '%wme', 'pct'],
  fraction: ['0-1', '0..1'],
  hPa: ['hectopascal'],
  mbar: ['mb', 'millibar', 'millibars'],
  Pa: ['pascal'],
  kPa: ['kilopascal'],
  mmHg: ['mm_hg', 'torr', 'mm[hg]'],
  inHg: ['in_hg', '[in_i]hg', "[in_i'hg]"],
  'dB(A)': ['dba', 'db_a', 'db-a', 'db{a-weighted}', 'db[a]'],
  dB: ['db[spl]', 'decibel'],
  'm/s': ['ms-1', 'mps', 'm.s-1', 'meterspersecond'],
  'km/h': ['kmh', 'kph', 'kmph', 'km.h-1'],
  mph: ['mi/h', '[mi_i]/h', 'milesperhour'],
  kn: ['kt', 'kts', 'knot', 'knots', '[kn_i]'],
  '°': ['deg', 'degree', 'degrees'],
  'mm/h': ['mm/hr', 'mmh-1', 'mm.h-1', 'mmperhour'],
  'mm/min': ['mmmin-1'],
  'in/h': ['in/hr', '[in_i]/h', 'inches/h', 'inchesperhour'],
  'W/m²': ['w/m2', 'w/m^2', 'wm-2', 'w.m-2'],
  'kW/m²': ['kw/m2', 'kw/m^2', 'kwm-2'],
  lx: ['lux'],
  klx: ['klux'],
  V: ['volt', 'volts'],
  mV: ['millivolt', 'millivolts'],
  '1': ['index', '{index}', 'none'],
  dBm: ['db{mw}', 'db[mw]']
}

/** Case, spaces and the two kinds of µ do not tell units apart here; no two units of one quantity differ by them. */
function plain(unit: string): string {
  if (unit.trim() === '°') return 'deg'
  return unit
    .toLowerCase()
    .replaceAll(/\s/g, '')
    .replaceAll(/[µμ]/g, 'u')
    .replaceAll('³', '3')
    .replaceAll('²', '2')
    .replaceAll('⁻', '-')
    .replaceAll(/[°º]/g, '')
}

const tables: ReadonlyMap<Quantity, ReadonlyMap<string, UnitConverter>> = new Map(
  quantityNames.map((quantity) => [quantity, spelt(conversionsOf(rawOf(quantity)))])
)

function spelt(conversions: Conversions): ReadonlyMap<string, UnitConverter> {
  return new Map(
    Object.entries(conversions).flatMap(([unit, convert]) =>
      [unit, ...(spellings[unit] ?? [])].map((spelling) => [plain(spelling), convert] as const)
    )
  )
}
