/**
 * How fast anybody may subscribe: each filter costs a look at every retained message, and what matches is sent again. Each credential,
 * and each address of those without one, has a share; one filter is granted a turn of the event loop, so that
 * acknowledgements come between two.
 */
import { minuteMs, secondMs } from '../model/time.ts'
import { subscribeBurst, subscribeWaitMsMax, subscribesPerSecond } from './limits.ts'

/** Filters that it may still have at once, less than none where some wait, as of then. */
interface Share {
  left: number
  atMs: number
}

export class SubscribePace {
  readonly #now: () => number
  readonly #shares = new Map<string, Share>()
  readonly #due: (() => void)[] = []
  #forgetAtMs = 0

  /** Milliseconds on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Calls `grant` when its turn comes; false where that would be too late. `share` is undefined for who counts as nobody. */
  take(share: string | undefined, grant: () => void): boolean {
    const waitMs = share === undefined ? 0 : this.#wait(share)
    if (waitMs === undefined) return false
    if (waitMs === 0) this.#grantInTurn(grant)
    else setTimeout(() => this.#grantInTurn(grant), waitMs).unref()
    return true
  }

  #wait(name: string): number | undefined {
    const nowMs = this.#now()
    if (nowMs >= this.#forgetAtMs) this.#forget(nowMs)
    const share = this.#shares.get(name) ?? { left: subscribeBurst, atMs: nowMs }
    const left = leftAt(share, nowMs) - 1
    const waitMs = (Math.max(0, -left) / subscribesPerSecond) * secondMs
    // What is refused costs nothing, so whoever asks in vain is not refused for longer.
    if (waitMs > subscribeWaitMsMax) return undefined
    this.#shares.set(name, { left, atMs: nowMs })
    return waitMs
  }

  #grantInTurn(grant: () => void): void {
    this.#due.push(grant)
    if (this.#due.length === 1) setImmediate(() => this.#grantNext())
  }

  #grantNext(): void {
    this.#due[0]!()
    this.#due.shift()
    if (this.#due.length > 0) setImmediate(() => this.#grantNext())
  }

  #forget(nowMs: number): void {
    for (const [name, share] of this.#shares)
      if (leftAt(share, nowMs) >= subscribeBurst) this.#shares.delete(name)
    this.#forgetAtMs = nowMs + minuteMs
  }
}

function leftAt({ left, atMs }: Share, nowMs: number): number {
  return Math.min(subscribeBurst, left + ((nowMs - atMs) / secondMs) * subscribesPerSecond)
}
