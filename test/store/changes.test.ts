/** The log of changes beside either store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { changesOnceContract } from '../contract/store-changes-once.ts'
import { changesContract, openRig, type ChangesRig } from '../contract/store-changes.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { outside } from '../support/outside.ts'

let folder = ''
let opened = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-changes-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function openDuckDb(): Promise<ChangesRig> {
  const file = join(folder, `${opened++}.duckdb`)
  return openRig(await openDuckDbStore({ file, timezone: 'Europe/London' }), `${file}.changes`)
}

changesContract('DuckDB', openDuckDb, 10_000)
changesOnceContract('DuckDB', openDuckDb)

const influx = outside('influx')
describe.skipIf(!influx.present)(`InfluxDB (${influx.line})`, () => {
  let server: InfluxServer
  beforeAll(async () => {
    server = await anyInflux()
  })
  afterAll(() => server.close())

  async function open(): Promise<ChangesRig> {
    const stateFile = join(folder, `${opened++}.sqlite`)
    const store = await openInflux(server, { bucket: await makeInfluxBucket(server), stateFile })
    return openRig(store, `${stateFile}.changes`)
  }

  changesContract('InfluxDB', open, 2_000)
  changesOnceContract('InfluxDB', open)
})
