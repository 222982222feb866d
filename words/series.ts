/** Lines that sentences and tables are about: their points, and what stands out in them. */
import type { LeftOut } from '../contract/left-out.ts'
import type { ChartWindow } from './guideline.ts'

export interface Series {
  time: readonly number[]
  value: readonly (number | null)[]
}

/** The line of one sensor. */
export interface SiteLine extends Series {
  siteId: string
  name: string
  window: ChartWindow
  /** Share of each hour or day that was measured; absent for single readings. */
  coverage?: readonly (number | null)[]
  /** Readings with flag 3: drawn as dots beside the line and not on it. */
  doubtful?: Series
  /** How many readings have flag 4; they are on no line. */
  failed?: number
  /** From here on what it measured has not been compared with what was measured around it yet. */
  unjudgedFrom?: number
}

/** The median of a street's sensors, or what is typical of its homes. */
export interface MiddleColumns {
  basis: 'sites' | 'homes'
  sitesNeeded: number
  time: readonly number[]
  median: readonly (number | null)[]
  p25: readonly (number | null)[]
  p75: readonly (number | null)[]
  /** null for homes. */
  sites: readonly (number | null)[]
  /** Mean coverage of the sensors that counted. */
  coverage?: readonly (number | null)[]
  window: ChartWindow
  /** Absent for homes. */
  leftOut?: LeftOut
}

export interface Summary {
  usual: number
  highest: number
  highestAt: number
}

/** The usual value (median of the points) and the highest, for the chart's sentence; undefined without points. */
export function summary(series: Series): Summary | undefined {
  const points = series.time.flatMap((time, i) => {
    const value = series.value[i]
    return value === null || value === undefined ? [] : [{ time, value }]
  })
  if (points.length === 0) return undefined
  const sorted = points.map(({ value }) => value).toSorted((a, b) => a - b)
  const highest = points.reduce((a, b) => (b.value > a.value ? b : a))
  return { usual: sorted[Math.floor(sorted.length / 2)]!, highest: highest.value, highestAt: highest.time }
}

export function hasValue(series: Series | undefined): boolean {
  return series?.value.some((value) => value !== null) ?? false
}

/** Did the sensor measure anything that can be drawn? */
export function isDrawable(line: SiteLine): boolean {
  return hasValue(line) || hasValue(line.doubtful)
}

/** What uPlot draws. null is a gap; undefined means that this series has no point at that time and none is missing. */
export type Aligned = [number[], ...(number | null | undefined)[][]]

/** Several series on one time axis. */
export function align(series: readonly Series[]): Aligned {
  const time = [...new Set(series.flatMap((one) => [...one.time]))].sort((a, b) => a - b)
  const indexOf = new Map(time.map((at, index) => [at, index]))
  const columns = series.map((one) => {
    const column = new Array<number | null | undefined>(time.length).fill(undefined)
    for (const [i, at] of one.time.entries()) column[indexOf.get(at)!] = one.value[i] ?? null
    return column
  })
  return [time, ...columns]
}

/** The value at `index`, or at the last index before it where this series has a point. */
export function valueAt(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let i = index; i >= 0; i--) {
    const value = column[i]
    if (value !== undefined) return value
  }
  return null
}

/** Doubtful readings outside the range of the axis, which the others rule: how many, and the farthest. */
export function offScale(
  doubtful: readonly Series[],
  [low, high]: readonly [number, number]
): { count: number; farthest: number } | undefined {
  const outside = doubtful
    .flatMap(({ value }) => [...value])
    .filter((value): value is number => value !== null && (value < low || value > high))
  if (outside.length === 0) return undefined
  const distance = (value: number): number => Math.max(value - high, low - value)
  const farthest = outside.reduce((a, b) => (distance(b) > distance(a) ? b : a))
  return { count: outside.length, farthest }
}
