/** Means of eight hours, beside values computed in Python with zoneinfo, and the limits that are about them. */
import { describe, expect, it } from 'vitest'
import { exceedances } from '../../science/exceedances.ts'
import { limitById } from '../../science/guidelines.ts'
import { dailyHighestEights, runningEights, type TimedMean } from '../../science/running-hours.ts'
import { clockHours, hourMs, type UnixMs } from '../../model/time.ts'

const from = Date.UTC(2024, 11, 31, 16)
const until = Date.UTC(2026, 0, 1)
const zone = 'Europe/London'

/** A year of ozone with a day, a season, chance and gaps. */
function ozone(): TimedMean[] {
  const hours: TimedMean[] = []
  for (let i = 0; from + i * hourMs < until; i++) {
    if ((i * 31) % 50 === 7) continue
    const day = 35 * Math.sin((2 * Math.PI * ((i % 24) - 9)) / 24)
    const season = 25 * Math.sin((2 * Math.PI * i) / 8760 - 1.3)
    const chance = (((i * 7919) % 97) / 97) * 30 - 15
    hours.push({ time: (from + i * hourMs) as UnixMs, value: 60 + day + season + chance })
  }
  return hours
}

describe('means of eight hours', () => {
  it('need six of them, and stand at their end', () => {
    const five = Array.from({ length: 5 }, (_, i) => ({ time: (i * hourMs) as UnixMs, value: 10 + i }))
    expect(runningEights(five, clockHours('UTC'))).toEqual([])
    const eight = Array.from({ length: 8 }, (_, i) => ({ time: (i * hourMs) as UnixMs, value: i }))
    expect(runningEights(eight, clockHours('UTC'))).toEqual([
      { time: 6 * hourMs, value: 2.5 },
      { time: 7 * hourMs, value: 3 },
      { time: 8 * hourMs, value: 3.5 },
      { time: 9 * hourMs, value: 4 },
      { time: 10 * hourMs, value: 4.5 }
    ])
  })

  it('have a highest of each civil day, also where clocks change', () => {
    const days = new Map(dailyHighestEights(ozone(), zone).map(({ time, value }) => [time as number, value]))
    const inYear = [...days].filter(([day]) => day >= Date.UTC(2025, 0, 1))
    expect(inYear).toHaveLength(365)
    expect(days.get(Date.UTC(2025, 0, 1))).toBeCloseTo(65.73266538632733, 9)
    expect(days.get(Date.UTC(2025, 5, 30, 23))).toBeCloseTo(113.44727071381013, 9)
    expect(days.get(Date.UTC(2025, 9, 25, 23))).toBeCloseTo(73.8459035277434, 9)
    expect(Math.max(...inYear.map(([, value]) => value))).toBeCloseTo(116.98340891167507, 9)
  })

  it('are held against the limits of ozone', () => {
    const hours = ozone()
    const means = {
      time: hours.map(({ time }) => time),
      mean: hours.map(({ value }) => value),
      coverage: hours.map(() => 1)
    }
    const period = {
      window: 'hour',
      from: Date.UTC(2025, 0, 1) as UnixMs,
      until: until as UnixMs,
      timezone: zone
    } as const
    const who = exceedances(means, limitById('who-2021/o3/8hours')!, period)
    expect(who).toMatchObject({ valid: 365, expected: 365, count: 138, allowed: 4, verdict: 'above' })
    expect(who.percentile?.value).toBeCloseTo(115.08802198769226, 9)
    const objective = exceedances(means, limitById('uk-objectives/o3/8hours')!, period)
    expect(objective).toMatchObject({ count: 138, allowed: 10, verdict: 'above' })
    expect(objective.sentence).toContain('138 of 365 days were above 100 µg/m³; 10 a year may be')
    const eu = exceedances(means, limitById('eu-2030/o3/8hours')!, {
      ...period,
      from: Date.UTC(2025, 0, 1) as UnixMs
    })
    expect(eu.verdict).toBe('notEnoughData')
  })
})
