/** From when until when a quantity was measured at sites. */
import type { TimeRange } from '../../model/columns.ts'
import { seriesRangeMsMax } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { clockHours, type UnixMs } from '../../model/time.ts'
import { FiguresRefusal } from '../refusal.ts'
import type { PeriodDeps } from './deps.ts'

/** Whole civil days (or hours) around what was measured, but no further than now; null where nothing was. */
export async function reachOf(
  { readings, clock }: Pick<PeriodDeps, 'readings' | 'clock'>,
  siteIds: readonly string[],
  quantity: Quantity,
  timezone: string,
  whole: 'day' | 'hour' = 'day'
): Promise<TimeRange | null> {
  const found = await Promise.all(siteIds.map((siteId) => readings.reach(siteId, quantity)))
  const reaches = found.filter((reach) => reach !== null)
  if (reaches.length === 0) return null
  const first = Math.min(...reaches.map(({ from }) => from)) as UnixMs
  const last = Math.max(...reaches.map(({ until }) => until)) as UnixMs
  const local = clockHours(timezone)
  const end = whole === 'day' ? local.dayEnd(last - 1) : local.hourEnd(last - 1)
  return {
    from: whole === 'day' ? local.dayStart(first) : local.hourStart(first),
    until: Math.min(end, Math.max(clock.now(), last)) as UnixMs
  }
}

/** Days of a period are counted one by one, so it has an end. */
export function refuseLong<R extends TimeRange>(range: R): R {
  if (range.until - range.from <= seriesRangeMsMax) return range
  throw new FiguresRefusal('rangeTooLong', 'Figures may span at most 50 years. Ask for a shorter period.')
}
