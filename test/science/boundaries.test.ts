/** Each constant at the place where it decides: a hair below and a hair above, so that none can slip by a percent. */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { hourMs } from '../../model/time.ts'
import { collocationTargets } from '../../science/collocation.ts'
import { toCanonical } from '../../science/convert.ts'
import { cf1Quadratic, channelsAgree } from '../../science/correction.ts'
import {
  airingAdvice,
  factorConditions,
  measuredFactor,
  movingAverageCriteria,
  movingAverages
} from '../../science/damp-record.ts'
import { driftWindows } from '../../science/drift.ts'
import { eaqi, eaqiUpperBounds } from '../../science/european-aqi.ts'
import { familyLimits } from '../../science/family-limits.ts'
import { limits } from '../../science/guidelines.ts'
import { seriesLimits } from '../../science/look-back-limits.ts'
import { isoplethConstants, mouldIndex, type MouldClass } from '../../science/mould.ts'
import { compareNoise } from '../../science/noise-days.ts'
import { exceededLevel } from '../../science/noise-levels.ts'
import { attenuatedFlag, neighbourFlag } from '../../science/series-quality.ts'
import { trimmedMean20 } from '../../science/street.ts'
import { moistureLoad, moistureSupply, temperatureFactor } from '../../science/surface.ts'

describe('air', () => {
  it('has the European bands of 2024/25, and the half above each belongs to the next', () => {
    expect(eaqiUpperBounds).toEqual({
      pm2_5: [5, 15, 50, 90, 140],
      pm10: [15, 45, 120, 195, 270],
      no2: [10, 25, 60, 100, 150],
      o3: [60, 100, 120, 160, 180],
      so2: [20, 40, 125, 190, 275]
    })
    for (const of of ['pm2_5', 'pm10', 'no2', 'o3', 'so2'] as const) {
      for (const [place, bound] of eaqiUpperBounds[of].entries()) {
        expect(eaqi(of, bound + 0.49).level).toBe(place + 1)
        expect(eaqi(of, bound + 0.5).level).toBe(place + 2)
      }
    }
  })

  it('knows pounds, millimetres and inches of mercury (NIST SP 811)', () => {
    const hPa = (value: number, unit: string) => {
      const found = toCanonical('pressure', value, unit)
      return found.ok ? found.value : NaN
    }
    expect(hPa(14.69595, 'psi')).toBeCloseTo(1013.25, 3)
    expect(hPa(760, 'mmHg')).toBeCloseTo(1013.25, 2)
    expect(hPa(29.92126, 'inHg')).toBeCloseTo(1013.25, 2)
  })

  it('mistrusts two channels above both 5 µg/m³ and 70 % of difference', () => {
    expect(channelsAgree(2, 7)).toBe(true)
    expect(channelsAgree(2, 7.01)).toBe(false)
    // 2·7/20 is 70 %.
    expect(channelsAgree(6.5, 13.5)).toBe(true)
    expect(channelsAgree(6.49, 13.51)).toBe(false)
  })

  it('changes the two-part correction at 343', () => {
    expect(cf1Quadratic(343, 50)).toBeCloseTo(0.52 * 343 - 4.3 + 5.75, 9)
    expect(cf1Quadratic(343.01, 50)).toBeCloseTo(0.46 * 343.01 + 3.93e-4 * 343.01 ** 2 + 2.97, 9)
  })

  it('has the targets of the EPA', () => {
    expect(collocationTargets.pm2_5).toEqual({
      slope: [0.65, 1.35],
      intercept: 5,
      rmse: 7,
      r2: 0.7,
      nrmsePercent: 30
    })
    expect(collocationTargets.pm10).toMatchObject({ slope: [0.65, 1.35], intercept: 10, rmse: 14 })
    expect(collocationTargets.o3).toMatchObject({ slope: [0.8, 1.2], r2: 0.8 })
    expect(collocationTargets.o3.rmse).toBeCloseTo(5 * 1.9954, 3)
    expect(collocationTargets.no2.intercept).toBeCloseTo(5 * 1.9125, 3)
  })
})

describe('limits', () => {
  /** Value, times or percentile, first day, capture of the year: as the reference of this project has them. */
  it.each([
    ['who-2021/pm2_5/year', 5, null, '2021-09-22', 0.75],
    ['who-2021/pm2_5/day', 15, 99, '2021-09-22', 0.75],
    ['who-2021/pm10/year', 15, null, '2021-09-22', 0.75],
    ['who-2021/pm10/day', 45, 99, '2021-09-22', 0.75],
    ['who-2021/no2/year', 10, null, '2021-09-22', 0.75],
    ['who-2021/no2/day', 25, 99, '2021-09-22', 0.75],
    ['who-2021/o3/8hours', 100, 99, '2021-09-22', 0.75],
    ['who-2021/so2/day', 40, 99, '2021-09-22', 0.75],
    ['who-2021/co/day', 4, 99, '2021-09-22', 0.75],
    ['who-2005/no2/hour', 200, 0, '2006-10-05', 0.75],
    ['who-2005/co/8hours', 10, 0, '2006-10-05', 0.75],
    ['who-2005/co/hour', 35, 0, '2006-10-05', 0.75],
    ['uk/pm2_5/year/until-2020-01-01', 25, null, '2015-01-01', 0.9],
    ['uk/pm2_5/year', 20, null, '2020-01-01', 0.9],
    ['uk/pm10/year', 40, null, '2005-01-01', 0.9],
    ['uk/pm10/day', 50, 35, '2005-01-01', 0.9],
    ['uk/no2/year', 40, null, '2010-01-01', 0.9],
    ['uk/no2/hour', 200, 18, '2010-01-01', 0.9],
    ['uk/so2/hour', 350, 24, '2005-01-01', 0.9],
    ['uk/so2/day', 125, 3, '2005-01-01', 0.9],
    ['uk/co/8hours', 10, 0, '2005-01-01', 0.9],
    ['uk/o3/8hours', 120, 25, '2010-01-01', 0.9],
    ['uk-objectives/o3/8hours', 100, 10, '2005-12-31', 0.9],
    ['uk-objectives/so2/15minutes', 266, 35, '2005-12-31', 0.9],
    ['england-interim/pm2_5/year', 10, null, '2030-12-31', 0.9],
    ['england-targets/pm2_5/year', 10, null, '2040-12-31', 0.9],
    ['eu-2030/pm2_5/year', 10, null, '2030-01-01', 0.9],
    ['eu-2030/pm2_5/day', 25, 18, '2030-01-01', 0.9],
    ['eu-2030/pm10/year', 20, null, '2030-01-01', 0.9],
    ['eu-2030/pm10/day', 45, 18, '2030-01-01', 0.9],
    ['eu-2030/no2/year', 20, null, '2030-01-01', 0.9],
    ['eu-2030/no2/day', 50, 18, '2030-01-01', 0.9],
    ['eu-2030/no2/hour', 200, 3, '2030-01-01', 0.9],
    ['eu-2030/so2/year', 20, null, '2030-01-01', 0.9],
    ['eu-2030/so2/day', 50, 18, '2030-01-01', 0.9],
    ['eu-2030/so2/hour', 350, 3, '2030-01-01', 0.9],
    ['eu-2030/co/day', 4, 18, '2030-01-01', 0.9],
    ['eu-2030/co/8hours', 10, 0, '2030-01-01', 0.9],
    ['eu-2030/o3/8hours', 120, 18, '2030-01-01', 0.9],
    ['us-naaqs/pm2_5/year/until-2024-05-06', 12, null, '2013-03-18', 0.75],
    ['us-naaqs/pm2_5/year', 9, null, '2024-05-06', 0.75],
    ['us-naaqs/pm2_5/day', 35, 98, '2006-12-18', 0.75],
    ['us-naaqs/pm10/day', 150, 1, '1987-07-31', 0.75],
    ['us-naaqs/no2/year', 53, null, '2010-04-12', 0.75],
    ['us-naaqs/no2/hour', 100, 98, '2010-04-12', 0.75],
    ['who-noise-2018/lden/year', 53, null, '2018-10-10', 0.75],
    ['who-noise-2018/lnight/year', 45, null, '2018-10-10', 0.75],
    ['who-noise-2018/laeq24h/year', 70, null, '2018-10-10', 0.75],
    ['who-noise-2009/lnight/year', 40, null, '2009-10-08', 0.75]
  ])('%s is %d', (id, value, times, from, captureMin) => {
    const one = limits.find((limit) => limit.id === id)!
    const { rule } = one
    const number =
      rule.kind === 'allowed' ? rule.timesAYear : rule.kind === 'percentile' ? rule.percent : null
    expect([one.value, number, one.from, one.captureMin, one.coverageMin]).toEqual([
      value,
      times,
      from,
      captureMin,
      0.75
    ])
  })

  it('are all in that table', () => {
    expect(limits).toHaveLength(49)
    const pm10 = limits.find(({ id }) => id === 'uk/pm10/day')!
    expect(pm10.rule).toMatchObject({ percentileWhenIncomplete: 90.4 })
  })
})

describe('sound', () => {
  it('has exceeded levels of steps up to a minute', () => {
    expect(exceededLevel([40, 50], 50, 60)).toBe(45)
    expect(exceededLevel([40, 50], 50, 60.5)).toBeNull()
  })

  it('decides nothing within 2 dB of a guideline', () => {
    const verdict = (lden: number) =>
      compareNoise(
        {
          lday: null,
          levening: null,
          lnight: null,
          lden,
          days: 365,
          expectedDays: 365,
          coverage: 1
        },
        Date.UTC(2025, 6) as UnixMs,
        'UTC'
      )[0]!.verdict
    expect([55.01, 55, 51, 50.99].map(verdict)).toEqual([
      'above',
      'notEnoughData',
      'notEnoughData',
      'notAbove'
    ])
  })
})

describe('damp', () => {
  // 20 °C holds 2332.596 Pa; outside is dry and at 0 °C, so the excess is the room's vapour.
  it.each([
    [269.9, 1],
    [270.1, 2],
    [539.9, 2],
    [540.1, 3],
    [809.9, 3],
    [810.1, 4],
    [1079.9, 4],
    [1080.1, 5]
  ])('of %f Pa more than outside is of class %i', (excessPa, humidityClass) => {
    const inside = { temperatureC: 20, humidity: (100 * excessPa) / 2332.59616 }
    const load = moistureLoad(inside, { temperatureC: 0, humidity: 0 })
    expect(load.excessPa).toBeCloseTo(excessPa, 1)
    expect(load.humidityClass).toBe(humidityClass)
    // At 10 °C outside the limits are half of that.
    const half = { temperatureC: 20, humidity: inside.humidity / 2 }
    expect(moistureLoad(half, { temperatureC: 10, humidity: 0 }).humidityClass).toBe(humidityClass)
  })

  it.each([
    [3.99, -5, 'little'],
    [3.99, 0, 'little'],
    [4, 0, 'usual'],
    [5.99, 0, 'usual'],
    [6, 0, 'much'],
    [1.99, 10, 'little'],
    [2, 10, 'usual'],
    [3, 10, 'much'],
    [1.5, 14.9, 'usual'],
    [3, 15, undefined]
  ] as const)('%f g/m³ more than outside at %f °C is %s', (excessGm3, outsideC, supply) => {
    expect(moistureSupply(excessGm3, outsideC)).toBe(supply)
  })

  it('has a temperature factor from 5 °C of difference, and one measured at home from 10', () => {
    expect(temperatureFactor(12, 15, 10)).toBeCloseTo(0.4, 12)
    expect(temperatureFactor(12, 14.99, 10)).toBeNull()
    const night = (insideC: number, day: number) => ({
      time: (Date.UTC(2026, 0, day) + 2 * hourMs) as UnixMs,
      surfaceC: 8,
      insideC,
      outsideC: 4,
      hour: 2
    })
    expect(factorConditions).toMatchObject({ differenceKMin: 10, nightsMin: 3 })
    expect(measuredFactor([1, 2, 3].map((day) => night(14, day)))).toMatchObject({ ok: true, nights: 3 })
    expect(measuredFactor([1, 2, 3].map((day) => night(13.99, day))).ok).toBe(false)
    expect(measuredFactor([1, 2].map((day) => night(14, day))).ok).toBe(false)
  })

  it('has moving means of a day, a week and thirty days', () => {
    expect(movingAverageCriteria).toEqual({
      day: { hours: 24, air: 85, surface: 95 },
      week: { hours: 168, air: 75, surface: 85 },
      month: { hours: 720, air: 65, surface: 75 }
    })
    const hours = Array.from({ length: 720 }, () => 65)
    expect(movingAverages(hours, 'air').map(({ met }) => met)).toEqual([true, true, true])
    expect(movingAverages([...hours, 65.8], 'air').map(({ met }) => met)).toEqual([true, true, false])
    expect(movingAverages(hours.slice(1), 'air')[2]!.met).toBeNull()
  })

  it('is aired away from a gram of difference', () => {
    const inside = (humidity: number) => ({ temperatureC: 20, humidity })
    // One per cent of humidity at 20 °C is 0.172416 g/m³.
    expect(airingAdvice(inside(50 + 1.001 / 0.172416), inside(50)).advice).toBe('air')
    expect(airingAdvice(inside(50 + 0.999 / 0.172416), inside(50)).advice).toBe('noDifference')
    expect(airingAdvice(inside(50), inside(50 + 1.001 / 0.172416)).advice).toBe('wait')
  })

  // The first hour at 22 °C and 97 %, from nothing and from 1.5: computed apart from the formulas and the table of classes.
  it.each<[MouldClass, number, number]>([
    ['verySensitive', 0.004280969781, 1.508561103702],
    ['sensitive', 0.002474355232, 1.50165134],
    ['mediumResistant', 0.000307947483, 1.500403231529],
    ['resistant', 0.000138806226, 1.500026975569]
  ])('grows on %s materials at its own rate', (mouldClass, early, late) => {
    const hour = [{ surfaceC: 22, humidity: 97 }]
    expect(mouldIndex(hour, { mouldClass })[0]).toBeCloseTo(early, 9)
    expect(mouldIndex(hour, { mouldClass, initial: 1.5 })[0]).toBeCloseTo(late, 9)
  })

  it('grows from above 0 °C to below 50 °C and from the humidity of its class', () => {
    const grows = (surfaceC: number, humidity: number, mouldClass: MouldClass = 'verySensitive') =>
      mouldIndex([{ surfaceC, humidity }], { mouldClass, initial: 0.5 })[0]! > 0.5
    expect([grows(49.9, 95), grows(50, 95), grows(0, 100), grows(0.5, 100)]).toEqual([
      true,
      false,
      false,
      true
    ])
    // The index of 0.5 is above what resistant materials reach at 85 %, so growth is looked for from nothing.
    const from = (humidity: number, mouldClass: MouldClass) =>
      mouldIndex([{ surfaceC: 25, humidity }], { mouldClass })[0]! > 0
    expect([from(80.1, 'sensitive'), from(79.9, 'sensitive')]).toEqual([true, false])
    expect([from(85.1, 'resistant'), from(84.9, 'resistant')]).toEqual([true, false])
  })

  it('has the isopleths of Zeng', () => {
    expect(isoplethConstants).toEqual({
      lim0: 0.7153,
      mm0_1: 0.73,
      mm0_5: 0.7675,
      mm1: 0.795,
      mm2: 0.825,
      mm3: 0.8502,
      mm4: 0.8701
    })
  })
})

describe('quality', () => {
  it('doubts a neighbour from 5 and fails it from 8 deviations', () => {
    // Middle 12, deviation 1.4826.
    const neighbours = [10, 11, 12, 13, 14]
    const flag = (z: number) => neighbourFlag(12 + z * 1.4826, neighbours).flag
    expect([4.99, 5.01, 7.99, 8.01, -5.01, -8.01].map(flag)).toEqual([1, 3, 3, 4, 3, 4])
  })

  it('has the limits of its families and series', () => {
    expect(familyLimits.ics43434.laeq).toMatchObject({
      fail: { min: 20, max: 120 },
      suspect: { min: 32, max: 120 }
    })
    expect(familyLimits.sds011.pm2_5).toMatchObject({
      fail: { min: 0, max: 999.9 },
      suspect: { min: 0, max: 300 }
    })
    expect(seriesLimits.temperature).toEqual({ spike: 5, ratePerS: 0.1, neighbourSpreadMin: 1 })
    expect(seriesLimits.laeq).toMatchObject({ attenuatedOutdoors: 0.3 })
    // A deviation of 0.3 is not below it; one of 0.29 is.
    expect(attenuatedFlag([50 - 0.3, 50 + 0.3], { suspect: 0.2999 })).toBe(1)
    expect(attenuatedFlag([50 - 0.29, 50 + 0.29], { suspect: 0.3 })).toBe(3)
  })

  it('calls it drift from 20 % or 5 µg/m³ in thirty days', () => {
    const of = (shift: number, level: number) => {
      const days = Array.from({ length: 30 }, (_, day) => day)
      // A little chance on both sides of the line, so that there is an interval.
      const own = days.map((day) => level + (shift * day) / 30 + (day % 2 === 0 ? 0.001 : -0.001))
      return driftWindows(
        own,
        days.map(() => level)
      )[0]!.drifting
    }
    expect([of(2.02, 10), of(1.98, 10)]).toEqual([true, false])
    expect([of(5.03, 40), of(4.97, 40)]).toEqual([true, false])
  })

  it('trims a fifth at each end', () => {
    expect(trimmedMean20([1, 2, 3, 4, 100])).toBe(3)
    expect(trimmedMean20([0, 2, 4, 100])).toBe(26.5)
  })
})
