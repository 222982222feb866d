/** How many messages of unplaced devices wait, and which devices are paused because of it. */
import type { HeldCount } from './journal.ts'
import { heldBytesMax, heldBytesPerDeviceMax } from '../model/limits.ts'

export interface UnplacedLimits {
  heldBytesMax: number
  heldBytesPerDeviceMax: number
}

/** A smaller journal has room for less: a quarter of it for all, a sixteenth for one device. */
export function unplacedLimitsOf(journalBytesMax: number): UnplacedLimits {
  return {
    heldBytesMax: Math.min(heldBytesMax, journalBytesMax / 4),
    heldBytesPerDeviceMax: Math.min(heldBytesPerDeviceMax, journalBytesMax / 16)
  }
}

/** One device's, as others are told of it. */
export interface Unplaced extends HeldCount {
  /** Its messages are not acknowledged any more, until it is given a place for their time. */
  isBack: boolean
}

export class UnplacedCount {
  readonly #limits: UnplacedLimits
  readonly #counts = new Map<string, HeldCount>()
  messages = 0
  bytes = 0

  constructor(limits: UnplacedLimits = { heldBytesMax, heldBytesPerDeviceMax }) {
    this.#limits = limits
  }

  /** These are all there are. */
  reset(counts: readonly HeldCount[]): void {
    this.#counts.clear()
    this.messages = 0
    this.bytes = 0
    this.add(counts)
  }

  add(counts: readonly HeldCount[]): void {
    for (const { deviceId, messages, bytes } of counts) {
      if (messages === 0) continue
      const known = this.#counts.get(deviceId) ?? { deviceId, messages: 0, bytes: 0 }
      known.messages += messages
      known.bytes += bytes
      this.#counts.set(deviceId, known)
      this.messages += messages
      this.bytes += bytes
    }
  }

  of(deviceId: string): HeldCount | undefined {
    return this.#counts.get(deviceId)
  }

  all(): Unplaced[] {
    return [...this.#counts.values()].map((count) => ({ ...count, isBack: this.#isBack(count) }))
  }

  /** Devices at their bound. */
  back(): string[] {
    const back: string[] = []
    for (const count of this.#counts.values()) if (this.#isBack(count)) back.push(count.deviceId)
    return back
  }

  /** When all together are too much, those with more than an equal share: the others are not to suffer for them. */
  #isBack({ bytes }: HeldCount): boolean {
    if (bytes >= this.#limits.heldBytesPerDeviceMax) return true
    return this.bytes >= this.#limits.heldBytesMax && bytes >= this.#limits.heldBytesMax / this.#counts.size
  }
}
