/** The end of a scale: what an event reaches is kept, what an error sends is not. */
import { describe, expect, it } from 'vitest'
import { check } from '../../ingest/check.ts'
import { lookBackRules } from '../../ingest/look-back.ts'
import { reasonList } from '../../model/flag.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import { minuteMs } from '../../model/time.ts'
import type { ExaminedSeries } from '../../store/promise/examine.ts'
import { everything, hourStart, winter } from '../support/readings.ts'

interface Options {
  stepMinutes?: number
  family?: SensorFamily
}

/** As the way in leaves them. */
function cameIn(
  quantity: MeasuredQuantity,
  value: number[],
  { stepMinutes = 3, family }: Options = {}
): ExaminedSeries {
  const judged = value.map((one) => check({ quantity, value: one, reasons: 0 }, family))
  return {
    siteId: 'a',
    deviceId: 'box-1',
    quantity,
    judged: everything,
    time: value.map((_, i) => winter + i * stepMinutes * minuteMs),
    value,
    flag: judged.map(({ flag }) => flag),
    reasons: judged.map(({ reasons }) => reasons)
  }
}

const rules = lookBackRules({ isOutdoor: () => true, neighboursOf: () => [], sensorsOf: () => [] })

/** Flags after a look back, and why. */
function after(...series: ExaminedSeries[]): string[] {
  for (const { series: index, place, flag, reasons } of rules.judge({
    series,
    hourStart,
    middleOf: () => undefined
  })) {
    series[index]!.flag[place] = flag
    series[index]!.reasons[place] = reasons
  }
  return series.map(({ flag, reasons, value }) =>
    flag
      .map((one, i) => (one > 2 ? `${value[i]}:${one} ${reasonList(reasons[i]!).join(' ')}`.trimEnd() : ''))
      .filter(Boolean)
      .join(', ')
  )
}

describe('the end of a scale', () => {
  it('is kept in a bonfire, at an SDS011 and at a Plantower', () => {
    const bonfire = cameIn('pm2_5', [12, 80, 400, 999.9, 999.9, 700, 90, 20], { family: 'sds011' })
    expect(after(bonfire)[0]).toContain('999.9:3 unusual saturated, 999.9:3 unusual saturated')
    const smoke = cameIn('pm2_5', [300, 700, 1400, 2300, 1600, 800], { family: 'pms5003' })
    expect(after(smoke)[0]).toContain('1400:3 saturated, 2300:3 saturated, 1600:3 saturated')
    // Nothing changes when it is judged again.
    expect(rules.judge({ series: [bonfire, smoke], hourStart, middleOf: () => undefined })).toEqual([])
  })

  it('is kept in hours of dust, by the finer particles where those can still be told', () => {
    const dust = Array.from({ length: 200 }, (_, i) => (i < 5 ? 300 * i : i < 195 ? 1999.9 : 500))
    const fine = dust.map((value) => (value > 1500 ? 450 : 60))
    const [pm10, pm2_5] = [cameIn('pm10', dust), cameIn('pm2_5', fine)]
    after(pm10, pm2_5)
    expect(new Set(pm10.flag.slice(5, 195))).toEqual(new Set([3]))
    const alone = cameIn('pm10', dust)
    after(alone)
    expect(new Set(alone.flag.slice(5, 195))).toEqual(new Set([3]))
  })

  it('is an error where the readings around know nothing of it', () => {
    expect(after(cameIn('pm2_5', [8, 9, 999.9, 9, 8]))[0]).toBe('999.9:4 unusual saturated')
    expect(after(cameIn('pm10', [12, 1999.9, 1999.9, 1999.9, 14]))[0]).toContain('1999.9:4')
    expect(after(cameIn('pm2_5', [400, 999, 65535, 400]))[0]).toContain('65535:4 outOfRange sentinel')
    expect(after(cameIn('co2', [420, 65535, 430]))[0]).toContain('65535:4 outOfRange sentinel')
    expect(after(cameIn('temperature', [8, 85, 8.2]))[0]).toContain('85:4 unusual sentinel')
  })

  it('is kept in a leak of CO2, in a loud night, at a hot pipe and on a flooded wall', () => {
    expect(after(cameIn('co2', [9_000, 22_000, 38_000, 44_000, 41_000, 30_000]))[0]).toContain(
      '44000:3 saturated'
    )
    const loud = cameIn('laeq', [112, 118, 121, 119], { family: 'ics43434', stepMinutes: 1 })
    expect(after(loud)[0]).toBe('121:3 saturated')
    const pipe = cameIn('surface_temperature', [83.5, 84.6, 85, 85.4])
    expect(after(pipe)[0]).toContain('85:3 unusual')
    const wall = cameIn('wall_moisture', [24, 31, 38, 44, 52], { family: 'woodpin', stepMinutes: 10 })
    expect(after(wall)[0]).toBe('44:3 saturated, 52:3 saturated')
  })

  it('is kept for a bang that the minute it lies in knows of', () => {
    const bang = cameIn('lamax', [61, 122, 60], { family: 'ics43434', stepMinutes: 1 })
    const minute = cameIn('laeq', [50, 95, 49], { family: 'ics43434', stepMinutes: 1 })
    expect(after(bang, minute)[0]).toBe('122:3 saturated')
    const tap = cameIn('lamax', [61, 122, 60], { family: 'ics43434', stepMinutes: 1 })
    const quiet = cameIn('laeq', [50, 51, 49], { family: 'ics43434', stepMinutes: 1 })
    expect(after(tap, quiet)[0]).toBe('122:4 outOfRange')
  })

  it('fails again where a late reading takes away what led there', () => {
    const bonfire = cameIn('pm2_5', [12, 400, 999.9, 12])
    after(bonfire)
    expect(bonfire.flag[2]).toBe(3)
    bonfire.value[1] = 11
    bonfire.flag[1] = 1
    bonfire.reasons[1] = 0
    after(bonfire)
    expect(bonfire.flag[2]).toBe(4)
    const smoke = cameIn('pm2_5', [700, 1400, 20], { family: 'pms5003' })
    after(smoke)
    smoke.value[0] = 21
    after(smoke)
    expect([smoke.flag[1], reasonList(smoke.reasons[1]!)]).toEqual([4, ['outOfRange']])
  })

  it('is told from what nature does not have', () => {
    expect(after(cameIn('pm2_5', [500, 30_000, 500]))[0]).toContain('30000:4 outOfRange')
    expect(after(cameIn('humidity', [99, 140, 99]))[0]).toContain('140:4 outOfRange')
  })

  it('ends with a silence', () => {
    expect(after(cameIn('pm2_5', [500, 999.9, 500], { stepMinutes: 61 }))[0]).toContain('999.9:4')
  })
})
