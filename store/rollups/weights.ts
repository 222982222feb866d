/**
 * How many seconds a reading stands for: as long as its device measures. Where devices measured at once in an hour each
 * moment would count twice, and a device that speaks on change says little in a quiet hour; so there the readings share
 * the hour. Pure.
 */
import type { ClockPeriod } from '../../model/time.ts'
import type { Series } from '../memory/catalogue.ts'
import type { Intervals, IntervalStretch } from '../memory/intervals.ts'
import { lowerBound } from './lower-bound.ts'

/** An array, typed or not. */
type Times = number[] | Float64Array

/** The readings of one device for a channel, oldest first. */
export interface Part {
  /** How often it measures, oldest first; of what time nothing is known there is none. */
  intervals: readonly IntervalStretch[]
  readings: { time: Times; value: ArrayLike<number>; flag: ArrayLike<number> }
}

/** Those of a part that lie in an hour, at least one: from the place `first` to before `end`. */
export interface Present extends Part {
  first: number
  end: number
}

/** Does each reading of a period stand for its own interval, whatever else is in its hour? Then a database can sum it up. */
export function isPlain(
  series: readonly Series[],
  intervals: Intervals,
  { from, until }: { from: number; until: number }
): boolean {
  const there = series.filter(({ low, high }) => low < until && high >= from).sort((a, b) => a.low - b.low)
  const speaksOnChange = (one: Series): boolean =>
    intervals.of(one).some((stretch) => stretch.onChange && stretch.from < until && from < stretch.until)
  return (
    !there.some(speaksOnChange) &&
    there.every(({ low }, i) => i === 0 || Math.max(...there.slice(0, i).map(({ high }) => high)) < low)
  )
}

/** What a reading stands for whose device nothing is known of: as long as that of the quickest other. */
export function unknownSecondsOf(series: readonly Series[], intervals: Intervals): number {
  const known = series.flatMap((one) => intervals.of(one).map(({ intervalS }) => intervalS))
  return known.length > 0 ? Math.min(...known) : 1
}

export function presentIn(parts: readonly Part[], { start, until }: ClockPeriod): Present[] {
  return parts.flatMap(({ intervals, readings }) => {
    const first = lowerBound(readings.time, start)
    const end = lowerBound(readings.time, until)
    return first < end ? [{ intervals, readings, first, end }] : []
  })
}

/** Of each present part: seconds of every one of its readings, or of each; undefined where nothing is known. */
export type Weights = readonly (number | Float64Array | undefined)[]

export function weigh(present: readonly Present[], { start, until }: ClockPeriod): Weights {
  const lengthS = (until - start) / 1_000
  const said = present.map((one) => stretchesIn(one))
  if (said.some((stretches) => stretches.some(({ onChange }) => onChange))) {
    const all = present.reduce((sum, { first, end }) => sum + end - first, 0)
    const good = goodIn(present)
    return present.map(() => lengthS / (good > 0 ? good : all))
  }
  const shortestS = Math.min(...said.flatMap((stretches) => stretches.map(({ intervalS }) => intervalS)))
  if (shortestS === Infinity) return present.map(() => undefined)
  if (isAtOnce(present)) {
    const good = Math.max(1, goodIn(present))
    const weightS = Math.min(shortestS, lengthS / good)
    return present.map(() => weightS)
  }
  return present.map((one, i) => ownWeights(one, said[i]!, shortestS))
}

/** Of the quickest device as its readings here came; undefined where nothing is known of any. */
export function shortestSecondsIn(present: readonly Present[]): number | undefined {
  const known = present.flatMap((one) => stretchesIn(one).map(({ intervalS }) => intervalS))
  return known.length > 0 ? Math.min(...known) : undefined
}

/** What is known of the time of a part's readings. */
function stretchesIn({ intervals, readings: { time }, first, end }: Present): readonly IntervalStretch[] {
  if (intervals.length === 1) return intervals
  return intervals.filter(({ from, until }) => from <= time[end - 1]! && time[first]! < until)
}

function ownWeights(
  { readings: { time }, first, end }: Present,
  stretches: readonly IntervalStretch[],
  unknownS: number
): number | Float64Array {
  const [only] = stretches
  const isWhole = only && only.from <= time[first]! && time[end - 1]! < only.until
  if (!only || isWhole) return only?.intervalS ?? unknownS
  const weights = new Float64Array(end - first)
  let next = 0
  for (let place = first; place < end; place++) {
    while (next < stretches.length && stretches[next]!.until <= time[place]!) next++
    const stretch = stretches[next]
    weights[place - first] = stretch && stretch.from <= time[place]! ? stretch.intervalS : unknownS
  }
  return weights
}

function goodIn(present: readonly Present[]): number {
  let good = 0
  for (const { readings, first, end } of present) {
    for (let place = first; place < end; place++) if (readings.flag[place] !== 4) good++
  }
  return good
}

/** One after the other they take no longer than all of them together. */
function isAtOnce(present: readonly Present[]): boolean {
  if (present.length < 2) return false
  const ends = present.map(({ readings: { time }, first, end }) => [time[first]!, time[end - 1]!] as const)
  const each = ends.reduce((sum, [from, through]) => sum + through - from, 0)
  const all = Math.max(...ends.map(([, through]) => through)) - Math.min(...ends.map(([from]) => from))
  return each >= all
}
