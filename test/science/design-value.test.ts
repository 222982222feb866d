/** US standards: the rank of a percentile by the number of days, three years together, and the rounding before a verdict. */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayStarts, fromCivil, hourMs } from '../../model/time.ts'
import { designComparison } from '../../science/design-value.ts'
import { isAbove, limitById } from '../../science/guidelines.ts'
import { percentile97, percentileBy } from '../../science/year-percentile.ts'

const timezone = 'America/New_York'
const limit = (id: string) => limitById(id)!
const newYear = (year: number): UnixMs =>
  fromCivil({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }, timezone)

/** Days of 2023, 2024 and 2025, each year's value by its place in the year; null is a day without one. */
function threeYears(...years: ((day: number) => number | null)[]) {
  const time: UnixMs[] = []
  const mean: (number | null)[] = []
  for (const [i, valueOf] of years.entries()) {
    for (const [day, start] of dayStarts(newYear(2023 + i), newYear(2024 + i), timezone).entries()) {
      time.push(start)
      mean.push(valueOf(day))
    }
  }
  return { time, mean, coverage: mean.map((one) => (one === null ? 0 : 1)) }
}
const year2025 = { year: 2025, window: 'day', timezone } as const
const flat = (value: number) => () => value
/** High on the first `days` days, else low. */
const highOn = (days: number, high: number, low: number) => (day: number) => (day < days ? high : low)

describe('the 98th percentile of 40 CFR Part 50', () => {
  // Appendix N, table 1 (and that of Appendix S): days that count, and the n-th highest that is the percentile.
  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [101, 3],
    [150, 3],
    [151, 4],
    [200, 4],
    [201, 5],
    [250, 5],
    [251, 6],
    [300, 6],
    [301, 7],
    [350, 7],
    [351, 8],
    [365, 8],
    [366, 8]
  ])('of %i days is the %i. highest', (days, place) => {
    const values = Array.from({ length: days }, (_, i) => i + 1)
    expect(percentileBy(values, 98, '40 CFR Part 50')).toBe(days + 1 - place)
  })

  it('differs by a day from that of Decision 97/101/EC for some numbers of days', () => {
    const values = Array.from({ length: 340 }, (_, i) => i + 1)
    expect(percentileBy(values, 98, '40 CFR Part 50')).toBe(334)
    expect(percentile97(values, 98)).toBe(333)
    expect(percentileBy(values, 98, 'Decision 97/101/EC')).toBe(333)
    expect(percentileBy([], 98, '40 CFR Part 50')).toBeNull()
  })
})

describe('rounding before a comparison', () => {
  it.each([
    ['us-naaqs/pm2_5/year', 9.04, false],
    ['us-naaqs/pm2_5/year', 9.05, true],
    ['us-naaqs/pm2_5/day', 35.49, false],
    ['us-naaqs/pm2_5/day', 35.5, true],
    ['us-naaqs/pm10/day', 154.9, false],
    ['us-naaqs/pm10/day', 155, true],
    // 53.49 and 53.5 ppb at 20 °C.
    ['us-naaqs/no2/year', 53.49 * 1.912503, false],
    ['us-naaqs/no2/year', 53.51 * 1.912503, true],
    ['uk/no2/year', 40.01, true],
    ['uk/no2/year', 40, false]
  ])('%s: %f is above: %s', (id, value, above) => {
    expect(isAbove(limit(id), value)).toBe(above)
  })
})

describe('three years of PM2.5', () => {
  it('are the mean of their 98th percentiles', () => {
    // The eighth highest of 365 days is high where eight days are, and low where seven are.
    const means = threeYears(highOn(8, 60, 20), highOn(7, 60, 20), highOn(8, 26, 20))
    const found = designComparison(means, limit('us-naaqs/pm2_5/day'), year2025)
    expect(found).toMatchObject({ years: { needed: 3, known: 3 }, verdict: 'notAbove', valid: 365 })
    expect(found.years!.value).toBeCloseTo((60 + 20 + 26) / 3, 9)
    expect(found.percentile).toMatchObject({ by: '40 CFR Part 50', value: 26 })
    expect(found.sentence).toContain('rounded to 1 µg/m³')
    const higher = threeYears(highOn(8, 60, 20), highOn(7, 60, 20), highOn(8, 26.5, 20))
    expect(designComparison(higher, limit('us-naaqs/pm2_5/day'), year2025).verdict).toBe('above')
  })

  it('cannot be told from fewer, however high', () => {
    const means = threeYears(
      () => null,
      () => null,
      flat(90)
    )
    for (const id of ['us-naaqs/pm2_5/day', 'us-naaqs/pm2_5/year']) {
      const found = designComparison(means, limit(id), year2025)
      expect(found).toMatchObject({ years: { needed: 3, known: 1, value: null }, verdict: 'notEnoughData' })
      expect(found.sentence).toContain('Cannot be told yet: not enough data')
      expect(found.sentence).toContain('of 2023 to 2025 1 year was measured well enough')
    }
  })

  it('need three quarters of the days of every quarter', () => {
    // 60 of the 90 days of the first quarter of 2024 are missing: 83 % of the year is there, and a third of that quarter.
    const gap = (day: number) => (day < 60 ? null : 8)
    const found = designComparison(threeYears(flat(8), gap, flat(8)), limit('us-naaqs/pm2_5/year'), year2025)
    expect(found).toMatchObject({ years: { known: 2, value: null }, verdict: 'notEnoughData' })
  })

  it('of a year are the mean of its quarters, each of the same weight', () => {
    // 70 of the first quarter's 90 days are there, at 20; the rest of the year is at 4.
    const first = (day: number) => (day < 20 ? null : day < 90 ? 20 : 4)
    const found = designComparison(
      threeYears(flat(8), flat(8), first),
      limit('us-naaqs/pm2_5/year'),
      year2025
    )
    expect(found.years!.value).toBeCloseTo((8 + 8 + (20 + 3 * 4) / 4) / 3, 9)
    expect(found.verdict).toBe('notAbove')
  })

  it('are held against the limit of the last of them, also where it did not hold in the first', () => {
    const found = designComparison(
      threeYears(flat(9.2), flat(9.2), flat(9.2)),
      limit('us-naaqs/pm2_5/year'),
      year2025
    )
    expect(found).toMatchObject({ years: { known: 3 }, verdict: 'above' })
  })
})

describe('three years of PM10', () => {
  const pm10 = limit('us-naaqs/pm10/day')

  it('may have one day a year above, as their mean and each day rounded to 10 µg/m³', () => {
    const three = threeYears(highOn(3, 155, 20), highOn(0, 0, 20), highOn(9, 154.9, 20))
    expect(designComparison(three, pm10, year2025)).toMatchObject({
      count: 0,
      years: { value: 1 },
      verdict: 'notAbove'
    })
    const four = threeYears(highOn(3, 155, 20), highOn(1, 155, 20), flat(20))
    expect(designComparison(four, pm10, year2025).verdict).toBe('above')
  })

  it('count missing days as the others of their quarter', () => {
    // 3 of 72 days of a quarter of 90: 3.75 times, and 1.25 a year.
    const some = (day: number) => (day < 3 ? 200 : day < 72 || day >= 90 ? 20 : null)
    const found = designComparison(threeYears(some, flat(20), flat(20)), pm10, year2025)
    expect(found.years!.value).toBeCloseTo(1.25, 9)
    expect(found.verdict).toBe('above')
  })

  it('are above from the first year on where no other year could undo it', () => {
    const none = () => null
    expect(designComparison(threeYears(none, none, highOn(4, 200, 20)), pm10, year2025).verdict).toBe('above')
    expect(designComparison(threeYears(none, none, highOn(3, 200, 20)), pm10, year2025).verdict).toBe(
      'notEnoughData'
    )
  })
})

it('takes of NO₂ the highest hour of each day, over three years', () => {
  const from = newYear(2023)
  const hours = Math.round((newYear(2026) - from) / hourMs)
  const time = Array.from({ length: hours }, (_, i) => (from + i * hourMs) as UnixMs)
  const at = (ppb: number) => ({
    time,
    mean: time.map((_time, i) => (i % 24 === 8 ? ppb * 1.912503 : 20)),
    coverage: time.map(() => 1)
  })
  const asked = { year: 2025, window: 'hour', timezone } as const
  const no2 = limit('us-naaqs/no2/hour')
  expect(designComparison(at(100.4), no2, asked)).toMatchObject({ valid: 365, verdict: 'notAbove' })
  expect(designComparison(at(100.6), no2, asked)).toMatchObject({ years: { known: 3 }, verdict: 'above' })
})
