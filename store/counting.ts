/**
 * Counts readings by the days that were made of them, and looks at single ones only where a day does not tell: at the ends of a
 * period, and from the first hour on that is marked. So a hundred million are counted exactly in some milliseconds.
 */
import type { TimeRange, Window } from '../model/columns.ts'
import { isMeasured } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { countsOfCorrected, type CountHours } from './extents.ts'
import type { Channel, Series } from './memory/catalogue.ts'
import type { CorrectionSource } from './memory/corrections.ts'
import type { StoreMemory } from './memory/memory.ts'
import type { ChannelCount, CountsQuery } from './promise/read.ts'

export interface CountingReader {
  /** Readings by series. */
  readings(series: readonly Series[], range: TimeRange): Promise<ReadonlyMap<Series, number>>
  /** Readings that whole hours or days were made of, failed ones too, by channel. */
  windows(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange
  ): Promise<ReadonlyMap<Channel, number>>
}

/** Of what is measured and of what is corrected, by site and quantity; those without any are absent. */
export async function countReadings(
  memory: StoreMemory & CorrectionSource,
  query: CountsQuery,
  read: CountingReader
): Promise<ChannelCount[]> {
  const hours: CountHours = async (of, range) => {
    const channels = of.flatMap(({ siteId, quantity }) => memory.catalogue.channel(siteId, quantity) ?? [])
    return countsByName(await read.windows('hour', channels, range))
  }
  return [...(await countMeasured(memory, query, read)), ...(await countsOfCorrected(memory, query, hours))]
}

function countsByName(counted: ReadonlyMap<Channel, number>): ChannelCount[] {
  return [...counted].map(([{ siteId, quantity }, count]) => ({ siteId, quantity, count }))
}

async function countMeasured(
  memory: StoreMemory,
  query: CountsQuery,
  read: CountingReader
): Promise<ChannelCount[]> {
  const channels = memory.catalogue
    .channelsOf(new Set(query.siteIds), query.quantities)
    .filter(({ quantity }) => isMeasured(quantity))
  const series = memory.catalogue
    .seriesOf(channels)
    .filter(({ low, high }) => low <= high && low < query.until && high >= query.from)
  const counted = new Map<Channel, number>()
  const add = (channel: Channel, count: number): void =>
    void counted.set(channel, (counted.get(channel) ?? 0) + count)

  // Of sites whose single readings were removed for their age there are more days than readings.
  const [whole, looked] = partition(series, ({ channel }) => !memory.trimmed.has(channel.siteId))
  const parts = whole.length > 0 ? partsOf(memory, whole, query) : undefined
  if (parts?.days) {
    const ofDays = await read.windows('day', [...new Set(whole.map(({ channel }) => channel))], parts.days)
    for (const [channel, count] of ofDays) add(channel, count)
  }
  for (const [some, ranges] of [
    [whole, parts?.ends ?? []],
    [looked, [query]]
  ] as const)
    for (const range of ranges) {
      const there = some.filter(({ low, high }) => low < range.until && high >= range.from)
      if (there.length === 0) continue
      for (const [{ channel }, count] of await read.readings(there, range)) add(channel, count)
    }
  return countsByName(counted).filter(({ count }) => count > 0)
}

function partition<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))]
}

interface Parts {
  /** Whole days that are as their readings are; undefined where there are none. */
  days: TimeRange | undefined
  ends: TimeRange[]
}

function partsOf({ clock, dirty }: StoreMemory, series: readonly Series[], query: TimeRange): Parts {
  let low = Infinity
  let high = -Infinity
  for (const one of series) {
    low = Math.min(low, one.low)
    high = Math.max(high, one.high)
  }
  const from = Math.max(query.from, low)
  const until = Math.min(query.until, high + 1)
  const marked = dirty.earliest(new Set(series.map(({ channel }) => channel.id)))
  const firstDay = query.from <= low ? clock.dayStart(low) : dayFrom(clock, from)
  // Nothing comes after the last reading, so its day is whole even if it goes on.
  const end = query.until > high ? dayFrom(clock, high + 1) : clock.dayStart(until)
  const lastDay = Math.min(end, marked === undefined ? Infinity : clock.dayStart(marked))
  if (firstDay >= lastDay) return { days: undefined, ends: [range(from, until)] }
  const ends = [range(from, Math.max(from, firstDay)), range(lastDay, until)]
  return { days: range(firstDay, lastDay), ends: ends.filter((one) => one.from < one.until) }
}

/** The first day that begins then or later. */
function dayFrom(clock: StoreMemory['clock'], at: number): number {
  const start = clock.dayStart(at)
  return start === at ? start : clock.day(at).until
}

function range(from: number, until: number): TimeRange {
  return { from: from as UnixMs, until: until as UnixMs }
}
