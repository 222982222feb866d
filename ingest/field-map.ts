/**
 * A steward's own table of fields, for boxes that no family fits: where in a message each quantity stands, in which unit, by which
 * factor, and which values mean that nothing was measured. docs/devices/other.md explains each member.
 */
import { isMeasured, type MeasuredQuantity } from '../model/quantity.ts'
import { converterFor } from '../science/convert.ts'
import { compileField, type Field } from './fields.ts'
import { mapFieldsMax, mapPathStepsMax } from './limits.ts'
import { quantityOf as quantityOfSensor, readBox } from './opensensemap-box.ts'
import { isObject, type JsonObject } from './payload.ts'
import { nearestQuantity, shownValue } from './wording.ts'

export interface FieldMap {
  /** Where the time of the readings stands, if the message has one. */
  time: Path | undefined
  fields: readonly MappedField[]
  /** The same by the text of their paths; of two with one path the last. */
  byPath: ReadonlyMap<string, Field>
}

export interface MappedField {
  path: Path
  /** Counts only in messages to topics that end like this. */
  topic: string | undefined
  field: Field
}

/** A path as it was written, and its steps. */
export interface Path {
  text: string
  steps: readonly Step[]
}

/** A member by name or position, or that member of a list whose own member has a value: `[name=temp]`. */
export type Step = string | { name: string; value: string }

export type FieldMapRead = { ok: true; map: FieldMap } | { ok: false; refusal: string }

/** A quantity in a draft that nobody has named yet. */
export const unnamed = '?'

const members = ['quantity', 'unit', 'scale', 'offset', 'sentinel', 'topic'] as const

/** Never throws; a refusal names the line and what to do. */
export function readFieldMap(text: string): FieldMapRead {
  try {
    return { ok: true, map: mapIn(JSON.parse(text)) }
  } catch (cause) {
    if (cause instanceof BadMap) return { ok: false, refusal: cause.message }
    if (cause instanceof SyntaxError)
      return {
        ok: false,
        refusal: `The map is not JSON (${cause.message}). Look for a missing comma or quote.`
      }
    throw cause
  }
}

class BadMap extends Error {}

function mapIn(value: unknown): FieldMap {
  if (!isObject(value)) throw new BadMap('The map must be an object: { "fields": { … } }.')
  if (value['fields'] === undefined && Array.isArray(value['sensors'])) return boxIn(value)
  for (const name of Object.keys(value))
    if (name !== 'fields' && name !== 'time' && name !== 'about')
      throw new BadMap(`The map has "${name}", which is not one of its members: fields, time, about.`)
  const { fields, time } = value
  if (!isObject(fields) || Object.keys(fields).length === 0)
    throw new BadMap('The map has no "fields": { "path in the message": "quantity", … }.')
  if (Object.keys(fields).length > mapFieldsMax) throw new BadMap(`A map has at most ${mapFieldsMax} fields.`)
  if (time !== undefined && typeof time !== 'string')
    throw new BadMap('"time" must be the path at which the message has its time, such as "sent.at".')
  return mapWith(
    time === undefined ? undefined : pathOf(time),
    fieldsOf(
      Object.entries(fields).flatMap(([path, rule]) => {
        const rules: readonly unknown[] = Array.isArray(rule) ? rule : [rule]
        return rules.map((one): [string, unknown] => [path, one])
      })
    )
  )
}

/** Every line that is wrong is named at once: a steward mends the map in one go. */
function fieldsOf(rules: readonly [path: string, rule: unknown][]): MappedField[] {
  const wrong: string[] = []
  const fields = rules.flatMap(([path, rule]): MappedField[] => {
    try {
      return [fieldOf(path, rule)]
    } catch (cause) {
      if (!(cause instanceof BadMap)) throw cause
      wrong.push(cause.message)
      return []
    }
  })
  const [only] = wrong
  if (only === undefined) return fields
  throw new BadMap(wrong.length === 1 ? only : wrong.map((one) => one.replace(/\.$/, '')).join('; '))
}

function mapWith(time: Path | undefined, fields: readonly MappedField[]): FieldMap {
  return { time, fields, byPath: new Map(fields.map(({ path, field }) => [path.text, field])) }
}

/** The description of a box on openSenseMap says which of its sensors measures what. */
function boxIn(box: JsonObject): FieldMap {
  const found = readBox(JSON.stringify(box))
  if (!found.ok) throw new BadMap(`The box's description cannot be read: ${found.refusal}.`)
  const fields = found.sensors.flatMap(({ sensorId, ...sensor }): MappedField[] => {
    const known = quantityOfSensor(sensor)
    if (typeof known === 'string') return []
    const field = compileField({ quantity: known.quantity, unit: sensor.unit })
    return [{ path: { text: sensorId, steps: [sensorId] }, topic: undefined, field }]
  })
  if (fields.length === 0) throw new BadMap('No sensor of this box measures what the hub keeps.')
  return mapWith(undefined, fields)
}

function fieldOf(path: string, rule: unknown): MappedField {
  const given = typeof rule === 'string' ? { quantity: rule } : rule
  if (!isObject(given)) throw new BadMap(`"${path}" must name a quantity, or an object with one.`)
  for (const name of Object.keys(given))
    if (!members.some((member) => member === name))
      throw new BadMap(`"${path}" has "${name}", which is not one of its members: ${members.join(', ')}.`)
  const quantity = quantityOf(path, given['quantity'])
  const unit = textOf(path, given, 'unit')
  const topic = textOf(path, given, 'topic')
  const [scale, offset] = [numberOf(path, given, 'scale') ?? 1, numberOf(path, given, 'offset') ?? 0]
  if (scale === 0) throw new BadMap(`"${path}": a scale of 0 would make every value 0.`)
  return {
    path: pathOf(path),
    topic,
    field: scaled({ path, quantity, unit, scale, offset }, sentinelsOf(path, given))
  }
}

interface Wanted {
  path: string
  quantity: MeasuredQuantity
  unit: string | undefined
  scale: number
  offset: number
}

/** Scale and offset make the unit's value of what was sent; sentinels are compared with what was sent. */
function scaled({ path, quantity, unit, scale, offset }: Wanted, unknown: readonly number[]): Field {
  if (unit !== undefined) {
    const found = converterFor(quantity, unit)
    if (!found.ok) throw new BadMap(`"${path}": ${found.refusal}`)
  }
  const field = compileField({ quantity, ...(unit === undefined ? {} : { unit }), unknown })
  if (scale === 1 && offset === 0) return field
  const { convert } = field
  return {
    ...field,
    convert: (sent) => (convert === undefined ? sent * scale + offset : convert(sent * scale + offset))
  }
}

function quantityOf(path: string, quantity: unknown): MeasuredQuantity {
  if (quantity === unnamed)
    throw new BadMap(
      `"${path}" is still "${unnamed}": write the quantity that it measures, or delete the line.`
    )
  if (typeof quantity === 'string' && isMeasured(quantity)) return quantity
  const near = typeof quantity === 'string' ? nearestQuantity(quantity) : undefined
  const hint = near === undefined ? 'docs/mqtt.md lists them' : `did you mean ${near}?`
  throw new BadMap(`"${path}": ${shownValue(quantity)} is not a quantity that the hub knows; ${hint}`)
}

function textOf(path: string, given: JsonObject, name: 'unit' | 'topic'): string | undefined {
  const value = given[name]
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new BadMap(`"${path}": "${name}" must be a text.`)
}

function numberOf(path: string, given: JsonObject, name: 'scale' | 'offset'): number | undefined {
  const value = given[name]
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value
  throw new BadMap(`"${path}": "${name}" must be a number, without quotes.`)
}

function sentinelsOf(path: string, given: JsonObject): number[] {
  const value = given['sentinel'] ?? []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map((one) => {
    if (typeof one === 'number' && Number.isFinite(one)) return one
    throw new BadMap(`"${path}": "sentinel" must be a number, or a list of numbers.`)
  })
}

const stepPattern = /^([^.[\]]*)((?:\[[^\]]*\])*)$/
const filterPattern = /^\[(?:([^=\]]+)=([^\]]*)|(\d+))\]$/

/** `sensors.outside.t`, `values.0`, `values[0].v`, `list[name=temp].value`; `.` for a message that is the value itself. */
function pathOf(text: string): Path {
  if (text === '.') return { text, steps: [] }
  const steps = text.split(/\.(?![^[]*\])/).flatMap((part): Step[] => {
    const [, name, filters] = stepPattern.exec(part) ?? []
    if (name === undefined || filters === undefined || (name === '' && filters === '')) throw badPath(text)
    const behind = (filters.match(/\[[^\]]*\]/g) ?? []).map((filter): Step => {
      const [, key, value, index] = filterPattern.exec(filter) ?? []
      if (index !== undefined) return index
      if (key === undefined || value === undefined) throw badPath(text)
      return { name: key, value }
    })
    return name === '' ? behind : [name, ...behind]
  })
  if (steps.length > mapPathStepsMax) throw new BadMap(`"${text}" has more than ${mapPathStepsMax} steps.`)
  return { text, steps }
}

function badPath(text: string): BadMap {
  return new BadMap(
    `"${text}" is not a path. Write names with dots between: sensors.outside.t, or list[name=temp].value`
  )
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(body: unknown, { steps }: Path): unknown {
  let value = body
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined
    if (typeof step !== 'string') value = memberWith(value, step)
    else if (!Object.hasOwn(value, step)) return undefined
    else value = (value as Record<string, unknown>)[step]
  }
  return value
}

function memberWith(list: object, { name, value }: { name: string; value: string }): unknown {
  if (!Array.isArray(list)) return undefined
  return (list as readonly unknown[]).find((one) => isObject(one) && String(one[name]) === value)
}
