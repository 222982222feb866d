/** Units and what is observed, by their names in public vocabularies: UCUM, QUDT, the EEA's list of pollutants, CF standard names. */
import { definitionOf, rawOf, type MeasuredQuantity, type Quantity } from '../model/quantity.ts'

const qudt = 'http://qudt.org/vocab/unit/'

/** By UCUM code: the unit's name in words, and QUDT's where it has one (version 2.1). A-weighted decibels have none. */
const units: Readonly<Record<string, { name: string; qudt?: string }>> = {
  'ug/m3': { name: 'microgram per cubic metre', qudt: 'MicroGM-PER-M3' },
  'mg/m3': { name: 'milligram per cubic metre', qudt: 'MilliGM-PER-M3' },
  '[ppm]': { name: 'parts per million', qudt: 'PPM' },
  '1': { name: 'unitless', qudt: 'UNITLESS' },
  Cel: { name: 'degree Celsius', qudt: 'DEG_C' },
  '%': { name: 'percent', qudt: 'PERCENT' },
  hPa: { name: 'hectopascal', qudt: 'HectoPA' },
  'm/s': { name: 'metre per second', qudt: 'M-PER-SEC' },
  deg: { name: 'degree', qudt: 'DEG' },
  'mm/h': { name: 'millimetre per hour', qudt: 'MilliM-PER-HR' },
  'W/m2': { name: 'watt per square metre', qudt: 'W-PER-M2' },
  lx: { name: 'lux', qudt: 'LUX' },
  'dB{A-weighted}': { name: 'A-weighted decibel' },
  V: { name: 'volt', qudt: 'V' },
  'dB{mW}': { name: 'decibel-milliwatt', qudt: 'DeciB_M' }
}

export interface UnitOfMeasurement {
  name: string
  symbol: string
  definition: string
}

/** The definition is QUDT's, else UCUM's in OGC's register. */
export function unitOf(quantity: Quantity): UnitOfMeasurement {
  const { unit: symbol, ucum } = definitionOf(quantity)
  const known = units[ucum]
  return {
    name: known?.name ?? symbol,
    symbol,
    definition: qudtOf(quantity) ?? `http://www.opengis.net/def/uom/UCUM/${encodeURIComponent(ucum)}`
  }
}

export function qudtOf(quantity: Quantity): string | undefined {
  const name = units[definitionOf(quantity).ucum]?.qudt
  return name === undefined ? undefined : qudt + name
}

const pollutant = 'http://dd.eionet.europa.eu/vocabulary/aq/pollutant/'
const standardName = 'http://vocab.nerc.ac.uk/standard_name/'

const definitions: Partial<Record<MeasuredQuantity, string>> = {
  pm1: `${pollutant}6002`,
  pm2_5: `${pollutant}6001`,
  pm10: `${pollutant}5`,
  no2: `${pollutant}8`,
  o3: `${pollutant}7`,
  so2: `${pollutant}1`,
  no: `${pollutant}38`,
  nox: `${pollutant}9`,
  co: `${pollutant}10`,
  co2: `${pollutant}71`,
  temperature: `${standardName}air_temperature/`,
  humidity: `${standardName}relative_humidity/`,
  pressure: `${standardName}air_pressure/`,
  wind_speed: `${standardName}wind_speed/`,
  wind_direction: `${standardName}wind_from_direction/`,
  rain: `${standardName}rainfall_rate/`,
  solar: `${standardName}surface_downwelling_shortwave_flux_in_air/`,
  laeq: `${standardName}sound_pressure_level_in_air/`
}

/** Of a corrected quantity what was measured: it is another procedure for the same property. */
export function observedDefinition(quantity: Quantity): string {
  const raw = rawOf(quantity)
  return definitions[raw] ?? `urn:lamppost:quantity:${raw}`
}
