/** Unbroken runs of readings, looked at hour by hour: what a verdict on a stretch of readings is made from. */
import { hourMs } from '../model/time.ts'
import type { Work } from './look-back-work.ts'

/** Indexes into `good`: from `first` up to, not including, `after`. */
export interface Run {
  first: number
  after: number
}

export interface RunRule {
  /** May this value belong to a run that began with that one? */
  belongs(value: number, first: number): boolean
  /** From its first reading to its last. */
  forMs: number
  /** A longer silence ends it. */
  gapMs: number
}

/** Those that last long enough to be looked at. */
export function* runsOf(
  { series: { time, value }, good }: Work,
  { belongs, forMs, gapMs }: RunRule
): Generator<Run> {
  for (let first = 0, after = 0; first < good.length; first = after) {
    after = first + 1
    const start = value[good[first]!]!
    if (!belongs(start, start)) continue
    while (after < good.length && belongs(value[good[after]!]!, start)) {
      if (time[good[after]!]! - time[good[after - 1]!]! > gapMs) break
      after++
    }
    if (time[good[after - 1]!]! - time[good[first]!]! >= forMs) yield { first, after }
  }
}

/** What a run holds of one hour of the clock (UTC). */
export interface RunHour extends Run {
  hour: number
  start: number
  end: number
  lowest: number
  highest: number
}

export function hoursOf({ series: { time, value }, good }: Work, { first, after }: Run): RunHour[] {
  const hours: RunHour[] = []
  for (let k = first; k < after; k++) {
    const [at, of] = [time[good[k]!]!, value[good[k]!]!]
    const hour = Math.floor(at / hourMs) * hourMs
    const last = hours.at(-1)
    if (last?.hour === hour) {
      last.after = k + 1
      last.end = at
      last.lowest = Math.min(last.lowest, of)
      last.highest = Math.max(last.highest, of)
    } else {
      hours.push({ hour, first: k, after: k + 1, start: at, end: at, lowest: of, highest: of })
    }
  }
  return hours
}

/**
 * Each hour of a run with as much of the run as lies within reach of it, so that what is found of the hour is the same however
 * much of the run was loaded.
 */
export function* nearHours<Hour extends RunHour>(
  hours: readonly Hour[],
  reachMs: number
): Generator<{ hour: Hour; near: readonly Hour[] }> {
  for (const hour of hours) {
    yield { hour, near: hours.filter((other) => Math.abs(other.hour - hour.hour) <= reachMs) }
  }
}

export function lastedMs(hours: readonly RunHour[]): number {
  return hours.at(-1)!.end - hours[0]!.start
}

/** Marks the readings of an hour of a run. */
export function markHour(work: Work, { first, after }: Run, bits: number, hasFailed: boolean): void {
  for (let k = first; k < after; k++) {
    const index = work.good[k]!
    work.found[index]! |= bits
    if (hasFailed) work.failed[index] = true
  }
}
