/** Messages of each family of boxes beside what they mean, written from the makers' documents: test/fixtures/boxes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One message and what it must give. */
export interface BoxMessage {
  topic: string
  /** The body as an object, or as the very text. */
  json?: unknown
  text?: string
  /** Seconds after the message before; a minute unless given. */
  afterS?: number
  /** Value by quantity; nothing measured where empty. */
  readings: Record<string, number>
  /** When it was measured, ISO 8601; when it was received unless given. */
  at?: string
  /** Measured when an earlier message of the story was: its index. */
  atOf?: number
  /** Codes of faults, in order; with the field where it says more. */
  faults?: string[]
  /** Words that the first fault must hold. */
  says?: string
  health?: Record<string, unknown>
}

/** Messages of one box, one after another: what the first left behind counts for the next. */
export interface BoxStory {
  about: string
  dialect: string
  address?: string
  /** The steward's map of fields. */
  map?: unknown
  messages: BoxMessage[]
}

const folder = join(import.meta.dirname, '../fixtures/boxes')

export function boxStories(): BoxStory[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .flatMap((file) => {
      const { dialect, stories } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        dialect: string
        stories: Omit<BoxStory, 'dialect'>[]
      }
      return stories.map((story) => ({ dialect, ...story }))
    })
}

export function payloadOf({ json, text }: Pick<BoxMessage, 'json' | 'text'>): Uint8Array {
  return new TextEncoder().encode(text ?? JSON.stringify(json))
}

/** Messages that real boxes sent, collected beside the repository; absent in a plain copy of it. */
export const collectedPayloads = join(import.meta.dirname, '../../../shared/data/payloads')
export const hasCollectedPayloads = existsSync(join(collectedPayloads, 'INDEX.json'))

/** A message of a collected file: what a box sent, and to which topic. */
export interface CollectedMessage {
  topic: string
  payload: string
}

/** Of each kind of file the messages in it: one body, an HTTP request, lines of JSON, or what mosquitto_sub printed. */
export function collectedMessages(file: string, topic = ''): CollectedMessage[] {
  const text = readFileSync(join(collectedPayloads, file), 'utf8')
  if (file.endsWith('.http')) return [{ topic, payload: text.slice(text.search(/\r?\n\r?\n/)).trim() }]
  if (file.endsWith('.txt')) {
    return linesOf(text).map((line) => {
      const [first = '', ...rest] = line.split(' ')
      return { topic: first, payload: rest.join(' ') }
    })
  }
  if (file.endsWith('.jsonl')) return linesOf(text).map((line) => JSON.parse(line) as CollectedMessage)
  const body = JSON.parse(text) as { topic?: string; payload?: unknown }
  return body.topic === undefined
    ? [{ topic, payload: text }]
    : [{ topic: body.topic, payload: JSON.stringify(body.payload) }]
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** What each collected file holds, by file. */
export interface CollectedExpectation {
  dialect: string
  topic?: string
  /** Of each message. */
  readings: Record<string, number>[]
  /** Quantities whose value must not count. */
  failed?: string[]
}

export function collectedExpectations(): Record<string, CollectedExpectation> {
  return JSON.parse(readFileSync(join(folder, '../collected-payloads.json'), 'utf8')) as Record<
    string,
    CollectedExpectation
  >
}
