/** The part of the store contract about looking back: for stores that can. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookBackRules } from '../../ingest/look-back.ts'
import { reasonBits } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { hourMs, minuteMs } from '../../model/time.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, tens, winter } from '../support/readings.ts'
import { refreshAll } from './store-rollups.ts'

const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const
const humidity = { ...series, quantity: 'humidity' } as const
const later = at(winter, 400 * hourMs)
const rules = lookBackRules({ isOutdoor: () => true, neighboursOf: () => [], sensorsOf: () => [] })

type ExaminingStore = Store & ReadingExaminer

export async function lookBackAll(store: ExaminingStore, now = later): Promise<number> {
  let changed = 0
  for (let more = true; more;) {
    const bite = await store.lookBack(now, rules)
    changed += bite.changed
    more = bite.more
  }
  return changed
}

export function lookBackContract(open: () => Promise<ExaminingStore>): void {
  describe('looking back', () => {
    const frozen = minutes(winter, 420, {}, () => 12.3)

    it('takes what is stuck out of the means, and marks the rollups', async () => {
      const store = await open()
      await store.write([...frozen, ...minutes(at(winter, 420 * minuteMs), 60, {}, (m) => 70 + m / 10)])
      await refreshAll(store)
      expect(await lookBackAll(store)).toBe(420)
      expect((await store.stats()).dirtyHours).toBe(7)
      await refreshAll(store)
      const { mean, failed } = await store.rollup({ ...series, window: 'hour' })
      expect(mean.slice(0, 7)).toEqual([null, null, null, null, null, null, null])
      expect(mean[7]).toBeCloseTo(72.95, 6)
      expect(failed).toEqual([60, 60, 60, 60, 60, 60, 60, 0])
      expect((await store.raw(series)).value).toHaveLength(480)
      expect(await lookBackAll(store)).toBe(0)
      await store.close()
    })

    it('says what it has not gone over yet, until it has', async () => {
      const store = await open()
      await store.write(frozen)
      const hours = (from: number, until: number) => ({
        from: at(winter, from * hourMs),
        until: at(winter, until * hourMs)
      })
      expect(await store.unjudged(series)).toEqual([hours(0, 7)])
      const headOfExport = async () => {
        for await (const part of store.export({ siteIds: [series.siteId], ...everything })) return part
        return undefined
      }
      expect(await headOfExport()).toMatchObject({ unjudged: [[hours(0, 7)]] })
      expect(await store.unjudged({ ...series, quantity: 'pm2_5_corrected' })).toEqual([hours(0, 7)])
      expect(await store.unjudged({ ...series, quantity: 'pm10' })).toEqual([])
      expect(await store.unjudged({ ...series, ...hours(2.5, 3.5) })).toEqual([hours(2.5, 3.5)])
      await lookBackAll(store, at(winter, 6.5 * hourMs))
      expect(await store.unjudged(series)).toEqual([hours(6, 7)])
      const good = aReading({ measuredAt: at(winter, 419.5 * minuteMs), value: 9 })
      await store.write([good])
      expect(await store.latest()).toMatchObject([{ measuredAt: good.measuredAt, isJudged: false }])
      await lookBackAll(store)
      expect(await store.unjudged(series)).toEqual([])
      expect(await headOfExport()).not.toHaveProperty('unjudged')
      expect(await store.latest()).toMatchObject([{ measuredAt: good.measuredAt, isJudged: true }])
      // One that comes late makes its hour one to be gone over again.
      await store.write([aReading({ measuredAt: at(winter, 2.1 * hourMs + 1), value: 9 })])
      expect(await store.unjudged(series)).toEqual([hours(2, 3)])
      await store.close()
    })

    it('waits for the end of an hour', async () => {
      const store = await open()
      await store.write(frozen)
      expect(await lookBackAll(store, at(winter, 6.5 * hourMs))).toBe(360)
      expect(await lookBackAll(store, at(winter, 8 * hourMs))).toBe(60)
      await store.close()
    })

    it('changes the newest reading when that one failed', async () => {
      const store = await open()
      await store.write([aReading({ measuredAt: at(winter, -minuteMs), value: 80 }), ...frozen])
      await lookBackAll(store)
      expect(await store.latest()).toMatchObject([{ value: 80 }])
      await store.close()
    })

    it('judges again when a late reading breaks the run, or an import is taken back', async () => {
      const store = await open()
      await store.write(frozen)
      await lookBackAll(store)
      await store.write([aReading({ measuredAt: at(winter, 200.5 * minuteMs), value: 70, importId: 3 })])
      await lookBackAll(store)
      expect(new Set((await store.raw(series)).flag)).toEqual(new Set([1]))
      await store.undoImport(3)
      await lookBackAll(store)
      expect(new Set((await store.raw(series)).flag)).toEqual(new Set([4]))
      await store.close()
    })

    it('leaves ratified readings as they are', async () => {
      const store = await open()
      await store.write(
        frozen.map((reading) => ({ ...reading, flag: 2, reasons: reasonBits('ratified') }) as const)
      )
      expect(await lookBackAll(store)).toBe(0)
      await store.close()
    })

    it('tells wet air from a wet sensor by the temperature beside it, a day before and after', async () => {
      const store = await open()
      const day = (hours: number, of: (hour: number) => number): Reading[] =>
        tens(winter, hours, { quantity: 'temperature' }, of)
      const pinned = tens(winter, 60, { quantity: 'humidity' }, () => 100)
      await store.write([...pinned, ...day(60, (hour) => 6 + (hour % 3))])
      expect(await lookBackAll(store)).toBe(0)
      await store.write(day(60, (hour) => (hour > 36 ? 6 + 2 * Math.abs(6 - (hour % 12)) : 6)).map(toldAgain))
      await lookBackAll(store)
      const { flag } = await store.raw(humidity)
      // The sun of the second afternoon tells on the day before, and on nothing further away.
      expect(flag.slice(0, 6)).toEqual([1, 1, 1, 1, 1, 1])
      expect(new Set(flag.slice(-24 * 6))).toEqual(new Set([4]))
      await store.close()
    })

    it('comes to the same whatever order the readings came in and however often it looked', async () => {
      const all = puzzling()
      const expected = await flagsAfter(open, [all])
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(all, { minLength: all.length }),
          fc.integer({ min: 1, max: all.length - 1 }),
          async (shuffled, cut) => {
            expect(await flagsAfter(open, [shuffled.slice(0, cut), shuffled.slice(cut)])).toEqual(expected)
          }
        ),
        { numRuns: 8 }
      )
    })
  })
}

/** The same moment, told again. */
function toldAgain(reading: Reading): Reading {
  return { ...reading, sequence: reading.sequence + 1_000 }
}

/** Runs, spikes, steps and contradictions at four sites, every ten minutes for thirty hours. */
function puzzling(): Reading[] {
  const readings: Reading[] = []
  for (let i = 0; i < 180; i++) {
    const measuredAt = at(winter, i * 10 * minuteMs)
    const add = (quantity: Reading['quantity'], value: number): void =>
      void readings.push(aReading({ measuredAt, quantity, value }))
    add('humidity', i % 90 < 50 ? 99.9 : 60 + (i % 7))
    add('temperature', i % 31 === 0 ? 31 : 9)
    add('pm2_5', i > 100 ? 11 : 7 + (i % 5))
    add('pm10', i % 40 === 3 ? 5 : 12 + (i % 3))
  }
  return readings
}

async function flagsAfter(open: () => Promise<ExaminingStore>, batches: Reading[][]): Promise<unknown[]> {
  const store = await open()
  try {
    for (const batch of batches) {
      await store.write(batch)
      await lookBackAll(store)
    }
    const quantities = ['humidity', 'temperature', 'pm2_5', 'pm10'] as const
    return await Promise.all(
      quantities.map(async (quantity) => {
        const { flag, reasons } = await store.raw({ ...series, quantity })
        return { flag, reasons }
      })
    )
  } finally {
    await store.close()
  }
}
