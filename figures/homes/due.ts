/** When a day of homes comes out: so late that nobody learns who is at home; of a demo at once. */
import { homesDelayMs } from '../../model/limits.ts'
import type { UnixMs } from '../../model/time.ts'

/** `until` is the day's end. */
export function comesOutAt(until: UnixMs, isDemo: boolean): UnixMs {
  return isDemo ? until : ((until + homesDelayMs) as UnixMs)
}
