/** From what a clock showed to the moment it showed it: a fixed offset, or a zone with its clock changes. Pure. */
import { minuteMs, zoneAheadMs, type UnixMs } from '../../model/time.ts'
import type { Round } from './doubled-hours.ts'

/** The moment, or why there is none: the clock left that time out, or showed it twice and nothing says which is meant. */
export type Moment = UnixMs | 'neverShown' | 'shownTwice'

/** `series` tells the rows of one sensor and quantity, which come in an order, from those of others. */
export type LocalClock = (wallMs: number, series: string) => Moment

export function fixedClock(aheadMs: number): LocalClock {
  return (wallMs) => (wallMs - aheadMs) as UnixMs
}

/** Of each series of a file, in its order, the rounds of the rows whose time was shown twice. */
export type DoubledRounds = ReadonlyMap<string, readonly Round[]>

/** `rounds` are those of a survey of the same rows in the same order. */
export function zoneClock(zone: string, rounds: DoubledRounds): LocalClock {
  const offsets = offsetsIn(zone)
  const next = new Map<string, number>()
  return (wallMs, series) => {
    const [first, second] = offsets(wallMs)
    if (first === undefined) return 'neverShown'
    if (second === undefined) return (wallMs - first) as UnixMs
    const index = next.get(series) ?? 0
    next.set(series, index + 1)
    const round = rounds.get(series)?.[index] ?? null
    if (round === null) return 'shownTwice'
    return (wallMs - (round === 'first' ? first : second)) as UnixMs
  }
}

/** Offsets at which the clock shows a time: none in the gap of spring, two in autumn (the summer one first). */
export function offsetsIn(zone: string): (wallMs: number) => readonly number[] {
  // All clock changes of this century lie on a quarter of an hour, and rows come in order, so the last answer serves.
  const bucketMs = 15 * minuteMs
  let bucket = NaN
  let offsets: readonly number[] = []
  return (wallMs) => {
    const asked = Math.floor(wallMs / bucketMs)
    if (asked !== bucket) {
      bucket = asked
      offsets = offsetsAt(asked * bucketMs, zone)
    }
    return offsets
  }
}

/** No offset is beyond 14 hours, so one before and one after the change are among these two. */
function offsetsAt(wallMs: number, zone: string): number[] {
  const aroundMs = 16 * 60 * minuteMs
  const candidates = new Set([
    zoneAheadMs((wallMs - aroundMs) as UnixMs, zone),
    zoneAheadMs((wallMs + aroundMs) as UnixMs, zone)
  ])
  return [...candidates]
    .filter((ahead) => zoneAheadMs((wallMs - ahead) as UnixMs, zone) === ahead)
    .toSorted((a, b) => b - a)
}
