/** The tables of the file, and what a file of another version or time zone means. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { asText, catalogName, rowsOf } from './database.ts'
import { formatVersion } from './format.ts'
import { recomputeAll } from './recompute-all.ts'

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
 * `hours` and `days` begin by the hub's clock. Those that do not were made by another one before; see other-clocks.ts.
 *
 * `replaced` keeps what a later reading of the same identity displaced, and what a lower sequence brought while an
 * import stood there, so that taking the import back can put it right.
 */
const tables = `
  CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
  CREATE TABLE channels (channel INTEGER NOT NULL, site VARCHAR NOT NULL, quantity VARCHAR NOT NULL);
  CREATE TABLE series (series INTEGER NOT NULL, channel INTEGER NOT NULL, device VARCHAR NOT NULL);
  CREATE TABLE readings (${readingColumns()});
  CREATE TABLE replaced (${readingColumns()});
  CREATE TABLE hours (${rollupColumns()});
  CREATE TABLE days (${rollupColumns()});
  CREATE TABLE dirty (channel INTEGER NOT NULL, hour BIGINT NOT NULL);
`

/**
 * Tables that came after the first files. `unexamined`: hours that the look back has not judged since their readings changed.
 * `corrections`: what was last told, so that a change is known for one. `said_intervals`: NULL for all time.
 */
const laterTables = `
  CREATE TABLE IF NOT EXISTS unexamined (channel INTEGER NOT NULL, hour BIGINT NOT NULL);
  CREATE TABLE IF NOT EXISTS corrections (correction VARCHAR NOT NULL, row VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS said_intervals (device VARCHAR NOT NULL, start BIGINT, until BIGINT,
    interval_s DOUBLE NOT NULL, on_change BOOLEAN NOT NULL);
  CREATE TABLE IF NOT EXISTS learnt_intervals (series INTEGER NOT NULL, start BIGINT NOT NULL, interval_s DOUBLE NOT NULL);
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

/** Working tables of the writer's connection; they are in memory and end with it. */
const workingTables = {
  asked: 'place INTEGER, series INTEGER, time BIGINT',
  gone: 'id BIGINT',
  verdicts: 'id BIGINT, flag UTINYINT, reasons INTEGER',
  aside: readingColumns(),
  pending: 'channel INTEGER, hour BIGINT, average INTEGER, most DOUBLE, expected DOUBLE',
  day_hours: 'hour BIGINT, day BIGINT',
  pending_days: 'channel INTEGER, hour BIGINT, average INTEGER, most DOUBLE, expected DOUBLE',
  examined: 'channel INTEGER, hour BIGINT',
  retracted: 'series INTEGER, time BIGINT, sequence BIGINT'
} as const

/**
 * Empties one by making it anew. Of a table in memory DuckDB keeps deleted rows for good: 4,000 of them every ten seconds are
 * 1.6 GB a day, and it counts them when it orders joins, until a join of an hour's rows runs for minutes.
 */
export async function emptyWorkingTable(
  connection: DuckDBConnection,
  table: keyof typeof workingTables
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${table} (${workingTables[table]})`)
}

/** Makes the tables of a new file, or checks those of an existing one. */
export async function prepareSchema(
  connection: DuckDBConnection,
  file: string,
  timezone: string,
  onProgress: (doing: string) => void
): Promise<void> {
  if (!(await hasTables(connection))) await create(connection, timezone)
  else {
    const format = await checkFormat(connection, file)
    await connection.run(laterTables)
    await upgrade(connection, format, onProgress)
    await changeClock(connection, timezone, onProgress)
  }
}

/** All of them come with one commit. */
export async function hasTables(connection: DuckDBConnection): Promise<boolean> {
  const known = await rowsOf(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE database_name = '${catalogName}' AND table_name = 'meta'`
  )
  return known.length > 0
}

async function create(connection: DuckDBConnection, timezone: string): Promise<void> {
  await transaction(connection, async () => {
    await connection.run(tables)
    await connection.run(laterTables)
    await connection.run(
      `INSERT INTO meta VALUES ('format', '${formatVersion}'), ('replacements', '0'), ('timezone', $timezone)`,
      { timezone }
    )
  })
}

async function checkFormat(connection: DuckDBConnection, file: string): Promise<number> {
  const format = Number(await readMeta(connection, 'format'))
  if (format <= formatVersion) return format
  throw new Error(
    `${file} was written by a newer Lamppost (store format ${format}; this one reads ${formatVersion}). ` +
      'Start that version again, or restore a backup made before the upgrade.'
  )
}

/**
 * Files of format 1 have hours of UTC, one interval a device (said or learnt, nobody knows which), and flags of older rules:
 * all is judged and computed again, in the order of `dirty`, while the hub works.
 */
async function upgrade(
  connection: DuckDBConnection,
  format: number,
  onProgress: (doing: string) => void
): Promise<void> {
  if (format === formatVersion) return
  onProgress('upgrading the tables')
  await transaction(connection, async () => {
    await connection.run('DROP TABLE IF EXISTS intervals')
    const timezone = asText(await readMeta(connection, 'timezone'))
    await recomputeAll(connection, timezone, onProgress)
    await connection.run('DELETE FROM unexamined; INSERT INTO unexamined SELECT * FROM dirty')
    await connection.run(`UPDATE meta SET value = '${formatVersion}' WHERE key = 'format'`)
  })
}

/** Hours and days begin elsewhere now. */
async function changeClock(
  connection: DuckDBConnection,
  timezone: string,
  onProgress: (doing: string) => void
): Promise<void> {
  const before = asText(await readMeta(connection, 'timezone'))
  if (before === timezone) return
  await transaction(connection, async () => {
    await recomputeAll(connection, timezone, onProgress)
    await connection.run("UPDATE meta SET value = $timezone WHERE key = 'timezone'", { timezone })
  })
}

/** Under which `meta` has the sites whose old readings were removed, with until when, as JSON. */
export const trimmedKey = 'trimmed'

export async function readMeta(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const [row] = await rowsOf(connection, 'SELECT value FROM meta WHERE key = $key', { key })
  return row && asText(row[0])
}

/**
 * All or nothing. The first failure is the one that is told; a rollback that fails too is its consequence. `ending` has either
 * done undisturbed.
 */
export async function transaction<T>(
  connection: DuckDBConnection,
  work: () => Promise<T>,
  ending: <E>(end: () => Promise<E>) => Promise<E> = (end) => end()
): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await work()
    await ending(() => connection.run('COMMIT'))
    return result
  } catch (failure) {
    await ending(() => connection.run('ROLLBACK')).catch((also: unknown) => noteRollback(failure, also))
    throw failure
  }
}

function noteRollback(failure: unknown, also: unknown): void {
  // A failed COMMIT has already rolled back, and then ROLLBACK says "no transaction is active": nothing to add.
  if (failure instanceof Error && failure.cause === undefined) failure.cause = also
}
