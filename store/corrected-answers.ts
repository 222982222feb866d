/** Answers about single readings of corrected quantities: computed piece by piece, so that a long period stays bounded. */
import type { TimeRange } from '../model/columns.ts'
import type { Flag } from '../model/flag.ts'
import { sourceOf } from '../model/quantity.ts'
import { dayMs, hourMs, type UnixMs } from '../model/time.ts'
import type {
  AppliedCorrection,
  CorrectedQuery,
  CorrectedRawColumns,
  CorrectionsQuery,
  LatestReading,
  SeriesQuery
} from './promise/read.ts'
import type { Channel } from './memory/catalogue.ts'
import {
  wantedOf,
  type ComputedSeries,
  type CorrectionSource,
  type CorrectedSeries
} from './memory/corrections.ts'
import { correctedPieceMs } from './limits.ts'

export function isCorrected(query: SeriesQuery): query is CorrectedQuery {
  return sourceOf(query.quantity) !== undefined
}

async function* computedPieces(
  place: CorrectionSource,
  wanted: readonly CorrectedSeries[],
  range: TimeRange
): AsyncGenerator<ComputedSeries[]> {
  for (const piece of piecesOf(wanted, range)) {
    yield await place.compute(wanted, [piece])
  }
}

export async function corrected(
  place: CorrectionSource,
  query: CorrectedQuery
): Promise<CorrectedRawColumns> {
  const wanted = wantedOf(place, query.siteId, query.quantity, query.corrections)
  const rows = wanted.flatMap((one) => one.rows)
  const columns: CorrectedRawColumns = {
    time: [],
    value: [],
    flag: [],
    reasons: [],
    corrections: rows,
    correction: []
  }
  for await (const piece of computedPieces(place, wanted, query)) {
    for (const { series, row } of inOrder(piece)) {
      const { of, source, columns: made } = piece[series]!
      columns.time.push(source.time[made.place[row]!]! as UnixMs)
      columns.value.push(made.value[row]!)
      columns.flag.push(made.flag[row] as Flag)
      columns.reasons.push(made.reasons[row]!)
      columns.correction.push(rows.indexOf(of.rows[made.correction[row]!]!))
    }
  }
  return columns
}

/** Of several devices by time; at equal times the lower id first, which is the order of the series. */
function* inOrder(piece: readonly ComputedSeries[]): Generator<{ series: number; row: number }> {
  const next = piece.map(() => 0)
  const timeOf = (series: number): number => {
    const { source, columns } = piece[series]!
    const place = columns.place[next[series]!]
    return place === undefined ? Infinity : source.time[place]!
  }
  for (;;) {
    let first = 0
    for (let series = 1; series < piece.length; series++) if (timeOf(series) < timeOf(first)) first = series
    if (piece.length === 0 || timeOf(first) === Infinity) return
    yield { series: first, row: next[first]!++ }
  }
}

export async function countCorrected(
  place: CorrectionSource,
  query: CorrectedQuery,
  countMax: number
): Promise<number> {
  let count = 0
  for await (const piece of computedPieces(
    place,
    wantedOf(place, query.siteId, query.quantity, query.corrections),
    query
  )) {
    for (const { columns } of piece) count += columns.place.length
    if (count >= countMax) return countMax
  }
  return count
}

/** As far as the source reaches and a correction holds. */
export function reachCorrected(
  source: TimeRange | null,
  wanted: readonly CorrectedSeries[]
): TimeRange | null {
  if (!source || wanted.length === 0) return null
  const rows = wanted.flatMap((one) => one.rows)
  const from = Math.max(source.from, Math.min(...rows.map((row) => row.from ?? -Infinity)))
  const until = Math.min(source.until, Math.max(...rows.map((row) => row.until ?? Infinity)))
  return from < until ? { from: from as UnixMs, until: until as UnixMs } : null
}

/** The newest reading that did not fail: looked for in the last hour of the source, and further back where it has none. */
export async function latestCorrected(
  place: CorrectionSource,
  channels: Iterable<Channel>
): Promise<LatestReading[]> {
  let waiting = [...channels].flatMap((channel) => {
    const wanted = wantedOf(place, channel.siteId, channel.quantity)
    return wanted.length > 0 ? [{ channel, wanted }] : []
  })
  const found: LatestReading[] = []
  for (let backMs: number = hourMs; waiting.length > 0; backMs = backMs === hourMs ? dayMs : Infinity) {
    const still: typeof waiting = []
    const all = waiting.flatMap(({ wanted }) => wanted)
    const newest = Math.max(...all.map(({ source }) => source.high))
    const oldest = Math.min(...all.map(({ source }) => source.low))
    const range = { from: Math.max(oldest, newest - backMs) as UnixMs, until: (newest + 1) as UnixMs }
    const best = new Map<string, LatestReading>()
    for await (const piece of computedPieces(place, all, range)) {
      for (const one of piece) offer(best, one)
    }
    for (const one of waiting) {
      const latest = best.get(`${one.channel.siteId} ${one.channel.quantity}`)
      if (latest) found.push(latest)
      else still.push(one)
    }
    waiting = backMs === Infinity ? [] : still
  }
  return found
}

function offer(best: Map<string, LatestReading>, { of, source, columns }: ComputedSeries): void {
  const row = columns.flag.findLastIndex((flag) => flag !== 4)
  if (row === -1) return
  const { siteId, quantity } = of.channel
  const latest: LatestReading = {
    siteId,
    deviceId: of.source.deviceId,
    quantity,
    measuredAt: source.time[columns.place[row]!]! as UnixMs,
    value: columns.value[row]!,
    flag: columns.flag[row] as Flag,
    reasons: columns.reasons[row]!
  }
  const key = `${siteId} ${quantity}`
  const known = best.get(key)
  if (!known || known.measuredAt < latest.measuredAt) best.set(key, latest)
  else if (known.measuredAt === latest.measuredAt && known.deviceId < latest.deviceId) best.set(key, latest)
}

export function appliedCorrections(place: CorrectionSource, query: CorrectionsQuery): AppliedCorrection[] {
  const { siteIds, quantity, from, until } = query
  const applied = [...new Set(siteIds)].toSorted().flatMap((siteId) =>
    wantedOf(place, siteId, quantity).flatMap(({ source, rows }) =>
      rows
        .filter((row) => {
          const first = Math.max(from, source.low, row.from ?? -Infinity)
          return first < Math.min(until, source.high + 1, row.until ?? Infinity)
        })
        .map((row) => ({ siteId, row }))
    )
  )
  return applied.toSorted(
    (a, b) => (a.siteId < b.siteId ? -1 : a.siteId > b.siteId ? 1 : 0) || compareStart(a.row.from, b.row.from)
  )
}

function compareStart(a: UnixMs | null, b: UnixMs | null): number {
  return a === b ? 0 : (a ?? -Infinity) < (b ?? -Infinity) ? -1 : 1
}

/** The part of a range in which any of them can have readings, in pieces small enough to be held. */
export function* piecesOf(
  wanted: readonly CorrectedSeries[],
  range: { from: number; until: number }
): Generator<readonly [from: number, until: number]> {
  const reaches = wanted.flatMap(({ source, rows }) => {
    const from = Math.max(source.low, Math.min(...rows.map((row) => row.from ?? -Infinity)))
    const until = Math.min(source.high + 1, Math.max(...rows.map((row) => row.until ?? Infinity)))
    return from < until ? [{ from, until }] : []
  })
  const first = Math.max(range.from, Math.min(...reaches.map(({ from }) => from)))
  const end = Math.min(range.until, Math.max(...reaches.map(({ until }) => until)))
  for (let from = first; from < end; from += correctedPieceMs)
    yield [from, Math.min(from + correctedPieceMs, end)]
}
