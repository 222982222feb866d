/** The lines that the page of data gives for curl, pandas, polars, DuckDB and R, run as they stand against a hub with readings. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ExportReceipt } from '../../contract/export.ts'
import { exportFileName, snippet, wholeCheck, type DataRequest } from '../../words/data-request.ts'
import { addStreetAndDevice, connectDevice, eventually } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const hub = oneHub()
const pandas = outside('pandas')
const polars = outside('polars')
const duckdb = outside('duckdb')
const R = outside('Rscript')
const messages = 30

const request: DataRequest = {
  streets: ['ashley-road'],
  quantities: ['pm2_5', 'humidity'],
  firstDay: '2026-11-01',
  lastDay: '2026-11-02',
  window: 'raw',
  values: 'raw',
  layout: 'long',
  flags: 'keep',
  format: 'csv'
}

beforeAll(async () => {
  const device = await addStreetAndDevice(hub.dataDir, 'Ashley Road', '--interval', '60')
  const client = await connectDevice(hub.process, device)
  for (let n = 0; n < messages; n++) {
    const at = new Date(Date.UTC(2026, 10, 1, 10, n)).toISOString()
    await client.publishAsync(device.topic, JSON.stringify({ at, pm2_5: 5 + n, humidity: 60 }), { qos: 1 })
  }
  client.end(true)
  const rows = async (): Promise<number> =>
    (await (await fetch(`${hub.url}/api/v1/readings`)).text()).split('\n').length
  expect(await eventually(rows, (count) => count === 2 * messages + 2)).toBe(2 * messages + 2)
})

function run(program: string, args: string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: hub.path, input, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

it('curl saves the file that the request names', () => {
  run('bash', ['-c', snippet('curl', hub.url, request)])
  const lines = readFileSync(join(hub.path, exportFileName(request)), 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines).toHaveLength(2 * messages + 1)
  expect(lines[0]).toMatch(/^time,street,site,device,quantity,value,unit,flag,reason,received/)
})

it('the receipt has the checksum of the file that came', () => {
  const said = run('bash', ['-c', wholeCheck(hub.url, request)])
  const sums = said.match(/\b[0-9a-f]{64}\b/g)
  expect(sums).toHaveLength(2)
  expect(sums![0]).toBe(sums![1])
})

describe.skipIf(!pandas.present)(`pandas (${pandas.line})`, () => {
  it('reads the times as times and the values as numbers', () => {
    const more = '\nprint(len(df), df["value"][df["quantity"] == "pm2_5"].sum(), df["time"].dt.tz)\n'
    expect(run(pandas.path, ['-'], snippet('pandas', hub.url, request) + more)).toMatch(/60 585 UTC\n$/)
  })
})

describe.skipIf(!polars.present)(`polars (${polars.line})`, () => {
  it('reads the times with their zone and the values as numbers', () => {
    const more =
      '\nprint(len(df), df.filter(pl.col("quantity") == "pm2_5")["value"].sum(), df.schema["time"].time_zone)\n'
    expect(run(polars.path, ['-'], snippet('polars', hub.url, request) + more)).toMatch(/60 585.0 UTC\n$/)
  })
})

describe.skipIf(!duckdb.present)(`DuckDB (${duckdb.line})`, () => {
  it('says of each column what is in it', () => {
    const more = `\nprint(duckdb.sql("SELECT count(*), sum(value) FROM 'readings.parquet' WHERE quantity = 'pm2_5'").fetchall())\n`
    const said = run(duckdb.path, ['-'], snippet('duckdb', hub.url, request) + more)
    expect(said).toContain('TIMESTAMP WITH TIME ZONE')
    expect(said).toMatch(/\[\(30, 585\.0\)\]\n$/)
  })
})

describe.skipIf(!R.present)(`R (${R.line})`, () => {
  it('reads a column a measurement, with dates', () => {
    const more = '\ncat(nrow(data), sum(data$pm2_5), format(data$date[2], "%H:%M"), "\\n")\n'
    expect(run(R.path, ['-'], snippet('r', hub.url, request) + more)).toMatch(/30 585 10:01 \n$/)
  })
})

it('a file that was ordered is read over HTTP in parts, as far as somebody wants it', async () => {
  const order = await fetch(`${hub.url}/api/v1/readings/exports?format=parquet`, { method: 'POST' })
  const receipt = async (): Promise<ExportReceipt> =>
    (await (await fetch(`${hub.url}${order.headers.get('location')}`)).json()) as ExportReceipt
  const { file: path } = await eventually(receipt, ({ state }) => state === 'whole')
  const parts: number[] = []
  const file = await asyncBufferFromUrl({
    url: `${hub.url}${path}`,
    async fetch(input, init) {
      const answer = await fetch(input as string, init)
      parts.push(answer.status)
      return answer
    }
  })
  const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) }
  const rows = await parquetReadObjects({ file, compressors, columns: ['value'] })
  expect(rows).toHaveLength(2 * messages)
  expect(parts.filter((status) => status === 206).length).toBeGreaterThan(1)
})
