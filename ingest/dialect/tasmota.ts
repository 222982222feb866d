/**
 * Tasmota: `tele/<topic>/SENSOR` (or with the parts in another order, as FullTopic says), one object a sensor. `Time` is local
 * and has no zone. Source: tasmota/tasmota_xsns_sensor, 12 to 14; docs of MQTT and SetOption8, 24.
 */
import { tasmotaTopicsMax } from '../limits.ts'
import type { Fault } from '../../model/fault.ts'
import { compileField, type Field } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { judgeLocal, type LastLocal } from '../local-time.ts'
import { isObject, numberIn, objectIn, readObject, readText, textIn, type JsonObject } from '../payload.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { keptValue, shownValue, staleFault } from '../wording.ts'

/** The newest time of each topic: a box has one, and a bridge may bring several boxes. */
export type TasmotaState = Readonly<Record<string, LastLocal>>

export const tasmota: Dialect<TasmotaState> = {
  name: 'tasmota',
  label: 'Tasmota',
  // TelePeriod.
  intervalSDefault: 300,
  silenceSMax: null,
  topicUse,
  decode,
  usualTopic: (text) => (text.includes('"UptimeSec"') ? 'tele/box/STATE' : 'tele/box/SENSOR'),
  looksLike: (topic, text) =>
    topicPattern.test(topic) ||
    /"(?:TempUnit|PressureUnit)"\s*:/.test(text) ||
    (text.includes('"Time"') && text.includes('"UptimeSec"')),
  rewound: () => undefined
}

const topicPattern = /(?:^|\/)(?:SENSOR|STATE|LWT|STATUS8|STATUS10)$/
const otherPattern =
  /(?:^|\/)(?:RESULT|INFO[123]|STATUS\d*|UPTIME|POWER\d*|LOGGING|MARGINS|ENERGY|BUTTON\d*)$|^tasmota\/discovery\//

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topicPattern.test(topic)) return 'readings'
  return otherPattern.test(topic) ? 'ignored' : undefined
}

type Unit = 'temperature' | 'pressure'

/** Names inside a sensor's object; lower case, since drivers differ in it. */
const names: Readonly<Record<string, { quantity: MeasuredQuantity; unit?: Unit } | string>> = {
  temperature: { quantity: 'temperature', unit: 'temperature' },
  humidity: { quantity: 'humidity' },
  pressure: { quantity: 'pressure', unit: 'pressure' },
  seapressure: 'at sea level, not where the box is',
  dewpoint: 'derived; the hub computes its own',
  carbondioxide: { quantity: 'co2' },
  eco2: 'an estimate from other gases, no measurement of CO₂',
  tvoc: 'in ppb of no certain gas; the hub keeps an index only',
  pm1: { quantity: 'pm1' },
  'pm1.0': { quantity: 'pm1' },
  pm1_0: { quantity: 'pm1' },
  'pm2.5': { quantity: 'pm2_5' },
  pm2_5: { quantity: 'pm2_5' },
  pm4: { quantity: 'pm4' },
  'pm4.0': { quantity: 'pm4' },
  pm4_0: { quantity: 'pm4' },
  pm10: { quantity: 'pm10' },
  ...Object.fromEntries(
    ['cf1', 'cf2.5', 'cf10', 'pm1_0cf1', 'pm2_5cf1', 'pm10cf1'].map((name) => [
      name,
      'for standard particles in a laboratory, not for air'
    ])
  ),
  ...Object.fromEntries(
    [
      'pb0.3',
      'pb0.5',
      'pb1',
      'pb2.5',
      'pb5',
      'pb10',
      'n0_3',
      'n0_5',
      'n1_0',
      'n2_5',
      'n5_0',
      'n10',
      'ncpm0_5',
      'ncpm1_0',
      'ncpm2_5',
      'ncpm4_0',
      'ncpm10',
      'typpm'
    ].map((name) => [name, 'a count of particles, not a mass'])
  ),
  battery: { quantity: 'battery' },
  rssi: { quantity: 'rssi' },
  id: 'about the sensor',
  address: 'about the sensor',
  type: 'about the sensor',
  mac: 'about the sensor'
}

/** The chip's own temperature is not the air's; plugs measure electricity. */
const otherSensors = /^(?:ESP32|ENERGY|ANALOG|Switch\d*|Counter|COUNTER|GPS|Global)/

function decode(message: DialectMessage, source: Source<TasmotaState>): Decoded<TasmotaState> {
  const kind = message.topic.slice(message.topic.lastIndexOf('/') + 1)
  if (kind === 'LWT') return decodeWill(message)
  if (!topicPattern.test(message.topic)) {
    const isOther = otherPattern.test(message.topic)
    return isOther ? { measurements: [], faults: [] } : refused(unknownTopic)
  }
  const body = readObject(message.payload)
  if (!body.ok) return refused(body.fault)
  if (kind === 'STATE') return decodeState(body.value, message, source)
  return decodeSensor(
    kind.startsWith('STATUS') ? objectIn(body.value, 'StatusSNS') : body.value,
    message,
    source
  )
}

const unknownTopic: Fault = {
  code: 'topicUnknown',
  message:
    'Tasmota sends readings to tele/<topic>/SENSOR; set FullTopic back to %prefix%/%topic%/ if it was changed.'
}

function decodeWill({ payload }: DialectMessage): Decoded<TasmotaState> {
  const text = readText(payload)
  const word = text.ok ? text.value.trim().toLowerCase() : ''
  const presence = word === 'online' || word === 'offline' ? word : undefined
  return { measurements: [], faults: [], ...(presence ? { health: { presence } } : {}) }
}

/** `Wifi.RSSI` is a share in percent; the signal in dBm is `Wifi.Signal`. */
function decodeState(
  body: JsonObject,
  { receivedAt }: DialectMessage,
  { notes }: Source
): Decoded<TasmotaState> {
  const gathering = new Gathering<TasmotaState>(notes)
  const signal = objectIn(body, 'Wifi')['Signal']
  if (signal !== undefined) gathering.value('Wifi.Signal', signal, rssi, { at: receivedAt, reasons: 0 })
  const health: Health = {}
  const uptimeS = numberIn(body, 'UptimeSec')
  if (uptimeS !== undefined) health.uptimeS = uptimeS
  gathering.health = health
  return gathering
}

const rssi = compileField({ quantity: 'rssi' })

function decodeSensor(
  body: JsonObject,
  { topic, receivedAt }: DialectMessage,
  { state = {}, notes }: Source<TasmotaState>
): Decoded<TasmotaState> {
  const gathering = new Gathering<TasmotaState>(notes)
  const last = Object.hasOwn(state, topic) ? state[topic] : undefined
  const verdict = judgeLocal(textIn(body, 'Time'), receivedAt, last)
  if (verdict.kind === 'old') return refused(staleFault('Time', body['Time'], 'switch SensorRetain off'))
  if (verdict.kind === 'new' && verdict.last !== undefined && verdict.last !== last) {
    if (last !== undefined || Object.keys(state).length < tasmotaTopicsMax)
      gathering.state = { ...state, [topic]: verdict.last }
    if (last === undefined && Object.keys(state).length > 0)
      gathering.fault(anotherBox(topic, Object.keys(state)[0]!))
  }
  const at = verdict.kind === 'again' ? verdict.at : receivedAt
  gathering.assumed('Time has no zone: measured when it was received')

  const units = unitsOf(body, gathering)
  for (const [sensor, value] of Object.entries(body)) {
    if (!isObject(value)) continue
    if (otherSensors.test(sensor)) gathering.ignored(sensor, 'not a sensor of the air')
    else takeSensor(gathering, sensor, value, { units, moment: { at, reasons: 0 } })
  }
  if (gathering.measurements.length === 0 && gathering.faults.length === 0 && last === undefined) {
    gathering.fault({
      code: 'nothingMeasured',
      message: 'The message contains no sensor that measures air, noise or damp.'
    })
  }
  return gathering
}

function anotherBox(topic: string, known: string): Fault {
  return {
    code: 'otherAddress',
    message: `messages came to ${shownValue(known)} before and now to ${shownValue(topic)}; if these are two boxes, add a device for each`,
    field: 'topic',
    value: keptValue(topic)
  }
}

interface Taking {
  units: Record<Unit, string>
  moment: Moment
}

/** A family of probes stands one level deeper: `"DS18x20": {"DS1": {"Temperature": 12.2}}`. */
function takeSensor(
  gathering: Gathering<TasmotaState>,
  sensor: string,
  object: JsonObject,
  taking: Taking
): void {
  for (const [name, value] of Object.entries(object)) {
    const known = Object.hasOwn(names, name.toLowerCase()) ? names[name.toLowerCase()] : undefined
    if (isObject(value)) takeSensor(gathering, `${sensor}.${name}`, value, taking)
    else if (typeof known === 'string') gathering.ignored(`${sensor}.${name}`, known)
    else if (known === undefined) gathering.ignored(`${sensor}.${name}`, 'no quantity that the hub knows')
    else {
      const field = fieldFor(known.quantity, known.unit && taking.units[known.unit])
      gathering.value(`${sensor}.${name}`, value, field, taking.moment)
    }
  }
}

const fieldsByUnit = new Map<string, Field>()
for (const unit of ['°C', '°F'])
  fieldsByUnit.set(`temperature ${unit}`, compileField({ quantity: 'temperature', unit }))
for (const unit of ['hPa', 'mmHg', 'inHg'])
  fieldsByUnit.set(`pressure ${unit}`, compileField({ quantity: 'pressure', unit }))
for (const known of Object.values(names))
  if (typeof known !== 'string' && known.unit === undefined)
    fieldsByUnit.set(known.quantity, compileField({ quantity: known.quantity }))

function fieldFor(quantity: MeasuredQuantity, unit: string | undefined): Field {
  return fieldsByUnit.get(unit === undefined ? quantity : `${quantity} ${unit}`)!
}

function unitsOf(body: JsonObject, gathering: Gathering<TasmotaState>): Record<Unit, string> {
  const temperature = textIn(body, 'TempUnit')
  const pressure = textIn(body, 'PressureUnit')
  if (temperature === undefined) gathering.assumed('temperature in °C')
  return {
    temperature: temperature === 'F' ? '°F' : '°C',
    pressure: pressure !== undefined && fieldsByUnit.has(`pressure ${pressure}`) ? pressure : 'hPa'
  }
}
