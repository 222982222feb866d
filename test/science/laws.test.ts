/** Laws that the formulas keep for every input, not only for the published ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { hourMs, parseIsoZoned, toIso } from '../../model/time.ts'
import {
  daqi,
  daqiMissing,
  daqiPollutants,
  daqiUpperBounds,
  daqiWorst,
  roundHalfUp,
  type DaqiPollutant
} from '../../science/air.ts'
import { dewPoint } from '../../science/damp.ts'
import { energyMean, energyMeanWeighted, lastNight, lden, nightOf } from '../../science/noise.ts'
import { acrossSites, median, quantile } from '../../science/street.ts'

const level = fc.double({ min: 20, max: 120, noNaN: true })
const levels = fc.array(level, { minLength: 1, maxLength: 50 })
const zone = fc.constantFrom(
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'UTC'
)
const moment = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) }).map((at) => at as UnixMs)

describe('energy averages', () => {
  it('lie between the quietest and the loudest, and never below the arithmetic mean', () => {
    fc.assert(
      fc.property(levels, (list) => {
        const mean = energyMean(list)!
        const arithmetic = list.reduce((sum, one) => sum + one, 0) / list.length
        expect(mean).toBeLessThanOrEqual(Math.max(...list) + 1e-9)
        expect(mean).toBeGreaterThanOrEqual(arithmetic - 1e-9)
      })
    )
  })

  it('give the same in two steps as in one, weighted by the time measured', () => {
    fc.assert(
      fc.property(levels, levels, (first, second) => {
        const inTwo = energyMeanWeighted(
          [energyMean(first)!, energyMean(second)!],
          [first.length, second.length]
        )
        expect(inTwo).toBeCloseTo(energyMean([...first, ...second])!, 9)
      })
    )
  })

  it('have no value without a level or without measured time', () => {
    expect(energyMean([])).toBeNull()
    expect(energyMeanWeighted([50], [0])).toBeNull()
  })

  it('refuse a level without its time, and negative time', () => {
    expect(() => energyMeanWeighted([50, 60], [1])).toThrow('Each level needs the time')
    expect(() => energyMeanWeighted([50], [-1])).toThrow('negative')
  })

  it('add 6.4 dB to a constant level as Lden', () => {
    fc.assert(
      fc.property(level, (one) => {
        expect(lden(one, one, one)).toBeCloseTo(one + 6.395243, 5)
      })
    )
  })
})

describe('nights', () => {
  it.each([
    ['an ordinary night', '2026-07-01T12:00:00Z', 'Europe/London', '2026-07-01T22:00:00.000Z', 8],
    ['clocks forward', '2026-03-28T12:00:00Z', 'Europe/London', '2026-03-28T23:00:00.000Z', 7],
    ['clocks back', '2026-10-24T12:00:00Z', 'Europe/London', '2026-10-24T22:00:00.000Z', 9],
    [
      'clocks back by half an hour',
      '2026-04-04T12:00:00Z',
      'Australia/Lord_Howe',
      '2026-04-04T12:00:00.000Z',
      8.5
    ]
  ])('%s', (_what, at, inZone, from, hours) => {
    const night = nightOf(parseIsoZoned(at)!, inZone)
    expect(toIso(night.from)).toBe(from)
    expect((night.until - night.from) / hourMs).toBe(hours)
  })

  it('are over when they are the last one, and no other ended since', () => {
    fc.assert(
      fc.property(moment, zone, (at, inZone) => {
        const { from, until } = lastNight(at, inZone)
        expect(until).toBeLessThanOrEqual(at)
        expect(nightOf(from, inZone)).toEqual({ from, until })
        const next = nightOf(until, inZone)
        expect(next.until).toBeGreaterThan(at)
      })
    )
  })
})

describe('air index', () => {
  const pollutant = fc.constantFrom<DaqiPollutant>(...daqiPollutants)
  const mean = fc.double({ min: -20, max: 2000, noNaN: true })

  it('never falls when the air gets worse, and stays within 1 to 10', () => {
    fc.assert(
      fc.property(pollutant, mean, mean, (of, a, b) => {
        const [better, worse] = [daqi(of, Math.min(a, b)), daqi(of, Math.max(a, b))]
        expect(better.index).toBeLessThanOrEqual(worse.index)
        expect(better.index).toBeGreaterThanOrEqual(1)
        expect(worse.index).toBeLessThanOrEqual(10)
      })
    )
  })

  it('changes at each bound and half a unit above it', () => {
    for (const of of daqiPollutants) {
      for (const [place, bound] of daqiUpperBounds[of].entries()) {
        expect(daqi(of, bound + 0.49).index).toBe(place + 1)
        expect(daqi(of, bound + 0.5).index).toBe(place + 2)
      }
    }
  })

  it('of a place is that of its worst pollutant; what is missing does not count', () => {
    expect(daqiWorst({ pm2_5: 12, pm10: 60 })).toEqual({ index: 5, band: 'Moderate' })
    expect(daqiWorst({ pm2_5: 12, pm10: null })).toEqual({ index: 2, band: 'Low' })
    expect(daqiWorst({ pm2_5: NaN })).toBeUndefined()
    expect(daqiWorst({})).toBeUndefined()
    expect(daqiWorst({ pm2_5: 12, o3: 121, so2: 10 })).toEqual({ index: 5, band: 'Moderate' })
    expect(daqiWorst({ so2: 1065 })).toEqual({ index: 10, band: 'Very High' })
    expect(daqiMissing((pollutant) => pollutant === 'pm10')).toEqual(['pm2_5', 'no2', 'o3', 'so2'])
  })

  it('rounds halves up, those too that binary fractions put a hair below', () => {
    expect([0.5, 1.5, 2.4999, -0.5, 11.5].map((value) => roundHalfUp(value))).toEqual([1, 2, 2, 0, 12])
    expect(roundHalfUp(1.005, 2)).toBe(1.01)
    expect(roundHalfUp(8.35, 1)).toBe(8.4)
  })
})

describe('dew point', () => {
  it('never lies above the temperature, and meets it in saturated air', () => {
    const temperature = fc.double({ min: -40, max: 60, noNaN: true })
    fc.assert(
      fc.property(temperature, fc.double({ min: 0.1, max: 100, noNaN: true }), (t, humidity) => {
        expect(dewPoint(t, humidity)!).toBeLessThanOrEqual(t + 1e-9)
        expect(dewPoint(t, 100)!).toBeCloseTo(t, 9)
      })
    )
  })

  it('is not there for air without any water', () => {
    expect(dewPoint(20, 0)).toBeNull()
    expect(dewPoint(20, -1)).toBeNull()
    expect(dewPoint(20, NaN)).toBeNull()
  })
})

describe('the middle of a street', () => {
  const mean = fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: null })
  const coverage = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null })
  const site = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), mean, coverage), { selector: ([hour]) => hour })
    .map((rows) => {
      const ordered = rows.toSorted((a, b) => a[0] - b[0])
      return {
        time: ordered.map(([hour]) => (hour * hourMs) as UnixMs),
        mean: ordered.map(([, value]) => value),
        coverage: ordered.map(([, , share]) => share)
      }
    })

  it('does not depend on the order of the sites', () => {
    fc.assert(
      fc.property(fc.array(site, { maxLength: 8 }), (sites) => {
        expect(acrossSites(sites.toReversed())).toEqual(acrossSites(sites))
      })
    )
  })

  it('never comes from fewer than three sites with coverage, and never leaves their range', () => {
    fc.assert(
      fc.property(fc.array(site, { maxLength: 8 }), (sites) => {
        const street = acrossSites(sites)
        for (const [i, time] of street.time.entries()) {
          const counted = sites.flatMap((one) => {
            const place = one.time.indexOf(time)
            const value = one.mean[place] ?? null
            return value !== null && (one.coverage[place] ?? 0) >= 0.75 ? [value] : []
          })
          expect(street.sites[i]).toBe(counted.length)
          expect(street.median[i] === null).toBe(counted.length < 3)
          if (street.median[i] === null) continue
          expect(street.p25[i]!).toBeGreaterThanOrEqual(Math.min(...counted))
          expect(street.p25[i]!).toBeLessThanOrEqual(street.median[i]!)
          expect(street.median[i]!).toBeLessThanOrEqual(street.p75[i]!)
          expect(street.p75[i]!).toBeLessThanOrEqual(Math.max(...counted))
        }
      })
    )
  })

  it('is not moved by one box gone wild', () => {
    expect(median([8.1, 9.4, 7.7, 999.9, 8.8])).toBe(8.8)
    expect(quantile([], 0.5)).toBeNull()
    expect(quantile([4], 0.9)).toBe(4)
  })
})
