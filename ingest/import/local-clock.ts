/** From what a clock showed to the moment it showed it: a fixed offset, or a zone with its clock changes. Pure. */
import { minuteMs, zoneAheadMs, type UnixMs } from '../../model/time.ts'

/**
 * The moment, or undefined for a time that the clock never showed. `series` tells the rows of one sensor and quantity,
 * which come in order, from those of others: in the hour that the clock shows twice a time that is not later than the
 * one before is of the second round.
 */
export type LocalClock = (wallMs: number, series: string) => UnixMs | undefined

export function fixedClock(aheadMs: number): LocalClock {
  return (wallMs) => (wallMs - aheadMs) as UnixMs
}

export function zoneClock(zone: string): LocalClock {
  const offsets = offsetsIn(zone)
  const before = new Map<string, number>()
  return (wallMs, series) => {
    const [first, second] = offsets(wallMs)
    if (first === undefined) return undefined
    const moment = choose(wallMs - first, wallMs - (second ?? first), before.get(series))
    before.set(series, moment)
    return moment as UnixMs
  }
}

function choose(first: number, second: number, before: number | undefined): number {
  return before !== undefined && before >= first && before < second ? second : first
}

/** Offsets at which the clock shows a time: none in the gap of spring, two in autumn (the summer one first). */
function offsetsIn(zone: string): (wallMs: number) => readonly number[] {
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
