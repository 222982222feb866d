/**
 * Measures how long a changed correction takes to reach every hour and day: a year of 100 sites, one reading of PM2.5 and
 * of humidity a minute, all corrected anew. `npm run bench -- recompute 30` does 30 days instead, to look at it quickly;
 * with a folder after the days the file is kept there, and measured again without filling it.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { Database } from '../../store/duckdb/file/database.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/promise/store.ts'

const sites = 100
const days = Number(process.argv[2] ?? 365)
const aimS = 60
const start = Date.UTC(2025, 0, 1) as UnixMs
const now = (start + 400 * dayMs) as UnixMs

const kept = process.argv[3]
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'lamppost-bench-')))
const file = join(folder, 'readings.duckdb')
try {
  console.log(`${sites} sites, ${days} days, a reading a minute, with humidity`)
  if (!existsSync(file)) await fill()
  const store = await open()
  const { readings } = await store.stats()
  console.log(`  ${readings.toLocaleString('en')} readings`)
  await store.setCorrections(correctionsWith(0.3))
  await measure(store, 'first corrections, of every site')
  await store.setCorrections(correctionsWith(0.35))
  const tookS = await measure(store, 'the same with another κ')
  if (days === 365) console.log(`  aim: < ${aimS} s; took ${tookS.toFixed(1)} s`)
  await store.setCorrections([])
  await measure(store, 'corrections taken back')
  await store.close()
} finally {
  if (kept === undefined) await rm(folder, { recursive: true })
}

function open(): Promise<Store> {
  return openDuckDbStore({ file, timezone: 'Europe/London' })
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

async function fill(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const fillS = await seconds(async () => {
    await fillFirstHour()
    await fillRest()
  })
  const store = await open()
  const rollupsS = await seconds(async () => {
    while ((await store.refreshRollups(now)).more);
  })
  await store.close()
  console.log(
    `  filled in ${fillS.toFixed(0)} s, hours and days of what was measured in ${rollupsS.toFixed(0)} s`
  )
}

/** As readings come: makes the series, in the order of the sites. */
async function fillFirstHour(): Promise<void> {
  const store = await open()
  for (let site = 0; site < sites; site++) await store.setInterval(`device-${site}`, 60)
  const batch: Reading[] = []
  for (let at: number = start; at < start + hourMs; at += minuteMs) {
    for (let site = 0; site < sites; site++) {
      const turn = at / (7 * hourMs) + site
      batch.push(reading(site, 'pm2_5', at, 12 + 8 * Math.sin(turn)))
      batch.push(reading(site, 'humidity', at, 70 + 20 * Math.cos(turn)))
    }
  }
  await store.write(batch)
  await store.close()
}

/** The same rows in the same order, by SQL: 105 million through the door take ten minutes, and are not what is measured. */
async function fillRest(): Promise<void> {
  const database = await Database.open({ file, memoryMb: 1_024 })
  const { writer } = database
  const stepMinutes = 10 * 24 * 60
  for (let minute = 60; minute < days * 24 * 60; minute += stepMinutes) {
    const until = Math.min(minute + stepMinutes, days * 24 * 60)
    await writer.run(`INSERT INTO readings
      WITH ids AS (SELECT list(series ORDER BY series) AS id FROM series),
      place AS (SELECT ${start} + i // ${2 * sites} * ${minuteMs} AS time, i % ${2 * sites} AS nth, id
        FROM range(${minute * 2 * sites}, ${until * 2 * sites}) r(i), ids)
      SELECT id[nth + 1], time,
        round(CASE nth % 2 WHEN 0 THEN 12 + 8 * sin(time / ${7 * hourMs} + nth // 2)
          ELSE 70 + 20 * cos(time / ${7 * hourMs} + nth // 2) END, 1),
        1, 0, 400, time // ${minuteMs}, 0 FROM place`)
    process.stderr.write(`\r  ${(until / 24 / 60).toFixed(0)} days`)
  }
  process.stderr.write('\n')
  await writer.run(`INSERT INTO dirty SELECT channel, hour
    FROM range(${start + hourMs}, ${start + days * dayMs}, ${hourMs}) h(hour), (SELECT channel FROM channels) ORDER BY hour`)
  await writer.run('CHECKPOINT')
  database.close()
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
