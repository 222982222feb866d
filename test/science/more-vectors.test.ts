/** The same for indices of other countries, surfaces, mould, series of values and collocation. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flag } from '../../model/flag.ts'
import { worstFlag } from '../../model/flag.ts'
import {
  collocation,
  collocationTargets,
  meetsTargets,
  pm2_5Targets,
  precision
} from '../../science/collocation.ts'
import { daqi } from '../../science/air.ts'
import { eaqi, type EaqiPollutant } from '../../science/european-aqi.ts'
import {
  criticalHumidity,
  highestIndex,
  mouldIndex,
  weeksToFirstMould,
  type MouldClass
} from '../../science/mould.ts'
import {
  attenuatedFlag,
  climatologyFlag,
  flatLineFlags,
  neighbourFlag,
  rateOfChangeFlags,
  spikeFlags,
  type Season
} from '../../science/series-quality.ts'
import {
  estimatedSurface,
  moistureLoad,
  surfaceHumidity,
  surfaceHumidityRisk,
  temperatureFactor,
  temperatureFactorMin,
  temperatureFactorNeeded
} from '../../science/surface.ts'
import { nowCast, truncated, usAqi } from '../../science/us-aqi.ts'
import { expectWithin, fieldOf, numberOf, numbersOf, vectors } from '../support/vectors.ts'

/** A list in which null stands for what is missing. */
function seriesOf(object: unknown, key: string): (number | null)[] {
  const list = fieldOf(object, key)
  if (!Array.isArray(list)) throw new Error(`${key} is no list.`)
  return list.map((one: unknown) => (typeof one === 'number' ? one : null))
}

const failOf = (input: unknown): { fail?: number } => {
  const fail = fieldOf(input, 'fail')
  return typeof fail === 'number' ? { fail } : {}
}

it('has no index of what is no number', () => {
  expect(usAqi('pm2_5', NaN)).toBeNull()
  expect(() => daqi('pm2_5', NaN)).toThrow(RangeError)
  expect(() => eaqi('no2', NaN)).toThrow(RangeError)
})

describe('the US index', () => {
  it.each(vectors('air.us_aqi.pm25'))('%s', (_id, { input, expected }) => {
    const index = usAqi('pm2_5', numberOf(input, 'pm25'))
    expect(index?.aqi ?? null).toBe(fieldOf(expected, 'aqi'))
    if (index) expect(index.category).toBe(fieldOf(expected, 'category'))
  })

  it.each(vectors('air.us_aqi.pm10'))('%s', (_id, { input, expected }) => {
    expect(usAqi('pm10', numberOf(input, 'pm10'))?.aqi).toBe(numberOf(expected, 'aqi'))
  })

  it.each(vectors('air.nowcast.pm'))('%s', (_id, { input, expected, tolerance }) => {
    const value = nowCast(seriesOf(input, 'hourly_oldest_first'))
    const raw = fieldOf(expected, 'nowcast_raw')
    if (typeof raw !== 'number') {
      expect(value).toBeNull()
      return
    }
    expectWithin(value, raw, tolerance)
    expectWithin(truncated(value!, 1), numberOf(expected, 'nowcast_pm25_truncated'), 0)
  })

  it('never falls when the air gets worse', () => {
    const mean = fc.double({ min: 0, max: 800, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom('pm2_5' as const, 'pm10' as const), mean, mean, (of, a, b) => {
        expect(usAqi(of, Math.min(a, b))!.aqi).toBeLessThanOrEqual(usAqi(of, Math.max(a, b))!.aqi)
      })
    )
  })
})

describe('the European index', () => {
  const pollutants: [group: string, pollutant: EaqiPollutant][] = [
    ['air.eaqi.pm25', 'pm2_5'],
    ['air.eaqi.pm10', 'pm10'],
    ['air.eaqi.no2', 'no2']
  ]
  describe.each(pollutants)('%s', (group, pollutant) => {
    it.each(vectors(group))('%s', (_id, { input, expected }) => {
      expect(eaqi(pollutant, numberOf(input, 'ugm3'))).toEqual(expected)
    })
  })
})

describe('surfaces', () => {
  it.each(vectors('damp.surface_rh'))('%s', (_id, { input, expected, tolerance }) => {
    const humidity = surfaceHumidity(numberOf(input, 'Ti'), numberOf(input, 'RHi'), numberOf(input, 'Ts'))
    expectWithin(humidity, numberOf(expected, 'rh_surface'), tolerance)
    expect(humidity >= 100).toBe(fieldOf(expected, 'condensation'))
    expect(humidity >= surfaceHumidityRisk).toBe(fieldOf(expected, 'mould_risk_80'))
  })

  it.each(vectors('damp.frsi'))('%s', (_id, { input, expected, tolerance }) => {
    const [surface, inside, outside] = [numberOf(input, 'Tsi'), numberOf(input, 'Ti'), numberOf(input, 'Te')]
    const factor = temperatureFactor(surface, inside, outside)
    expectWithin(factor, numberOf(expected, 'frsi'), tolerance)
    expect(factor! < temperatureFactorMin).toBe(fieldOf(expected, 'below_0_75'))
    expect(estimatedSurface(factor!, inside, outside)).toBeCloseTo(surface, 9)
  })

  it('have no factor where inside is hardly warmer', () => {
    expect(temperatureFactor(15, 16, 12)).toBeNull()
    expect(temperatureFactor(15, 12, 16)).toBeNull()
  })

  it.each(vectors('damp.frsi_min'))('%s', (_id, { input, expected, tolerance }) => {
    const needed = temperatureFactorNeeded(
      numberOf(input, 'Ti'),
      numberOf(input, 'pi_Pa'),
      numberOf(input, 'Te')
    )
    expectWithin(needed.surfaceC, numberOf(expected, 'tsi_min'), tolerance)
    expectWithin(needed.factor, numberOf(expected, 'frsi_min'), tolerance)
  })

  it.each(vectors('damp.vpx'))('%s', (_id, { input, expected, tolerance }) => {
    const load = moistureLoad(
      { temperatureC: numberOf(input, 'Ti'), humidity: numberOf(input, 'RHi') },
      { temperatureC: numberOf(input, 'Te'), humidity: numberOf(input, 'RHe') }
    )
    expectWithin(load.excessPa, numberOf(expected, 'excess_Pa'), tolerance)
    expectWithin(load.excessGm3, numberOf(expected, 'excess_g_m3'), tolerance)
    expect(load.humidityClass).toBe(numberOf(expected, 'iso13788_class'))
  })
})

describe('mould', () => {
  it.each(vectors('damp.vtt.static'))('%s', (_id, { input, expected, tolerance }) => {
    const [t, humidity] = [numberOf(input, 'T'), numberOf(input, 'RH')]
    expectWithin(criticalHumidity('verySensitive', t), numberOf(expected, 'rhcrit_vs'), tolerance)
    expectWithin(highestIndex('verySensitive', t, humidity), numberOf(expected, 'mmax_vs'), tolerance)
    expectWithin(highestIndex('sensitive', t, humidity), numberOf(expected, 'mmax_s'), tolerance)
    expectWithin(highestIndex('mediumResistant', t, humidity), numberOf(expected, 'mmax_mr'), tolerance)
    expectWithin(weeksToFirstMould(t, humidity), numberOf(expected, 'tm_weeks_pine'), tolerance)
  })

  it.each(vectors('damp.vtt.series'))('%s', (_id, { input, expected, tolerance }) => {
    const initial = fieldOf(input, 'M0')
    const indices = mouldIndex(weatherOf(input), {
      mouldClass: mouldClassOf(fieldOf(input, 'class')),
      decline: numberOf(input, 'Cmat'),
      initial: typeof initial === 'number' ? initial : 0
    })
    if (fieldOf(expected, 'M_weekly') !== undefined) {
      for (const [week, index] of numbersOf(expected, 'M_weekly').entries()) {
        if (week > 0) expectWithin(indices[week * 168 - 1], index, tolerance)
      }
      return
    }
    for (const [hour, index] of Object.entries(fieldOf(expected, 'M_at_h') as Record<string, number>)) {
      expectWithin(indices[Number(hour) - 1], index, tolerance)
    }
  })

  it('holds still where nothing was measured', () => {
    const hours = Array.from({ length: 500 }, () => ({ surfaceC: 20, humidity: 97 }))
    const grown = mouldIndex(hours, { mouldClass: 'sensitive' }).at(-1)
    expect(mouldIndex([...hours, null, null], { mouldClass: 'sensitive' }).at(-1)).toBe(grown)
    expect(mouldIndex([null], { mouldClass: 'sensitive' })).toEqual([0])
  })

  it('stays between nothing and dense, whatever the weather', () => {
    const hour = fc.record({
      surfaceC: fc.double({ min: -20, max: 60, noNaN: true }),
      humidity: fc.double({ min: 0, max: 130, noNaN: true })
    })
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 400 }), (hours) => {
        for (const index of mouldIndex(hours, { mouldClass: 'verySensitive', initial: 3 })) {
          expect(index).toBeGreaterThanOrEqual(0)
          expect(index).toBeLessThanOrEqual(6)
        }
      }),
      { numRuns: 30 }
    )
  })
})

function mouldClassOf(name: unknown): MouldClass {
  const classes = { vs: 'verySensitive', s: 'sensitive', mr: 'mediumResistant', r: 'resistant' } as const
  if (name === 'vs' || name === 's' || name === 'mr' || name === 'r') return classes[name]
  throw new Error(`${String(name)} is no class.`)
}

/** Hours of the weather that a vector describes in words. */
function weatherOf(input: unknown): { surfaceC: number; humidity: number }[] {
  const surfaceC = numberOf(input, 'T')
  return Array.from({ length: numberOf(input, 'days') * 24 }, (_, hour) => {
    if (fieldOf(input, 'kind') !== 'cycle') return { surfaceC, humidity: numberOf(input, 'RH') }
    const wetHours = numberOf(input, 'wet_days') * 24
    const isWet = hour % (wetHours + numberOf(input, 'dry_days') * 24) < wetHours
    return { surfaceC, humidity: numberOf(input, isWet ? 'RH_wet' : 'RH_dry') }
  })
}

describe('flags of a series', () => {
  it.each(vectors('dq.spike'))('%s', (_id, { input, expected }) => {
    const flags = spikeFlags(seriesOf(input, 'x'), { suspect: numberOf(input, 'suspect'), ...failOf(input) })
    expect(flags).toEqual(expected)
  })

  it.each(vectors('dq.rate_of_change'))('%s', (_id, { input, expected }) => {
    const values = seriesOf(input, 'x')
    const times = values.map((_value, i) => i * numberOf(input, 'dt_s'))
    expect(rateOfChangeFlags(values, times, { suspect: numberOf(input, 'thr'), ...failOf(input) })).toEqual(
      expected
    )
  })

  it.each(vectors('dq.flat_line'))('%s', (_id, { input, expected }) => {
    const flags = flatLineFlags(seriesOf(input, 'x'), {
      intervalS: numberOf(input, 'dt_s'),
      suspectS: numberOf(input, 'suspect_s'),
      failS: numberOf(input, 'fail_s'),
      tolerance: numberOf(input, 'tol')
    })
    expect(flags).toEqual(expected)
  })

  it.each(vectors('dq.attenuated'))('%s', (_id, { input, expected }) => {
    expect(
      attenuatedFlag(numbersOf(input, 'x'), { suspect: numberOf(input, 'suspect'), ...failOf(input) })
    ).toBe(expected)
  })

  it.each(vectors('dq.climatology'))('%s', (_id, { input, expected }) => {
    const members = fieldOf(input, 'members')
    if (!Array.isArray(members)) throw new Error('There are no seasons.')
    const seasons = members.map((member: unknown): Season => {
      const [first = NaN, last = NaN] = numbersOf(member, 'months')
      const [min = NaN, max = NaN] = numbersOf(member, 'suspect')
      const [failMin, failMax] = fieldOf(member, 'fail') === undefined ? [] : numbersOf(member, 'fail')
      const fail =
        failMin === undefined || failMax === undefined ? {} : { fail: { min: failMin, max: failMax } }
      return { months: [first, last], suspect: { min, max }, ...fail }
    })
    const months = numbersOf(input, 'months')
    const flags = seriesOf(input, 'x').map((value, i) => climatologyFlag(value, months[i]!, seasons))
    expect(flags).toEqual(expected)
  })

  it.each(vectors('dq.neighbour'))('%s', (_id, { input, expected, tolerance }) => {
    const { flag, z } = neighbourFlag(numberOf(input, 'x'), numbersOf(input, 'neighbours'))
    expect(flag).toBe(numberOf(expected, 'flag'))
    if (z !== null) expectWithin(z, numberOf(expected, 'z'), tolerance)
  })

  it.each(vectors('dq.aggregate'))('%s', (_id, { input, expected }) => {
    const rows = fieldOf(input, 'flags') as Flag[][]
    expect(rows[0]!.map((_flag, i) => rows.map((row) => row[i]!).reduce(worstFlag))).toEqual(expected)
  })
})

describe('collocation', () => {
  it.each(vectors('dq.collocation'))('%s', (_id, { input, expected, tolerance }) => {
    const result = collocation(numbersOf(input, 'reference'), numbersOf(input, 'sensor'))!
    expect(result.n).toBe(numberOf(expected, 'n'))
    for (const key of ['slope', 'intercept', 'r2', 'rmse', 'mae', 'mbe'] as const) {
      expectWithin(result[key], numberOf(expected, key), tolerance)
    }
    expectWithin(result.nrmsePercent, numberOf(expected, 'nrmse_pct'), tolerance)
    expect(pm2_5Targets(result)).toEqual(fieldOf(expected, 'targets'))
  })

  it.each(vectors('dq.precision'))('%s', (_id, { input, expected, tolerance }) => {
    const result = precision(fieldOf(input, 'sensors') as number[][])!
    expectWithin(result.sd, numberOf(expected, 'sd'), tolerance)
    expectWithin(result.cvPercent, numberOf(expected, 'cv_pct'), tolerance)
  })

  it('is held against the targets of its own quantity', () => {
    const pairs = collocation([10, 15, 20, 25, 30], [19, 24, 29, 34, 39])!
    expect(meetsTargets(pairs, 'pm2_5')).toMatchObject({
      slope: true,
      intercept: false,
      r2: true,
      error: false
    })
    expect(meetsTargets(pairs, 'no2')).toMatchObject({ intercept: true, error: true })
    expect(meetsTargets(pairs, 'pm10')).toMatchObject({ intercept: true, error: true })
    expect(meetsTargets(pairs, 'o3')).toMatchObject({ slope: true, intercept: true, error: true })
    expect(collocationTargets.no2.rmse).toBeCloseTo(28.69, 2)
  })

  it('gives no number that looks sure from too little', () => {
    expect(collocation([1, 2, 3, 4], [1, 2, 3, 4])).toBeNull()
    expect(collocation([5, 5, 5, 5, 5], [1, 2, 3, 4, 5])).toMatchObject({
      slope: null,
      intercept: null,
      r2: null
    })
    expect(() => collocation([1], [])).toThrow('Each reference value')
    expect(precision([[1, 2]])).toBeNull()
    expect(() => precision([[1, 2], [1]])).toThrow('Each sensor')
  })
})
