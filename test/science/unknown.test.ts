/**
 * Every question of science with a yes, a flag or a verdict for an answer, asked about what is no number: NaN, null, absent.
 * None of them may reassure: "agrees", "not above", "pass", "met" need a number behind them.
 */
import { describe, expect, it } from 'vitest'
import { daqi, daqiWorst } from '../../science/air.ts'
import { beforeAfter } from '../../science/before-after.ts'
import { meetsTargets, type Collocation } from '../../science/collocation.ts'
import { toCanonical } from '../../science/convert.ts'
import { airFault, applyCorrection, channelsAgree } from '../../science/correction.ts'
import { endsOfScale } from '../../science/course.ts'
import {
  airingAdvice,
  measuredFactor,
  meets,
  movingAverages,
  surfaceHours,
  surfaceRisk
} from '../../science/damp-record.ts'
import { dewPoint } from '../../science/damp.ts'
import { driftWindows } from '../../science/drift.ts'
import { eaqi } from '../../science/european-aqi.ts'
import { countsAsAbove, exceedances } from '../../science/exceedances.ts'
import { fixedSet } from '../../science/fixed-set.ts'
import { isAbove, limitById } from '../../science/guidelines.ts'
import { airLevel, levelFor } from '../../science/level.ts'
import { mouldIndex } from '../../science/mould.ts'
import { noiseEvents, withoutSelfNoise } from '../../science/noise-levels.ts'
import { judgeDry, judgeWet } from '../../science/pinned-humidity.ts'
import { profile } from '../../science/profile.ts'
import { grossRange, spanFlag } from '../../science/quality.ts'
import {
  attenuatedFlag,
  climatologyFlag,
  flatLineFlags,
  neighbourFlag,
  rateOfChangeFlags,
  spikeFlags
} from '../../science/series-quality.ts'
import { acrossSites, completeMean, homesPublishable } from '../../science/street.ts'
import { moistureLoad, temperatureFactor } from '../../science/surface.ts'
import { nowCast, usAqi } from '../../science/us-aqi.ts'
import { meanDirection } from '../../science/wind.ts'
import { check } from '../../ingest/check.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'

/** As they come from a division by nothing, a missing cell and a list that is too short. */
const nothings = [NaN, null, undefined, Infinity, -Infinity]
/** A caller whose types were lost on the way, as after JSON. */
const lost = (value: unknown): number => value as number

const at = (hour: number): UnixMs => (hour * hourMs) as UnixMs
const year = {
  window: 'day',
  from: Date.UTC(2025, 0, 1) as UnixMs,
  until: Date.UTC(2026, 0, 1) as UnixMs,
  timezone: 'UTC'
} as const

describe.each(nothings)('of %s', (nothing) => {
  const none = lost(nothing)

  it('two channels do not agree', () => {
    for (const [a, b] of [
      [none, 10],
      [10, none],
      [none, none]
    ] as const)
      expect(channelsAgree(a, b)).toBe(false)
  })

  it('no limit says that it is kept', () => {
    const limit = limitById('who-2021/pm2_5/year')!
    expect(() => isAbove(limit, none)).toThrow(RangeError)
    expect(() => countsAsAbove(limit, none)).toThrow(RangeError)
    const time = Array.from({ length: 365 }, (_, day) => (year.from + day * dayMs) as UnixMs)
    const means = { time, mean: time.map(() => none), coverage: time.map(() => 1) }
    expect(exceedances(means, limit, year)).toMatchObject({ valid: 0, verdict: 'notEnoughData' })
    const coverage = time.map(() => none)
    expect(exceedances({ time, mean: time.map(() => 3), coverage }, limit, year)).toMatchObject({ valid: 0 })
  })

  it('no index and no level is made', () => {
    expect(levelFor('pm2_5', none)).toBeNull()
    expect(airLevel({ pm2_5: none })).toBeNull()
    expect(daqiWorst({ pm2_5: none })).toBeUndefined()
    if (Number.isNaN(none)) {
      expect(() => daqi('pm2_5', none)).toThrow(RangeError)
      expect(() => eaqi('pm2_5', none)).toThrow(RangeError)
      expect(usAqi('pm2_5', none)).toBeNull()
    }
    expect(nowCast([10, none, none])).toBeNull()
    expect(nowCast([none, 10, 10])).toBe(10)
  })

  it('no test of quality passes', () => {
    const span = { min: 0, max: 100 }
    expect(spanFlag(none, span, span)).toBe(9)
    if (Number.isNaN(none)) {
      expect(grossRange('humidity', none).flag).toBe(9)
      expect(check({ quantity: 'humidity', value: none, reasons: 0 }).flag).toBe(9)
    }
    expect(spikeFlags([1, none, 1], { suspect: 1 })).toEqual([2, 9, 2])
    expect(rateOfChangeFlags([1, none, 1], [0, 1, 2], { suspect: 1 })).toEqual([1, 9, 1])
    expect(flatLineFlags([1, none, 1], { intervalS: 1, suspectS: 2, failS: 9, tolerance: 0.1 })).toEqual([
      1, 9, 3
    ])
    expect(attenuatedFlag([none, none], { suspect: 1 })).toBe(9)
    expect(attenuatedFlag([1, 1, none], { suspect: 1 })).toBe(3)
    expect(climatologyFlag(none, 1, [{ months: [1, 12], suspect: span }])).toBe(9)
    expect(neighbourFlag(none, [1, 2, 3, 4]).flag).toBe(9)
    expect(neighbourFlag(90, [1, 2, 3, none]).flag).toBe(4)
    expect(neighbourFlag(90, [1, 2, none, none]).flag).toBe(2)
  })

  it('no air is advised, no surface is dry, no criterion is met', () => {
    const air = { temperatureC: 20, humidity: 60 }
    const lostAir = [
      { temperatureC: none, humidity: 60 },
      { temperatureC: 20, humidity: none }
    ]
    for (const unknown of lostAir) {
      expect(() => airingAdvice(unknown, air)).toThrow(RangeError)
      expect(() => airingAdvice(air, unknown)).toThrow(RangeError)
      expect(() => moistureLoad(unknown, air)).toThrow(RangeError)
      const [hour] = surfaceHours([{ time: at(0), inside: unknown, outsideC: 5, surfaceC: 12 }], 0.75)
      expect(hour).toBeNull()
    }
    const room = { time: at(0), inside: air, outsideC: none, surfaceC: none }
    expect(surfaceHours([room], 0.75)).toEqual([null])
    const hours = [80, none, 85].map((humidity, i) => ({
      time: at(i),
      surfaceC: 12,
      humidity,
      estimated: false
    }))
    expect(surfaceRisk(hours)).toMatchObject({ hours: 2, hoursAtRisk: 2, longestSpellHours: 1 })
    expect(meets(none, 85)).toBeNull()
    const day = movingAverages(
      Array.from({ length: 24 }, (_, hour) => (hour < 6 ? none : 90)),
      'air'
    )[0]
    expect(day).toMatchObject({ highest: 90, met: false })
    expect(
      movingAverages(
        Array.from({ length: 24 }, () => none),
        'air'
      )[0]
    ).toMatchObject({ highest: null, met: null })
    // A missing hour is not a dry one.
    const wet = Array.from({ length: 200 }, () => ({ surfaceC: 20, humidity: 97 }))
    const missing = Array.from({ length: 100 }, () => ({ surfaceC: 20, humidity: none }))
    const grown = mouldIndex(wet, { mouldClass: 'verySensitive' }).at(-1)!
    expect(mouldIndex([...wet, ...missing], { mouldClass: 'verySensitive' }).at(-1)).toBe(grown)
    expect(temperatureFactor(none, 20, 5)).toBeNull()
    if (!Number.isFinite(none as number) && none !== null)
      expect(temperatureFactor(12, none, 5) ?? null).toBeNull()
    expect(measuredFactor([{ time: at(2), surfaceC: none, insideC: 20, outsideC: 0, hour: 2 }]).ok).toBe(
      false
    )
    if (none !== Infinity) expect(dewPoint(20, none)).toBeNull()
  })

  it('no humidity is said to be measured, or not, by a temperature that is none', () => {
    const stretch = { lastedMs: 30 * hourMs, lowest: 100, highest: 100, hourlyC: [none] }
    expect(judgeWet(stretch, { sticks: true, isOutdoor: true })).toBe('doubtful')
    expect(judgeWet({ ...stretch, hourlyC: [2, none, 20] }, { sticks: true, isOutdoor: true })).toBe('broken')
    expect(judgeDry({ ...stretch, lowest: 1, highest: 1 }, { isFine: false })).toBe('doubtful')
  })

  it('no mean, no profile, no trend is made of it', () => {
    expect(completeMean([1, none], 2)).toEqual({ mean: null, capture: 0.5 })
    const site = (mean: number) => ({ time: [at(0)], mean: [mean], coverage: [1] })
    expect(acrossSites([site(1), site(2), site(none)]).sites).toEqual([2])
    const points = profile([site(none)], {
      by: 'hour',
      timezone: 'UTC',
      average: 'arithmetic',
      random: () => 0.5
    })
    expect(points.every(({ mean, days }) => mean === null && days === 0)).toBe(true)
    expect(fixedSet([{ siteId: 'a', ...site(none) }], [at(0)], 1)).toBeUndefined()
    const days = Array.from({ length: 30 }, () => 10)
    expect(
      driftWindows(
        days,
        days.map(() => none)
      )
    ).toEqual([null])
    expect(noiseEvents([40, none, 40], 1, { threshold: 50, gapSMax: 1, durationSMin: 1 })).toEqual([])
    expect(withoutSelfNoise(none, 29).level).toBe(none === Infinity ? Infinity : null)
    expect(Number.isFinite(meanDirection([none])!)).toBe(none === null)
  })

  it('no correction, no conversion, no target', () => {
    expect(airFault({ formula: 'barkjohn2021' }, none)).toBe(none === null ? 'missing' : 'impossible')
    const inputs = {
      quantity: 'pm2_5',
      value: none,
      sensor: 'plantower',
      signal: 'cf_1',
      humidity: 50,
      correctedBy: null
    } as const
    expect(applyCorrection({ formula: 'barkjohn2021' }, inputs).ok).toBe(false)
    expect(toCanonical('pm2_5', none, 'µg/m³').ok).toBe(false)
    const pairs: Collocation = {
      ...{ n: 30, slope: none, intercept: none, r2: none },
      ...{ rmse: Number.isFinite(none) ? none : NaN, nrmsePercent: none, mae: 1, mbe: 1 }
    }
    if (none !== -Infinity) {
      const { slope, intercept, r2 } = meetsTargets(pairs)
      expect([slope, intercept, none === Infinity ? false : r2]).toEqual([false, false, false])
    }
    expect(homesPublishable(5, 5, NaN)).toBe(false)
    expect(homesPublishable(NaN, 5, 0.2)).toBe(false)
    for (const { leads } of Object.values(endsOfScale))
      if (Number.isNaN(none)) expect(leads(none, 1_200)).toBe(false)
  })

  it('no before and after', () => {
    const series = (value: number) => ({
      day: Array.from({ length: 84 }, (_, i) => (i * dayMs) as UnixMs),
      value: Array.from({ length: 84 }, () => value)
    })
    const found = beforeAfter(series(none), series(10), (42 * dayMs) as UnixMs)
    expect(found.ok).toBe(false)
  })
})
