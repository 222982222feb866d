/**
 * One hour or day of one site and quantity from its readings. Pure, and the same to the last bit whatever order the
 * readings came in: everything is made from sorted values, because floating-point sums depend on their order.
 */
import { finiteToDecimals, rollupDecimals } from '../../model/decimals.ts'
import type { QuantityDefinition } from '../../model/quantity.ts'
import type { Flag } from '../../model/flag.ts'
import { meanDirection } from '../../science/wind.ts'

export interface RollupRow {
  /** Readings with a flag other than 4. */
  count: number
  expected: number | null
  coverage: number | null
  mean: number | null
  min: number | null
  max: number | null
  p10: number | null
  p50: number | null
  p90: number | null
  passed: number
  notEvaluated: number
  suspect: number
  failed: number
}

export type Average = QuantityDefinition['average']

const noValues = new Float64Array(0)

/** Takes readings one by one and says what their window is. */
export class RollupWindow {
  /** Of readings that did not fail, the first `#count` of them; typed, since those are sorted without a comparison of ours. */
  #values = noValues
  #count = 0
  #passed = 0
  #notEvaluated = 0
  #suspect = 0
  #failed = 0
  /** Seconds between the readings of the quickest device that contributed. */
  #intervalS = Infinity

  get isEmpty(): boolean {
    return this.#count === 0 && this.#failed === 0
  }

  /** Makes room for so many more at once. */
  expect(readings: number): void {
    const needed = this.#count + readings
    if (needed <= this.#values.length) return
    const larger = new Float64Array(Math.max(needed, 2 * this.#count))
    larger.set(this.#values)
    this.#values = larger
  }

  add(value: number, flag: Flag): void {
    if (flag === 4) {
      this.#failed++
      return
    }
    if (this.#count === this.#values.length) this.expect(1)
    this.#values[this.#count++] = value
    if (flag === 1) this.#passed++
    else if (flag === 2) this.#notEvaluated++
    else if (flag === 3) this.#suspect++
  }

  /** A board swap must not halve the coverage, so of several devices the quickest counts. */
  contributes(intervalS: number | undefined): void {
    if (intervalS !== undefined) this.#intervalS = Math.min(this.#intervalS, intervalS)
  }

  /** `means` gives the mean where it does not come from the readings themselves. */
  row(average: Average, lengthMs: number, mean?: number | null): RollupRow {
    const values = this.#values.subarray(0, this.#count).sort()
    const expected = this.#intervalS === Infinity ? null : lengthMs / 1_000 / this.#intervalS
    return {
      count: values.length,
      expected,
      coverage: expected === null ? null : Math.min(1, values.length / expected),
      mean: mean === undefined ? meanOf(values, average) : mean,
      ...(average === 'vector' ? noRange : rangeOf(values)),
      passed: this.#passed,
      notEvaluated: this.#notEvaluated,
      suspect: this.#suspect,
      failed: this.#failed
    }
  }
}

/** Directions go round: there is no lowest one. */
const noRange = { min: null, max: null, p10: null, p50: null, p90: null } as const

function rangeOf(sorted: Float64Array): Pick<RollupRow, keyof typeof noRange> {
  return {
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    p10: finiteToDecimals(quantile(sorted, 0.1), rollupDecimals),
    p50: finiteToDecimals(quantile(sorted, 0.5), rollupDecimals),
    p90: finiteToDecimals(quantile(sorted, 0.9), rollupDecimals)
  }
}

/** Of sorted values. Energy is summed below the loudest value, so that no power overflows. */
export function meanOf(sorted: ArrayLike<number>, average: Average): number | null {
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]]
  if (lowest === undefined || highest === undefined) return null
  switch (average) {
    case 'arithmetic': {
      let sum = 0
      for (let i = 0; i < sorted.length; i++) sum += sorted[i]!
      return finiteToDecimals(sum / sorted.length, rollupDecimals)
    }
    case 'energy': {
      let sum = 0
      for (let i = 0; i < sorted.length; i++) sum += 10 ** ((sorted[i]! - highest) / 10)
      return finiteToDecimals(highest + 10 * Math.log10(sum / sorted.length), rollupDecimals)
    }
    case 'max':
      return finiteToDecimals(highest, rollupDecimals)
    case 'min':
      return finiteToDecimals(lowest, rollupDecimals)
    case 'vector':
      return meanDirection(sorted)
    case 'none':
      return null
  }
}

/** Of sorted values: interpolated as R's type 7 (and DuckDB's quantile_cont) does. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)]!
  const high = sorted[Math.ceil(place)]!
  return low + (high - low) * (place - Math.floor(place))
}
