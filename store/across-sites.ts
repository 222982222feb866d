/** The middle of several sites, window by window: the same for every store. */
import type { AcrossSitesColumns, Window } from '../model/columns.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../model/time.ts'
import { meanDirection } from '../science/wind.ts'
import { quantile, type Average } from './rollups/window.ts'

/** Windows of all sites together, in any order; NaN where there is no mean, or where the coverage is unknown. */
export interface SiteWindows {
  time: Float64Array
  mean: Float64Array
  coverage: Float64Array
}

export function emptyWindows(count: number): SiteWindows {
  return {
    time: new Float64Array(count),
    mean: new Float64Array(count),
    coverage: new Float64Array(count)
  }
}

/**
 * No two windows begin in one slot: days are never less than 22 hours apart, and hours an hour, unless the clock jumped by a
 * part of one.
 */
function slotMsOf(window: Window, time: Float64Array): number {
  if (window === 'day') return dayMs / 2
  const phaseMs = (time[0] ?? 0) % hourMs
  return time.every((at) => at % hourMs === phaseMs) ? hourMs : 15 * minuteMs
}

/**
 * Oldest first; a window in which no site counts is absent. Sites whose window has no mean do not count; those of unknown
 * coverage count only where none is asked for (0). Directions go round, so they have a mean for a middle, and no quartiles.
 *
 * Each row goes to its slot by arithmetic; the rows given are used up. A year of twenty sites is 175,000 rows for 8,760 answers: DuckDB's grouping
 * took twice as long as its reading of them, a map and an array for each window no less.
 */
export function middleOf(
  rows: SiteWindows,
  window: Window,
  coverageMin: number,
  average: Average = 'arithmetic'
): AcrossSitesColumns {
  const counted = counting(rows, coverageMin)
  const { starts, times, means, coverages } = inSlots(counted, slotMsOf(window, counted.time))
  const columns: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }
  for (let slot = 0; slot < times.length; slot++) {
    const [from, until] = [starts[slot]!, starts[slot + 1]!]
    if (from === until) continue
    const sorted = means.subarray(from, until)
    columns.time.push(times[slot]! as UnixMs)
    const isDirection = average === 'vector'
    columns.median.push(isDirection ? meanDirection(sorted) : quantile(sorted, 0.5))
    columns.p25.push(isDirection ? null : quantile(sorted, 0.25))
    columns.p75.push(isDirection ? null : quantile(sorted, 0.75))
    columns.sites.push(until - from)
    columns.coverage.push(meanOfKnown(coverages, from, until))
  }
  return columns
}

/** The rows of sites that count, in front of the others. */
function counting({ time, mean, coverage }: SiteWindows, coverageMin: number): SiteWindows {
  let kept = 0
  for (let i = 0; i < time.length; i++) {
    const known = Number.isNaN(coverage[i]) ? 0 : coverage[i]!
    if (Number.isNaN(mean[i]) || known < coverageMin) continue
    time[kept] = time[i]!
    mean[kept] = mean[i]!
    coverage[kept++] = coverage[i]!
  }
  return {
    time: time.subarray(0, kept),
    mean: mean.subarray(0, kept),
    coverage: coverage.subarray(0, kept)
  }
}

interface Slots {
  /** Of each slot where its rows begin; one more entry says where the last one's end. */
  starts: Int32Array
  times: Float64Array
  /** In each slot ascending. */
  means: Float64Array
  coverages: Float64Array
}

function inSlots({ time, mean, coverage }: SiteWindows, ms: number): Slots {
  const slotOf = (at: number): number => Math.floor(at / ms)
  const [first, last] = bounds(time)
  const count = time.length === 0 ? 0 : slotOf(last) - slotOf(first) + 1
  const starts = new Int32Array(count + 1)
  const times = new Float64Array(count)
  for (let i = 0; i < time.length; i++) starts[slotOf(time[i]!) - slotOf(first) + 1]!++
  for (let slot = 0; slot < count; slot++) starts[slot + 1]! += starts[slot]!
  const filled = starts.slice(0, count)
  const means = new Float64Array(time.length)
  const coverages = new Float64Array(time.length)
  for (let i = 0; i < time.length; i++) {
    const slot = slotOf(time[i]!) - slotOf(first)
    times[slot] = time[i]!
    const [from, at] = [starts[slot]!, filled[slot]!++]
    insert(means, mean[i]!, from, at)
    // An unknown one comes after all that are known.
    insert(coverages, Number.isNaN(coverage[i]) ? Infinity : coverage[i]!, from, at)
  }
  return { starts, times, means, coverages }
}

function bounds(time: Float64Array): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity]
  for (let i = 0; i < time.length; i++) {
    first = Math.min(first, time[i]!)
    last = Math.max(last, time[i]!)
  }
  return [first, last]
}

/** Where it belongs among the sorted values from `from` to before `at`; a street's sites are too few for a sort to pay. */
function insert(sorted: Float64Array, value: number, from: number, at: number): void {
  let place = at
  for (; place > from && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!
  sorted[place] = value
}

/** Summed in ascending order, so that the order of the sites cannot change the last digit. */
function meanOfKnown(coverages: Float64Array, from: number, until: number): number | null {
  let [sum, known] = [0, 0]
  for (let i = from; i < until && coverages[i] !== Infinity; i++) {
    sum += coverages[i]!
    known++
  }
  return known > 0 ? sum / known : null
}
