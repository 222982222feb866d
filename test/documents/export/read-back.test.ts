/** Files from either store, read back by the programs that researchers use: the same rows, values, types and zone; and a cut one is noticed. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportFormatNames, type ExportFormatName } from '../../../contract/export.ts'
import { sealedExport, type ExportSummary } from '../../../documents/export/sealed.ts'
import type { Flag } from '../../../model/flag.ts'
import { reasonBits } from '../../../model/flag.ts'
import type { Reading } from '../../../model/reading.ts'
import { hourMs } from '../../../model/time.ts'
import { openDuckDbStore } from '../../../store/duckdb/open.ts'
import type { Store } from '../../../store/promise/store.ts'
import { refreshAll } from '../../contract/store-rollups.ts'
import { exportRequest } from '../../support/exported.ts'
import { anyInflux, type InfluxServer } from '../../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../../support/influx-store.ts'
import { outside } from '../../support/outside.ts'
import { aReading, at, winter } from '../../support/readings.ts'

const pyarrow = outside('pyarrow')
const pandas = outside('pandas')
const R = outside('Rscript')
const influx = outside('influx')
const folder = mkdtempSync(join(tmpdir(), 'lamppost-read-back-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Numbers that a program could round, times within a second, text with commas to be quoted, every flag. */
const values = [8.1, 0.1 + 0.2, -12.345, 1e-7, 123456.789, 0, 1 / 3, 99.99999999999999]
const readings: Reading[] = values.flatMap((value, i) =>
  (['pm2_5', 'humidity'] as const).map((quantity) =>
    aReading({
      siteId: i % 2 === 0 ? 'elm-1' : 'oak-1',
      deviceId: i % 2 === 0 ? 'box-1' : 'box-2',
      quantity,
      measuredAt: at(winter, i * 1_001),
      value,
      flag: ((i % 4) + 1) as Flag,
      reasons: i % 4 === 3 ? reasonBits('outOfRange', 'stuck') : 0,
      sequence: i + 1
    })
  )
)

/** What everybody has to find: time, site, device, quantity, value, flag, reason. */
type Row = [
  time: number,
  site: string,
  device: string,
  quantity: string,
  value: number,
  flag: number,
  reason: string
]

const wanted = readings
  .map(({ measuredAt, siteId, deviceId, quantity, value, flag, reasons }): Row => {
    return [
      measuredAt,
      siteId,
      deviceId,
      quantity,
      value,
      flag,
      reasons === 0 ? 'unjudged' : 'outOfRange stuck'
    ]
  })
  .toSorted(byAll)

function byAll(a: Row, b: Row): number {
  const key = ([time, site, , quantity]: Row): string => `${time} ${site} ${quantity}`
  return key(a) < key(b) ? -1 : 1
}

const siteIds = ['elm-1', 'oak-1']
const places = {
  'elm-1': { street: 'elm', streetName: 'Elm Road, "east"', siteName: 'By the stop' },
  'oak-1': { street: 'oak', streetName: 'Oak Road', siteName: 'Garden' }
}

async function made(
  store: Store,
  format: ExportFormatName
): Promise<{ bytes: Buffer; summary: ExportSummary }> {
  const pieces: Uint8Array[] = []
  for await (const piece of sealedExport(store, exportRequest({ format, siteIds, places })))
    if (piece instanceof Uint8Array) pieces.push(piece)
    else return { bytes: Buffer.concat(pieces), summary: piece }
  throw new Error('an export without an end')
}

function run(program: string, args: string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

/** Python that prints rows as JSON; `table` is a pyarrow table. */
const printTable = `
import json, sys
print(json.dumps({
  "types": {f.name: str(f.type) for f in table.schema},
  "rows": [[int(r["time"].timestamp() * 1000 + 0.5), r["site"], r["device"], r["quantity"], r["value"], r["flag"], r["reason"]] for r in table.to_pylist()],
}))`

type Cells = Record<'site' | 'device' | 'quantity' | 'reason', string> & {
  time: never
  value: number
  flag: number
}

interface Printed {
  types: Record<string, string>
  rows: Row[]
}

function readBack(open: () => Promise<Store>): void {
  const fileOf = (format: ExportFormatName): string => join(folder, `${name}.${format}`)
  const name = `${Math.random()}`
  let store: Store
  beforeAll(async () => {
    store = await open()
    await store.write(readings)
    for (const format of exportFormatNames) writeFileSync(fileOf(format), (await made(store, format)).bytes)
  })
  afterAll(() => store.close())

  it('Parquet by DuckDB', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    const rows = await ask(
      `SELECT epoch_ms(time)::DOUBLE, site, device, quantity, value, flag::INTEGER, reason FROM '${fileOf('parquet')}'`
    )
    expect((rows as unknown as Row[]).toSorted(byAll)).toEqual(wanted)
    const types = new Map(
      (await ask(`DESCRIBE SELECT * FROM '${fileOf('parquet')}'`)).map(([n, t]) => [n, t])
    )
    expect([types.get('time'), types.get('value')]).toEqual(['TIMESTAMP WITH TIME ZONE', 'DOUBLE'])
  })

  it('Parquet by hyparquet', async () => {
    const bytes = readFileSync(fileOf('parquet'))
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
      compressors: { ZSTD: (input) => zstdDecompressSync(input) }
    })
    const found = rows.map(({ time, site, device, quantity, value, flag, reason }): Row => {
      return [
        (time as Date).getTime(),
        ...([site, device, quantity, value, flag, reason] as never)
      ] as unknown as Row
    })
    expect(found.toSorted(byAll)).toEqual(wanted)
  })

  it('Arrow by apache-arrow', () => {
    const table = tableFromIPC(readFileSync(fileOf('arrow')))
    const rows = table.toArray().map((row): Row => {
      const { time, site, device, quantity, value, flag, reason } = row as unknown as Cells
      return [Number(time), site, device, quantity, value, flag, reason]
    })
    expect(rows.toSorted(byAll)).toEqual(wanted)
    expect(String(table.schema.fields.find((field) => field.name === 'time')?.type)).toContain('UTC')
  })

  it('JSON Lines', () => {
    const rows = readFileSync(fileOf('jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): Row => {
        const { time, site, device, quantity, value, flag, reason } = JSON.parse(line) as Cells
        return [Date.parse(time), site, device, quantity, value, flag, reason]
      })
    expect(rows.toSorted(byAll)).toEqual(wanted)
  })

  describe.skipIf(!pyarrow.present)(`pyarrow (${pyarrow.line})`, () => {
    const types = { time: 'timestamp[ms, tz=UTC]', value: 'double', flag: 'uint8' }

    it('Parquet', () => {
      const program = `import pyarrow.parquet as pq\ntable = pq.read_table("${fileOf('parquet')}")${printTable}`
      const printed = JSON.parse(run(pyarrow.path, ['-'], program)) as Printed
      expect(printed.rows.toSorted(byAll)).toEqual(wanted)
      expect(printed.types).toMatchObject(types)
    })

    it('Arrow', () => {
      const program = `import pyarrow as pa\ntable = pa.ipc.open_stream("${fileOf('arrow')}").read_all()${printTable}`
      const printed = JSON.parse(run(pyarrow.path, ['-'], program)) as Printed
      expect(printed.rows.toSorted(byAll)).toEqual(wanted)
      expect(printed.types).toMatchObject(types)
    })
  })

  describe.skipIf(!pandas.present)(`pandas (${pandas.line})`, () => {
    it('CSV', () => {
      const program = `
import json, pandas as pd
df = pd.read_csv("${fileOf('csv')}", parse_dates=["time", "received"], keep_default_na=False, float_precision="round_trip")
print(json.dumps({
  "types": {"time": str(df.time.dt.tz), "value": str(df.value.dtype), "flag": str(df.flag.dtype)},
  "rows": [[int(t.timestamp() * 1000 + 0.5), s, d, q, v, f, r] for t, s, d, q, v, f, r in zip(df.time, df.site, df.device, df.quantity, df.value.tolist(), df.flag.tolist(), df.reason)],
}))`
      const printed = JSON.parse(run(pandas.path, ['-'], program)) as Printed
      expect(printed.rows.toSorted(byAll)).toEqual(wanted)
      expect(printed.types).toEqual({ time: 'UTC', value: 'float64', flag: 'int64' })
    })
  })

  describe.skipIf(!R.present)(`R (${R.line})`, () => {
    it('CSV', () => {
      const program = `
df <- read.csv("${fileOf('csv')}", colClasses = c(reason = "character"))
at <- as.POSIXct(df$time, format = "%Y-%m-%dT%H:%M:%OS", tz = "UTC")
cat(sprintf("%.0f\\t%s\\t%s\\t%s\\t%.17g\\t%d\\t%s\\n", round(as.numeric(at) * 1000), df$site, df$device, df$quantity, df$value, df$flag, df$reason), sep = "")`
      const rows = run(R.path, ['-'], program)
        .trimEnd()
        .split('\n')
        .map((line): Row => {
          const [time, site, device, quantity, value, flag, reason] = line.split('\t') as [
            string,
            string,
            string,
            string,
            string,
            string,
            string
          ]
          return [Number(time), site, device, quantity, Number(value), Number(flag), reason]
        })
      expect(rows.toSorted(byAll)).toEqual(wanted)
    })
  })

  it('hours are the same in each format', async () => {
    await refreshAll(store, at(winter, 5 * hourMs))
    const counts: number[] = []
    for (const format of ['csv', 'parquet', 'arrow'] as const) {
      let rows = -1
      const request = exportRequest({ format, siteIds, places, window: 'hour' })
      for await (const piece of sealedExport(store, request))
        if (!(piece instanceof Uint8Array)) ({ rows } = piece)
      counts.push(rows)
    }
    expect(counts).toEqual([4, 4, 4])
  })
}

describe('DuckDB: what is read back', () => {
  readBack(() => openDuckDbStore({ file: join(folder, 'read-back.duckdb'), timezone: 'Europe/London' }))
})

describe.skipIf(!influx.present)(`InfluxDB: what is read back (${influx.line})`, () => {
  let server: InfluxServer
  beforeAll(async () => {
    server = await anyInflux()
  })
  afterAll(() => server.close())
  readBack(async () =>
    openInflux(server, { bucket: await makeInfluxBucket(server), stateFile: join(folder, 'influx.sqlite') })
  )
})

describe('a file that was cut', () => {
  /** As docs/api.md says it. */
  const isWhole: Record<ExportFormatName, (bytes: Buffer, summary: ExportSummary) => boolean> = {
    csv: (bytes, { sha256 }) => createHash('sha256').update(bytes).digest('hex') === sha256,
    jsonl: (bytes, { sha256 }) => createHash('sha256').update(bytes).digest('hex') === sha256,
    parquet: (bytes) => bytes.subarray(-4).toString('latin1') === 'PAR1' && bytes.length > 4,
    arrow: (bytes) => bytes.subarray(-8).toString('hex') === 'ffffffff00000000'
  }

  it.each(exportFormatNames)('is noticed at every byte: %s', async (format) => {
    const store = await openDuckDbStore({
      file: join(folder, `cut-${format}.duckdb`),
      timezone: 'Europe/London'
    })
    const many = Array.from({ length: 20_000 }, (_, i) =>
      aReading({
        siteId: 'elm-1',
        measuredAt: at(winter, i * 1_000),
        value: (i * 7_919) % 997,
        sequence: i + 1
      })
    )
    await store.write(many)
    const { bytes, summary } = await made(store, format)
    expect(isWhole[format](bytes, summary)).toBe(true)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(isWhole[format](bytes.subarray(0, length), summary)).toBe(false)
      }),
      { numRuns: 200 }
    )
    await store.close()
  })
})
