/** A year of readings of a hundred sites, as many millions as are asked for, written into the embedded store with its hours and days. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, minuteMs, systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials, Registry } from '../../registry/registry.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { printFigure, timeMs } from './print-figure.ts'

const streets = 5
const sitesPerStreet = 20
/** Devices on a street of their own, which have measured nothing yet: they publish while others read. */
const senders = 1_000
const quantities: readonly MeasuredQuantity[] = ['pm2_5', 'pm10', 'temperature', 'humidity', 'laeq']
const days = 365
const batchReadings = 16_000

export interface LargeDevice extends Credentials {
  streetId: string
}

/** Plain data, so that a later run can read it again. */
export interface LargeStore {
  from: UnixMs
  until: UnixMs
  intervalMs: number
  quantities: readonly MeasuredQuantity[]
  devices: LargeDevice[]
  senders: Credentials[]
}

/** Registers the devices; nothing is measured yet. */
export function planLargeStore(dataDir: string, millions: number): LargeStore {
  const perDay = (millions * 1_000_000) / days
  const series = streets * sitesPerStreet * quantities.length
  const intervalMs = Math.round((dayMs * series) / perDay / minuteMs) * minuteMs
  const until = (Math.floor(systemClock.now() / dayMs) * dayMs) as UnixMs
  const from = (until - days * dayMs) as UnixMs
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const devices = Array.from({ length: streets }, (_, n) =>
    addStreet(registry, `Street ${n}`, sitesPerStreet, { intervalS: intervalMs / 1_000, from })
  ).flat()
  const sending = addStreet(registry, 'Street of senders', senders, { intervalS: 10, from })
  registry.close()
  return { from, until, intervalMs, quantities, devices, senders: sending }
}

function addStreet(
  registry: Registry,
  name: string,
  count: number,
  of: { intervalS: number; from: UnixMs }
): LargeDevice[] {
  const { streetId } = registry.addStreet({ name })
  return Array.from({ length: count }, () => ({
    ...registry.addDevice({ streetId, placement: 'outdoor', ...of }, systemClock.now()),
    streetId
  }))
}

export async function writeLargeStore(dataDir: string, large: LargeStore): Promise<void> {
  const { from, intervalMs, devices } = large
  const file = join(dataDir, 'readings.duckdb')
  const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
  for (const { deviceId } of devices) await store.setInterval(deviceId, intervalMs / 1_000)
  let writeMs = 0
  let rollupMs = 0
  let written = 0
  let batch: Reading[] = []
  let day = 0
  const rounds = (days * dayMs) / intervalMs
  for (let round = 0; round < rounds; round++) {
    addRound(batch, large, round)
    const isLast = round === rounds - 1
    if (batch.length < batchReadings && !isLast) continue
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
  await markJudged(file)
  const perSecond = (written / writeMs) * 1_000
  printFigure(`${written} readings of ${devices.length} sites, written/s`, perSecond, '≥ 500,000')
  printFigure('their hours and days computed in s', rollupMs / 1_000)
  printFigure('bytes a reading, with hours and days', statSync(file).size / written, '≤ 4 after a day')
}

/** A hub looks back on each hour as it ends, so a year behind it has been judged; here it came at once. */
async function markJudged(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run('DELETE FROM unexamined')
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
}

/** One message of every device, a little apart, as they would come. */
function addRound(batch: Reading[], { from, intervalMs, devices }: LargeStore, round: number): void {
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
