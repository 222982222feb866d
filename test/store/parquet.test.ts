/** A Parquet file holds what the export holds: the same rows in the same order, cell by cell. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it, onTestFinished } from 'vitest'
import { exportColumnNames, exportRows } from '../../documents/export/rows.ts'
import { reasonBits } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'

const streets: Record<string, string> = { a: 'ashley-road', b: '\'the\' "lane"' }
const everything = { from: 0 as UnixMs, until: 9e15 as UnixMs }

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lamppost-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** Two sites, two devices, three quantities; times that are equal, out of order and apart by months. */
function readings(): Reading[] {
  const made: Reading[] = []
  for (const [siteId, deviceId] of [
    ['b', 'd2'],
    ['a', 'd1'],
    ['a', 'd3']
  ] as const) {
    for (let i = 0; i < 300; i++) {
      for (const quantity of ['pm2_5', 'humidity', 'laeq'] as const) {
        const measuredAt = (1_700_000_000_123 + ((i * 7919) % 300) * 9_000_001) as UnixMs
        made.push({
          siteId,
          deviceId,
          quantity,
          measuredAt,
          receivedAt: (measuredAt + 17 * i - 100) as UnixMs,
          value: i / 10 - 3,
          flag: i % 50 === 0 ? 4 : 1,
          reasons: i % 50 === 0 ? reasonBits('outOfRange', 'timeReceived', 'tooHumid') : 0,
          sequence: made.length + 1,
          importId: 0
        })
      }
    }
  }
  return made
}

async function cells(file: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const iso = (name: string): string => `strftime(${name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')`
  const columns = exportColumnNames.map((name) => (name === 'time' || name === 'received' ? iso(name) : name))
  const result = await connection.run(`SELECT ${columns.join(', ')} FROM '${file}'`)
  const rows = (await result.getRows()).map((row) => row.map(String))
  connection.closeSync()
  instance.closeSync()
  return rows
}

async function openStore(path: string): ReturnType<typeof openDuckDbStore> {
  const store = await openDuckDbStore({ file: join(path, 'readings.duckdb'), timezone: 'Europe/London' })
  onTestFinished(() => store.close())
  return store
}

async function saved(pieces: AsyncIterable<Uint8Array>, file: string): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  writeFileSync(file, Buffer.concat(all))
  return file
}

it('holds the rows of the export, and only those that were asked for', async () => {
  const path = folder()
  const store = await openStore(path)
  await store.write(readings())
  for (const query of [
    { siteIds: ['a', 'b'], ...everything },
    { siteIds: ['a'], quantities: ['laeq', 'pm2_5'] as const, ...everything },
    { siteIds: ['b'], from: 1_700_500_000_000 as UnixMs, until: 1_701_000_000_000 as UnixMs }
  ]) {
    const expected: string[][] = []
    for await (const chunk of store.export(query)) {
      for (const row of exportRows(chunk, (siteId) => streets[siteId]!))
        expected.push(exportColumnNames.map((name) => String(row[name])))
    }
    expect(expected.length).toBeGreaterThan(50)
    const file = await saved(store.exportParquet({ ...query, streets }), join(path, 'out.parquet'))
    expect(await cells(file)).toEqual(expected)
  }
  expect(readdirSync(join(path, 'readings.duckdb.exports'))).toEqual([])
})

it('has its columns when there is nothing in it', async () => {
  const path = folder()
  const store = await openStore(path)
  const nothing = store.exportParquet({ siteIds: ['a'], streets, ...everything })
  expect(await cells(await saved(nothing, join(path, 'out.parquet')))).toEqual([])
})

it('leaves nothing behind when nobody reads on', async () => {
  const path = folder()
  const store = await openStore(path)
  await store.write(readings())
  const pieces = store.exportParquet({ siteIds: ['a'], streets, ...everything })[Symbol.asyncIterator]()
  await pieces.next()
  await pieces.return?.()
  expect(readdirSync(join(path, 'readings.duckdb.exports'))).toEqual([])
})
