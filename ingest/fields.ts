/** A family's table of fields: what each name means, in which unit it comes, and which values stand for "no measurement". */
import { readyFieldsMax } from './limits.ts'
import { definitionOf, measuredNames, type MeasuredQuantity } from '../model/quantity.ts'
import { converterFor, type UnitConverter } from '../science/convert.ts'

export interface FieldRule {
  quantity: MeasuredQuantity
  /** As the box sends it; the quantity's own unless given. */
  unit?: string
  /** Values that say "nothing was measured": they make no reading and no problem. */
  unknown?: readonly number[]
  /** Values of a sensor that failed or is missing, besides those that fail everywhere (science/quality.ts). */
  sentinels?: readonly number[]
  /** The same sensor's value in another form: where both come, the lower rank stands and nothing needs to be told. */
  isOtherForm?: boolean
  /** Where several sensors of a box measure the same quantity the lowest stands; 0 unless given. */
  rank?: number
}

/** A field that is no reading, and why; the payload tester says it. */
export interface IgnoredField {
  ignored: string
}

export type FieldTable = Readonly<Record<string, FieldRule | IgnoredField>>

/** A rule, made ready: limits and the way to the quantity's unit are looked up once. */
export interface Field {
  quantity: MeasuredQuantity
  unit: string
  /** undefined where the box sends the quantity's own unit. */
  convert: UnitConverter | undefined
  unknown: readonly number[] | undefined
  sentinels: readonly number[] | undefined
  rank: number
  isOtherForm: boolean
  /** One of 32, by the quantity. */
  bit: number
  possibleMin: number
  possibleMax: number
  /** Above it a value is more likely one in another unit; Infinity where other units lie outside of what can be. */
  doubtfulMin: number
}

export type Fields = ReadonlyMap<string, Field | IgnoredField>

export function compileFields(table: FieldTable): Fields {
  return new Map(
    Object.entries(table).map(([name, rule]) => [name, 'ignored' in rule ? rule : compileField(rule)])
  )
}

/** @throws for a unit that the quantity does not take: a mistake in a table of ours. */
export function compileField({
  quantity,
  unit,
  unknown,
  sentinels,
  rank = 0,
  isOtherForm = false
}: FieldRule): Field {
  const { unit: own, possibleMin, possibleMax, usualMax } = definitionOf(quantity)
  const found = converterFor(quantity, unit ?? own)
  if (!found.ok) throw new Error(found.refusal)
  return {
    quantity,
    unit: unit ?? own,
    convert: unit === undefined || unit === own ? undefined : found.convert,
    unknown,
    sentinels,
    rank,
    isOtherForm,
    bit: 1 << (measuredNames.indexOf(quantity) & 31),
    possibleMin,
    possibleMax,
    doubtfulMin: quantity === 'temperature' ? usualMax : Infinity
  }
}

const ready = new Map<MeasuredQuantity, Map<string, Field>>()

/** The same for a unit that a message names: made once, so at most one for each quantity, unit and rank that families use. */
export function readyField(quantity: MeasuredQuantity, unit = '', rank = 0): Field {
  let ofQuantity = ready.get(quantity)
  if (!ofQuantity) ready.set(quantity, (ofQuantity = new Map()))
  const key = rank === 0 ? unit : `${unit} ${rank}`
  let field = ofQuantity.get(key)
  if (!field) {
    field = compileField(unit === '' ? { quantity, rank } : { quantity, unit, rank })
    // A unit may be spelt in endless ways.
    if (ofQuantity.size < readyFieldsMax) ofQuantity.set(key, field)
  }
  return field
}

/** The same fields under names with something before or behind them: `BME280_` + `temperature`. */
export function named(table: FieldTable, rename: (name: string) => string): FieldTable {
  return Object.fromEntries(Object.entries(table).map(([name, rule]) => [rename(name), rule]))
}
