/**
 * Corrections of particle sensors: a closed set of named formulas, each for the sensors it was made for. A correction is
 * applied to the raw value, never to one already corrected; the raw value stays and the result names its formula.
 */
import { slopeMin, kappaMax, calibrationPairsMin } from './limits.ts'
export { calibrationPairsMin } from './limits.ts'
import type { Collocation } from './collocation.ts'
import type { CorrectedSensor, CorrectedSignal, CorrectionRow, FormulaName } from '../model/correction.ts'
import { definitionOf, quantities, type Quantity } from '../model/quantity.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { counted } from '../model/counted.ts'
import { isKnown } from '../model/known.ts'

interface Formula {
  title: string
  /** As people write it, for the page of methods. */
  text: string
  version: number
  /** Coefficients that belong to the formula; what a place must bring is in `needs`. */
  coefficients: Readonly<Record<string, number>>
  needs: readonly string[]
  sensors: readonly CorrectedSensor[] | 'any'
  signals: readonly CorrectedSignal[]
  quantities: readonly Quantity[] | 'any'
  usesHumidity: boolean
  range: string
  source: string
  note: string
}

const usFit = { sensors: ['plantower'], quantities: ['pm2_5'], usesHumidity: true, needs: [] } as const

export const formulas = {
  kappaKohler: {
    title: 'κ-Köhler humidity correction',
    text: 'PM / C with C = 1 + (κ/1.65)/(1/a_w − 1), a_w = RH/100',
    version: 1,
    coefficients: { densityGcm3: 1.65, humidityMax: 95 },
    needs: ['kappa'],
    sensors: ['sds011', 'sps30', 'opc'],
    signals: ['only'],
    quantities: ['pm1', 'pm2_5', 'pm4', 'pm10'],
    usesHumidity: true,
    range: 'RH 0 to 95 %; above it the value stays as it is, and is in no corrected mean',
    source: 'Crilley et al. 2018, AMT 11:709; Di Antonio et al. 2018, Sensors 18:2790',
    note: 'κ (0.1 to 0.6) is of a place and a season: fit it beside a reference. A wrong one makes values worse.'
  },
  barkjohn2021: {
    ...usFit,
    title: 'US-wide PurpleAir correction',
    text: '0.524·PM_cf1 − 0.0862·RH + 5.75',
    version: 1,
    coefficients: { slope: 0.524, humidity: -0.0862, intercept: 5.75 },
    signals: ['cf_1'],
    range: 'fitted to 24 h means of about 0 to 250 µg/m³, outdoors in the US; cf_1, mean of both channels',
    source: 'Barkjohn, Gantt and Clements 2021, AMT 14:4617',
    note: 'Low values in humid air can come out below zero; the sign is kept.'
  },
  fasm2021: {
    ...usFit,
    title: 'AirNow Fire and Smoke Map correction',
    text: 'piecewise below 30, to 50, to 210, to 260 and above, blended in between; see the source',
    version: 1,
    coefficients: {
      low: 0.524,
      middle: 0.786,
      high: 0.69,
      square: 8.84e-4,
      humidity: -0.0862,
      intercept: 5.75
    },
    signals: ['cf_atm'],
    range: 'smoke up to about 600 µg/m³, outdoors in the US; cf_atm',
    source: 'AirNow Fire and Smoke Map, questions and answers (October 2021)',
    note: 'Between 50 and 260 µg/m³ it gives about 1.5 times the linear fit: the two never mix.'
  },
  cf1Quadratic: {
    ...usFit,
    title: 'AirSensor2 EPA_FASM in two parts',
    text: '≤ 343: 0.52·cf1 − 0.086·RH + 5.75; above: 0.46·cf1 + 3.93·10⁻⁴·cf1² + 2.97',
    version: 1,
    coefficients: { breakUgm3: 343 },
    signals: ['cf_1'],
    range: 'extreme smoke, outdoors in the US; cf_1',
    source: 'MazamaScience AirSensor2; Barkjohn et al. 2022, Sensors 22:9669 (formula text only, not run)',
    note: 'It jumps by about 27 µg/m³ at 343, as published.'
  },
  linear: {
    title: 'Local collocation',
    text: '(value − intercept)/slope, from this sensor beside a reference',
    version: 1,
    coefficients: {},
    needs: ['slope', 'intercept'],
    sensors: 'any',
    signals: ['only', 'cf_1', 'cf_atm'],
    quantities: 'any',
    usesHumidity: false,
    range: 'the range and season of the collocation',
    source: 'ordinary least squares of the sensor on the reference, EPA/600/R-20/280',
    note: 'Best of all where there is a reference; two weeks or more, again every 6 to 12 months.'
  }
} as const satisfies Record<FormulaName, Formula>

/** What is kept of a correction: one formula and what the place brings to it. */
export type Correction =
  | { formula: 'kappaKohler'; kappa: number }
  | { formula: 'barkjohn2021' }
  | { formula: 'fasm2021' }
  | { formula: 'cf1Quadratic' }
  | { formula: 'linear'; slope: number; intercept: number }

export interface CorrectionInputs {
  quantity: Quantity
  /** Raw, in the quantity's unit. */
  value: number
  sensor: CorrectedSensor
  signal: CorrectedSignal
  /** %, of the air at the sensor's inlet at the same time; null where it is not known. */
  humidity: number | null
  /** What already corrected this value; null for a raw one. */
  correctedBy: string | null
}

export type Corrected =
  | { ok: true; value: number; formula: FormulaName; version: number }
  | { ok: false; suspect: boolean; why: string }

/**
 * The corrected value, in the unit of the raw one; or why there is none. `suspect` where the value itself is doubtful
 * (air too humid to divide by), and not only out of the formula's reach.
 */
export function applyCorrection(correction: Correction, inputs: CorrectionInputs): Corrected {
  const { value, humidity, correctedBy } = inputs
  if (correctedBy !== null) {
    return refused(`The value is already corrected (${correctedBy}); corrections are never stacked.`)
  }
  if (!Number.isFinite(value)) return refused('There is no value to correct.')
  const why = unfit(correction.formula, inputs) ?? airText(correction, humidity)
  if (why !== undefined) return refused(why, airFault(correction, humidity) === 'tooHumid')
  const { formula } = correction
  return {
    ok: true,
    value: correctedValue(correction, value, humidity ?? NaN),
    formula,
    version: formulas[formula].version
  }
}

function refused(why: string, suspect = false): Corrected {
  return { ok: false, suspect, why }
}

/** Why a formula does not suit the sensor or its number, whatever the value; undefined where it does. */
export function unfit(
  formula: FormulaName,
  { quantity, sensor, signal }: Pick<CorrectionInputs, 'quantity' | 'sensor' | 'signal'>
): string | undefined {
  const of: Formula = formulas[formula]
  if (of.quantities !== 'any' && !of.quantities.includes(quantity)) {
    return `${of.title} was not made for ${definitionOf(quantity).label}.`
  }
  if (of.sensors !== 'any' && !of.sensors.includes(sensor)) return `${of.title} was not made for ${sensor}.`
  if (!of.signals.includes(signal)) {
    return `${of.title} takes ${of.signals.join(' or ')}, and this is ${signal}.`
  }
  return undefined
}

export type AirFault = 'missing' | 'impossible' | 'tooHumid'

/** Why the air does not let a value be corrected; undefined where it does, or where the formula does not ask. */
export function airFault({ formula }: Correction, humidity: number | null): AirFault | undefined {
  if (!formulas[formula].usesHumidity) return undefined
  if (!isKnown(humidity)) return humidity === null ? 'missing' : 'impossible'
  if (!(humidity >= 0 && humidity <= quantities.humidity.possibleMax)) return 'impossible'
  return formula === 'kappaKohler' && humidity > kappaHumidityMax ? 'tooHumid' : undefined
}

function airText(correction: Correction, humidity: number | null): string | undefined {
  switch (airFault(correction, humidity)) {
    case 'missing':
      return `${formulas[correction.formula].title} needs the humidity of the same time.`
    case 'impossible':
      return `A humidity of ${humidity} % cannot be.`
    case 'tooHumid':
      return `Above ${kappaHumidityMax} % humidity a particle is mostly water; the value is suspect, not corrected.`
    case undefined:
      return undefined
  }
}

/** The formula alone, for a value and an air that were found fit for it. */
export function correctedValue(correction: Correction, value: number, humidity: number): number {
  switch (correction.formula) {
    case 'kappaKohler':
      return value / growthFactor(humidity, correction.kappa)
    case 'barkjohn2021':
      return barkjohn2021(value, humidity)
    case 'fasm2021':
      return fasm2021(value, humidity)
    case 'cf1Quadratic':
      return cf1Quadratic(value, humidity)
    case 'linear':
      return (value - correction.intercept) / correction.slope
  }
}

/** The correction of a kept row; or what is wrong with its coefficients, in words for who set it. */
export function correctionOf(
  row: Pick<CorrectionRow, 'formula' | 'coefficients'>
): { ok: true; correction: Correction } | { ok: false; why: string } {
  const { formula, coefficients } = row
  const { needs }: Formula = formulas[formula]
  for (const name of needs) {
    if (!Number.isFinite(coefficients[name])) {
      return { ok: false, why: `${formulas[formula].title} needs a number for ${name}.` }
    }
  }
  const extra = Object.keys(coefficients).find((name) => !needs.includes(name))
  if (extra !== undefined) return { ok: false, why: `${formulas[formula].title} takes no ${extra}.` }
  if (formula === 'kappaKohler') {
    const { kappa = NaN } = coefficients
    return kappa > 0 && kappa <= kappaMax
      ? { ok: true, correction: { formula, kappa } }
      : {
          ok: false,
          why: `κ is ${kappa}; it lies above 0 and at most ${kappaMax}, and usually from 0.1 to 0.6.`
        }
  }
  if (formula === 'linear') {
    const { slope = NaN, intercept = NaN } = coefficients
    return slope >= slopeMin && slope <= 1 / slopeMin && Number.isFinite(intercept)
      ? { ok: true, correction: { formula, slope, intercept } }
      : {
          ok: false,
          why: `The slope is ${slope}; that of a sensor that follows its reference lies from ${slopeMin} to ${1 / slopeMin}.`
        }
  }
  return { ok: true, correction: { formula } }
}

/** Which corrections' kind a family is; `other` for what is no particle counter. */
export function correctedSensorOf(family: SensorFamily): CorrectedSensor {
  switch (family) {
    case 'pms5003':
      return 'plantower'
    case 'sds011':
    case 'sps30':
      return family
    default:
      return 'other'
  }
}

export const kappaHumidityMax = formulas.kappaKohler.coefficients.humidityMax

/** C = 1 + (κ/ρ)/(1/a_w − 1), ρ = 1.65 g/cm³, a_w = RH/100: how much heavier water makes a particle. 1 in dry air. */
export function growthFactor(humidity: number, kappa: number): number {
  if (humidity === 0) return 1
  return 1 + kappa / formulas.kappaKohler.coefficients.densityGcm3 / (100 / humidity - 1)
}

/** 0.524·PM_cf1 − 0.0862·RH + 5.75, µg/m³. Barkjohn 2021; version 1 has the paper's coefficients. */
export function barkjohn2021(cf1Ugm3: number, humidity: number): number {
  const { slope, humidity: perPercent, intercept } = formulas.barkjohn2021.coefficients
  return slope * cf1Ugm3 + perPercent * humidity + intercept
}

/** The piecewise fit of October 2021 on cf_atm, µg/m³; w goes from 0 to 1 within a blended piece. */
export function fasm2021(cfAtmUgm3: number, humidity: number): number {
  const x = cfAtmUgm3
  const { low, middle, high, square, humidity: perPercent, intercept } = formulas.fasm2021.coefficients
  const air = perPercent * humidity + intercept
  if (x < 30) return low * x + air
  if (x < 50) {
    const w = x / 20 - 3 / 2
    return (middle * w + low * (1 - w)) * x + air
  }
  if (x < 210) return middle * x + air
  const dense = 2.966 + square * x * x
  if (x >= 260) return dense + high * x
  const w = x / 50 - 21 / 5
  return (high * w + middle * (1 - w)) * x + air * (1 - w) + dense * w
}

/** The two parts that AirSensor2 documents, µg/m³, with their jump at 343. */
export function cf1Quadratic(cf1Ugm3: number, humidity: number): number {
  if (cf1Ugm3 <= formulas.cf1Quadratic.coefficients.breakUgm3) return 0.52 * cf1Ugm3 - 0.086 * humidity + 5.75
  return 0.46 * cf1Ugm3 + 3.93e-4 * cf1Ugm3 ** 2 + 2.97
}

/**
 * Do the two lasers of a PurpleAir agree? Not where |A − B| > 5 µg/m³ and 2·|A − B|/(A + B) > 70 %; means of an hour or
 * a day. Barkjohn 2021, section 3.2.3.
 */
export function channelsAgree(aUgm3: number | null | undefined, bUgm3: number | null | undefined): boolean {
  // A channel that says nothing agrees with nobody.
  if (!isKnown(aUgm3) || !isKnown(bUgm3)) return false
  const difference = Math.abs(aUgm3 - bUgm3)
  return !(difference > 5 && (2 * difference) / (aUgm3 + bUgm3) > 0.7)
}

/** A local correction from a collocation, or why it gives none. */
export function linearCorrection(
  pairs: Collocation | null,
  window: keyof typeof calibrationPairsMin
): { ok: true; correction: Correction } | { ok: false; why: string } {
  const wanted = calibrationPairsMin[window]
  const n = pairs?.n ?? 0
  if (pairs === null || n < wanted) {
    const have = pairs === null ? 'Too few pairs' : counted(n, 'pair')
    return { ok: false, why: `${have} of ${window}s: a calibration needs ${wanted}, two weeks side by side.` }
  }
  const { slope, intercept, r2 } = pairs
  if (slope === null || intercept === null || r2 === null) {
    return { ok: false, why: 'One of the two did not vary, so there is no line between them.' }
  }
  if (slope <= 0 || r2 < 0.5) {
    return {
      ok: false,
      why: 'The sensor does not follow the reference (R² below 0.5), so no line corrects it.'
    }
  }
  return { ok: true, correction: { formula: 'linear', slope, intercept } }
}
