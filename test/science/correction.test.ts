/** Corrections against their vectors, and each refused where it was not made for the sensor. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collocation } from '../../science/collocation.ts'
import {
  applyCorrection,
  barkjohn2021,
  calibrationPairsMin,
  cf1Quadratic,
  channelsAgree,
  fasm2021,
  formulas,
  growthFactor,
  linearCorrection,
  type CorrectionInputs
} from '../../science/correction.ts'
import { expectWithin, numberOf, vectors } from '../support/vectors.ts'

const raw: CorrectionInputs = {
  quantity: 'pm2_5',
  value: 20,
  sensor: 'plantower',
  signal: 'cf_1',
  humidity: 30,
  correctedBy: null
}

describe('formulas', () => {
  it.each(vectors('air.purpleair.barkjohn2021'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(barkjohn2021(numberOf(input, 'cf1'), numberOf(input, 'rh')), Number(expected), tolerance)
  })

  it.each(vectors('air.purpleair.fasm2021'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(fasm2021(numberOf(input, 'x'), numberOf(input, 'rh')), Number(expected), tolerance)
  })

  it.each(vectors('air.purpleair.cf1_quadratic'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(cf1Quadratic(numberOf(input, 'cf1'), numberOf(input, 'rh')), Number(expected), tolerance)
  })

  it.each(vectors('air.purpleair.ab_qc'))('%s', (_id, { input, expected }) => {
    expect(channelsAgree(numberOf(input, 'a'), numberOf(input, 'b'))).toBe(expected)
  })

  it.each(vectors('air.kappa'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(growthFactor(numberOf(input, 'rh'), numberOf(input, 'kappa')), Number(expected), tolerance)
  })

  it('of smoke have no jump where its pieces meet', () => {
    for (const x of [30, 50, 210, 260]) {
      expect(Math.abs(fasm2021(x, 50) - fasm2021(x - 1e-9, 50))).toBeLessThan(1e-6)
    }
  })

  it('of humidity take water away, and more of it the more humid the air is', () => {
    const humidity = fc.double({ min: 0, max: 95, noNaN: true })
    fc.assert(
      fc.property(humidity, humidity, fc.double({ min: 0.05, max: 0.7, noNaN: true }), (a, b, kappa) => {
        expect(growthFactor(a, kappa)).toBeGreaterThanOrEqual(1)
        expect(growthFactor(Math.max(a, b), kappa)).toBeGreaterThanOrEqual(
          growthFactor(Math.min(a, b), kappa)
        )
      })
    )
  })

  it('say where they come from and what they were made for', () => {
    for (const formula of Object.values(formulas)) {
      for (const text of [formula.title, formula.text, formula.range, formula.source, formula.note]) {
        expect(text).not.toBe('')
      }
      expect(formula.version).toBeGreaterThan(0)
    }
  })
})

describe('a correction', () => {
  it('gives the value with its formula and version', () => {
    expect(applyCorrection({ formula: 'barkjohn2021' }, raw)).toEqual({
      ok: true,
      value: barkjohn2021(20, 30),
      formula: 'barkjohn2021',
      version: 1
    })
    const atm = applyCorrection({ formula: 'fasm2021' }, { ...raw, signal: 'cf_atm' })
    expect(atm).toMatchObject({ ok: true, formula: 'fasm2021' })
    const sds = applyCorrection(
      { formula: 'kappaKohler', kappa: 0.363 },
      { ...raw, sensor: 'sds011', signal: 'only', humidity: 80 }
    )
    expect(sds.ok && sds.value).toBeCloseTo(20 / 1.88, 6)
    const linear = { formula: 'linear', slope: 0.8, intercept: 2 } as const
    expect(applyCorrection(linear, { ...raw, quantity: 'no2', humidity: null })).toMatchObject({
      value: 22.5
    })
  })

  it.each([
    ['the wrong number', { signal: 'cf_atm' }, 'takes cf_1'],
    ['another sensor', { sensor: 'sds011', signal: 'only' }, 'was not made for sds011'],
    ['another quantity', { quantity: 'pm10' }, 'was not made for PM10'],
    ['no humidity', { humidity: null }, 'needs the humidity'],
    ['a humidity that cannot be', { humidity: 140 }, 'cannot be'],
    ['a corrected value', { correctedBy: 'fasm2021 1' }, 'never stacked'],
    ['no value', { value: NaN }, 'no value']
  ] as const)('is refused for %s', (_what, change, why) => {
    const result = applyCorrection({ formula: 'barkjohn2021' }, { ...raw, ...change })
    expect(result).toMatchObject({ ok: false, suspect: false })
    expect(!result.ok && result.why).toContain(why)
  })

  it('for humidity calls the value suspect above 95 % instead of dividing', () => {
    const inputs: CorrectionInputs = { ...raw, sensor: 'sps30', signal: 'only', humidity: 95.1 }
    expect(applyCorrection({ formula: 'kappaKohler', kappa: 0.3 }, inputs)).toMatchObject({
      ok: false,
      suspect: true
    })
    const below = applyCorrection({ formula: 'kappaKohler', kappa: 0.3 }, { ...inputs, humidity: 95 })
    expect(below.ok).toBe(true)
  })
})

describe('a local calibration', () => {
  const days = Array.from({ length: calibrationPairsMin.day }, (_, i) => 5 + i)

  it('undoes what the sensor does', () => {
    const found = linearCorrection(
      collocation(
        days,
        days.map((x) => 0.8 * x + 2)
      ),
      'day'
    )
    if (!found.ok) throw new Error(found.why)
    const inputs: CorrectionInputs = { ...raw, value: 0.8 * 10 + 2 }
    const result = applyCorrection(found.correction, inputs)
    expect(result.ok && result.value).toBeCloseTo(10, 9)
  })

  it('is refused where it would only look sure', () => {
    const noise = days.map((_x, i) => (i % 2 === 0 ? 1 : 30))
    for (const [pairs, why] of [
      [collocation([1, 2, 3], [1, 2, 3]), 'a calibration needs 14'],
      [collocation(days.slice(1), days.slice(1)), '13 pairs of days'],
      [collocation(days, noise), 'does not follow'],
      [
        collocation(
          days.map(() => 5),
          days
        ),
        'did not vary'
      ]
    ] as const) {
      const found = linearCorrection(pairs, 'day')
      expect(!found.ok && found.why).toContain(why)
    }
  })
})
