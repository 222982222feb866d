/** The part of the store contract about hours, days and several sites. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import type { Reading } from '../../model/reading.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, tens, winter } from '../support/readings.ts'
import { storeForEach, type OpenStore } from './store.ts'

const later = at(winter, 400 * dayMs)
const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

export async function refreshAll(store: Store, now: UnixMs = later): Promise<void> {
  while ((await store.refreshRollups(now)).more);
}

export function rollupContract(open: OpenStore): void {
  describe('hours', () => {
    const store = storeForEach(open)
    const hours = () => store().rollup({ ...series, window: 'hour' })

    it('hold mean, range, percentiles of type 7, counts and coverage', async () => {
      await store().setInterval('box-1', 600)
      const values = [1, 2, 3, 4]
      await store().write(values.map((value, i) => aReading({ measuredAt: at(winter, i * minuteMs), value })))
      await refreshAll(store())
      expect(await hours()).toEqual({
        time: [winter],
        mean: [2.5],
        min: [1],
        max: [4],
        p10: [expect.closeTo(1.3, 12)],
        p50: [2.5],
        p90: [expect.closeTo(3.7, 12)],
        count: [4],
        expected: [6],
        coverage: [expect.closeTo(4 / 6, 12)],
        passed: [4],
        notEvaluated: [0],
        suspect: [0],
        failed: [0]
      })
    })

    it('leave failed readings out of everything but their count', async () => {
      const flags = [1, 2, 3, 4, 4] as const
      await store().write(
        flags.map((flag, i) => aReading({ measuredAt: at(winter, i), flag, value: flag === 4 ? 999 : 10 }))
      )
      await refreshAll(store())
      expect(await hours()).toMatchObject({
        mean: [10],
        max: [10],
        count: [3],
        passed: [1],
        notEvaluated: [1],
        suspect: [1],
        failed: [2]
      })
    })

    it('are null where nothing but failed readings is there', async () => {
      await store().write([aReading({ flag: 4 })])
      await refreshAll(store())
      expect(await hours()).toMatchObject({ mean: [null], min: [null], p50: [null], count: [0], failed: [1] })
    })

    it.each([
      ['laeq', [50, 70], 67.03],
      ['laeq', [60, 60], 60],
      ['lamax', [71, 88, 60], 88],
      ['lamin', [41, 38, 60], 38],
      ['temperature', [-5, 10], 2.5]
    ] as const)('average %s of %j to %d', async (quantity, values, mean) => {
      await store().write(
        values.map((value, i) => aReading({ quantity, value, measuredAt: at(winter, i * minuteMs) }))
      )
      await refreshAll(store())
      const answer = await store().rollup({ ...series, quantity, window: 'hour' })
      expect(answer.mean[0]).toBeCloseTo(mean, 2)
    })

    it('count a humidity above 100 % as 100, and keep what was sent', async () => {
      await store().setInterval('box-1', 600)
      await store().write(
        tens(winter, 24, { quantity: 'humidity', flag: 3 }, (hour) => (hour < 12 ? 101.7 : 90))
      )
      await refreshAll(store())
      const humidity = { ...series, quantity: 'humidity' } as const
      const answer = await store().rollup({ ...humidity, window: 'hour' })
      expect([answer.mean[0], answer.max[0], answer.p90[0], answer.suspect[0]]).toEqual([100, 100, 100, 6])
      const day = await store().rollup({ ...humidity, window: 'day' })
      expect([day.mean, day.max, day.p90]).toEqual([[95], [100], [100]])
      expect((await store().raw(humidity)).value[0]).toBe(101.7)
    })

    it('average directions as vectors, and have no range of them', async () => {
      await store().setInterval('box-1', 600)
      const around = tens(winter, 24, { quantity: 'wind_direction' }, (hour) => 340 + (hour % 5))
      await store().write(
        around.map((reading, i) => (i % 2 === 0 ? reading : { ...reading, value: reading.value - 300 }))
      )
      await refreshAll(store())
      const place = { ...series, quantity: 'wind_direction' } as const
      const answer = await store().rollup({ ...place, window: 'hour' })
      expect(answer.mean.slice(0, 3)).toEqual([10, 11, 12])
      expect([answer.min[0], answer.max[0], answer.p10[0], answer.p50[0]]).toEqual([null, null, null, null])
      const day = await store().rollup({ ...place, window: 'day' })
      expect(day.mean[0]).toBeCloseTo(11.916659, 4)
      const summary = await store().summary({
        siteId: place.siteId,
        quantity: 'wind_direction',
        stretches: [{ from: winter, until: at(winter, dayMs), group: 0 }],
        groups: 1,
        percentiles: [50]
      })
      expect(summary).toMatchObject({ count: [144], min: [null], max: [null], percentiles: [[null]] })
      expect(summary.mean[0]).toBeCloseTo(11.916659, 4)
      const middle = await store().acrossSites({
        ...everything,
        siteIds: ['mill-lane-7'],
        quantity: 'wind_direction',
        window: 'hour',
        coverageMin: 0
      })
      expect([middle.median[0], middle.p25[0]]).toEqual([10, null])
    })

    it('have no mean of directions that cancel each other out', async () => {
      const opposite = [0, 90, 180, 270]
      await store().write(
        opposite.map((value, i) =>
          aReading({ quantity: 'wind_direction', value, measuredAt: at(winter, i * minuteMs) })
        )
      )
      await refreshAll(store())
      const answer = await store().rollup({ ...series, quantity: 'wind_direction', window: 'hour' })
      expect([answer.mean, answer.count]).toEqual([[null], [4]])
    })

    it('have no mean for quantities that cannot be averaged, but their range', async () => {
      await store().write(
        [50, 60].map((value, i) => aReading({ quantity: 'la90', value, measuredAt: at(winter, i) }))
      )
      await refreshAll(store())
      const answer = await store().rollup({ ...series, quantity: 'la90', window: 'hour' })
      expect(answer).toMatchObject({ mean: [null], min: [50], p50: [55], max: [60], count: [2] })
    })

    it('expect nothing while the interval is unknown, and are marked when it becomes known', async () => {
      await store().write(minutes(winter, 15))
      await refreshAll(store())
      expect(await hours()).toMatchObject({ expected: [null], coverage: [null] })
      await store().setInterval('box-1', 240)
      expect((await store().stats()).dirtyHours).toBe(1)
      await refreshAll(store())
      expect(await hours()).toMatchObject({ expected: [15], coverage: [1] })
    })

    it.each([
      ['of another day', 2 * dayMs],
      ['that measures at the same time', 0]
    ])(
      'know the coverage of a day in spite of one reading of a device %s of which nothing is known',
      async (_, ms) => {
        await store().setInterval('box-1', 600)
        const stray = { deviceId: 'box-2', measuredAt: at(winter, 20 * hourMs) }
        const longAgo = { deviceId: 'box-2', measuredAt: at(winter, 20 * hourMs - ms) }
        await store().write([aReading(), aReading(longAgo), aReading(stray)])
        await refreshAll(store())
        const { expected, coverage } = await store().rollup({ ...series, window: 'day' })
        expect([expected.at(-1), coverage.at(-1)]).toEqual([144, 2 / 144])
        const today = { ...series, from: winter, until: at(winter, dayMs) }
        expect(await store().coverage(today)).toMatchObject({ count: 2, expected: 144 })
      }
    )

    it('let each of two boards stand for its own interval', async () => {
      await store().setInterval('box-1', 60)
      await store().setInterval('box-2', 120)
      await store().write([
        ...minutes(winter, 30),
        ...minutes(at(winter, 30 * minuteMs), 15, { deviceId: 'box-2' })
      ])
      await refreshAll(store())
      expect(await hours()).toMatchObject({ count: [45], expected: [45], coverage: [1] })
    })

    it('begin on the hour, half-open', async () => {
      await store().write([
        aReading({ measuredAt: at(winter, hourMs - 1), value: 1 }),
        aReading({ measuredAt: at(winter, hourMs), value: 2 }),
        aReading({ measuredAt: at(0, -1), value: 3 })
      ])
      await refreshAll(store())
      const answer = await store().rollup({ ...series, window: 'hour', from: at(0, -dayMs) })
      expect(answer.time).toEqual([-hourMs, winter, at(winter, hourMs)])
      expect(answer.mean).toEqual([3, 1, 2])
      expect((await store().rollup({ ...series, window: 'hour', from: at(winter, 1) })).mean).toEqual([2])
    })

    it('stay right when a late reading comes, and are the same as in order', async () => {
      const readings = minutes(winter, 60, {}, (minute) => (minute * 7919) % 101)
      const late = readings.filter((_, i) => i % 7 === 3)
      await store().write(readings.filter((reading) => !late.includes(reading)))
      await refreshAll(store())
      await store().write(late)
      await store().write(readings.map((reading): Reading => ({ ...reading, siteId: 'in-order' })))
      await refreshAll(store())
      const inOrder = await store().rollup({ ...series, siteId: 'in-order', window: 'hour' })
      expect(await hours()).toEqual(inOrder)
    })
  })

  describe('days', () => {
    const store = storeForEach(open)
    const days = () => store().rollup({ ...series, window: 'day' })

    it('are the mean of their valid hours, each weighing the same', async () => {
      await store().setInterval('box-1', 600)
      await store().write([
        ...tens(winter, 17, {}, () => 10),
        ...minutes(at(winter, 17 * hourMs), 60, {}, () => 28),
        aReading({ measuredAt: at(winter, 20 * hourMs), value: 1_000, sequence: 9 })
      ])
      await refreshAll(store())
      const answer = await days()
      expect(answer).toMatchObject({
        time: [winter],
        max: [1_000],
        count: [163],
        expected: [144],
        coverage: [1]
      })
      expect(answer.mean[0]).toBeCloseTo((17 * 10 + 28) / 18, 9)
    })

    it('have no mean with 17 valid hours', async () => {
      await store().setInterval('box-1', 600)
      await store().write(tens(winter, 17))
      await refreshAll(store())
      const answer = await days()
      expect(answer).toMatchObject({ mean: [null], count: [102], expected: [144] })
      expect(answer.coverage[0]).toBeCloseTo(102 / 144, 9)
    })

    it('average decibels as energy over their hours too', async () => {
      await store().setInterval('box-1', 600)
      await store().write(tens(winter, 24, { quantity: 'laeq' }, (hour) => (hour < 12 ? 50 : 70)))
      await refreshAll(store())
      const answer = await store().rollup({ ...series, quantity: 'laeq', window: 'day' })
      expect(answer.mean[0]).toBeCloseTo(67.03, 2)
      expect(answer.p50[0]).toBe(60)
    })

    it.each([
      ['23 hours when clocks go forward', Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 29), 23],
      ['25 hours when clocks go back', Date.UTC(2026, 9, 23, 23), Date.UTC(2026, 9, 24, 23), 25]
    ])('have %s', async (_what, dayBefore, start, length) => {
      await store().setInterval('box-1', 600)
      await store().write(tens(dayBefore as UnixMs, 72))
      await refreshAll(store())
      const answer = await days()
      expect(answer.time.slice(0, 3)).toEqual([dayBefore, start, start + length * hourMs])
      expect(answer.expected[1]).toBe(length * 6)
      expect(answer.count[1]).toBe(length * 6)
      expect(answer.mean[1]).toBe(10)
    })
  })

  describe('refreshRollups', () => {
    const store = storeForEach(open)

    it('says what it touched, and does no more than its limit', async () => {
      await store().write([...tens(winter, 3), ...tens(winter, 2, { quantity: 'pm10' })])
      const first = await store().refreshRollups(later, 2)
      expect(first.more).toBe(true)
      const second = await store().refreshRollups(later, 3)
      expect(second.more).toBe(false)
      const touched = [...first.touched, ...second.touched].map((w) => `${w.siteId} ${w.quantity} ${w.hour}`)
      expect(touched).toHaveLength(5)
      expect(new Set(touched).size).toBe(5)
      expect(await store().refreshRollups(later)).toEqual({ touched: [], more: false, learnt: [] })
      expect((await store().rollup({ ...series, window: 'hour' })).time).toHaveLength(3)
    })

    it('computes the running hour and keeps it marked', async () => {
      const now = at(winter, 90 * minuteMs)
      await store().write(minutes(winter, 90))
      const { touched } = await store().refreshRollups(now)
      expect(touched).toHaveLength(2)
      expect((await store().stats()).dirtyHours).toBe(1)
      expect((await store().rollup({ ...series, window: 'hour' })).count).toEqual([60, 30])
      expect((await store().rollup({ ...series, window: 'day' })).count).toEqual([90])
      await store().write([aReading({ measuredAt: now, sequence: 99 })])
      await store().refreshRollups(at(now, 10_000))
      expect((await store().rollup({ ...series, window: 'hour' })).count).toEqual([60, 31])
      await store().refreshRollups(at(winter, 2 * hourMs))
      expect((await store().stats()).dirtyHours).toBe(0)
      expect((await store().rollup({ ...series, window: 'day' })).count).toEqual([91])
    })
  })

  acrossContract(open)
}

function acrossContract(open: OpenStore): void {
  describe('acrossSites', () => {
    const store = storeForEach(open)
    const siteIds = ['a', 'b', 'c', 'd', 'e']
    const query = { siteIds, quantity: 'pm2_5', window: 'hour', coverageMin: 0.75, ...everything } as const

    it('gives median, quartiles, sites and mean coverage of the sites that count', async () => {
      for (const [i, siteId] of siteIds.entries()) {
        await store().setInterval(`box-${siteId}`, 600)
        const fields = { siteId, deviceId: `box-${siteId}`, value: (i + 1) ** 2 }
        const all = tens(winter, 1, fields)
        await store().write(siteId === 'd' ? all.slice(0, 4) : siteId === 'c' ? all.slice(0, 5) : all)
      }
      await store().write(tens(winter, 1, { siteId: 'not-asked', value: 500 }))
      await refreshAll(store())
      const answer = await store().acrossSites(query)
      expect(answer).toMatchObject({ time: [winter], median: [6.5], p25: [3.25], p75: [13], sites: [4] })
      expect(answer.coverage[0]).toBeCloseTo((1 + 1 + 5 / 6 + 1) / 4, 9)
    })

    it('counts sites of unknown coverage only where none is asked for', async () => {
      await store().write(tens(winter, 1, { siteId: 'a', value: 3 }))
      await refreshAll(store())
      expect((await store().acrossSites(query)).time).toEqual([])
      expect(await store().acrossSites({ ...query, coverageMin: 0 })).toMatchObject({
        median: [3],
        sites: [1]
      })
      expect((await store().acrossSites({ ...query, siteIds: [] })).time).toEqual([])
    })

    it('compares days as well', async () => {
      for (const siteId of siteIds) await store().setInterval(`box-${siteId}`, 600)
      const value = (siteId: string) => siteIds.indexOf(siteId)
      for (const siteId of siteIds) {
        await store().write(tens(winter, 24, { siteId, deviceId: `box-${siteId}`, value: value(siteId) }))
      }
      await refreshAll(store())
      const answer = await store().acrossSites({ ...query, window: 'day' })
      expect(answer).toMatchObject({
        time: [winter],
        median: [2],
        p25: [1],
        p75: [3],
        sites: [5],
        coverage: [1]
      })
    })
  })
}
