/** Theil–Sen: the line that half of the points could be wrong about before it breaks. */
import { median } from './street.ts'
import type { Interval } from './resample.ts'

export interface TheilSen {
  slope: number
  /** median(y − slope·x), as openair has it; scipy's differs. */
  intercept: number
}

/**
 * slope = median of (yj − yi)/(xj − xi) over all pairs with xj > xi. Theil 1950, Sen 1968; the same as openair's
 * TheilSen (R 4.2.2). null without two different x. npm's ml-regression-theil-sen 3.0 takes the lower of two middle
 * slopes and is not the same.
 */
export function theilSen(x: readonly number[], y: readonly number[]): TheilSen | null {
  const slope = theilSenSlope(x, y)
  return slope === null ? null : { slope, intercept: median(y.map((value, i) => value - slope * x[i]!))! }
}

export function theilSenSlope(x: readonly number[], y: readonly number[]): number | null {
  const slopes = pairSlopes(x, y)
  if (slopes.length === 0) return null
  const half = slopes.length >> 1
  return slopes.length % 2 === 1 ? slopes[half]! : (slopes[half - 1]! + slopes[half]!) / 2
}

/**
 * Sen's 95 % interval of the slope from the spread of Kendall's S without ties in x, with ties in y; null below four
 * points. For values that do not depend on the ones before them; where they do, a block bootstrap is the way.
 */
export function senInterval(x: readonly number[], y: readonly number[]): Interval | null {
  const n = y.length
  const slopes = pairSlopes(x, y)
  if (n < 4 || slopes.length === 0) return null
  const ties = [...new Map(y.map((value) => [value, y.filter((other) => other === value).length])).values()]
  const tied = ties.reduce((sum, count) => sum + count * (count - 1) * (2 * count + 5), 0)
  const sigma = Math.sqrt((n * (n - 1) * (2 * n + 5) - tied) / 18)
  const low = Math.max(0, Math.round((slopes.length - 1.959964 * sigma) / 2) - 1)
  const high = Math.min(slopes.length - 1, Math.round((slopes.length + 1.959964 * sigma) / 2))
  return [slopes[low]!, slopes[high]!]
}

/** In ascending order. 300 months are 44,850 pairs. */
function pairSlopes(x: readonly number[], y: readonly number[]): Float64Array {
  if (x.length !== y.length) throw new RangeError('Each x needs a y.')
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2)
  let count = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      const step = x[j]! - x[i]!
      if (step !== 0) slopes[count++] = (y[j]! - y[i]!) / step
    }
  }
  return slopes.subarray(0, count).sort()
}
