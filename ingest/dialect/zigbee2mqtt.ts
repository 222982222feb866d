/**
 * Zigbee2MQTT: `<base>/<friendly name>` holds what a device last said. It is sent again from a cache when Zigbee2MQTT starts, so a
 * message without `last_seen` counts only when it differs from the one before.
 * Source: zigbee2mqtt.io, "MQTT topics and messages", `advanced.last_seen`; zigbee2mqtt issues 14829, 32152, 27652.
 */
import { crc32 } from 'node:zlib'
import { zigbeeThingsMax } from '../limits.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { compileField, compileFields, type Field, type FieldTable } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type AddressOf, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Notes, Source } from '../ingest.ts'
import { parseJson } from '../json.ts'
import { isObject, numberIn, objectIn, readObject, readText, textIn, type JsonObject } from '../payload.ts'
import { staleFault } from '../wording.ts'

/** A checksum of the last message of a device, of what it measured and its signal. */
export interface ZigbeeState {
  values: string
  /** Something came before, and nobody knows what: the next message may be a repetition. */
  isUnknown?: true
}

export const zigbee2mqtt: Dialect<ZigbeeState> = {
  name: 'zigbee2mqtt',
  label: 'Zigbee2MQTT',
  intervalSDefault: null,
  // Aqara's thermometers report every hour when nothing changes; others more often.
  silenceSMax: 3_600,
  topicUse,
  decode,
  usualTopic: () => 'zigbee2mqtt/box',
  looksLike: (topic, text) => topic.startsWith('zigbee2mqtt/') || text.includes('"linkquality"'),
  rewound: () => ({ values: '', isUnknown: true }),
  split,
  isLocalAddress: (address) => !/^0x[0-9a-f]{16}$/i.test(address)
}

const base = 'zigbee2mqtt'

/** `bridge/…` is about Zigbee2MQTT itself; `/set` and `/get` are commands to it. */
function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (nameOf(topic) !== undefined) return 'readings'
  return topic.includes('/bridge/') || /\/(?:set|get)(?:\/|$)/.test(topic) ? 'ignored' : undefined
}

/** The friendly name, which may hold spaces and slashes. */
function nameOf(topic: string): string | undefined {
  const slash = topic.indexOf('/')
  if (slash <= 0 || topic.startsWith('bridge/', slash + 1)) return undefined
  if (topic.includes('et', slash) && /\/(?:set|get)(?:\/|$)/.test(topic)) return undefined
  const name = topic.slice(slash + 1, topic.endsWith(availability) ? -availability.length : undefined)
  return name === '' || topic.startsWith('sensors/') ? undefined : name
}

const availability = '/availability'
const people = { ignored: 'reveals what people do, and is ignored' }

const table: FieldTable = {
  temperature: { quantity: 'temperature' },
  humidity: { quantity: 'humidity' },
  pressure: { quantity: 'pressure' },
  co2: { quantity: 'co2' },
  // STARKVIND says -1 while it does not know.
  pm25: { quantity: 'pm2_5', unknown: [-1] },
  pm1: { quantity: 'pm1', unknown: [-1] },
  pm10: { quantity: 'pm10', unknown: [-1] },
  // `illuminance` is lux since version 2 and was a logarithm before; this name always was lux.
  illuminance_lux: { quantity: 'lux' },
  voc_index: { quantity: 'tvoc_index' },
  battery: { quantity: 'battery' },
  last_seen: { ignored: 'when the box was heard; the time of the readings' },
  linkquality: { ignored: 'a share of 255, no signal in dBm' },
  ...Object.fromEntries(
    ['occupancy', 'presence', 'contact', 'motion', 'action', 'position', 'state', 'vibration', 'tamper'].map(
      (name) => [name, people]
    )
  )
}
const fields = compileFields(table)
const batteryVoltage = compileField({ quantity: 'battery_voltage', unit: 'mV' })

/** Of a plug it is the mains, in volts; of a battery it is in millivolts, and none of these has more than 15 V. */
const batteryMillivolts = { min: 1_000, max: 15_000 }

function decode(
  message: DialectMessage,
  { state, address, notes }: Source<ZigbeeState>
): Decoded<ZigbeeState> {
  const { topic, payload, receivedAt } = message
  const use = topicUse(topic)
  if (use !== 'readings') return use === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  if (topic.endsWith('/availability')) return decodeAvailability(message)
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const gathering = new Gathering<ZigbeeState>(notes)
  const seen = body.value['last_seen']
  const { values, measured } = lookThrough(body.value)
  if (values !== state?.values) gathering.state = { values }
  if (seen === undefined || seen === null) {
    if (state?.isUnknown) {
      gathering.ignored('the message', 'it may repeat an earlier one')
      return gathering
    }
    if (values === state?.values && values !== '') {
      gathering.fault(
        staleFault(
          'the message',
          address ?? topic,
          'set last_seen: ISO_8601 in Zigbee2MQTT, so that the hub can tell'
        )
      )
      return gathering
    }
    gathering.assumed('no last_seen: measured when it was received')
  }
  const moment =
    seen === undefined || seen === null
      ? { at: receivedAt, reasons: 0 }
      : gathering.momentOf(typeof seen === 'number' ? seen : String(seen), receivedAt)
  for (const { name, field } of measured)
    if (field !== undefined) gathering.value(name, body.value[name], field, moment)
  if (notes) explainRest(body.value, notes)
  const voltage = numberIn(body.value, 'voltage')
  if (voltage !== undefined && voltage >= batteryMillivolts.min && voltage <= batteryMillivolts.max)
    gathering.number('voltage', voltage, batteryVoltage, moment)
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message: `Zigbee2MQTT publishes readings to ${base}/<friendly name>, and to no other topic.`
} as const

/**
 * What was measured, in whichever order it came; the signal differs at each repetition, the cache does not. A checksum of each value,
 * to the thousandth, by its name's position; they are added, so that the order says nothing. '' where nothing was measured.
 */
function lookThrough(body: JsonObject): { values: string; measured: readonly Told[] } {
  let sum = 0
  const measured: Told[] = []
  for (const name in body) {
    const told = telling.get(name)
    if (told === undefined) continue
    const { position } = told
    const value = body[name]
    if (position > 0) measured.push(told)
    const bits = typeof value === 'number' ? Math.round(value * 1_000) : crc32(String(value))
    sum = (sum + Math.imul(Math.imul(bits | 0, 0x5bd1e995) ^ (position + 1), 0x9e3779b1)) | 0
  }
  return { values: measured.length === 0 ? '' : String(sum), measured }
}

function explainRest(body: JsonObject, notes: Notes): void {
  for (const name in body) {
    const field = fields.get(name)
    if (field === undefined && name !== 'voltage') notes.ignored(name, 'no quantity that the hub knows')
    else if (field !== undefined && 'ignored' in field) notes.ignored(name, field.ignored)
  }
}

/** What tells a repetition. */
interface Told {
  name: string
  position: number
  /** undefined for the signal, and for a voltage, which may be anybody's. */
  field: Field | undefined
}

const measuredFields = [...fields]
  .flatMap(([name, field]) => ('ignored' in field ? [] : [name]))
  .concat('voltage')
/** The signal is no measurement, and tells a repetition all the same. */
const telling = new Map(
  ['linkquality', ...measuredFields].map((name, position): [string, Told] => {
    const field = fields.get(name)
    return [name, { name, position, field: field === undefined || 'ignored' in field ? undefined : field }]
  })
)

/** Older ones send the bare word. */
function decodeAvailability({ payload }: DialectMessage): Decoded<ZigbeeState> {
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  const word = /online|offline/.exec(text.value)?.[0]
  const presence = word === 'online' || word === 'offline' ? word : undefined
  return { measurements: [], faults: [], ...(presence ? { health: { presence } } : {}) }
}

/** A thing is known by its IEEE address where Zigbee2MQTT told it, so that renaming it changes nothing; else by its name. */
function split({ topic, payload, retained }: GatewayMessage, addressOf: AddressOf): SplitMessage {
  if (topic.endsWith('/bridge/devices')) return { parts: [], names: namesIn(payload) }
  const name = nameOf(topic)
  if (name === undefined) return noParts
  const attribute = name.slice(name.lastIndexOf('/') + 1)
  if (attribute !== name && measuredFields.includes(attribute) && payload[0] !== brace)
    return { parts: [], fault: outputAttribute }
  const isAvailability = topic.endsWith('/availability')
  const body = isAvailability ? undefined : readObject(payload)
  const object = body?.ok ? body.value : {}
  const address = textIn(objectIn(object, 'device'), 'ieeeAddr') ?? addressOf(name)
  const quantities = quantitiesIn(object)
  if (quantities.length === 0 && !isAvailability && body?.ok) return noParts
  // A retained message is what some broker kept; without a time of its own nobody knows how old it is.
  const isKept = retained && !isAvailability && body?.ok === true && (object['last_seen'] ?? null) === null
  return {
    parts: [
      {
        address: address ?? name,
        isLocal: address === undefined,
        name,
        quantities,
        topic,
        payload,
        ...(isKept ? { fault: staleFault('the retained message', name, howToTell) } : {})
      }
    ]
  }
}

const brace = 0x7b
const outputAttribute = {
  code: 'payloadShape',
  message:
    'Zigbee2MQTT sends values in topics of their own, which are ignored; set output: json under advanced.'
} as const

const howToTell = 'set last_seen: ISO_8601 in Zigbee2MQTT, or retain: false for this device'

function quantitiesIn(body: JsonObject): MeasuredQuantity[] {
  return Object.keys(body).flatMap((name) => {
    const field = fields.get(name)
    return field === undefined || 'ignored' in field ? [] : [field.quantity]
  })
}

/** Friendly names and what they stand for; only devices, since a group is several. */
function namesIn(payload: Uint8Array): Map<string, string> {
  const text = readText(payload)
  const list = text.ok ? parseJson(text.value) : undefined
  const names = new Map<string, string>()
  for (const device of Array.isArray(list) ? (list as readonly unknown[]).slice(0, zigbeeThingsMax) : []) {
    if (!isObject(device)) continue
    const [name, address] = [textIn(device, 'friendly_name'), textIn(device, 'ieee_address')]
    if (name !== undefined && address !== undefined) names.set(name, address)
  }
  return names
}
