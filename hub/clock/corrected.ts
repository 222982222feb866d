/** The hub's time in threads that do not judge the clock themselves. */
import type { Clock, UnixMs } from '../../model/time.ts'

export function correctedClock(wall: Clock, shared: SharedArrayBuffer): Clock {
  const correction = new Float64Array(shared)
  return { now: () => Math.round(wall.now() + correction[0]!) as UnixMs }
}
