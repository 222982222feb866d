/**
 * Shelly Gen2 and later (H&T Gen3, Plus H&T): `<id>/events/rpc`. A box on batteries wakes, sends one full status and sleeps;
 * between two of these only what changed comes. The first generation has a topic for each value (`shellies/<id>/sensor/temperature`),
 * and what a BLU sensor measures comes as an event of Shelly's script for it, or on the script's own topic.
 * Source: shelly-api-docs, "MQTT", the components of H&T and Gen1; shelly-script-examples, ble-shelly-blu.js.
 */
import type { UnixMs } from '../../model/time.ts'
import { compileField, compileFields, type FieldTable } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { isObject, numberIn, objectIn, readObject, readText, textIn, type JsonObject } from '../payload.ts'
import { anotherThingFault, secondSensorFault } from '../wording.ts'

/** What is remembered of a box. */
export interface ShellyState {
  /** Of the last full status: a box on external power has a battery that says nothing. */
  hasExternalPower: boolean
  /** Which of several thermometers is the box's own; its add-on may have five more. */
  temperature?: string
  humidity?: string
  /** Address of the BLU sensor that this box is; its gateway hears others too. */
  blu?: string
}

export const shelly: Dialect<ShellyState> = {
  name: 'shelly',
  label: 'Shelly',
  intervalSDefault: null,
  // An H&T wakes every two hours when nothing changes; its own wakeup_period stands in its full status.
  silenceSMax: 7_200,
  topicUse,
  decode,
  usualTopic: () => 'box/events/rpc',
  looksLike: (topic, text) =>
    /^shell(?:y|ies)[^/]*\//.test(topic) || /"method"\s*:\s*"Notify(?:Full)?Status"/.test(text),
  rewound: (state) => state
}

/** With status_ntf the same values come again, without a time, as `<id>/status/temperature:0`. */
function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topic.endsWith('/events/rpc') || topic.endsWith('/online')) return 'readings'
  if (firstGeneration.test(topic) || bluTopic.test(topic)) return 'readings'
  return /^shellies\/|\/(?:status\/[^/]+|rpc|debug\/log|announce|info)$/.test(topic) ? 'ignored' : undefined
}

const firstGeneration =
  /^shellies\/[^/]+\/(?:sensor\/(temperature|humidity|battery)|ext_(temperature|humidity)\/0)$/
const bluTopic = /^shelly-blu\/events(?:\/[^/]+)?$/

const temperature = compileField({ quantity: 'temperature' })
const humidity = compileField({ quantity: 'humidity' })
const battery = compileField({ quantity: 'battery' })
const batteryVoltage = compileField({ quantity: 'battery_voltage' })
const rssi = compileField({ quantity: 'rssi' })

function decode(message: DialectMessage, { state, notes }: Source<ShellyState>): Decoded<ShellyState> {
  const { topic, payload, receivedAt } = message
  if (topic.endsWith('/online')) return decodeOnline(message)
  const first = firstGeneration.exec(topic)
  if (first) return decodeFirstGeneration(first[1] ?? first[2]!, message, notes)
  const use = topicUse(topic)
  if (use !== 'readings') return use === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  if (bluTopic.test(topic)) return decodeBlu([body.value], receivedAt, { state, notes })
  const method = textIn(body.value, 'method')
  const params = objectIn(body.value, 'params')
  if (method === 'NotifyEvent') {
    const said = bluEvents(params)
    if (said.length > 0) return decodeBlu(said, receivedAt, { state, notes, ts: params['ts'] })
  }
  if (method !== 'NotifyFullStatus' && method !== 'NotifyStatus') {
    notes?.ignored(method ?? 'the message', 'no status: holds no readings')
    return { measurements: [], faults: [] }
  }
  const gathering = new Gathering<ShellyState>(notes)
  const ts = numberIn(params, 'ts')
  if (ts === undefined) gathering.assumed('no time of its own: measured when it was received')
  const moment = ts === undefined ? { at: receivedAt, reasons: 0 } : gathering.momentOf(ts, receivedAt)
  const before: ShellyState = state ?? { hasExternalPower: false }
  const hasExternalPower = method === 'NotifyFullStatus' ? isOnExternalPower(params) : before.hasExternalPower
  const owners = takeComponents(gathering, params, before, moment)
  if (hasExternalPower !== state?.hasExternalPower || owners !== before) {
    gathering.state = { ...owners, hasExternalPower }
  }
  if (hasExternalPower)
    gathering.ignored('devicepower:0', 'it runs on external power, so the battery level means nothing')
  else takeBattery(gathering, params, moment)
  const signal = objectIn(params, 'wifi')['rssi']
  if (typeof signal === 'number') gathering.number('wifi.rssi', signal, rssi, moment)
  gathering.health = healthOf(params)
  if (
    gathering.measurements.length === 0 &&
    Object.keys(params).some((name) => name.startsWith('bthomesensor:'))
  )
    gathering.fault(namelessBlu)
  return gathering
}

const namelessBlu = {
  code: 'nothingMeasured',
  message:
    'the status of a BLU sensor holds numbers without names; run Shelly\'s script "ble-shelly-blu.js" on its gateway, which names them'
} as const

/** °F or °C as its owner chose, unsaid: a value that no room has is doubted. */
function decodeFirstGeneration(
  what: string,
  { payload, receivedAt }: DialectMessage,
  notes: Source['notes']
): Decoded<ShellyState> {
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  const gathering = new Gathering<ShellyState>(notes)
  gathering.assumed('no time of its own: measured when it was received')
  if (what === 'temperature') gathering.assumed('temperature in °C')
  const field = what === 'temperature' ? temperature : what === 'humidity' ? humidity : battery
  gathering.text(what, text.value, field, { at: receivedAt, reasons: 0 })
  return gathering
}

/** As the script writes them; what else a BLU sensor tells is what people do. */
const bluTable: FieldTable = {
  temperature: { quantity: 'temperature' },
  humidity: { quantity: 'humidity' },
  battery: { quantity: 'battery' },
  rssi: { quantity: 'rssi' }
}
const bluFields = compileFields(bluTable)

function bluEvents(params: JsonObject): JsonObject[] {
  const { events } = params
  return Array.isArray(events)
    ? (events as readonly unknown[]).flatMap((one) =>
        isObject(one) && one['event'] === 'shelly-blu' && isObject(one['data']) ? [one['data']] : []
      )
    : []
}

/** The first sensor that is heard is the box; its gateway passes on the neighbours' too. */
function decodeBlu(
  said: readonly JsonObject[],
  receivedAt: UnixMs,
  { state, notes, ts }: Pick<Source<ShellyState>, 'state' | 'notes'> & { ts?: unknown }
): Decoded<ShellyState> {
  const gathering = new Gathering<ShellyState>(notes)
  const moment = typeof ts === 'number' ? gathering.momentOf(ts, receivedAt) : { at: receivedAt, reasons: 0 }
  let owner = state?.blu
  for (const data of said) {
    if (data['temperature'] === undefined && data['humidity'] === undefined) {
      gathering.ignored('the event', 'no thermometer: buttons, doors and motion are not looked at')
      continue
    }
    const address = textIn(data, 'address') ?? ''
    owner ??= address
    if (address !== owner) gathering.fault(anotherThingFault(address, undefined))
    else gathering.object(data, bluFields, moment)
  }
  if (owner !== undefined && owner !== state?.blu)
    gathering.state = { hasExternalPower: false, ...state, blu: owner }
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message:
    'Shelly publishes readings to <topic_prefix>/events/rpc; switch "RPC status notifications over MQTT" on.'
} as const

function decodeOnline({ payload }: DialectMessage): Decoded<ShellyState> {
  const text = readText(payload)
  const word = text.ok ? text.value.trim() : ''
  const presence = word === 'true' ? 'online' : word === 'false' ? 'offline' : undefined
  return { measurements: [], faults: [], ...(presence === undefined ? {} : { health: { presence } }) }
}

/** The first sensor of a kind is the box's own; the others' values are left out. */
function takeComponents(
  gathering: Gathering<ShellyState>,
  params: JsonObject,
  before: ShellyState,
  moment: Moment
): ShellyState {
  let owners = before
  for (const name in params) {
    const component = params[name]
    if (!isObject(component)) continue
    const kind = kindOf(name)
    if (kind !== undefined) {
      owners = owners[kind] === undefined ? { ...owners, [kind]: name } : owners
      const key = kind === 'temperature' ? 'tC' : 'rh'
      const field = kind === 'temperature' ? temperature : humidity
      if (owners[kind] === name) gathering.value(`${name}.${key}`, component[key], field, moment)
      else gathering.fault(secondSensorFault(kind, owners[kind]!, name))
    }
    const { errors } = component
    if (Array.isArray(errors) && errors.length > 0) {
      gathering.fault({
        code: 'boxFailure',
        message: `the box says of ${name.slice(0, 40)}: ${String(errors[0]).slice(0, 40)}`,
        field: name.slice(0, 40)
      })
    }
  }
  return owners
}

function kindOf(component: string): 'temperature' | 'humidity' | undefined {
  if (component.startsWith('temperature:')) return 'temperature'
  return component.startsWith('humidity:') ? 'humidity' : undefined
}

function isOnExternalPower(params: JsonObject): boolean {
  const power = objectIn(params, 'devicepower:0')
  if (objectIn(power, 'external')['present'] === true) return true
  // Without batteries in it the box measures what is left on their contacts.
  const left = objectIn(power, 'battery')
  return numberIn(left, 'percent') === 0 && (numberIn(left, 'V') ?? Infinity) < 1
}

function takeBattery(gathering: Gathering<ShellyState>, params: JsonObject, moment: Moment): void {
  const left = objectIn(objectIn(params, 'devicepower:0'), 'battery')
  const percent = numberIn(left, 'percent')
  const volts = numberIn(left, 'V')
  if (percent !== undefined) gathering.number('battery.percent', percent, battery, moment)
  if (volts !== undefined) gathering.number('battery.V', volts, batteryVoltage, moment)
}

function healthOf(params: JsonObject): Health {
  const sys = objectIn(params, 'sys')
  const wakeupS = numberIn(sys, 'wakeup_period')
  const uptimeS = numberIn(sys, 'uptime')
  const health: Health = {}
  if (wakeupS !== undefined && wakeupS > 0) health.intervalS = wakeupS
  if (uptimeS !== undefined) health.uptimeS = uptimeS
  return health
}
