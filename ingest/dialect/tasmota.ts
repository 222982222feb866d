/**
 * Tasmota: `tele/<topic>/SENSOR` (or with the parts in another order, as FullTopic says), one object a sensor. `Time` is local
 * and has no zone. Source: tasmota/tasmota_xsns_sensor, 12 to 14; docs of MQTT and SetOption8, 24.
 */
import { nameCharactersMax, tasmotaSensorsMax, tasmotaTopicsMax } from '../limits.ts'
import type { Fault } from '../../model/fault.ts'
import { payloadFieldsMax } from '../../model/limits.ts'
import {
  compileField,
  compileFields,
  type Field,
  type FieldRule,
  type Fields,
  type IgnoredField
} from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { judgeLocal, type LastLocal } from '../local-time.ts'
import { isObject, numberIn, objectIn, readObject, readText, textIn, type JsonObject } from '../payload.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { keptValue, shownValue, staleFault } from '../wording.ts'

/** The newest time of each topic, oldest topic first: a box has one, and a bridge may bring several boxes. */
export type TasmotaState = readonly LastOfTopic[]

interface LastOfTopic extends LastLocal {
  topic: string
}

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

/** What is read, by the last part of its topic. */
const kinds: ReadonlySet<string> = new Set(['SENSOR', 'STATE', 'LWT', 'STATUS8', 'STATUS10'])
const topicPattern = new RegExp(`(?:^|/)(?:${[...kinds].join('|')})$`)
const otherPattern =
  /(?:^|\/)(?:RESULT|INFO[123]|STATUS\d*|UPTIME|POWER\d*|LOGGING|MARGINS|ENERGY|BUTTON\d*)$|^tasmota\/discovery\//

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topicPattern.test(topic)) return 'readings'
  return otherPattern.test(topic) ? 'ignored' : undefined
}

type Unit = 'temperature' | 'pressure'

const usualSpellings = [
  ...[
    'Temperature',
    'Humidity',
    'Pressure',
    'SeaPressure',
    'DewPoint',
    'CarbonDioxide',
    'eCO2',
    'TVOC',
    'Illuminance'
  ],
  ...[
    'CF1',
    'CF2.5',
    'CF10',
    'PM1',
    'PM2.5',
    'PM4',
    'PM10',
    'PB0.3',
    'PB0.5',
    'PB1',
    'PB2.5',
    'PB5',
    'PB10',
    'Id'
  ]
]

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
  illuminance: { quantity: 'lux' },
  battery: { quantity: 'battery' },
  rssi: { quantity: 'rssi' },
  id: 'about the sensor',
  address: 'about the sensor',
  type: 'about the sensor',
  mac: 'about the sensor'
}

/** The chip's own temperature is not the air's; plugs measure electricity. */
const otherSensors = ['ESP32', 'ENERGY', 'ANALOG', 'Switch', 'Counter', 'COUNTER', 'GPS', 'Global']
const otherByLetter = Map.groupBy(otherSensors, (name) => name.charCodeAt(0))

function isOtherSensor(sensor: string): boolean {
  const others = otherByLetter.get(sensor.charCodeAt(0))
  return others?.some((other) => sensor.startsWith(other)) ?? false
}

function decode(message: DialectMessage, source: Source<TasmotaState>): Decoded<TasmotaState> {
  const { topic } = message
  const kind = topic.endsWith('/SENSOR') ? 'SENSOR' : topic.slice(topic.lastIndexOf('/') + 1)
  if (kind === 'LWT') return decodeWill(message)
  if (!kinds.has(kind)) {
    const isOther = otherPattern.test(topic)
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
  { state: before, notes }: Source<TasmotaState>
): Decoded<TasmotaState> {
  const gathering = new Gathering<TasmotaState>(notes)
  const state = statesIn(before)
  const last = state[0]?.topic === topic ? state[0] : state.find((one) => one.topic === topic)
  const verdict = judgeLocal(textIn(body, 'Time'), receivedAt, last)
  if (verdict.kind === 'old') return refused(staleFault('Time', body['Time'], 'switch SensorRetain off'))
  if (verdict.kind === 'new' && verdict.last !== undefined && verdict.last !== last) {
    const { text, wallMs, at } = verdict.last
    const newest = { topic, text, wallMs, at }
    if (last !== undefined)
      gathering.state = state.length === 1 ? [newest] : state.with(state.indexOf(last), newest)
    else if (state.length < tasmotaTopicsMax) gathering.state = [...state, newest]
    if (last === undefined && state.length > 0) gathering.fault(anotherBox(topic, state[0]!.topic))
  }
  const at = verdict.kind === 'again' ? verdict.at : receivedAt
  gathering.assumed('Time has no zone: measured when it was received')

  const taking: Taking = {
    fields: fieldsFor(body, gathering),
    moment: { at, reasons: 0 },
    isKnown: false,
    isExplained: notes !== undefined
  }
  for (const sensor in body) {
    const value = body[sensor]
    if (!isObject(value)) continue
    const known = sensorIn(taking.fields, sensor)
    if (known === undefined) gathering.ignored(sensor, 'not a sensor of the air')
    else takeSensor(gathering, known, value, taking)
  }
  const isNothing = gathering.measurements.length === 0 && gathering.faults.length === 0
  if (isNothing && last === undefined && !taking.isKnown) {
    gathering.fault({
      code: 'nothingMeasured',
      message: 'The message contains no sensor that measures air, noise or damp.'
    })
  }
  return gathering
}

const none: TasmotaState = []

/** Hubs before 0.2 remembered them by topic. */
function statesIn(state: TasmotaState | Readonly<Record<string, LastLocal>> | undefined): TasmotaState {
  if (state === undefined) return none
  return Array.isArray(state)
    ? (state as TasmotaState)
    : Object.entries(state as Readonly<Record<string, LastLocal>>).map(([topic, last]) => ({
        topic,
        ...last
      }))
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
  fields: Fields
  moment: Moment
  /** A sensor of the air is there, though it may have measured nothing yet: after power-up its values are null. */
  isKnown: boolean
  /** Somebody wants to hear of what is left out. */
  isExplained: boolean
}

/** A family of probes stands one level deeper: `"DS18x20": {"DS1": {"Temperature": 12.2}}`. */
function takeSensor(
  gathering: Gathering<TasmotaState>,
  sensor: Sensor,
  object: JsonObject,
  taking: Taking
): void {
  for (const name in object) {
    const value = object[name]
    if (isObject(value)) {
      takeSensor(gathering, { path: `${sensor.path}.${name}`, members: new Map() }, value, taking)
      continue
    }
    const { path, field } = memberIn(taking.fields, sensor, name)
    if (field !== undefined && !('ignored' in field)) {
      taking.isKnown = true
      gathering.value(path, value, field, taking.moment)
    } else if (taking.isExplained) gathering.ignored(path, field?.ignored ?? 'no quantity that the hub knows')
  }
}

/** What a name in a sensor's object is, and how it is called in full. */
interface Member {
  path: string
  field: Field | IgnoredField | undefined
}

interface Sensor {
  path: string
  members: Map<string, Member>
}

/** Sensors as boxes call them, for each pair of units: looked up once, not in each message. */
const sensors = new Map<Fields, Map<string, Sensor>>()

/** undefined for one that measures no air. */
function sensorIn(fields: Fields, path: string): Sensor | undefined {
  let known = sensors.get(fields)
  if (known === undefined) sensors.set(fields, (known = new Map()))
  const remembered = known.get(path)
  if (remembered !== undefined) return remembered
  if (isOtherSensor(path)) return undefined
  const sensor: Sensor = { path, members: new Map() }
  if (known.size < tasmotaSensorsMax && path.length <= nameCharactersMax) known.set(path, sensor)
  return sensor
}

function memberIn(fields: Fields, { path, members }: Sensor, name: string): Member {
  const remembered = members.get(name)
  if (remembered !== undefined) return remembered
  const member = { path: `${path}.${name}`, field: fields.get(name) ?? fields.get(name.toLowerCase()) }
  if (members.size < payloadFieldsMax && name.length <= nameCharactersMax) members.set(name, member)
  return member
}

/** For each pair of units that a box can be set to. */
const fieldsByUnits = { '°C': byPressure('°C'), '°F': byPressure('°F') }

function byPressure(temperature: string): ReadonlyMap<string, Fields> {
  return new Map(['hPa', 'mmHg', 'inHg'].map((pressure) => [pressure, fieldsIn({ temperature, pressure })]))
}

function fieldsIn(units: Record<Unit, string>): Fields {
  const table: Record<string, FieldRule | IgnoredField> = {}
  for (const [name, known] of Object.entries(names)) {
    if (typeof known === 'string') table[name] = { ignored: known }
    else table[name] = { quantity: known.quantity, ...(known.unit ? { unit: units[known.unit] } : {}) }
  }
  // As most drivers write them, so that nothing has to be put in lower case.
  for (const spelling of usualSpellings) table[spelling] = table[spelling.toLowerCase()]!
  return compileFields(table)
}

function fieldsFor(body: JsonObject, gathering: Gathering<TasmotaState>): Fields {
  const temperature = textIn(body, 'TempUnit')
  const pressure = textIn(body, 'PressureUnit')
  if (temperature === undefined) gathering.assumed('temperature in °C')
  const ofTemperature = fieldsByUnits[temperature === 'F' ? '°F' : '°C']
  return ofTemperature.get(pressure ?? 'hPa') ?? ofTemperature.get('hPa')!
}
