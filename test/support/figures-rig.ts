/** A test hub over the embedded store, for numbers that come from its readings and rollups. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { secondMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/promise/store.ts'
import { openTestHub, reading, timezone, type TestHub } from './api-hub.ts'
import { misfits, openApiOf } from './schema-check.ts'

export interface NumbersRig {
  hub: TestHub
  store: Store
  /** One reading every `intervalS` in [from, until) at each site, and the rollups made. */
  measure(site: Credentials, quantity: MeasuredQuantity, every: Every): Promise<void>
  write(readings: readonly Reading[]): Promise<void>
  /** The answer, held against the OpenAPI document. */
  ask(path: string, url: string): Promise<Record<string, never>>
  close(): Promise<void>
}

export interface Every {
  intervalS: number
  from: UnixMs
  until: UnixMs
  value: number | ((at: UnixMs) => number)
}

/** Over the embedded store, unless another one is opened in the folder. */
export async function openNumbersRig(
  openStore = (folder: string): Promise<Store> =>
    openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone })
): Promise<NumbersRig> {
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-numbers-'))
  const store = await openStore(folder)
  const hub = await openTestHub({ reader: () => store })
  const write = async (readings: readonly Reading[]): Promise<void> => {
    await store.write(readings)
    for (let more = true; more;) ({ more } = await store.refreshRollups(hub.clock.now()))
  }
  return {
    hub,
    store,
    write,
    async measure(site, quantity, { intervalS, from, until, value }) {
      await store.setInterval(site.deviceId, intervalS)
      const readings: Reading[] = []
      for (let at = from; at < until; at = (at + intervalS * secondMs) as UnixMs) {
        readings.push(reading(site, quantity, at, typeof value === 'number' ? value : value(at)))
      }
      await write(readings)
    },
    async ask(path, url) {
      const answer = await hub.app.inject(url)
      const body = answer.json()
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`)
      const wrong = misfits(await openApiOf(hub.app), path, '200', body)
      if (wrong.length > 0) throw new Error(`${url} does not fit its schema: ${JSON.stringify(wrong)}`)
      return body
    },
    async close() {
      await hub.close()
      await store.close()
      await rm(folder, { recursive: true })
    }
  }
}
