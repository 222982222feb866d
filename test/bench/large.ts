/**
 * A hundred million readings in the embedded store, behind a real hub: writing them, opening them again, a street's year
 * by hours, and ten million rows of CSV over HTTP with what that costs in memory. Takes minutes and two gigabytes of
 * disk, so it runs only when it is named: `npm run bench -- large`, or `node test/bench/large.ts MILLIONS`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { processFigures } from '../support/process-figures.ts'

const millions = Number(process.argv[2] ?? 100)
const streets = 2
const sitesPerStreet = 20
const quantities: readonly MeasuredQuantity[] = ['pm2_5', 'pm10', 'temperature', 'humidity', 'laeq']
const exportedRows = 10_000_000
const days = 365
const readings = millions * 1_000_000
const perDay = readings / days
const intervalMs =
  Math.round((dayMs * streets * sitesPerStreet * quantities.length) / perDay / minuteMs) * minuteMs
const until = (Math.floor(systemClock.now() / dayMs) * dayMs) as UnixMs
const from = (until - days * dayMs) as UnixMs

const folder = mkdtempSync(join(tmpdir(), 'bench-large-'))
const dataDir = join(folder, 'data')
const readingsFile = join(dataDir, 'readings.duckdb')
const devices = prepare()
try {
  await write()
  const startedAt = performance.now()
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
  print('the hub listens on it after ms', performance.now() - startedAt, '≤ 3,000')
  try {
    await year(hub)
    await download(hub, 'csv', 400_000)
    await download(hub, 'parquet', 1_000_000)
  } finally {
    await hub.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Device extends Credentials {
  streetId: string
}

function prepare(): Device[] {
  spawnSync('mkdir', ['-m', '700', dataDir])
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const made: Device[] = []
  for (let s = 0; s < streets; s++) {
    const { streetId } = registry.addStreet({ name: `Street ${s}` })
    for (let n = 0; n < sitesPerStreet; n++) {
      const added = registry.addDevice(
        { streetId, placement: 'outdoor', intervalS: intervalMs / 1_000, from },
        systemClock.now()
      )
      made.push({ ...added, streetId })
    }
  }
  registry.close()
  return made
}

async function write(): Promise<void> {
  const store = await openDuckDbStore({ file: readingsFile, timezone: 'Europe/London' })
  for (const { deviceId } of devices) await store.setInterval(deviceId, intervalMs / 1_000)
  let writeMs = 0
  let rollupMs = 0
  let written = 0
  let batch: Reading[] = []
  let day = 0
  const rounds = (days * dayMs) / intervalMs
  for (let round = 0; round < rounds; round++) {
    addRound(batch, round)
    const isLast = round === rounds - 1
    if (batch.length < 16_000 && !isLast) continue
    const ready = batch
    written += ready.length
    writeMs += await timeMs(() => store.write(ready))
    batch = []
    const dayNow = Math.floor((round * intervalMs) / dayMs)
    if (dayNow < day + 5 && !isLast) continue
    day = dayNow
    const now = (from + (isLast ? days + 1 : day) * dayMs) as UnixMs
    rollupMs += await timeMs(async () => {
      while ((await store.refreshRollups(now)).more);
    })
  }
  await store.close()
  await markJudged()
  print(`${written} readings of ${devices.length} sites, written/s`, (written / writeMs) * 1_000, '≥ 500,000')
  print('their hours and days computed in s', rollupMs / 1_000, '')
  print('bytes a reading, with hours and days', statSync(readingsFile).size / written, '≤ 4 after a day')
}

/** A hub looks back on each hour as it ends, so a year behind it has been judged; here it came at once. */
async function markJudged(): Promise<void> {
  const instance = await DuckDBInstance.create(readingsFile)
  const connection = await instance.connect()
  await connection.run('DELETE FROM unexamined')
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
}

/** One message of every device, a little apart, as they would come. */
function addRound(batch: Reading[], round: number): void {
  devices.forEach(({ siteId, deviceId }, d) => {
    const measuredAt = (from + round * intervalMs + Math.floor((d * intervalMs) / devices.length)) as UnixMs
    for (const [q, quantity] of quantities.entries()) {
      const wave = Math.sin(round / 300 + d) * 6 + ((round * 7919 + d * 31 + q * 17) % 100) / 50
      batch.push({
        siteId,
        deviceId,
        quantity,
        measuredAt,
        receivedAt: (measuredAt + 40 + ((round * 31 + d * 7) % 160)) as UnixMs,
        value: Math.round((10 + q * 12 + wave) * 10) / 10,
        flag: 1,
        reasons: 0,
        sequence: round * devices.length + d + 1,
        importId: 0
      })
    }
  })
}

async function year(hub: HubProcess): Promise<void> {
  const { streetId } = devices[0]!
  const times: number[] = []
  let points = 0
  for (let i = 0; i < 40; i++) {
    // A little later each time, so that nothing can be answered from what was answered before.
    const query = `quantity=pm2_5&from=${from + i}&until=${until}&window=hour`
    const startedAt = performance.now()
    const answer = await fetch(`${hub.url}/api/v1/streets/${streetId}/series?${query}`)
    const { time } = (await answer.json()) as { time: number[] }
    times.push(performance.now() - startedAt)
    points = time.length
  }
  const sorted = times.toSorted((a, b) => a - b)
  print(`a street's year by hours over HTTP (${points} points), median ms`, sorted[20]!, '')
  print('…95th percentile ms', sorted[37]!, '≤ 50')
}

async function download(hub: HubProcess, format: 'csv' | 'parquet', aim: number): Promise<void> {
  const enoughFrom = Math.max(from, until - Math.ceil(exportedRows / perDay) * dayMs) as UnixMs
  const before = processFigures(hub.pid)
  let most = before.memoryBytes
  const watch = setInterval(() => (most = Math.max(most, processFigures(hub.pid).memoryBytes)), 50)
  const rows = rowsSince(enoughFrom)
  let bytes = 0
  const startedAt = performance.now()
  const url = `${hub.url}/api/v1/readings?from=${toIso(enoughFrom)}&until=${toIso(until)}&format=${format}`
  const answer = await fetch(url)
  if (!answer.ok || !answer.body)
    throw new Error(`the export answered ${answer.status}: ${await answer.text()}`)
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length
  const seconds = (performance.now() - startedAt) / 1_000
  clearInterval(watch)
  const each = (bytes / rows).toFixed(1)
  print(
    `${format} over HTTP, ${rows} rows of ${each} bytes, rows/s`,
    rows / seconds,
    `≥ ${aim.toLocaleString('en')}`
  )
  print('…memory growth in MB while it ran', (most - before.memoryBytes) / 1024 ** 2, '≤ 200')
}

/** One message of every device in each interval, so what is there is known. */
function rowsSince(since: number): number {
  return Math.ceil((until - since) / intervalMs) * devices.length * quantities.length
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function print(what: string, value: number, aim: string): void {
  const number = value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
  console.log(`${what}: ${number}${aim ? ` (aim ${aim})` : ''}`)
}
