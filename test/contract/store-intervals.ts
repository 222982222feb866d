/** The part of the store contract about how often devices measure: said, learnt, changed, and one device after another. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from '../../model/time.ts'
import type { Reading } from '../../model/reading.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, winter } from '../support/readings.ts'
import { refreshAll } from './store-rollups.ts'
import { storeForEach, type OpenStore } from './store.ts'

const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const
const noon = at(winter, 12 * hourMs)
const midnight = at(winter, dayMs)

/** A reading every `stepS` seconds of [from, until). */
function every(stepS: number, from: UnixMs, until: UnixMs, fields: Partial<Reading> = {}): Reading[] {
  const count = Math.ceil((until - from) / (stepS * secondMs))
  return Array.from({ length: count }, (_, i) =>
    aReading({ measuredAt: at(from, i * stepS * secondMs), sequence: i + 1, ...fields })
  )
}

/** Mulberry32: the same losses on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function intervalContract(open: OpenStore, reopen?: (store: Store) => Promise<Store>): void {
  describe('intervals', () => {
    const store = storeForEach(open)
    const hours = () => store().rollup({ ...series, window: 'hour' })
    const days = () => store().rollup({ ...series, window: 'day' })
    const summary = (from: UnixMs, until: UnixMs) => {
      const { siteId, quantity } = series
      return store().summary({
        siteId,
        quantity,
        stretches: [{ from, until, group: 0 }],
        groups: 1,
        percentiles: []
      })
    }

    it('are not known of a few readings', async () => {
      await store().write(every(60, winter, at(winter, 19 * minuteMs)))
      const { learnt } = await store().refreshRollups(midnight)
      expect(learnt).toEqual([])
      expect(await hours()).toMatchObject({ expected: [null], coverage: [null] })
    })

    it('are learnt from twenty, while their hour runs', async () => {
      await store().write(every(60, winter, at(winter, 20 * minuteMs)))
      const { learnt } = await store().refreshRollups(at(winter, 20 * minuteMs))
      expect(learnt).toEqual([{ deviceId: 'box-1', intervalS: 60 }])
      expect(await hours()).toMatchObject({ expected: [60], coverage: [20 / 60] })
      expect((await store().refreshRollups(at(winter, 21 * minuteMs))).learnt).toEqual([])
    })

    it('are not doubled by a radio that loses two messages of three', async () => {
      const random = randomFrom(7)
      const sent = every(60, winter, at(winter, 4 * dayMs))
      const kept = sent.filter(() => random() > 0.66)
      await store().write(kept)
      await refreshAll(store())
      const { coverage } = await days()
      const true_ = kept.length / sent.length
      expect(coverage).toHaveLength(4)
      for (const one of coverage) expect(Math.abs(one! - true_)).toBeLessThan(0.03)
      expect((await summary(winter, at(winter, 4 * dayMs))).coverage[0]).toBeCloseTo(true_, 6)
    })

    it('change where the device changed: a mean weighs by time, and coverage is counted by what held', async () => {
      const random = randomFrom(5)
      const ten = at(winter, 22 * hourMs)
      const poor = every(60, ten, midnight, { value: 22 }).filter(() => random() < 0.25)
      await store().write([
        ...every(300, winter, noon, { value: 12 }),
        ...every(60, noon, ten, { value: 22 }),
        ...poor
      ])
      await refreshAll(store())
      const found = await hours()
      expect(found.expected.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 12))
      expect(found.expected.slice(12)).toEqual(Array.from({ length: 12 }, () => 60))
      expect(found.coverage.slice(0, 22)).toEqual(Array.from({ length: 22 }, () => 1))
      expect(found.coverage.slice(22)).toEqual(found.count.slice(22).map((count) => count / 60))
      expect(poor.length).toBeLessThan(40)
      expect((await summary(winter, ten)).mean[0]).toBeCloseTo((12 * 12 + 22 * 10) / 22, 6)
      expect((await days()).coverage[0]).toBeCloseTo((22 + poor.length / 60) / 24, 6)
    })

    it('change within an hour, which then weighs its readings', async () => {
      const change = at(noon, 30 * minuteMs)
      await store().write([
        ...every(300, winter, change, { value: 10 }),
        ...every(60, change, midnight, { value: 40 })
      ])
      await refreshAll(store())
      const found = await hours()
      expect(found.mean[12]).toBe(25)
      expect(found.count[12]).toBe(36)
      expect(found.coverage[12]).toBe(1)
      expect((await summary(noon, at(noon, hourMs))).mean[0]).toBe(25)
    })

    it('get longer only when the old length is gone', async () => {
      await store().write([...every(60, winter, noon), ...every(300, noon, midnight)])
      await refreshAll(store())
      const { expected, coverage } = await hours()
      expect(expected).toEqual([...Array(12).fill(60), ...Array(12).fill(12)])
      expect(coverage).toEqual(Array(24).fill(1))
    })

    it('are learnt of the past as well, when its readings come last', async () => {
      const before = at(winter, -30 * dayMs)
      await store().write(every(60, winter, at(winter, 6 * hourMs)))
      await refreshAll(store())
      await store().write(every(3_600, before, at(before, 5 * dayMs)))
      await refreshAll(store())
      const found = await hours()
      expect(new Set(found.coverage)).toEqual(new Set([1]))
      expect(found.expected.slice(0, 120)).toEqual(Array(120).fill(1))
      expect(found.expected.slice(120)).toEqual(Array(6).fill(60))
    })

    it('are each quantity’s own where nobody said one', async () => {
      await store().write([
        ...every(150, winter, noon),
        ...every(60, winter, noon, { quantity: 'temperature' })
      ])
      await refreshAll(store())
      expect(new Set((await hours()).coverage)).toEqual(new Set([1]))
      const temperature = await store().rollup({ ...series, quantity: 'temperature', window: 'hour' })
      expect(new Set(temperature.expected)).toEqual(new Set([60]))
    })

    it('of one sensor after another are each its own', async () => {
      await store().write([
        ...every(300, winter, noon, { value: 12 }),
        ...every(60, noon, midnight, { deviceId: 'box-2', value: 22 })
      ])
      await refreshAll(store())
      expect(new Set((await hours()).coverage)).toEqual(new Set([1]))
      expect((await days()).coverage).toEqual([1])
      expect(await summary(winter, midnight)).toMatchObject({ mean: [17], coverage: [1], count: [864] })
    })

    it('of two sensors at once count no moment twice', async () => {
      await store().setInterval('box-1', 60)
      await store().setInterval('box-2', 60)
      const half = at(winter, 30 * minuteMs)
      await store().write([
        ...every(60, winter, half),
        ...every(60, at(winter, 1), half, { deviceId: 'box-2' })
      ])
      await refreshAll(store())
      expect(await hours()).toMatchObject({ count: [60], coverage: [1] })
      await store().write(every(60, at(winter, hourMs), at(winter, 4 * hourMs), { deviceId: 'box-2' }))
      await store().write(every(60, at(winter, hourMs), at(winter, 2 * hourMs), { value: 9 }))
      await refreshAll(store())
      expect((await summary(winter, at(winter, 8 * hourMs))).coverage[0]).toBeCloseTo(0.5, 6)
    })

    it('that were said are believed, for all time or for a stretch, and the newest word holds', async () => {
      await store().write(every(300, winter, at(winter, 4 * hourMs)))
      await refreshAll(store())
      expect((await hours()).expected).toEqual([12, 12, 12, 12])
      await store().setInterval('box-1', 60)
      expect((await store().stats()).dirtyHours).toBe(4)
      await refreshAll(store())
      expect((await hours()).coverage).toEqual([0.2, 0.2, 0.2, 0.2])
      const stretch = { from: at(winter, hourMs), until: at(winter, 3 * hourMs) }
      await store().setInterval('box-1', { intervalS: 600, ...stretch })
      expect((await store().stats()).dirtyHours).toBe(2)
      await refreshAll(store())
      expect((await hours()).expected).toEqual([60, 6, 6, 60])
      await store().setInterval('box-1', {
        intervalS: 60,
        from: at(winter, 2 * hourMs),
        until: stretch.until
      })
      await store().setInterval('box-1', { intervalS: null })
      await refreshAll(store())
      expect((await hours()).expected).toEqual([12, 6, 60, 12])
    })

    it('are refused where they cannot be', async () => {
      const store_ = store()
      await expect(store_.setInterval('box-1', 0)).rejects.toThrow(/positive number/)
      await expect(store_.setInterval('box-1', { intervalS: NaN })).rejects.toThrow(/positive number/)
      await expect(store_.setInterval('box-1', { intervalS: 60, from: noon, until: noon })).rejects.toThrow(
        /empty period/
      )
    })

    it('of what speaks on change are a longest silence: an hour with a value is covered', async () => {
      await store().setInterval('box-1', { intervalS: 4 * 3_600, onChange: true })
      const said = [0, 5, 7, 11, 3 * 60 + 20, 9 * 60]
      await store().write(said.map((minute) => aReading({ measuredAt: at(winter, minute * minuteMs) })))
      await refreshAll(store())
      const found = await hours()
      expect(found.time).toEqual([0, 3, 9].map((hour) => at(winter, hour * hourMs)))
      expect(found.coverage).toEqual([1, 1, 1])
      // 00:11 holds until 04:11, 03:20 until 07:20, 09:00 until 13:00.
      expect((await days()).coverage[0]).toBeCloseTo(11 / 24, 9)
    })

    it('are still known after a restart, and what was not learnt yet is', async () => {
      const before = await open()
      await before.setInterval('box-2', { intervalS: 600, onChange: true })
      await before.write(every(60, winter, noon))
      await refreshAll(before)
      await before.write(every(300, noon, midnight))
      const again = await (reopen ?? ((same) => Promise.resolve(same)))(before)
      await refreshAll(again)
      const { expected } = await again.rollup({ ...series, window: 'hour' })
      expect(expected).toEqual([...Array(12).fill(60), ...Array(12).fill(12)])
      await again.close()
    })

    it('are forgotten with their site', async () => {
      await store().write(every(300, winter, noon))
      await refreshAll(store())
      await store().erase('mill-lane-7')
      await store().write(every(60, winter, noon))
      await refreshAll(store())
      expect(new Set((await hours()).expected)).toEqual(new Set([60]))
    })
  })
}
