/** The embedded store on real files: the contract, and what only it has: a zone, a format, a lock, a process that dies. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reasonBits } from '../../model/flag.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { Store } from '../../store/promise/store.ts'
import { lookBackAll, lookBackContract } from '../contract/store-look-back.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { storeContract } from '../contract/store.ts'
import { trimContract } from '../contract/store-trim.ts'
import { aReading, at, everything, minutes, tens, winter } from '../support/readings.ts'

let folder = ''
let files = 0
const fileOf = new WeakMap<Store, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-store-'))
})
afterAll(() => rm(folder, { recursive: true }))

function newFile(): string {
  return join(folder, `readings-${files++}.duckdb`)
}

async function open(file = newFile(), timezone = 'Europe/London'): Promise<Store> {
  const store = await openDuckDbStore({ file, timezone })
  fileOf.set(store, file)
  return store
}

storeContract(
  'DuckDB',
  () => open(),
  async (store) => {
    await store.close()
    return open(fileOf.get(store))
  }
)
lookBackContract(() => openDuckDbStore({ file: newFile(), timezone: 'Europe/London' }))
const openExamining = async (file = newFile()): Promise<Store & ReadingExaminer> => {
  const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
  fileOf.set(store, file)
  return store
}
trimContract(openExamining, async (store) => {
  await store.close()
  return openExamining(fileOf.get(store))
})

/** What only another program would have written. */
async function change(file: string, statements: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(statements)
  connection.closeSync()
  instance.closeSync()
}

const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

describe('the file', () => {
  it('counts days of another zone after it was opened with one', async () => {
    const file = newFile()
    const london = await open(file)
    await london.setInterval('box-1', 600)
    await london.write(tens(winter, 24))
    await refreshAll(london)
    expect((await london.rollup({ ...series, window: 'day' })).time).toEqual([winter])
    await london.close()

    const auckland = await open(file, 'Pacific/Auckland')
    await refreshAll(auckland)
    const days = await auckland.rollup({ ...series, window: 'day' })
    expect(days.time).toEqual([at(winter, -13 * hourMs), at(winter, 11 * hourMs)])
    expect(days.count).toEqual([66, 78])
    await auckland.close()
  })

  it('assigns readings exactly where a zone is half an hour off', async () => {
    const kolkata = await open(newFile(), 'Asia/Kolkata')
    const midnight = (winter + 18.5 * hourMs) as UnixMs
    await kolkata.setInterval('box-1', 600)
    await kolkata.write([
      ...tens(at(midnight, -hourMs), 25),
      aReading({ measuredAt: at(midnight, -1), value: 50, sequence: 999 })
    ])
    await refreshAll(kolkata)
    const days = await kolkata.rollup({ ...series, window: 'day' })
    expect(days.time).toEqual([at(midnight, -24 * hourMs), midnight])
    expect(days).toMatchObject({ count: [7, 144], max: [50, 10], coverage: [7 / 144, 1] })
    await kolkata.close()
  })

  it('is refused with a clear line when a newer version wrote it', async () => {
    const file = newFile()
    await (await open(file)).close()
    await change(file, "UPDATE meta SET value = '99' WHERE key = 'format'")
    await expect(open(file)).rejects.toThrow(/newer Lamppost \(store format 99; this one reads 2\)/)
  })

  it('of the first format is judged and computed again, with every hour of its clock', async () => {
    const file = newFile()
    const before = await open(file, 'Asia/Kathmandu')
    const saturated = { value: 999.9, flag: 3, reasons: reasonBits('saturated') } as const
    await before.write(tens(winter, 3).map((one, i) => (i === 4 ? { ...one, ...saturated } : one)))
    await before.close()
    // As the first format had it: hours of UTC, one interval a device.
    await change(
      file,
      `UPDATE meta SET value = '1' WHERE key = 'format'; DELETE FROM unexamined; DELETE FROM dirty;
       DROP TABLE said_intervals; DROP TABLE learnt_intervals;
       CREATE TABLE intervals (device VARCHAR, interval_s DOUBLE); INSERT INTO intervals VALUES ('box-1', 3600);
       INSERT INTO hours SELECT 1, ${winter} + 3600000 * i, 6, 1, 1, 1, 1, 1, 1, 1, 6, 0, 0, 0 FROM range(3) t(i)`
    )
    const doing: string[] = []
    const options = { file, timezone: 'Asia/Kathmandu', onProgress: (what: string) => doing.push(what) }
    const store = await openDuckDbStore(options)
    expect(doing.join('; ')).toContain('recalculation while the hub runs')
    // 05:45 to 09:45 by the clock, in four hours; what was made before is shown until then.
    expect(await store.recomputing()).toEqual({ hoursLeft: 4, hoursTotal: 4 })
    expect((await store.rollup({ ...series, window: 'hour' })).mean).toEqual([1, 1, 1])
    expect(await lookBackAll(store)).toBe(1)
    await store.setInterval('box-1', 600)
    await refreshAll(store)
    expect(await store.recomputing()).toMatchObject({ hoursLeft: 0 })
    expect(await store.rollup({ ...series, window: 'hour' })).toMatchObject({
      time: [-45, 15, 75, 135].map((minute) => at(winter, minute * minuteMs)),
      mean: [10, 10, 10, 10],
      count: [2, 5, 6, 4],
      failed: [0, 1, 0, 0]
    })
    await store.close()
    const again = await openDuckDbStore(options)
    expect((await again.stats()).dirtyHours).toBe(0)
    await again.close()
  })

  it('keeps the hours of another clock whose readings are gone, and says so', async () => {
    const file = newFile()
    const london = await open(file)
    await london.setInterval('box-1', 600)
    await london.write(tens(winter, 72))
    await refreshAll(london)
    await london.close()
    const second = at(winter, dayMs)
    await change(file, `DELETE FROM readings WHERE time < ${second}`)
    const kolkata = await open(file, 'Asia/Kolkata')
    expect((await kolkata.rollup({ ...series, window: 'hour' })).otherClock).toHaveLength(72)
    await refreshAll(kolkata)
    const hours = await kolkata.rollup({ ...series, window: 'hour' })
    expect(hours.time[23]).toBe(at(second, -hourMs))
    expect(hours.time[24]).toBe(at(second, -30 * minuteMs))
    expect(hours.otherClock?.indexOf(false)).toBe(24)
    expect(hours.otherClock?.lastIndexOf(true)).toBe(23)
    expect(hours.time).toHaveLength(24 + 49)
    const days = await kolkata.rollup({ ...series, window: 'day' })
    expect(days.otherClock).toEqual([true, false, false, false])
    expect(days.time[1]).toBe(at(second, -5.5 * hourMs))
    await kolkata.close()
  })

  it('is refused when it is no such file, and when its zone does not exist', async () => {
    await expect(open(join(folder, 'nowhere', 'readings.duckdb'))).rejects.toMatchObject({
      code: 'storeUnavailable'
    })
    await expect(open(newFile(), 'Europe/Atlantis')).rejects.toThrow(/not a time zone/)
  })

  it('leaves no WAL and no temporary files after closing', async () => {
    const store = await open()
    await store.write(minutes(winter, 500))
    await store.close()
    const left = (await readdir(folder)).filter((name) => /\.(wal|tmp)$/.test(name))
    expect(left).toEqual([])
  })

  it('holds no byte of the name of an erased site, and answers who asked meanwhile', async () => {
    const file = newFile()
    const store = await open(file)
    for (const siteId of ['mill-lane-7', 'secret-home-77', 'quay-street-2']) {
      await store.write(minutes(winter, 3_000, { siteId, deviceId: `box-of-${siteId}` }))
    }
    await store.close()
    expect((await readFile(file)).includes('secret-home-77')).toBe(true)
    const again = await open(file)
    const erased = again.erase('secret-home-77')
    const counts = Promise.all(Array.from({ length: 20 }, () => again.count(series, 1e6)))
    expect(await erased).toBe(3_000)
    expect(new Set(await counts)).toEqual(new Set([3_000]))
    expect((await readFile(file)).includes('secret-home-77')).toBe(false)
    expect(await again.write(minutes(winter, 3_000, { deviceId: 'box-of-mill-lane-7' }))).toMatchObject({
      repeated: 3_000
    })
    await again.close()
  })

  it('stays right over many checkpoints, row groups and replaced rows', async () => {
    const file = newFile()
    const store = await open(file)
    for (let round = 0; round < 5; round++) {
      await store.write(manyReadings(30_000, round * 24_000, round))
    }
    expect(await store.stats()).toMatchObject({ readings: 126_000, replaced: 24_000 })
    await store.close()
    const again = await open(file)
    expect(await again.write(manyReadings(30_000, 96_000, 4))).toMatchObject({ repeated: 30_000 })
    expect(await again.stats()).toMatchObject({ readings: 126_000 })
    let rows = 0
    let last = -Infinity
    for await (const part of again.export({ siteIds: ['a', 'b'], ...everything })) {
      for (const time of part.kind === 'rows' ? part.time : []) {
        if (time < last) throw new Error('the export went back in time')
        last = time
        rows++
      }
    }
    expect(rows).toBe(126_000)
    await again.close()
  })
})

/** Of two sites, a second apart; rounds overlap by a fifth, in which the later round replaces. */
function manyReadings(count: number, from: number, round: number) {
  return Array.from({ length: count }, (_, i) =>
    aReading({
      siteId: (from + i) % 2 ? 'a' : 'b',
      measuredAt: at(winter, (from + i) * 1_000),
      value: round + i / 1_000,
      sequence: round + 1
    })
  )
}

describe('values at the edge', () => {
  it('makes rollups of values that only a broken sensor sends', async () => {
    const store = await open()
    const values = [1.7e308, 1.7e308, -1.7e308, 5e-324]
    for (const quantity of ['pm2_5', 'laeq'] as const) {
      await store.write(
        values.map((value, i) => aReading({ quantity, value, measuredAt: at(winter, i * minuteMs), flag: 3 }))
      )
    }
    await refreshAll(store)
    const hours = await store.rollup({ ...series, window: 'hour' })
    expect(hours).toMatchObject({ count: [4], max: [1.7e308] })
    for (const value of [hours.mean[0], hours.p10[0]]) expect(value).not.toBe(Infinity)
    expect((await store.raw(series)).value).toEqual(values)
    await store.close()
  })
})
