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

/** Takes readings part by part, each with the seconds that it stands for, and says what their window is. */
export class RollupWindow {
  /** Of readings that did not fail, the first `#count` of them; typed, since those are sorted without a comparison of ours. */
  #values = noValues
  /** Their weights, once not all are the same. */
  #weights: Float64Array | undefined
  #count = 0
  #passed = 0
  #notEvaluated = 0
  #suspect = 0
  #failed = 0
  /** The weight of all readings so far; undefined before the first. */
  #weightS: number | undefined
  /** Of those that did not fail, and of all. */
  #goodS = 0
  #allS = 0
  #isKnown = true

  get isEmpty(): boolean {
    return this.#count === 0 && this.#failed === 0
  }

  /** Seconds measured; undefined while no interval is known. */
  get measuredS(): number | undefined {
    return this.#isKnown ? this.#goodS : undefined
  }

  /** Readings from the place `first` to before `end`; `weight` is that of each, or of them in order; undefined: not known. */
  add(
    { value, flag }: { value: ArrayLike<number>; flag: ArrayLike<number> },
    { first, end }: { first: number; end: number },
    weight: number | Float64Array | undefined,
    figureMax = Infinity
  ): void {
    this.#reserve(end - first)
    for (let place = first; place < end; place++) {
      const weightS = typeof weight === 'object' ? weight[place - first] : weight
      this.#addOne(Math.min(value[place]!, figureMax), flag[place] as Flag, weightS)
    }
  }

  #reserve(readings: number): void {
    const needed = this.#count + readings
    if (needed <= this.#values.length) return
    const room = Math.max(needed, 2 * this.#count)
    this.#values = grown(this.#values, room)
    if (this.#weights) this.#weights = grown(this.#weights, room)
  }

  #addOne(value: number, flag: Flag, weightS: number | undefined): void {
    if (weightS === undefined) this.#isKnown = false
    const weight = weightS ?? 1
    this.#weightS ??= weight
    this.#allS += weight
    if (flag === 4) {
      this.#failed++
      if (weight !== this.#weightS) this.#mix()
      return
    }
    if (weight !== this.#weightS) this.#mix()
    if (this.#weights) this.#weights[this.#count] = weight
    this.#values[this.#count++] = value
    this.#goodS += weight
    if (flag === 1) this.#passed++
    else if (flag === 2) this.#notEvaluated++
    else if (flag === 3) this.#suspect++
  }

  #mix(): void {
    this.#weights ??= new Float64Array(this.#values.length).fill(this.#weightS!, 0, this.#count)
  }

  /** A silence that was agreed on: nothing changed meanwhile. */
  addSilence(seconds: number): void {
    this.#mix()
    this.#goodS += seconds
    this.#allS += seconds
  }

  /** `mean` is given where it does not come from the readings themselves. */
  row(average: Average, lengthMs: number, mean?: number | null): RollupRow {
    const weighted = mean === undefined && this.#weights ? this.#weightedMean(average) : undefined
    const values = this.#values.subarray(0, this.#count).sort()
    const expected = this.#expected(lengthMs)
    return {
      count: values.length,
      expected,
      coverage: expected === null ? null : Math.min(1, values.length / expected),
      mean: mean === undefined ? (weighted ?? meanOf(values, average)) : mean,
      ...(average === 'vector' ? noRange : rangeOf(values)),
      passed: this.#passed,
      notEvaluated: this.#notEvaluated,
      suspect: this.#suspect,
      failed: this.#failed
    }
  }

  /** As many as there would be if what was measured stood for the whole window. */
  #expected(lengthMs: number): number | null {
    if (!this.#isKnown || this.#weightS === undefined) return null
    if (!this.#weights) return lengthMs / 1_000 / this.#weightS
    const [readings, seconds] = this.#count > 0 ? [this.#count, this.#goodS] : [this.#failed, this.#allS]
    return (readings * lengthMs) / 1_000 / seconds
  }

  /** Before the values are sorted, as their weights stand in the same order. */
  #weightedMean(average: Average): number | null {
    const values = this.#values.subarray(0, this.#count)
    const weights = this.#weights!
    const order = Array.from(values.keys())
    order.sort((a, b) => values[a]! - values[b]! || weights[a]! - weights[b]!)
    return meanOf(
      order.map((i) => values[i]!),
      average,
      order.map((i) => weights[i]!)
    )
  }
}

function grown(from: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(room)
  larger.set(from)
  return larger
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

/** Of sorted values, each with its weight where they have some. Energy is summed below the loudest, so that no power overflows. */
export function meanOf(
  sorted: ArrayLike<number>,
  average: Average,
  weights?: ArrayLike<number>
): number | null {
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]]
  if (lowest === undefined || highest === undefined) return null
  switch (average) {
    case 'arithmetic':
      return finiteToDecimals(
        weightedMean(sorted, weights, (value) => value),
        rollupDecimals
      )
    case 'energy': {
      const power = weightedMean(sorted, weights, (value) => 10 ** ((value - highest) / 10))
      return finiteToDecimals(highest + 10 * Math.log10(power), rollupDecimals)
    }
    case 'max':
      return finiteToDecimals(highest, rollupDecimals)
    case 'min':
      return finiteToDecimals(lowest, rollupDecimals)
    case 'vector':
      return meanDirection(sorted, weights)
    case 'none':
      return null
  }
}

function weightedMean(
  values: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  of: (value: number) => number
): number {
  let [sum, weight] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const w = weights ? weights[i]! : 1
    sum += w * of(values[i]!)
    weight += w
  }
  return sum / weight
}

/** Of sorted values: interpolated as R's type 7 (and DuckDB's quantile_cont) does. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)]!
  const high = sorted[Math.ceil(place)]!
  return low + (high - low) * (place - Math.floor(place))
}
