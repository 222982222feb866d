/** Hours and days of far more readings than fit into the memory that the store may have. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { appendPending } from '../../store/duckdb/file/append.ts'
import { Database, rowsOf } from '../../store/duckdb/file/database.ts'
import { emptyWorkingTable } from '../../store/duckdb/file/schema.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Store } from '../../store/promise/store.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const start = Date.UTC(2026, 0, 1) as UnixMs
const sites = 200
const days = 12
const now = (start + (days + 1) * dayMs) as UnixMs

/** A reading a minute of each site, said to be one in `intervalS`, in a store that may have `memoryMb`; nothing computed. */
async function filled(intervalS: number, memoryMb: number): Promise<Store> {
  const folder = temporaryFolder()
  const file = join(folder.path, 'readings.duckdb')
  const first = await openDuckDbStore({ file, timezone: 'UTC' })
  for (let site = 0; site < sites; site++) await first.setInterval(`box-${site}`, intervalS)
  await first.write(
    Array.from({ length: sites }, (_, site) => ({
      siteId: `site-${site}`,
      deviceId: `box-${site}`,
      quantity: 'pm2_5' as const,
      measuredAt: start,
      receivedAt: start,
      value: 0,
      flag: 1 as const,
      reasons: 0,
      sequence: 1,
      importId: 0
    }))
  )
  await first.close()
  const database = await Database.open({ file, memoryMb: 512 })
  await database.writer.run(
    `INSERT INTO readings SELECT s.series, ${start} + m * ${minuteMs}, m % 60, 1, 0, 0, m + 1, 0
     FROM range(1, ${days * 24 * 60}) t(m), series s ORDER BY m;
     INSERT INTO dirty SELECT c.channel, ${start} + h * ${hourMs} FROM range(1, ${days * 24}) t(h), channels c`
  )
  database.close()
  const store = await openDuckDbStore({ file, timezone: 'UTC', memoryMb })
  onTestFinished(async () => {
    await store.close()
    folder.remove()
  })
  return store
}

async function expectAll(store: Store): Promise<void> {
  const range = { from: start, until: (start + days * dayMs) as UnixMs }
  for (const [window, count] of [
    ['hour', days * 24],
    ['day', days]
  ] as const) {
    const { mean } = await store.rollup({ siteId: 'site-7', quantity: 'pm2_5', window, ...range })
    expect([window, mean.length, new Set(mean)]).toEqual([window, count, new Set([29.5])])
  }
}

describe('hours and days of millions of readings', () => {
  it('are computed in pieces that fit', async () => {
    const store = await filled(60, 160)
    while ((await store.refreshRollups(now)).more);
    await expectAll(store)
  })

  it('are computed in smaller pieces where devices send more than they are said to', async () => {
    const store = await filled(6_000, 160)
    let refusals = 0
    for (let more = true; more;) {
      try {
        ;({ more } = await store.refreshRollups(now))
      } catch (cause) {
        if (!(cause instanceof StoreUnavailable) || refusals > 8) throw cause
        refusals++
      }
    }
    expect(refusals).toBeGreaterThan(0)
    await expectAll(store)
  })
})

describe('a working table that is filled again and again', () => {
  it('takes the memory of one filling, and counts no rows that are gone', async () => {
    const folder = temporaryFolder()
    const database = await Database.open({ file: join(folder.path, 'readings.duckdb'), memoryMb: 160 })
    onTestFinished(() => {
      database.close()
      folder.remove()
    })
    const { writer } = database
    const hours = Array.from({ length: 4_000 }, (_, n) => ({
      channelId: n,
      time: start,
      average: 0,
      figureMax: 1_000,
      expected: 60
    }))
    const filled = async (): Promise<unknown[][]> => {
      await emptyWorkingTable(writer, 'pending')
      await appendPending(writer, 'pending', hours)
      return rowsOf(
        writer,
        `SELECT memory_usage_bytes, (SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'pending')
         FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'`
      )
    }
    const first = await filled()
    let last = first
    for (let n = 0; n < 50; n++) last = await filled()
    expect(last).toEqual(first)
    expect(Number(first[0]![1])).toBe(hours.length)
  })
})
