/**
 * Which hours and days a database can make with plain sums: those of one device whose interval stays the same, so that each
 * reading weighs the same. The others are made where readings can be weighed (pieces.ts).
 */
import type { ClockHours, ClockPeriod } from '../../model/time.ts'
import type { Series } from '../memory/catalogue.ts'
import type { Intervals } from '../memory/intervals.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { StoreMemory } from '../memory/memory.ts'
import type { PendingDay } from './pending-days.ts'

/** A window of a channel, and how many readings it should have; null while that is not known. */
export interface PlainWindow {
  channelId: number
  time: number
  expected: number | null
}

export interface SortedOut {
  hours: PlainWindow[]
  days: PlainWindow[]
  /** What has to be weighed. */
  weighedHours: MarkedHour[]
  weighedDays: PendingDay[]
}

export function sortOut(
  memory: Pick<StoreMemory, 'catalogue' | 'intervals' | 'clock'>,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): SortedOut {
  const found: SortedOut = { hours: [], days: [], weighedHours: [], weighedDays: [] }
  const expects = expectations(memory)
  for (const { channelId, hour } of hours) {
    const expected = expects(channelId, memory.clock.hour(hour))
    if (expected === 'weighed') found.weighedHours.push({ channelId, hour })
    else found.hours.push({ channelId, time: hour, expected })
  }
  for (const { start, until, channels } of days) {
    const weighed = new Set<number>()
    for (const channelId of channels) {
      const expected = expects(channelId, { start, until } as ClockPeriod)
      if (expected === 'weighed') weighed.add(channelId)
      else found.days.push({ channelId, time: start, expected })
    }
    if (weighed.size > 0) found.weighedDays.push({ start, until, channels: weighed })
  }
  return found
}

type Expects = (channelId: number, period: ClockPeriod) => number | null | 'weighed'

/** Thousands of hours of a channel are asked for in a row, so its series are looked up once. */
function expectations({
  catalogue,
  intervals,
  clock
}: Pick<StoreMemory, 'catalogue' | 'intervals' | 'clock'>): Expects {
  const seriesOf = new Map<number, Series[]>()
  return (channelId, period) => {
    let series = seriesOf.get(channelId)
    if (!series) {
      const channel = catalogue.channelById(channelId)
      series = channel ? catalogue.seriesAt(channel.siteId, channel.quantity) : []
      seriesOf.set(channelId, series)
    }
    return expectation(series, intervals, clock, period)
  }
}

function expectation(
  series: readonly Series[],
  intervals: Intervals,
  clock: ClockHours,
  { start, until }: ClockPeriod
): number | null | 'weighed' {
  const there = series.filter(({ low, high }) => low < until && high >= start)
  const [only] = there
  if (!only) return null
  if (there.length > 1 && !areApart(there, clock)) return 'weighed'
  const held = there.flatMap((one) =>
    intervals.of(one).filter((stretch) => stretch.from < until && start < stretch.until)
  )
  const [interval] = held
  if (!interval) return null
  if (held.some(({ onChange, intervalS }) => onChange || intervalS !== interval.intervalS)) return 'weighed'
  // Whether any reading lies where the interval is known is seen from the readings alone.
  if (there.some((one) => !isKnownThroughout(intervals.of(one), { start, until }))) return 'weighed'
  return (until - start) / 1_000 / interval.intervalS
}

/** Stretches are in order, and none overlaps another. */
function isKnownThroughout(
  stretches: readonly { from: number; until: number }[],
  { start, until }: ClockPeriod
): boolean {
  let known: number = start
  for (const stretch of stretches) {
    if (stretch.from <= known && known < stretch.until) known = stretch.until
  }
  return known >= until
}

/** Do they measure one after the other, not even in the same hour? */
function areApart(series: readonly Series[], clock: ClockHours): boolean {
  const inOrder = series.toSorted((a, b) => a.low - b.low)
  return inOrder.every(({ low }, i) => {
    const before = inOrder.slice(0, i).map(({ high }) => high)
    return Math.max(...before, -Infinity) < clock.hourStart(low)
  })
}
