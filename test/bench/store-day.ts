/**
 * What a day of a hub's readings takes on disk in the embedded store, written as a hub writes them: 100 sites of four
 * quantities a minute, a batch and the running hour every ten seconds, a look back after each hour. Then what of the file
 * is for which column. Takes minutes. `npm run bench -- store-day`, or `node test/bench/store-day.ts DAYS SITES STEP_SECONDS`.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { lookBackRules } from '../../ingest/look-back.ts'
import { rollupRunningMs } from '../../model/limits.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'

const days = Number(process.argv[2] ?? 1)
const sites = Number(process.argv[3] ?? 100)
/** Of simulated time between batches; more is quicker, and less like a hub. */
const stepMs = Number(process.argv[4] ?? 10) * 1_000
const rollupMs = Math.max(rollupRunningMs, stepMs)
const quantities: readonly MeasuredQuantity[] = ['pm2_5', 'pm10', 'temperature', 'humidity']
const middles = [8, 14, 12, 70]
const start = Date.UTC(2026, 5, 1) as UnixMs
/** One message of a thousand is sent twice; each box loses its network every second day, and then sends what it kept. */
const repeatedShare = 1 / 1_000
const outageShare = 1 / (2 * 24 * 60)
const outageMs = 15 * minuteMs
const lookBackAfterMs = 3 * minuteMs

const random = seeded(1)
const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-'))
const file = join(folder, 'readings.duckdb')
try {
  await breakdown(await liveThrough())
} finally {
  await rm(folder, { recursive: true })
}

async function liveThrough(): Promise<number> {
  const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
  for (let site = 0; site < sites; site++) await store.setInterval(`device-${site}`, 60)
  const rules = lookBackRules({
    isOutdoor: () => true,
    neighboursOf: (siteId) => neighbours(siteId),
    sensorsOf: () => []
  })
  const due = new Map<number, Message[]>()
  const boxes = Array.from({ length: sites }, newBox)
  const until = start + days * dayMs
  let sequence = 0
  for (let now: number = start; now < until; now += stepMs) {
    if (now % minuteMs === 0) for (const box of boxes) send(box, now, due)
    const messages = (due.get(now) ?? []).toSorted((a, b) => a[0]!.receivedAt - b[0]!.receivedAt)
    due.delete(now)
    const batch = messages.flatMap((readings) => {
      sequence++
      return readings.map((reading) => ({ ...reading, sequence }))
    })
    if (batch.length > 0) await store.write(batch)
    if (now % rollupMs === 0) while ((await store.refreshRollups(now as UnixMs)).more);
    if (now % hourMs === lookBackAfterMs) while ((await store.lookBack(now as UnixMs, rules)).more);
  }
  const { readings, bytes } = await store.stats()
  console.log(`${days} × 24 hours of ${sites} sites, ${readings} readings`)
  print('bytes a reading while the hub runs, its log not yet folded in', bytes / readings, '')
  await store.close()
  print('…after a stop', (await stat(file)).size / readings, '≤ 4')
  return readings
}

type Message = Reading[]

/** A sensor that sends about every minute by its own clock. */
interface Box {
  site: number
  phaseMs: number
  values: number[]
  silentUntil: number
}

function newBox(_: unknown, site: number): Box {
  return { site, phaseMs: Math.floor(random() * minuteMs), values: [...middles], silentUntil: 0 }
}

function send(box: Box, minute: number, due: Map<number, Message[]>): void {
  const at = minute + box.phaseMs + Math.floor(random() * 100)
  if (random() < outageShare) box.silentUntil = at + outageMs
  const receivedAt = Math.max(at, box.silentUntil) + 20 + Math.floor(random() * 180)
  const message = readingsOf(box, at, receivedAt)
  arrive(due, receivedAt, message)
  if (random() < repeatedShare) arrive(due, receivedAt + 5_000, message)
}

function readingsOf({ site, values }: Box, measuredAt: number, receivedAt: number): Reading[] {
  return quantities.map((quantity, q) => {
    // Each wanders, and comes back to its middle.
    const middle = middles[q]!
    const last = values[q]!
    values[q] = Math.max(0, last + (random() - 0.5) * middle * 0.06 + (middle - last) * 0.002)
    return {
      siteId: `site-${site}`,
      deviceId: `device-${site}`,
      quantity,
      measuredAt: measuredAt as UnixMs,
      receivedAt: receivedAt as UnixMs,
      value: Math.round(values[q]! * 10) / 10,
      flag: 1,
      reasons: 0,
      sequence: 0,
      importId: 0
    }
  })
}

function arrive(due: Map<number, Message[]>, at: number, message: Message): void {
  const step = Math.ceil(at / stepMs) * stepMs
  const there = due.get(step)
  if (there) there.push(message)
  else due.set(step, [message])
}

function neighbours(siteId: string): string[] {
  const site = Number(siteId.slice('site-'.length))
  const first = site - (site % 10)
  return Array.from({ length: 10 }, (_, n) => `site-${first + n}`).filter((id) => id !== siteId)
}

interface Segment {
  name: string
  block: number
  offset: number
}

async function breakdown(readings: number): Promise<void> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const [size] = await rows(
    connection,
    'SELECT block_size, total_blocks, used_blocks, free_blocks FROM pragma_database_size()'
  )
  const [blockBytes, total, used, free] = size!.map(Number) as [number, number, number, number]
  const blocks = `${total} blocks of ${blockBytes / 1024} KiB, ${free} of them free`
  print(`${blocks}; without those`, (used * blockBytes) / readings, '')
  console.log('of these, each up to where the next begins or the block ends:')
  for (const [name, bytes] of bytesByName(await segments(connection), blockBytes)) {
    if (bytes / readings >= 0.01) print(`  ${name}`, bytes / readings, '')
  }
  connection.closeSync()
  instance.closeSync()
}

async function segments(connection: DuckDBConnection): Promise<Segment[]> {
  const found: Segment[] = []
  for (const table of ['readings', 'replaced', 'hours', 'days', 'dirty', 'unexamined']) {
    const there = await rows(
      connection,
      `SELECT concat(column_name, CASE WHEN segment_type = 'VALIDITY' THEN ' (is there)' END, ', ', compression),
         block_id, block_offset FROM pragma_storage_info('${table}') WHERE block_id >= 0`
    )
    for (const [name, block, offset] of there) {
      found.push({ name: `${table}.${String(name)}`, block: Number(block), offset: Number(offset) })
    }
  }
  return found
}

/** DuckDB says where a segment begins, not how long it is. The largest come first. */
function bytesByName(all: readonly Segment[], blockBytes: number): [name: string, bytes: number][] {
  const bytes = new Map<string, number>()
  for (const inBlock of Map.groupBy(all, ({ block }) => block).values()) {
    const sorted = inBlock.toSorted((a, b) => a.offset - b.offset)
    sorted.forEach(({ name, offset }, i) => {
      const end = sorted[i + 1]?.offset ?? blockBytes
      bytes.set(name, (bytes.get(name) ?? 0) + end - offset)
    })
  }
  return [...bytes].toSorted((a, b) => b[1] - a[1])
}

async function rows(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function print(what: string, value: number, aim: string): void {
  console.log(`${what}: ${value.toFixed(2)}${aim ? ` (aim ${aim})` : ''}`)
}
