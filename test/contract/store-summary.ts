/** The part of the store contract about many sites at once, and about whole periods from single readings. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import type { Reading } from '../../model/reading.ts'
import type { Stretch, SummaryQuery } from '../../store/promise/read.ts'
import { aReading, at, everything, minutes, winter } from '../support/readings.ts'
import { storeForEach, type OpenStore } from './store.ts'
import { refreshAll } from './store-rollups.ts'

const place = { siteId: 'mill-lane-7', quantity: 'pm2_5' } as const

function stretch(fromMs: number, untilMs: number, group = 0): Stretch {
  return { from: at(winter, fromMs), until: at(winter, untilMs), group }
}

function asked(fields: Partial<SummaryQuery> = {}): SummaryQuery {
  return { ...place, stretches: [stretch(0, hourMs)], groups: 1, percentiles: [], ...fields }
}

export function summaryContract(open: OpenStore): void {
  describe('means', () => {
    const store = storeForEach(open)

    it('say of many sites and quantities what their rollups say', async () => {
      await store().setInterval('box-1', 60)
      await store().write([
        ...minutes(winter, 120),
        ...minutes(winter, 40, { quantity: 'pm10' }),
        ...minutes(at(winter, hourMs), 60, { siteId: 'mill-lane-9', deviceId: 'box-2' }, (i) => i)
      ])
      await refreshAll(store())
      const siteIds = ['mill-lane-7', 'mill-lane-9', 'nobody']
      const quantities = ['pm2_5', 'pm10', 'no2'] as const
      const means = await store().means({ siteIds, quantities, window: 'hour', ...everything })
      expect(means.map(({ siteId, quantity }) => `${siteId} ${quantity}`).toSorted()).toEqual([
        'mill-lane-7 pm10',
        'mill-lane-7 pm2_5',
        'mill-lane-9 pm2_5'
      ])
      for (const { siteId, quantity, ...columns } of means) {
        const rollup = await store().rollup({ siteId, quantity, window: 'hour', ...everything })
        expect(rollup).toMatchObject(columns)
      }
    })

    it('keep to the period, and are empty for nobody', async () => {
      await store().write(minutes(winter, 180))
      await refreshAll(store())
      const query = { siteIds: ['mill-lane-7'], quantities: ['pm2_5'], window: 'hour' } as const
      const until = at(winter, 2 * hourMs)
      const [one] = await store().means({ ...query, from: at(winter, hourMs), until })
      expect(one?.time).toEqual([at(winter, hourMs)])
      expect(await store().means({ ...query, siteIds: [], ...everything })).toEqual([])
    })
  })

  describe('reach', () => {
    const store = storeForEach(open)

    it('is from the first reading to after the last', async () => {
      await store().write(minutes(winter, 3))
      const { siteId, quantity } = place
      expect(await store().reach(siteId, quantity)).toEqual({
        from: winter,
        until: at(winter, 2 * minuteMs + 1)
      })
      expect(await store().reach(siteId, 'pm10')).toBeNull()
    })

    it('holds nothing of an import that was taken back', async () => {
      const { siteId, quantity } = place
      await store().write(minutes(winter, 90))
      await store().write(minutes(at(winter, -400 * dayMs), 3, { importId: 7 }))
      await refreshAll(store())
      expect((await store().reach(siteId, quantity))?.from).toBe(at(winter, -400 * dayMs))
      await store().undoImport(7)
      await refreshAll(store())
      expect(await store().reach(siteId, quantity)).toEqual({
        from: winter,
        until: at(winter, 89 * minuteMs + 1)
      })
    })
  })

  describe('summary', () => {
    const store = storeForEach(open)

    it('holds count, coverage, mean, range and the percentiles asked for', async () => {
      await store().setInterval('box-1', 60)
      await store().write(minutes(winter, 45, {}, (i) => i))
      const summary = await store().summary(asked({ percentiles: [10, 50, 99] }))
      expect(summary).toEqual({
        count: [45],
        failed: [0],
        expected: [60],
        coverage: [0.75],
        mean: [22],
        min: [0],
        max: [44],
        percentiles: [[expect.closeTo(4.4, 9), 22, expect.closeTo(43.56, 9)]]
      })
    })

    it('leaves failed readings out and counts them', async () => {
      await store().write([
        aReading({ value: 5 }),
        aReading({ measuredAt: at(winter, 1), value: 900, flag: 4 })
      ])
      expect(await store().summary(asked())).toMatchObject({ count: [1], failed: [1], mean: [5], max: [5] })
    })

    it('counts a humidity above 100 % as 100', async () => {
      const values = [101.7, 103, 90]
      await store().write(
        values.map((value, i) =>
          aReading({ quantity: 'humidity', value, measuredAt: at(winter, i * minuteMs), flag: 3 })
        )
      )
      const summary = await store().summary(asked({ quantity: 'humidity', percentiles: [99] }))
      expect(summary).toMatchObject({ max: [100], percentiles: [[expect.closeTo(100, 9)]] })
      expect(summary.mean[0]).toBeCloseTo((100 + 100 + 90) / 3, 5)
    })

    it('averages decibels as energy', async () => {
      const levels = [35, 35, 35, 35, 35, 35, 35, 65]
      await store().write(
        levels.map((value, i) => aReading({ quantity: 'laeq', value, measuredAt: at(winter, i * minuteMs) }))
      )
      const summary = await store().summary(asked({ quantity: 'laeq' }))
      expect(summary.mean[0]).toBeCloseTo(56, 2)
    })

    it('puts stretches of one group together, and leaves out what lies between', async () => {
      await store().setInterval('box-1', 60)
      await store().write(minutes(winter, 240, {}, (i) => Math.floor(i / 60)))
      const stretches = [
        stretch(0, hourMs, 0),
        stretch(hourMs, 2 * hourMs, 1),
        stretch(3 * hourMs, 4 * hourMs, 0),
        stretch(5 * hourMs, 6 * hourMs, 2)
      ]
      expect(await store().summary(asked({ stretches, groups: 3 }))).toMatchObject({
        count: [120, 60, 0],
        expected: [120, 60, 60],
        coverage: [1, 1, 0],
        mean: [1.5, 1, null]
      })
    })

    it('lets each reading weigh as long as its device measures', async () => {
      await store().setInterval('box-1', 60)
      await store().setInterval('box-2', 600)
      await store().write([
        ...minutes(winter, 30, { value: 10 }),
        ...[30, 40, 50].map((m) =>
          aReading({ deviceId: 'box-2', measuredAt: at(winter, m * minuteMs), value: 20 })
        )
      ])
      expect(await store().summary(asked())).toMatchObject({ count: [33], coverage: [1], mean: [15] })
    })

    it('does not count a moment twice where two boards measured at once', async () => {
      await store().setInterval('box-1', 60)
      await store().setInterval('box-2', 60)
      await store().write([
        ...minutes(winter, 30),
        ...minutes(at(winter, minuteMs), 29, { deviceId: 'box-2' })
      ])
      const twoHours = [stretch(0, 2 * hourMs)]
      const summary = await store().summary(asked({ stretches: twoHours }))
      expect(summary.coverage[0]).toBeLessThan(0.5)
    })

    it('counts what failed by reasons, import and stretch', async () => {
      const failed = (place: number, reasons: number, more: Partial<Reading> = {}): Reading =>
        aReading({ measuredAt: at(winter, place * minuteMs), flag: 4, reasons, ...more })
      await store().write([
        ...minutes(winter, 60).slice(6),
        failed(0, 2),
        failed(1, 2),
        failed(2, 3),
        failed(3, 2, { importId: 7 }),
        failed(4, 2, { siteId: 'elsewhere' }),
        failed(5, 2, { quantity: 'humidity', deviceId: 'box-2' })
      ])
      const of = { siteIds: ['mill-lane-7'], quantity: 'pm2_5' } as const
      const all = { from: at(winter, -dayMs), until: at(winter, dayMs) }
      const one = { siteId: 'mill-lane-7', deviceId: 'box-1', quantity: 'pm2_5', group: 0 }
      const moment = (place: number): number => at(winter, place * minuteMs)
      expect(await store().failures({ ...of, ...all })).toEqual([
        { ...one, reasons: 2, importId: 0, count: 2, first: moment(0), last: moment(1) },
        { ...one, reasons: 2, importId: 7, count: 1, first: moment(3), last: moment(3) },
        { ...one, reasons: 3, importId: 0, count: 1, first: moment(2), last: moment(2) }
      ])
      const stretches = [
        { from: at(winter, minuteMs), until: at(winter, 2 * minuteMs), group: 1 },
        { from: at(winter, 3 * minuteMs), until: at(winter, 9 * minuteMs), group: 0 }
      ]
      const grouped = await store().failures({ ...of, ...all, stretches })
      expect(grouped.map(({ group, importId, count }) => [group, importId, count])).toEqual([
        [0, 7, 1],
        [1, 0, 1]
      ])
      expect(await store().failures({ deviceId: 'box-2', ...all })).toHaveLength(1)
      expect(await store().failures(all)).toHaveLength(5)
      await store().write([failed(61, 4, { flag: 3, importId: 7 })])
      expect(await store().failures({ ...all, flag: 3 })).toEqual([
        { ...one, reasons: 4, importId: 7, count: 1, first: moment(61), last: moment(61) }
      ])
      expect(await store().failures(all)).toHaveLength(5)
      await store().undoImport(7)
      expect(await store().failures({ ...of, ...all })).toHaveLength(2)
    })

    it('knows no coverage while the interval is unknown', async () => {
      await store().write(minutes(winter, 60))
      expect(await store().summary(asked())).toMatchObject({
        count: [60],
        expected: [null],
        coverage: [null]
      })
    })

    it('is empty where nothing was ever measured', async () => {
      const nothing = await store().summary(asked({ quantity: 'no2', percentiles: [50] }))
      expect(nothing).toMatchObject({ count: [0], mean: [null], percentiles: [[null]] })
    })

    it('does not depend on what came late', async () => {
      const day = minutes(winter, 600, { quantity: 'laeq' }, (i) => 40 + ((i * 7) % 23) / 3)
      const query = asked({
        quantity: 'laeq',
        stretches: [stretch(0, dayMs / 4, 0), stretch(dayMs / 4, dayMs, 1)],
        groups: 2,
        percentiles: [10, 90]
      })
      await store().write(day)
      const early = await store().summary(query)
      const late = day.map((reading) => ({ ...reading, siteId: 'mill-lane-9' })).toReversed()
      for (const reading of [late.slice(0, 300), late.slice(300)]) await store().write(reading)
      expect(await store().summary({ ...query, siteId: 'mill-lane-9' })).toEqual(early)
      expect(early.count.reduce((a, b) => a + b)).toBe(600)
    })
  })
}
