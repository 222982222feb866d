/**
 * Boxes that are refused, counted for each address. What boxes send with their secret is never limited by address: a street may stand
 * behind one, and AirGradient takes 429 for success, so that its reading would be lost.
 */
import { minuteMs } from '../../model/time.ts'
import { refusedBoxesPerMinuteMax, refusedSharesMax } from '../limits.ts'

export class RefusedBoxes {
  readonly #now: () => number
  readonly #counts = new Map<string, number>()
  #beganAt = -Infinity

  /** `now` is in milliseconds, on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one more of this address; true where it is one too many in this minute. */
  add(share: string): boolean {
    const now = this.#now()
    if (now - this.#beganAt >= minuteMs || this.#counts.size >= refusedSharesMax) {
      this.#counts.clear()
      this.#beganAt = now
    }
    const count = (this.#counts.get(share) ?? 0) + 1
    this.#counts.set(share, count)
    return count > refusedBoxesPerMinuteMax
  }
}
