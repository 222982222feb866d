/** The order of rows in an export, and rows as chunks: the same for every store. */
import type { ExportChunk } from '../model/columns.ts'
import type { Quantity } from '../model/quantity.ts'
import type { Series } from './memory/catalogue.ts'
import { correctedColumns, type ReadingColumns } from './corrected.ts'
import { wantedOf, type CorrectionSource, type CorrectedSeries } from './memory/corrections.ts'
import type { ExportQuery } from './promise/export.ts'
import { exportChunkRows } from './limits.ts'

/** Each wanted series by its place in the order of site, device, quantity, which decides between equal times. */
export interface Ranks {
  /** In that order; of a corrected quantity that of its source. */
  series: Series[]
  sites: string[]
  devices: string[]
  quantities: ExportChunk['quantities']
  /** Of each rank: places in the three dictionaries. */
  place: { site: number; device: number; quantity: number }[]
  /** Of each rank; undefined for what was measured. */
  corrected: (CorrectedSeries | undefined)[]
  /** Ids of the corrections of corrected ranks. */
  corrections: string[]
}

/** A series as one quantity of an export: what it measured, or what is made of that. */
export interface Wanted {
  series: Series
  quantity: Quantity
  corrected?: CorrectedSeries
}

/** What is measured, and of what is corrected only what is named; without series that never had a reading. */
export function wantedSeries(
  place: Pick<CorrectionSource, 'catalogue' | 'corrections'>,
  { siteIds, quantities }: Pick<ExportQuery, 'siteIds' | 'quantities'>
): Wanted[] {
  const sites = new Set(siteIds)
  const measured = place.catalogue
    .seriesOf(place.catalogue.channelsOf(sites, quantities))
    .map((series): Wanted => ({ series, quantity: series.channel.quantity }))
  const corrected = (quantities ?? []).flatMap((quantity) =>
    [...sites]
      .flatMap((siteId) => wantedOf(place, siteId, quantity))
      .map((one): Wanted => ({ series: one.source, quantity, corrected: one }))
  )
  return [...measured, ...corrected].filter(({ series }) => series.low <= series.high)
}

export function rankSeries(wanted: readonly Wanted[]): Ranks {
  const ordered = wanted.toSorted(
    (a, b) =>
      compare(a.series.channel.siteId, b.series.channel.siteId) ||
      compare(a.series.deviceId, b.series.deviceId) ||
      compare(a.quantity, b.quantity)
  )
  const sites = [...new Set(ordered.map(({ series }) => series.channel.siteId))]
  const devices = [...new Set(ordered.map(({ series }) => series.deviceId))]
  const quantities = [...new Set(ordered.map(({ quantity }) => quantity))]
  const places = [sites, devices, quantities].map((words) => new Map(words.map((word, at) => [word, at])))
  const place = ordered.map(({ series, quantity }) => ({
    site: places[0]?.get(series.channel.siteId) ?? 0,
    device: places[1]?.get(series.deviceId) ?? 0,
    quantity: places[2]?.get(quantity) ?? 0
  }))
  const corrected = ordered.map((one) => one.corrected)
  const ids = corrected.flatMap((one) => one?.rows ?? []).map(({ correctionId }) => correctionId)
  const series = ordered.map((one) => one.series)
  return { series, sites, devices, quantities, place, corrected, corrections: [...new Set(ids)] }
}

/** By code unit, as the ids are ASCII: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Rows in their order, as columns; `rank` names the series. */
export interface RankedRows {
  time: Float64Array
  rank: Uint32Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
  received: Float64Array
  /** 1 + place in the ranks' corrections, 0 for none; absent where nothing is corrected. */
  correction?: Uint32Array
}

export function rankedRows(count: number): RankedRows {
  return {
    time: new Float64Array(count),
    rank: new Uint32Array(count),
    value: new Float64Array(count),
    flag: new Uint8Array(count),
    reasons: new Uint32Array(count),
    received: new Float64Array(count)
  }
}

/**
 * Rows of corrected ranks hold their source's reading so far: they get what is made of it, or go. `humidity` has at least
 * the readings from a little before the rows (`humidityAgeMsMax`) to their end, by series.
 */
export function withCorrected(
  rows: RankedRows,
  ranks: Ranks,
  humidity: ReadonlyMap<number, ReadingColumns>
): RankedRows {
  const gone = new Set<number>()
  const correction = new Uint32Array(rows.time.length)
  for (const [rank, of] of ranks.corrected.entries()) {
    if (!of) continue
    const places = placesOf(rows.rank, rank)
    const source = {
      time: places.map((i) => rows.time[i]!),
      value: places.map((i) => rows.value[i]!),
      flag: places.map((i) => rows.flag[i]!),
      reasons: places.map((i) => rows.reasons[i]!)
    }
    const made = correctedColumns(source, of.humidity && humidity.get(of.humidity.id), of.rows)
    for (const i of places) gone.add(i)
    made.place.forEach((place, at) => {
      const i = places[place]!
      gone.delete(i)
      rows.value[i] = made.value[at]!
      rows.flag[i] = made.flag[at]!
      rows.reasons[i] = made.reasons[at]!
      correction[i] = 1 + ranks.corrections.indexOf(of.rows[made.correction[at]!]!.correctionId)
    })
  }
  const kept = Array.from(rows.time.keys()).filter((i) => !gone.has(i))
  return {
    time: Float64Array.from(kept, (i) => rows.time[i]!),
    rank: Uint32Array.from(kept, (i) => rows.rank[i]!),
    value: Float64Array.from(kept, (i) => rows.value[i]!),
    flag: Uint8Array.from(kept, (i) => rows.flag[i]!),
    reasons: Uint32Array.from(kept, (i) => rows.reasons[i]!),
    received: Float64Array.from(kept, (i) => rows.received[i]!),
    correction: Uint32Array.from(kept, (i) => correction[i]!)
  }
}

/** One pass for each corrected series: a hub has tens of them, and a slice 200,000 rows. */
function placesOf(ranks: Uint32Array, rank: number): number[] {
  const places: number[] = []
  for (let i = 0; i < ranks.length; i++) if (ranks[i] === rank) places.push(i)
  return places
}

export function* chunksOf(rows: RankedRows, ranks: Ranks): Generator<ExportChunk> {
  const { time, rank, value, flag, reasons, received, correction } = rows
  for (let start = 0; start < time.length; start += exportChunkRows) {
    const end = Math.min(time.length, start + exportChunkRows)
    const placed = rank.subarray(start, end)
    yield {
      sites: ranks.sites,
      devices: ranks.devices,
      quantities: ranks.quantities,
      time: time.slice(start, end),
      site: placed.map((at) => ranks.place[at]?.site ?? 0),
      device: placed.map((at) => ranks.place[at]?.device ?? 0),
      quantity: placed.map((at) => ranks.place[at]?.quantity ?? 0),
      value: value.slice(start, end),
      flag: flag.slice(start, end),
      reasons: reasons.slice(start, end),
      received: received.slice(start, end),
      ...(correction && { corrections: ranks.corrections, correction: correction.slice(start, end) })
    }
  }
}
