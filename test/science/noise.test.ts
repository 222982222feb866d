/** Levels, events and days of sound: reference vectors, nights of 7 and 9 hours, and the laws of energy. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayStart, hourMs, minuteMs, nextDayStart, parseIsoZoned } from '../../model/time.ts'
import { energyMean, lden } from '../../science/noise.ts'
import {
  compareNoise,
  noiseDays,
  noisePeriods,
  periodLevel,
  pooledPeriods,
  type LevelSeries
} from '../../science/noise-days.ts'
import {
  exceededLevel,
  exceededLevels,
  noiseEvents,
  selfNoise,
  soundExposureLevel,
  withoutSelfNoise
} from '../../science/noise-levels.ts'
import { expectWithin, fieldOf, numberOf, numbersOf, vectors } from '../support/vectors.ts'

const timezone = 'Europe/London'
const moment = (iso: string): UnixMs => parseIsoZoned(iso)!

/** Steps from `from` on, each with the level that `levelAt` gives it. */
function steps(
  from: UnixMs,
  until: UnixMs,
  stepMs: number,
  levelAt: (at: UnixMs) => number | null
): LevelSeries {
  const time = Array.from({ length: (until - from) / stepMs }, (_, i) => (from + i * stepMs) as UnixMs)
  return { time, level: time.map(levelAt), stepMs }
}

describe('levels', () => {
  it.each(vectors('noise.percentiles'))('%s', (_id, { input, expected, tolerance }) => {
    const level = exceededLevel(numbersOf(input, 'levels'), numberOf(input, 'N'), 1)
    expectWithin(level, Number(expected), tolerance)
  })

  it.each(vectors('noise.sel'))('%s', (_id, { input, expected, tolerance }) => {
    const level = soundExposureLevel(numbersOf(input, 'levels'), numberOf(input, 'dt_s'))
    expectWithin(level, Number(expected), tolerance)
  })

  it.each(vectors('noise.noise_floor'))('%s', (_id, { input, expected, tolerance }) => {
    const result = withoutSelfNoise(numberOf(input, 'level'), numberOf(input, 'ein'))
    if (typeof expected === 'number') expectWithin(result.level, expected, tolerance)
    else expect(result).toEqual({ level: null, highest: numberOf(input, 'ein') + 3 })
    expect(selfNoise['ics-43434']).toBe(29)
  })

  it('exceeded for less of the time are louder, and none comes from steps of an hour', () => {
    const level = fc.double({ min: 20, max: 120, noNaN: true })
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 60 }), (levels) => {
        const { la10, la50, la90 } = exceededLevels(levels, 1)!
        expect(la90).toBeLessThanOrEqual(la50)
        expect(la50).toBeLessThanOrEqual(la10)
        expect(la10).toBeLessThanOrEqual(Math.max(...levels))
      })
    )
    expect(exceededLevels([50, 60], 3600)).toBeNull()
    expect(exceededLevels([], 1)).toBeNull()
    expect(soundExposureLevel([], 1)).toBeNull()
  })
})

describe('events', () => {
  it.each(vectors('noise.events'))('%s', (_id, { input, expected }) => {
    const events = noiseEvents(numbersOf(input, 'levels'), 1, {
      threshold: numberOf(input, 'thr'),
      gapSMax: numberOf(input, 'min_gap_s'),
      durationSMin: numberOf(input, 'min_dur_s')
    })
    expect(events.length).toBe(numberOf(expected, 'count'))
    expect(events.map(({ first, last, highest }) => [first, last, highest])).toEqual(
      fieldOf(expected, 'events')
    )
  })

  it('are not joined over what nobody measured, and drop what is too short', () => {
    const rule = { threshold: 60, gapSMax: 5, durationSMin: 0 }
    expect(noiseEvents([70, 40, 70], 1, rule)).toHaveLength(1)
    expect(noiseEvents([70, null, 70], 1, rule)).toHaveLength(2)
    expect(
      noiseEvents([70, 40, 40, 70, 70], 1, { threshold: 60, gapSMax: 0, durationSMin: 2 })
    ).toMatchObject([{ first: 3, last: 4, highest: 70 }])
  })

  it('have the energy of their seconds', () => {
    const [event] = noiseEvents([40, 90, 40], 1, { threshold: 60, gapSMax: 0, durationSMin: 0 })
    expect(event!.sel).toBeCloseTo(90, 9)
  })
})

describe('days', () => {
  const byHour = (at: UnixMs): number => {
    const hour = new Date(at).getUTCHours()
    if (hour >= 7 && hour < 19) return 60
    return hour >= 19 && hour < 23 ? 55 : 50
  }

  it('have the level of each period and its Lden', () => {
    const from = moment('2026-01-10T00:00:00Z')
    const series = steps(from, moment('2026-01-12T12:00:00Z'), minuteMs, byHour)
    const [first, second, ...rest] = noiseDays(series, from, moment('2026-01-12T00:00:00Z'), timezone)
    expect(rest).toEqual([])
    expect(first!.lday).toMatchObject({ level: 60, coverage: 1 })
    expect(first!.levening.level).toBeCloseTo(55, 9)
    expect(first!.lnight.level).toBeCloseTo(50, 9)
    expect(first!.lden24h).toBeCloseTo(lden(60, 55, 50), 9)
    const periods = noisePeriods([first!, second!])
    expect(periods).toMatchObject({ days: 2, expectedDays: 2, coverage: 1 })
    expect(periods.lden).toBeCloseTo(lden(60, 55, 50), 9)
  })

  it('of one civil day alone take its own morning and its last hour as the night', () => {
    const from = moment('2026-03-29T00:00:00Z')
    const until = nextDayStart(from, timezone)
    const whole = pooledPeriods(steps(from, until, minuteMs, byHour), from, until, timezone)
    expect((until - from) / hourMs).toBe(23)
    for (const one of [whole.lday, whole.levening, whole.lnight]) expect(one.coverage).toBe(1)
    expect(whole.lden).not.toBeNull()
    const morning = pooledPeriods(
      steps(from, (from + 9 * hourMs) as UnixMs, minuteMs, byHour),
      from,
      until,
      timezone
    )
    expect(morning.lnight.level).toBeCloseTo(50, 9)
    expect(morning.lday).toMatchObject({ level: null })
    expect(morning.lden).toBeNull()
    expect(() => pooledPeriods({ time: [], level: [], stepMs: 2 * hourMs }, from, until, timezone)).toThrow(
      'or less'
    )
    expect(pooledPeriods({ time: [], level: [], stepMs: hourMs }, from, from, timezone).lday.coverage).toBe(0)
  })

  it.each([
    ['clocks forward', '2026-03-28T00:00:00Z', 7],
    ['clocks back', '2026-10-24T00:00:00+01:00', 9]
  ])('count the real hours of a night: %s', (_what, at, hours) => {
    const from = moment(at)
    const until = (from + 40 * hourMs) as UnixMs
    const [day] = noiseDays(
      steps(from, until, hourMs, () => 50),
      from,
      nextDayStart(from, timezone),
      timezone
    )
    expect((day!.lnight.until - day!.lnight.from) / hourMs).toBe(hours)
    expect(day!.lnight.coverage).toBe(1)
    expect(day!.lden24h).toBeCloseTo(lden(50, 50, 50), 9)
  })

  it('have no level below three quarters of a period, and no Lden without all three', () => {
    const from = moment('2026-01-10T00:00:00Z')
    const until = moment('2026-01-11T12:00:00Z')
    const gappy = steps(from, until, hourMs, (at) => (new Date(at).getUTCHours() < 11 ? null : 60))
    const [day] = noiseDays(gappy, from, moment('2026-01-11T00:00:00Z'), timezone)
    expect(day!.lday).toMatchObject({ level: null, coverage: 8 / 12 })
    expect(day!.lden24h).toBeNull()
    expect(noisePeriods([day!])).toMatchObject({ lday: null, lden: null, days: 0 })
    expect(noisePeriods([])).toMatchObject({ lden: null, coverage: 0 })
    expect(() => noiseDays({ ...gappy, stepMs: 2 * hourMs }, from, until, timezone)).toThrow(
      'an hour or less'
    )
  })

  it('weigh an hour by the time it was measured', () => {
    const from = moment('2026-01-10T00:00:00Z')
    const time = [from, (from + hourMs) as UnixMs]
    const series: LevelSeries = { time, level: [60, 50], coverage: [1, 0.6], stepMs: hourMs }
    const { level, coverage } = periodLevel(series, from, (from + 2 * hourMs) as UnixMs)
    expect(coverage).toBeCloseTo(0.8, 9)
    expect(level).toBeCloseTo(10 * Math.log10((1e6 + 0.6 * 1e5) / 1.6), 9)
  })

  it('keep each level between its quietest and loudest step, and coverage at or below 1', () => {
    const day = dayStart(moment('2026-10-25T12:00:00Z'), timezone)
    const level = fc.option(fc.double({ min: 20, max: 110, noNaN: true }), { nil: null })
    fc.assert(
      fc.property(fc.array(level, { minLength: 40, maxLength: 40 }), (levels) => {
        const time = levels.map((_l, i) => (day + i * hourMs) as UnixMs)
        // The same hour twice must not make more than all of it.
        const series = {
          time: [...time, ...time].toSorted((a, b) => a - b),
          level: [...levels, ...levels],
          stepMs: hourMs
        }
        for (const one of noiseDays(series, day, nextDayStart(day, timezone), timezone)) {
          for (const { level: mean, coverage } of [one.lday, one.levening, one.lnight]) {
            expect(coverage).toBeLessThanOrEqual(1)
            if (mean === null) continue
            const known = levels.filter((l) => l !== null)
            expect(mean).toBeGreaterThanOrEqual(Math.min(...known) - 1e-9)
            expect(mean).toBeLessThanOrEqual(Math.max(...known) + 1e-9)
          }
        }
      })
    )
    expect(energyMean([])).toBeNull()
  })
})

describe('beside the guidelines of WHO', () => {
  const at = moment('2026-11-23T12:00:00Z')
  const year = { lday: 60, levening: 58, days: 365, expectedDays: 365, coverage: 1 }

  it.each(vectors('noise.who2018'))('%s', (_id, { input, expected }) => {
    if (fieldOf(input, 'source') !== 'road') return
    const [onLden, onLnight] = [numberOf(expected, 'lden'), numberOf(expected, 'lnight')]
    const loud = compareNoise({ ...year, lden: onLden + 3, lnight: onLnight + 3 }, at, timezone)
    for (const one of loud.filter(({ limit }) => limit.set === 'who-noise-2018')) {
      expect(one).toMatchObject({ verdict: 'above', indicative: true })
      expect(one.difference).toBeCloseTo(3, 9)
    }
  })

  it('there is no verdict within the error of the microphone, and none of less than a year', () => {
    const near = compareNoise({ ...year, lden: 54, lnight: 44 }, at, timezone)
    expect(near.find(({ limit }) => limit.id === 'who-noise-2018/lden/year')).toMatchObject({
      verdict: 'notEnoughData'
    })
    const week = compareNoise({ ...year, lden: 70, lnight: 60, days: 7, expectedDays: 7 }, at, timezone)
    for (const one of week) {
      expect(one.verdict).toBe('notEnoughData')
      expect(one.sentence).toContain('this is of 7 days')
      expect(one.sentence).toMatch(/^Total outdoor sound/)
      expect(one.sentence).not.toMatch(/road noise|illegal|safe/i)
    }
  })

  it('says what is below it too, and nothing before a guideline or without a level', () => {
    const quiet = compareNoise({ ...year, lden: 45, lnight: 30 }, at, timezone)
    expect(new Set(quiet.map(({ verdict }) => verdict))).toEqual(new Set(['notAbove']))
    expect(compareNoise({ ...year, lden: 60, lnight: 50 }, moment('2009-01-01T00:00:00Z'), timezone)).toEqual(
      []
    )
    expect(compareNoise({ ...year, lden: null, lnight: null }, at, timezone)).toEqual([])
  })
})
