/** Trends, drift, profiles, and before and after: right where the truth is known, silent where it cannot be told. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayMs, hourMs, parseIsoZoned } from '../../model/time.ts'
import { beforeAfter, studentT975, type DailyValues } from '../../science/before-after.ts'
import { driftWindows } from '../../science/drift.ts'
import { fixedSet, type SiteMeans } from '../../science/fixed-set.ts'
import { profile } from '../../science/profile.ts'
import { blockSample, bootstrapInterval, seededRandom } from '../../science/resample.ts'
import { decompose } from '../../science/stl.ts'
import { senInterval, theilSen } from '../../science/theil-sen.ts'
import { fillMonths, trend, type MonthMean, type Trend } from '../../science/trend.ts'
import { expectWithin, fieldOf, numberOf, numbersOf, vectors } from '../support/vectors.ts'

/** Roughly normal, of spread 1, always the same for a seed. */
function noiseOf(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6)
}

const months = (count: number, meanOf: (i: number) => number | null): MonthMean[] =>
  Array.from({ length: count }, (_, i) => ({
    year: 2018 + Math.floor(i / 12),
    month: (i % 12) + 1,
    mean: meanOf(i),
    coverage: 0.95
  }))
const season = (i: number): number => 5 * Math.sin((2 * Math.PI * i) / 12)

function told(result: ReturnType<typeof trend>): Trend {
  if (!result.ok) throw new Error(result.why)
  return result
}

describe('Theil and Sen', () => {
  it.each(vectors('agg.theil_sen'))('%s', (_id, { input, expected, tolerance }) => {
    const [x, y] = [numbersOf(input, 'x'), numbersOf(input, 'y')]
    const line = theilSen(x, y)!
    expectWithin(line.slope, numberOf(expected, 'slope'), tolerance)
    expectWithin(line.intercept, numberOf(expected, 'intercept_openair'), tolerance)
    if (fieldOf(expected, 'sen_ci95') === null) return
    const [low, high] = senInterval(x, y)!
    const [expectedLow = NaN, expectedHigh = NaN] = numbersOf(expected, 'sen_ci95')
    expectWithin(low, expectedLow, tolerance)
    expectWithin(high, expectedHigh, tolerance)
  })

  it('have no line through one moment, and hold against a wild value', () => {
    expect(theilSen([1, 1], [2, 3])).toBeNull()
    expect(theilSen([0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 300, 4, 5, 6])!.slope).toBe(1)
    expect(() => theilSen([1], [])).toThrow('Each x')
    expect(senInterval([1, 2], [1, 2])).toBeNull()
  })
})

describe('seasons', () => {
  it('are taken out of a line that has some', () => {
    const {
      seasonal,
      trend: line,
      remainder
    } = decompose(Array.from({ length: 96 }, (_, i) => 20 - 0.1 * i + season(i)))
    for (let i = 0; i < 96; i++) {
      expect(seasonal[i]).toBeCloseTo(season(i), 1)
      expect(line[i]).toBeCloseTo(20 - 0.1 * i, 1)
      expect(seasonal[i]! + line[i]! + remainder[i]!).toBeCloseTo(20 - 0.1 * i + season(i), 9)
    }
  })

  it('are not bent by one wild month', () => {
    const values = Array.from({ length: 96 }, (_, i) => 20 + season(i) + (i === 50 ? 60 : 0))
    const { seasonal, remainder } = decompose(values)
    expect(remainder[50]).toBeGreaterThan(55)
    expect(seasonal[50]).toBeCloseTo(season(50), 0)
    expect(() => decompose([1, 2, 3])).toThrow('two whole rounds')
  })

  it('of a missing month come from the other years', () => {
    const line = Array.from({ length: 60 }, (_, i) => 10 + i * 0.1)
    const gappy = line.map((value, i) => (i === 30 ? null : value))
    expect(fillMonths(gappy)![30]).toBeCloseTo(line[30]!, 9)
    expect(fillMonths(Array.from({ length: 24 }, (_, i) => (i % 12 === 3 ? null : 1)))).toBeNull()
  })
})

describe('a trend', () => {
  it('is found under seasons and noise, with an interval round it, and the same again for the same seed', () => {
    const noise = noiseOf(7)
    const list = months(72, (i) => 30 - (i / 12) * 1.5 + season(i) + noise())
    const result = told(trend(list, seededRandom(1)))
    expect(result.interval[0]).toBeLessThan(-1.5)
    expect(result.interval[1]).toBeGreaterThan(-1.5)
    expect(result).toMatchObject({ verdict: 'falling', months: 72, span: 72 })
    expect(result.p).toBeLessThan(0.05)
    expect(trend(list, seededRandom(1))).toEqual(result)
    expect(trend(list.toReversed(), seededRandom(1))).toEqual(result)
  })

  it('is not claimed where there is only season and noise', () => {
    const noise = noiseOf(3)
    expect(
      told(
        trend(
          months(60, (i) => 20 + season(i) + noise()),
          seededRandom(1)
        )
      ).verdict
    ).toBe('noTrend')
  })

  it('is shown but not claimed before three years', () => {
    expect(
      told(
        trend(
          months(30, (i) => 20 - i),
          seededRandom(1)
        )
      ).verdict
    ).toBe('tooShort')
  })

  it.each([
    ['nothing', [], '24 months'],
    ['one month', months(1, () => 5), 'there is 1'],
    ['23 months', months(23, (i) => i), 'there are 23'],
    ['too many gaps', months(48, (i) => (i % 3 === 0 || i === 47 ? i : null)), 'were measured well enough'],
    ['a month that never was', months(48, (i) => (i % 12 === 6 ? null : i)), 'never measured'],
    ['no coverage', months(48, (i) => i).map((month) => ({ ...month, coverage: 0.5 })), 'there are 0']
  ])('cannot be told of %s', (_what, list, why) => {
    const result = trend(list, seededRandom(1))
    expect(!result.ok && result.why).toMatch(/^No trend can be told yet: /)
    expect(!result.ok && result.why).toContain(why)
  })
})

describe('samples', () => {
  it('keep their length and their places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(),
        (count, block, seed) => {
          const places = blockSample(count, block, seededRandom(seed))
          expect(places).toHaveLength(count)
          for (const place of places) expect(place >= 0 && place < count).toBe(true)
        }
      )
    )
    expect(bootstrapInterval(() => null, 10)).toBeNull()
  })
})

describe('drift', () => {
  const noise = noiseOf(5)
  const others = Array.from({ length: 60 }, (_, i) => 15 + 3 * Math.sin(i / 4))

  it('is seen when a sensor leaves its neighbours, not when all of them move', () => {
    const steady = driftWindows(
      others.map((value) => value + 2 + 0.5 * noise()),
      others
    )
    expect(steady).toHaveLength(31)
    expect(steady.some((window) => window!.drifting)).toBe(false)
    const drifting = driftWindows(
      others.map((value, i) => value + 0.3 * i + 0.5 * noise()),
      others
    )
    expect(drifting.every((window) => window!.drifting)).toBe(true)
    expect(drifting[0]!.interval[0]).toBeLessThan(9)
    expect(drifting[0]!.interval[1]).toBeGreaterThan(9)
    expect(drifting[0]).toMatchObject({ first: 0, last: 29, days: 30 })
  })

  it('is not told of a month with too few days', () => {
    const gappy = others.map((value, i) => (i % 2 === 0 ? null : value))
    expect(new Set(driftWindows(gappy, others))).toEqual(new Set([null]))
    expect(driftWindows([1], [1])).toEqual([])
    expect(() => driftWindows([1], [])).toThrow('needs its neighbours')
  })
})

describe('a profile', () => {
  const from = parseIsoZoned('2026-06-01T00:00:00+01:00')!
  const time = Array.from({ length: 28 * 24 }, (_, i) => (from + i * hourMs) as UnixMs)
  const hours = { time, mean: time.map((_t, i) => (i % 24 === 8 ? 30 : 10)), coverage: time.map(() => 1) }
  const options = { timezone: 'Europe/London', average: 'arithmetic', random: seededRandom(1) } as const

  it('goes by the local clock', () => {
    const byHour = profile([hours], { ...options, by: 'hour' })
    expect(byHour).toHaveLength(24)
    expect(byHour[8]).toMatchObject({ hour: 8, mean: 30, interval: [30, 30], days: 28 })
    expect(byHour[7]).toMatchObject({ mean: 10, days: 28 })
    const byWeekday = profile([hours], { ...options, by: 'weekday' })
    expect(byWeekday.map(({ weekday, days }) => [weekday, days])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((day) => [day, 4])
    )
    expect(byWeekday[0]!.interval).toBeNull()
    expect(profile([hours], { ...options, by: 'weekday-hour' })).toHaveLength(168)
    const byMonth = profile([hours], { ...options, by: 'month' })
    expect(byMonth[5]).toMatchObject({ month: 6, days: 28 })
    expect(byMonth[0]).toMatchObject({ mean: null, interval: null, days: 0 })
  })

  it('puts the mean into its interval, and leaves out hours without coverage', () => {
    const noise = noiseOf(9)
    const noisy = { ...hours, mean: hours.mean.map((mean) => mean + noise()) }
    for (const { mean, interval } of profile([noisy], { ...options, by: 'hour' })) {
      expect(interval![0]).toBeLessThanOrEqual(mean!)
      expect(interval![1]).toBeGreaterThanOrEqual(mean!)
    }
    const bare = { ...hours, coverage: hours.coverage.map(() => 0.7) }
    expect(profile([bare], { ...options, by: 'hour' }).every(({ mean }) => mean === null)).toBe(true)
  })

  it('of decibels is energy', () => {
    const levels = { ...hours, mean: time.map((_t, i) => (i < 14 * 24 ? 50 : 60)) }
    const [first] = profile([levels], { ...options, average: 'energy', by: 'hour' })
    expect(first!.mean).toBeCloseTo(10 * Math.log10((1e5 + 1e6) / 2), 9)
  })
})

describe('before and after', () => {
  const at = parseIsoZoned('2026-04-01T00:00:00Z')!
  const day = Array.from({ length: 120 }, (_, i) => (at + (i - 60) * dayMs) as UnixMs)
  const weather = noiseOf(11)
  const control: DailyValues = { day, value: day.map((_d, i) => 20 + i * 0.1 + 3 * weather()) }
  const streetWith = (change: number, seed: number): DailyValues => {
    const noise = noiseOf(seed)
    return { day, value: day.map((d, i) => control.value[i]! + 4 + noise() + (d >= at ? change : 0)) }
  }

  it('finds a change that the control street does not share', () => {
    const result = beforeAfter(streetWith(-5, 1), control, at)
    if (!result.ok) throw new Error(result.why)
    expect(result).toMatchObject({ verdict: 'lower', weeksBefore: 8, weeksAfter: 8, daysBefore: 56 })
    expect(result.interval[0]).toBeLessThan(-5 + 1)
    expect(result.interval[1]).toBeGreaterThan(-5 - 1)
    // The control rose by 6 meanwhile, so the street alone would have hidden it.
    expect(result.streetChange).toBeGreaterThan(-1)
  })

  it('tells no difference where there is none, nineteen times of twenty', () => {
    const wrong = Array.from({ length: 200 }, (_, seed) =>
      beforeAfter(streetWith(0, seed + 100), control, at)
    ).filter((result) => result.ok && result.verdict !== 'noDifference')
    expect(wrong.length).toBeLessThan(20)
  })

  it.each([
    ['no control', streetWith(0, 1), null, at, 'Without a control street'],
    ['no days after', streetWith(0, 1), control, day[119]!, 'weeks after'],
    ['no days before', streetWith(0, 1), control, day[0]!, 'Only 0 weeks before'],
    ['a control of other days', streetWith(0, 1), { day: [], value: [] }, at, 'Only 0 weeks before']
  ])('is refused with %s', (_what, street, other, moment, why) => {
    const result = beforeAfter(street, other, moment)
    expect(!result.ok && result.why).toContain(why)
  })

  it.each([
    [3, 3.1824],
    [4, 2.7764],
    [10, 2.2281],
    [30, 2.0423]
  ])('has the t quantile of %d degrees', (degrees, t) => {
    expect(Math.abs(studentT975(degrees) / t - 1)).toBeLessThan(0.006)
  })
})

describe('a fixed set', () => {
  const windows = Array.from({ length: 40 }, (_, i) => (i * dayMs) as UnixMs)
  const site = (siteId: string, level: number, has: (i: number) => boolean): SiteMeans => ({
    siteId,
    time: windows,
    mean: windows.map((_w, i) => (has(i) ? level + i * 0.1 : null)),
    coverage: windows.map(() => 1)
  })
  const always = (): boolean => true

  it('does not jump when a site is away, and leaves out one that joins', () => {
    const set = fixedSet(
      [
        site('a', 10, always),
        site('b', 20, (i) => i % 5 !== 0),
        site('c', 30, (i) => i < 35),
        site('d', 90, (i) => i > 20)
      ],
      windows
    )!
    expect(set.siteIds).toEqual(['a', 'b', 'c'])
    expect(set.leftOut).toEqual(['d'])
    for (const [i, value] of set.value.entries()) {
      if (i < 35) expect(value! - set.value[1]!).toBeCloseTo((i - 1) * 0.1, 9)
    }
    expect(set.value[35]).toBeNull()
  })

  it('does not exist of two sites', () => {
    expect(fixedSet([site('a', 1, always), site('b', 2, always)], windows)).toBeUndefined()
  })
})
