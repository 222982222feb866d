/** Whether days and months of a file's times are read the right way round. Pure. */
import { dayMs } from '../../model/time.ts'
import type { TimeFormat } from './time-format.ts'

/** Steps from one month into another, which days that were read as months make every midnight. */
const jumpMs = 20 * dayMs

/** Told of each time of a file, and what the mapping's format made of it. */
export class DayMonthOrder {
  readonly #swapped: TimeFormat
  /** Times that only one of the two can be. */
  #onlyGiven = false
  #onlySwapped: string | undefined
  readonly #given = new Jumps()
  readonly #exchanged = new Jumps()

  constructor(swapped: TimeFormat) {
    this.#swapped = swapped
  }

  observe(text: string, givenMs: number | undefined): void {
    if (this.#onlyGiven) return
    const swappedMs = this.#swapped.read(text)?.wallMs
    if (givenMs !== undefined && swappedMs === undefined) this.#onlyGiven = true
    else if (givenMs === undefined && swappedMs !== undefined) this.#onlySwapped ??= text
    else if (givenMs !== undefined && swappedMs !== undefined) {
      this.#given.take(givenMs)
      this.#exchanged.take(swappedMs)
    }
  }

  /** A time that can only be the other way round, in a file of which no time can only be this way. */
  get proof(): string | undefined {
    return this.#onlyGiven ? undefined : this.#onlySwapped
  }

  /** How often the times go from month to month, where they never do the other way round. */
  get suspiciousJumps(): number {
    const isSuspicious = !this.#onlyGiven && this.#onlySwapped === undefined && this.#exchanged.count === 0
    return isSuspicious ? this.#given.count : 0
  }
}

class Jumps {
  count = 0
  #last: number | undefined

  take(ms: number): void {
    if (this.#last !== undefined && Math.abs(ms - this.#last) > jumpMs) this.count++
    this.#last = ms
  }
}
