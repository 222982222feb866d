/** Single values: what cannot be, what is unusual, and what sensors send when they could not measure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonList } from '../../model/flag.ts'
import { definitionOf, quantityNames, type Quantity } from '../../model/quantity.ts'
import { grossRange } from '../../science/quality.ts'
import type { SensorFamily } from '../../model/sensor.ts'

const judged = (quantity: Quantity, value: number, family?: SensorFamily): unknown => {
  const { flag, reasons } = grossRange(quantity, value, family)
  return [flag, ...reasonList(reasons)]
}

describe('gross range', () => {
  const rows: [what: string, quantity: Quantity, value: number, verdict: unknown][] = [
    ['clean air', 'pm2_5', 8.1, [1]],
    ['no particles at all', 'pm2_5', 0, [1]],
    ['very thick smoke', 'pm2_5', 500.1, [3, 'unusual']],
    ['particles a little below zero, as analysers that weigh have them', 'pm2_5', -0.1, [3, 'unusual']],
    ['particles far below zero', 'pm2_5', -10.1, [4, 'outOfRange']],
    ['humidity 140', 'humidity', 140, [4, 'outOfRange']],
    ['saturated air', 'humidity', 100, [1]],
    ['a wet sensor', 'humidity', 101.7, [3, 'aboveSaturation']],
    ['as much as makers allow', 'humidity', 105, [3, 'aboveSaturation']],
    ['more than that', 'humidity', 105.1, [4, 'outOfRange']],
    ['a sensor at 1 % for weeks', 'humidity', 1, [3, 'unusual']],
    ['a lost DS18B20', 'surface_temperature', -127, [4, 'outOfRange', 'sentinel']],
    ['a DS18B20 just switched on', 'surface_temperature', 85, [4, 'unusual', 'sentinel']],
    ['nearly that, and measured', 'surface_temperature', 84.9, [3, 'unusual']],
    ['air of exactly 85', 'temperature', 85, [4, 'unusual', 'sentinel']],
    ['−127 dBm is a weak signal', 'rssi', -127, [1]],
    ['an SDS011 at its end', 'pm2_5', 999.9, [4, 'unusual', 'saturated']],
    ['an SDS011 at its end, PM10', 'pm10', 1999.9, [4, 'unusual', 'saturated']],
    ['pressure of 999.9 hPa', 'pressure', 999.9, [1]],
    ['−999', 'humidity', -999, [4, 'outOfRange', 'sentinel']],
    ['65535', 'co2', 65535, [4, 'outOfRange', 'sentinel']],
    ['327.67', 'temperature', 327.67, [4, 'outOfRange', 'sentinel']],
    ['327.67 hPa is no air pressure', 'pressure', 327.67, [4, 'unusual', 'sentinel']],
    ['−1 °C is weather', 'temperature', -1, [1]],
    ['−1 % is not', 'humidity', -1, [4, 'outOfRange', 'sentinel']],
    ['something that is not a number', 'humidity', NaN, [9]]
  ]
  it.each(rows)('judges %s', (_what, quantity, value, verdict) => {
    expect(judged(quantity, value)).toEqual(verdict)
  })

  it('knows what only one family does', () => {
    expect(judged('humidity', 99.9, 'dht22')).toEqual([3, 'stuck'])
    expect(judged('humidity', 99.9, 'bme280')).toEqual([1])
    expect(judged('humidity', 101.7, 'sht31')).toEqual([3, 'aboveSaturation'])
    expect(judged('humidity', 105.1, 'sht31')).toEqual([4, 'outOfRange'])
    expect(judged('humidity', 99.9)).toEqual([1])
    expect(judged('humidity', 99.8, 'dht22')).toEqual([1])
  })

  it('passes what lies inside the usual limits and fails what lies outside the possible ones', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...quantityNames),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (quantity, value) => {
          const { possibleMin, possibleMax, usualMin, usualMax } = definitionOf(quantity)
          const { flag } = grossRange(quantity, value)
          if (value < possibleMin || value > possibleMax) expect(flag).toBe(4)
          else if (value < usualMin || value > usualMax) expect(flag).toBeGreaterThanOrEqual(3)
        }
      )
    )
  })

  it('has limits that contain each other, for every quantity', () => {
    for (const quantity of quantityNames) {
      const { possibleMin, possibleMax, usualMin, usualMax } = definitionOf(quantity)
      expect([possibleMin, usualMin, usualMax, possibleMax]).toEqual(
        [possibleMin, usualMin, usualMax, possibleMax].toSorted((a, b) => a - b)
      )
    }
  })
})
