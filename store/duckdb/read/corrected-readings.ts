/** Reads the sources of corrected quantities and computes their readings, with one statement for many sites at once. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { humidityAgeMsMax } from '../../../model/limits.ts'
import type { Series } from '../../memory/catalogue.ts'
import { correctedColumns, type ReadingColumns } from '../../corrected.ts'
import type { ComputedSeries, CorrectedSeries } from '../../memory/corrections.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import { joined, part, SeriesRuns, type SortedColumns } from '../../series-runs.ts'
import { asNumber, idList } from '../file/database.ts'
import { withinStretches } from '../rollups/statements.ts'

type Stretches = readonly (readonly [from: number, until: number])[]

export async function computeCorrected(
  connection: DuckDBConnection,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<ComputedSeries[]> {
  if (wanted.length === 0 || stretches.length === 0) return []
  const humidities = wanted.flatMap((one) => one.humidity ?? [])
  // Together, so that the file is gone through once; the lead of the humidity then comes with the sources too.
  const read = humidities.length > 0 ? withLead(stretches) : stretches
  const found = await readSeries(connection, [...wanted.map((one) => one.source), ...humidities], read)
  return wanted.map((of) => {
    const columns = within(found.get(of.source.id) ?? nothing, stretches)
    const air = of.humidity && found.get(of.humidity.id)
    return { of, source: columns, columns: correctedColumns(columns, air, of.rows) }
  })
}

/** By series; from a little before each stretch, since what is newest counts for a while. */
export function readHumidity(
  connection: DuckDBConnection,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<Map<number, SortedColumns>> {
  return readSeries(
    connection,
    wanted.flatMap((one) => one.humidity ?? []),
    withLead(stretches)
  )
}

function withLead(stretches: Stretches): Stretches {
  return stretches.map(([from, until]) => [from - humidityAgeMsMax, until] as const)
}

const nothing = new SeriesRuns(0).inOrder()

/** Without what was read before each stretch. */
function within(columns: SortedColumns, stretches: Stretches): ReadingColumns {
  const parts = stretches
    .toSorted(([a], [b]) => a - b)
    .map(([from, until]) => part(columns, lowerBound(columns.time, from), lowerBound(columns.time, until)))
  const [only] = parts
  return parts.length === 1 && only ? only : joined(parts)
}

/** Flags are 1 to 4: the series and the flag travel as one number, as each column costs as much as the next. */
const flagRoom = 8

/** Each series in the order of time. */
export async function readSeries(
  connection: DuckDBConnection,
  series: readonly Series[],
  stretches: Stretches
): Promise<Map<number, SortedColumns>> {
  const ids = new Set(series.filter(({ low, high }) => low <= high).map(({ id }) => id))
  if (ids.size === 0) return new Map()
  const result = await connection.run(
    `SELECT (series * ${flagRoom} + flag)::DOUBLE, time::DOUBLE, value, reasons::DOUBLE FROM readings
     WHERE series IN ${idList(ids)} AND ${withinStretches('time', stretches)}`
  )
  const room = Math.ceil(Number(result.rowCount) / ids.size) + 1
  const found: (SeriesRuns | undefined)[] = []
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    take(chunk, found, room)
  }
  return new Map(found.flatMap((runs, id) => (runs ? [[id, runs.inOrder()]] : [])))
}

/** All columns are of one type, for which the engine then has one way to read them. */
function take(chunk: DuckDBDataChunk, into: (SeriesRuns | undefined)[], room: number): void {
  const [keys, time, value, reasons] = [0, 1, 2, 3].map((index) => chunk.getColumnVector(index))
  // Asked for once: it crosses into native code.
  const { rowCount } = chunk
  for (let row = 0; row < rowCount; row++) {
    const key = asNumber(keys!.getItem(row))
    const flag = key % flagRoom
    const runs = (into[(key - flag) / flagRoom] ??= new SeriesRuns(room))
    runs.add(
      asNumber(time!.getItem(row)),
      asNumber(value!.getItem(row)),
      flag,
      asNumber(reasons!.getItem(row))
    )
  }
}
