/** One window of readings: what stays out of its mean, and a coverage that is never more than all. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Flag } from '../../model/flag.ts'
import { hourMs } from '../../model/time.ts'
import { RollupWindow } from '../../store/rollups/window.ts'

const reading = fc.record({
  value: fc.double({ min: 0, max: 120, noNaN: true }),
  flag: fc.constantFrom<Flag>(1, 2, 3, 4)
})

function columnsOf(readings: readonly { value: number; flag: Flag }[]) {
  return { value: readings.map(({ value }) => value), flag: readings.map(({ flag }) => flag) }
}

it('has a mean between its lowest and highest that no failed reading moves, and never more than all', () => {
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 100 }),
      fc.integer({ min: 1, max: 3600 }),
      fc.constantFrom('arithmetic' as const, 'energy' as const),
      (readings, intervalS, average) => {
        const window = new RollupWindow()
        window.add(columnsOf(readings), { first: 0, end: readings.length }, intervalS)
        const row = window.row(average, hourMs)
        const counted = readings.filter(({ flag }) => flag !== 4).map(({ value }) => value)
        expect(row.count).toBe(counted.length)
        expect(row.failed).toBe(readings.length - counted.length)
        expect(row.passed + row.notEvaluated + row.suspect).toBe(counted.length)
        if (readings.length === 0) return
        expect(row.coverage).toBeCloseTo(Math.min(1, (counted.length * intervalS) / 3600), 9)
        expect(row.coverage).toBeLessThanOrEqual(1)
        if (counted.length === 0) {
          expect([row.mean, row.min, row.max]).toEqual([null, null, null])
          return
        }
        // Six decimals are kept.
        expect(row.mean!).toBeGreaterThanOrEqual(Math.min(...counted) - 1e-6)
        expect(row.mean!).toBeLessThanOrEqual(Math.max(...counted) + 1e-6)
      }
    )
  )
})

it('knows no coverage without an interval', () => {
  const window = new RollupWindow()
  window.add({ value: [5], flag: [1] }, { first: 0, end: 1 }, undefined)
  expect(window.row('arithmetic', hourMs)).toMatchObject({
    count: 1,
    expected: null,
    coverage: null,
    mean: 5
  })
})
