/** The part of the store contract about readings that are past their time: they go, and the hours and days made of them stay. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, tens, winter } from '../support/readings.ts'
import { aCorrection } from './store-corrections.ts'
import { lookBackAll } from './store-look-back.ts'
import { refreshAll } from './store-rollups.ts'

type TrimmingStore = Store & ReadingExaminer

const site = { siteId: 'mill-lane-7', ...everything } as const
const series = { ...site, quantity: 'pm2_5' } as const
const second = at(winter, dayMs)
const third = at(winter, 2 * dayMs)
/** Until the third day began, asked for in the middle of it. */
const part = { siteId: 'mill-lane-7', from: null, until: at(third, 5 * hourMs) }

export function trimContract(
  open: () => Promise<TrimmingStore>,
  reopen: (store: TrimmingStore) => Promise<TrimmingStore>
): void {
  describe('trim', () => {
    /** Three days of two sites, with all that is made of them. */
    async function threeDays(): Promise<TrimmingStore> {
      const store = await open()
      onTestFinished(() => store.close())
      await store.setInterval('box-1', 600)
      const rising = (hour: number): number => hour
      await store.write([
        ...tens(winter, 72, {}, rising),
        ...tens(winter, 72, { quantity: 'humidity' }, () => 60),
        ...tens(winter, 72, { siteId: 'quay-street-2', deviceId: 'box-2' })
      ])
      await settle(store)
      return store
    }
    async function settle(store: TrimmingStore): Promise<void> {
      await refreshAll(store)
      await lookBackAll(store)
      await refreshAll(store)
    }
    const made = async (store: Store) => ({
      hours: await store.rollup({ ...series, window: 'hour' }),
      days: await store.rollup({ ...series, window: 'day' })
    })

    it('removes the readings of whole days, of this site alone, and keeps what was made of them', async () => {
      let store = await threeDays()
      const before = await made(store)
      expect(await store.trim([part])).toBe(2 * 2 * 144)
      expect(await store.trim([part])).toBe(0)
      expect((await store.raw(series)).time[0]).toBe(third)
      expect(await store.count({ ...series, siteId: 'quay-street-2' }, 9_999)).toBe(432)
      expect((await store.stats()).readings).toBe(2 * 144 + 432)
      await settle(store)
      expect(await made(store)).toEqual(before)
      expect((await store.reach('mill-lane-7', 'pm2_5'))?.from).toBe(winter)
      store = await reopen(store)
      await settle(store)
      expect(await made(store)).toEqual(before)
      expect((await store.reach('mill-lane-7', 'pm2_5'))?.from).toBe(winter)
    })

    it('waits while an hour of the time is not made or not judged yet', async () => {
      const store = await threeDays()
      await store.write([aReading({ measuredAt: at(second, minuteMs), value: 25 })])
      expect(await store.trim([part])).toBe(0)
      await refreshAll(store)
      expect(await store.trim([part])).toBe(0)
      await settle(store)
      expect(await store.trim([part])).toBe(2 * 2 * 144 + 1)
    })

    it('makes no hour of what comes late for such a day, and makes those of a day that was not there', async () => {
      const store = await threeDays()
      await store.trim([part])
      const before = await made(store)
      await store.write([aReading({ measuredAt: at(second, 3 * hourMs), value: 400, sequence: 9_999 })])
      await settle(store)
      expect(await made(store)).toEqual(before)
      expect((await store.stats()).dirtyHours).toBe(0)
      expect(await store.trim([part])).toBe(1)

      await store.write(tens(at(winter, -dayMs), 24, { importId: 3 }, () => 7))
      await settle(store)
      const { days } = await made(store)
      expect(days.count).toEqual([144, ...before.days.count])
      expect(await store.trim([part])).toBe(144)
      await settle(store)
      expect((await made(store)).days).toEqual(days)
    })

    it('keeps corrected hours whose correction changes afterwards', async () => {
      const store = await threeDays()
      await store.setCorrections([aCorrection({ deviceId: 'box-1' })])
      await settle(store)
      const corrected = { ...site, quantity: 'pm2_5_corrected', window: 'day' } as const
      const before = await store.rollup(corrected)
      expect(before.count).toEqual([144, 144, 144])
      await store.trim([part])
      await store.setCorrections([])
      await settle(store)
      const after = await store.rollup(corrected)
      expect(after.mean.slice(0, 2)).toEqual(before.mean.slice(0, 2))
      expect(after.time).toHaveLength(2)
    })

    it('of a stretch leaves what is before it; and takes the newest reading along, if that is old', async () => {
      const store = await threeDays()
      expect(await store.trim([{ ...part, from: second }])).toBe(2 * 144)
      expect((await store.raw(series)).time[0]).toBe(winter)
      await store.trim([{ ...part, until: at(winter, 9 * dayMs) as UnixMs }])
      expect(await store.latest(['mill-lane-7'])).toEqual([])
      expect((await made(store)).days.count).toEqual([144, 144, 144])
    })

    it('is forgotten with the site', async () => {
      const store = await threeDays()
      await store.trim([part])
      await store.erase('mill-lane-7')
      await store.write(tens(winter, 24))
      await settle(store)
      expect((await made(store)).days.count).toEqual([144])
    })
  })
}
