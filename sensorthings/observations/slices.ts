/** Reads the Observations of several Datastreams in the order of time, forwards or backwards, one stretch after another. */
import type { UnixMs } from '../../model/time.ts'
import { minuteMs, secondMs } from '../../model/time.ts'
import type { Flag } from '../../model/flag.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { inOrder, type Row, type Series, type Stream } from '../entities/entity.ts'
import { stretchMsMax, stretchReadingsMax, stretchReadingsWanted } from '../limits.ts'
import type { Plan } from './plan.ts'

export type StaReadings = Pick<ReadingReader, 'export' | 'latest' | 'extents' | 'counts'>

export interface Slice {
  /** In the order asked for; the plan's filters have not been applied to readings yet. */
  rows: Row[]
  /** Everything up to here (back to here) is done. */
  until: number
}

type Range = Pick<Plan, 'from' | 'until'>

export interface Reading {
  descending: boolean
  /** About how many readings are needed in all: it sets how long the first stretch is. */
  wanted: number
  /** Where to begin; what lies before it (behind it) is not read. */
  start?: number
}

export async function* slices(
  readings: StaReadings,
  plan: Plan,
  { descending, wanted, start }: Reading
): AsyncGenerator<Slice> {
  const reach = reachOf(plan, descending, start)
  const aim = Math.min(stretchReadingsWanted, Math.max(1, wanted))
  let width = widthFor(plan.streams, aim)
  let at = descending ? reach.until : reach.from
  while (descending ? at > reach.from : at < reach.until) {
    const next = skipped(plan, at, descending)
    if (next === undefined) return
    at = next
    const stretch = descending
      ? { from: Math.max(reach.from, at - width), until: at }
      : { from: at, until: Math.min(reach.until, at + width) }
    const rows = await readStretch(readings, plan, stretch)
    if (rows === 'tooMany') {
      width = Math.max(1, Math.floor(width / 8))
      continue
    }
    rows.sort(descending ? (a, b) => inOrder(b, a) : inOrder)
    at = descending ? stretch.from : stretch.until
    yield { rows, until: at }
    if (rows.length < stretchReadingsWanted / 2) width = Math.min(stretchMsMax, width * 4)
    else if (rows.length > stretchReadingsWanted * 4) width = Math.max(1, Math.floor(width / 2))
  }
}

/** What is published of homes has its own filter, and is not bound by the range of readings. */
function reachOf({ streams, from, until }: Plan, descending: boolean, start?: number): Range {
  let first = Infinity
  let end = -Infinity
  for (const { series, siteId } of streams)
    for (const one of series) {
      const [low, high] =
        siteId === null ? [one.from, one.until] : [Math.max(from, one.from), Math.min(until, one.until)]
      if (low >= high) continue
      first = Math.min(first, low)
      end = Math.max(end, high)
    }
  if (start === undefined) return { from: first, until: end }
  return descending
    ? { from: first, until: Math.min(end, start) }
    : { from: Math.max(first, start), until: end }
}

function widthFor(streams: readonly Stream[], aim: number): number {
  const perMs = streams
    .flatMap(({ series }) => series)
    .reduce((sum, { intervalS }) => sum + 1 / (intervalS * secondMs), 0)
  return Math.min(stretchMsMax, Math.max(minuteMs, Math.ceil((1.2 * aim) / Math.max(perMs, 1e-12))))
}

/** Past a time in which no series has anything. */
function skipped({ streams }: Plan, at: number, descending: boolean): number | undefined {
  let next: number | undefined
  for (const { series } of streams)
    for (const one of series) {
      if (descending ? one.from >= at : one.until <= at) continue
      const reachable = descending ? Math.min(at, one.until) : Math.max(at, one.from)
      if (reachable === at) return at
      next =
        next === undefined ? reachable : descending ? Math.max(next, reachable) : Math.min(next, reachable)
    }
  return next
}

async function readStretch(readings: StaReadings, plan: Plan, stretch: Range): Promise<Row[] | 'tooMany'> {
  const rows: Row[] = plan.streams.flatMap(({ published }) =>
    published.filter((row) => row.at >= stretch.from && row.at < stretch.until && plan.publishedFits(row))
  )
  const from = Math.max(stretch.from, plan.from)
  const until = Math.min(stretch.until, plan.until)
  const there = plan.streams.filter(
    ({ siteId, series }) => siteId !== null && series.some((one) => one.from < until && one.until > from)
  )
  if (there.length === 0 || from >= until) return rows
  const byName = seriesByName(there)
  const parts = readings.export({
    siteIds: [...new Set(there.map(({ siteId }) => siteId!))],
    quantities: [...new Set(there.map(({ quantity }) => quantity))],
    from: from as UnixMs,
    until: until as UnixMs
  })
  let series: (Series | undefined)[] = []
  for await (const part of parts) {
    if (part.kind === 'head') {
      series = part.series.map((one) => byName.get(nameOf(one.siteId, one.deviceId, one.quantity)))
      continue
    }
    for (let i = 0; i < part.time.length; i++) {
      const of = series[part.series[i]!]
      if (!of) continue
      const at = part.time[i]!
      rows.push({
        series: of,
        at,
        until: at,
        value: part.value[i]!,
        flag: part.flag[i] as Flag,
        reasons: part.reasons[i]!
      })
    }
    if (rows.length > stretchReadingsMax && until - from > 1) return 'tooMany'
  }
  return rows
}

function seriesByName(streams: readonly Stream[]): ReadonlyMap<string, Series> {
  return new Map(
    streams.flatMap(({ siteId, quantity, series }) =>
      series.map((one) => [nameOf(siteId!, one.deviceId, quantity), one] as const)
    )
  )
}

function nameOf(siteId: string, deviceId: string, quantity: string): string {
  return `${siteId} ${deviceId} ${quantity}`
}
