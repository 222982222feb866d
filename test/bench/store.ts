/** Measures the embedded store: writing, late readings, bytes a reading, rollups, a street's year, export. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/store.ts'

const measured: readonly MeasuredQuantity[] = ['pm2_5', 'pm10', 'temperature', 'humidity', 'laeq']
const start = Date.UTC(2026, 0, 1) as UnixMs
const everything = { from: 0 as UnixMs, until: 9e15 as UnixMs }

await withStore('live: 40 devices × 5 quantities every 10 s, in order', async (store, file) => {
  const rows = 4_000_000
  const batches = [...messages({ devices: 40, intervalMs: 10_000, readings: rows, latenessShare: 0 })]
  print('readings written/s', perSecond(rows, await timeMs(() => writeAll(store, batches))), '≥ 500,000')
  await store.close()
  print('bytes a reading', (await stat(file)).size / rows, '≤ 6')
})

await withStore('the same with 5 % late and 2 % repeated', async (store) => {
  const rows = 1_000_000
  const batches = [...messages({ devices: 40, intervalMs: 10_000, readings: rows, latenessShare: 0.05 })]
  print('readings written/s', perSecond(rows, await timeMs(() => writeAll(store, batches))), '')
})

await withStore('history: 60 sites × 5 quantities × 90 days every 10 min', async (store) => {
  const rows = 60 * 5 * 90 * 144
  const batches = [...messages({ devices: 60, intervalMs: 10 * minuteMs, readings: rows, latenessShare: 0 })]
  for (let d = 0; d < 60; d++) await store.setInterval(`device-${d}`, 600)
  const writeMs = await timeMs(() => writeAll(store, batches))
  const rollupMs = await timeMs(() => refreshAll(store))
  print('written in ms', writeMs, '')
  print('648,000 hours and 27,000 days computed in ms', rollupMs, 'a few seconds')
  const exported = { rows: 0 }
  const exportMs = await timeMs(async () => {
    const siteIds = Array.from({ length: 60 }, (_, d) => `site-${d}`)
    for await (const chunk of store.export({ siteIds, ...everything })) exported.rows += chunk.time.length
  })
  print(`exported rows/s (${exported.rows} rows)`, perSecond(exported.rows, exportMs), '≥ 1,000,000')
})

await withStore('one street of 20 sites, a year of hours', async (store) => {
  const rows = 60 * 5 * 365 * 24
  const batches = [...messages({ devices: 60, intervalMs: hourMs, readings: rows, latenessShare: 0 })]
  for (let d = 0; d < 60; d++) await store.setInterval(`device-${d}`, 3600)
  await writeAll(store, batches)
  await refreshAll(store)
  const siteIds = Array.from({ length: 20 }, (_, d) => `site-${d}`)
  const ask = () =>
    store.acrossSites({ siteIds, quantity: 'pm2_5', window: 'hour', coverageMin: 0.75, ...everything })
  const times: number[] = []
  for (let i = 0; i < 40; i++) times.push(await timeMs(ask))
  print('95th percentile in ms', times.toSorted((a, b) => a - b)[37]!, '≤ 50')
  const raw = () =>
    store.raw({ siteId: 'site-1', quantity: 'pm2_5', from: start, until: (start + 7 * dayMs) as UnixMs })
  print('a week of one site, raw, in ms', await timeMs(raw), '')
})

interface Traffic {
  devices: number
  intervalMs: number
  readings: number
  latenessShare: number
}

/** Batches of 16,000 readings as ingest makes them: messages of five values in the order of arrival. */
function* messages({ devices, intervalMs, readings, latenessShare }: Traffic): Generator<Reading[]> {
  const random = seeded(1)
  let batch: Reading[] = []
  let made = 0
  for (let round = 0; made < readings; round++) {
    for (let device = 0; device < devices && made < readings; device++) {
      const late = random() < latenessShare
      const at =
        start +
        (late ? Math.max(0, round - 40) : round) * intervalMs +
        Math.floor((device * intervalMs) / devices)
      const receivedAt = (at + 20 + Math.floor(random() * 180)) as UnixMs
      for (const quantity of measured) {
        // Half of the late messages repeat one that was taken in time; the others come between two of them.
        const measuredAt = (late && device % 2 ? at + 1 : at) as UnixMs
        const value = Math.round(valueAt(quantity, round, device, late, random) * 10) / 10
        batch.push({
          siteId: `site-${device}`,
          deviceId: `device-${device}`,
          quantity,
          measuredAt,
          receivedAt,
          value,
          flag: 1,
          reasons: 0,
          sequence: Math.floor(made / measured.length),
          importId: 0
        })
        made++
      }
      if (batch.length >= 16_000) {
        yield batch
        batch = []
      }
    }
  }
  yield batch
}

function valueAt(
  quantity: MeasuredQuantity,
  round: number,
  device: number,
  late: boolean,
  random: () => number
): number {
  const middle = 10 + measured.indexOf(quantity) * 12
  return middle + 6 * Math.sin(round / 300 + device) + (late ? 0 : random())
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function writeAll(store: Store, batches: readonly Reading[][]): Promise<void> {
  for (const batch of batches) await store.write(batch)
}

async function refreshAll(store: Store): Promise<void> {
  while ((await store.refreshRollups((start + 1_000 * dayMs) as UnixMs)).more);
}

async function withStore(name: string, work: (store: Store, file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-'))
  const file = join(folder, 'readings.duckdb')
  console.log(name)
  try {
    const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
    await work(store, file)
    await store.close()
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

function perSecond(rows: number, ms: number): number {
  return (rows / ms) * 1_000
}

function print(what: string, value: number, aim: string): void {
  const digits = value < 100 ? 1 : 0
  const number = value.toLocaleString('en', { maximumFractionDigits: digits })
  console.log(`  ${what}: ${number}${aim ? ` (aim: ${aim})` : ''}`)
}
