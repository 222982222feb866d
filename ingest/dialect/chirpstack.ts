/**
 * ChirpStack 4 by its HTTP integration: `POST …?event=up`, JSON in camel case. Its MQTT integration speaks MQTT 5 only. Zero values of
 * its own members are left out by the sender. Source: chirpstack.io, "Events" and "HTTP integration"; api/proto/integration.
 */
import { compileField } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { decodedQuantities, takeUplink, withoutPlaces } from '../lorawan.ts'
import { isObject, numberIn, objectIn, readObject, textIn, type JsonObject } from '../payload.ts'

export const chirpstack: Dialect = {
  name: 'chirpstack',
  label: 'ChirpStack',
  intervalSDefault: null,
  // As of The Things Stack: hourly is the slowest usual setting.
  silenceSMax: 3_600,
  topicUse,
  decode,
  usualTopic: () => uplinks,
  looksLike: (_topic, text) => text.includes('"deviceInfo"') && text.includes('"devEui"'),
  split,
  takesMap: true,
  push: {
    okStatus: 200,
    topicOf({ query }) {
      const event = query('event') ?? 'up'
      return event === 'up' || !/^[a-z]{1,20}$/.test(event) ? uplinks : `${uplinks}/${event}`
    }
  }
}

const uplinks = 'push/chirpstack'

/** Joins, acknowledgements, logs and the like hold no readings. */
function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topic === uplinks) return 'readings'
  return topic.startsWith(`${uplinks}/`) ? 'ignored' : undefined
}

const rssi = compileField({ quantity: 'rssi' })

function decode({ topic, payload, receivedAt }: DialectMessage, { map, notes }: Source): Decoded {
  if (topic !== uplinks) {
    notes?.ignored('the message', 'no uplink: joins, acknowledgements and logs hold no readings')
    return { measurements: [], faults: [] }
  }
  const body = readObject(payload)
  if (!body.ok) return refused(payload[0] === brace ? body.fault : notJson)
  const uplink = body.value
  const gathering = new Gathering(notes)
  const time = textIn(uplink, 'time')
  if (time === undefined) gathering.assumed('no time of its own: measured when it was received')
  const moment = time === undefined ? { at: receivedAt, reasons: 0 } : gathering.momentOf(time, receivedAt)
  const { object } = uplink
  if (isObject(object)) takeUplink(gathering, object, map, { receivedAt, at: moment })
  else gathering.fault(notDecoded)
  const strongest = strongestSignal(uplink)
  if (strongest !== undefined) gathering.number('rxInfo.rssi', strongest, rssi, moment)
  const model = textIn(objectIn(uplink, 'deviceInfo'), 'deviceProfileName')
  if (model !== undefined) gathering.health = { model: model.slice(0, 60) }
  return gathering
}

const brace = 0x7b

const notJson = {
  code: 'payloadNotJson',
  message: 'ChirpStack sent no JSON; choose JSON as the payload encoding of its HTTP integration.'
} as const

const notDecoded = {
  code: 'payloadShape',
  message: 'ChirpStack sent bytes that it did not decode; give the device profile a codec in its console.'
} as const

function strongestSignal(uplink: JsonObject): number | undefined {
  const heard = uplink['rxInfo']
  if (!Array.isArray(heard)) return undefined
  let strongest: number | undefined
  for (const one of heard as readonly unknown[]) {
    const signal = isObject(one) ? numberIn(one, 'rssi') : undefined
    if (signal !== undefined && (strongest === undefined || signal > strongest)) strongest = signal
  }
  return strongest
}

/** Where gateways are, and everything else that is not about the readings, stays outside. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  if (topic !== uplinks) return noParts
  const body = readObject(payload)
  if (!body.ok) return { parts: [], fault: payload[0] === brace ? body.fault : notJson }
  const { deviceInfo, object, time, fPort, fCnt } = body.value
  if (!isObject(deviceInfo)) return noParts
  const name = textIn(deviceInfo, 'deviceName')
  const address = textIn(deviceInfo, 'devEui')?.toUpperCase() ?? name
  if (address === undefined) return noParts
  const deviceProfileName = textIn(deviceInfo, 'deviceProfileName')
  const strongest = strongestSignal(body.value)
  const kept = {
    time,
    deviceInfo: { devEui: address, deviceProfileName },
    fPort,
    fCnt,
    object: isObject(object) ? withoutPlaces(object) : undefined,
    ...(strongest === undefined ? {} : { rxInfo: [{ rssi: strongest }] })
  }
  return {
    parts: [
      {
        address,
        isLocal: false,
        ...(name === undefined ? {} : { name }),
        quantities: isObject(object) ? decodedQuantities(object) : [],
        isBox: isObject(object),
        // Without a name in it nobody could choose it, and nobody would hear why.
        ...(isObject(object) ? {} : { unclaimedFault: notDecoded }),
        topic,
        payload: new TextEncoder().encode(JSON.stringify(kept))
      }
    ]
  }
}
