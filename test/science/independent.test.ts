/** What other statistics libraries give for the same numbers: seasons, slopes with their interval, two groups of weeks. */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayMs } from '../../model/time.ts'
import { beforeAfter, studentT975 } from '../../science/before-after.ts'
import { decompose } from '../../science/stl.ts'
import { senInterval, theilSen } from '../../science/theil-sen.ts'

describe('seasons taken out', () => {
  // statsmodels 0.15, STL(period 12, seasonal 11, trend 21, low_pass 13, degrees 1, jumps 2, 3, 2, robust).fit(1, 15):
  // 40 months of a wave, a slope and chance, with one month far off.
  const months = [
    38.93, 35.66, 34.85, 27.34, 25.7, 22.51, 22.01, 21.59, 23.74, 28.35, 34.95, 33.86, 35.59, 36.49, 34.34,
    31.43, 26.2, 46.16, 20.43, 21.92, 22.5, 29.12, 33.1, 37.51, 34.57, 34.1, 32.65, 28.74, 21.24, 17.27, 20.7,
    17.22, 23.38, 25.17, 30.94, 33.52, 33.78, 31.32, 31.08, 27.4
  ]
  const seasonal = [
    6.294245, 6.780553, 5.992164, -1.505108, -3.126561, -6.298016, -6.77947, -7.178613, -5.007757, -0.376898,
    6.264163, 5.195387, 6.90267, 6.468862, 5.89861, -0.271738, -4.271675, -7.779092, -6.241509, -8.115398,
    -3.884287, -0.608185, 5.668804, 6.486363, 7.511094, 6.157114, 5.804941, 0.961437, -5.417065, -9.260539,
    -5.704013, -9.052744, -2.761476, -0.840212, 5.072623, 7.776473, 8.129805, 5.844465, 5.712079, 2.193769
  ]
  const trend = [
    28.91917, 28.896216, 28.873263, 28.850309, 28.826252, 28.802195, 28.778137, 28.752276, 28.726415,
    28.700554, 28.66639, 28.632226, 28.598062, 28.488054, 28.378047, 28.268039, 28.141293, 28.014547,
    27.887802, 27.765103, 27.642405, 27.519706, 27.388595, 27.257484, 27.126372, 27.002898, 26.879424,
    26.755951, 26.631428, 26.506906, 26.382384, 26.255958, 26.129533, 26.003108, 25.875523, 25.747939,
    25.620355, 25.492055, 25.363755, 25.235455
  ]

  it('are those of statsmodels, also where one month is far off', () => {
    const found = decompose(months)
    for (const i of months.keys()) {
      expect(found.seasonal[i]).toBeCloseTo(seasonal[i]!, 5)
      expect(found.trend[i]).toBeCloseTo(trend[i]!, 5)
      expect(found.seasonal[i]! + found.trend[i]! + found.remainder[i]!).toBeCloseTo(months[i]!, 9)
    }
  })
})

describe('the slope and its interval', () => {
  const wave = (count: number, of: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => Math.round(100 * of(i)) / 100)
  // scipy 1.17, stats.theilslopes(y, x, 0.95); ties among the values.
  it.each([
    [[5.1, 4.8, 5.3, 4.9, 4.4, 4.7, 4.1, 4.4, 3.9, 4.1, 3.6, 3.8], -0.13875, -0.175, -0.1],
    [wave(20, (i) => 10 - 0.05 * i + (((i * 7) % 5) - 2) * 0.4), -0.05, -0.0833333, 0.0227273],
    [wave(30, (i) => 20 + 0.08 * i + (((i * 11) % 7) - 3) * 0.7), 0.08, 0.0216667, 0.1577778]
  ])('are those of scipy', (y, slope, low, high) => {
    const x = y.map((_value, i) => i)
    expect(theilSen(x, y)!.slope).toBeCloseTo(slope, 6)
    const interval = senInterval(x, y)!
    expect(interval[0]).toBeCloseTo(low, 6)
    expect(interval[1]).toBeCloseTo(high, 6)
  })
})

describe('weeks before and after', () => {
  it('have the quantile of Student', () => {
    // scipy.stats.t.ppf(0.975, degrees)
    for (const [degrees, quantile] of [
      [3, 3.182446],
      [3.7, 2.867521],
      [5, 2.570582],
      [10, 2.228139],
      [30, 2.042272]
    ] as const) {
      expect(Math.abs(studentT975(degrees) / quantile - 1)).toBeLessThan(0.0015)
    }
    expect(studentT975(10)).toBeCloseTo(2.22814, 4)
  })

  it('have the difference and the interval of Welch', () => {
    // scipy.stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    const [before, after] = [
      [-1.2, 0.4, 0.9, -0.3, 0.5],
      [-3.1, -2.2, -4, -2.9]
    ]
    const week = (weeks: readonly number[], first: (place: number) => number) =>
      weeks.flatMap((value, place) =>
        Array.from({ length: 7 }, (_, day) => ({ day: (first(place) + day) * dayMs, value }))
      )
    const days = [
      ...week(before, (place) => -7 * (place + 1)),
      ...week(after, (place) => 7 * place)
    ].toSorted((a, b) => a.day - b.day)
    const street = { day: days.map(({ day }) => day as UnixMs), value: days.map(({ value }) => 20 + value) }
    const control = { day: street.day, value: days.map(() => 20) }
    const found = beforeAfter(street, control, 0 as UnixMs)
    if (!found.ok) throw new Error(found.why)
    expect(found.change).toBeCloseTo(-3.11, 9)
    expect(found.interval[0]).toBeCloseTo(-4.3535, 3)
    expect(found.interval[1]).toBeCloseTo(-1.8665, 3)
    expect(found.verdict).toBe('lower')
  })
})
