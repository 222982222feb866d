/** Counts readings where they are, by site and quantity. */
import type { TimeRange } from '../../../model/columns.ts'
import { countReadings } from '../../counting.ts'
import type { ChannelCount, CountsQuery } from '../../promise/read.ts'
import type { Core } from '../core.ts'
import { bigint, columnsOf, idList } from '../file/database.ts'
import { readingsOfRow, tableOf } from './rollups.ts'

interface Counted {
  /** What is counted, and by which ids of which table. */
  what: string
  by: 'series' | 'channel'
  table: string
}

export function counts(core: Core, query: CountsQuery): Promise<ChannelCount[]> {
  return countReadings(core, query, {
    readings: (series, range) =>
      countBy(core, { what: 'count(*)', by: 'series', table: 'readings' }, series, range),
    windows: (window, channels, range) =>
      countBy(core, { what: `sum(${readingsOfRow})`, by: 'channel', table: tableOf[window] }, channels, range)
  })
}

async function countBy<One extends { id: number }>(
  core: Core,
  { what, by, table }: Counted,
  asked: readonly One[],
  { from, until }: TimeRange
): Promise<Map<One, number>> {
  if (asked.length === 0) return new Map()
  const sql = `SELECT ${by}, (${what})::DOUBLE FROM ${table} WHERE ${by} IN ${idList(asked.map(({ id }) => id))}
    AND time >= $from AND time < $until GROUP BY ${by}`
  const within = { from: bigint(from), until: bigint(until) }
  const columns = await core.read('counting readings', (c) => columnsOf(c, sql, within))
  const byId = new Map(asked.map((one) => [one.id, one]))
  const numbers = columns.numbers(1)
  return new Map(columns.numbers(0).map((id, i) => [byId.get(id)!, numbers[i]!]))
}
