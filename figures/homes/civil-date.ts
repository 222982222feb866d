/** How people call a civil day: "2026-11-20". */
import { hourMs, type UnixMs } from '../../model/time.ts'
import { civilDay } from '../../science/guidelines.ts'

/** By its noon, since a day need not begin at midnight where clocks change there. */
export function civilDate(dayStart: UnixMs, timezone: string): string {
  return civilDay((dayStart + 12 * hourMs) as UnixMs, timezone)
}
