/** Reads hours and days from their tables, for the memory that answers what pages ask of them. */
import type { TimeRange, Window } from '../../../model/columns.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import type { RollupBlock, RollupField } from '../../rollups/cache.ts'
import { bigint, doublesOf, idList, rowsOf, uint32sOf } from '../file/database.ts'
import type { DuckDBConnection } from '@duckdb/node-api'

export const tableOf: Record<Window, 'hours' | 'days'> = { hour: 'hours', day: 'days' }

/** Readings that a row was made of, failed ones too. */
export const readingsOfRow = 'count + failed'

/** Of a field, what is null as NaN, so that a column can be read as one block of memory. DuckDB's least() passes over NULL. */
function fieldSql(field: RollupField): string {
  if (field === 'coverage')
    return "CASE WHEN expected IS NULL THEN 'NaN'::DOUBLE ELSE least(1, count / expected) END"
  const column = field === 'notEvaluated' ? 'not_evaluated' : field
  return `coalesce(${column}::DOUBLE, 'NaN'::DOUBLE)`
}

export interface RollupQuestion {
  window: Window
  channels: readonly Channel[]
  range: TimeRange
  fields: readonly RollupField[]
}

/** Rows come sorted by channel, so each channel's columns are slices of the answer. A channel without rows is absent. */
export async function readRollups(
  connection: DuckDBConnection,
  { window, channels, range, fields }: RollupQuestion
): Promise<Map<Channel, RollupBlock>> {
  if (channels.length === 0) return new Map()
  const result = await connection.run(
    `SELECT channel, time::DOUBLE, ${fields.map(fieldSql).join(', ')} FROM ${tableOf[window]}
     WHERE channel IN ${idList(channels.map(({ id }) => id))} AND time >= $from AND time < $until ORDER BY channel, time`,
    { from: bigint(range.from), until: bigint(range.until) }
  )
  const chunks = await result.fetchAllChunks()
  const count = chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0)
  const ids = new Uint32Array(count)
  const columns = Array.from({ length: 1 + fields.length }, () => new Float64Array(count))
  let next = 0
  for (const chunk of chunks) {
    if (chunk.rowCount === 0) continue
    ids.set(uint32sOf(chunk, 0), next)
    columns.forEach((column, i) => column.set(doublesOf(chunk, 1 + i), next))
    next += chunk.rowCount
  }
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  const found = new Map<Channel, RollupBlock>()
  for (let from = 0, until = 0; from < count; from = until) {
    while (until < count && ids[until] === ids[from]) until++
    const [time, ...values] = columns.map((column) => column.subarray(from, until))
    found.set(byId.get(ids[from]!)!, {
      time: time!,
      columns: new Map(fields.map((field, i) => [field, values[i]!]))
    })
  }
  return found
}

/** Where the first hour or day begins, and after the last has begun; undefined while there is none. */
export async function rollupReach(connection: DuckDBConnection): Promise<TimeRange | undefined> {
  const [row] = await rowsOf(
    connection,
    `SELECT min(first), max(last) FROM (SELECT min(time) AS first, max(time) AS last FROM hours
       UNION ALL SELECT min(time), max(time) FROM days)`
  )
  const [first, last] = row ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return undefined
  return { from: Number(first) as UnixMs, until: (Number(last) + 1) as UnixMs }
}
