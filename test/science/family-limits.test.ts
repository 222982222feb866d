/** Limits by sensor family: never wider than the quantity's own, each with its source, and used where the family is known. */
import { describe, expect, it } from 'vitest'
import { definitionOf, isMeasured, type MeasuredQuantity } from '../../model/quantity.ts'
import { reasonList, type Flag } from '../../model/flag.ts'
import { sensorFamilyNames, type SensorFamily } from '../../model/sensor.ts'
import { familyLimits, familyOf } from '../../science/family-limits.ts'
import { grossRange } from '../../science/quality.ts'

describe('the limits of a family', () => {
  it.each<[SensorFamily, MeasuredQuantity, number, Flag]>([
    ['sds011', 'pm2_5', 300, 1],
    ['sds011', 'pm2_5', 300.1, 3],
    ['sds011', 'pm2_5', 999.9, 4],
    ['sds011', 'pm10', 1200, 3],
    ['sds011', 'pm10', 1999.9, 4],
    ['sds011', 'pm10', 1999.95, 4],
    ['pms5003', 'pm2_5', 500, 1],
    ['pms5003', 'pm10', 501, 3],
    ['pms5003', 'pm10', 1001, 4],
    ['sps30', 'pm4', 900, 3],
    ['scd40', 'co2', 2001, 3],
    ['scd41', 'co2', 2001, 1],
    ['scd30', 'co2', 379, 3],
    ['scd30', 'co2', 40001, 4],
    ['ds18b20', 'surface_temperature', 61, 3],
    ['ds18b20', 'temperature', 85, 4],
    ['dht22', 'temperature', 81, 4],
    ['bme280', 'pressure', 849, 3],
    ['ics43434', 'laeq', 31.9, 3],
    ['ics43434', 'laeq', 19.9, 4],
    ['ics43434', 'lamax', 120.1, 4],
    ['no2cell', 'no2', -96, 4],
    ['woodpin', 'wall_moisture', 41, 4]
  ])('%s %s of %d is %d', (family, quantity, value, flag) => {
    expect(grossRange(quantity, value, family).flag).toBe(flag)
  })

  it('widen nothing, and change nothing for what the family does not measure', () => {
    expect(grossRange('temperature', 100, 'sht31').flag).toBe(4)
    expect(grossRange('pm2_5', 400, 'dht22').flag).toBe(1)
    expect(grossRange('pm2_5', 400).flag).toBe(1)
    expect(reasonList(grossRange('pm10', 1999.95, 'sds011').reasons)).toEqual(['outOfRange'])
    expect(reasonList(grossRange('pm10', 1200, 'sds011').reasons)).toEqual(['unusual'])
  })

  it('name quantities that can be measured, with spans inside each other and a source', () => {
    for (const family of sensorFamilyNames) {
      for (const [quantity, { fail, suspect = fail, source }] of Object.entries(familyLimits[family])) {
        expect(isMeasured(quantity)).toBe(true)
        expect(definitionOf(quantity as MeasuredQuantity).subject).not.toBe('device')
        expect(fail.min <= suspect.min && suspect.max <= fail.max).toBe(true)
        expect(source).not.toBe('')
      }
    }
  })

  it('are of the first sensor of a box that measures the quantity', () => {
    expect(familyOf(['sds011', 'bme280', 'ds18b20'], 'temperature')).toBe('bme280')
    expect(familyOf(['sds011'], 'temperature')).toBeUndefined()
    expect(familyOf([], 'pm2_5')).toBeUndefined()
  })
})
