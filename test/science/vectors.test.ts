/** Every formula against reference vectors that were computed, or published, by others. */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { dayStart, hourMs, nextDayStart, toIso } from '../../model/time.ts'
import { daqi, type DaqiPollutant } from '../../science/air.ts'
import {
  absoluteHumidity,
  dewPoint,
  dewPointOfPressure,
  saturationPressure,
  vapourPressure
} from '../../science/damp.ts'
import { energyMean, energyMeanWeighted, lden, nightOf } from '../../science/noise.ts'
import { spanFlag } from '../../science/quality.ts'
import { median, quantile, scaledMad, trimmedMean20 } from '../../science/street.ts'
import { expectWithin, fieldOf, numberOf, numbersOf, vectors } from '../support/vectors.ts'

describe('air', () => {
  const pollutants: [group: string, pollutant: DaqiPollutant][] = [
    ['air.daqi.pm25', 'pm2_5'],
    ['air.daqi.pm10', 'pm10'],
    ['air.daqi.no2', 'no2']
  ]
  describe.each(pollutants)('%s', (group, pollutant) => {
    it.each(vectors(group))('%s', (_id, { input, expected }) => {
      expect(daqi(pollutant, numberOf(input, 'ugm3'))).toEqual(expected)
    })
  })
})

describe('noise', () => {
  it.each(vectors('noise.leq'))('%s', (_id, { input, expected, tolerance }) => {
    const levels = numbersOf(input, 'levels')
    expectWithin(energyMean(levels), numberOf(expected, 'leq'), tolerance)
    const arithmetic = levels.reduce((sum, level) => sum + level, 0) / levels.length
    expectWithin(arithmetic, numberOf(expected, 'arithmetic_mean_wrong'), tolerance)
  })

  it.each(vectors('noise.leq_weighted'))('%s', (_id, { input, expected, tolerance }) => {
    const level = energyMeanWeighted(numbersOf(input, 'levels'), numbersOf(input, 'durations_s'))
    expectWithin(level, numberOf(expected, 'leq'), tolerance)
  })

  it.each(vectors('noise.lden'))('%s', (_id, { input, expected, tolerance }) => {
    const level = lden(numberOf(input, 'lday'), numberOf(input, 'levening'), numberOf(input, 'lnight'))
    expectWithin(level, Number(expected), tolerance)
  })

  it.each(vectors('noise.percentiles'))('%s', (_id, { input, expected, tolerance }) => {
    const exceeded = quantile(numbersOf(input, 'levels'), 1 - numberOf(input, 'N') / 100)
    expectWithin(exceeded, Number(expected), tolerance)
  })
})

describe('damp', () => {
  it.each(vectors('damp.es'))('%s', (_id, { input, expected, tolerance }) => {
    expectWithin(saturationPressure(numberOf(input, 'T_C')), numberOf(expected, 'sonntag90_hPa'), tolerance)
  })

  it.each(vectors('damp.dewpoint'))('%s', (_id, { input, expected, tolerance }) => {
    const [temperature, humidity] = [numberOf(input, 'T_C'), numberOf(input, 'RH')]
    expectWithin(dewPoint(temperature, humidity), numberOf(expected, 'sonntag90'), tolerance)
    const pressure = vapourPressure(temperature, humidity)
    expectWithin(saturationPressure(dewPointOfPressure(pressure)!), pressure, 1e-9)
  })

  it.each(vectors('damp.absolute_humidity'))('%s', (_id, { input, expected, tolerance }) => {
    const grams = absoluteHumidity(numberOf(input, 'T_C'), numberOf(input, 'RH'))
    expectWithin(grams, numberOf(expected, 'sonntag90'), tolerance)
  })
})

describe('quality', () => {
  it.each(vectors('dq.gross_range'))('%s', (_id, { input, expected }) => {
    const [failMin = NaN, failMax = NaN] = numbersOf(input, 'fail')
    const [suspectMin = NaN, suspectMax = NaN] = numbersOf(input, 'suspect')
    const flags = numbersOf(input, 'x').map((value) =>
      spanFlag(value, { min: failMin, max: failMax }, { min: suspectMin, max: suspectMax })
    )
    expect(flags).toEqual(expected)
  })
})

describe('street', () => {
  it.each(vectors('agg.street'))('%s', (_id, { input, expected, tolerance }) => {
    const values = numbersOf(input, 'values')
    expectWithin(median(values), numberOf(expected, 'median'), tolerance)
    expectWithin(trimmedMean20(values), numberOf(expected, 'trimmed20'), tolerance)
    expectWithin(scaledMad(values), numberOf(expected, 'mad_scaled'), tolerance)
  })

  it.each(vectors('agg.percentile'))('%s', (_id, { input, expected, tolerance }) => {
    const value = quantile(numbersOf(input, 'values'), numberOf(input, 'p') / 100)
    expectWithin(value, numberOf(expected, 'type7'), tolerance)
  })
})

describe('days and nights', () => {
  it.each(vectors('agg.local_day'))('%s', (_id, { input, expected }) => {
    const zone = String(fieldOf(input, 'tz'))
    const date = fieldOf(input, 'date') ?? fieldOf(input, 'night_of')
    const noon = Date.parse(`${String(date)}T12:00:00Z`) as UnixMs
    if (fieldOf(input, 'night_of') !== undefined) {
      const night = nightOf(noon, zone)
      expect((night.until - night.from) / hourMs).toBe(numberOf(expected, 'hours'))
      return
    }
    const start = dayStart(noon, zone)
    expect((nextDayStart(start, zone) - start) / hourMs).toBe(numberOf(expected, 'hours'))
    expect(toIso(start)).toBe(String(fieldOf(expected, 'utc_start')).replace('Z', '.000Z'))
  })
})
