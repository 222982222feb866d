/** How many readings an hour is taken to hold, so that work can be cut into pieces of bounded size. The same for every store. */
import { hourMs } from '../../model/time.ts'
import type { Interval } from '../memory/intervals.ts'
import type { StoreMemory } from '../memory/memory.ts'
import { hourReadingsUnknown } from '../limits.ts'

/** Of one device; undefined where nothing is known of it. Nobody knows how often one speaks that does so on change. */
export function readingsAnHour(interval: Interval | undefined): number {
  return interval && !interval.onChange ? hourMs / 1_000 / interval.intervalS : hourReadingsUnknown
}

/** By channel, as its devices are said to measure; a series without readings adds none. */
export function readingsPerHour({
  catalogue,
  intervals
}: Pick<StoreMemory, 'catalogue' | 'intervals'>): Map<number, number> {
  const perHour = new Map<number, number>()
  for (const series of catalogue.allSeries()) {
    const { channel, low, high } = series
    if (low > high) continue
    const readings = readingsAnHour(intervals.newest(series))
    perHour.set(channel.id, (perHour.get(channel.id) ?? 0) + readings)
  }
  return perHour
}

/** Gives how many readings a channel is taken to hold in a period: none from before its first reading or after its last. */
export function readingsWithin({
  catalogue,
  intervals
}: Pick<StoreMemory, 'catalogue' | 'intervals'>): (channelId: number, from: number, until: number) => number {
  return (channelId, from, until) => {
    const channel = catalogue.channelById(channelId)
    if (!channel) return 0
    let readings = 0
    for (const series of catalogue.seriesAt(channel.siteId, channel.quantity)) {
      const heldMs = Math.min(until, series.high + 1) - Math.max(from, series.low)
      // A single reading is one, however often its device measures.
      if (heldMs > 0) readings += 1 + (readingsAnHour(intervals.newest(series)) * heldMs) / hourMs
    }
    return readings
  }
}
