/** What a log shows of damp, and rules beside it: vectors, spells, conditions, and when nothing can be said. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { hourMs } from '../../model/time.ts'
import { awaabClocks } from '../../science/awaab.ts'
import {
  airingAdvice,
  factorConditions,
  measuredFactor,
  meets,
  mouldRange,
  movingAverageCriteria,
  movingAverages,
  surfaceHours,
  surfaceRisk,
  type FactorHour,
  type SurfaceHour
} from '../../science/damp-record.ts'
import { isopleth } from '../../science/mould.ts'
import { completeMean, homesPublishable } from '../../science/street.ts'
import { expectWithin, fieldOf, numberOf, vectors } from '../support/vectors.ts'

const at = (hour: number): UnixMs => (Date.UTC(2026, 0, 5) + hour * hourMs) as UnixMs
const surface = (humidities: readonly (number | null)[]): (SurfaceHour | null)[] =>
  humidities.map((humidity, i) =>
    humidity === null ? null : { time: at(i), surfaceC: 15, humidity, estimated: false }
  )

describe('a surface', () => {
  it('is the measured one where there is one, else an estimate that says so', () => {
    const inside = { temperatureC: 20, humidity: 60 }
    const hours = [
      { time: at(0), inside, outsideC: 4, surfaceC: 12 },
      { time: at(1), inside, outsideC: 4, surfaceC: null },
      { time: at(2), inside, outsideC: null, surfaceC: null },
      { time: at(3), inside: null, outsideC: 4, surfaceC: 12 }
    ]
    const [measured, estimated, unknown, missing] = surfaceHours(hours, 0.5)
    expect(measured).toMatchObject({ surfaceC: 12, estimated: false })
    expect(measured!.humidity).toBeCloseTo(99.97, 1)
    expect(estimated).toMatchObject({ surfaceC: 12, estimated: true })
    expect([unknown, missing]).toEqual([null, null])
    expect(surfaceHours(hours, null)[1]).toBeNull()
  })

  it('has hours at risk, and a longest spell that a missing hour ends', () => {
    const record = surfaceRisk(surface([79.9, 80, 101, null, 85, 85, 85, 60, 80]))
    expect(record).toEqual({
      hours: 8,
      expected: 9,
      coverage: 8 / 9,
      hoursAtRisk: 6,
      hoursCondensing: 1,
      longestSpellHours: 3,
      longestSpellFrom: at(4)
    })
    const jump = surface([85, 85])
    jump[1]!.time = at(30)
    expect(surfaceRisk(jump).longestSpellHours).toBe(1)
    expect(surfaceRisk([])).toMatchObject({ coverage: 0, longestSpellFrom: null })
  })

  it('never has more hours at risk than hours, nor a longer spell than those', () => {
    const humidity = fc.option(fc.double({ min: 30, max: 120, noNaN: true }), { nil: null })
    fc.assert(
      fc.property(fc.array(humidity, { maxLength: 100 }), (list) => {
        const record = surfaceRisk(surface(list))
        expect(record.coverage).toBeLessThanOrEqual(1)
        expect(record.hoursAtRisk).toBeLessThanOrEqual(record.hours)
        expect(record.longestSpellHours).toBeLessThanOrEqual(record.hoursAtRisk)
        expect(record.hoursCondensing).toBeLessThanOrEqual(record.hoursAtRisk)
      })
    )
  })

  it('has a mould index as a range over materials, and none of a log full of holes', () => {
    const wet = surface(Array.from({ length: 60 * 24 }, () => 97))
    const { lowest, highest } = mouldRange(wet)!
    expect(lowest).toBeLessThan(highest)
    expect(highest).toBeGreaterThan(3)
    expect(mouldRange(surface([97, null, null]))).toBeNull()
    expect(mouldRange([])).toBeNull()
  })

  it.each(vectors('damp.lim_zeng'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(isopleth(numberOf(input, 'T'), numberOf(input, 'c')), Number(expected), tolerance)
  })
})

describe('a temperature factor measured at home', () => {
  const night = (day: number, surfaceC: number, outsideC = 2): FactorHour[] =>
    Array.from({ length: 24 }, (_, hour) => ({
      time: at(day * 24 + hour),
      // By day the sun is on the wall; nobody wants that in the factor.
      surfaceC: hour < factorConditions.nightUntilHour ? surfaceC : 25,
      insideC: 20,
      outsideC,
      hour
    }))

  it('is the median of nights', () => {
    const found = measuredFactor([...night(0, 14), ...night(1, 15), ...night(2, 19)])
    expect(found).toMatchObject({ ok: true, nights: 3 })
    expect(found.ok && found.factor).toBeCloseTo(13 / 18, 9)
  })

  it('is not told of two nights or of mild ones', () => {
    expect(measuredFactor([...night(0, 14), ...night(1, 15)])).toMatchObject({ ok: false })
    const mild = measuredFactor([0, 1, 2, 3].flatMap((day) => night(day, 17, 12)))
    expect(!mild.ok && mild.why).toContain('there are 0')
  })
})

describe('moving averages', () => {
  it.each(vectors('damp.moving_average_criteria'))('%s', (_id, { input, expected }) => {
    const met = (['day', 'week', 'month'] as const).map((period) =>
      meets(numberOf(input, `aw_${period}`) * 100, movingAverageCriteria[period].surface)
    )
    expect(met.every((one) => one === true)).toBe(fieldOf(expected, 'surface_ok'))
  })

  it('find the wettest day, and say nothing of a month that was not measured', () => {
    const humid = Array.from({ length: 200 }, (_, i) => (i >= 100 && i < 124 ? 90 : 60))
    const [day, week, month] = movingAverages(humid, 'air')
    expect(day).toMatchObject({ period: 'day', limit: 85, met: false })
    expect(day!.highest).toBeCloseTo(90, 9)
    expect(week).toMatchObject({ met: true })
    expect(month).toEqual({ period: 'month', limit: 65, highest: null, met: null })
    const gappy = humid.map((value, i) => (i % 2 === 0 ? value : null))
    expect(movingAverages(gappy, 'air')[0]).toMatchObject({ highest: null, met: null })
  })
})

describe('airing', () => {
  it('goes by the water in the air: cold and humid outside is dry', () => {
    const winter = airingAdvice({ temperatureC: 20, humidity: 60 }, { temperatureC: 2, humidity: 95 })
    expect(winter).toMatchObject({ advice: 'air' })
    expect(winter.insideDewPointC).toBeCloseTo(12, 0)
    expect(airingAdvice({ temperatureC: 18, humidity: 50 }, { temperatureC: 26, humidity: 60 }).advice).toBe(
      'wait'
    )
    const same = { temperatureC: 20, humidity: 50 }
    expect(airingAdvice(same, same)).toMatchObject({ advice: 'noDifference', differenceGm3: 0 })
  })
})

describe('rules', () => {
  it.each(vectors('dq.complete_mean'))('%s', (_id, { input, expected, tolerance }) => {
    const { mean, capture } = completeMean(
      fieldOf(input, 'values') as (number | null)[],
      numberOf(input, 'expected')
    )
    expectWithin(capture, numberOf(expected, 'capture'), tolerance)
    if (fieldOf(expected, 'mean') === null) expect(mean).toBeNull()
    else expectWithin(mean, numberOf(expected, 'mean'), tolerance)
  })

  it.each(vectors('agg.k_anonymity'))('%s', (_id, { input, expected }) => {
    const [homes, k] = [numberOf(input, 'n_homes'), numberOf(input, 'k')]
    const may = homesPublishable(homes, k, numberOf(input, 'max_share'), numberOf(input, 'limit'))
    expect(may ? 'publish' : 'suppress').toBe(expected)
    expect(homesPublishable(5, 5, 0.2)).toBe(true)
  })

  it.each(vectors('damp.awaab'))('%s', (_id, { input, expected }) => {
    const clocks = awaabClocks(
      String(fieldOf(input, 'aware')),
      String(fieldOf(input, 'investigation_concluded')),
      fieldOf(input, 'holidays') as string[]
    )
    expect({
      investigate_by: clocks.investigateBy,
      summary_by: clocks.summaryBy,
      make_safe_by: clocks.makeSafeBy,
      start_further_works_by: clocks.startFurtherWorksBy,
      further_works_backstop: clocks.furtherWorksBackstop
    }).toEqual(expected)
  })

  it('count no more than was expected', () => {
    expect(completeMean([1, 1, 1], 2)).toEqual({ mean: 1, capture: 1 })
    expect(completeMean([], 0)).toEqual({ mean: null, capture: 0 })
  })
})
