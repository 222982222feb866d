/** Columns for a chart: the answers of the hub as lines, gaps kept as gaps, and the axis that they need. */
import type { SiteSeries } from '../../../contract/series.ts'
import type { Series, SiteLine } from '../../../words/series.ts'

/** Indices of values that stand between two gaps. A line has no length there, so a dot must show them. */
export function lonePoints(column: ArrayLike<number | null | undefined>): number[] {
  const present: { index: number; value: number | null }[] = []
  for (let index = 0; index < column.length; index++) {
    const value = column[index]
    if (value !== undefined) present.push({ index, value })
  }
  const isGap = (index: number): boolean => (present[index]?.value ?? null) === null
  return present.flatMap(({ index }, i) => (!isGap(i) && isGap(i - 1) && isGap(i + 1) ? [index] : []))
}

/**
 * A sensor's answer as a line: means of hours or days with their coverage, or single readings with their gaps. A reading
 * that failed its checks is no point of it, and a doubtful one is a dot of its own, so that neither bends the line.
 */
export function siteLine(siteId: string, name: string, series: SiteSeries): SiteLine {
  const [first] = series.unjudged ?? []
  const unjudged = first && { unjudgedFrom: first.from }
  if (series.window !== 'raw') {
    const { window, time, mean, coverage, leftOut } = series
    const failed = leftOut?.count ?? 0
    return { siteId, name, window, time, value: mean, coverage, failed, ...unjudged }
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
    failed: series.flag.filter((flag) => flag === 4).length,
    ...unjudged
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
  // What has just come is compared with what is around it later.
  const longer = { ...line, unjudgedFrom: line.unjudgedFrom ?? at }
  if (flag === 4) return { ...longer, time, value: [...line.value, null], failed: (line.failed ?? 0) + 1 }
  if (flag !== 3) return { ...longer, time, value: [...line.value, value] }
  const { doubtful = { time: [], value: [] } } = line
  return {
    ...longer,
    time,
    value: [...line.value, null],
    doubtful: { time: [...doubtful.time, at], value: [...doubtful.value, value] }
  }
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
