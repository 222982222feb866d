/** The bytes of a message as text, JSON or a number. Pure. */
import { isAscii } from 'node:buffer'
import { faults as catalogue, type Fault, type FaultCode } from '../model/fault.ts'
import { payloadBytesMax } from '../model/limits.ts'
import { notJsonMessage, parseJson } from './json.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What could be read, or why nothing could. */
export type Readable<T> = { ok: true; value: T } | { ok: false; fault: Fault }

export function readText(payload: Uint8Array): Readable<string> {
  if (payload.length > payloadBytesMax) return unreadable('payloadTooLarge')
  // Nearly every message is ASCII, and Latin-1 is read in a fraction of the time.
  if (isAscii(payload)) {
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1')
    return { ok: true, value: text }
  }
  try {
    return { ok: true, value: utf8.decode(payload) }
  } catch {
    return unreadable('payloadEncoding') // A fatal TextDecoder throws TypeError for bytes that are not UTF-8.
  }
}

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON object, as most families send; `nan` without quotes costs its own field only. */
export function readObject(payload: Uint8Array): Readable<JsonObject> {
  const text = readText(payload)
  if (!text.ok) return text
  const body = parseJson(text.value)
  if (isObject(body)) return { ok: true, value: body }
  return body === undefined
    ? unreadable('payloadNotJson', notJsonMessage(text.value))
    : unreadable('payloadShape')
}

export function unreadable(code: FaultCode, message: string = catalogue[code]): { ok: false; fault: Fault } {
  return { ok: false, fault: { code, message } }
}

/** Members of an object that are objects too; anything else gives an empty one. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const member = object[name]
  return isObject(member) ? member : nothing
}

const nothing: JsonObject = Object.freeze({})

export function textIn(object: JsonObject, name: string): string | undefined {
  const member = object[name]
  return typeof member === 'string' ? member : undefined
}

export function numberIn(object: JsonObject, name: string): number | undefined {
  const member = object[name]
  return typeof member === 'number' && Number.isFinite(member) ? member : undefined
}

const decimalText = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/

/** A number written in plain decimal, or undefined. `Number` alone would take '' for 0 and '0x10' for 16. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!decimalText.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}
