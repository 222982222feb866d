/** What decoders of LoRaWAN devices make of their bytes: names differ by maker, and a missing probe has a value. Pure. */
import type { MeasuredQuantity } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { converterFor } from '../science/convert.ts'
import { compileFields, readyField, type Field, type FieldTable, type IgnoredField } from './fields.ts'
import type { Gathering, Moment } from './gathering.ts'
import { isObject, type JsonObject } from './payload.ts'
import { decodedDepthMax, guessedNamesMax, nameCharactersMax } from './limits.ts'
import { fieldMapOf, takeMapped } from './mapped.ts'
import { guessName } from './vocabulary.ts'

/**
 * Dragino's decoders (github.com/dragino/dragino-end-node-decoder). A probe of an LSN50 that is not there reads 0xFFFF, which
 * becomes -0.1, and one of an LHT52 or LHT65 0x7FFF, which becomes 327.67.
 */
const missingProbe = [-0.1, 327.67, -327.68]
const dragino: FieldTable = {
  TempC_SHT: { quantity: 'temperature' },
  Hum_SHT: { quantity: 'humidity' },
  TempC_DS: { quantity: 'surface_temperature', sentinels: missingProbe },
  TempC1: { quantity: 'temperature', sentinels: missingProbe, rank: 1 },
  TempC2: { ignored: 'a second probe; the hub keeps one for each box' },
  TempC3: { ignored: 'a third probe; the hub keeps one for each box' },
  BatV: { quantity: 'battery_voltage' },
  Bat_V: { quantity: 'battery_voltage' },
  ADC_CH0V: { ignored: 'a voltage of something else' },
  Systimestamp: { ignored: "the box's own clock; the network's time is used" }
}

/** Numbers that are no quantity whatever their name is like. */
const about: FieldTable = Object.fromEntries(
  [
    'Ext',
    'Ext_sensor',
    'Bat_status',
    'Work_mode',
    'Digital_IStatus',
    'Door_status',
    'EXTI_Trigger',
    'Node_type'
  ].map((name) => [name, { ignored: 'about the box, no measurement' }])
)

const fields = compileFields({ ...dragino, ...about })
/** Behind what the table knows. */
const guessedRank = 2

/** An SHT in the same message says what the probe's 0 is: not there. A probe alone at 0 °C is a probe at 0 °C. */
function isNoProbe(name: string, value: unknown, object: JsonObject): boolean {
  return name === 'TempC1' && value === 0 && typeof object['TempC_SHT'] === 'number'
}

/** By the steward's map, whose paths begin at the decoded payload, or by the names that makers use. */
export function takeUplink(
  gathering: Gathering,
  decoded: JsonObject,
  map: string | null | undefined,
  moment: { receivedAt: UnixMs; at: Moment }
): void {
  if (map === undefined || map === null) takeDecoded(gathering, decoded, moment.at)
  else takeMapped(gathering, decoded, fieldMapOf(map), moment)
}

/**
 * Values may stand deeper (`{"air": {"temperature": 20}}`), or with their unit (`{"value": 20.1, "unit": "°C"}`). What stands above
 * belongs to a value's name: the temperature of `soil` is not the air's.
 */
function takeDecoded(
  gathering: Gathering,
  object: JsonObject,
  moment: Moment,
  { above, depth } = topmost
): void {
  for (const name in object) {
    const value = object[name]
    const path = above + name
    if (isObject(value)) {
      if (placeName.test(name)) gathering.ignored(path, 'a place; the hub knows where the box is')
      else if (typeof value['value'] === 'number') takeWithUnit(gathering, path, value, moment)
      else if (depth < decodedDepthMax)
        takeDecoded(gathering, value, moment, { above: `${path}_`, depth: depth + 1 })
      else gathering.ignored(path, 'too deep to be looked at')
    } else if (isNoProbe(name, value, object)) gathering.ignored(path, '0 says that no probe is attached')
    else takeOne(gathering, path, value, fieldOf(name, path, value), moment)
  }
}

const topmost = { above: '', depth: 0 }

/** As Decentlab's decoders write. */
function takeWithUnit(gathering: Gathering, path: string, { value, unit }: JsonObject, moment: Moment): void {
  const quantity = guessName(path)?.quantity
  if (quantity === undefined) gathering.ignored(path, 'no quantity that the hub knows')
  else if (typeof unit !== 'string' || unit === '')
    takeOne(gathering, path, value, guessedField(path, value), moment)
  else if (converterFor(quantity, unit).ok)
    gathering.value(path, value, readyField(quantity, unit, guessedRank), moment)
  else gathering.ignored(path, `${unit.slice(0, 20)} is no unit of ${quantity}`)
}

function takeOne(
  gathering: Gathering,
  path: string,
  value: unknown,
  field: Field | IgnoredField | undefined,
  moment: Moment
): void {
  if (field === undefined) {
    if (typeof value === 'number') gathering.unknown(path, value)
    else gathering.ignored(path, 'no number')
  } else if ('ignored' in field) gathering.ignored(path, field.ignored)
  else gathering.value(path, value, field, moment)
}

/** Where the name says it all, whatever the value: nearly everywhere. */
const settled = new Map<string, Field | IgnoredField>()

function fieldOf(name: string, path: string, value: unknown): Field | IgnoredField | undefined {
  const known = settled.get(path)
  if (known !== undefined) return known
  const field = fields.get(name) ?? guessedField(path, value)
  const isSettled = field !== undefined && !('quantity' in field && field.quantity.startsWith('battery'))
  if (isSettled && settled.size < guessedNamesMax && path.length <= nameCharactersMax)
    settled.set(path, field)
  return field
}

/** No battery of a LoRaWAN device is fuller than 4.3 V, and few that are this empty in percent still send. */
const batteryVolts = { min: 1.5, max: 4.3 }

/** Makers write the battery as a share, in volts or in millivolts, under one name. */
function guessedField(path: string, value: unknown): Field | undefined {
  const guess = guessName(path)
  if (guess === undefined) return undefined
  if (guess.quantity === 'battery' && typeof value === 'number') {
    if (value > 100) return readyField('battery_voltage', 'mV', guessedRank)
    if (value >= batteryVolts.min && value <= batteryVolts.max)
      return readyField('battery_voltage', '', guessedRank)
  }
  return readyField(guess.quantity, guess.unit, guessedRank)
}

export function decodedQuantities(object: JsonObject, above = ''): MeasuredQuantity[] {
  return Object.keys(object).flatMap((name) => {
    const value = object[name]
    if (isObject(value) && typeof value['value'] !== 'number')
      return decodedQuantities(value, `${above}${name}_`)
    const field = fieldOf(name, above + name, value)
    return field === undefined || 'ignored' in field ? [] : [field.quantity]
  })
}

const placeName = /^(?:lat|lon|lng|latitude|longitude|altitude|locations?|positions?|coord\w*|geo\w*|gps.*)$/i

/** Where a box is never reaches the disk. */
export function withoutPlaces(object: JsonObject, depth = 0): JsonObject {
  const kept: Record<string, unknown> = {}
  for (const name in object) if (!placeName.test(name)) kept[name] = withoutPlacesIn(object[name], depth)
  return kept
}

function withoutPlacesIn(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  // Nobody reads values that stand so deep.
  if (depth > decodedDepthMax) return null
  return isObject(value)
    ? withoutPlaces(value, depth + 1)
    : (value as readonly unknown[]).map((one) => withoutPlacesIn(one, depth + 1))
}
