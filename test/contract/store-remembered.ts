/**
 * The part of the store contract about what a store keeps in memory of hours and days: whatever happens to readings, what it
 * answers from there is what an export reads past it.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Window } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, winter } from '../support/readings.ts'
import { aCorrection } from './store-corrections.ts'
import { refreshAll } from './store-rollups.ts'
import { storeForEach, type OpenStore } from './store.ts'

const sites = ['mill-lane-7', 'quay-street-2', 'high-street-1'] as const
const quantities = ['pm2_5', 'pm2_5_corrected'] as const satisfies readonly Quantity[]
const asked = { siteIds: sites, quantities, from: at(winter, -200 * dayMs), until: at(winter, 9 * dayMs) }

/** By site, quantity and time: the mean and how many readings it is made of. */
type Figures = Record<string, [mean: number | null, count: number]>

async function fromExport(store: Store, window: Window): Promise<Figures> {
  const figures: Figures = {}
  let names: string[] = []
  for await (const part of store.exportWindows({ ...asked, window })) {
    if (part.kind === 'head') names = part.series.map(({ siteId, quantity }) => `${siteId} ${quantity}`)
    else
      for (let i = 0; i < part.time.length; i++) {
        const mean = part.mean[i]!
        figures[`${names[part.series[i]!]} ${part.time[i]}`] = [
          Number.isNaN(mean) ? null : mean,
          part.count[i]!
        ]
      }
  }
  return figures
}

async function remembered(store: Store, window: Window): Promise<Figures> {
  const figures: Figures = {}
  for (const siteId of sites)
    for (const quantity of quantities) {
      const { time, mean, count } = await store.rollup({ ...asked, siteId, quantity, window })
      time.forEach((moment, i) => (figures[`${siteId} ${quantity} ${moment}`] = [mean[i]!, count[i]!]))
    }
  return figures
}

async function expectAlike(store: Store): Promise<void> {
  for (const window of ['hour', 'day'] as const) {
    const exported = await fromExport(store, window)
    expect(await remembered(store, window)).toEqual(exported)
    const means = await store.means({ ...asked, window })
    const meansOf = means.flatMap(({ siteId, quantity, time, mean }) =>
      time.map((moment, i) => [`${siteId} ${quantity} ${moment}`, mean[i]] as const)
    )
    expect(Object.fromEntries(meansOf)).toEqual(
      Object.fromEntries(Object.entries(exported).map(([name, [mean]]) => [name, mean]))
    )
    const across = await store.acrossSites({ ...asked, quantity: 'pm2_5', window, coverageMin: 0 })
    const counted = Object.entries(exported).filter(
      ([name, [mean]]) => name.includes(' pm2_5 ') && mean !== null
    )
    expect(across.sites.reduce((sum, count) => sum + count, 0)).toBe(counted.length)
  }
}

/** A step of a store's life: mostly readings, wherever they fall. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), ...placeFields() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('import' as const), ...placeFields() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), site: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), site: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), slope: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('interval' as const), minutes: fc.nat(9) }) }
  ),
  { minLength: 4, maxLength: 12 }
)

function placeFields() {
  return { site: fc.nat(2), hour: fc.integer({ min: -2_300, max: 100 }), value: fc.nat(50) }
}

type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never

async function take(store: Store, step: Step, sequence: number): Promise<void> {
  switch (step.kind) {
    case 'write':
    case 'import': {
      const siteId = sites[step.site]!
      const of = { siteId, deviceId: `box-${step.site}`, sequence, importId: step.kind === 'import' ? 3 : 0 }
      await store.write(
        minutes(at(winter, step.hour * hourMs), 70, of, (minute) => step.value + (minute % 7))
      )
      return
    }
    case 'undo':
      await store.undoImport(3)
      return
    case 'move':
      await store.reassign({ deviceId: 'box-1', siteId: sites[step.site]!, from: null, until: null })
      return
    case 'erase':
      await store.erase(sites[step.site]!)
      return
    case 'correct':
      await store.setCorrections(
        step.slope === 0
          ? []
          : [aCorrection({ deviceId: 'box-1', coefficients: { slope: step.slope, intercept: 1 } })]
      )
      return
    case 'interval':
      await store.setInterval('box-0', 60 * (1 + step.minutes))
  }
}

export function rememberedContract(open: OpenStore): void {
  describe('hours and days kept in memory', () => {
    const store = storeForEach(open)

    it('are what the store holds, whatever comes late, is corrected, moved, erased or taken back', async () => {
      let sequence = 0
      await fc.assert(
        fc.asyncProperty(steps, async (life) => {
          for (const step of life) {
            await take(store(), step, ++sequence)
            // Before the hours follow, and after.
            await expectAlike(store())
            await refreshAll(store())
            await expectAlike(store())
          }
        }),
        { numRuns: 6 }
      )
    })

    it('of a long backlog say what they say when they are made one by one, and follow what comes later', async () => {
      const hours = 700
      const hourly = Array.from({ length: hours }, (_, hour) =>
        aReading({
          measuredAt: at(winter, hour * hourMs),
          value: hour % 50,
          flag: hour % 9 === 0 ? 4 : hour % 5 === 0 ? 3 : 1,
          sequence: hour
        })
      )
      const directions = hourly.map((one): typeof one => ({ ...one, quantity: 'wind_direction', flag: 1 }))
      await store().setInterval('box-1', 3_600)
      await store().write([...hourly, ...directions])
      await refreshAll(store())
      const query = { siteId: sites[0], window: 'hour', ...everything } as const
      const columns = await store().rollup({ ...query, quantity: 'pm2_5' })
      const rowAt = (of: typeof columns, hour: number) =>
        Object.fromEntries(Object.entries(of).map(([name, column]) => [name, (column as unknown[])[hour]]))
      const one = (value: number) => ({
        mean: value,
        min: value,
        max: value,
        p10: value,
        p50: value,
        p90: value
      })
      const none = { passed: 0, notEvaluated: 0, suspect: 0, failed: 0 }
      const good = { count: 1, expected: 1, coverage: 1 }
      expect(columns.time).toHaveLength(hours)
      expect(rowAt(columns, 1)).toMatchObject({ ...one(1), ...none, ...good, passed: 1 })
      expect(rowAt(columns, 55)).toMatchObject({ ...one(5), ...none, ...good, suspect: 1 })
      expect(rowAt(columns, 54)).toMatchObject({
        mean: null,
        min: null,
        p50: null,
        ...none,
        count: 0,
        failed: 1
      })
      const wind = rowAt(await store().rollup({ ...query, quantity: 'wind_direction' }), 7)
      expect(wind).toMatchObject({ mean: 7, min: null, max: null, p90: null, ...good, passed: 1 })
      // The same again with a second reading in each hour: what was left out must not stand beside it.
      await store().write(
        hourly.map((first) => ({
          ...first,
          measuredAt: at(first.measuredAt, minuteMs),
          value: first.value + 4
        }))
      )
      await refreshAll(store())
      const two = rowAt(await store().rollup({ ...query, quantity: 'pm2_5' }), 55)
      expect(two).toMatchObject({ mean: 7, min: 5, max: 9, p50: 7, count: 2, ...none, suspect: 2 })
      await expectAlike(store())
    })

    it('of an erased site are gone with it, whoever asked meanwhile', async () => {
      const street = { ...asked, quantities: ['pm2_5'], window: 'hour' } as const
      const both = sites.slice(0, 2).flatMap((siteId) => minutes(winter, 120, { siteId }))
      await store().write([...both, aReading({ measuredAt: at(winter, -100 * dayMs) })])
      await refreshAll(store())
      const before = store().means(street)
      const erasing = store().erase('mill-lane-7')
      const meanwhile = store().means(street)
      await Promise.all([before, erasing, meanwhile])
      expect((await store().means(street)).map(({ siteId }) => siteId)).toEqual(['quay-street-2'])
      const { sites: counted } = await store().acrossSites({ ...street, quantity: 'pm2_5', coverageMin: 0 })
      expect(counted).toEqual([1, 1])
      // The same site begins anew, and none of its hours of before come back.
      await store().write([aReading({ measuredAt: at(winter, 5 * hourMs + minuteMs) })])
      await refreshAll(store())
      const [first] = await store().means({ ...street, siteIds: ['mill-lane-7'], from: everything.from })
      expect(first?.time).toEqual([at(winter, 5 * hourMs)])
    })
  })
}
