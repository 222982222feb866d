/** The part of the store contract about what changes readings afterwards. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'
import { aCorrection } from './store-corrections.ts'
import { refreshAll } from './store-rollups.ts'
import { exported, storeForEach, type OpenStore } from './store.ts'

const old = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const
const fresh = { ...old, siteId: 'quay-street-2' }

export function keeperContract(open: OpenStore): void {
  reassignContract(open)
  eraseContract(open)
  undoContract(open)
  retractContract(open)
}

function reassignContract(open: OpenStore): void {
  describe('reassign', () => {
    const store = storeForEach(open)
    const move = { deviceId: 'box-1', siteId: 'quay-street-2', from: null, until: null }

    it('moves the readings of a period, and what is made from them', async () => {
      await store().write([...minutes(winter, 120), ...minutes(winter, 5, { deviceId: 'box-2' })])
      await refreshAll(store())
      const from = at(winter, 30 * minuteMs)
      expect(await store().reassign({ ...move, from, until: at(winter, 90 * minuteMs) })).toBe(60)
      await refreshAll(store())
      expect(await store().count(old, 999)).toBe(65)
      expect((await store().raw(fresh)).time[0]).toBe(from)
      expect((await store().rollup({ ...fresh, window: 'hour' })).count).toEqual([30, 30])
      expect((await store().rollup({ ...old, window: 'hour' })).count).toEqual([35, 30])
      expect((await store().rollup({ ...old, window: 'day' })).count).toEqual([65])
      expect((await store().rollup({ ...fresh, window: 'day' })).count).toEqual([60])
    })

    it('leaves no rollup where no reading is left, and moves the newest reading', async () => {
      await store().write(minutes(winter, 60))
      await refreshAll(store())
      expect(await store().reassign(move)).toBe(60)
      await refreshAll(store())
      expect((await store().rollup({ ...old, window: 'hour' })).time).toEqual([])
      expect((await store().rollup({ ...old, window: 'day' })).time).toEqual([])
      expect(await store().latest(['mill-lane-7'])).toEqual([])
      expect(await store().latest(['quay-street-2'])).toMatchObject([
        { measuredAt: at(winter, 59 * minuteMs) }
      ])
    })

    it('keeps one reading for each identity where both sites have one: the highest sequence', async () => {
      await store().write([
        aReading({ value: 1, sequence: 5 }),
        aReading({ measuredAt: at(winter, 1), value: 2 })
      ])
      await store().write([aReading({ siteId: 'quay-street-2', value: 3, sequence: 4 })])
      expect(await store().reassign(move)).toBe(2)
      expect(pairs(await store().raw(fresh))).toEqual([
        [winter, 1],
        [at(winter, 1), 2]
      ])
      expect(await store().reassign(move)).toBe(0)
    })

    it('recognises moved readings when they come again', async () => {
      await store().write(minutes(winter, 10))
      await store().reassign(move)
      const again = minutes(winter, 10, { siteId: 'quay-street-2' })
      expect(await store().write(again)).toMatchObject({ inserted: 0, repeated: 10 })
    })

    it('has nothing to do for a device it never saw', async () => {
      expect(await store().reassign({ ...move, deviceId: 'nobody' })).toBe(0)
    })
  })
}

function eraseContract(open: OpenStore): void {
  describe('erase', () => {
    const store = storeForEach(open)

    it('leaves no trace of the site, and everything of the others', async () => {
      await store().write([...minutes(winter, 60), ...minutes(winter, 60, { siteId: 'quay-street-2' })])
      await store().write([aReading({ value: 5, sequence: 99, importId: 3 })])
      await refreshAll(store())
      await store().write([aReading({ measuredAt: at(winter, 5 * hourMs) })])
      expect(await store().erase('mill-lane-7')).toBe(61)
      expect(await store().stats()).toMatchObject({ readings: 60, dirtyHours: 0 })
      expect(await store().count(old, 9)).toBe(0)
      for (const window of ['hour', 'day'] as const) {
        expect((await store().rollup({ ...old, window })).time).toEqual([])
        expect((await store().rollup({ ...fresh, window })).count).toEqual([60])
      }
      expect(await store().latest()).toMatchObject([{ siteId: 'quay-street-2' }])
      expect(await exported(store(), { siteIds: ['mill-lane-7'], ...everything })).toEqual([])
      expect(await store().undoImport(3)).toBe(0)
      expect(await store().erase('mill-lane-7')).toBe(0)
    })

    it('of several sites at once, and of devices: their intervals and corrections go with them', async () => {
      await store().setInterval('box-1', 60)
      await store().write([
        ...minutes(winter, 60),
        ...minutes(winter, 60, { siteId: 'quay-street-2' }),
        ...minutes(winter, 60, { siteId: 'quay-street-2', deviceId: 'box-2' })
      ])
      await store().setCorrections([
        aCorrection({ deviceId: 'box-1' }),
        aCorrection({ deviceId: 'box-2', correctionId: 'c-2' })
      ])
      await refreshAll(store())
      const erasure = { siteIds: ['mill-lane-7', 'quay-street-2'], deviceIds: ['box-1'] }
      expect(await store().eraseAll(erasure)).toBe(180)
      expect(await store().stats()).toMatchObject({ readings: 0, dirtyHours: 0 })
      expect(await store().eraseAll(erasure)).toBe(0)
      // Of the interval nothing is known any more, so of coverage neither.
      await store().write(minutes(winter, 10))
      await refreshAll(store())
      expect((await store().rollup({ ...old, window: 'hour' })).expected).toEqual([null])
      const corrected = { siteIds: ['mill-lane-7'], quantity: 'pm2_5_corrected', ...everything } as const
      expect(await store().corrections(corrected)).toEqual([])
    })

    it('lets the site begin anew', async () => {
      await store().write(minutes(winter, 3))
      await store().erase('mill-lane-7')
      expect(await store().write(minutes(winter, 2))).toMatchObject({ inserted: 2 })
      await refreshAll(store())
      expect((await store().rollup({ ...old, window: 'hour' })).count).toEqual([2])
    })
  })
}

function retractContract(open: OpenStore): void {
  describe('retract', () => {
    const store = storeForEach(open)

    it('takes single readings that still stand as they came, and lets stand what they had replaced', async () => {
      await store().write([aReading({ value: 1, sequence: 1 })])
      await store().write([aReading({ value: 2, sequence: 2 })])
      const ahead = at(winter, 900 * dayMs)
      await store().write([
        aReading({ measuredAt: ahead, sequence: 3 }),
        aReading({ measuredAt: ahead, sequence: 3, quantity: 'pm10' }),
        aReading({ measuredAt: at(winter, minuteMs), sequence: 4 })
      ])
      await refreshAll(store())
      const gone = await store().retract([
        aReading({ measuredAt: ahead, sequence: 3 }),
        aReading({ sequence: 2 }),
        aReading({ measuredAt: at(winter, minuteMs), sequence: 3 }),
        aReading({ siteId: 'nowhere', sequence: 3 })
      ])
      expect(gone).toBe(2)
      await refreshAll(store())
      const { time, value } = await store().raw({ ...old, ...everything })
      expect([time, value]).toEqual([
        [winter, at(winter, minuteMs)],
        [1, 8.4]
      ])
      const [pm2_5, pm10] = (await store().latest()).toSorted((a, b) => (a.quantity > b.quantity ? -1 : 1))
      expect(pm2_5).toMatchObject({ quantity: 'pm2_5', measuredAt: at(winter, minuteMs) })
      expect(pm10).toMatchObject({ quantity: 'pm10', measuredAt: ahead })
      expect((await store().rollup({ ...old, ...everything, window: 'hour' })).time).toEqual([winter])
      expect(await store().retract([aReading({ measuredAt: ahead, sequence: 3 })])).toBe(0)
    })
  })
}

function undoContract(open: OpenStore): void {
  describe('undoImport', () => {
    const store = storeForEach(open)

    it('takes the readings of the import, and nothing else', async () => {
      await store().write(minutes(winter, 60))
      await store().write(minutes(at(winter, hourMs), 60, { importId: 7 }))
      await refreshAll(store())
      expect(await store().undoImport(7)).toBe(60)
      await refreshAll(store())
      expect(await store().count(old, 999)).toBe(60)
      expect((await store().rollup({ ...old, window: 'hour' })).time).toEqual([winter])
      expect(await store().latest()).toMatchObject([{ measuredAt: at(winter, 59 * minuteMs) }])
      expect(await store().undoImport(7)).toBe(0)
    })

    it('lets what it had replaced stand again, the highest sequence of several', async () => {
      await store().write([aReading({ value: 1, sequence: 1 })])
      await store().write([aReading({ value: 2, sequence: 2, importId: 4 })])
      await store().write([aReading({ value: 3, sequence: 3, importId: 7 })])
      await store().write([aReading({ value: 4, sequence: 4, importId: 7 })])
      expect(await store().undoImport(7)).toBe(1)
      expect((await store().raw(old)).value).toEqual([2])
      expect(await store().latest()).toMatchObject([{ value: 2 }])
      expect(await store().undoImport(4)).toBe(1)
      expect((await store().raw(old)).value).toEqual([1])
    })

    it('forgets what it brought where something newer stands', async () => {
      await store().write([aReading({ value: 1, sequence: 1, importId: 7 })])
      await store().write([aReading({ value: 2, sequence: 2, importId: 8 })])
      expect(await store().undoImport(7)).toBe(0)
      expect(await store().undoImport(8)).toBe(1)
      expect(await store().count(old, 9)).toBe(0)
    })

    it.each([
      ['the same value, later', 1, 9],
      ['the same value, from before', 1, 1],
      ['another value, from before', 2, 1]
    ])('loses no live reading that came while the import stood: %s', async (_what, value, sequence) => {
      await store().write([aReading({ value: 1, sequence: 5, importId: 7 })])
      const live = aReading({ value, sequence })
      await store().write([live])
      await store().write([live])
      await store().undoImport(7)
      expect((await store().raw(old)).value).toEqual([value])
    })

    it('keeps a live reading that an import brought again', async () => {
      await store().write([aReading({ value: 1, sequence: 1 })])
      await store().write([aReading({ value: 1, sequence: 5, importId: 7 })])
      expect(await store().undoImport(7)).toBe(0)
      expect((await store().raw(old)).value).toEqual([1])
    })

    it('never takes back what came live', async () => {
      await store().write([aReading()])
      await expect(store().undoImport(0)).rejects.toThrow(/no import 0/)
      expect(await store().count(old, 9)).toBe(1)
    })
  })
}
