/** Everything can be read out of either store, and written into either. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { dumpContract } from '../contract/store-dump.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { outside } from '../support/outside.ts'

const influx = outside('influx')

let folder = ''
let opened = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-dump-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('DuckDB', () => {
  dumpContract(() =>
    openDuckDbStore({ file: join(folder, `readings-${opened++}.duckdb`), timezone: 'Europe/London' })
  )
})

describe.skipIf(!influx.present)(`InfluxDB (${influx.line})`, () => {
  let server: InfluxServer
  beforeAll(async () => {
    server = await anyInflux()
  })
  afterAll(() => server.close())

  dumpContract(async () => {
    const bucket = await makeInfluxBucket(server)
    return openInflux(server, { bucket, stateFile: join(folder, `state-${opened++}.sqlite`) })
  })
})
