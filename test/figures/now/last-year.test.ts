/** The last 12 months of a street: days and nights with a street value, those above what held on them, and their mean. */
import { describe, expect, it } from 'vitest'
import { lastYear } from '../../../figures/now/last-year.ts'
import { lastYears, yearUntil } from '../../../figures/now/last-years.ts'
import { civilTime, dayMs, dayStarts, hourMs, toIso, type UnixMs } from '../../../model/time.ts'
import type { MeansQuery, SiteMeans } from '../../../store/promise/read.ts'

const timezone = 'Europe/London'
const now = Date.parse('2026-11-23T14:30:00Z') as UnixMs
const range = yearUntil(now, timezone)

function days(count: number, value: (day: number) => number | null) {
  const time = dayStarts((range.until - count * dayMs) as UnixMs, range.until, timezone)
  return {
    time,
    mean: time.map((_at, i) => value(i)),
    coverage: time.map((_at, i) => (value(i) === null ? 0.5 : 1))
  }
}

describe('the last 12 months', () => {
  it('end with the last midnight and begin a calendar year before', () => {
    expect([toIso(range.from), toIso(range.until)]).toEqual([
      '2025-11-23T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z'
    ])
    const leap = yearUntil(Date.parse('2028-02-29T12:00:00Z') as UnixMs, timezone)
    expect(civilTime(leap.from, timezone)).toMatchObject({ year: 2027, month: 3, day: 1 })
  })

  it('count days with a street value and those above the guideline, from the first of them on', () => {
    const site = days(89, (day) => (day % 10 === 0 ? 16 : day === 5 ? null : 10))
    const year = lastYear('pm2_5', [site, site, site], range)
    expect(year).toMatchObject({ days: 88, daysExpected: 89, daysAbove: 9 })
    expect(year!.mean).toBeCloseTo((9 * 16 + 79 * 10) / 88, 3)
    expect(year!.from).toBe(toIso(site.time[0]!))
  })

  it('are judged as the document rounds: 15.0 is not above 15', () => {
    const at = (value: number) => days(1, () => value)
    expect(lastYear('pm2_5', [at(15), at(15), at(15)], range)!.daysAbove).toBe(0)
    expect(lastYear('pm2_5', [at(15.5), at(15.5), at(15.5)], range)!.daysAbove).toBe(1)
  })

  it('are none of two sensors, nor of days with too little coverage', () => {
    const site = days(10, () => 20)
    expect(lastYear('pm2_5', [site, site], range)).toBeUndefined()
    const thin = { ...site, coverage: site.coverage.map(() => 0.7) }
    expect(lastYear('pm2_5', [thin, thin, thin], range)).toBeUndefined()
  })

  it('of nights are their energy mean, and no single night is held against the average of a year', () => {
    const time = Array.from({ length: 72 }, (_none, i) => (range.until - (72 - i) * hourMs) as UnixMs)
    const site = { time, mean: time.map((_at, i) => (i < 36 ? 40 : 50)), coverage: time.map(() => 1) }
    const year = lastYear('laeq', [site, site, site], range)!
    expect([year.days, year.daysAbove]).toEqual([3, null])
    expect(year.mean).toBeCloseTo(10 * Math.log10((2 * 10 ** 4 + 10 ** 5) / 3), 3)
  })
})

describe('what is kept of them', () => {
  function rig() {
    const questions: MeansQuery[] = []
    const failures: unknown[] = []
    let isDown = false
    let isEmpty = false
    let at = now
    const clock = { now: () => at, set: (to: number) => void (at = to as UnixMs) }
    const years = lastYears({
      clock,
      timezone,
      onFailure: (_street, error) => failures.push(error),
      readings: {
        means: (query) => {
          questions.push(query)
          if (isDown) return Promise.reject(new Error('away'))
          const found = query.siteIds.map((siteId): SiteMeans => ({
            siteId,
            quantity: 'pm2_5',
            ...days(5, () => 20)
          }))
          return Promise.resolve(query.window === 'day' && !isEmpty ? found : [])
        }
      }
    })
    return {
      years,
      questions,
      failures,
      clock,
      down: (is: boolean) => (isDown = is),
      empty: (is: boolean) => (isEmpty = is)
    }
  }
  const sites = ['a', 'b', 'c']

  it('is read once a day for streets asked for together, in two questions', async () => {
    const { years, questions, clock } = rig()
    const [one, two] = await Promise.all([years.of('one', sites), years.of('two', ['d', 'e', 'f'])])
    expect([one.pm2_5?.daysAbove, two.pm2_5?.daysAbove]).toEqual([5, 5])
    expect(questions).toHaveLength(2)
    await years.of('one', sites)
    expect(questions).toHaveLength(2)
    clock.set((now + dayMs) as UnixMs)
    await years.of('one', sites)
    await expect.poll(() => questions.length).toBe(4)
  })

  it('is read again when old days were made again, and when a sensor comes or goes', async () => {
    const { years, questions, clock } = rig()
    await years.of('one', sites)
    years.changed('one')
    await years.of('one', sites)
    expect(questions, 'not at once: an import changes thousands of hours').toHaveLength(2)
    clock.set((now + hourMs) as UnixMs)
    await years.of('one', sites)
    await expect.poll(() => questions.length).toBe(4)
    expect(await years.of('one', ['a', 'b'])).toEqual({})
  })

  it('is there as soon as the history of a street that had none is made', async () => {
    const { years, questions, empty } = rig()
    empty(true)
    expect(await years.of('one', sites)).toEqual({})
    await years.of('one', sites)
    expect(questions, 'once while nothing changes').toHaveLength(2)
    empty(false)
    years.changed('one')
    expect((await years.of('one', sites)).pm2_5?.daysAbove).toBe(5)
  })

  it('fails with the store the first time, and stands as it was after that', async () => {
    const { years, failures, clock, down } = rig()
    down(true)
    await expect(years.of('one', sites)).rejects.toThrow('away')
    down(false)
    await years.of('one', sites)
    down(true)
    clock.set((now + dayMs) as UnixMs)
    expect((await years.of('one', sites)).pm2_5?.days).toBe(5)
    await expect.poll(() => failures.length).toBe(1)
  })
})
