/** Answers what charts and pages ask: single readings, rollups, several sites at once, the newest, coverage. */
import type { RawColumns, TimeRange } from '../../../model/columns.ts'
import type { Flag } from '../../../model/flag.ts'
import { sourceOf, type Quantity } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import { asFlag, type Series } from '../../memory/catalogue.ts'
import { corrected, countCorrected, isCorrected, reachCorrected } from '../../corrected-answers.ts'
import { wantedOf } from '../../memory/corrections.ts'
import type { SeriesQuery, StoreStats } from '../../promise/read.ts'
import type { Core } from '../core.ts'
import { asNumber, bigint, columnsOf, idList, rowsOf } from '../file/database.ts'
import { fileBytes } from '../file/files.ts'

/** The readings of one site and quantity in a range, as a FROM clause; its parameters are `within(query)`. */
function selection(series: readonly Series[]): string {
  return `FROM readings WHERE series IN ${idList(series.map((s) => s.id))} AND time >= $from AND time < $until`
}

function within(range: { from: UnixMs; until: UnixMs }): { from: bigint; until: bigint } {
  return { from: bigint(range.from), until: bigint(range.until) }
}

function seriesOf(core: Core, query: SeriesQuery): Series[] {
  const channel = core.catalogue.channel(query.siteId, query.quantity)
  return channel ? core.catalogue.seriesOf([channel]) : []
}

export async function raw(core: Core, query: SeriesQuery): Promise<RawColumns> {
  if (isCorrected(query)) {
    const { time, value, flag, reasons } = await corrected(core, query)
    return { time, value, flag, reasons }
  }
  // Of two devices at one moment the lower id comes first, whichever the store met first.
  const series = seriesOf(core, query).sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
  const order = series.length > 1 ? `, list_position([${series.map((one) => one.id).join(',')}], series)` : ''
  const sql = `SELECT time::DOUBLE, value, flag, reasons ${selection(series)} ORDER BY time${order}`
  const columns = await core.read('reading a series', (c) => columnsOf(c, sql, within(query)))
  return {
    time: columns.numbers(0) as UnixMs[],
    value: columns.numbers(1),
    flag: columns.numbers(2).map(asFlag) satisfies Flag[],
    reasons: columns.numbers(3)
  }
}

export async function count(core: Core, query: SeriesQuery, countMax: number): Promise<number> {
  if (isCorrected(query)) return countCorrected(core, query, countMax)
  const sql = `SELECT count(*) FROM (SELECT 1 ${selection(seriesOf(core, query))} LIMIT $countMax)`
  const rows = await core.read('counting readings', (c) =>
    rowsOf(c, sql, { ...within(query), countMax: bigint(countMax) })
  )
  return asNumber(rows[0]?.[0])
}

/**
 * Series only ever grow wider in memory, so what an undone import left is cut off by the hours that there still are.
 * Readings that have no hour yet came a moment ago, and the newest of them is known.
 */
export async function reach(core: Core, siteId: string, quantity: Quantity): Promise<TimeRange | null> {
  const source = sourceOf(quantity)
  if (source) return reachCorrected(await reach(core, siteId, source), wantedOf(core, siteId, quantity))
  const channel = core.catalogue.channel(siteId, quantity)
  const series = channel ? core.catalogue.seriesOf([channel]).filter(({ low, high }) => low <= high) : []
  const isTrimmed = core.trimmed.has(siteId)
  if (!channel || (series.length === 0 && !isTrimmed)) return null
  const low = Math.min(...series.map((one) => one.low))
  const high = Math.max(...series.map((one) => one.high))
  const sql = `SELECT min(time), max(time) FROM hours WHERE channel IN ${idList([channel.id])}`
  const [row] = await core.read('reading how far a series reaches', (c) => rowsOf(c, sql))
  const [first, last] = row ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint') {
    return series.length === 0 ? null : { from: low as UnixMs, until: (high + 1) as UnixMs }
  }
  if (isTrimmed)
    return {
      from: Number(first) as UnixMs,
      until: Math.max(high + 1, core.clock.hourEnd(Number(last))) as UnixMs
    }
  const until = Math.max(
    Math.min(high + 1, core.clock.hourEnd(Number(last))),
    (channel.latest?.time ?? -Infinity) + 1
  )
  return { from: Math.max(low, Number(first)) as UnixMs, until: until as UnixMs }
}

export async function stats(core: Core): Promise<StoreStats> {
  const rows = await core.read('counting readings', (c) => rowsOf(c, 'SELECT count(*) FROM readings'))
  return {
    readings: asNumber(rows[0]?.[0]),
    replaced: core.replacements,
    bytes: await fileBytes(core.settings.file),
    dirtyHours: core.dirty.size + core.recorrecting.size
  }
}
