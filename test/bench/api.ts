/** Measures the HTTP API over the embedded store: the list of streets cold and warm, a street's series, each with its processor time. */
import { dialectNames, explain } from '../../ingest/explain.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApi } from '../../api/api.ts'
import { absent } from '../support/absent.ts'
import { streetFigures } from '../../figures/now/street-figures.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openAccounts } from '../../accounts/open.ts'
import { openRegistry } from '../../registry/open.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'

const streets = 70
const sitesPerStreet = 5
const days = 3
const intervalS = 600
const measured: readonly MeasuredQuantity[] = ['pm2_5', 'pm10', 'temperature', 'humidity', 'laeq']
const now = Date.UTC(2026, 10, 23, 10, 20) as UnixMs
const timezone = 'Europe/London'

const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-api-'))
const store = await openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone })
const registry = openRegistry({ file: join(folder, 'registry.sqlite') })
const clock = { now: () => now }
const accounts = openAccounts({
  file: join(folder, 'accounts.sqlite'),
  secretFile: join(folder, 'accounts.secret'),
  hubName: 'Bench',
  clock
})
const quiet = { info: () => undefined, warn: console.warn, error: console.error }
const live = { subscribe: () => () => undefined, subscribeRollups: () => () => undefined }

let rows = 0
for (let s = 0; s < streets; s++) {
  const { streetId } = registry.addStreet({ name: `Street ${s}` })
  for (let i = 0; i < sitesPerStreet; i++) {
    const { siteId, deviceId } = registry.addDevice({ streetId, placement: 'outdoor', intervalS }, now)
    await store.setInterval(deviceId, intervalS)
    const batch = [...history(siteId, deviceId)]
    rows += batch.length
    await store.write(batch)
  }
}
for (let more = true; more;) ({ more } = await store.refreshRollups(now))

const figures = streetFigures({
  readings: store,
  places: registry,
  live,
  clock,
  timezone,
  inTurn: (work) => work(),
  log: quiet
})
const app = await buildApi({
  doors: { isProxy: () => false, names: [] },
  moves: { enter: () => Promise.resolve(() => undefined) },
  readings: store,
  places: registry,
  accounts,
  people: registry,
  hosting: absent('hosting'),
  research: { consents: () => [], secret: '' },
  datasets: { list: () => [], find: () => undefined },
  changes: { changesSince: () => Promise.resolve(null) },
  desk: absent('desk'),
  records: absent('records'),
  things: absent('things'),
  exports: {
    open: () => Promise.reject(new Error('not measured here')),
    order: () => Promise.reject(new Error('not measured here')),
    receipt: () => undefined,
    finished: () => undefined
  },
  alerts: absent('alerts'),
  live,
  figures,
  lastSeen: () => undefined,
  behindS: () => 0,
  health: () => ({ status: 'ready', reasons: [], doing: [], version: '0' }),
  metrics: () => Promise.resolve(''),
  explain: { dialects: dialectNames, message: explain },
  push: {
    pushFamilies: [],
    byToken: () => undefined,
    byPassword: () => undefined,
    byAddress: () => 'boxUnknown',
    accept: (_sender, _topic, _body, done) => done(),
    tell: () => undefined,
    stray: () => undefined
  },
  hub: {
    name: 'Bench',
    timezone,
    licence: 'CC BY 4.0',
    version: '0',
    demo: false,
    mqttPort: 1883,
    publicMqtt: true,
    publicUrl: null,
    notice: { operator: null, contact: null, backupDays: null, readingDays: null },
    securityContact: null
  },
  clock,
  dashboardDir: folder,
  log: quiet
})
const address = await app.listen({ host: '127.0.0.1', port: 0 })

console.log(`${streets} streets, ${streets * sitesPerStreet} sites, ${rows.toLocaleString('en')} readings`)
print('all streets, cold, ms', await timeMs(() => get('/api/v1/streets')), '')
await measure('all streets, warm', '/api/v1/streets', '≤ 10')
await measure('one street, warm', '/api/v1/streets/street-7', '≤ 10')
const month = `from=${now - days * dayMs}&until=${now}&quantity=pm2_5`
await measure('a street, its hours', `/api/v1/streets/street-7/series?${month}`, '≤ 25')

figures.close()
await app.close()
await store.close()
registry.close()
await rm(folder, { recursive: true })

function* history(siteId: string, deviceId: string): Generator<Reading> {
  for (let at = now - days * dayMs; at < now; at += intervalS * 1_000) {
    for (const [q, quantity] of measured.entries()) {
      const measuredAt = at as UnixMs
      const value = Math.round(100 * (10 + 5 * q + 4 * Math.sin(at / (240 * minuteMs)))) / 100
      yield {
        siteId,
        deviceId,
        quantity,
        measuredAt,
        receivedAt: measuredAt,
        value,
        flag: 1,
        reasons: 0,
        sequence: 1,
        importId: 0
      }
    }
  }
}

async function get(path: string): Promise<void> {
  const answer = await fetch(address + path)
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  await answer.arrayBuffer()
}

/** This process asks as well, so its processor time is that of both sides. */
async function measure(what: string, path: string, aim: string): Promise<void> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let i = 0; i < 40; i++) times.push(await timeMs(() => get(path)))
  const { user, system } = process.cpuUsage(before)
  const sorted = times.toSorted((a, b) => a - b)
  print(`${what}, ms (95th percentile)`, sorted[37] ?? 0, aim)
  print('  median', sorted[20] ?? 0, '')
  print('  processor, ms each', (user + system) / 1_000 / times.length, '')
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

function print(what: string, value: number, aim: string): void {
  const shown = value.toLocaleString('en', { maximumFractionDigits: 1 })
  console.log(`${what.padEnd(56)} ${shown.padStart(12)}  ${aim && `aim ${aim}`}`)
}
