/** What the hub makes of a message, without storing it: recognised, assumed, ignored, refused, and whose it looks like. Pure. */
import { flagNames, reasonList } from '../model/flag.ts'
import { definitionOf } from '../model/quantity.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import { readCaptured, type CapturedMessage } from './captured.ts'
import { check } from './check.ts'
import { decode, dialectOf, dialects, looksLike } from './decode.ts'
import type { Dialect, Health, Notes, PushRequest } from './ingest.ts'

export interface Explained {
  /** The family as which the message was read. */
  dialect: string
  /** Families whose message this could be, by name. */
  looksLike: string[]
  /** How many messages were in what was given. */
  messages: number
  recognised: {
    message: number
    field: string
    sent: unknown
    unit: string
    quantity: string
    value: number
  }[]
  assumed: { message: number; what: string }[]
  ignored: { message: number; field: string; why: string }[]
  refused: { message: number; code: string; text: string }[]
  /** As they would be stored. */
  readings: {
    message: number
    quantity: string
    value: number
    unit: string
    at: string
    flag: string
    reasons: string[]
  }[]
  /** What the box says of itself. */
  health: Health
}

export interface ExplainOptions {
  dialect?: string
  topic?: string
  /** A steward's map, as JSON: see field-map.ts. */
  map?: string
  receivedAt: UnixMs
}

export function explain(text: string, { dialect, topic, map, receivedAt }: ExplainOptions): Explained {
  const captured = readCaptured(text).map((message) =>
    topic === undefined ? message : { ...message, topic }
  )
  const alike = [...new Set(captured.flatMap((message) => looksLike(message.topic ?? '', message.text)))]
  const family = dialectOf(dialect ?? (map === undefined ? (alike[0] ?? 'lamppost') : mappedFamily(alike)))
  const explained: Explained = {
    dialect: family.name,
    looksLike: alike,
    messages: captured.length,
    recognised: [],
    assumed: [],
    ignored: [],
    refused: [],
    readings: [],
    health: {}
  }
  let state: unknown
  for (const [i, message] of captured.entries()) {
    // A second apart, as if they had come one after another.
    const at = (receivedAt + i * 1_000) as UnixMs
    state = explainOne(explained, family, message, { number: i + 1, state, map, at })
  }
  return explained
}

/** A map stands in a family's own place where there is one: the decoded payload of a LoRaWAN network. */
function mappedFamily(alike: readonly string[]): string {
  return alike.find((name) => dialectOf(name).takesMap) ?? 'other'
}

function explainOne(
  explained: Explained,
  family: Dialect,
  captured: CapturedMessage,
  { number, state, map, at }: { number: number; state: unknown; map: string | undefined; at: UnixMs }
): unknown {
  const notes = notesInto(explained, number)
  const topic = topicOf(family, captured, notes)
  const message = { topic, payload: new TextEncoder().encode(captured.text), receivedAt: at }
  const decoded = decode(family.name, message, { state, notes, ...(map === undefined ? {} : { map }) })
  explained.refused.push(
    ...decoded.faults.map(({ code, message: said }) => ({ message: number, code, text: said }))
  )
  for (const measurement of decoded.measurements) {
    const { flag, reasons } = check(measurement)
    explained.readings.push({
      message: number,
      quantity: measurement.quantity,
      value: measurement.value,
      unit: definitionOf(measurement.quantity).unit,
      at: toIso(measurement.measuredAt),
      flag: flagNames[flag],
      reasons: reasonList(reasons)
    })
  }
  Object.assign(explained.health, decoded.health)
  return decoded.state ?? state
}

/** A body alone has no topic: the one that its family would use stands in. */
function topicOf(family: Dialect, { topic, headers, text }: CapturedMessage, notes: Notes): string {
  if (headers && family.push) return family.push.topicOf(requestOf(headers))
  if (topic !== undefined && topic !== '') return topic
  const usual = family.usualTopic(text)
  notes.assumed(`it came to ${usual}`)
  return usual
}

function requestOf(headers: ReadonlyMap<string, string>): PushRequest {
  return { header: (name) => headers.get(name), query: () => undefined, params: {}, rest: '' }
}

function notesInto(explained: Explained, message: number): Notes {
  return {
    recognised: (note) => void explained.recognised.push({ message, ...note }),
    assumed: (what) => void explained.assumed.push({ message, what }),
    ignored: (field, why) => void explained.ignored.push({ message, field, why })
  }
}

/** Names of all families, for whoever asks for one that is none. */
export const dialectNames: readonly string[] = [...dialects.keys()]
