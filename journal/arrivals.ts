/** When a message was received: a moment that no other message of its device has, nor any member of its array. */
import assert from 'node:assert/strict'
import { timeBytesMax } from './limits.ts'
import { arrayReadingsMax, clockAheadMsMax, clockBehindMsMax } from '../model/limits.ts'
import { fromUnixNumber, parseIsoZoned, type Clock, type UnixMs } from '../model/time.ts'
import { arrivalRememberedMs } from './limits.ts'

const timeKey = '"at"'

/**
 * Readings without a time of their own are measured when they were received, and a reading's identity holds its time:
 * two messages of one millisecond would be one reading. So each message is received later than all before it, and an
 * array whose members need it keeps a millisecond for each of them (member i is given received + i).
 */
export class Arrivals {
  readonly #clock: Clock
  readonly #floor: number
  /** The first moment that is free, for each device of the last minute. */
  readonly #free = new Map<string, number>()
  #forgetAt = -Infinity

  /** `newest` is the newest moment in the journal: a restart within its millisecond, or its array, must not meet it again. */
  constructor(clock: Clock, newest: UnixMs | null) {
    this.#clock = clock
    this.#floor = newest === null ? 0 : newest + arrayReadingsMax
  }

  /** The moment for a message of `deviceId` that came now. */
  receivedAt(deviceId: string, payload: Uint8Array): UnixMs {
    const now = this.#clock.now()
    if (now >= this.#forgetAt || now < this.#forgetAt - arrivalRememberedMs) this.#forget(now)
    const receivedAt = Math.max(now, followed(this.#floor, now), followed(this.#free.get(deviceId) ?? 0, now))
    this.#free.set(deviceId, receivedAt + momentsNeeded(payload, now))
    assert(
      receivedAt <= now + clockAheadMsMax,
      'a message is received no more than 5 minutes ahead of the clock'
    )
    return receivedAt as UnixMs
  }

  /** Devices remembered now. */
  get size(): number {
    return this.#free.size
  }

  #forget(now: number): void {
    for (const [deviceId, free] of this.#free) {
      if (free < now - arrivalRememberedMs || followed(free, now) === 0) this.#free.delete(deviceId)
    }
    this.#forgetAt = now + arrivalRememberedMs
  }
}

/** Further ahead than this, the clock was wrong then or is wrong now; following it would make every later time wrong. */
function followed(moment: number, now: number): number {
  return moment <= now + clockAheadMsMax ? moment : 0
}

/**
 * How many moments a message may need: one, unless it is an array of which a member has no time, or one that will not be
 * believed. Counted in bytes, since parsing every message here would cost more than everything else; the first time
 * stands for all of an array. Opening braces are never fewer than its objects.
 */
function momentsNeeded(payload: Uint8Array, now: number): number {
  if (isOneObject(payload)) return 1
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const objects = countOf(bytes, '{')
  if (objects <= 1) return 1
  return countOf(bytes, timeKey) >= objects && isBelieved(firstTime(bytes), now) ? 1 : objects
}

/** An object begins with a brace, an array does not: most messages are known by their first byte. */
function isOneObject(payload: Uint8Array): boolean {
  return payload[0] === openingBrace
}

const openingBrace = 0x7b

function countOf(bytes: Buffer, what: string): number {
  let count = 0
  let at = bytes.indexOf(what)
  while (at !== -1 && count < arrayReadingsMax) {
    count++
    at = bytes.indexOf(what, at + what.length)
  }
  return count
}

/** The value behind the first `"at":`, ISO 8601 or Unix time. */
function firstTime(bytes: Buffer): UnixMs | undefined {
  const behind = bytes.indexOf(timeKey) + timeKey.length
  const text = bytes.toString('latin1', behind, behind + timeBytesMax)
  const [, iso, number] = /^\s*:\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?))/.exec(text) ?? []
  if (iso !== undefined) return parseIsoZoned(iso)
  return number === undefined ? undefined : fromUnixNumber(Number(number))
}

/** The same window in which ingest believes a live message's time. */
function isBelieved(at: UnixMs | undefined, now: number): boolean {
  return at !== undefined && at <= now + clockAheadMsMax && at >= now - clockBehindMsMax
}
