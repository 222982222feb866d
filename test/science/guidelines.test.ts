/** Limits by date, the percentile rule, and verdicts that say no more than was measured. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayStarts, fromCivil, hourMs, parseIsoZoned } from '../../model/time.ts'
import { exceedances, exceedancesByYear, type ExceedancePeriod } from '../../science/exceedances.ts'
import { civilDay, limitById, limits, limitsAhead, limitsAt, limitSets } from '../../science/guidelines.ts'
import { quantile } from '../../science/street.ts'
import { percentile97 } from '../../science/year-percentile.ts'
import { expectWithin, fieldOf, numberOf, vectors } from '../support/vectors.ts'

const timezone = 'Europe/London'
const moment = (iso: string): UnixMs => parseIsoZoned(iso)!
const newYear = (year: number): UnixMs =>
  fromCivil({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }, timezone)
const yearOf = (year: number, window: 'hour' | 'day' = 'day'): ExceedancePeriod => ({
  window,
  from: newYear(year),
  until: newYear(year + 1),
  timezone
})

/** Daily means of a year in the order given; null is a day without one. */
function daysOf(year: number, means: readonly (number | null)[]) {
  const time = dayStarts(newYear(year), newYear(year + 1), timezone).slice(0, means.length)
  return { time, mean: [...means], coverage: means.map((mean): number => (mean === null ? 0.2 : 0.9)) }
}
const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value)
const limit = (id: string) => limitById(id)!

describe('limits', () => {
  it.each(vectors('air.limits'))('%s', (_id, { input, expected }) => {
    const at =
      fieldOf(input, 'set') === 'WHO2021' ? moment('2026-11-23T12:00:00Z') : moment('2030-06-01T12:00:00Z')
    const set = fieldOf(input, 'set') === 'WHO2021' ? ['who-2021', 'who-2005'] : ['eu-2030']
    for (const [name, quantity] of [
      ['pm25', 'pm2_5'],
      ['pm10', 'pm10'],
      ['no2', 'no2']
    ] as const) {
      const found = limitsAt(quantity, at).filter((one) => set.includes(one.set))
      const values = Object.fromEntries(
        found.flatMap((one) => {
          const key = one.averaging === 'year' ? 'annual' : one.averaging
          return [
            [key, one.value],
            ...(one.interim.length > 0 ? [[`${key}_IT`, [...one.interim]]] : []),
            ...(one.rule.kind === 'allowed' && one.set === 'eu-2030'
              ? [[`${key}_allowed`, one.rule.timesAYear]]
              : [])
          ]
        })
      )
      expect(values).toEqual(fieldOf(expected, name))
    }
  })

  it.each(vectors('noise.who2018'))('%s', (_id, { input, expected }) => {
    const source = fieldOf(input, 'source')
    const at = moment('2026-11-23T12:00:00Z')
    const of = (quantity: 'lden' | 'lnight' | 'laeq24h') =>
      limitsAt(quantity, at).find(({ set }) => set === 'who-noise-2018')!.value
    if (source === 'road')
      expect([of('lden'), of('lnight')]).toEqual([fieldOf(expected, 'lden'), fieldOf(expected, 'lnight')])
    if (source === 'leisure') expect(String(fieldOf(expected, 'strength'))).toContain(String(of('laeq24h')))
  })

  it('hold from their first day to the day before their last, by the local clock', () => {
    const value = (iso: string) =>
      limitsAt('pm2_5', moment(iso), timezone).find(({ set }) => set === 'uk')?.value
    expect(value('2014-12-31T12:00:00Z')).toBeUndefined()
    expect(value('2019-12-31T23:59:00Z')).toBe(25)
    expect(value('2020-01-01T00:00:00Z')).toBe(20)
    const eu = (iso: string) =>
      limitsAt('no2', moment(iso), 'Europe/Berlin').some(({ set }) => set === 'eu-2030')
    expect(eu('2029-12-31T22:59:00Z')).toBe(false)
    expect(eu('2029-12-31T23:00:00Z')).toBe(true)
  })

  it('are known before they hold', () => {
    const ahead = limitsAhead('pm2_5', moment('2026-11-23T12:00:00Z')).map(({ id }) => id)
    expect(ahead).toContain('england-targets/pm2_5/year')
    expect(ahead).toContain('eu-2030/pm2_5/day')
    expect(ahead).not.toContain('uk/pm2_5/year')
  })

  it('each say where they come from, and have an id of their own and sensible dates', () => {
    expect(new Set(limits.map(({ id }) => id)).size).toBe(limits.length)
    for (const one of limits) {
      expect(one.source).not.toBe('')
      expect(one.from).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      if (one.until !== null) expect(one.from < one.until).toBe(true)
      expect(one.stored).toBeGreaterThan(0)
      expect(Object.hasOwn(limitSets, one.set)).toBe(true)
    }
  })

  it('in ppb become what readings in ppb become', () => {
    expect(limit('us-naaqs/no2/year').stored).toBeCloseTo(101.36, 2)
    expect(limit('uk/no2/year').stored).toBe(40)
  })

  it('write a civil day', () => {
    expect(civilDay(moment('2026-06-30T23:30:00Z'), timezone)).toBe('2026-07-01')
  })
})

describe('the 99th percentile of days', () => {
  it.each(vectors('air.who_aqg.p99'))('%s', (_id, { input, expected, tolerance }) => {
    const built = fieldOf(input, 'construct')
    const values = [
      ...repeated(numberOf(built, 'base'), numberOf(built, 'base_count')),
      ...repeated(numberOf(built, 'high'), numberOf(built, 'high_count'))
    ]
    expectWithin(percentile97(values, 99), numberOf(expected, 'p99_97_101'), tolerance)
    expectWithin(quantile(values, 0.99), numberOf(expected, 'p99_type7'), tolerance)
    const guideline = numberOf(input, 'threshold') === 15 ? 'who-2021/pm2_5/day' : 'who-2021/pm10/day'
    const comparison = exceedances(daysOf(2025, values), limit(guideline), yearOf(2025))
    expect(comparison.count).toBe(numberOf(expected, 'days_above'))
    expect(comparison.valid).toBe(numberOf(expected, 'n'))
    expect(comparison.verdict).toBe(fieldOf(expected, 'meets') === true ? 'notAbove' : 'above')
  })

  it('has no value of nothing', () => {
    expect(percentile97([], 99)).toBeNull()
    expect(percentile97([7], 1)).toBe(7)
  })
})

describe('a year against a limit', () => {
  const pm10 = limit('uk/pm10/day')

  it('counts days above it, and never one that is just at it', () => {
    const values = [...repeated(50, 330), ...repeated(50.1, 35)]
    expect(exceedances(daysOf(2025, values), pm10, yearOf(2025))).toMatchObject({
      count: 35,
      allowed: 35,
      capture: 1,
      verdict: 'notAbove',
      indicative: true
    })
    const more = [...repeated(50, 329), ...repeated(50.1, 36)]
    expect(exceedances(daysOf(2025, more), pm10, yearOf(2025)).verdict).toBe('above')
  })

  it('says "above" of few days only where the count is already too high', () => {
    const fortyBadDays = daysOf(2025, [...repeated(60, 40), null, null])
    expect(exceedances(fortyBadDays, pm10, yearOf(2025))).toMatchObject({ verdict: 'above', valid: 40 })
    const thirtyGoodDays = daysOf(2025, repeated(10, 30))
    expect(exceedances(thirtyGoodDays, pm10, yearOf(2025)).verdict).toBe('notEnoughData')
  })

  it('takes the 90.4th percentile of PM10 where a fifth of the year is missing', () => {
    const bad = daysOf(2025, [...repeated(60, 31), ...repeated(10, 261), ...repeated(0, 73).map(() => null)])
    expect(exceedances(bad, pm10, yearOf(2025))).toMatchObject({ count: 31, valid: 292, verdict: 'above' })
    const good = daysOf(2025, [...repeated(60, 20), ...repeated(10, 272)])
    expect(exceedances(good, pm10, yearOf(2025)).verdict).toBe('notAbove')
  })

  it('compares a mean only with enough of the year', () => {
    const annual = limit('uk/no2/year')
    expect(exceedances(daysOf(2025, repeated(41, 365)), annual, yearOf(2025))).toMatchObject({
      mean: 41,
      count: null,
      verdict: 'above'
    })
    expect(exceedances(daysOf(2025, repeated(41, 300)), annual, yearOf(2025)).verdict).toBe('notEnoughData')
    expect(exceedances(daysOf(2025, []), annual, yearOf(2025))).toMatchObject({ mean: null, capture: 0 })
  })

  it('gives UK years their own verdict from 85 % on beside ours from 90 %', () => {
    const annual = limit('uk/no2/year')
    const of = (days: number) => exceedances(daysOf(2025, repeated(41, days)), annual, yearOf(2025))
    expect(of(320)).toMatchObject({
      verdict: 'notEnoughData',
      own: { captureMin: 0.85, verdict: 'above' }
    })
    expect(of(320).sentence).toContain('By the 85 % of a year that the UK goes by: above.')
    expect(of(310)).toMatchObject({ verdict: 'notEnoughData', own: { verdict: 'notEnoughData' } })
    expect(of(365)).toMatchObject({ verdict: 'above', own: { verdict: 'above' } })
    expect(of(365).sentence).not.toContain('85 %')
    const who = exceedances(daysOf(2025, repeated(41, 320)), limit('who-2021/no2/year'), yearOf(2025))
    expect(who).toMatchObject({ verdict: 'above', own: null })
  })

  it('never calls a mean above the limit that its digits do not show above it', () => {
    const annual = limit('uk/no2/year')
    const sentence = (mean: number) =>
      exceedances(daysOf(2025, repeated(mean, 365)), annual, yearOf(2025)).sentence
    expect(sentence(40.003)).toContain('The mean is 40.003 µg/m³, the limit 40 µg/m³')
    expect(sentence(40.003)).toContain('Above')
    expect(sentence(39.9996)).toContain('The mean is 39.9996 µg/m³, the limit 40 µg/m³')
    expect(sentence(41.26)).toContain('The mean is 41.3 µg/m³')
    expect(sentence(40)).toContain('The mean is 40 µg/m³, the limit 40 µg/m³')
    expect(sentence(40)).toContain('Not above')
    // 0.1 ten times is 0.9999999999999999: what arithmetic adds is not of the air.
    expect(exceedances(daysOf(2025, repeated(40 + 1e-13, 365)), annual, yearOf(2025)).verdict).toBe(
      'notAbove'
    )
  })

  it('says one day and not one days', () => {
    const one = exceedances(daysOf(2025, [60]), pm10, yearOf(2025))
    expect(one.sentence).toMatch(/^1 of 1 day was above 50 µg\/m³; 35 a year may be/)
  })

  it('leaves out windows without coverage, and windows when the limit did not hold', () => {
    const days = daysOf(2021, repeated(60, 365))
    days.coverage[300] = 0.74
    const who = exceedances(days, limit('who-2021/pm10/day'), yearOf(2021))
    expect(who.valid).toBe(100)
    expect(who.verdict).toBe('above')
    expect(
      exceedances(daysOf(2021, repeated(1, 365)), limit('who-2021/pm10/day'), yearOf(2021)).verdict
    ).toBe('notEnoughData')
  })

  it('judges no part of a year, and no more than one', () => {
    const june = {
      ...yearOf(2025),
      from: moment('2025-06-01T00:00:00+01:00'),
      until: moment('2025-07-01T00:00:00+01:00')
    }
    expect(exceedances(daysOf(2025, repeated(20, 365)), limit('who-2021/pm2_5/day'), june)).toMatchObject({
      count: 30,
      expected: 30,
      capture: 1,
      verdict: 'notEnoughData'
    })
    expect(() => exceedances(daysOf(2025, []), pm10, { ...yearOf(2025), until: newYear(2027) })).toThrow(
      'one year'
    )
    expect(() => exceedances(daysOf(2025, []), pm10, yearOf(2025, 'hour'))).toThrow('one day')
  })

  it('takes the highest hour of each day where the rule says so', () => {
    const from = newYear(2025)
    const hours = Array.from({ length: 365 * 24 }, (_, i) => (from + i * hourMs) as UnixMs)
    const means = {
      time: hours,
      mean: hours.map((_t, i) => (i % 24 === 8 ? 200 : 20)),
      coverage: hours.map(() => 1)
    }
    const result = exceedances(means, limit('us-naaqs/no2/hour'), yearOf(2025, 'hour'))
    // One year decides nothing of a limit that is a mean of three.
    expect(result).toMatchObject({ valid: 365, expected: 365, count: 365, verdict: 'notEnoughData' })
    expect(result.sentence).toContain('3 years')
  })

  it('goes year by year over a longer period', () => {
    const means = daysOf(2025, repeated(60, 365))
    const byYear = exceedancesByYear(means, pm10, { ...yearOf(2024), until: newYear(2026) })
    expect(byYear.map(({ year, comparison }) => [year, comparison.verdict])).toEqual([
      [2024, 'notEnoughData'],
      [2025, 'above']
    ])
  })

  it('never has more than all of it, counts no more than there is, and speaks of neither law nor safety', () => {
    const mean = fc.option(fc.double({ min: -5, max: 300, noNaN: true }), { nil: null })
    fc.assert(
      fc.property(fc.array(mean, { maxLength: 366 }), fc.constantFrom(...limits), (means, one) => {
        if (!['day', 'year'].includes(one.averaging) || one.quantity.startsWith('l')) return
        const result = exceedances(daysOf(2024, means), one, yearOf(2024))
        expect(result.capture).toBeLessThanOrEqual(1)
        expect(result.count ?? 0).toBeLessThanOrEqual(result.valid)
        expect(result.sentence).not.toMatch(/illegal|unlawful|safe|breach|violat|complian/i)
        expect(result.sentence).toContain('indicative')
      }),
      { numRuns: 60 }
    )
  })
})
