/** The InfluxDB store on a real server: the contract, unchanged. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Store } from '../../store/promise/store.ts'
import { lookBackContract } from '../contract/store-look-back.ts'
import { storeContract } from '../contract/store.ts'
import { trimContract } from '../contract/store-trim.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { outside } from '../support/outside.ts'

const influx = outside('influx')

describe.skipIf(!influx.present)(`InfluxDB (${influx.line})`, () => {
  let server: InfluxServer
  let folder = ''
  let opened = 0
  const places = new WeakMap<Store, { bucket: string; stateFile: string }>()

  beforeAll(async () => {
    server = await anyInflux()
    folder = await mkdtemp(join(tmpdir(), 'lamppost-influx-'))
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  const open = async (place?: { bucket: string; stateFile: string }) => {
    const at = place ?? {
      bucket: await makeInfluxBucket(server),
      stateFile: join(folder, `state-${opened++}.sqlite`)
    }
    const store = await openInflux(server, at)
    places.set(store, at)
    return store
  }

  storeContract(
    'InfluxDB',
    () => open(),
    async (store) => {
      await store.close()
      return open(places.get(store))
    }
  )
  lookBackContract(() => open())
  trimContract(
    () => open(),
    async (store) => {
      await store.close()
      return open(places.get(store))
    }
  )
})
