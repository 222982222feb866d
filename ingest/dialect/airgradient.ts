/**
 * AirGradient ONE and Open Air, over MQTT (`airgradient/readings/<serial>`) and HTTP (`/sensors/airgradient:<serial>/measures`).
 * Source: airgradienthq/arduino/docs/local-server.md and AgValue.cpp there, firmware 3.0 to 3.3.
 */
import { reasonBits } from '../../model/flag.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { channelsAgree } from '../../science/correction.ts'
import { firstOfDoubled, type LastBody } from '../doubled.ts'
import { compileFields, type FieldTable } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { GatewayMessage, Part, SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { isObject, numberIn, objectIn, readObject, textIn, type JsonObject } from '../payload.ts'
import { addressFault } from '../wording.ts'

export const airgradient: Dialect<LastBody> = {
  name: 'airgradient',
  label: 'AirGradient',
  intervalSDefault: 60,
  silenceSMax: null,
  topicUse: (topic) => (isOwn(topic) ? 'readings' : undefined),
  decode,
  usualTopic: () => 'push/airgradient',
  looksLike: (topic, text) =>
    topic.startsWith('airgradient/readings/') || (text.includes('"serialno"') && text.includes('"wifi"')),
  push: {
    okStatus: 200,
    topicOf: () => 'push/airgradient',
    fixed: {
      // Two colons stand for one.
      path: '/sensors/airgradient:::serial/measures',
      addressOf: ({ params }) => params['serial']
    }
  },
  rewound: () => undefined,
  split,
  // A satellite is known behind its box; a serial number is one everywhere.
  isLocalAddress: (address) => address.startsWith(satellitePrefix)
}

const compensated = {
  ignored: 'already corrected by the box; the hub keeps the raw value and makes its own corrections'
}
const counts = { ignored: 'a count of particles, not a mass' }
const raw = { ignored: 'a raw signal, in no unit' }
const standard = { ignored: 'for standard particles in a laboratory, not for air' }

/** `pm02` is PM2.5 and `pm01` is PM1. What could not be measured is left out by the box. */
const table: FieldTable = {
  pm01: { quantity: 'pm1' },
  pm02: { quantity: 'pm2_5' },
  pm10: { quantity: 'pm10' },
  rco2: { quantity: 'co2' },
  atmp: { quantity: 'temperature' },
  rhum: { quantity: 'humidity' },
  tvocIndex: { quantity: 'tvoc_index' },
  wifi: { quantity: 'rssi' },
  pm02Compensated: compensated,
  atmpCompensated: compensated,
  rhumCompensated: compensated,
  ...Object.fromEntries(['pm01Standard', 'pm02Standard', 'pm10Standard'].map((name) => [name, standard])),
  ...Object.fromEntries(
    ['pm003Count', 'pm005Count', 'pm01Count', 'pm02Count', 'pm50Count', 'pm10Count'].map((name) => [
      name,
      counts
    ])
  ),
  // tvoc_raw and nox_raw: firmware before 3.1.
  ...Object.fromEntries(
    [
      ...[
        'tvocRaw',
        'noxRaw',
        'tvoc_raw',
        'nox_raw',
        'afeTemp',
        'o3WorkingElectrode',
        'o3AuxiliaryElectrode'
      ],
      ...['no2WorkingElectrode', 'no2AuxiliaryElectrode']
    ].map((name) => [name, raw])
  ),
  noxIndex: { ignored: 'an index of its own scale, which the hub does not keep' }
}
const fields = compileFields(table)

/** What the two particle sensors of an Open Air measure; where the box gives no mean of its own the hub makes it. */
const channelNames = ['pm01', 'pm02', 'pm10', 'atmp', 'rhum'] as const
const channelFields = ['pm01', 'pm02', 'pm10'] as const

/** Names that say something about the box, and objects that are looked at for themselves. */
const notMeasured = new Set([
  'serialno',
  'boot',
  'bootCount',
  'ledMode',
  'firmware',
  'firmwareVersion',
  'model',
  'fwMode',
  'channels',
  'satellites',
  'monitorDisplayCompensatedValues',
  'measurementInterval',
  'resetReason',
  'freeHeap'
])

function isOwn(topic: string): boolean {
  return (
    topic.startsWith('airgradient/readings/') ||
    topic === 'push/airgradient' ||
    topic.startsWith('push/airgradient/')
  )
}

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, address, notes }: Source<LastBody>
): Decoded<LastBody> {
  const read = readObject(payload)
  if (!read.ok) return refused(read.fault)
  const body = read.value
  const gathering = new Gathering<LastBody>(notes)
  const first = firstOfDoubled(payload, receivedAt, state)
  if (first !== state) gathering.state = first
  const moment: Moment = { at: first.at, reasons: 0 }
  gathering.assumed('no time of its own: measured when it was received')
  const serial = textIn(body, 'serialno') ?? topic.split('/')[2]
  const wrongAddress = addressFault('serial number', serial, address)
  if (wrongAddress) gathering.fault(wrongAddress)

  gathering.object(body, fields, moment, (name, value) => {
    if (!notMeasured.has(name)) gathering.unknown(name, value)
  })
  if (body['channels'] !== undefined) takeChannels(gathering, body, moment.at)
  if (isObject(body['satellites'])) {
    gathering.ignored('satellites', 'sensors in other rooms; each can be claimed as a sensor of its own')
  }
  gathering.health = healthOf(body)
  if (gathering.measurements.length === 0 && gathering.faults.length === 0) {
    gathering.fault({
      code: 'nothingMeasured',
      message: 'The message contains no value that AirGradient measures.'
    })
  }
  return gathering
}

/** What one channel sent alone stands; of two, the mean. */
function takeChannels(gathering: Gathering<LastBody>, body: JsonObject, at: UnixMs): void {
  const channels = objectIn(body, 'channels')
  const first = objectIn(channels, '1')
  const second = objectIn(channels, '2')
  for (const name of channelNames) {
    const values = [numberIn(first, name), numberIn(second, name)].filter((value) => value !== undefined)
    const [a, b = a] = values
    if (a === undefined || b === undefined || numberIn(body, name) !== undefined) continue
    const field = fields.get(name)!
    if ('ignored' in field) continue
    if (values.length === 2) gathering.assumed(`${name} is the mean of both channels`)
    // A mean has no digits that neither channel has: 20.2 and not 20.200000000000003.
    const mean = Math.round(((a + b) / 2) * 1e4) / 1e4
    gathering.number(`channels.${name}`, mean, field, { at, reasons: 0 })
  }
  markDisagreement(gathering, first, second)
}

/** Where the two sensors contradict each other (science/correction.ts) one of them is wrong, and nobody knows which. */
function markDisagreement(gathering: Gathering<LastBody>, first: JsonObject, second: JsonObject): void {
  for (const name of channelFields) {
    const [a, b] = [numberIn(first, name), numberIn(second, name)]
    if (a === undefined || b === undefined) continue
    if (channelsAgree(a, b)) continue
    const field = fields.get(name)!
    if ('ignored' in field) continue
    const measurement = gathering.measurements.find(({ quantity }) => quantity === field.quantity)
    if (measurement) measurement.reasons |= reasonBits('channelsDisagree')
    gathering.fault({
      code: 'boxFailure',
      message: `the two particle sensors report ${a} and ${b} µg/m³ for ${field.quantity}; one of them is dirty or worn out, and the value was flagged`,
      field: name
    })
  }
}

/** Satellites are in other rooms: each is a thing of its own, claimed or left outside. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  const body = readObject(payload)
  const box = { role: 'own', isLocal: false, topic } as const
  if (!body.ok) return { parts: [{ ...box, address: '', quantities: [], payload }] }
  const { satellites, ...rest } = body.value
  const own: Part = {
    ...box,
    address: textIn(rest, 'serialno') ?? '',
    quantities: quantitiesIn(rest),
    payload: satellites === undefined ? payload : encoder.encode(JSON.stringify(rest))
  }
  const behind = isObject(satellites) ? Object.entries(satellites) : []
  return { parts: [own, ...behind.flatMap(([mac, sent]) => satellite(mac, sent, topic))] }
}

const encoder = new TextEncoder()
const satellitePrefix = 'satellite '

function satellite(mac: string, sent: unknown, topic: string): Part[] {
  if (!isObject(sent)) return []
  const address = satellitePrefix + mac
  const payload = encoder.encode(JSON.stringify({ ...sent, serialno: address }))
  return [{ role: 'behind', address, isLocal: true, quantities: quantitiesIn(sent), topic, payload }]
}

function quantitiesIn(body: JsonObject): MeasuredQuantity[] {
  return Object.keys(body).flatMap((name) => {
    const field = fields.get(name)
    return field === undefined || 'ignored' in field ? [] : [field.quantity]
  })
}

function healthOf(body: JsonObject): Health {
  const health: Health = {}
  const firmware = textIn(body, 'firmware') ?? textIn(body, 'firmwareVersion')
  const model = textIn(body, 'model') ?? textIn(body, 'fwMode')
  if (firmware !== undefined) health.firmware = firmware
  if (model !== undefined) health.model = model
  return health
}
