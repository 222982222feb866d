/** Exports of a large store over HTTP to a client on the same machine: how fast, how soon, and what they cost others. */
import { get } from 'node:http'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { exportFormatNames, type ExportFormatName } from '../../contract/export.ts'
import type { HubProcess } from './hub-process.ts'
import type { LargeStore } from './large-store.ts'
import { printFigure, timeMs } from './print-figure.ts'
import { processFigures } from './process-figures.ts'
import { published } from './published.ts'

const exportedRows = 10_000_000
const perSecond = 1_000
/** Messages of one run of the publisher: some seconds, so that runs can begin and end with the downloads. */
const runMessages = 5 * perSecond
const rowsPerSecondMin = { parquet: 4_000_000, arrow: 4_000_000, csv: 900_000 } as const

export async function measureExports(hub: HubProcess, large: LargeStore): Promise<void> {
  await measureEstimate(hub, large)
  await measureHours(hub, large)
  for (const format of ['parquet', 'arrow', 'csv'] as const) await measureDownload(hub, large, format)
  await measureBeside(hub, large)
}

async function measureEstimate({ url }: HubProcess, { from, until }: LargeStore): Promise<void> {
  const query = (i: number): string => `from=${from + i}&until=${until}`
  const median = async (ask: (i: number) => Promise<unknown>): Promise<number> => {
    const times: number[] = []
    for (let i = 0; i < 20; i++) times.push(await timeMs(() => ask(i)))
    return times.toSorted((a, b) => a - b)[10]!
  }
  const estimate = (i: number) =>
    fetch(`${url}/api/v1/readings/estimate?${query(i)}`).then((answer) => answer.json())
  const head = (i: number) => fetch(`${url}/api/v1/readings?${query(i)}`, { method: 'HEAD' })
  printFigure('an estimate of everything, median ms', await median(estimate), '≤ 50')
  printFigure('HEAD of everything, median ms', await median(head), '≤ 50')
}

/** Every hour of the year, of every site. */
async function measureHours(hub: HubProcess, { devices, from, until }: LargeStore): Promise<void> {
  const streets = [...new Set(devices.map(({ streetId }) => streetId))].join(',')
  // The first export starts the thread that makes them, so the first format comes twice.
  for (const format of ['parquet', 'parquet', 'csv'] as const) {
    const query = `street=${streets}&quantity=pm2_5&window=hour&format=${format}&from=${from}&until=${until}`
    const before = processFigures(hub.pid).cpuS
    const took = await timeMs(() => drained(`${hub.url}/api/v1/readings?${query}`))
    printFigure(`hours of a year of ${devices.length} sites as ${format}, ms`, took, '≤ 1,000 for 100 sites')
    printFigure('…processor time of the hub in s', processFigures(hub.pid).cpuS - before)
  }
}

async function measureDownload(
  hub: HubProcess,
  large: LargeStore,
  format: keyof typeof rowsPerSecondMin
): Promise<void> {
  const { from, rows } = enough(large)
  const before = processFigures(hub.pid)
  const mine = process.cpuUsage()
  let most = before.memoryBytes
  const watch = setInterval(() => (most = Math.max(most, processFigures(hub.pid).memoryBytes)), 50)
  const startedAt = performance.now()
  const { bytes, firstMs } = await drained(`${hub.url}/api/v1/readings?${queryOf(large, from, format)}`)
  const seconds = (performance.now() - startedAt) / 1_000
  clearInterval(watch)
  const { user, system } = process.cpuUsage(mine)
  const what = `${format} over HTTP, ${rows} rows of ${(bytes / rows).toFixed(1)} bytes`
  const aim = `≥ ${rowsPerSecondMin[format].toLocaleString('en')}`
  printFigure(`${what}, rows/s`, rows / seconds, aim)
  const hubSeconds = processFigures(hub.pid).cpuS - before.cpuS
  printFigure('…rows for a second of processor time of the hub', rows / hubSeconds)
  printFigure('…processor time of the hub in s', hubSeconds)
  printFigure('…and of the client in s', (user + system) / 1e6)
  printFigure('…its first byte after ms', firstMs, '≤ 200')
  printFigure('…memory growth in MB while it ran', (most - before.memoryBytes) / 1024 ** 2, '≤ 100')
}

/** Each format from an address of its own, since one address has one download at a time. */
async function measureBeside(hub: HubProcess, large: LargeStore): Promise<void> {
  const { from } = enough(large)
  let firstMessage = 0
  const publish = async (when: string, aim = ''): Promise<void> => {
    const { p99Ms, cores } = await published(hub.dataDir, {
      port: hub.mqttPort,
      devices: large.senders.map(({ username, password }) => ({ username, password })),
      messages: runMessages,
      window: 1,
      perSecond,
      firstAt: large.until - dayMs,
      firstMessage
    })
    firstMessage += runMessages / large.senders.length
    printFigure(
      `1,000 messages/s ${when}: PUBACK p99 ms (the publisher used ${cores.toFixed(2)} cores)`,
      p99Ms,
      aim
    )
  }
  for (let n = 0; n < 3; n++) await publish('alone')
  let open = exportFormatNames.length
  const downloads = exportFormatNames.map((format, n) =>
    drained(`${hub.url}/api/v1/readings?${queryOf(large, from, format)}`, `127.0.0.${n + 2}`).finally(
      () => void open--
    )
  )
  while (open === exportFormatNames.length) await publish('beside four exports', '≤ 50')
  await Promise.all(downloads)
}

function enough({ from, until, intervalMs, devices, quantities }: LargeStore): {
  from: UnixMs
  rows: number
} {
  const perDay = (dayMs / intervalMs) * devices.length * quantities.length
  const since = Math.max(from, until - Math.ceil(exportedRows / perDay) * dayMs) as UnixMs
  return { from: since, rows: Math.ceil((until - since) / intervalMs) * devices.length * quantities.length }
}

function queryOf({ devices, until }: LargeStore, from: UnixMs, format: ExportFormatName): string {
  const streets = [...new Set(devices.map(({ streetId }) => streetId))].join(',')
  return `street=${streets}&from=${toIso(from)}&until=${toIso(until)}&format=${format}`
}

function drained(url: string, localAddress?: string): Promise<{ bytes: number; firstMs: number }> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, ...(localAddress && { localAddress }) }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`the export answered ${answer.statusCode}`))
      let bytes = 0
      let firstMs = 0
      answer.on('data', (chunk: Buffer) => {
        firstMs ||= performance.now() - startedAt
        bytes += chunk.length
      })
      answer.once('end', () => resolve({ bytes, firstMs }))
      answer.once('error', reject)
    })
    asked.once('error', reject)
  })
}
