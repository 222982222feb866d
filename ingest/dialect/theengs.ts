/**
 * Bluetooth thermometers and air monitors as Theengs Gateway and OpenMQTTGateway pass them on: `home/<gateway>/BTtoMQTT/<MAC>`. They
 * hear everything around, neighbours' devices and phones too: only what a known sensor measures is looked at.
 * Source: theengs decoder (decoder.theengs.io, devices and properties); docs.openmqttgateway.com, "BLE gateway".
 */
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { type UnixMs } from '../../model/time.ts'
import { compileFields, type FieldTable } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { doubledMsMax } from '../limits.ts'
import { readObject, textIn, type JsonObject } from '../payload.ts'

/** What a box said last, without the signal, and when that was first heard. */
export interface TheengsState {
  values: string
  at: UnixMs
}

export const theengs: Dialect<TheengsState> = {
  name: 'theengs',
  label: 'Theengs',
  intervalSDefault: null,
  // A thermometer of which nothing was heard for an hour is out of reach, or its battery is empty.
  silenceSMax: 3_600,
  topicUse,
  decode,
  usualTopic: () => 'home/TheengsGateway/BTtoMQTT/AABBCCDDEEFF',
  looksLike: (topic, text) =>
    sensorTopic.test(topic) || (text.includes('"model_id"') && /"tempc"|"servicedatauuid"/.test(text)),
  split,
  rewound: () => undefined
}

const sensorTopic = /\/BTtoMQTT\/([0-9A-F]{12})$/i

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (sensorTopic.test(topic)) return 'readings'
  // What a gateway says of itself, other radios, commands to it.
  return /\/(?:LWT|RLSStoMQTT|SYStoMQTT|[A-Z0-9_]{1,12}toMQTT|commands|BTtoMQTT(?:\/.*)?)(?:\/.*)?$/.test(
    topic
  )
    ? 'ignored'
    : undefined
}

const table: FieldTable = {
  tempc: { quantity: 'temperature' },
  hum: { quantity: 'humidity' },
  pres: { quantity: 'pressure' },
  co2: { quantity: 'co2' },
  pm10: { quantity: 'pm10' },
  pm25: { quantity: 'pm2_5' },
  pm1: { quantity: 'pm1' },
  batt: { quantity: 'battery' },
  lux: { quantity: 'lux' },
  volt: { quantity: 'battery_voltage' },
  rssi: { quantity: 'rssi' }
}
const fields = compileFields(table)
/** What makes a box a sensor of the air; phones and tags have a signal and a battery too. */
const measuring = Object.keys(table).filter((name) => !['batt', 'volt', 'rssi'].includes(name))

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, notes }: Source<TheengsState>
): Decoded<TheengsState> {
  const use = topicUse(topic)
  if (use !== 'readings') return use === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const gathering = new Gathering<TheengsState>(notes)
  gathering.assumed('no time of its own: measured when it was received')
  // Several gateways hear one advertisement, each with a signal of its own.
  let values = ''
  for (const name of measuring) {
    const value = body.value[name]
    values += value === undefined || value === null ? ' ' : `${String(value)} `
  }
  const agoMs = receivedAt - (state?.at ?? 0)
  const isHeardAgain = state?.values === values && agoMs >= 0 && agoMs <= doubledMsMax
  const at = isHeardAgain ? state.at : receivedAt
  if (!isHeardAgain) gathering.state = { values, at }
  if (!mentionsSensor(body.value)) {
    gathering.ignored('the message', 'no sensor of the air: phones and tags are not looked at')
    return gathering
  }
  gathering.object(body.value, fields, { at, reasons: 0 }, (name) => {
    if (notes) gathering.ignored(name, /^temp|_?f$/.test(name) ? 'the same in another unit' : 'about the box')
  })
  const model = textIn(body.value, 'model_id')
  if (model !== undefined) gathering.health = { model: model.slice(0, 60) }
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message: 'Theengs Gateway and OpenMQTTGateway publish sensors to home/<gateway>/BTtoMQTT/<MAC>.'
} as const

/** Text where a number belongs, or null, is a sensor's all the same. */
function mentionsSensor(body: JsonObject): boolean {
  return body['presence'] === undefined && measuring.some((name) => body[name] !== undefined)
}

function isSensor(body: JsonObject): boolean {
  return body['presence'] === undefined && measuring.some((name) => typeof body[name] === 'number')
}

/** A MAC names the box everywhere, so that whichever gateway hears it, it is one. Of others not even the address is noted. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  const mac = sensorTopic.exec(topic)?.[1]?.toUpperCase()
  if (mac === undefined) return noParts
  const body = readObject(payload)
  if (!body.ok || !isSensor(body.value)) return noParts
  const kept: Record<string, unknown> = {}
  const quantities: MeasuredQuantity[] = []
  for (const [name, field] of fields) {
    if (body.value[name] === undefined || 'ignored' in field) continue
    kept[name] = body.value[name]
    quantities.push(field.quantity)
  }
  const model = textIn(body.value, 'model_id')
  const name = [textIn(body.value, 'brand'), textIn(body.value, 'model')].filter((one) => one !== undefined)
  return {
    parts: [
      {
        address: mac,
        isLocal: false,
        ...(name.length === 0 ? {} : { name: name.join(' ') }),
        quantities,
        topic: `home/-/BTtoMQTT/${mac}`,
        payload: new TextEncoder().encode(JSON.stringify({ ...kept, model_id: model }))
      }
    ]
  }
}
