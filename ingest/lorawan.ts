/** What decoders of LoRaWAN devices make of their bytes: names differ by maker, and a missing probe has a value. Pure. */
import type { MeasuredQuantity } from '../model/quantity.ts'
import { compileField, compileFields, type Field, type FieldTable } from './fields.ts'
import type { Gathering, Moment } from './gathering.ts'
import { isObject, type JsonObject } from './payload.ts'
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
const guessed = new Map<string, Field>()

/** An SHT in the same message says what the probe's 0 is: not there. A probe alone at 0 °C is a probe at 0 °C. */
function isNoProbe(name: string, value: unknown, object: JsonObject): boolean {
  return name === 'TempC1' && value === 0 && typeof object['TempC_SHT'] === 'number'
}

/** Values may stand one level deeper (`temperature_1`, `{"air": {"temperature": 20}}`). */
export function takeDecoded(gathering: Gathering, object: JsonObject, moment: Moment, depth = 0): void {
  for (const name in object) {
    const value = object[name]
    if (isObject(value) && depth < 2) takeDecoded(gathering, value, moment, depth + 1)
    else if (isNoProbe(name, value, object)) gathering.ignored(name, '0 says that no probe is attached')
    else takeOne(gathering, name, value, moment)
  }
}

function takeOne(gathering: Gathering, name: string, value: unknown, moment: Moment): void {
  const field = fields.get(name) ?? guessedField(name, value)
  if (field === undefined) {
    if (typeof value === 'number') gathering.unknown(name, value)
    else gathering.ignored(name, 'no number')
  } else if ('ignored' in field) gathering.ignored(name, field.ignored)
  else gathering.value(name, value, field, moment)
}

/** Makers write the battery as a share, in volts or in millivolts, under one name. */
function guessedField(name: string, value: unknown): Field | undefined {
  const guess = guessName(name)
  if (guess === undefined) return undefined
  if (guess.quantity === 'battery' && typeof value === 'number' && value > 100)
    return ready('battery_voltage', 'mV')
  return ready(guess.quantity, guess.unit)
}

function ready(quantity: MeasuredQuantity, unit: string | undefined): Field {
  const key = `${quantity} ${unit ?? ''}`
  let field = guessed.get(key)
  // At most one for each quantity and unit of the vocabulary.
  if (!field)
    guessed.set(key, (field = compileField({ quantity, rank: 2, ...(unit === undefined ? {} : { unit }) })))
  return field
}

export function decodedQuantities(object: JsonObject): MeasuredQuantity[] {
  return Object.keys(object).flatMap((name) => {
    const field = fields.get(name) ?? guessedField(name, object[name])
    return field === undefined || 'ignored' in field ? [] : [field.quantity]
  })
}
