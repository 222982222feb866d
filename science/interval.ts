/**
 * How often a device measures where nobody said so: "the shortest gap that makes up at least a fifth of its gaps of five
 * seconds and more". A radio that loses two messages of three at random still leaves a third of its gaps at one interval,
 * while their median is two or three intervals, and counted against that nothing would be missing.
 */
import {
  beatGapsMin,
  beatIntervalsMax,
  beatShareMin,
  intervalGapSMin,
  intervalGapShareMin,
  intervalSMax,
  intervalSMin
} from '../model/limits.ts'
import { secondMs } from '../model/time.ts'

/** Gaps this far apart, as a share of the shorter one, are one gap with the jitter of clocks and radios. */
const jitter = 0.15

/** …and how far around it the others lie that its middle is taken of; a lost message doubles a gap. */
const around = 0.25

/** undefined where no gap is common enough. */
export function assumedIntervalS(gapsMs: readonly number[]): number | undefined {
  const sorted = Float64Array.from(gapsMs.filter((gap) => gap >= intervalSMin * secondMs)).sort()
  const longer = sorted.filter((gap) => gap >= intervalGapSMin * secondMs)
  // Nearly all are shorter than five seconds: a device that measures each second, not one that repeats itself.
  const usual = longer.length < sorted.length * intervalGapShareMin ? sorted : longer
  for (let i = 0; i < usual.length; i++) {
    const alike = between(usual, usual[i]!, usual[i]! * (1 + jitter))
    if (alike.length < usual.length * intervalGapShareMin) continue
    return withinBounds(settled(usual, medianOf(alike)))
  }
  const beat = beatOf(usual)
  return beat === undefined ? undefined : withinBounds(beat)
}

function withinBounds(ms: number): number {
  return Math.min(intervalSMax, Math.max(intervalSMin, Math.round(ms / secondMs)))
}

/**
 * Of a device whose messages are nearly all lost no gap makes up a fifth, and yet each is a whole number of its intervals: at a loss of
 * 95 % one in twenty is a single one. Without this nothing would be counted as missing of the worst devices there are.
 */
function beatOf(sorted: Float64Array): number | undefined {
  if (sorted.length < beatGapsMin) return undefined
  for (let count = 1; count <= beatIntervalsMax; count++) {
    const beat = beatNear(sorted, sorted[0]! / count)
    if (beat !== undefined) return beat
  }
  return undefined
}

function beatNear(sorted: Float64Array, start: number): number | undefined {
  if (start < intervalGapSMin * secondMs) return undefined
  let beat = start
  let onBeat = 0
  let [gaps, beats] = [0, 0]
  // Shortest first: each tells the beat more exactly, which the longer ones need.
  for (const gap of sorted) {
    const count = Math.max(1, Math.round(gap / beat))
    if (Math.abs(gap - count * beat) > jitter * beat) continue
    onBeat++
    gaps += gap
    beats += count
    beat = gaps / beats
  }
  return onBeat >= sorted.length * beatShareMin ? beat : undefined
}

/** Moves to the middle of the gaps around it until it stays: the shortest of them may be the rarest. */
function settled(sorted: Float64Array, start: number): number {
  let middle = start
  for (let step = 0; step < 8; step++) {
    const next = medianOf(between(sorted, middle * (1 - around), middle * (1 + around)))
    if (next === middle) break
    middle = next
  }
  return middle
}

function between(sorted: Float64Array, low: number, high: number): Float64Array {
  const from = sorted.findIndex((value) => value >= low)
  let until = from
  while (until < sorted.length && sorted[until]! <= high) until++
  return sorted.subarray(from, until)
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
