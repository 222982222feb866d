/** Directions as vectors, with values computed in Python. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanDirection } from '../../science/wind.ts'

describe('the mean direction', () => {
  it.each<[string, number[], number[] | undefined, number | null]>([
    ['across north', [350, 10], undefined, 0],
    ['north by either name', [360, 0], undefined, 0],
    ['of a quarter', [0, 90], undefined, 45],
    ['by the wind of each moment', [350, 90], [5, 1], 1.532774],
    ['of nothing', [], undefined, null],
    ['of what cancels out', [0, 180], undefined, null],
    ['of calm', [20, 40], [0, 0], null],
    ['of one', [271.5], undefined, 271.5]
  ])('%s', (_what, directions, speeds, expected) => {
    const found = meanDirection(directions, speeds)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(expected, 5)
  })

  it('lies from 0 up to 360, turns with what it is made of, and does not depend on the order', () => {
    const degrees = fc.array(fc.integer({ min: 0, max: 160 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(degrees, fc.integer({ min: 0, max: 359 }), (list, turn) => {
        const mean = meanDirection(list)
        if (mean === null) return
        expect(mean).toBeGreaterThanOrEqual(0)
        expect(mean).toBeLessThan(360)
        expect(meanDirection(list.toReversed())).toBeCloseTo(mean, 4)
        const turned = meanDirection(list.map((one) => (one + turn) % 360))
        const off = turned === null ? 0 : (turned - mean - turn + 720) % 360
        expect(Math.min(off, 360 - off)).toBeLessThan(0.01)
      })
    )
  })
})
