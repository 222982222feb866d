/** The tables of the file, and what a file of another version or time zone means. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonBits } from '../../../model/flag.ts'
import { hourMs } from '../../../model/time.ts'
import { asText, catalogName, rowsOf } from './database.ts'
import { floorTo } from '../rollups/statements.ts'

/** Grows with every change that an older program could not read. */
export const formatVersion = 1

/**
 * A channel is a site and a quantity: what charts and rollups are about. A series is a channel and a device: together
 * with the time, the identity of a reading. Both are small numbers, so a reading names its place in about ten bits.
 *
 * `readings` has no index (one cost four times the speed and ten times the disk); identities are kept by the writer.
 * `delay` is time received minus time measured: near zero for live readings, so it packs into about eight bits, where
 * the time itself would take as many as `time` does. Rows stay in the order of arrival, in which time and sequence
 * grow and pack best (sorted by series the same readings took 7.9 bytes instead of 5.4).
 *
 * Of the 5.5 bytes of a reading (a day of 1,000 sensors, four values a minute) the series takes 1.5, the value 1.3, the
 * time 1.3, the delay 1.1: the four values of a message each carry what the message has once. One row a message would
 * take 2.1 a reading; no order of these rows comes below 4.7. Boxes that were silent and then send what they kept widen
 * time and delay (7.1 with one such quarter of an hour in two days of each); and a young file is mostly blocks of 256 KiB
 * that are not full yet, or free for what comes next (a day of 100 sites is about 25 a reading). Smaller blocks are no help:
 * below 256 KiB this DuckDB leaves the values uncompressed. `npm run bench -- store-day` shows each column.
 *
 * `replaced` keeps what a later reading of the same identity displaced, and what a lower sequence brought while an
 * import stood there, so that taking the import back can put it right.
 */
const tables = `
  CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
  CREATE TABLE channels (channel INTEGER NOT NULL, site VARCHAR NOT NULL, quantity VARCHAR NOT NULL);
  CREATE TABLE series (series INTEGER NOT NULL, channel INTEGER NOT NULL, device VARCHAR NOT NULL);
  CREATE TABLE intervals (device VARCHAR NOT NULL, interval_s DOUBLE NOT NULL);
  CREATE TABLE readings (${readingColumns()});
  CREATE TABLE replaced (${readingColumns()});
  CREATE TABLE hours (${rollupColumns()});
  CREATE TABLE days (${rollupColumns()});
  CREATE TABLE dirty (channel INTEGER NOT NULL, hour BIGINT NOT NULL);
`

/**
 * Tables that came after the first files; an older program can still read those. `unexamined`: hours that the look back
 * has not judged since their readings changed. `corrections`: what was last told, so that a change is known for one.
 */
const laterTables = `
  CREATE TABLE IF NOT EXISTS unexamined (channel INTEGER NOT NULL, hour BIGINT NOT NULL);
  CREATE TABLE IF NOT EXISTS corrections (correction VARCHAR NOT NULL, row VARCHAR NOT NULL);
`

/** Readings computed for a moment; the time as a DOUBLE, which spares a BigInt for each. */
export const correctedColumnsSql = 'channel INTEGER, series INTEGER, time DOUBLE, value DOUBLE, flag UTINYINT'

/** Working tables of the writer's connection; they live in memory and end with it. */
const workingTables = `
  CREATE TEMP TABLE asked (place INTEGER, series INTEGER, time BIGINT);
  CREATE TEMP TABLE gone (id BIGINT);
  CREATE TEMP TABLE verdicts (id BIGINT, flag UTINYINT, reasons INTEGER);
  CREATE TEMP TABLE aside (${readingColumns()});
  CREATE TEMP TABLE pending (channel INTEGER, hour BIGINT, average INTEGER, most DOUBLE);
  CREATE TEMP TABLE slots (slot BIGINT, day BIGINT, length DOUBLE);
  CREATE TEMP TABLE pending_days (channel INTEGER, day BIGINT, average INTEGER, most DOUBLE);
`

function readingColumns(): string {
  return (
    'series INTEGER NOT NULL, time BIGINT NOT NULL, value DOUBLE NOT NULL, flag UTINYINT NOT NULL, ' +
    'reasons INTEGER NOT NULL, delay BIGINT NOT NULL, sequence BIGINT NOT NULL, import INTEGER NOT NULL'
  )
}

function rollupColumns(): string {
  return (
    'channel INTEGER NOT NULL, time BIGINT NOT NULL, count INTEGER NOT NULL, expected DOUBLE, ' +
    'mean DOUBLE, min DOUBLE, max DOUBLE, p10 DOUBLE, p50 DOUBLE, p90 DOUBLE, ' +
    'passed INTEGER NOT NULL, not_evaluated INTEGER NOT NULL, suspect INTEGER NOT NULL, failed INTEGER NOT NULL'
  )
}

/** Makes the tables of a new file, or checks those of an existing one. */
export async function prepareSchema(
  connection: DuckDBConnection,
  file: string,
  timezone: string,
  onProgress: (doing: string) => void
): Promise<void> {
  const known = await rowsOf(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE database_name = '${catalogName}' AND table_name = 'meta'`
  )
  if (known.length === 0) await create(connection, timezone)
  else {
    await checkFormat(connection, file)
    await connection.run(laterTables)
    await judgeSaturated(connection, onProgress)
    await changeTimezone(connection, timezone)
  }
  await connection.run(workingTables)
}

async function create(connection: DuckDBConnection, timezone: string): Promise<void> {
  await transaction(connection, async () => {
    await connection.run(tables)
    await connection.run(laterTables)
    await connection.run(
      `INSERT INTO meta VALUES ('format', '${formatVersion}'), ('replacements', '0'), ('timezone', $timezone), ` +
        `('saturated', '${saturatedFlag}')`,
      { timezone }
    )
  })
}

/** The flag of a reading at the end of its sensor's scale; the first programs gave 3. */
const saturatedFlag = 4

/** Once in a file of such a program: the hours with such readings go to the look back, which gives each its flag. */
async function judgeSaturated(
  connection: DuckDBConnection,
  onProgress: (doing: string) => void
): Promise<void> {
  const known = await rowsOf(connection, "SELECT value FROM meta WHERE key = 'saturated'")
  if (known.length > 0) return
  onProgress('looking for readings that an older Lamppost judged in another way')
  await transaction(connection, async () => {
    await connection.run(
      `INSERT INTO unexamined SELECT DISTINCT s.channel, ${floorTo('r.time', hourMs)}
       FROM readings r JOIN series s ON s.series = r.series
       WHERE r.flag < ${saturatedFlag} AND (r.reasons & ${reasonBits('saturated')}) <> 0`
    )
    await connection.run(`INSERT INTO meta VALUES ('saturated', '${saturatedFlag}')`)
  })
}

async function checkFormat(connection: DuckDBConnection, file: string): Promise<void> {
  const format = Number(await readMeta(connection, 'format'))
  if (format === formatVersion) return
  throw new Error(
    `${file} was written by a newer Lamppost (store format ${format}; this one reads ${formatVersion}). ` +
      'Start that version again, or restore a backup made before the upgrade.'
  )
}

/** Civil days begin elsewhere now: the old ones go, and every hour is marked so that the days are made again. */
async function changeTimezone(connection: DuckDBConnection, timezone: string): Promise<void> {
  if ((await readMeta(connection, 'timezone')) === timezone) return
  await transaction(connection, async () => {
    await connection.run('DELETE FROM days')
    await connection.run('INSERT INTO dirty SELECT channel, time FROM hours')
    await connection.run("UPDATE meta SET value = $timezone WHERE key = 'timezone'", { timezone })
  })
}

export async function readMeta(connection: DuckDBConnection, key: string): Promise<string> {
  const [row] = await rowsOf(connection, 'SELECT value FROM meta WHERE key = $key', { key })
  return asText(row?.[0])
}

/** All or nothing. The first failure is the one that is told; a rollback that fails too is its consequence. */
export async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await work()
    await connection.run('COMMIT')
    return result
  } catch (failure) {
    await connection.run('ROLLBACK').catch((also: unknown) => noteRollback(failure, also))
    throw failure
  }
}

function noteRollback(failure: unknown, also: unknown): void {
  // A failed COMMIT has already rolled back, and then ROLLBACK says "no transaction is active": nothing to add.
  if (failure instanceof Error && failure.cause === undefined) failure.cause = also
}
