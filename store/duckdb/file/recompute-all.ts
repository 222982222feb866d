/** What a change of the hub's clock, or of how hours are made, means for a file: everything is made again, nothing is lost. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { clockHours, hourMs, type ClockHours } from '../../../model/time.ts'
import { hourStartOf } from '../rollups/clock-sql.ts'
import { asNumber, rowsOf } from './database.ts'

/**
 * Marks every hour that holds a reading. Rows that do not begin where the new clock's hours and days do were made by another
 * one: they go when what they overlap is made, and where the readings are gone they stay.
 */
export async function recomputeAll(
  connection: DuckDBConnection,
  timezone: string,
  onProgress: (doing: string) => void
): Promise<void> {
  onProgress('marking all hours for recalculation while the hub runs')
  const clock = clockHours(timezone)
  await connection.run('DELETE FROM dirty')
  await connection.run(
    `INSERT INTO dirty SELECT DISTINCT s.channel, ${await hourSql(connection, 'readings', 'r.time', clock)}
     FROM readings r JOIN series s ON s.series = r.series`
  )
  await moveMarks(connection, clock)
  await connection.run("DELETE FROM meta WHERE key IN ('recomputing', 'otherClocks')")
  await connection.run("INSERT INTO meta VALUES ('otherClocks', 'perhaps'), ('recomputing', 'all')")
}

/** An hour of before may lie in two of now. */
async function moveMarks(connection: DuckDBConnection, clock: ClockHours): Promise<void> {
  const ends = ['hour', `hour + ${hourMs - 1}`]
  const sql = await Promise.all(ends.map((time) => hourSql(connection, 'unexamined', time, clock, 'hour')))
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE moved AS ${sql.map((hour) => `SELECT channel, ${hour} AS hour FROM unexamined`).join(' UNION ')}`
  )
  await connection.run(
    'DELETE FROM unexamined; INSERT INTO unexamined SELECT * FROM temp.moved; DROP TABLE temp.moved'
  )
}

async function hourSql(
  connection: DuckDBConnection,
  table: string,
  time: string,
  clock: ClockHours,
  column = 'time'
): Promise<string> {
  const [row] = await rowsOf(connection, `SELECT min(${column}), max(${column}) FROM ${table}`)
  if (row?.[0] === null || row === undefined) return hourStartOf(time, clock, 0, 1)
  return hourStartOf(time, clock, asNumber(row[0]), asNumber(row[1]) + 2 * hourMs)
}
