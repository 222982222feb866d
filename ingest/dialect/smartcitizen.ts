/**
 * Smart Citizen Kit 2.x: `device/sck/<token>/readings` in JSON and `…/readings/raw` in a form that is none. A kit sends what it kept
 * on its card as bursts of old times. Source: smartcitizen-kit-2x, lib/Sensors/Sensors.h (ids and units); smartcitizen-api,
 * RawMqttMessageParser.
 */
import { arrayReadingsMax } from '../../model/limits.ts'
import { parseIsoZoned, type UnixMs } from '../../model/time.ts'
import { compileFields, type Fields, type FieldTable } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { isObject, readObject, readText, textIn } from '../payload.ts'

export const smartcitizen: Dialect = {
  name: 'smartcitizen',
  label: 'Smart Citizen Kit',
  // It reads every 60 s and publishes every 180 s.
  intervalSDefault: 60,
  silenceSMax: null,
  topicUse,
  decode,
  usualTopic: (text) => `device/sck/kit/readings${/^\s*\{\s*"/.test(text) ? '' : '/raw'}`,
  looksLike: (topic, text) => topic.startsWith('device/sck/') || text.startsWith('{t:20')
}

const readingsTopic = /^device\/sck\/[^/]+\/readings(\/raw)?$/

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (readingsTopic.test(topic) || /^device\/sck\/[^/]+\/info$/.test(topic)) return 'readings'
  return /^device\/(?:sck\/[^/]+\/(?:hello|ping|reset)|inventory)$/.test(topic) ? 'ignored' : undefined
}

const none = { ignored: 'no quantity that the hub keeps' }

/** By the id that a kind of sensor has everywhere. The kit's own thermometer comes before others on its wire. */
const table: FieldTable = {
  '10': { quantity: 'battery' },
  '222': { quantity: 'battery_voltage' },
  '220': { quantity: 'rssi' },
  '53': { quantity: 'laeq' },
  '14': { quantity: 'lux' },
  '58': { quantity: 'pressure', unit: 'kPa' },
  '227': { quantity: 'pressure', unit: 'kPa', rank: 1 },
  // An outer SHT is hung up to measure the air; the board's own is warmed by it.
  '224': { quantity: 'temperature' },
  '225': { quantity: 'humidity' },
  '79': { quantity: 'temperature', rank: 1 },
  '80': { quantity: 'humidity', rank: 1 },
  '55': { quantity: 'temperature', rank: 2 },
  '56': { quantity: 'humidity', rank: 2 },
  '204': { quantity: 'temperature', rank: 3 },
  '203': { quantity: 'humidity', rank: 3 },
  '160': { quantity: 'temperature', rank: 4 },
  '161': { quantity: 'humidity', rank: 4 },
  '158': { quantity: 'co2' },
  '205': { quantity: 'tvoc_index' },
  ...particles(0, { pm1: '193', pm2_5: '194', pm4: '195', pm10: '196' }),
  ...particles(1, { pm1: '182', pm2_5: '183', pm4: '184', pm10: '185' }),
  ...particles(2, { pm1: '89', pm2_5: '87', pm10: '88' }),
  ...particles(3, { pm1: '71', pm2_5: '72', pm10: '73' }),
  ...particles(4, { pm1: '75', pm2_5: '76', pm10: '77' }),
  '112': { ignored: 'an estimate from other gases, no measurement of CO₂' },
  '217': { ignored: 'sound level by the C curve; the hub keeps the A curve' },
  '218': { ignored: 'sound level without a curve; the hub keeps the A curve' },
  ...Object.fromEntries(
    ['113', '206', '207', '208', '219', '221', '21', '17', '18', '202', '191'].map((id) => [id, none])
  ),
  ...Object.fromEntries(
    ['125', '126', '127', '128', '129', '130', '131'].map((id) => [
      id,
      { ignored: 'a place; the hub knows where the box is' }
    ])
  ),
  ...Object.fromEntries(
    [...range(99, 110), ...range(165, 170), ...range(186, 190), ...range(197, 201)].map((id) => [
      id,
      { ignored: 'a count of particles, not a mass' }
    ])
  )
}

type Particle = 'pm1' | 'pm2_5' | 'pm4' | 'pm10'

function particles(rank: number, ids: Partial<Record<Particle, string>>): FieldTable {
  return Object.fromEntries(
    Object.entries(ids).map(([quantity, id]) => [id, { quantity: quantity as Particle, rank }])
  )
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
}

const fields: Fields = compileFields(table)

function decode(message: DialectMessage, { notes }: Source): Decoded {
  const match = readingsTopic.exec(message.topic)
  if (!match) return topicUse(message.topic) === undefined ? refused(unknownTopic) : decodeInfo(message)
  const gathering = new Gathering(notes)
  if (match[1] === undefined) takeJson(gathering, message)
  else takeRaw(gathering, message)
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message:
    'A Smart Citizen Kit publishes to device/sck/<token>/readings and …/readings/raw, and to no other topic.'
} as const

function decodeInfo({ topic, payload }: DialectMessage): Decoded {
  if (!topic.endsWith('/info')) return { measurements: [], faults: [] }
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const [firmware, model] = [textIn(body.value, 'sam_ver'), textIn(body.value, 'hw_ver')]
  return {
    measurements: [],
    faults: [],
    health: { ...(firmware === undefined ? {} : { firmware }), ...(model === undefined ? {} : { model }) }
  }
}

function takeJson(gathering: Gathering, { payload, receivedAt }: DialectMessage): void {
  const body = readObject(payload)
  if (!body.ok) return gathering.fault(body.fault)
  const data = body.value['data']
  if (!Array.isArray(data)) {
    return gathering.fault({
      code: 'payloadShape',
      message: 'The message has no list "data", which a kit sends.'
    })
  }
  if (data.length > arrayReadingsMax) {
    return gathering.fault({
      code: 'arrayTooLong',
      message: `The list "data" has ${data.length} entries; the hub decodes at most ${arrayReadingsMax}.`
    })
  }
  for (const [i, member] of (data as readonly unknown[]).entries()) {
    if (!isObject(member) || !Array.isArray(member['sensors'])) continue
    const moment = momentOf(gathering, String(member['recorded_at'] ?? ''), receivedAt, i)
    gathering.nextMoment()
    for (const sensor of member['sensors'] as readonly unknown[]) {
      if (isObject(sensor)) takeSensor(gathering, String(sensor['id']), sensor['value'], moment)
    }
  }
}

/** The server that kits are made for takes a time without a zone as UTC, which is what they count in. */
function momentOf(gathering: Gathering, text: string, receivedAt: UnixMs, index: number): Moment {
  const isBare = parseIsoZoned(text) === undefined && parseIsoZoned(`${text}Z`) !== undefined
  if (isBare) gathering.assumed('recorded_at is UTC')
  return gathering.momentOf(isBare ? `${text}Z` : text, receivedAt, (receivedAt + index) as UnixMs)
}

/** `{t:2024-09-25T13:19:38Z,55:21.3,56:58,53:null}`: keys and time without quotes. */
function takeRaw(gathering: Gathering, { payload, receivedAt }: DialectMessage): void {
  const text = readText(payload)
  if (!text.ok) return gathering.fault(text.fault)
  const body = text.value.trim()
  if (!body.startsWith('{')) {
    return gathering.fault({
      code: 'payloadShape',
      message: 'The message does not begin with {t: as messages of a kit do.'
    })
  }
  if (!body.endsWith('}')) {
    gathering.fault({
      code: 'payloadShape',
      message: 'The message ends before its closing brace; its complete values were kept.'
    })
  }
  const pairs = pairsIn(body)
  const moment = momentOf(gathering, pairs.find(([name]) => name === 't')?.[1] ?? '', receivedAt, 0)
  for (const [name, value] of pairs) {
    if (name === 't') continue
    const field = fields.get(name)
    if (field === undefined) gathering.unknown(name, value)
    else if ('ignored' in field) gathering.ignored(name, field.ignored)
    else if (value === 'null' || value === '') gathering.ignored(name, 'nothing was measured')
    else gathering.text(name, value, field, moment)
  }
}

/** Pairs between the braces; the last one of a message that was cut may be half a number, and is left out. */
function pairsIn(body: string): [string, string][] {
  const isWhole = body.endsWith('}')
  const inner = body.slice(1, isWhole ? -1 : body.lastIndexOf(','))
  return inner.split(',').flatMap((pair): [string, string][] => {
    const colon = pair.indexOf(':')
    return colon === -1 ? [] : [[pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]]
  })
}

function takeSensor(gathering: Gathering, id: string, value: unknown, moment: Moment): void {
  const field = fields.get(id)
  if (field === undefined) gathering.unknown(id, value)
  else if ('ignored' in field) gathering.ignored(id, field.ignored)
  else gathering.value(id, value, field, moment)
}
