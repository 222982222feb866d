/**
 * Objects of plain members, `{"name": 1.5, …}` or a list of them, read from the bytes: without a text and an object in between that
 * takes half the time of JSON.parse. Whatever is unusual in them is left to JSON.parse. Pure.
 */
import { exactDigitsMax, scannedTextCharactersMax, scannedTextsMax } from './limits.ts'
import { powersOfTen } from './payload.ts'

const { latin1Slice } = Buffer.prototype

/** The names that are looked for, each with its position in the list. */
export class Names {
  readonly list: readonly string[]
  readonly bytes: readonly Uint8Array[]
  /** Positions by hash; none is free. Four times as many as names, so that nearly each stands in its own. */
  readonly slots: Int32Array
  /** In which object each was seen last. */
  readonly seenIn: Uint32Array
  object = 0

  constructor(list: readonly string[]) {
    this.list = list
    this.bytes = list.map((name) => Buffer.from(name, 'latin1'))
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * list.length))).fill(none)
    this.seenIn = new Uint32Array(list.length)
    const mask = this.slots.length - 1
    for (const [position, bytes] of this.bytes.entries()) {
      let slot = bytes.reduce(hashed, 0) & mask
      while (this.slots[slot] !== none) slot = (slot + 1) & mask
      this.slots[slot] = position
    }
  }
}

const none = -1

function hashed(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0
}

/** The position of a name by its hash; none for one that is not in the list, or was in this object before. */
function take(names: Names, hash: number, payload: Uint8Array, from: number, until: number): number {
  const { slots, bytes, seenIn, object } = names
  const mask = slots.length - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const position = slots[slot]!
    if (position === none) return none
    if (!isAt(payload, from, until, bytes[position]!)) continue
    if (seenIn[position] === object) return none
    seenIn[position] = object
    return position
  }
}

function isAt(payload: Uint8Array, from: number, until: number, bytes: Uint8Array): boolean {
  if (until - from !== bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (payload[from + i] !== bytes[i]) return false
  return true
}

/** The members of one object in their order: position, value, position, value… A value is a number, a text or null. */
export type Members = readonly unknown[]

/** The value of the name with this position in the list; undefined where the object has none. */
export function valueIn(members: Members, position: number): unknown {
  for (let i = 0; i < members.length; i += 2) if (members[i] === position) return members[i + 1]
  return undefined
}

/**
 * Of each object its members; undefined where there is anything but names of the list, once each, with plain numbers, null, or ASCII
 * texts without escapes. What is given is what JSON.parse would give.
 */
export function scanObjects(payload: Uint8Array, names: Names, objectsMax: number): Members[] | undefined {
  const objects: Members[] = []
  let at = afterSpace(payload, 0)
  const isList = payload[at] === 0x5b
  do {
    const members: unknown[] = []
    at = scanObject(payload, isList ? afterSpace(payload, at + 1) : at, names, members)
    if (at === none || objects.length === objectsMax) return undefined
    objects.push(members)
    at = afterSpace(payload, at)
  } while (isList && payload[at] === 0x2c)
  if (isList && payload[at] !== 0x5d) return undefined
  return afterSpace(payload, isList ? at + 1 : at) === payload.length ? objects : undefined
}

/** As RFC 8259, section 2, has it. */
function afterSpace(payload: Uint8Array, from: number): number {
  let i = from
  // Nearly nobody writes any, so one comparison has to settle it.
  for (let byte = payload[i]!; byte <= 0x20; byte = payload[++i]!)
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  return i
}

/** Where an object ends; none where something in it is unusual. */
function scanObject(payload: Uint8Array, from: number, names: Names, members: unknown[]): number {
  if (payload[from] !== 0x7b) return none
  names.object++
  let i = from
  do {
    i = afterSpace(payload, i + 1)
    if (payload[i] !== 0x22) return none
    const nameFrom = ++i
    let hash = 0
    // A name with an escape is in no list; behind the end of the payload nothing is a quote.
    for (let byte = payload[i]; byte !== 0x22; byte = payload[++i]) {
      if (byte === undefined) return none
      hash = hashed(hash, byte)
    }
    const position = take(names, hash, payload, nameFrom, i)
    i = afterSpace(payload, i + 1)
    if (position === none || payload[i] !== 0x3a) return none
    i = afterSpace(payload, i + 1)
    const first = payload[i]
    if (first === 0x22) {
      const textFrom = ++i
      hash = 0
      for (let byte = payload[i]; byte !== 0x22; byte = payload[++i]) {
        if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === 0x5c) return none
        hash = hashed(hash, byte)
      }
      members.push(position, textOf(payload, textFrom, i, hash))
      i++
    } else if (first === 0x6e) {
      if (!isNull(payload, i)) return none
      members.push(position, null)
      i += 4
    } else {
      const digitsFrom = first === 0x2d ? i + 1 : i
      let pointAt = none
      let whole = 0
      for (i = digitsFrom; ; i++) {
        const byte = payload[i]!
        if (byte >= 0x30 && byte <= 0x39) whole = whole * 10 + byte - 0x30
        else if (byte === 0x2e && pointAt === none) pointAt = i
        else break
      }
      const behind = pointAt === none ? 0 : i - pointAt - 1
      const before = pointAt === none ? i - digitsFrom : pointAt - digitsFrom
      if (!isPlain(payload[digitsFrom]!, before, behind, pointAt !== none)) return none
      if (whole === 0 && first === 0x2d) return none
      const value = behind === 0 ? whole : whole / powersOfTen[behind]!
      members.push(position, first === 0x2d ? -value : value)
    }
    i = afterSpace(payload, i)
  } while (payload[i] === 0x2c)
  return payload[i] === 0x7d ? i + 1 : none
}

/** Units, names and ids come again in each message: the same string is given again, which is sooner found in a map as well. */
const texts = new Array<string>(scannedTextsMax).fill('')

function textOf(payload: Uint8Array, from: number, until: number, hash: number): string {
  const slot = (hash ^ (hash >>> 15)) & (scannedTextsMax - 1)
  const known = texts[slot]!
  if (isText(payload, from, until, known)) return known
  const text = latin1Slice.call(payload, from, until)
  if (text.length <= scannedTextCharactersMax) texts[slot] = text
  return text
}

function isText(payload: Uint8Array, from: number, until: number, text: string): boolean {
  if (until - from !== text.length) return false
  for (let i = 0; i < text.length; i++) if (payload[from + i] !== text.charCodeAt(i)) return false
  return true
}

function isNull(payload: Uint8Array, at: number): boolean {
  return payload[at + 1] === 0x75 && payload[at + 2] === 0x6c && payload[at + 3] === 0x6c
}

/** JSON has digits before the point and behind it, and no zero before other digits. */
function isPlain(first: number, before: number, behind: number, hasPoint: boolean): boolean {
  if (before === 0 || (before > 1 && first === 0x30) || before + behind > exactDigitsMax) return false
  return !hasPoint || behind > 0
}
