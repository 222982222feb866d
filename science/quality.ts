/**
 * Whether one value can be true: QARTOD's gross range test and the values that sensors send when they could not measure.
 * It sees a single value; what needs its neighbours in time or space is not here.
 */
import { reasonBits, worstFlag, type Flag, type Reason, type Reasons } from '../model/flag.ts'
import { definitionOf, figureMaxOf, measuredNames, quantityNames, type Quantity } from '../model/quantity.ts'
import { sensorFamilyNames, type SensorFamily } from '../model/sensor.ts'
import { isKnown } from '../model/known.ts'
import { familyLimits } from './family-limits.ts'

export interface Judgement {
  flag: Flag
  reasons: Reasons
}

export interface Span {
  min: number
  max: number
}

/**
 * QARTOD gross range (IOOS Manual for real-time quality control; ioos_qc 9c1853a): outside `fail` 4, outside `suspect`
 * 3, missing 9, otherwise 1. Both ends of a span belong to it.
 */
export function spanFlag(value: number | null, fail: Span, suspect: Span): Flag {
  if (!isKnown(value)) return 9
  if (value < fail.min || value > fail.max) return 4
  if (value < suspect.min || value > suspect.max) return 3
  return 1
}

export interface SentinelRow {
  quantities: readonly Quantity[]
  values: readonly number[]
  /** The family that sends it; null where no sensor of these quantities can mean it. */
  family: SensorFamily | null
  flag: Flag
  reason: Reason
  why: string
}

const particles = ['pm1', 'pm2_5', 'pm4', 'pm10'] as const satisfies readonly Quantity[]
const temperatures = ['temperature', 'surface_temperature'] as const satisfies readonly Quantity[]
const measured = measuredNames.filter((name) => definitionOf(name).subject !== 'device')
/** In the sun there are as many lux. */
const below16Bits = measured.filter((name) => name !== 'lux')

/**
 * Values that stand for "no measurement" or "end of the scale". Both fail: at the end of its scale a sensor does not know
 * how much there is, so the number belongs in no mean. Sources: DS18B20 datasheet (85 °C is the power-on value; Dallas
 * libraries give −127 for a lost sensor), SDS011 specification (0.0 to 999.9 µg/m³; archives hold 1999.9 for PM10),
 * sensors-software issue 442 (999, 1999, −999, −1 and 65535 reach maps), int16 and uint16 hundredths (327.67, 655.35).
 */
export const sentinels: readonly SentinelRow[] = [
  {
    quantities: temperatures,
    values: [-127],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'a DS18B20 that does not answer'
  },
  {
    quantities: temperatures,
    values: [85],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'the power-on value of a DS18B20, and the end of the scale of a BME280'
  },
  {
    quantities: measured,
    values: [-999, -999.9, -9999],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'many firmwares for "no value"'
  },
  {
    quantities: [...particles, 'co2', 'humidity'],
    values: [-1],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'many firmwares for "no value"'
  },
  {
    quantities: ['co2', 'humidity', 'pressure', 'tvoc_index'],
    values: [0],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'a sensor that has not measured yet, or no longer: air always has some'
  },
  {
    quantities: ['laeq', 'lamin', 'lamax', 'la10', 'la50', 'la90'],
    values: [0],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'a microphone that is not connected: even in the quietest room a working one measures its own noise'
  },
  {
    quantities: below16Bits,
    values: [65535, 6553.5],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'an unsigned 16-bit number with all bits set'
  },
  {
    quantities: [...temperatures, 'humidity', 'wall_moisture', 'pressure'],
    values: [327.67, -327.68, 655.35],
    family: null,
    flag: 4,
    reason: 'sentinel',
    why: 'the end of a 16-bit number of hundredths'
  },
  {
    quantities: ['pm1', 'pm2_5', 'pm4'],
    values: [999, 999.9, 1000],
    family: null,
    flag: 4,
    reason: 'saturated',
    why: 'an SDS011, PMS or SPS30 at the end of its scale'
  },
  {
    quantities: ['pm10'],
    values: [999.9, 1999, 1999.9],
    family: null,
    flag: 4,
    reason: 'saturated',
    why: 'an SDS011 at the end of its scale'
  },
  {
    quantities: ['humidity'],
    values: [99.9],
    family: 'dht22',
    flag: 3,
    reason: 'stuck',
    why: 'a DHT22 that has got wet repeats 99.9 for days'
  }
]

interface Limits {
  fail: Span
  suspect: Span
  figureMax: number
  sentinels: ReadonlyMap<number, readonly SentinelRow[]>
}

const limits: ReadonlyMap<Quantity, Limits> = new Map(quantityNames.map((name) => [name, limitsOf(name)]))

/** By family and quantity: the narrower of what the sensor can say and what the quantity can be. */
const limitsByFamily: ReadonlyMap<SensorFamily, ReadonlyMap<Quantity, Limits>> = new Map(
  sensorFamilyNames.map((family) => [
    family,
    new Map(
      measuredNames.flatMap((name) => {
        const own = familyLimits[family][name]
        if (!own) return []
        const wide = limitsOf(name)
        const { fail, suspect } = wide
        return [[name, { ...wide, fail: narrower(fail, own.fail), suspect: narrower(suspect, own.suspect) }]]
      })
    )
  ])
)

function narrower(a: Span, b: Span | undefined): Span {
  return b ? { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) } : a
}

function limitsOf(quantity: Quantity): Limits {
  const { possibleMin, possibleMax, usualMin, usualMax } = definitionOf(quantity)
  const rows = new Map<number, SentinelRow[]>()
  for (const row of sentinels) {
    if (!row.quantities.includes(quantity)) continue
    for (const value of row.values) rows.set(value, [...(rows.get(value) ?? []), row])
  }
  return {
    fail: { min: possibleMin, max: possibleMax },
    suspect: { min: usualMin, max: usualMax },
    figureMax: figureMaxOf(quantity),
    sentinels: rows
  }
}

// Millions of readings get the same few answers, so each is made once.
const passes: Judgement = Object.freeze({ flag: 1, reasons: 0 })
const unusual: Judgement = Object.freeze({ flag: 3, reasons: reasonBits('unusual') })
const impossible: Judgement = Object.freeze({ flag: 4, reasons: reasonBits('outOfRange') })
const aboveSaturation: Judgement = Object.freeze({ flag: 3, reasons: reasonBits('aboveSaturation') })
const missing: Judgement = Object.freeze({ flag: 9, reasons: 0 })

/**
 * The flag of one value in its quantity's unit, with why: 1 inside the usual limits, 3 outside them, 4 outside what the
 * quantity can have, and the sentinels of the table above. `family` narrows them
 * to what that sensor can say, and adds what only it does.
 */
export function grossRange(quantity: Quantity, value: number, family?: SensorFamily): Judgement {
  const limit = (family && limitsByFamily.get(family)?.get(quantity)) ?? limits.get(quantity)!
  const range = rangeJudgement(spanFlag(value, limit.fail, limit.suspect), value > limit.figureMax)
  const rows = limit.sentinels.get(value)
  return rows === undefined ? range : withSentinels(range, rows, family)
}

function rangeJudgement(flag: Flag, isAboveFigureMax: boolean): Judgement {
  if (flag === 1) return passes
  if (flag === 3) return isAboveFigureMax ? aboveSaturation : unusual
  return flag === 4 ? impossible : missing
}

function withSentinels(
  range: Judgement,
  rows: readonly SentinelRow[],
  family: SensorFamily | undefined
): Judgement {
  let { flag, reasons } = range
  for (const row of rows) {
    if (row.family !== null && row.family !== family) continue
    flag = worstFlag(flag, row.flag)
    reasons |= reasonBits(row.reason)
  }
  return { flag, reasons }
}
