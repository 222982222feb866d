/** Streams readings with bounded memory: one slice of time after another, as wide as its readings allow. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { dayMs } from '../../../model/time.ts'
import { partsOf, rowBuffer, type RowBuffer } from '../../export/rows.ts'
import { headOf, reachOf, wantedSeries, type Wanted } from '../../export/series.ts'
import { duckDbSliceRows } from '../../limits.ts'
import type { ExportQuery, ExportRows, ReadingsPart } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { asNumber, bigint, doublesOf, rowsOf, uint32sOf, uint8sOf } from '../file/database.ts'
import { readHumidity } from './corrected-readings.ts'

const doing = 'exporting readings'

/**
 * Which readings are in it is settled when the export begins for dictionaries (a series that appears later is not in it)
 * and slice by slice for readings: what was durable when a stretch was read.
 */
export async function* exportReadings(core: Core, query: ExportQuery): AsyncGenerator<ReadingsPart> {
  await core.read(doing, async () => undefined)
  const wanted = wantedSeries(core, query)
  yield headOf(core, wanted, query)
  if (wanted.length === 0) return
  const connection = await judged(core, () => core.database.connect())
  try {
    await asked(core, connection, () => nameWanted(connection, wanted))
    yield* slices(core, connection, query, wanted)
  } finally {
    connection.closeSync()
  }
}

async function* slices(
  core: Core,
  connection: DuckDBConnection,
  query: ExportQuery,
  wanted: readonly Wanted[]
): AsyncGenerator<ExportRows> {
  const corrected = wanted.map((one) => one.corrected)
  const computed = corrected.filter((one) => one !== undefined)
  const setting = { head: headOf(core, wanted, query), order: query.order ?? 'time', corrected }
  const rows = rowBuffer(duckDbSliceRows.max)
  const { from: begin, until } = reachOf(query, wanted)
  let from = begin
  let width: number = dayMs
  while (from < until) {
    const end = Math.min(until, from + width)
    const found = await asked(core, connection, () => readSlice(connection, rows, from, end))
    if (found === 'tooMany') {
      width = Math.max(1, Math.floor((end - from) / 4))
      continue
    }
    if (rows.count === 0) {
      const next =
        end < until ? await asked(core, connection, () => firstTime(connection, end, until)) : undefined
      if (next === undefined) return
      from = next
      continue
    }
    const [first, last] = [from, end]
    const air = await asked(core, connection, () => readHumidity(connection, computed, [[first, last]]))
    yield* partsOf(rows, setting, air)
    from = end
    if (rows.count < duckDbSliceRows.low) width *= 2
    else if (rows.count > duckDbSliceRows.high) width = Math.max(1, Math.ceil(width * 0.7))
  }
}

function asked<T>(core: Core, connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  return judged(core, () => core.hurry.during(connection, work))
}

async function judged<T>(core: Core, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (failure) {
    throw core.judge(doing, failure)
  }
}

/** One series may stand in an export twice: as it was measured, and as the source of what is computed. */
async function nameWanted(connection: DuckDBConnection, wanted: readonly Wanted[]): Promise<void> {
  const ids = wanted.map(({ series }) => series.id).join(',')
  await connection.run(
    `CREATE TEMP TABLE wanted AS SELECT unnest([${ids}])::INTEGER AS series,
       unnest(range(${wanted.length}))::INTEGER AS place`
  )
}

const wantedReadings =
  'FROM readings r JOIN temp.wanted w ON w.series = r.series WHERE r.time >= $from AND r.time < $until'

/** 'tooMany' where they have no room, unless they are of one millisecond, which cannot be split: then room is made. */
async function readSlice(
  connection: DuckDBConnection,
  rows: RowBuffer,
  from: number,
  until: number
): Promise<'read' | 'tooMany'> {
  rows.count = 0
  const result = await connection.stream(
    // What is read as one block of memory: DOUBLE, INTEGER and UTINYINT, none of which is ever NULL here.
    `SELECT r.time::DOUBLE, w.place, r.value, r.flag, r.reasons, (r.time + r.delay)::DOUBLE ${wantedReadings}`,
    { from: bigint(from), until: bigint(until) }
  )
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return 'read'
    if (rows.count + chunk.rowCount > rows.time.length) {
      if (until - from > 1) return 'tooMany'
      enlarge(rows)
    }
    take(rows, chunk)
  }
}

function take(rows: RowBuffer, chunk: DuckDBDataChunk): void {
  const at = rows.count
  rows.time.set(doublesOf(chunk, 0), at)
  rows.series.set(uint32sOf(chunk, 1), at)
  rows.value.set(doublesOf(chunk, 2), at)
  rows.flag.set(uint8sOf(chunk, 3), at)
  rows.reasons.set(uint32sOf(chunk, 4), at)
  rows.received.set(doublesOf(chunk, 5), at)
  rows.count = at + chunk.rowCount
}

function enlarge(rows: RowBuffer): void {
  const larger = rowBuffer(2 * rows.time.length)
  larger.time.set(rows.time)
  larger.series.set(rows.series)
  larger.value.set(rows.value)
  larger.flag.set(rows.flag)
  larger.reasons.set(rows.reasons)
  larger.received.set(rows.received)
  Object.assign(rows, { ...larger, count: rows.count })
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
