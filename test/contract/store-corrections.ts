/** The part of the store contract about corrected quantities: computed from what was measured, and following it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CorrectionRow } from '../../model/correction.ts'
import { humidityAgeMsMax } from '../../model/limits.ts'
import { reasonBits, type Flag } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { growthFactor } from '../../science/correction.ts'
import { aReading, at, everything, minutes, winter } from '../support/readings.ts'
import { refreshAll } from './store-rollups.ts'
import { exported, storeForEach, type OpenStore } from './store.ts'

const place = { siteId: 'mill-lane-7', quantity: 'pm2_5_corrected', ...everything } as const
const hours = { ...place, window: 'hour' } as const
const days = { ...place, window: 'day' } as const

export function aCorrection(fields: Partial<CorrectionRow> = {}): CorrectionRow {
  return {
    correctionId: 'c-1',
    version: 1,
    deviceId: 'box-1',
    siteId: null,
    quantity: 'pm2_5',
    formula: 'linear',
    formulaVersion: 1,
    coefficients: { slope: 2, intercept: 0 },
    sensor: 'sds011',
    signal: 'only',
    from: null,
    until: null,
    ...fields
  }
}

const kappa = aCorrection({ formula: 'kappaKohler', coefficients: { kappa: 0.3 } })
const dried = (value: number, percent: number): number => value / growthFactor(percent, 0.3)

function humid(from: UnixMs, count: number, percent: number, fields: Partial<Reading> = {}): Reading[] {
  return minutes(from, count, { quantity: 'humidity', ...fields }, () => percent)
}

export function correctionsContract(open: OpenStore): void {
  describe('hours that wait', () => {
    const store = storeForEach(open)
    const quay = { siteId: 'quay-street-2', deviceId: 'box-2' }

    it('are counted for the sites that are asked for, and nothing else', async () => {
      await store().write([...minutes(winter, 120), ...minutes(winter, 300, quay)])
      const range = { from: winter, until: at(winter, hourMs) }
      const unmade = (siteId: string) => store().unmadeHours({ siteIds: [siteId], ...range })
      expect(await unmade('mill-lane-7')).toBeGreaterThan(0)
      expect(await unmade('nowhere')).toBe(0)
      await refreshAll(store())
      // What the look back has not judged is not settled either.
      expect(await unmade('mill-lane-7')).toBe(1)
      expect(
        await store().unmadeHours({
          siteIds: ['mill-lane-7'],
          from: at(winter, 9 * hourMs),
          until: everything.until
        })
      ).toBe(0)
      await store().setCorrections([aCorrection(), aCorrection({ correctionId: 'c-2', deviceId: 'box-2' })])
      expect(await store().recomputing()).toEqual({ hoursLeft: 7, hoursTotal: 7 })
      expect(await store().recomputing(['mill-lane-7'])).toEqual({ hoursLeft: 2, hoursTotal: 2 })
      expect(await store().recomputing(['nowhere'])).toEqual({ hoursLeft: 0, hoursTotal: 0 })
      await refreshAll(store())
      expect(await store().recomputing(['mill-lane-7'])).toEqual({ hoursLeft: 0, hoursTotal: 2 })
    })
  })

  describe('corrected readings', () => {
    const store = storeForEach(open)

    it('are there where a correction holds, and say which', async () => {
      await store().write(minutes(winter, 30))
      expect((await store().corrected(place)).time).toEqual([])
      const early = aCorrection({ until: at(winter, 10 * minuteMs) })
      const late = aCorrection({
        correctionId: 'c-2',
        coefficients: { slope: 1, intercept: 4 },
        from: at(winter, 20 * minuteMs)
      })
      await store().setCorrections([early, late])
      const found = await store().corrected(place)
      expect(found.time).toHaveLength(20)
      expect(found.value.slice(9, 11)).toEqual([5, 6])
      expect(found.corrections).toEqual([early, late])
      expect(found.correction).toEqual([...Array<number>(10).fill(0), ...Array<number>(10).fill(1)])
      expect(await store().raw(place)).toMatchObject({ time: found.time, value: found.value })
      expect(await store().count(place, 99)).toBe(20)
      expect(await store().count(place, 7)).toBe(7)
      expect((await store().raw({ ...place, quantity: 'pm2_5' })).value).toEqual(Array(30).fill(10))
    })

    it('are of the device that the correction is for, at the site that it names', async () => {
      await store().write([
        ...minutes(winter, 2),
        ...minutes(winter, 2, { deviceId: 'box-2' }),
        ...minutes(winter, 2, { siteId: 'quay-street-2' })
      ])
      await store().setCorrections([aCorrection({ siteId: 'mill-lane-7' })])
      expect((await store().raw(place)).value).toEqual([5, 5])
      expect((await store().raw({ ...place, siteId: 'quay-street-2' })).time).toEqual([])
      await store().setCorrections([aCorrection()])
      expect((await store().raw({ ...place, siteId: 'quay-street-2' })).value).toEqual([5, 5])
    })

    it('take the newest humidity of the same device that is not too old, and are absent without', async () => {
      await store().setCorrections([kappa])
      await store().write([
        aReading({ value: 20 }),
        aReading({ value: 20, measuredAt: at(winter, humidityAgeMsMax + minuteMs) }),
        aReading({ value: 20, measuredAt: at(winter, humidityAgeMsMax + minuteMs + 1) }),
        aReading({ quantity: 'humidity', value: 50, measuredAt: at(winter, -1) }),
        aReading({ quantity: 'humidity', value: 80, measuredAt: at(winter, minuteMs) }),
        aReading({ quantity: 'humidity', value: 90, deviceId: 'box-2', measuredAt: at(winter, 2 * minuteMs) })
      ])
      const found = await store().raw(place)
      expect(found.time).toEqual([winter, at(winter, humidityAgeMsMax + minuteMs)])
      expect(found.value[0]).toBeCloseTo(dried(20, 50), 5)
      expect(found.value[1]).toBeCloseTo(dried(20, 80), 5)
    })

    it.each<[Flag, Flag, Flag]>([
      [1, 1, 1],
      [1, 3, 3],
      [4, 1, 4],
      [1, 4, 4],
      [2, 2, 2],
      [2, 1, 1]
    ])('of flags %d and %d have %d', async (ofSource, ofHumidity, flag) => {
      await store().setCorrections([kappa])
      const reasons = reasonBits('unusual')
      await store().write([
        aReading({ flag: ofSource }),
        aReading({ quantity: 'humidity', value: 60, flag: ofHumidity, reasons })
      ])
      expect(await store().raw(place)).toMatchObject({ flag: [flag], reasons: [reasons] })
    })

    it('stay as they were measured and fail where the air is too humid to correct them', async () => {
      await store().setCorrections([kappa])
      await store().write([
        ...minutes(winter, 60),
        ...humid(winter, 30, 95.1),
        ...humid(at(winter, 30 * minuteMs), 30, 95)
      ])
      const { value, flag, reasons } = await store().raw(place)
      expect([value[29], flag[29], reasons[29]]).toEqual([10, 4, reasonBits('tooHumid')])
      expect([flag[30], reasons[30]]).toEqual([1, 0])
      await refreshAll(store())
      const rollup = await store().rollup(hours)
      expect([rollup.count, rollup.failed]).toEqual([[30], [30]])
      expect(rollup.mean[0]).toBeCloseTo(dried(10, 95), 5)
    })

    it('are newest where the newest that did not fail is, however far back', async () => {
      await store().setCorrections([kappa])
      await store().write([
        aReading({ value: 20 }),
        aReading({ quantity: 'humidity', value: 50 }),
        aReading({ measuredAt: at(winter, 40 * dayMs) }),
        aReading({ measuredAt: at(winter, 40 * dayMs), quantity: 'humidity', value: 99 })
      ])
      const latest = await store().latest(['mill-lane-7'])
      const corrected = latest.filter(({ quantity }) => quantity === 'pm2_5_corrected')
      expect(corrected).toMatchObject([{ measuredAt: winter, deviceId: 'box-1', flag: 1 }])
      expect(corrected[0]?.value).toBeCloseTo(dried(20, 50), 5)
    })

    it('leave with an export that names them, with their correction, in its order', async () => {
      await store().write([...minutes(winter, 3), ...minutes(winter, 3, { quantity: 'pm10' })])
      await store().setCorrections([aCorrection({ from: at(winter, minuteMs) })])
      const query = { siteIds: ['mill-lane-7'], ...everything }
      expect((await exported(store(), query)).map(({ quantity }) => quantity)).not.toContain(
        'pm2_5_corrected'
      )
      const asked = { ...query, quantities: ['pm2_5', 'pm2_5_corrected'] as const }
      const rows = (await exported(store(), asked)).map(({ time, quantity, value, correction }) => [
        time - winter,
        quantity,
        value,
        correction
      ])
      expect(rows).toEqual([
        [0, 'pm2_5', 10, null],
        [minuteMs, 'pm2_5', 10, null],
        [minuteMs, 'pm2_5_corrected', 5, 'c-1'],
        [2 * minuteMs, 'pm2_5', 10, null],
        [2 * minuteMs, 'pm2_5_corrected', 5, 'c-1']
      ])
    })

    it('are summed up as any, and their coverage counted', async () => {
      await store().setInterval('box-1', 60)
      await store().write(minutes(winter, 60, {}, (i) => i))
      await store().setCorrections([aCorrection({ from: at(winter, 30 * minuteMs) })])
      const range = { from: winter, until: at(winter, hourMs) }
      expect(await store().coverage({ ...place, ...range })).toEqual({
        count: 30,
        expected: 60,
        coverage: 0.5
      })
      const summary = await store().summary({
        siteId: place.siteId,
        quantity: place.quantity,
        stretches: [{ ...range, group: 0 }],
        groups: 1,
        percentiles: [50]
      })
      expect(summary).toMatchObject({
        count: [30],
        coverage: [0.5],
        min: [15],
        max: [29.5],
        percentiles: [[22.25]]
      })
      expect(summary.mean[0]).toBeCloseTo(22.25, 6)
      const reach = await store().reach(place.siteId, place.quantity)
      expect(reach).toEqual({ from: at(winter, 30 * minuteMs), until: at(winter, 59 * minuteMs + 1) })
    })

    it('can be looked at before a correction is set', async () => {
      await store().write(minutes(winter, 3))
      const would = await store().corrected({ ...place, corrections: [aCorrection()] })
      expect(would.value).toEqual([5, 5, 5])
      expect(await store().count(place, 9)).toBe(0)
    })

    it('are never stored', async () => {
      const reading = aReading({ quantity: 'pm2_5_corrected' as 'pm2_5' })
      await expect(store().write([reading])).rejects.toThrow('computed')
    })
  })

  describe('corrected hours and days', () => {
    const store = storeForEach(open)

    it('follow a change of the correction, with the raw ones untouched', async () => {
      await store().setInterval('box-1', 60)
      await store().write(minutes(winter, 24 * 60))
      await refreshAll(store())
      const raw = await store().rollup({ ...hours, quantity: 'pm2_5' })
      await store().setCorrections([aCorrection()])
      expect(await store().recomputing()).toEqual({ hoursLeft: 24, hoursTotal: 24 })
      await refreshAll(store())
      expect(await store().recomputing()).toEqual({ hoursLeft: 0, hoursTotal: 24 })
      expect((await store().rollup(hours)).mean).toEqual(Array(24).fill(5))
      expect(await store().rollup(days)).toMatchObject({ mean: [5], count: [1440], coverage: [1] })
      expect(await store().rollup({ ...hours, quantity: 'pm2_5' })).toEqual(raw)

      const until = at(winter, 20 * hourMs)
      await store().setCorrections([aCorrection({ version: 2, until })])
      await refreshAll(store())
      expect((await store().rollup(hours)).time).toHaveLength(20)
      expect((await store().rollup(days)).count).toEqual([1200])
      await store().setCorrections([])
      await refreshAll(store())
      expect((await store().rollup(hours)).time).toEqual([])
      expect((await store().rollup(days)).time).toEqual([])
    })

    it('mark only the hours of the period that changed, and nothing when nothing did', async () => {
      await store().write(minutes(winter, 600))
      await refreshAll(store())
      const early = aCorrection({ until: at(winter, 2 * hourMs) })
      const late = aCorrection({ correctionId: 'c-2', from: at(winter, 7.5 * hourMs) })
      await store().setCorrections([early])
      await refreshAll(store())
      await store().setCorrections([early, late])
      expect((await store().recomputing()).hoursLeft).toBe(3)
      await refreshAll(store())
      await store().setCorrections([late, early])
      expect((await store().recomputing()).hoursLeft).toBe(0)
      expect((await store().rollup(hours)).count).toEqual([60, 60, 30, 60, 60])
    })

    it('follow readings and humidity that come late, across the hour', async () => {
      await store().setCorrections([kappa])
      await store().write(minutes(winter, 120))
      await refreshAll(store())
      expect((await store().rollup(hours)).time).toEqual([])
      await store().write(humid(at(winter, 58 * minuteMs), 1, 50))
      await refreshAll(store())
      expect((await store().rollup(hours)).count).toEqual([2, 4])
      await store().write([
        aReading({ measuredAt: at(winter, 61 * minuteMs + 1), value: 100, sequence: 999 })
      ])
      await refreshAll(store())
      const { count, max } = await store().rollup(hours)
      expect(count).toEqual([2, 5])
      expect(max[1]).toBeCloseTo(dried(100, 50), 5)
    })

    it('come after what was measured, and before the call says that nothing is left', async () => {
      await store().write(minutes(winter, 20 * 60))
      await refreshAll(store())
      await store().setCorrections([aCorrection()])
      await store().write(minutes(at(winter, 30 * hourMs), 60))
      const first = await store().refreshRollups(at(winter, 400 * dayMs), 1)
      expect(first.touched).toContainEqual({
        siteId: place.siteId,
        quantity: 'pm2_5',
        hour: at(winter, 30 * hourMs)
      })
      expect(first.more).toBe(true)
      await refreshAll(store())
      expect((await store().rollup(hours)).time).toHaveLength(21)
    })

    it('follow moved, undone and erased readings', async () => {
      await store().setCorrections([aCorrection()])
      await store().write([...minutes(winter, 60), ...minutes(at(winter, hourMs), 60, { importId: 7 })])
      await refreshAll(store())
      await store().undoImport(7)
      await refreshAll(store())
      expect((await store().rollup(hours)).count).toEqual([60])
      await store().reassign({ deviceId: 'box-1', siteId: 'quay-street-2', from: null, until: null })
      await refreshAll(store())
      expect((await store().rollup(hours)).time).toEqual([])
      expect((await store().rollup({ ...hours, siteId: 'quay-street-2' })).count).toEqual([60])
      await store().erase('quay-street-2')
      expect((await store().rollup({ ...hours, siteId: 'quay-street-2' })).time).toEqual([])
      expect((await store().raw({ ...place, siteId: 'quay-street-2' })).time).toEqual([])
    })

    it('are in means and in the middle of several sites', async () => {
      const boxes = [1, 2, 3]
      await store().setCorrections(
        boxes.map((box) =>
          aCorrection({
            correctionId: `c-${box}`,
            deviceId: `box-${box}`,
            coefficients: { slope: box, intercept: 0 }
          })
        )
      )
      for (const box of boxes) {
        await store().setInterval(`box-${box}`, 60)
        await store().write(minutes(winter, 60, { siteId: `site-${box}`, deviceId: `box-${box}` }))
      }
      await refreshAll(store())
      const siteIds = boxes.map((box) => `site-${box}`)
      const across = {
        siteIds,
        quantity: place.quantity,
        window: 'hour',
        coverageMin: 0.75,
        ...everything
      } as const
      expect(await store().acrossSites(across)).toMatchObject({ median: [5], sites: [3] })
      const means = await store().means({ ...across, quantities: ['pm2_5_corrected'] })
      expect(means.map(({ mean }) => mean[0]).toSorted()).toEqual([10, 3.333333, 5])
      const applied = await store().corrections({ siteIds, quantity: place.quantity, ...everything })
      expect(applied.map(({ siteId, row }) => [siteId, row.correctionId])).toEqual([
        ['site-1', 'c-1'],
        ['site-2', 'c-2'],
        ['site-3', 'c-3']
      ])
      const before = { siteIds, quantity: place.quantity, from: at(winter, -2), until: at(winter, -1) }
      expect(await store().corrections(before)).toEqual([])
    })

    it('are the same whatever order readings, humidity and corrections came in', async () => {
      const steps = ['source', 'humidity', 'correction', 'refresh'] as const
      let run = 0
      const orders = fc.shuffledSubarray([...steps, 'refresh' as const], { minLength: 5 })
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const box = `box-of-run-${run++}`
          const fields = { siteId: box, deviceId: box }
          for (const step of order) {
            if (step === 'source') await store().write(minutes(winter, 120, fields, (i) => i))
            else if (step === 'humidity') await store().write(humid(winter, 90, 70, fields))
            else if (step === 'correction') await store().setCorrections([{ ...kappa, deviceId: box }])
            else await refreshAll(store())
          }
          await refreshAll(store())
          const { mean, count } = await store().rollup({ ...hours, siteId: box })
          expect(count).toEqual([60, 35])
          expect(mean[0]).toBeCloseTo(dried(29.5, 70), 5)
          expect(mean[1]).toBeCloseTo(dried(77, 70), 5)
        }),
        { numRuns: 8 }
      )
    })
  })
}
