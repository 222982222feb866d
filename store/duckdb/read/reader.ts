/** Answers what charts and pages ask: single readings, rollups, several sites at once, the newest, coverage. */
import type {
  AcrossSitesColumns,
  RawColumns,
  RollupColumns,
  TimeRange,
  Window
} from '../../../model/columns.ts'
import type { Flag } from '../../../model/flag.ts'
import { definitionOf, sourceOf, type Quantity } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import { emptyWindows, middleOf } from '../../across-sites.ts'
import { otherClockOf } from '../../rollups/other-clock.ts'
import { asFlag, latestReading, type Series } from '../../memory/catalogue.ts'
import {
  corrected,
  countCorrected,
  isCorrected,
  latestCorrected,
  reachCorrected
} from '../../corrected-answers.ts'
import { correctedChannels, wantedOf } from '../../memory/corrections.ts'
import type {
  AcrossSitesQuery,
  LatestReading,
  MeansQuery,
  RollupQuery,
  SeriesQuery,
  SiteMeans,
  StoreStats
} from '../../promise/read.ts'
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

const tableOf: Record<Window, string> = { hour: 'hours', day: 'days' }

// DuckDB's least() passes over NULL, so an unknown expectation must be said.
const coverageSql = 'CASE WHEN expected IS NOT NULL THEN least(1, count / expected) END'

export async function rollup(core: Core, query: RollupQuery): Promise<RollupColumns> {
  const channel = core.catalogue.channel(query.siteId, query.quantity)
  const columns = await core.read('reading a rollup', (c) =>
    columnsOf(
      c,
      `SELECT time::DOUBLE, mean, min, max, p10, p50, p90, count, expected, ${coverageSql},
         passed, not_evaluated, suspect, failed
       FROM ${tableOf[query.window]} WHERE channel IN ${idList(channel ? [channel.id] : [])}
         AND time >= $from AND time < $until ORDER BY time`,
      within(query)
    )
  )
  return {
    time: columns.numbers(0) as UnixMs[],
    mean: columns.nullableNumbers(1),
    min: columns.nullableNumbers(2),
    max: columns.nullableNumbers(3),
    p10: columns.nullableNumbers(4),
    p50: columns.nullableNumbers(5),
    p90: columns.nullableNumbers(6),
    count: columns.numbers(7),
    expected: columns.nullableNumbers(8),
    coverage: columns.nullableNumbers(9),
    passed: columns.numbers(10),
    notEvaluated: columns.numbers(11),
    suspect: columns.numbers(12),
    failed: columns.numbers(13),
    ...otherClockOf(core.clock, query.window, columns.numbers(0))
  }
}

export async function acrossSites(core: Core, query: AcrossSitesQuery): Promise<AcrossSitesColumns> {
  const channels = core.catalogue.channelsOf(new Set(query.siteIds), [query.quantity])
  const ids = channels.map((channel) => channel.id).join(',')
  const columns = await core.read('comparing sites', (c) =>
    columnsOf(
      c,
      // A join takes a fifth less than IN.
      `SELECT time::DOUBLE, mean, coalesce(${coverageSql}, 'NaN'::DOUBLE)
       FROM ${tableOf[query.window]} JOIN (SELECT unnest([${ids}])::INTEGER AS channel) USING (channel)
       WHERE time >= $from AND time < $until AND mean IS NOT NULL`,
      within(query)
    )
  )
  const rows = emptyWindows(columns.rowCount)
  columns.fillDoubles([rows.time, rows.mean, rows.coverage])
  return middleOf(rows, query.window, query.coverageMin, definitionOf(query.quantity).average)
}

/** Rows come sorted by channel, so each channel's columns are slices of the answer. */
export async function means(core: Core, query: MeansQuery): Promise<SiteMeans[]> {
  const channels = core.catalogue.channelsOf(new Set(query.siteIds), query.quantities)
  if (channels.length === 0) return []
  const columns = await core.read('reading means', (c) =>
    columnsOf(
      c,
      `SELECT channel, time::DOUBLE, mean, ${coverageSql}
       FROM ${tableOf[query.window]} WHERE channel IN ${idList(channels.map((channel) => channel.id))}
         AND time >= $from AND time < $until ORDER BY channel, time`,
      within(query)
    )
  )
  const channel = columns.numbers(0)
  const time = columns.numbers(1) as UnixMs[]
  const mean = columns.nullableNumbers(2)
  const coverage = columns.nullableNumbers(3)
  const found: SiteMeans[] = []
  for (let from = 0, until = 0; from < channel.length; from = until) {
    while (channel[until] === channel[from]) until++
    const of = core.catalogue.channelById(channel[from]!)
    if (!of) continue
    found.push({
      siteId: of.siteId,
      quantity: of.quantity,
      time: time.slice(from, until),
      mean: mean.slice(from, until),
      coverage: coverage.slice(from, until)
    })
  }
  return found
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

export async function latest(core: Core, siteIds?: readonly string[]): Promise<LatestReading[]> {
  const channels = siteIds ? core.catalogue.channelsOf(new Set(siteIds)) : [...core.catalogue.channels()]
  const measured = channels.flatMap((channel) => latestReading(channel) ?? [])
  return core.withJudged([...measured, ...(await latestCorrected(core, correctedChannels(core, siteIds)))])
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
