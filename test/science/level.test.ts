/** The word for a value: at each limit and just below it, and never a word where the scale has none. */
import { describe, expect, it } from 'vitest'
import { Value } from 'typebox/value'
import { Level as LevelSchema } from '../../contract/street.ts'
import { measuredNames, type Quantity } from '../../model/quantity.ts'
import { airLevel, levelFor, levelPeriods, scales } from '../../science/level.ts'

describe('levels', () => {
  const rows: [quantity: Quantity, value: number, word: string, step: number, index: number | null][] = [
    ['pm2_5', 0, 'Low', 0, 1],
    ['pm2_5', 35.4, 'Low', 0, 3],
    ['pm2_5', 35.5, 'Moderate', 1, 4],
    ['pm2_5', 53.5, 'High', 2, 7],
    ['pm2_5', 71, 'Very high', 3, 10],
    ['pm10', 50.5, 'Moderate', 1, 4],
    ['no2', 201, 'Moderate', 1, 4],
    ['laeq', 39.9, 'Quiet', 0, null],
    ['laeq', 40, 'Moderate', 1, null],
    ['laeq', 44.94, 'Moderate', 1, null],
    ['laeq', 44.96, 'Loud', 2, null],
    ['laeq', 55, 'Very loud', 3, null],
    ['humidity', 39.4, 'Dry', 1, null],
    ['humidity', 40, 'Comfortable', 0, null],
    ['humidity', 60, 'Humid', 2, null],
    ['humidity', 74.4, 'Humid', 2, null],
    ['humidity', 74.5, 'Very humid', 3, null]
  ]
  it.each(rows)('%s of %d is %s', (quantity, value, word, step, index) => {
    const level = levelFor(quantity, value)
    expect(level).toMatchObject({ word, step, index, indicative: true, steps: 4 })
    expect(level?.scale).toBe(levelPeriods[quantity as keyof typeof levelPeriods].scale)
  })

  it('fit what the API promises', () => {
    for (const [quantity, value] of rows)
      expect(Value.Check(LevelSchema, levelFor(quantity, value))).toBe(true)
  })

  it('are absent without a value, and for what has no scale', () => {
    expect(levelFor('pm2_5', null)).toBeNull()
    expect(levelFor('pm2_5', NaN)).toBeNull()
    const without = measuredNames.filter((quantity) => !Object.hasOwn(levelPeriods, quantity))
    expect(without).toContain('temperature')
    for (const quantity of without) expect(levelFor(quantity, 20)).toBeNull()
    expect(levelFor('pm2_5_corrected', 20)).toEqual(levelFor('pm2_5', 20))
    expect(levelFor('pm1_corrected', 20)).toBeNull()
  })

  it('of the air is that of the worst pollutant', () => {
    expect(airLevel({ pm2_5: 10, pm10: 80 })).toMatchObject({ word: 'High', index: 7 })
    expect(airLevel({ pm2_5: null })).toBeNull()
  })

  it('say where they come from, over what period, and never speak of mould', () => {
    for (const scale of Object.values(scales)) {
      expect(scale.source).not.toBe('')
      expect(scale.period).not.toBe('')
      for (const band of scale.bands) expect(band.word).not.toMatch(/mould|safe|illegal/i)
      expect(scale.bands.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
    }
  })
})
