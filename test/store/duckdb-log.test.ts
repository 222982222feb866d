/** DuckDB's log as a power cut or a failing disk leaves it: the store opens, with every commit before what is broken. */
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetLogCut, logCutOf } from '../../store/duckdb/file/log.ts'
import { Database, rowsOf } from '../../store/duckdb/file/database.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const whole = join(folder.path, 'whole.duckdb')
/** Where each commit ends in the log; the first makes the table, each of the others adds a row. */
const ends: number[] = []

beforeAll(async () => {
  const database = await Database.open({ file: whole, memoryMb: 128 })
  const commit = async (sql: string): Promise<void> => {
    await database.writer.run(sql)
    ends.push(statSync(`${whole}.wal`).size)
  }
  await commit('CREATE TABLE numbers (n BIGINT)')
  for (const n of [1, 2, 3]) await commit(`INSERT INTO numbers VALUES (${n})`)
  // As they are now, since closing folds the log into the file.
  for (const tail of ['', '.wal']) copyFileSync(`${whole}${tail}`, join(folder.path, `kept.duckdb${tail}`))
  database.close()
})

interface Found {
  numbers: number[]
  isUnfinished: boolean | undefined
}

async function openedAfter(name: string, harm: (log: Buffer) => Buffer): Promise<Found> {
  const file = join(folder.path, `${name}.duckdb`)
  copyFileSync(join(folder.path, 'kept.duckdb'), file)
  writeFileSync(`${file}.wal`, harm(readFileSync(join(folder.path, 'kept.duckdb.wal'))))
  const database = await Database.open({ file, memoryMb: 128 })
  const tables = await rowsOf(database.writer, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'numbers'")
  const rows = tables.length ? await rowsOf(database.writer, 'SELECT n FROM numbers ORDER BY n') : []
  database.close()
  return { numbers: rows.map(([n]) => Number(n)), isUnfinished: logCutOf(file)?.isUnfinished }
}

function flipped(log: Buffer, at: number): Buffer {
  log.writeUInt8(log.readUInt8(at) ^ 1, at)
  return log
}

/** In the last bytes of a commit before its end, which are its row. */
const rowOf = (commit: number): number => ends[commit]! - 25
/** The highest byte but one of the length of a commit's first entry. */
const lengthOf = (commit: number): number => ends[commit - 1]! + 6

describe('a log of DuckDB', () => {
  it.each<[string, (log: Buffer) => Buffer, Found]>([
    ['as it was', (log) => log, { numbers: [1, 2, 3], isUnfinished: undefined }],
    ['without its last bytes', (log) => log.subarray(0, -3), { numbers: [1, 2], isUnfinished: true }],
    ['torn in its last commit', (log) => flipped(log, rowOf(3)), { numbers: [1, 2], isUnfinished: true }],
    [
      'whose end was never written',
      (log) => log.fill(0, ends[2]! + 5),
      { numbers: [1, 2], isUnfinished: true }
    ],
    ['of which a bit changed before', (log) => flipped(log, rowOf(2)), { numbers: [1], isUnfinished: false }],
    [
      'of which a length changed before',
      (log) => flipped(log, lengthOf(2)),
      { numbers: [1], isUnfinished: false }
    ],
    ['that is all zeros', (log) => log.fill(0), { numbers: [], isUnfinished: true }],
    ['that is empty', (log) => log.subarray(0, 0), { numbers: [], isUnfinished: undefined }]
  ])('%s opens with what was committed before', async (name, harm, found) => {
    expect(await openedAfter(name.replaceAll(' ', '-'), harm)).toEqual(found)
  })

  it('is remembered as cut until that is forgotten, the worse of two cuts', async () => {
    const file = join(folder.path, 'of-which-a-bit-changed-before.duckdb')
    writeFileSync(`${file}.wal`, Buffer.alloc(20))
    ;(await Database.open({ file, memoryMb: 128 })).close()
    expect(logCutOf(file)?.isUnfinished).toBe(false)
    forgetLogCut(file)
    expect(logCutOf(file)).toBeUndefined()
    expect(existsSync(`${file}.cut`)).toBe(false)
  })
})
