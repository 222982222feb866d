/**
 * Boxes that upload to openSenseMap: `/boxes/<box>/data` as an object, a list, CSV or packed bytes, and `/boxes/<box>/<sensor>` with one
 * value; the token stands in Authorization without a word before it. Which sensor measures what, the box's own description says,
 * which is its map. Source: openSenseMap-API, packages/models/src/measurement/decoding.
 */
import { arrayReadingsMax, payloadBytesMax } from '../../model/limits.ts'
import type { UnixMs } from '../../model/time.ts'
import { firstOfDoubled } from '../doubled.ts'
import { compileFields, type Field } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, PushRequest, Source } from '../ingest.ts'
import { fieldMapOf } from '../mapped.ts'
import { parseJson } from '../json.ts'
import {
  isObject,
  objectIn,
  readObject,
  readText,
  unreadable,
  type JsonObject,
  type Readable
} from '../payload.ts'
import { Names, scanObjects, valueIn } from '../scan.ts'
import { airrohr, type AirrohrState } from './airrohr.ts'

export const opensensemap: Dialect<AirrohrState> = {
  name: 'opensensemap',
  label: 'openSenseMap',
  intervalSDefault: null,
  silenceSMax: null,
  topicUse: (topic) => (topic === base || topic.startsWith(`${base}/`) ? 'readings' : undefined),
  decode,
  usualTopic: (text) => (/^\s*[[{]/.test(text) ? base : `${base}/csv`),
  looksLike: (topic, text) =>
    /^\/?boxes\/[0-9a-f]{24}\//.test(topic) ||
    text.includes('_AirPollutantValue"') ||
    /^\s*(?:\{\s*"[0-9a-f]{24}"\s*:|\[\s*\{\s*"sensor"\s*:|[0-9a-f]{24},)/.test(text),
  takesMap: true,
  rewound: () => undefined,
  push: {
    okStatus: 201,
    topicOf,
    tokenOf: ({ header, params }) => tokenIn(header('authorization')) ?? params['token'],
    fixed: { path: '/boxes/:box/:sensor', addressOf: ({ params }) => params['box'] }
  }
}

const base = 'push/opensensemap'

/** openSenseMap takes the token alone; some programs put a word before it. */
function tokenIn(authorization: string | undefined): string | undefined {
  return /^(?:Bearer\s+)?([a-z2-7]{26})\s*$/i.exec(authorization ?? '')?.[1]
}

/** How the body is to be read, which path, query and type of content tell. */
function topicOf({ header, query, params }: PushRequest): string {
  const sensor = params['sensor']
  if (sensor !== undefined && /^[0-9a-f]{24}$/.test(sensor)) return `${base}/one/${sensor}`
  if (query('luftdaten') !== undefined) return `${base}/luftdaten`
  if (query('hackair') !== undefined) return `${base}/hackair`
  const type = header('content-type') ?? ''
  if (type.includes('sbx-bytes-ts')) return `${base}/bytes-ts`
  if (type.includes('sbx-bytes')) return `${base}/bytes`
  return type.includes('csv') ? `${base}/csv` : base
}

/** One value as it was sent. */
interface Uploaded {
  sensor: string
  value: unknown
  at?: unknown
}

function decode(message: DialectMessage, source: Source<AirrohrState>): Decoded<AirrohrState> {
  const { topic, payload, receivedAt } = message
  const form = topic.slice(base.length + 1)
  if (form === 'luftdaten') return airrohr.decode({ ...message, topic: 'push/airrohr' }, source)
  if (form === 'hackair') return decodeHackair(message, source)
  const uploaded = readUpload(form, payload)
  if (!uploaded.ok) return refused(uploaded.fault)
  const { state, map, notes } = source
  if (map === undefined || map === null) return refused(noMap)
  const gathering = new Gathering<AirrohrState>(notes)
  const first = firstOfDoubled(payload, receivedAt, state?.last[''])
  gathering.state = { last: { '': first }, owners: {} }
  const { byPath } = fieldMapOf(map)
  // Values of one sensor are of different moments, those of different sensors may be of one.
  const seen: Field[] = []
  const counts: number[] = []
  let [moment, momentIs] = [undefined as Moment | undefined, undefined as unknown]
  for (const { sensor, value, at } of uploaded.value) {
    const field = byPath.get(sensor)
    if (field === undefined) {
      gathering.ignored(sensor, 'a sensor that the map does not have')
      continue
    }
    const known = seen.indexOf(field)
    const count = known === -1 ? 0 : ++counts[known]!
    if (known === -1) {
      seen.push(field)
      counts.push(0)
    }
    // Sensors of a box write one time; one that is not believed is told for each.
    if (
      moment === undefined ||
      moment.reasons !== 0 ||
      typeof at !== 'string' ||
      at === '' ||
      at !== momentIs
    )
      moment = momentOf(gathering, at, receivedAt, (first.at + count) as UnixMs)
    momentIs = at
    gathering.nextMoment()
    if (typeof value === 'string') gathering.text(sensor, value, field, moment)
    else gathering.value(sensor, value, field, moment)
  }
  if (seen.length === 0 && uploaded.value.length > 0) gathering.fault(otherSensors)
  return gathering
}

const noMap = {
  code: 'nothingMeasured',
  message:
    "the hub does not know what the sensors of this box measure; give it the box's description as its map: npx lamppost device map"
} as const
const otherSensors = {
  code: 'nothingMeasured',
  message:
    "no sensor of this message is in the box's map; give it the description of the right box: npx lamppost device map"
} as const

function momentOf(gathering: Gathering, at: unknown, receivedAt: UnixMs, standIn: UnixMs): Moment {
  if (at === undefined || at === null || at === '') {
    gathering.assumed('no time of its own: measured when it was received')
    return { at: standIn, reasons: 0 }
  }
  return gathering.momentOf(at, receivedAt, standIn)
}

function readUpload(form: string, payload: Uint8Array): Readable<Uploaded[]> {
  const read = form === 'bytes' || form === 'bytes-ts' ? fromBytes(payload, form) : fromText(form, payload)
  if (!read.ok || read.value.length <= arrayReadingsMax) return read
  return unreadable(
    'arrayTooLong',
    `The upload has ${read.value.length} values; the hub decodes at most ${arrayReadingsMax}.`
  )
}

function fromText(form: string, payload: Uint8Array): Readable<Uploaded[]> {
  const usual = form === '' ? usualList(payload) : undefined
  if (usual !== undefined) return { ok: true, value: usual }
  const text = readText(payload)
  if (!text.ok) return text
  // Some firmware calls its CSV something else.
  if (form === 'csv' || (form === '' && /^\s*[0-9a-f]{24},/.test(text.value))) return fromCsv(text.value)
  const body = parseJson(text.value)
  if (body === undefined) return unreadable('payloadNotJson')
  if (form.startsWith('one/')) {
    const sensor = form.slice('one/'.length)
    return isObject(body)
      ? { ok: true, value: [{ sensor, value: body['value'], at: body['createdAt'] }] }
      : unreadable('payloadShape')
  }
  if (Array.isArray(body)) {
    const list = (body as readonly unknown[]).filter(isObject)
    return {
      ok: true,
      value: list.map(({ sensor, value, createdAt }) => ({ sensor: String(sensor), value, at: createdAt }))
    }
  }
  return isObject(body) ? { ok: true, value: valuesOf(body) } : unreadable('payloadShape')
}

const names = new Names(['sensor', 'value', 'createdAt'])

/** What nearly every list is: sensors with their values and perhaps times, without places. */
function usualList(payload: Uint8Array): Uploaded[] | undefined {
  if (payload[0] !== 0x5b || payload.length > payloadBytesMax) return undefined
  return scanObjects(payload, names, arrayReadingsMax)?.map((members) => ({
    sensor: String(valueIn(members, 0)),
    value: valueIn(members, 1),
    at: valueIn(members, 2)
  }))
}

/** Of each sensor a value, or the value with its time and place. */
function valuesOf(body: JsonObject): Uploaded[] {
  const uploaded: Uploaded[] = []
  for (const sensor in body) {
    const value = body[sensor]
    const isTimed = Array.isArray(value)
    uploaded.push({ sensor, value: isTimed ? value[0] : value, at: isTimed ? value[1] : undefined })
  }
  return uploaded
}

/** No header: sensor, value, and where it has them time, longitude, latitude and height. */
function fromCsv(text: string): Readable<Uploaded[]> {
  const value: Uploaded[] = []
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const end = newline === -1 ? text.length : newline
    const uploaded = cellsOf(text, from, end)
    if (uploaded !== undefined) value.push(uploaded)
    from = end + 1
  }
  return { ok: true, value }
}

/** undefined for a line without anything in it. */
function cellsOf(text: string, from: number, end: number): Uploaded | undefined {
  const [first, second] = [commaIn(text, from, end), commaIn(text, commaIn(text, from, end) + 1, end)]
  const sensor = text.slice(from, first).trim()
  if (sensor === '' && first === end) return undefined
  const value = text.slice(first + 1, second).trim()
  const at = second < end ? text.slice(second + 1, commaIn(text, second + 1, end)).trim() : undefined
  return { sensor, value, at }
}

/** Where a line's next comma is, or its end. */
function commaIn(text: string, from: number, end: number): number {
  const comma = text.indexOf(',', from)
  return comma === -1 || comma > end ? end : comma
}

const idBytes = 12

/** Twelve bytes of the sensor's id, a float, and where it has one the time in Unix seconds; the smaller byte first. */
function fromBytes(payload: Uint8Array, form: 'bytes' | 'bytes-ts'): Readable<Uploaded[]> {
  const size = idBytes + (form === 'bytes' ? 4 : 8)
  if (payload.length === 0 || payload.length % size !== 0)
    return unreadable(
      'payloadShape',
      `The upload has ${payload.length} bytes, which is no multiple of ${size}.`
    )
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const value: Uploaded[] = []
  for (let i = 0; i < payload.length; i += size) {
    value.push({
      sensor: Buffer.from(payload.subarray(i, i + idBytes)).toString('hex'),
      // A decimal in four bytes is meant as it is written: 18.4 and not 18.399999618530273.
      value: Number(view.getFloat32(i + idBytes, true).toPrecision(7)),
      ...(form === 'bytes' ? {} : { at: view.getUint32(i + idBytes + 4, true) })
    })
  }
  return { ok: true, value }
}

const hackairFields = compileFields({
  'PM2.5_AirPollutantValue': { quantity: 'pm2_5' },
  PM10_AirPollutantValue: { quantity: 'pm10' },
  Temperature_Value: { quantity: 'temperature' },
  Humidity_Value: { quantity: 'humidity' }
})

/** hackAIR's boxes: an error is said beside values that are none the worse. */
function decodeHackair(
  { payload, receivedAt }: DialectMessage,
  { state, notes }: Source<AirrohrState>
): Decoded<AirrohrState> {
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const gathering = new Gathering<AirrohrState>(notes)
  const first = firstOfDoubled(payload, receivedAt, state?.last[''])
  gathering.state = { last: { '': first }, owners: {} }
  gathering.assumed('no time of its own: measured when it was received')
  const reading: JsonObject = objectIn(body.value, 'reading')
  for (const [name, value] of Object.entries(reading)) {
    const field = hackairFields.get(name)
    if (field === undefined || 'ignored' in field) gathering.unknown(name, value)
    else if (typeof value === 'string') gathering.text(name, value, field, { at: first.at, reasons: 0 })
    else gathering.value(name, value, field, { at: first.at, reasons: 0 })
  }
  return gathering
}
