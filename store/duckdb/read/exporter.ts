/** Streams readings in time order with bounded memory: one slice of time after another, as wide as its readings allow. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { ExportChunk, TimeRange } from '../../../model/columns.ts'
import { dayMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import {
  chunksOf,
  rankedRows,
  rankSeries,
  wantedSeries,
  withCorrected,
  type RankedRows,
  type Ranks
} from '../../export-chunks.ts'
import type { ExportQuery } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { readHumidity } from './corrected-readings.ts'
import { asNumber, bigint, Columns, columnsOf, rowsOf } from '../file/database.ts'
import { duckDbSliceRows } from '../../limits.ts'

/**
 * Which readings are in it is settled when the export begins for dictionaries (a series that appears later is not in it)
 * and slice by slice for readings: what was durable when a stretch was read.
 */
export async function* exportReadings(core: Core, query: ExportQuery): AsyncGenerator<ExportChunk> {
  const wanted = wantedSeries(core, query)
  const series = wanted.map((one) => one.series)
  const corrected = wanted.flatMap((one) => one.corrected ?? [])
  if (series.length === 0) return
  const connection = await told(core, () => core.database.connect())
  try {
    const ranks = rankSeries(wanted)
    await told(core, () => nameWanted(connection, ranks))
    const reach = reachOf(query, series)
    const { until } = reach
    let { from } = reach
    let width: number = dayMs
    while (from < until) {
      const slice = await told(core, () => nextSlice(connection, from, until, width, duckDbSliceRows.max))
      if (!slice) return
      const columns = await told(core, () => readSlice(connection, slice.from, slice.until))
      const rows = ranked(columns)
      if (corrected.length === 0) yield* chunksOf(rows, ranks)
      else {
        const air = await told(core, () => readHumidity(connection, corrected, [[slice.from, slice.until]]))
        yield* chunksOf(withCorrected(rows, ranks, air), ranks)
      }
      from = slice.until
      width = slice.until - slice.from
      if (columns.rowCount < duckDbSliceRows.low) width *= 2
    }
  } finally {
    connection.closeSync()
  }
}

/** Of what was asked for, the stretch in which these series have readings; empty when they have none. */
export function reachOf(query: TimeRange, series: readonly Series[]): { from: number; until: number } {
  let low = Infinity
  let high = -Infinity
  for (const one of series) {
    low = Math.min(low, one.low)
    high = Math.max(high, one.high)
  }
  return { from: Math.max(Math.ceil(query.from), low), until: Math.min(Math.ceil(query.until), high + 1) }
}

export async function told<T>(core: Core, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (failure) {
    throw core.judge('exporting readings', failure)
  }
}

export async function nameWanted(connection: DuckDBConnection, { series }: Ranks): Promise<void> {
  await connection.run(
    `CREATE TEMP TABLE wanted AS SELECT unnest([${series.map((one) => one.id).join(',')}])::INTEGER AS series,
       unnest(range(${series.length}))::INTEGER AS rank`
  )
}

const wantedReadings =
  'FROM readings r JOIN temp.wanted w ON w.series = r.series WHERE r.time >= $from AND r.time < $until'

/** The next slice that holds readings, narrowed until they fit; a single millisecond is never split. */
export async function nextSlice(
  connection: DuckDBConnection,
  from: number,
  until: number,
  width: number,
  rowsMax: number
): Promise<{ from: number; until: number; rows: number } | undefined> {
  let start = from
  let end = Math.min(until, start + width)
  for (;;) {
    const rows = await countRows(connection, start, end)
    if (rows === 0) {
      if (end >= until) return undefined
      const next = await firstTime(connection, end, until)
      if (next === undefined) return undefined
      start = next
      end = Math.min(until, start + width)
    } else if (rows > rowsMax && end - start > 1) {
      end = start + Math.max(1, Math.floor(((end - start) * rowsMax) / (rows * 1.25)))
    } else return { from: start, until: end, rows }
  }
}

async function countRows(connection: DuckDBConnection, from: number, until: number): Promise<number> {
  const sql = `SELECT count(*) ${wantedReadings}`
  const rows = await rowsOf(connection, sql, { from: bigint(from), until: bigint(until) })
  return asNumber(rows[0]?.[0])
}

async function firstTime(
  connection: DuckDBConnection,
  from: number,
  until: number
): Promise<number | undefined> {
  const sql = `SELECT min(r.time) ${wantedReadings}`
  const rows = await rowsOf(connection, sql, { from: bigint(from), until: bigint(until) })
  const first = rows[0]?.[0]
  return first === null ? undefined : asNumber(first)
}

function readSlice(connection: DuckDBConnection, from: number, until: number): Promise<Columns> {
  return columnsOf(
    connection,
    `SELECT r.time::DOUBLE, w.rank::DOUBLE, r.value, r.flag::DOUBLE, r.reasons::DOUBLE, (r.time + r.delay)::DOUBLE
     ${wantedReadings} ORDER BY r.time, w.rank`,
    { from: bigint(from), until: bigint(until) }
  )
}

function ranked(columns: Columns): RankedRows {
  const rows = rankedRows(columns.rowCount)
  const { time, rank, value, flag, reasons, received } = rows
  columns.fillDoubles([time, rank, value, flag, reasons, received])
  return rows
}
