/**
 * How often a device measures where nobody said so: "the shortest gap that makes up at least a fifth of its gaps of five
 * seconds and more". A radio that loses two messages of three at random still leaves a third of its gaps at one interval,
 * while their median is two or three intervals, and counted against that nothing would be missing.
 */
import { intervalGapSMin, intervalGapShareMin, intervalSMax, intervalSMin } from '../model/limits.ts'
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
    const intervalS = Math.round(settled(usual, medianOf(alike)) / secondMs)
    return Math.min(intervalSMax, Math.max(intervalSMin, intervalS))
  }
  return undefined
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
