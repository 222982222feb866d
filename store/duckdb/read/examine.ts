/** Reads a part of the file, for nothing but that DuckDB compares the blocks that it reads with their checksums. */
import type { Core } from '../core.ts'
import { asNumber, asText, rowsOf } from '../file/database.ts'

/** Part `part` of `parts`, of each table. Throws StoreUnavailable where a block cannot be read any more. */
export function examine(core: Core, part: number, parts: number): Promise<void> {
  return core.read('examining the file', async (connection) => {
    const tables = await rowsOf(connection, 'SELECT table_name FROM duckdb_tables() WHERE NOT temporary')
    for (const [name] of tables) {
      const table = `"${asText(name)}"`
      const [[last = null] = []] = await rowsOf(connection, `SELECT CAST(max(rowid) AS DOUBLE) FROM ${table}`)
      if (last === null) continue
      const edge = (share: number): number => Math.floor(((asNumber(last) + 1) * share) / parts)
      // A hash of a row reads every column of it.
      await rowsOf(
        connection,
        `SELECT max(hash(t)) FROM ${table} AS t WHERE rowid >= ${edge(part)} AND rowid < ${edge(part + 1)}`
      )
    }
  })
}
