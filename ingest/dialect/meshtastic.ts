/**
 * Meshtastic: what a gateway of the mesh hears, in JSON, on `msh/<region>/2/json/<channel>/!<gateway>`. Several gateways send the same
 * packet. Only telemetry is looked at: texts and positions are people's. Source: meshtastic.org, "MQTT"; firmware,
 * src/serialization/MeshPacketSerializer.cpp; telemetry.proto.
 */
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { type UnixMs } from '../../model/time.ts'
import { compileFields, type FieldTable } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { meshApartMsMax, meshPacketsMax } from '../limits.ts'
import { numberIn, objectIn, readObject, textIn, type JsonObject } from '../payload.ts'

/** Packets that were heard last, and when they were measured. */
export interface MeshtasticState {
  packets: readonly { id: number; at: UnixMs; receivedAt: UnixMs }[]
}

export const meshtastic: Dialect<MeshtasticState> = {
  name: 'meshtastic',
  label: 'Meshtastic',
  // telemetry.environment_update_interval, in seconds.
  intervalSDefault: 1_800,
  silenceSMax: null,
  topicUse,
  decode,
  usualTopic: () => 'msh/EU_868/2/json/LongFast/!aabbccdd',
  looksLike: (topic, text) =>
    topic.startsWith('msh/') || (/"type"\s*:\s*"telemetry"/.test(text) && text.includes('"sender"')),
  split,
  rewound: () => undefined
}

const jsonTopic = /^(?:[^/]+\/)*2\/json\/[^/]+\/![0-9a-f]{8}$/i

/** `/e/` is encrypted or in Protobuf, `/map/` tells positions, `/stat/` whether a gateway is there. */
function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (jsonTopic.test(topic)) return 'readings'
  return /(?:^|\/)(?:2\/(?:e|c|map|stat|json)|stat)(?:\/|$)/.test(topic) ? 'ignored' : undefined
}

/**
 * The firmware's names for particles are ten times the size: pm10 is PM1, pm25 PM2.5, pm100 PM10. `environmental` is for the air as it
 * is, `standard` for a laboratory's.
 */
const standard = { rank: 1, isOtherForm: true } as const
const table: FieldTable = {
  temperature: { quantity: 'temperature' },
  // Older firmware sends 0 for a sensor that is not there.
  relative_humidity: { quantity: 'humidity', unknown: [0] },
  barometric_pressure: { quantity: 'pressure', unknown: [0] },
  pm10_environmental: { quantity: 'pm1' },
  pm25_environmental: { quantity: 'pm2_5' },
  pm100_environmental: { quantity: 'pm10' },
  pm10_standard: { quantity: 'pm1', ...standard },
  pm25_standard: { quantity: 'pm2_5', ...standard },
  pm100_standard: { quantity: 'pm10', ...standard },
  pm10: { quantity: 'pm1', ...standard },
  pm25: { quantity: 'pm2_5', ...standard },
  pm100: { quantity: 'pm10', ...standard },
  lux: { quantity: 'lux', unknown: [0] },
  wind_speed: { quantity: 'wind_speed' },
  wind_direction: { quantity: 'wind_direction' },
  co2: { quantity: 'co2', unknown: [0] },
  // 101 says that it is plugged in.
  battery_level: { quantity: 'battery', unknown: [101] }
}
const fields = compileFields(table)
/** Beside a battery's level it is the battery's; beside a temperature it is of something that is measured. */
const batteryVoltage = compileFields({ voltage: { quantity: 'battery_voltage', unknown: [0] } })

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, notes }: Source<MeshtasticState>
): Decoded<MeshtasticState> {
  if (topicUse(topic) !== 'readings')
    return topicUse(topic) === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  if (textIn(body.value, 'type') !== 'telemetry') {
    notes?.ignored('the message', 'no telemetry: what people write and where they are is not looked at')
    return { measurements: [], faults: [] }
  }
  const gathering = new Gathering<MeshtasticState>(notes)
  const { at, isNew } = momentOf(gathering, body.value, receivedAt, state)
  const id = numberIn(body.value, 'id')
  if (isNew && id !== undefined)
    gathering.state = {
      packets: [...(state?.packets.slice(1 - meshPacketsMax) ?? []), { id, at: at.at, receivedAt }]
    }
  const telemetry = objectIn(body.value, 'payload')
  gathering.object(telemetry, fields, at, (name) => gathering.ignored(name, 'no quantity that the hub keeps'))
  if (telemetry['battery_level'] !== undefined) gathering.object(telemetry, batteryVoltage, at)
  const uptimeS = numberIn(telemetry, 'uptime_seconds')
  if (uptimeS !== undefined) gathering.health = { uptimeS }
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message: 'Meshtastic publishes JSON to msh/<region>/2/json/<channel>/!<gateway>; switch JSON output on.'
} as const

/** The time at which a gateway heard the packet; the second one to hear it changes nothing. */
function momentOf(
  gathering: Gathering,
  body: JsonObject,
  receivedAt: UnixMs,
  state: MeshtasticState | undefined
): { at: { at: UnixMs; reasons: number }; isNew: boolean } {
  const id = numberIn(body, 'id')
  const heard = state?.packets.find(
    (packet) => packet.id === id && Math.abs(receivedAt - packet.receivedAt) <= meshApartMsMax
  )
  if (heard !== undefined) return { at: { at: heard.at, reasons: 0 }, isNew: false }
  const timestamp = numberIn(body, 'timestamp') ?? 0
  if (timestamp > 0) return { at: gathering.momentOf(timestamp, receivedAt), isNew: true }
  gathering.assumed('no time of its own: measured when it was received')
  return { at: { at: receivedAt, reasons: 0 }, isNew: true }
}

/** A node is known by its number, whichever gateway hears it. Nothing but telemetry passes. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  if (!jsonTopic.test(topic)) return noParts
  const body = readObject(payload)
  if (!body.ok || textIn(body.value, 'type') !== 'telemetry') return noParts
  const from = numberIn(body.value, 'from')
  if (from === undefined) return noParts
  const node = `!${(from >>> 0).toString(16).padStart(8, '0')}`
  const telemetry = objectIn(body.value, 'payload')
  const quantities: MeasuredQuantity[] = Object.keys(telemetry).flatMap((name) => {
    const field = fields.get(name)
    return field === undefined || 'ignored' in field ? [] : [field.quantity]
  })
  if (quantities.length === 0) return noParts
  const { id, timestamp } = body.value
  const kept = { id, type: 'telemetry', from, timestamp, payload: telemetry }
  return {
    parts: [
      {
        address: node,
        isLocal: false,
        quantities,
        topic: `msh/2/json/-/${node}`,
        payload: new TextEncoder().encode(JSON.stringify(kept))
      }
    ]
  }
}
