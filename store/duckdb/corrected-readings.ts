/** Reads the sources of corrected quantities and computes their readings, with one statement for many sites at once. */
import { DOUBLE, DuckDBDataChunk, INTEGER, UTINYINT, type DuckDBConnection } from '@duckdb/node-api'
import { humidityAgeMsMax } from '../../model/correction.ts'
import type { Series } from '../catalogue.ts'
import { correctedColumns, type ReadingColumns } from '../corrected.ts'
import type { ComputedSeries, CorrectedSeries } from '../corrections.ts'
import { SeriesRuns } from '../series-runs.ts'
import { asNumber, idList } from './database.ts'
import { withinStretches } from './rollup-sql.ts'

type Stretches = readonly (readonly [from: number, until: number])[]

export async function computeCorrected(
  connection: DuckDBConnection,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<ComputedSeries[]> {
  if (wanted.length === 0 || stretches.length === 0) return []
  const source = await readSeries(
    connection,
    wanted.map((one) => one.source),
    stretches
  )
  const humidity = await readHumidity(connection, wanted, stretches)
  return wanted.map((of) => {
    const columns = source.get(of.source.id) ?? nothing
    const air = of.humidity && humidity.get(of.humidity.id)
    return { of, source: columns, columns: correctedColumns(columns, air, of.rows) }
  })
}

/** By series; from a little before each stretch, since what is newest counts for a while. */
export function readHumidity(
  connection: DuckDBConnection,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<Map<number, ReadingColumns>> {
  return readSeries(
    connection,
    wanted.flatMap((one) => one.humidity ?? []),
    stretches.map(([from, until]) => [from - humidityAgeMsMax, until] as const)
  )
}

const nothing: ReadingColumns = { time: [], value: [], flag: [], reasons: [] }

/** Each series in the order of time. */
async function readSeries(
  connection: DuckDBConnection,
  series: readonly Series[],
  stretches: Stretches
): Promise<Map<number, ReadingColumns>> {
  const ids = new Set(series.filter(({ low, high }) => low <= high).map(({ id }) => id))
  if (ids.size === 0) return new Map()
  const result = await connection.run(
    `SELECT series, time::DOUBLE, value, flag, reasons FROM readings
     WHERE series IN ${idList(ids)} AND ${withinStretches('time', stretches)}`
  )
  const found = new Map<number, SeriesRuns>()
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    take(chunk, found)
  }
  return new Map([...found].map(([id, runs]) => [id, runs.inOrder()]))
}

function take(chunk: DuckDBDataChunk, into: Map<number, SeriesRuns>): void {
  const [ids, time, value, flag, reasons] = [0, 1, 2, 3, 4].map((index) => chunk.getColumnVector(index))
  const begun = new Set<number>()
  let lastId = -1
  let runs: SeriesRuns | undefined
  // Asked for once: it crosses into native code.
  const { rowCount } = chunk
  for (let row = 0; row < rowCount; row++) {
    const id = asNumber(ids!.getItem(row))
    if (!runs || id !== lastId) {
      lastId = id
      runs = into.get(id) ?? new SeriesRuns()
      into.set(id, runs)
      if (!begun.has(id)) runs.begin()
      begun.add(id)
    }
    runs.add(
      asNumber(time!.getItem(row)),
      asNumber(value!.getItem(row)),
      asNumber(flag!.getItem(row)),
      asNumber(reasons!.getItem(row))
    )
  }
}

const chunkRows = 2_048

/** Into `temp.corrected`, for statements that treat them as they treat stored ones. */
export async function appendCorrected(
  connection: DuckDBConnection,
  computed: readonly ComputedSeries[]
): Promise<void> {
  const appender = await connection.createAppender('corrected', 'main', 'temp')
  for (const { of, source, columns } of computed) {
    const rows = columns.place.length
    for (let start = 0; start < rows; start += chunkRows) {
      const count = Math.min(chunkRows, rows - start)
      const chunk = DuckDBDataChunk.create([INTEGER, INTEGER, DOUBLE, DOUBLE, UTINYINT], count)
      const vectors = [0, 1, 2, 3, 4].map((index) => chunk.getColumnVector(index))
      for (let row = 0; row < count; row++) {
        vectors[0]!.setItem(row, of.channel.id)
        vectors[1]!.setItem(row, of.source.id)
        vectors[2]!.setItem(row, source.time[columns.place[start + row]!]!)
        vectors[3]!.setItem(row, columns.value[start + row]!)
        vectors[4]!.setItem(row, columns.flag[start + row]!)
      }
      for (const vector of vectors) vector.flush()
      appender.appendDataChunk(chunk)
    }
  }
  appender.closeSync()
}
