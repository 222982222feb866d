/**
 * Means of the hours that an index asks for. They are the store's own where the index counts hours as the hub's clock does;
 * a day in standard time, or hours around a jump of half an hour, may be cut otherwise, and are then made of the readings.
 */
import type { TimeRange } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'
import { clockHours, hourMs, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import type { PeriodDeps } from './deps.ts'

/** Of each quantity the hours from the beginning of its period. */
export async function indexHours(
  { readings, timezone }: Pick<PeriodDeps, 'readings' | 'timezone'>,
  siteId: string,
  asked: readonly { quantity: Quantity; period: TimeRange }[]
): Promise<(MeanColumns | undefined)[]> {
  const plain = asked.filter(({ period }) => areHoursOfClock(period, timezone))
  const range = {
    from: Math.min(...plain.map(({ period }) => period.from)) as UnixMs,
    until: Math.max(...plain.map(({ period }) => period.until)) as UnixMs
  }
  const quantities = plain.map(({ quantity }) => quantity)
  const means =
    plain.length === 0
      ? []
      : await readings.means({ siteIds: [siteId], quantities, window: 'hour', ...range })
  return Promise.all(
    asked.map(async (one) =>
      plain.includes(one)
        ? means.find(({ quantity }) => quantity === one.quantity)
        : hoursOfReadings(readings, siteId, one)
    )
  )
}

function areHoursOfClock(period: TimeRange, timezone: string): boolean {
  const clock = clockHours(timezone)
  return startsOf(period).every((start) => {
    const { start: own, until } = clock.hour(start)
    return own === start && until === start + hourMs
  })
}

function startsOf({ from, until }: TimeRange): UnixMs[] {
  const hours = Math.round((until - from) / hourMs)
  return Array.from({ length: hours }, (_, i) => (from + i * hourMs) as UnixMs)
}

async function hoursOfReadings(
  readings: PeriodDeps['readings'],
  siteId: string,
  { quantity, period }: { quantity: Quantity; period: TimeRange }
): Promise<MeanColumns> {
  const time = startsOf(period)
  const stretches = time.map((from, group) => ({ from, until: (from + hourMs) as UnixMs, group }))
  const { mean, coverage } = await readings.summary({
    siteId,
    quantity,
    stretches,
    groups: time.length,
    percentiles: []
  })
  return { time, mean, coverage }
}
