/**
 * Shelly Gen2 and later (H&T Gen3, Plus H&T): `<id>/events/rpc`. A box on batteries wakes, sends one full status and sleeps;
 * between two of these only what changed comes. Source: shelly-api-docs, "MQTT" and the components of H&T.
 */
import { compileField } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { isObject, numberIn, objectIn, readObject, readText, textIn, type JsonObject } from '../payload.ts'
import { secondSensorFault } from '../wording.ts'

/** What is remembered of a box. */
export interface ShellyState {
  /** Of the last full status: a box on external power has a battery that says nothing. */
  hasExternalPower: boolean
  /** Which of several thermometers is the box's own; its add-on may have five more. */
  temperature?: string
  humidity?: string
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
    /^shelly[^/]*\//.test(topic) || /"method"\s*:\s*"Notify(?:Full)?Status"/.test(text),
  rewound: (state) => state
}

/** With status_ntf the same values come again, without a time, as `<id>/status/temperature:0`. */
function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (/\/(?:events\/rpc|online)$/.test(topic)) return 'readings'
  return /\/(?:status\/[^/]+|rpc|debug\/log|announce|info)$/.test(topic) ? 'ignored' : undefined
}

const temperature = compileField({ quantity: 'temperature' })
const humidity = compileField({ quantity: 'humidity' })
const battery = compileField({ quantity: 'battery' })
const batteryVoltage = compileField({ quantity: 'battery_voltage' })
const rssi = compileField({ quantity: 'rssi' })

function decode(message: DialectMessage, { state, notes }: Source<ShellyState>): Decoded<ShellyState> {
  const { topic, payload, receivedAt } = message
  if (topic.endsWith('/online')) return decodeOnline(message)
  if (topicUse(topic) !== 'readings') {
    return topicUse(topic) === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  }
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const method = textIn(body.value, 'method')
  const params = objectIn(body.value, 'params')
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
  for (const [name, component] of Object.entries(params)) {
    if (!isObject(component)) continue
    const kind = kindOf(name)
    if (kind !== undefined) {
      owners = owners[kind] === undefined ? { ...owners, [kind]: name } : owners
      const [key, field] =
        kind === 'temperature' ? (['tC', temperature] as const) : (['rh', humidity] as const)
      if (owners[kind] === name) gathering.value(`${name}.${key}`, component[key], field, moment)
      else gathering.fault(secondSensorFault(kind, owners[kind]!, name))
    }
    if (Array.isArray(component['errors']) && component['errors'].length > 0) {
      gathering.fault({
        code: 'boxFailure',
        message: `the box says of ${name.slice(0, 40)}: ${String(component['errors'][0]).slice(0, 40)}`,
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
  const [percent, volts] = [numberIn(left, 'percent'), numberIn(left, 'V')]
  if (percent !== undefined) gathering.number('battery.percent', percent, battery, moment)
  if (volts !== undefined) gathering.number('battery.V', volts, batteryVoltage, moment)
}

function healthOf(params: JsonObject): Health {
  const sys = objectIn(params, 'sys')
  const [wakeupS, uptimeS] = [numberIn(sys, 'wakeup_period'), numberIn(sys, 'uptime')]
  return {
    ...(wakeupS !== undefined && wakeupS > 0 ? { intervalS: wakeupS } : {}),
    ...(uptimeS === undefined ? {} : { uptimeS })
  }
}
