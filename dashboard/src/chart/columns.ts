/** Columns for a chart: several series on one time axis, gaps kept as gaps, and what stands at one place of it. */
import type { SiteSeries } from '../../../contract/series.ts'
import type { ChartWindow } from '../guideline.ts'

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
  /** Readings with flag 4, which are on no line. */
  failed?: number
}

/** What uPlot draws. null is a gap; undefined means that this series has no point at that time and none is missing. */
export type Aligned = [number[], ...(number | null | undefined)[][]]

export function align(series: readonly Series[]): Aligned {
  const time = [...new Set(series.flatMap((one) => [...one.time]))].sort((a, b) => a - b)
  const place = new Map(time.map((at, index) => [at, index]))
  const columns = series.map((one) => {
    const column = new Array<number | null | undefined>(time.length).fill(undefined)
    for (const [i, at] of one.time.entries()) column[place.get(at)!] = one.value[i] ?? null
    return column
  })
  return [time, ...columns]
}

/** The value that stands at `index`, or at the last place before it where this series has a point. */
export function valueAt(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let i = index; i >= 0; i--) {
    const value = column[i]
    if (value !== undefined) return value
  }
  return null
}

/** Places of values that stand between two gaps. A line has no length there, so a dot must show them. */
export function lonePoints(column: ArrayLike<number | null | undefined>): number[] {
  const present: { index: number; value: number | null }[] = []
  for (let index = 0; index < column.length; index++) {
    const value = column[index]
    if (value !== undefined) present.push({ index, value })
  }
  const isGap = (place: number): boolean => (present[place]?.value ?? null) === null
  return present.flatMap(({ index }, i) => (!isGap(i) && isGap(i - 1) && isGap(i + 1) ? [index] : []))
}

/**
 * A sensor's answer as a line: means of hours or days with their coverage, or single readings with their gaps. A reading
 * that failed its checks is no point of it, and a doubtful one is a dot of its own, so that neither bends the line.
 */
export function siteLine(siteId: string, name: string, series: SiteSeries): SiteLine {
  if (series.window !== 'raw') {
    const { window, time, mean, coverage } = series
    return { siteId, name, window, time, value: mean, coverage }
  }
  const isSure = (i: number): boolean => series.flag[i] !== 3 && series.flag[i] !== 4
  const value = series.value.map((one, i) => (isSure(i) ? one : null))
  const suspects = series.time.flatMap((_at, i) => (series.flag[i] === 3 ? [i] : []))
  return {
    siteId,
    name,
    window: 'raw',
    ...breakAtGaps({ time: series.time, value }),
    doubtful: {
      time: suspects.map((i) => series.time[i]!),
      value: suspects.map((i) => series.value[i] ?? null)
    },
    failed: series.flag.filter((flag) => flag === 4).length
  }
}

/** A raw line is joined over a gap of up to this many usual distances between readings. */
const gapDistances = 4

/**
 * Single readings come without their gaps; a line drawn through them would invent what was not measured. Where two
 * readings lie further apart than four times the usual distance (their median), a null goes between them.
 */
export function breakAtGaps(series: Series): { time: number[]; value: (number | null)[] } {
  const distances = series.time.slice(1).map((at, i) => at - series.time[i]!)
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Infinity
  const time: number[] = []
  const value: (number | null)[] = []
  for (const [i, at] of series.time.entries()) {
    if (i > 0 && at - series.time[i - 1]! > gapDistances * usual) {
      time.push(series.time[i - 1]! + usual)
      value.push(null)
    }
    time.push(at)
    value.push(series.value[i] ?? null)
  }
  return { time, value }
}

/** Puts a live reading at the end of a raw line; one that came late or twice waits for the next load. */
export function appended(line: SiteLine, at: number, value: number, flag = 1): SiteLine {
  const last = line.time.at(-1) ?? -Infinity
  if (line.window !== 'raw' || at <= last) return line
  const time = [...line.time, at]
  if (flag === 4) return { ...line, time, value: [...line.value, null], failed: (line.failed ?? 0) + 1 }
  if (flag !== 3) return { ...line, time, value: [...line.value, value] }
  const { doubtful = { time: [], value: [] } } = line
  return {
    ...line,
    time,
    value: [...line.value, null],
    doubtful: { time: [...doubtful.time, at], value: [...doubtful.value, value] }
  }
}

/** Did the sensor measure anything that can be drawn? */
export function isDrawable(line: SiteLine): boolean {
  return hasValue(line) || hasValue(line.doubtful)
}

/** Doubtful readings that lie outside the range of the axis, which the others rule: how many, and the farthest. */
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

/**
 * The range of the y axis: everything drawn, and the guideline, with some air above. Concentrations begin at zero, so
 * that twice as high is twice as much; decibels, degrees and per cent do not, as their zero means nothing here.
 */
export function valueRange(
  columns: readonly ArrayLike<number | null | undefined>[],
  guideline: number | undefined,
  { fromZero, spanMin }: { fromZero: boolean; spanMin: number }
): [number, number] {
  let low = guideline ?? Infinity
  let high = guideline ?? -Infinity
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]
      if (value === null || value === undefined) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (high < low) return [0, 10]
  if (fromZero && low >= 0) return [0, Math.max(high * 1.1, spanMin)]
  const air = Math.max((high - low) * 0.1, (spanMin - (high - low)) / 2)
  return [Math.floor(low - air), Math.ceil(high + air)]
}
