/** The bytes of a message as text, JSON or a number. Pure. */
import { isAscii } from 'node:buffer'
import { faults as catalogue, type Fault, type FaultCode } from '../model/fault.ts'
import { payloadBytesMax } from '../model/limits.ts'
import { notJsonMessage, parseJson } from './json.ts'
import { exactDigitsMax } from './limits.ts'

/** Any view of bytes will do, so no Buffer is made of it first. */
const { latin1Slice } = Buffer.prototype
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What could be read, or why nothing could. */
export type Readable<T> = { ok: true; value: T } | { ok: false; fault: Fault }

export function readText(payload: Uint8Array): Readable<string> {
  if (payload.length > payloadBytesMax) return unreadable('payloadTooLarge')
  // Nearly every message is ASCII, and Latin-1 is read in a fraction of the time.
  if (isAscii(payload)) return { ok: true, value: latin1Slice.call(payload, 0, payload.length) }
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
  return shortDecimal(text) ?? anyDecimal(text)
}

/** Ten to the power of the digits behind the point, all exact. */
export const powersOfTen = Array.from({ length: exactDigitsMax + 1 }, (_, digits) => 10 ** digits)

/**
 * `-12.34`, as sensors write: up to 15 digits are an exact integer, and an exact integer divided by an exact power of ten is
 * the nearest number to the decimal (Clinger, 1990), which is what `Number` gives.
 */
function shortDecimal(text: string): number | undefined {
  const { length } = text
  const isNegative = length > 0 && text.charCodeAt(0) === 0x2d
  if (length - Number(isNegative) > 16) return undefined
  let digits = 0
  let whole = 0
  let pointAt = -1
  for (let i = isNegative ? 1 : 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) {
      whole = whole * 10 + code - 0x30
      digits++
    } else if (code === 0x2e && pointAt === -1) pointAt = i
    else return undefined
  }
  if (digits === 0 || digits > exactDigitsMax) return undefined
  const value = pointAt === -1 ? whole : whole / powersOfTen[length - 1 - pointAt]!
  return isNegative ? -value : value
}

function anyDecimal(text: string): number | undefined {
  const trimmed = text.trim()
  if (!decimalText.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}
