/** What can be measured: one line a quantity, from which types, limits, labels and documentation are derived. */

export type Subject = 'air' | 'noise' | 'climate' | 'device'

export interface QuantityDefinition {
  /** Shown to people. */
  label: string
  unit: string
  /** UCUM code, as checked with ucum-lhc; `dB(A)` is not valid UCUM, the weighting goes into an annotation. */
  ucum: string
  subject: Subject
  /** Outside [possibleMin, possibleMax] a value cannot be: it is stored with flag 4. */
  possibleMin: number
  possibleMax: number
  /** Outside [usualMin, usualMax] a value is suspect: flag 3. Equal to the possible limits where nothing is known. */
  usualMin: number
  usualMax: number
  /**
   * Decibels are averaged as energy, never as numbers. `max` and `min` are for LAmax and LAmin. `vector`: a direction, of which
   * 350° and 10° have 0° for a mean, each weighing as much as the wind of the same moment.
   */
  average: 'arithmetic' | 'energy' | 'max' | 'min' | 'vector' | 'none'
  decimals: number
  /** What is above counts as this in every figure; the raw value stays as it was sent. */
  figureMax?: number
}

const pm = { unit: 'µg/m³', ucum: 'ug/m3', subject: 'air', average: 'arithmetic', decimals: 1 } as const
const dbA = { unit: 'dB(A)', ucum: 'dB{A-weighted}', subject: 'noise', decimals: 1 } as const

/**
 * Limits are the widest of the sensors people build with (SDS011 reads to 999.9 and 1999.9, PMS and SPS30 to 1000,
 * BME280 −40 to 85 °C, SCD30 to 40,000 ppm, ICS-43434 overloads at 120 dB). A family's own, narrower limits are
 * its dialect's business.
 */
const measured = {
  // Analysers that weigh (BAM, TEOM) read a little below zero in clean air; without those hours a mean would be too high.
  pm1: { ...pm, label: 'PM1', possibleMin: -10, possibleMax: 1000, usualMin: 0, usualMax: 500 },
  pm2_5: { ...pm, label: 'PM2.5', possibleMin: -10, possibleMax: 1000, usualMin: 0, usualMax: 500 },
  pm4: { ...pm, label: 'PM4', possibleMin: -10, possibleMax: 1000, usualMin: 0, usualMax: 500 },
  pm10: { ...pm, label: 'PM10', possibleMin: -10, possibleMax: 2000, usualMin: 0, usualMax: 1000 },
  // Electrochemical cells drift below zero; −50 ppb is about −95 µg/m³.
  no2: { ...pm, label: 'NO₂', possibleMin: -95, possibleMax: 3800, usualMin: -10, usualMax: 600 },
  o3: { ...pm, label: 'O₃', possibleMin: -100, possibleMax: 4000, usualMin: -10, usualMax: 500 },
  // The four below: electrochemical cells again, that of SO₂ to 20 ppm, NO to 20 ppm, CO to 1,000 ppm and more.
  so2: { ...pm, label: 'SO₂', possibleMin: -130, possibleMax: 60000, usualMin: -15, usualMax: 1000 },
  no: { ...pm, label: 'NO', possibleMin: -65, possibleMax: 25000, usualMin: -10, usualMax: 1500 },
  // As networks have it: NO and NO₂ together, counted as NO₂.
  nox: { ...pm, label: 'NOₓ', possibleMin: -160, possibleMax: 42000, usualMin: -20, usualMax: 3000 },
  co: {
    ...pm,
    label: 'CO',
    unit: 'mg/m³',
    ucum: 'mg/m3',
    possibleMin: -5,
    possibleMax: 12000,
    usualMin: -1,
    usualMax: 100,
    decimals: 2
  },
  co2: {
    label: 'CO₂',
    unit: 'ppm',
    ucum: '[ppm]',
    subject: 'air',
    possibleMin: 0,
    possibleMax: 40000,
    usualMin: 380,
    usualMax: 10000,
    average: 'arithmetic',
    decimals: 0
  },
  tvoc_index: {
    label: 'TVOC index',
    unit: '1',
    ucum: '1',
    subject: 'air',
    possibleMin: 0,
    possibleMax: 500,
    usualMin: 0,
    usualMax: 500,
    average: 'arithmetic',
    decimals: 0
  },
  temperature: {
    label: 'Temperature',
    unit: '°C',
    ucum: 'Cel',
    subject: 'climate',
    possibleMin: -40,
    possibleMax: 85,
    usualMin: -25,
    usualMax: 50,
    average: 'arithmetic',
    decimals: 1
  },
  humidity: {
    label: 'Humidity',
    unit: '%',
    ucum: '%',
    subject: 'climate',
    possibleMin: 0,
    // Wet sensors read a little over 100 % (loggers show 101.7 %; makers allow up to 105 %): that is saturated air, and
    // counts as 100 %. Beyond 105 % it is no reading of humid air.
    possibleMax: 105,
    usualMin: 2,
    usualMax: 100,
    figureMax: 100,
    average: 'arithmetic',
    decimals: 0
  },
  pressure: {
    label: 'Air pressure',
    unit: 'hPa',
    ucum: 'hPa',
    subject: 'climate',
    possibleMin: 300,
    possibleMax: 1100,
    usualMin: 850,
    usualMax: 1085,
    average: 'arithmetic',
    decimals: 1
  },
  wind_speed: {
    label: 'Wind speed',
    unit: 'm/s',
    ucum: 'm/s',
    subject: 'climate',
    possibleMin: 0,
    // The strongest gust on record is 113 m/s (WMO, Barrow Island 1996).
    possibleMax: 120,
    usualMin: 0,
    usualMax: 50,
    average: 'arithmetic',
    decimals: 1
  },
  wind_direction: {
    // Where it comes from, clockwise from north.
    label: 'Wind direction',
    unit: '°',
    ucum: 'deg',
    subject: 'climate',
    possibleMin: 0,
    possibleMax: 360,
    usualMin: 0,
    usualMax: 360,
    average: 'vector',
    decimals: 0
  },
  rain: {
    // A rate, so that hours of gauges that report each minute and each hour compare: its mean over an hour is the hour's mm.
    label: 'Rain',
    unit: 'mm/h',
    ucum: 'mm/h',
    subject: 'climate',
    possibleMin: 0,
    // The most in one minute on record is 31 mm (WMO, Unionville 1956).
    possibleMax: 2000,
    usualMin: 0,
    usualMax: 300,
    average: 'arithmetic',
    decimals: 1
  },
  solar: {
    label: 'Solar radiation',
    unit: 'W/m²',
    ucum: 'W/m2',
    subject: 'climate',
    // At night pyranometers read a little below zero; beside bright clouds more than the sun alone would give.
    possibleMin: -20,
    possibleMax: 2000,
    usualMin: -10,
    usualMax: 1500,
    average: 'arithmetic',
    decimals: 0
  },
  lux: {
    label: 'Light',
    unit: 'lx',
    ucum: 'lx',
    subject: 'climate',
    possibleMin: 0,
    possibleMax: 200000,
    usualMin: 0,
    usualMax: 150000,
    average: 'arithmetic',
    decimals: 0
  },
  laeq: {
    ...dbA,
    label: 'Sound level',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'energy'
  },
  lamin: {
    ...dbA,
    label: 'Quietest moment',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'min'
  },
  lamax: {
    ...dbA,
    label: 'Loudest moment',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'max'
  },
  la10: {
    ...dbA,
    label: 'LA10',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'none'
  },
  la50: {
    ...dbA,
    label: 'LA50',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'none'
  },
  la90: {
    ...dbA,
    label: 'LA90',
    possibleMin: 0,
    possibleMax: 140,
    usualMin: 20,
    usualMax: 120,
    average: 'none'
  },
  surface_temperature: {
    label: 'Wall temperature',
    unit: '°C',
    ucum: 'Cel',
    subject: 'climate',
    possibleMin: -55,
    possibleMax: 125,
    usualMin: -20,
    usualMax: 60,
    average: 'arithmetic',
    decimals: 1
  },
  wall_moisture: {
    label: 'Wall moisture',
    unit: '%',
    ucum: '%',
    subject: 'climate',
    possibleMin: 0,
    possibleMax: 100,
    usualMin: 6,
    usualMax: 40,
    average: 'arithmetic',
    decimals: 1
  },
  battery: {
    label: 'Battery',
    unit: '%',
    ucum: '%',
    subject: 'device',
    possibleMin: 0,
    possibleMax: 100,
    usualMin: 0,
    usualMax: 100,
    average: 'arithmetic',
    decimals: 0
  },
  battery_voltage: {
    label: 'Battery voltage',
    unit: 'V',
    ucum: 'V',
    subject: 'device',
    possibleMin: 0,
    possibleMax: 60,
    usualMin: 0,
    usualMax: 30,
    average: 'arithmetic',
    decimals: 2
  },
  rssi: {
    label: 'Signal',
    unit: 'dBm',
    ucum: 'dB{mW}',
    subject: 'device',
    possibleMin: -150,
    possibleMax: 20,
    usualMin: -130,
    usualMax: 0,
    average: 'arithmetic',
    decimals: 0
  }
} as const satisfies Record<string, QuantityDefinition>

export type MeasuredQuantity = keyof typeof measured

export const measuredNames = Object.keys(measured) as MeasuredQuantity[]

/** What a steward can set a correction for. */
export const correctableNames = [
  'pm1',
  'pm2_5',
  'pm4',
  'pm10',
  'no2',
  'o3'
] as const satisfies readonly MeasuredQuantity[]

export type CorrectableQuantity = (typeof correctableNames)[number]

export type CorrectedQuantity = `${CorrectableQuantity}_corrected`

/**
 * Derived: never sent and never stored as readings, but computed from the raw values where a correction holds. Unit and
 * averaging are the raw quantity's; its limits are those by which the raw value was judged.
 */
const corrected = Object.fromEntries(
  correctableNames.map((name) => [
    `${name}_corrected`,
    { ...measured[name], label: `Corrected ${measured[name].label}` }
  ])
) as Readonly<Record<CorrectedQuantity, QuantityDefinition>>

export const quantities = { ...measured, ...corrected }

export type Quantity = MeasuredQuantity | CorrectedQuantity

export const quantityNames = Object.keys(quantities) as Quantity[]

export function isQuantity(name: string): name is Quantity {
  return Object.hasOwn(quantities, name)
}

/** May a device send it? */
export function isMeasured(name: string): name is MeasuredQuantity {
  return Object.hasOwn(measured, name)
}

export function isCorrectable(name: string): name is CorrectableQuantity {
  return correctableNames.some((known) => known === name)
}

export function correctedOf(quantity: CorrectableQuantity): CorrectedQuantity {
  return `${quantity}_corrected`
}

const sources: ReadonlyMap<string, CorrectableQuantity> = new Map(
  correctableNames.map((name) => [correctedOf(name), name])
)

/** The raw quantity of a corrected one; undefined for what is measured. */
export function sourceOf(quantity: string): CorrectableQuantity | undefined {
  return sources.get(quantity)
}

/** What was measured: the quantity itself, or that from which it is derived. */
export function rawOf(quantity: Quantity): MeasuredQuantity {
  return isMeasured(quantity) ? quantity : sources.get(quantity)!
}

export function definitionOf(quantity: Quantity): QuantityDefinition {
  return quantities[quantity]
}

/** What a value counts as in means, extremes, percentiles and whatever is computed from it. */
export function figureValue(quantity: Quantity, value: number): number {
  return Math.min(value, figureMaxOf(quantity))
}

/** Infinity where values count as they are. */
export function figureMaxOf(quantity: Quantity): number {
  return definitionOf(quantity).figureMax ?? Infinity
}
