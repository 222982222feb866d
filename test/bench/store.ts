/**
 * Measures both stores side by side: writing, late readings, bytes a reading, rollups, a street's year, export, a backlog.
 * InfluxDB is measured where its binary is named (LAMPPOST_TEST_INFLUXD), on a fresh server of this machine.
 * `node test/bench/store.ts live late` measures these parts alone, in this order: live late history year backlog.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/promise/store.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'

const measured = ['pm2_5', 'pm10', 'temperature', 'humidity', 'laeq'] as const satisfies MeasuredQuantity[]
const start = Date.UTC(2026, 0, 1) as UnixMs
/** Heads of empty logs of InfluxDB's. */
const walBytesLeast = 100_000
const everything = { from: 0 as UnixMs, until: 9e15 as UnixMs }

/** A store under measurement, and how to close and open it again on the same data. */
interface Bench {
  store: Store
  reopen(): Promise<Store>
  bytes(): Promise<number>
  server?: InfluxdProcess
}

type Measure = (bench: Bench, isInflux: boolean) => Promise<void>

await both('live', 'live: 40 devices × 5 quantities every 10 s, in order', async (bench, isInflux) => {
  const rows = 4_000_000
  const batches = messages({ devices: 40, intervalMs: 10_000, readings: rows, latenessShare: 0 })
  const ms = await writeAll(bench.store, batches)
  print('readings written/s', perSecond(rows, ms), isInflux ? '≥ 150,000' : '≥ 500,000')
  await bench.reopen()
  print('bytes a reading', (await bench.bytes()) / rows, '≤ 6')
  if (bench.server)
    print('values of lines made before/s, sent past the store', await ownRate(bench.server, 1_000_000), '')
})

await both('late', 'the same with 5 % late and 2 % repeated', async ({ store }) => {
  const rows = 1_000_000
  const batches = messages({ devices: 40, intervalMs: 10_000, readings: rows, latenessShare: 0.05 })
  print('readings written/s', perSecond(rows, await writeAll(store, batches)), '')
})

await both('history', 'history: 60 sites × 5 quantities × 90 days every 10 min', async ({ store }) => {
  const rows = 60 * 5 * 90 * 144
  for (let d = 0; d < 60; d++) await store.setInterval(`device-${d}`, 600)
  const batches = messages({ devices: 60, intervalMs: 10 * minuteMs, readings: rows, latenessShare: 0 })
  print('written in ms', await writeAll(store, batches), '')
  const rollupMs = await timeMs(() => refreshAll(store))
  print('648,000 hours and 27,000 days computed in ms', rollupMs, 'a few seconds')
  const exported = { rows: 0 }
  const exportMs = await timeMs(async () => {
    const siteIds = Array.from({ length: 60 }, (_, d) => `site-${d}`)
    for await (const part of store.export({ siteIds, ...everything }))
      exported.rows += part.kind === 'rows' ? part.time.length : 0
  })
  print(`exported rows/s (${exported.rows} rows)`, perSecond(exported.rows, exportMs), '≥ 1,000,000')
})

await both('year', 'one street of 20 sites, a year of hours', async (bench) => {
  const rows = 60 * 5 * 365 * 24
  for (let d = 0; d < 60; d++) await bench.store.setInterval(`device-${d}`, 3600)
  await writeAll(bench.store, messages({ devices: 60, intervalMs: hourMs, readings: rows, latenessShare: 0 }))
  await refreshAll(bench.store)
  const siteIds = Array.from({ length: 20 }, (_, d) => `site-${d}`)
  const store = await bench.reopen()
  const ask = () =>
    store.acrossSites({ siteIds, quantity: 'pm2_5', window: 'hour', coverageMin: 0.75, ...everything })
  print('asked for the first time since the start, in ms', await timeMs(ask), '')
  const times: number[] = []
  for (let i = 0; i < 40; i++) times.push(await timeMs(ask))
  print('95th percentile in ms', times.toSorted((a, b) => a - b)[37]!, '≤ 50')
  const raw = () =>
    store.raw({ siteId: 'site-1', quantity: 'pm2_5', from: start, until: (start + 7 * dayMs) as UnixMs })
  print('a week of one site, raw, in ms', await timeMs(raw), '')
  const year = (quantity: MeasuredQuantity) =>
    store.summary({
      siteId: 'site-1',
      quantity,
      stretches: [{ ...everything, from: start, group: 0 }],
      groups: 1,
      percentiles: [10, 50, 90]
    })
  print('a year of one site summed up, in ms', await timeMs(() => year('laeq')), '')
})

await both('backlog', 'a backlog of 10 million readings, 40 devices × 4 quantities', async ({ store }) => {
  const rows = 10_000_000
  const batches = messages({ devices: 40, intervalMs: 10_000, readings: rows, latenessShare: 0 }, 4)
  print('readings drained/s', perSecond(rows, await writeAll(store, batches)), '≥ 150,000')
})

interface Traffic {
  devices: number
  intervalMs: number
  readings: number
  latenessShare: number
}

/** Batches of 16,000 readings as ingest makes them: messages of five values in the order of arrival. */
function* messages(
  { devices, intervalMs, readings, latenessShare }: Traffic,
  fields: number = measured.length
): Generator<Reading[]> {
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
      for (const quantity of measured.slice(0, fields)) {
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
          sequence: Math.floor(made / fields),
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
  const middle = 10 + measured.findIndex((one) => one === quantity) * 12
  return middle + 6 * Math.sin(round / 300 + device) + (late ? 0 : random())
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Only the writing counts, not the making of the readings; and they are never all in memory. */
async function writeAll(store: Store, batches: Iterable<Reading[]>): Promise<number> {
  let ms = 0
  for (const batch of batches) ms += await timeMs(() => store.write(batch))
  return ms
}

async function refreshAll(store: Store): Promise<void> {
  while ((await store.refreshRollups((start + 1_000 * dayMs) as UnixMs)).more);
}

async function both(part: string, name: string, measure: Measure): Promise<void> {
  const asked = process.argv.slice(2)
  if (asked.length > 0 && !asked.includes(part)) return
  console.log(name)
  await withDuckDb(measure)
  const influxd = outside('influxd')
  if (influxd.present) await withInflux(measure)
  else console.log(`  InfluxDB: ${influxd.line}`)
}

async function withDuckDb(measure: Measure): Promise<void> {
  console.log('  DuckDB')
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-'))
  const file = join(folder, 'readings.duckdb')
  const open = () => openDuckDbStore({ file, timezone: 'Europe/London' })
  const bench: Bench = {
    store: await open(),
    async reopen() {
      await bench.store.close()
      bench.store = await open()
      return bench.store
    },
    bytes: async () => (await stat(file)).size
  }
  try {
    await measure(bench, false)
    await bench.store.close()
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withInflux(measure: Measure): Promise<void> {
  console.log('  InfluxDB')
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-'))
  // What it holds in memory goes to its files at once, and small files into large ones, as after a day.
  const server = await startInfluxd({ args: ['snapshot-write', 'compact-full-write'].map(coldAtOnce) })
  try {
    const bucket = await makeInfluxBucket(server)
    const open = () => openInflux(server, { bucket, stateFile: join(folder, 'state.sqlite') })
    const bench: Bench = {
      server,
      store: await open(),
      async reopen() {
        await bench.store.close()
        await settle(server)
        bench.store = await open()
        return bench.store
      },
      async bytes() {
        while ((await folderBytes(join(server.dataDir, 'engine', 'wal'))) > walBytesLeast)
          await setTimeout(500)
        return folderBytes(join(server.dataDir, 'engine', 'data'))
      }
    }
    await measure(bench, true)
    await bench.store.close()
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

/** What stands beside our own rate: the same messages, with nothing but their values, as fast as requests of 5,000 lines go. */
async function ownRate(server: InfluxdProcess, values: number): Promise<number> {
  const bucket = await server.makeBucket()
  const traffic = { devices: 40, intervalMs: 10_000, readings: values, latenessShare: 0 }
  const requests: string[] = []
  const lines = new Map<string, string>()
  for (const batch of messages(traffic)) {
    for (const { deviceId, siteId, measuredAt, quantity, value } of batch) {
      const key = `readings,device=${deviceId},site=${siteId} ${measuredAt}`
      const fields = lines.get(key)
      lines.set(key, `${fields ? `${fields},` : ''}${quantity}=${value}`)
    }
    if (lines.size < 5_000) continue
    requests.push(textOf(lines))
    lines.clear()
  }
  requests.push(textOf(lines))
  const where = new URLSearchParams({ org: server.org, bucket, precision: 'ms' })
  const headers = { authorization: `Token ${server.token}` }
  const ms = await timeMs(async () => {
    const carry = async (): Promise<void> => {
      for (let body = requests.shift(); body !== undefined; body = requests.shift()) {
        const answer = await fetch(`${server.url}/api/v2/write?${where}`, { method: 'POST', headers, body })
        if (!answer.ok) throw new Error(await answer.text())
      }
    }
    await Promise.all([carry(), carry(), carry(), carry()])
  })
  return perSecond(values, ms)
}

function textOf(lines: ReadonlyMap<string, string>): string {
  return [...lines]
    .map(([key, fields]) => {
      const [tags, time] = key.split(' ')
      return `${tags} ${fields} ${time}`
    })
    .join('\n')
}

function coldAtOnce(what: string): string {
  const name = what === 'snapshot-write' ? `cache-${what}` : what
  return `--storage-${name}-cold-duration=1s`
}

/** What they take on the disk: InfluxDB makes files of 4 MB for the names of series, of which nearly all is a hole. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // A file may be gone by now: it was joined with others.
    const found = entry.isFile() && (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))
    if (found) bytes += found.blocks * 512
  }
  return bytes
}

/** A stopped server writes what it holds in memory and its log into its files. */
async function settle(server: InfluxdProcess): Promise<void> {
  await server.stop()
  await server.start()
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
  console.log(`    ${what}: ${number}${aim ? ` (aim: ${aim})` : ''}`)
}
