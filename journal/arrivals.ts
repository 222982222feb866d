/** When a message was received: a moment that no other message of its device has, nor any member of its array. */
import { arrayReadingsMax } from '../model/limits.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import { arrivalRememberedMs } from './limits.ts'

const openingBrace = 0x7b

/**
 * Readings without a time of their own are measured when they were received, and a reading's identity holds its time:
 * two messages of one millisecond would be one reading. So each message is received later than all before it, and a
 * message with several objects keeps as many milliseconds for itself (member i is given received + i).
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
    if (now >= this.#forgetAt) this.#forget(now)
    // Further ahead than this, the clock was wrong then or is wrong now; following it would make every time wrong.
    const floor = this.#floor <= now + arrivalRememberedMs ? this.#floor : 0
    const receivedAt = Math.max(now, floor, this.#free.get(deviceId) ?? 0) as UnixMs
    this.#free.set(deviceId, receivedAt + objectsIn(payload))
    return receivedAt
  }

  /** Devices remembered now. */
  get size(): number {
    return this.#free.size
  }

  #forget(now: number): void {
    for (const [deviceId, free] of this.#free) {
      if (free < now - arrivalRememberedMs) this.#free.delete(deviceId)
    }
    this.#forgetAt = now + arrivalRememberedMs
  }
}

/** Opening braces are never fewer than the array's objects, and counting them needs no parsing. */
function objectsIn(payload: Uint8Array): number {
  let count = 0
  let at = payload.indexOf(openingBrace)
  while (at !== -1 && count < arrayReadingsMax) {
    count++
    at = payload.indexOf(openingBrace, at + 1)
  }
  return Math.max(1, count)
}
