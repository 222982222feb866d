/** Rewrites the file, so that nothing deleted is left in its bytes: DuckDB frees blocks without clearing them. */
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { pathSynced } from '../../../synced.ts'
import type { Hurry } from '../hurry.ts'
import { attach, rowsOf, type DatabaseSettings } from './database.ts'

/** Asked for in the same commit as the deletion, so that a crash in between cannot forget it: the next opening does it. */
export async function askForRewrite(connection: DuckDBConnection): Promise<void> {
  await connection.run("INSERT INTO meta VALUES ('rewrite', 'wanted')")
}

export async function isRewriteAskedFor(connection: DuckDBConnection): Promise<boolean> {
  return (await rowsOf(connection, "SELECT 1 FROM meta WHERE key = 'rewrite'")).length > 0
}

/**
 * Copies every row into a new file in its order and puts that in the place of the old one, in one step. Needs the file
 * closed, and room on the disk for a second one; 10 million readings take a few seconds. Whatever fails, or is ended, leaves the
 * old file as it was.
 */
export async function rewriteFile(settings: DatabaseSettings, hurry: Hurry): Promise<void> {
  const fresh = `${settings.file}.new`
  for (const leftOver of [fresh, `${fresh}.wal`]) await rm(leftOver, { force: true })
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${settings.memoryMb}MB`,
    temp_directory: `${settings.file}.tmp`
  })
  try {
    const connection = await instance.connect()
    await attach(connection, settings.file, 'before')
    await attach(connection, fresh, 'after')
    await hurry.during(connection, () => connection.run('COPY FROM DATABASE before TO after'))
    await connection.run("DELETE FROM after.meta WHERE key = 'rewrite'")
    await connection.run('CHECKPOINT after')
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
  await rename(fresh, settings.file)
  await pathSynced(dirname(settings.file))
}
