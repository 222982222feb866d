/** How fast one device may go: a bucket of messages and one of bytes. Too fast means that its acknowledgements wait. Pure. */
import {
  deviceBytesBurst,
  deviceBytesPerSecond,
  deviceMessagesBurst,
  deviceMessagesPerSecond
} from './limits.ts'

export interface PaceLimits {
  deviceMessagesPerSecond: number
  deviceMessagesBurst: number
  deviceBytesPerSecond: number
  deviceBytesBurst: number
}

export const paceDefaults: PaceLimits = {
  deviceMessagesPerSecond,
  deviceMessagesBurst,
  deviceBytesPerSecond,
  deviceBytesBurst
}

/** Buckets may be overdrawn: the debt, at the device's rate, is how long the acknowledgement waits. */
export class Pace {
  readonly #limits: PaceLimits
  #messages: number
  #bytes: number
  #filledAtMs: number

  constructor(limits: PaceLimits, nowMs: number) {
    this.#limits = limits
    this.#messages = limits.deviceMessagesBurst
    this.#bytes = limits.deviceBytesBurst
    this.#filledAtMs = nowMs
  }

  /**
   * Takes a message that is delivered so many times, which costs as much as being sent so many times; returns for how many
   * milliseconds it must wait, 0 when it is within the pace.
   */
  take(bytes: number, nowMs: number, deliveries = 0): number {
    const limits = this.#limits
    const passedS = Math.max(0, nowMs - this.#filledAtMs) / 1_000
    this.#filledAtMs = nowMs
    this.#messages =
      Math.min(limits.deviceMessagesBurst, this.#messages + passedS * limits.deviceMessagesPerSecond) -
      (1 + deliveries)
    this.#bytes =
      Math.min(limits.deviceBytesBurst, this.#bytes + passedS * limits.deviceBytesPerSecond) -
      bytes * (1 + deliveries)
    const debtS = Math.max(
      -this.#messages / limits.deviceMessagesPerSecond,
      -this.#bytes / limits.deviceBytesPerSecond
    )
    return debtS > 0 ? debtS * 1_000 : 0
  }

  /** Nothing is owed and nothing would be lost by forgetting it. */
  isFull(nowMs: number): boolean {
    const passedS = Math.max(0, nowMs - this.#filledAtMs) / 1_000
    const limits = this.#limits
    return (
      this.#messages + passedS * limits.deviceMessagesPerSecond >= limits.deviceMessagesBurst &&
      this.#bytes + passedS * limits.deviceBytesPerSecond >= limits.deviceBytesBurst
    )
  }
}
