/**
 * The Things Stack 3 (The Things Network): an uplink by webhook, or from its MQTT server. Zero, empty and false are left out by
 * the sender. Source: thethingsindustries.com, "Data Formats"; lorawan-stack api/ttn/lorawan/v3/messages.proto.
 */
import { arrayReadingsMax } from '../../model/limits.ts'
import { compileField } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { decodedQuantities, takeUplink, withoutPlaces } from '../lorawan.ts'
import { isObject, numberIn, objectIn, readObject, textIn, type JsonObject } from '../payload.ts'

export const ttn: Dialect = {
  name: 'ttn',
  label: 'The Things Stack',
  intervalSDefault: null,
  // Dragino's and Milesight's sensors send every 20 minutes; hourly is the slowest usual setting.
  silenceSMax: 3_600,
  topicUse,
  decode,
  usualTopic: () => 'push/ttn',
  looksLike: (topic, text) => /^v3\/[^/]+@[^/]+\/devices\//.test(topic) || text.includes('"end_device_ids"'),
  split,
  takesMap: true,
  push: { okStatus: 200, topicOf: () => 'push/ttn' }
}

const uplinkTopic = /^v3\/[^/]+\/devices\/[^/]+\/up$/

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topic === 'push/ttn' || uplinkTopic.test(topic)) return 'readings'
  return /^v3\/[^/]+\/devices\/[^/]+\/(?:join|down\/|service\/|location\/)/.test(topic)
    ? 'ignored'
    : undefined
}

const rssi = compileField({ quantity: 'rssi' })

function decode({ payload, receivedAt }: DialectMessage, { map, notes }: Source): Decoded {
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const uplink = body.value['uplink_message']
  if (!isObject(uplink)) {
    notes?.ignored('the message', 'no uplink: joins and downlinks hold no readings')
    return { measurements: [], faults: [] }
  }
  if (body.value['simulated'] === true) {
    notes?.ignored('the message', 'simulated in the console: nothing was measured')
    return { measurements: [], faults: [] }
  }
  const gathering = new Gathering(notes)
  const receivedByNetwork = uplink['received_at'] ?? body.value['received_at']
  const moment =
    receivedByNetwork === undefined
      ? { at: receivedAt, reasons: 0 }
      : gathering.momentOf(receivedByNetwork, receivedAt)
  const decoded = decodedIn(uplink)
  for (const { values, time } of decoded) {
    if (time !== undefined) gathering.nextMoment()
    const at = time === undefined ? moment : gathering.momentOf(time, receivedAt)
    takeUplink(gathering, values, map, { receivedAt, at })
  }
  if (decoded.length === 0 && textIn(uplink, 'frm_payload') !== undefined) gathering.fault(notDecoded)
  const strongest = strongestSignal(uplink)
  if (strongest !== undefined) gathering.number('rx_metadata.rssi', strongest, rssi, moment)
  const version = objectIn(uplink, 'version_ids')
  const firmware = textIn(version, 'firmware_version')
  const model = textIn(version, 'model_id')
  if (firmware !== undefined || model !== undefined) {
    gathering.health = {
      ...(firmware === undefined ? {} : { firmware }),
      ...(model === undefined ? {} : { model })
    }
  }
  return gathering
}

const notDecoded = {
  code: 'payloadShape',
  message:
    'The Things Stack sent bytes that it did not decode; choose a payload formatter for uplinks of this device in its console.'
} as const

/** What was measured in one moment. */
interface Uplinked {
  values: JsonObject
  time?: unknown
}

/** The formatter's own names; or the network's, where that is all that came: a list, each with a time or without. */
function decodedIn({ decoded_payload, normalized_payload }: JsonObject): Uplinked[] {
  if (isObject(decoded_payload)) return [{ values: decoded_payload }]
  if (!Array.isArray(normalized_payload)) return []
  return (normalized_payload as readonly unknown[]).slice(0, arrayReadingsMax).flatMap((one) => {
    if (!isObject(one)) return []
    // The network's `battery` is in volts.
    const { battery, time, ...rest } = one
    const values = battery === undefined ? rest : { ...rest, battery_voltage: battery }
    return [{ values, ...(time === undefined ? {} : { time }) }]
  })
}

/** Several gateways hear one uplink; the strongest says how well the device is heard. */
function strongestSignal(uplink: JsonObject): number | undefined {
  const heard = uplink['rx_metadata']
  if (!Array.isArray(heard)) return undefined
  let strongest: number | undefined
  for (const one of heard as readonly unknown[]) {
    const signal = isObject(one) ? (numberIn(one, 'rssi') ?? numberIn(one, 'channel_rssi')) : undefined
    if (signal !== undefined && (strongest === undefined || signal > strongest)) strongest = signal
  }
  return strongest
}

/** Where gateways are, and everything else that is not about the readings, stays outside. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  const body = readObject(payload)
  if (!body.ok) return { parts: [], fault: body.fault }
  const ids = objectIn(body.value, 'end_device_ids')
  const name = textIn(ids, 'device_id')
  const address = textIn(ids, 'dev_eui') ?? name
  const uplink = body.value['uplink_message']
  if (address === undefined || !isObject(uplink)) return noParts
  const decoded = decodedIn(uplink)
  return {
    parts: [
      {
        address,
        isLocal: false,
        ...(name === undefined ? {} : { name }),
        quantities: [...new Set(decoded.flatMap(({ values }) => decodedQuantities(values)))],
        isBox: decoded.length > 0,
        // Without a name in it nobody could choose it, and nobody would hear why.
        ...(decoded.length > 0 ? {} : { unclaimedFault: notDecoded }),
        topic: topic === 'push/ttn' ? topic : `v3/-/devices/${address}/up`,
        payload: new TextEncoder().encode(JSON.stringify(keptOf(body.value, uplink, address)))
      }
    ]
  }
}

function keptOf(body: JsonObject, uplink: JsonObject, address: string): JsonObject {
  const { f_port, f_cnt, frm_payload, decoded_payload, normalized_payload, received_at, version_ids } = uplink
  const list = Array.isArray(normalized_payload) ? (normalized_payload as readonly unknown[]) : []
  const rssi = strongestSignal(uplink)
  return {
    end_device_ids: { dev_eui: address },
    received_at: body['received_at'],
    simulated: body['simulated'],
    uplink_message: {
      f_port,
      f_cnt,
      // Nobody decodes the bytes here, and they may hold a place.
      frm_payload: frm_payload === undefined ? undefined : '',
      ...(isObject(decoded_payload)
        ? { decoded_payload: withoutPlaces(decoded_payload) }
        : list.length > 0
          ? { normalized_payload: list.filter(isObject).map((one) => withoutPlaces(one)) }
          : {}),
      received_at,
      version_ids,
      ...(rssi === undefined ? {} : { rx_metadata: [{ rssi }] })
    }
  }
}
