/** The order of rows in an export, and rows as chunks: the same for every store. */
import type { ExportChunk } from '../model/columns.ts'
import type { Series } from './catalogue.ts'

/** Rows of one chunk, so that whoever formats it comes up for air. */
const chunkRows = 8_192

/** Each wanted series by its place in the order of site, device, quantity, which decides between equal times. */
export interface Ranks {
  /** In that order. */
  series: Series[]
  sites: string[]
  devices: string[]
  quantities: ExportChunk['quantities']
  /** Of each rank: places in the three dictionaries. */
  place: { site: number; device: number; quantity: number }[]
}

export function rankSeries(series: readonly Series[]): Ranks {
  const ordered = series.toSorted(
    (a, b) =>
      compare(a.channel.siteId, b.channel.siteId) ||
      compare(a.deviceId, b.deviceId) ||
      compare(a.channel.quantity, b.channel.quantity)
  )
  const sites = [...new Set(ordered.map((one) => one.channel.siteId))]
  const devices = [...new Set(ordered.map((one) => one.deviceId))]
  const quantities = [...new Set(ordered.map((one) => one.channel.quantity))]
  const places = [sites, devices, quantities].map((words) => new Map(words.map((word, at) => [word, at])))
  const place = ordered.map((one) => ({
    site: places[0]?.get(one.channel.siteId) ?? 0,
    device: places[1]?.get(one.deviceId) ?? 0,
    quantity: places[2]?.get(one.channel.quantity) ?? 0
  }))
  return { series: ordered, sites, devices, quantities, place }
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

export function* chunksOf(rows: RankedRows, ranks: Ranks): Generator<ExportChunk> {
  const { time, rank, value, flag, reasons, received } = rows
  for (let start = 0; start < time.length; start += chunkRows) {
    const end = Math.min(time.length, start + chunkRows)
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
      received: received.slice(start, end)
    }
  }
}
