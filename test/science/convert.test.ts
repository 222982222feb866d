/** Units: factors against published ones, every quantity's units, and refusals that name the units that would do. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definitionOf, quantities, quantityNames, type Quantity } from '../../model/quantity.ts'
import {
  converterFor,
  ppbToUgm3,
  toCanonical,
  ugm3PerPpb,
  ugm3ToPpb,
  unitsOf
} from '../../science/convert.ts'
import { expectWithin, numberOf, vectors } from '../support/vectors.ts'

describe('gases', () => {
  it.each(vectors('air.no2_ppb'))('%s', (_id, { input, expected, tolerance }) => {
    const conditions = { temperatureC: numberOf(input, 'T_C'), pressureHPa: numberOf(input, 'P_hPa') }
    expectWithin(ppbToUgm3('no2', numberOf(input, 'ppb'), conditions), Number(expected), tolerance)
  })

  it('have the published factors at 20 and 25 °C', () => {
    const us = { temperatureC: 25, pressureHPa: 1013.25 }
    expect(ugm3PerPpb('no2')).toBeCloseTo(1.9125, 4)
    expect(ugm3PerPpb('no2', us)).toBeCloseTo(1.8804, 4)
    expect(ugm3PerPpb('o3')).toBeCloseTo(1.9954, 3)
    expect(ugm3PerPpb('o3', us)).toBeCloseTo(1.962, 3)
  })

  it('come back from a mass to the same share', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 2000, noNaN: true }),
        fc.double({ min: -20, max: 45, noNaN: true }),
        (ppb, temperatureC) => {
          const conditions = { temperatureC, pressureHPa: 1000 }
          expect(ugm3ToPpb('o3', ppbToUgm3('o3', ppb, conditions), conditions)).toBeCloseTo(ppb, 9)
        }
      )
    )
  })
})

describe('units', () => {
  const rows: [quantity: Quantity, value: number, unit: string, canonical: number][] = [
    ['pm2_5', 12.5, 'µg/m³', 12.5],
    ['pm2_5', 12.5, 'UG/M3', 12.5],
    ['pm10', 0.05, 'mg/m3', 50],
    ['no2', 21, 'ppb', 40.1626],
    ['no2', 0.021, 'ppm', 40.1626],
    ['no2', 40, 'μg/m3', 40],
    ['o3', 2, 'pphm', 39.908],
    ['co2', 415, '[ppm]', 415],
    ['co2', 0.0415, '%', 415],
    ['temperature', 68, '°F', 20],
    ['temperature', 68, 'DEG F', 20],
    ['temperature', 293.15, 'K', 20],
    ['surface_temperature', 12, 'degC', 12],
    ['humidity', 55, '% RH', 55],
    ['humidity', 0.55, 'fraction', 55],
    ['pressure', 96011, 'Pa', 960.11],
    ['pressure', 733.5, 'mm Hg', 977.92],
    ['pressure', 29.92, 'inHg', 1013.207],
    ['pressure', 101.3, 'kPa', 1013],
    ['laeq', 45.5, 'dB -A', 45.5],
    ['battery_voltage', 3700, 'mV', 3.7],
    ['rssi', -70, 'dBm', -70],
    ['so2', 10, 'ppb', 26.632],
    ['no', 10, 'ppb', 12.474],
    ['nox', 10, 'ppb', 19.125],
    ['co', 9, 'ppm', 10.48],
    ['co', 450, 'µg/m³', 0.45],
    ['wind_speed', 36, 'km/h', 10],
    ['wind_speed', 10, 'mph', 4.4704],
    ['wind_speed', 10, 'knots', 5.1444],
    ['wind_direction', 270, 'degrees', 270],
    ['rain', 0.1, 'in/hr', 2.54],
    ['rain', 0.2, 'mm/min', 12],
    ['rain', 0.001, 'mm/s', 3.6],
    ['solar', 0.8, 'kW/m2', 800],
    ['lux', 12000, 'lux', 12000]
  ]
  it.each(rows)('%s: %d %s is %d', (quantity, value, unit, canonical) => {
    const result = toCanonical(quantity, value, unit)
    expect(result.ok && result.value).toBeCloseTo(canonical, 2)
  })

  // Valid in UCUM by ucum-lhc 7.1.10; dB[mW], ppm and dB(A) are not. A new code is tried there before it comes here.
  const validInUcum = [
    ...['ug/m3', 'mg/m3', '[ppm]', '1', 'Cel', '%', 'hPa', 'dB{A-weighted}', 'V', 'dB{mW}'],
    ...['m/s', 'deg', 'mm/h', 'W/m2', 'lx']
  ]

  it('are named by codes that UCUM has', () => {
    for (const quantity of quantityNames) expect(validInUcum).toContain(definitionOf(quantity).ucum)
  })

  it('of a quantity itself change nothing', () => {
    for (const quantity of quantityNames) {
      expect(unitsOf(quantity)[0]).toBe(quantities[quantity].unit)
      for (const unit of [quantities[quantity].unit, quantities[quantity].ucum]) {
        expect(toCanonical(quantity, 17.25, unit)).toEqual({ ok: true, value: 17.25 })
      }
    }
  })

  it.each([
    ['pm2_5', 'ppb', 'ppb is no unit of PM2.5; it takes µg/m³, mg/m³, ng/m³.'],
    ['humidity', 'g/m3', 'g/m3 is no unit of Humidity; it takes %, fraction.'],
    ['temperature', '', 'Temperature needs a unit; it takes °C, °F, K.'],
    ['laeq', 'dB(C)', 'dB(C) is no unit of Sound level; it takes dB(A), dB.'],
    ['co2', 'mg/m3', 'mg/m3 is no unit of CO₂; it takes ppm, ppb, %.'],
    ['rain', 'mm', 'mm is no unit of Rain; it takes mm/h, mm/min, mm/s, in/h.'],
    ['wind_direction', '', 'Wind direction needs a unit; it takes °.'],
    ['rssi', 'constructor', 'constructor is no unit of Signal; it takes dBm.']
  ] as const)('refuse %s in "%s"', (quantity, unit, refusal) => {
    expect(toCanonical(quantity, 1, unit)).toEqual({ ok: false, refusal })
    expect(converterFor(quantity, unit).ok).toBe(false)
  })

  it('make no number of what is none', () => {
    expect(toCanonical('pm2_5', NaN, 'µg/m³').ok).toBe(false)
  })
})
