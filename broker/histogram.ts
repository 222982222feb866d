/** How long something took, counted in buckets as Prometheus wants them: each holds what took at most so long. Pure. */

/** Upper bounds in seconds; one more bucket holds the rest. */
export const bucketsS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const

export interface HistogramCounts {
  /** For each bound, how many took at most that long; cumulative. */
  buckets: { atMostS: number; count: number }[]
  count: number
  sumS: number
}

export class Histogram {
  readonly #counts = new Float64Array(bucketsS.length + 1)
  #sumMs = 0

  add(ms: number): void {
    let i = 0
    while (i < bucketsS.length && ms > bucketsS[i]! * 1_000) i++
    this.#counts[i]! += 1
    this.#sumMs += ms
  }

  counts(): HistogramCounts {
    let count = 0
    const buckets = bucketsS.map((atMostS, i) => ({ atMostS, count: (count += this.#counts[i]!) }))
    return { buckets, count: count + this.#counts[bucketsS.length]!, sumS: this.#sumMs / 1_000 }
  }
}
