/**
 * Boxes that were made for ThingsBoard: telemetry on `v1/devices/me/telemetry`, of gateways on `v1/gateway/telemetry`, or by HTTP. The
 * access token is the user name. Names are the owner's. Source: thingsboard.io, "MQTT Device API", "Gateway API", "HTTP Device API".
 */
import { arrayReadingsMax } from '../../model/limits.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { firstOfDoubled, type LastBody } from '../doubled.ts'
import { readyField, type Field } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import { noParts, type GatewayMessage, type Part, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { parseJson } from '../json.ts'
import { guessedNamesMax, nameCharactersMax } from '../limits.ts'
import { fieldMapOf, takeMapped } from '../mapped.ts'
import { isObject, readNumber, readText, unreadable, type JsonObject, type Readable } from '../payload.ts'
import { guessName } from '../vocabulary.ts'

export const thingsboard: Dialect<LastBody> = {
  name: 'thingsboard',
  label: 'ThingsBoard',
  intervalSDefault: null,
  silenceSMax: null,
  topicUse,
  decode,
  usualTopic: () => own,
  looksLike: (topic, text) =>
    /^v1\/(?:devices\/me|gateway)\//.test(topic) ||
    /^\s*[[{].{0,40}"ts"\s*:\s*\d{13}.{0,20}"values"\s*:/s.test(text),
  split,
  isLocalAddress: () => true,
  takesMap: true,
  rewound: () => undefined,
  push: {
    okStatus: 200,
    topicOf: ({ rest }) =>
      rest === '' || rest.endsWith('/telemetry') ? 'push/thingsboard' : 'push/thingsboard/attributes',
    // ThingsBoard's own path behind `/push/thingsboard`: /api/v1/<token>/telemetry.
    tokenOf: ({ params, rest }) =>
      params['token'] === 'api' ? /^v1\/([^/]+)\//.exec(rest)?.[1] : params['token']
  }
}

const own = 'v1/devices/me/telemetry'
const ofGateway = 'v1/gateway/telemetry'

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (topic === own || topic === ofGateway || topic === 'push/thingsboard') return 'readings'
  return /^(?:v1\/(?:devices\/me|gateway)\/|push\/thingsboard\/)/.test(topic) ? 'ignored' : undefined
}

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, map, notes }: Source<LastBody>
): Decoded<LastBody> {
  const use = topicUse(topic)
  if (use !== 'readings') return use === 'ignored' ? { measurements: [], faults: [] } : refused(unknownTopic)
  const telemetry = readTelemetry(payload)
  if (!telemetry.ok) return refused(telemetry.fault)
  const gathering = new Gathering<LastBody>(notes)
  const first = firstOfDoubled(payload, receivedAt, state)
  gathering.state = first
  for (const [i, { ts, values }] of telemetry.value.entries()) {
    const standIn = (first.at + i) as typeof receivedAt
    if (ts === undefined) gathering.assumed('no time of its own: measured when it was received')
    const moment =
      ts === undefined ? { at: standIn, reasons: 0 } : gathering.momentOf(ts, receivedAt, standIn)
    gathering.nextMoment()
    if (map === undefined || map === null) takeNamed(gathering, values, moment)
    else takeMapped(gathering, values, fieldMapOf(map), { receivedAt, at: moment })
  }
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message: 'Boxes for ThingsBoard publish to v1/devices/me/telemetry, and gateways to v1/gateway/telemetry.'
} as const

interface Entry {
  ts: unknown
  values: JsonObject
}

function readTelemetry(payload: Uint8Array): Readable<Entry[]> {
  const text = readText(payload)
  if (!text.ok) return text
  const body = parseJson(text.value)
  if (body === undefined) return unreadable('payloadNotJson')
  const list: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (list.length > arrayReadingsMax)
    return unreadable(
      'arrayTooLong',
      `The list has ${list.length} entries; the hub decodes at most ${arrayReadingsMax}.`
    )
  if (!list.every(isObject)) return unreadable('payloadShape')
  return { ok: true, value: list.map(entryOf) }
}

/** `{"ts": …, "values": {…}}`, or the values alone. */
function entryOf(one: JsonObject): Entry {
  const { ts, values } = one
  return isObject(values)
    ? // ThingsBoard takes a number in quotes for one.
      { ts: typeof ts === 'string' ? (readNumber(ts) ?? ts) : (ts ?? undefined), values }
    : { ts: undefined, values: one }
}

function takeNamed(gathering: Gathering, values: JsonObject, moment: Moment): void {
  for (const name in values) {
    const value = values[name]
    const field = fieldOf(name)
    if (field === undefined) {
      if (typeof value === 'number') gathering.unknown(name, value)
      else gathering.ignored(name, 'no number')
    } else {
      // ThingsBoard takes a number in quotes for one.
      if (typeof value === 'string' && readNumber(value) !== undefined)
        gathering.text(name, value, field, moment)
      else gathering.value(name, value, field, moment)
    }
  }
}

const fields = new Map<string, Field>()

/** What a name of its owner's means; undefined for none that the hub knows. */
function fieldOf(name: string): Field | undefined {
  const known = fields.get(name)
  if (known !== undefined) return known
  const guess = guessName(name)
  if (guess === undefined) return undefined
  const field = readyField(guess.quantity, guess.unit)
  if (fields.size < guessedNamesMax && name.length <= nameCharactersMax) fields.set(name, field)
  return field
}

/** Boxes behind a gateway are called as it likes; `me` is the one that shows the secret. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  if (topicUse(topic) !== 'readings') return noParts
  if (topic !== ofGateway) {
    const telemetry = readTelemetry(payload)
    const entries = telemetry.ok ? telemetry.value : []
    return { parts: [partOf('me', entries, topic, payload)] }
  }
  const text = readText(payload)
  const body = text.ok ? parseJson(text.value) : undefined
  if (!isObject(body)) return { parts: [], fault: text.ok ? notByName : text.fault }
  return {
    parts: Object.entries(body).map(([name, list]) => {
      const bytes = new TextEncoder().encode(JSON.stringify(list))
      const telemetry = readTelemetry(bytes)
      return partOf(name, telemetry.ok ? telemetry.value : [], topic, bytes)
    })
  }
}

const notByName = {
  code: 'payloadShape',
  message: 'A gateway sends an object with a list for each box: {"Box A": [{"ts": …, "values": {…}}]}.'
} as const

function partOf(address: string, entries: readonly Entry[], topic: string, payload: Uint8Array): Part {
  const names = new Set(entries.flatMap(({ values }) => Object.keys(values)))
  const quantities = [...names].flatMap((name): MeasuredQuantity[] => {
    const quantity = guessName(name)?.quantity
    return quantity === undefined ? [] : [quantity]
  })
  return {
    address,
    isLocal: true,
    quantities: [...new Set(quantities)],
    isBox: names.size > 0,
    topic,
    payload
  }
}
