/** Looks for what was planted, in every byte of every file of a folder, and in what DuckDB itself reads from a copy of its file. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

export interface Planted {
  /** Names, ids and other words that stand nowhere else. */
  words: readonly string[]
  /** A value that nobody else measures. */
  value: number
}

/** Which of it stands in which file, as text or as the eight bytes of a double. */
export function foundInFiles(path: string, planted: Planted): string[] {
  const double = Buffer.from(new Float64Array([planted.value]).buffer)
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name)
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat?.isDirectory()) return foundInFiles(file, planted)
    if (!stat?.isFile()) return []
    const bytes = readFileSync(file)
    const texts = planted.words.filter((word) => bytes.includes(word)).map((word) => `${name}: ${word}`)
    return bytes.includes(double) || bytes.includes(String(planted.value))
      ? [...texts, `${name}: the value`]
      : texts
  })
}

/** Of a copy of the file and its log, opened: what is compressed in its blocks is read as rows. */
export async function foundByDuckDb(dataDir: string, { words, value }: Planted): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'lamppost-copy-'))
  try {
    for (const name of readdirSync(dataDir).filter((n) => /^readings\.duckdb(\.wal)?$/.test(n)))
      copyFileSync(join(dataDir, name), join(copy, name))
    const instance = await DuckDBInstance.create(join(copy, 'readings.duckdb'))
    const connection = await instance.connect()
    const tables = await connection.runAndReadAll(
      'SELECT table_name FROM duckdb_tables() WHERE NOT temporary'
    )
    const hits: string[] = []
    for (const [table] of tables.getRows()) {
      const rows = await connection.runAndReadAll(`SELECT * FROM "${String(table)}"`)
      const text = rows
        .getRows()
        .map((row) => row.map(String).join(' '))
        .join('\n')
      for (const mark of [...words, String(value)])
        if (text.includes(mark)) hits.push(`${String(table)}: ${mark}`)
    }
    connection.closeSync()
    instance.closeSync()
    return hits
  } finally {
    rmSync(copy, { recursive: true })
  }
}
