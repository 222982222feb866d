/**
 * Measures how long a changed correction takes to reach every hour and day: a year of 100 sites, one reading of PM2.5 and
 * of humidity a minute, all corrected anew. `npm run bench:recompute -- 30` does 30 days instead, to look at it quickly.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/store.ts'

const sites = 100
const days = Number(process.argv[2] ?? 365)
const aimS = 60
const start = Date.UTC(2025, 0, 1) as UnixMs
const now = (start + 400 * dayMs) as UnixMs

const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-'))
try {
  const store = await openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone: 'Europe/London' })
  console.log(`${sites} sites, ${days} days, a reading a minute, with humidity: filling …`)
  const fillS = await seconds(() => fill(store))
  const { readings } = await store.stats()
  console.log(`  ${readings.toLocaleString('en')} readings and their rollups in ${fillS.toFixed(0)} s`)
  await store.setCorrections(correctionsWith(0.3))
  await measure(store, 'first corrections, of every site')
  await store.setCorrections(correctionsWith(0.35))
  const tookS = await measure(store, 'the same with another κ')
  if (days === 365) console.log(`  aim: < ${aimS} s; took ${tookS.toFixed(1)} s`)
  await store.close()
} finally {
  await rm(folder, { recursive: true })
}

async function measure(store: Store, what: string): Promise<number> {
  const { hoursTotal } = await store.recomputing()
  const memoryBefore = process.memoryUsage().rss
  let memoryMax = memoryBefore
  let longestS = 0
  const cpuBefore = process.cpuUsage()
  const tookS = await seconds(async () => {
    for (let more = true; more;) {
      const biteS = await seconds(async () => ({ more } = await store.refreshRollups(now)))
      longestS = Math.max(longestS, biteS)
      memoryMax = Math.max(memoryMax, process.memoryUsage().rss)
      const { hoursLeft } = await store.recomputing()
      const done = (hoursTotal - hoursLeft).toLocaleString('en')
      process.stderr.write(`\r  ${done} of ${hoursTotal.toLocaleString('en')} corrected hours`)
    }
  })
  process.stderr.write('\n')
  const { user, system } = process.cpuUsage(cpuBefore)
  const rows = sites * days * 24 * 60
  const rate = Math.round(rows / tookS).toLocaleString('en')
  console.log(
    `  ${what}: ${tookS.toFixed(1)} s, ${hoursTotal.toLocaleString('en')} hours from ${rows.toLocaleString('en')} ` +
      `readings (${rate}/s); ` +
      `${((user + system) / 1e6).toFixed(0)} s of processor; longest bite ${longestS.toFixed(1)} s; memory +${Math.round((memoryMax - memoryBefore) / 1024 ** 2)} MB`
  )
  return tookS
}

function correctionsWith(kappa: number): CorrectionRow[] {
  return Array.from({ length: sites }, (_, site) => ({
    correctionId: `c-${site}`,
    version: 1,
    deviceId: `device-${site}`,
    siteId: `site-${site}`,
    quantity: 'pm2_5',
    formula: 'kappaKohler',
    formulaVersion: 1,
    coefficients: { kappa },
    sensor: 'sds011',
    signal: 'only',
    from: null,
    until: null
  }))
}

async function fill(store: Store): Promise<void> {
  for (let site = 0; site < sites; site++) await store.setInterval(`device-${site}`, 60)
  const refreshEvery = 30 * dayMs
  for (let at: number = start, batch: Reading[] = []; at < start + days * dayMs; at += minuteMs) {
    for (let site = 0; site < sites; site++) {
      const turn = at / (7 * hourMs) + site
      batch.push(reading(site, 'pm2_5', at, 12 + 8 * Math.sin(turn)))
      batch.push(reading(site, 'humidity', at, 70 + 20 * Math.cos(turn)))
    }
    const isLast = at + minuteMs >= start + days * dayMs
    if (batch.length >= 50_000 || isLast) {
      await store.write(batch)
      batch = []
    }
    if ((at + minuteMs - start) % refreshEvery === 0 || isLast) {
      while ((await store.refreshRollups(now)).more);
    }
  }
}

function reading(site: number, quantity: 'pm2_5' | 'humidity', at: number, value: number): Reading {
  return {
    siteId: `site-${site}`,
    deviceId: `device-${site}`,
    quantity,
    measuredAt: at as UnixMs,
    receivedAt: (at + 400) as UnixMs,
    value: Math.round(value * 10) / 10,
    flag: 1,
    reasons: 0,
    sequence: at / minuteMs,
    importId: 0
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1_000
}
