/** A family's table of fields: what each name means, in which unit it comes, and which values stand for "no measurement". */
import { definitionOf, type MeasuredQuantity } from '../model/quantity.ts'
import { converterFor, type UnitConverter } from '../science/convert.ts'

export interface FieldRule {
  quantity: MeasuredQuantity
  /** As the box sends it; the quantity's own unless given. */
  unit?: string
  /** Values that say "nothing was measured": they make no reading and no problem. */
  unknown?: readonly number[]
  /** Values of a sensor that failed or is missing, besides those that fail everywhere (science/quality.ts). */
  sentinels?: readonly number[]
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
  possibleMin: number
  possibleMax: number
}

export type Fields = ReadonlyMap<string, Field | IgnoredField>

export function compileFields(table: FieldTable): Fields {
  return new Map(
    Object.entries(table).map(([name, rule]) => [name, 'ignored' in rule ? rule : compileField(rule)])
  )
}

/** @throws for a unit that the quantity does not take: a mistake in a table of ours. */
export function compileField({ quantity, unit, unknown, sentinels, rank = 0 }: FieldRule): Field {
  const { unit: own, possibleMin, possibleMax } = definitionOf(quantity)
  const found = converterFor(quantity, unit ?? own)
  if (!found.ok) throw new Error(found.refusal)
  return {
    quantity,
    unit: unit ?? own,
    convert: unit === undefined || unit === own ? undefined : found.convert,
    unknown,
    sentinels,
    rank,
    possibleMin,
    possibleMax
  }
}

/** The same fields under names with something before or behind them: `BME280_` + `temperature`. */
export function named(table: FieldTable, rename: (name: string) => string): FieldTable {
  return Object.fromEntries(Object.entries(table).map(([name, rule]) => [rename(name), rule]))
}
