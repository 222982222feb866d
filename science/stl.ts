/**
 * Seasons taken out of a monthly series: STL, the "Seasonal-Trend Decomposition Procedure Based on Loess" of Cleveland,
 * Cleveland, McRae and Terpenning (J. Official Statistics 6, 1990), robust, with the defaults of R 4's stl(): seasonal
 * window 11, trend window 21, low-pass 13, degree 1, jumps of a tenth of each window, one inner and 15 outer rounds.
 */
import { median } from './street.ts'

export interface Decomposition {
  seasonal: number[]
  trend: number[]
  /** What neither explains. Seasons taken out is trend + remainder. */
  remainder: number[]
}

interface Smoother {
  window: number
  jump: number
}

const seasonalWindow = 11
const outerRounds = 15

/** Decomposes a series without gaps of at least two whole seasons. Compared with R 4.2.2 on 90 months of ozone. */
export function decompose(values: readonly number[], period = 12): Decomposition {
  if (values.length < 2 * period) throw new RangeError('Seasons need at least two whole rounds of them.')
  const trendWindow = nextOdd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonalWindow)))
  const smoothers = {
    seasonal: smootherOf(seasonalWindow),
    trend: smootherOf(trendWindow),
    lowPass: smootherOf(nextOdd(period))
  }
  let weights = values.map(() => 1)
  let trend = values.map(() => 0)
  let seasonal = values.map(() => 0)
  for (let round = 0; round <= outerRounds; round++) {
    const without = values.map((value, i) => value - trend[i]!)
    const cycles = smoothCycles(without, period, smoothers.seasonal, weights)
    const level = loess(lowPass(cycles, period), smoothers.lowPass)
    seasonal = values.map((_value, i) => cycles[period + i]! - level[i]!)
    trend = loess(
      values.map((value, i) => value - seasonal[i]!),
      smoothers.trend,
      weights
    )
    weights = robustWeights(values.map((value, i) => Math.abs(value - seasonal[i]! - trend[i]!)))
  }
  return { seasonal, trend, remainder: values.map((value, i) => value - seasonal[i]! - trend[i]!) }
}

function smootherOf(window: number): Smoother {
  return { window, jump: Math.ceil(window / 10) }
}

function nextOdd(value: number): number {
  return value % 2 === 0 ? value + 1 : value
}

/** Each month's own series (all Januaries …) smoothed and carried one year further at both ends. */
function smoothCycles(
  values: readonly number[],
  period: number,
  smoother: Smoother,
  weights: readonly number[]
): number[] {
  const smooth = new Array<number>(values.length + 2 * period).fill(0)
  for (let month = 0; month < period; month++) {
    const own = values.filter((_value, i) => i % period === month)
    const ownWeights = weights.filter((_weight, i) => i % period === month)
    const inside = loess(own, smoother, ownWeights)
    const count = own.length
    const width = Math.min(smoother.window, count)
    const before = localFit(own, smoother.window, -1, 0, width - 1, ownWeights) ?? inside[0]!
    const after =
      localFit(own, smoother.window, count, count - width, count - 1, ownWeights) ?? inside.at(-1)!
    for (const [year, value] of [before, ...inside, after].entries()) smooth[year * period + month] = value
  }
  return smooth
}

/** Moving means over a year, a year, and three months. */
function lowPass(values: readonly number[], period: number): number[] {
  return movingMean(movingMean(movingMean(values, period), period), 3)
}

function movingMean(values: readonly number[], length: number): number[] {
  let sum = values.slice(0, length).reduce((total, value) => total + value, 0)
  const means = [sum / length]
  for (let i = length; i < values.length; i++) {
    sum += values[i]! - values[i - length]!
    means.push(sum / length)
  }
  return means
}

/** Local lines at every `jump`-th place and at the last, straight in between. */
function loess(values: readonly number[], { window, jump }: Smoother, weights?: readonly number[]): number[] {
  const last = values.length - 1
  const half = Math.floor((window + 1) / 2)
  const step = Math.min(jump, last)
  const fitAt = (at: number): number => {
    const left = window > last ? 0 : Math.min(Math.max(0, at - half + 1), last - window + 1)
    const right = window > last ? last : left + window - 1
    return localFit(values, window, at, left, right, weights) ?? values[at]!
  }
  const smooth = [...values]
  let before = 0
  smooth[0] = fitAt(0)
  while (before < last) {
    const at = Math.min(before + step, last)
    smooth[at] = fitAt(at)
    for (let i = before + 1; i < at; i++) {
      smooth[i] = smooth[before]! + ((smooth[at]! - smooth[before]!) * (i - before)) / (at - before)
    }
    before = at
  }
  return smooth
}

/** Value at `at` of the line through [left, right] with tricube weights; undefined where all weights are zero. */
function localFit(
  values: readonly number[],
  window: number,
  at: number,
  left: number,
  right: number,
  weights?: readonly number[]
): number | undefined {
  const spare = window > values.length ? Math.floor((window - values.length) / 2) : 0
  const reach = Math.max(at - left, right - at) + spare
  const own = new Array<number>(right - left + 1).fill(0)
  let total = 0
  for (let i = left; i <= right; i++) {
    const distance = Math.abs(i - at)
    if (distance > 0.999 * reach) continue
    const near = distance <= 0.001 * reach ? 1 : (1 - (distance / reach) ** 3) ** 3
    own[i - left] = near * (weights?.[i] ?? 1)
    total += own[i - left]!
  }
  if (total <= 0) return undefined
  const middle = own.reduce((sum, weight, k) => sum + (weight / total) * (left + k), 0)
  const spread = own.reduce((sum, weight, k) => sum + (weight / total) * (left + k - middle) ** 2, 0)
  const slope = Math.sqrt(spread) > 0.001 * (values.length - 1) ? (at - middle) / spread : 0
  return own.reduce(
    (sum, weight, k) => sum + (weight / total) * (slope * (left + k - middle) + 1) * values[left + k]!,
    0
  )
}

/** Bisquare: values further than six median residuals from the fit do not count. */
function robustWeights(residuals: readonly number[]): number[] {
  const far = 6 * median(residuals)!
  return residuals.map((residual) => {
    if (residual <= 0.001 * far) return 1
    return residual <= 0.999 * far ? (1 - (residual / far) ** 2) ** 2 : 0
  })
}
