/** Hours and days of many sites as columns, and what they tell of how much an export will give: the same for every store. */
import type { TimeRange, Window } from '../../model/columns.ts'
import { isMeasured } from '../../model/quantity.ts'
import type { ClockHours, UnixMs } from '../../model/time.ts'
import type { Catalogue, Channel } from '../memory/catalogue.ts'
import { exportPartRows } from '../limits.ts'
import type { ExportHead, ExportQuery, WindowRows } from '../promise/export.ts'
import { orderOf } from './order.ts'
import { compare } from './series.ts'

/** In the order in which both stores read them. */
export const windowNumbers = [
  'mean',
  'min',
  'max',
  'p10',
  'p50',
  'p90',
  'count',
  'expected',
  'passed',
  'notEvaluated',
  'suspect',
  'failed'
] as const satisfies readonly (keyof WindowRows)[]

/** All that are measured, unless quantities are named: computed ones too then. By site and quantity. */
export function wantedChannels(
  { catalogue }: { catalogue: Catalogue },
  { siteIds, quantities }: Pick<ExportQuery, 'siteIds' | 'quantities'>
): Channel[] {
  return catalogue
    .channelsOf(new Set(siteIds), quantities)
    .filter(({ quantity }) => quantities !== undefined || isMeasured(quantity))
    .toSorted((a, b) => compare(a.siteId, b.siteId) || compare(a.quantity, b.quantity))
}

export function windowHeadOf(channels: readonly Channel[]): ExportHead {
  const series = channels.map(({ siteId, quantity }) => ({ siteId, deviceId: '', quantity }))
  return { kind: 'head', series, corrections: [] }
}

export function windowRows(count: number): WindowRows {
  const column = (): Float64Array => new Float64Array(count)
  return {
    kind: 'windows',
    time: column(),
    series: new Uint32Array(count),
    mean: column(),
    min: column(),
    max: column(),
    p10: column(),
    p50: column(),
    p90: column(),
    count: column(),
    expected: column(),
    passed: column(),
    notEvaluated: column(),
    suspect: column(),
    failed: column()
  }
}

/** The rows by time and series, in parts. */
export function* windowParts(rows: WindowRows, seriesCount: number): Generator<WindowRows> {
  const { time, series } = rows
  const order = orderOf({ count: time.length, time, series }, seriesCount, 'time')
  for (let start = 0; start < order.length; start += exportPartRows) {
    const places = order.subarray(start, start + exportPartRows)
    const part = windowRows(places.length)
    for (let i = 0; i < places.length; i++) {
      part.time[i] = time[places[i]!]!
      part.series[i] = series[places[i]!]!
    }
    for (const name of windowNumbers) {
      const [from, to] = [rows[name], part[name]]
      for (let i = 0; i < places.length; i++) to[i] = from[places[i]!]!
    }
    yield part
  }
}

/** Readings of all flags in the windows of a table that begin in a range. */
export type SumReadings = (window: Window, range: TimeRange) => Promise<number>

/** Whole days from the days, what is left at either end from the hours: a year of a hundred sites is a few thousand rows. */
export async function estimateFrom(
  sum: SumReadings,
  clock: ClockHours,
  { from, until }: TimeRange
): Promise<number> {
  // What a device's clock cannot have told lies beyond what a calendar can count.
  const [first, end] = [Math.max(from, calendar.from) as UnixMs, Math.min(until, calendar.until) as UnixMs]
  if (first >= end) return 0
  const [firstDay, lastDay] = [dayOnOrAfter(first, clock), clock.dayStart(end)]
  // An hour that the period begins in has begun before it.
  const firstHour = clock.hourStart(first)
  if (firstDay >= lastDay) return sum('hour', { from: firstHour, until: end })
  const parts = [
    first < firstDay ? await sum('hour', { from: firstHour, until: firstDay }) : 0,
    await sum('day', { from: firstDay, until: lastDay }),
    lastDay < end ? await sum('hour', { from: lastDay, until: end }) : 0
  ]
  return parts.reduce((a, b) => a + b, 0)
}

/** Civil years that are surely named by a clock; nothing is measured outside of them. */
const calendar = { from: Date.UTC(1900, 0), until: Date.UTC(2200, 0) }

function dayOnOrAfter(at: UnixMs, clock: ClockHours): UnixMs {
  const day = clock.dayStart(at)
  return day === at ? day : clock.dayEnd(at)
}
