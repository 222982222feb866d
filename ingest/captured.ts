/**
 * What somebody caught of a box, in whichever form they have it: a body, a whole HTTP request, lines of mosquitto_sub -v, or JSON
 * lines with topic and payload. Pure.
 */
import { isObject, textIn } from './payload.ts'

export interface CapturedMessage {
  /** Of MQTT, or the path of an HTTP request; undefined where only a body was caught. */
  topic?: string
  /** Of an HTTP request; names in lower case. */
  headers?: ReadonlyMap<string, string>
  text: string
}

export function readCaptured(text: string): CapturedMessage[] {
  const request = /^(?:POST|PUT|GET) (\S+) HTTP\/1\.[01]\r?\n/.exec(text)
  if (request) return [readRequest(text, request[1]!)]
  const whole = readWrapped(text)
  if (whole) return [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const wrapped = lines.map(readWrapped)
  if (lines.length > 0 && wrapped.every((line) => line !== undefined)) return wrapped
  const spoken = lines.map(readSpoken)
  if (lines.length > 0 && spoken.every((line) => line !== undefined)) return spoken
  return [{ text }]
}

function readRequest(text: string, path: string): CapturedMessage {
  const end = /\r?\n\r?\n/.exec(text)
  const head = text.slice(0, end?.index ?? text.length)
  const headers = new Map(
    head
      .split(/\r?\n/)
      .slice(1)
      .map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
      })
  )
  const body = end ? text.slice(end.index + end[0].length) : ''
  const length = Number(headers.get('content-length'))
  return { topic: path, headers, text: Number.isInteger(length) ? body.slice(0, length) : body.trimEnd() }
}

/** `{"topic": "…", "payload": "…"}`; the payload may be an object as well. */
function readWrapped(line: string): CapturedMessage | undefined {
  if (!line.trimStart().startsWith('{')) return undefined
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined // JSON.parse throws SyntaxError for text that is not JSON, and nothing else.
  }
  if (!isObject(value)) return undefined
  const topic = textIn(value, 'topic')
  const payload = value['payload']
  if (topic === undefined || payload === undefined) return undefined
  return { topic, text: typeof payload === 'string' ? payload : JSON.stringify(payload) }
}

/** mosquitto_sub -v: the topic, a blank, the payload. A topic has a slash, and begins neither JSON nor a form. */
function readSpoken(line: string): CapturedMessage | undefined {
  const match = /^([^\s{["=&]+\/[^\s{["=&]*)(?: (.*))?$/.exec(line.trimEnd())
  return match ? { topic: match[1]!, text: match[2] ?? '' } : undefined
}
