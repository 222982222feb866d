/** Numbers about periods over the embedded store: energy, coverage, units, nights when clocks change, and what is too little. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../../model/time.ts'
import type { Credentials } from '../../../registry/registry.ts'
import { at, reading } from '../../support/api-hub.ts'
import { openNumbersRig, type NumbersRig } from '../../support/figures-rig.ts'

let rig: NumbersRig
const site: Record<string, Credentials> = {}

beforeAll(async () => {
  rig = await openNumbersRig()
  rig.hub.registry.addStreet({ name: 'Ashley Road' })
  rig.hub.clock.set(at('2026-11-23T10:20:00Z'))
  for (const name of ['a', 'b', 'c', 'thin', 'noise', 'reference', 'sensor']) {
    site[name] = rig.hub.addSite('ashley-road')
  }
})
afterAll(() => rig.close())

const summaryPath = '/api/v1/sites/{id}/summary'

// The answers are held against the schemas in `ask`; here they are taken apart by name.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const summary = async (name: string, query: string): Promise<any> =>
  rig.ask(summaryPath, `/api/v1/sites/${site[name]!.siteId}/summary?${query}`)

describe('a summary', () => {
  it('tells count, coverage, mean, range and percentiles of civil days, and its unit', async () => {
    const from = at('2026-03-28T00:00:00Z')
    await rig.measure(site['a']!, 'o3', {
      intervalS: 3600,
      from,
      until: (from + 3 * dayMs) as UnixMs,
      value: (time) => ((time - from) / hourMs) % 24
    })
    const { periods, unit } = await summary('a', 'quantity=o3&by=day&percentiles=25,50')
    expect(unit).toBe('µg/m³')
    // Clocks go forward on the 29th: a day of 23 hours. The 31st has only the hour that the shift left over.
    expect(periods.map((p: { expected: number }) => p.expected)).toEqual([24, 23, 24, 24])
    expect(periods.map((p: { coverage: number }) => p.coverage)).toEqual([1, 1, 1, 0.041667])
    expect(periods[0]).toMatchObject({
      from: '2026-03-28T00:00:00.000Z',
      until: '2026-03-29T00:00:00.000Z',
      count: 24,
      mean: 11.5,
      min: 0,
      max: 23,
      percentiles: { 25: 5.75, 50: 11.5 },
      noise: null,
      reason: null
    })
    expect(periods[3]).toMatchObject({ mean: null, max: null, percentiles: { 50: null } })
    expect(periods[3].reason).toMatch(/^One reading is there, 4 % of the period; 75 % are needed/)
  })

  it('converts to another unit of the quantity', async () => {
    const range = 'from=2026-03-28T00:00:00Z&until=2026-03-29T00:00:00Z'
    const { periods, unit } = await summary('a', `quantity=o3&unit=ppb&${range}`)
    expect(unit).toBe('ppb')
    expect(periods[0].mean).toBeCloseTo(11.5 / 1.9954, 3)
    const refused = await rig.hub.app.inject(
      `/api/v1/sites/${site['a']!.siteId}/summary?quantity=o3&unit=hPa`
    )
    expect(refused.json()).toMatchObject({ status: 400, code: 'unitUnknown' })
  })

  it('gives no number from one reading, unless somebody asks to see it', async () => {
    await rig.store.setInterval(site['thin']!.deviceId, 600)
    await rig.write([reading(site['thin']!, 'pm2_5', at('2026-05-01T12:00:00Z'), 99)])
    const [period] = (await summary('thin', 'quantity=pm2_5')).periods
    expect(period).toMatchObject({ count: 1, expected: 6, mean: null, min: null, max: null })
    const [day] = (await summary('thin', 'quantity=pm2_5&by=day')).periods
    expect(day).toMatchObject({ count: 1, expected: 144, mean: null })
    const [asked] = (await summary('thin', 'quantity=pm2_5&coverageMin=0')).periods
    expect(asked).toMatchObject({ mean: 99, percentiles: { 50: null, 90: null } })
  })

  it('does not count what has not happened yet as missing', async () => {
    const from = at('2026-11-23T00:00:00Z')
    const until = at('2026-11-23T10:20:00Z')
    await rig.measure(site['a']!, 'temperature', { intervalS: 600, from, until, value: 8 })
    const [period] = (
      await summary('a', 'quantity=temperature&from=2026-11-23T00:00:00Z&until=2027-01-01T00:00:00Z')
    ).periods
    expect(period).toMatchObject({ until: '2026-11-23T10:20:00.000Z', coverage: 1, mean: 8 })
  })

  it('has no mean for percentiles of sound, and says why', async () => {
    const from = at('2026-05-01T00:00:00Z')
    await rig.measure(site['a']!, 'la90', {
      intervalS: 600,
      from,
      until: (from + dayMs) as UnixMs,
      value: 40
    })
    const [period] = (await summary('a', 'quantity=la90&timezone=UTC&by=day')).periods
    expect(period).toMatchObject({ mean: null, min: 40 })
    expect(period.reason).toContain('no mean')
  })

  it('is empty where nothing was measured', async () => {
    expect((await summary('a', 'quantity=no2')).periods).toEqual([])
  })

  it.each([
    ['quantity=pm2_5&by=week', 'parameterBad'],
    ['quantity=pm2_5&timezone=Mars', 'parameterBad'],
    ['quantity=pm2_5&percentiles=101', 'parameterBad'],
    ['quantity=pm2_5&coverageMin=x', 'parameterBad'],
    ['quantity=pm2_5&from=yesterday', 'timeUnreadable'],
    ['quantity=pm2_5&from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'rangeEmpty'],
    ['quantity=pm2_5&by=hour&from=2000-01-01T00:00:00Z', 'tooManyPoints'],
    ['quantity=pm2_5&from=1900-01-01T00:00:00Z', 'rangeTooLong'],
    ['quantity=pm2_5&from=-8640000000000000', 'timeUnreadable'],
    ['quantity=dust', 'quantityUnknown'],
    ['', 'parameterMissing']
  ])('refuses %s with %s', async (query, code) => {
    const answer = await rig.hub.app.inject(`/api/v1/sites/${site['thin']!.siteId}/summary?${query}`)
    expect(answer.json()).toMatchObject({ status: 400, code })
  })
})

describe('a summary of sound', () => {
  // London: clocks go back in the night to the 25th of October, which has 25 hours and a long night.
  const day = at('2026-10-24T23:00:00Z')
  const hours = 25

  beforeAll(async () => {
    await rig.measure(site['noise']!, 'laeq', {
      intervalS: 60,
      from: day,
      until: (day + hours * hourMs) as UnixMs,
      // Night 40, and in its second one o'clock 60; day 65, evening 55.
      value: (time) => {
        const hour = Math.floor((time - day) / hourMs)
        if (hour === 2) return 60
        if (hour < 8 || hour >= 24) return 40
        return hour < 20 ? 65 : 55
      }
    })
  })

  it('averages energy over the hours that there were, and weighs 12, 4 and 8', async () => {
    const { periods, average } = await summary('noise', 'quantity=laeq&by=day')
    expect(average).toBe('energy')
    expect(periods).toHaveLength(1)
    const night = 10 * Math.log10((8 * 10 ** 4 + 10 ** 6) / 9)
    const all = 10 * Math.log10((8 * 10 ** 4 + 10 ** 6 + 12 * 10 ** 6.5 + 4 * 10 ** 5.5) / 25)
    expect(periods[0].expected).toBe(25 * 60)
    expect(periods[0].mean).toBeCloseTo(all, 5)
    const { noise } = periods[0]
    expect(noise).toMatchObject({ label: 'Lden,24h', lday: 65, levening: 55 })
    expect(noise.coverage).toEqual({ day: 1, evening: 1, night: 1 })
    expect(noise.lnight).toBeCloseTo(night, 5)
    const lden = 10 * Math.log10((12 * 10 ** 6.5 + 4 * 10 ** 6 + 8 * 10 ** (night / 10 + 1)) / 24)
    expect(noise.lden).toBeCloseTo(lden, 5)
    expect(noise).toMatchObject({ l10: 65, l50: 60, l90: 40 })
  })

  it('has no Lden where a part was not measured', async () => {
    const range = 'from=2026-10-25T07:00:00Z&until=2026-10-26T00:00:00Z'
    const { noise } = (await summary('noise', `quantity=laeq&${range}`)).periods[0]
    expect(noise).toMatchObject({ lday: 65, levening: 55, lnight: 40 })
    const [all] = (await summary('noise', 'quantity=laeq')).periods
    expect(all).toMatchObject({ from: '2026-10-24T23:00:00.000Z', until: '2026-10-26T00:00:00.000Z' })
    const dayOnly = (
      await summary('noise', 'quantity=laeq&from=2026-10-25T07:00:00Z&until=2026-10-25T19:00:00Z')
    ).periods[0]
    expect(dayOnly.noise).toMatchObject({ lday: 65, levening: null, lnight: null, lden: null })
  })

  it('has no exceeded levels of readings of five minutes, which are too flat for them', async () => {
    const from = at('2026-07-01T23:00:00Z')
    const until = (from + dayMs) as UnixMs
    await rig.measure(site['a']!, 'laeq', { intervalS: 300, from, until, value: (time) => 50 + (time % 7) })
    const { periods } = await summary('a', 'quantity=laeq&by=day')
    expect(periods[0]).toMatchObject({ coverage: 1, noise: { l10: null, l50: null, l90: null } })
    expect(periods[0].noise.lden).toBeGreaterThan(56)
  })

  it('has the percentiles of an hour, and no Lden', async () => {
    const { periods } = await summary('noise', 'quantity=laeq&by=hour')
    expect(periods).toHaveLength(25)
    expect(periods[2]).toMatchObject({ mean: 60, noise: { l10: 60, lden: null } })
  })
})

describe("a street's summary", () => {
  it('is the middle of three sites or more, with how many', async () => {
    const from = at('2026-06-01T23:00:00Z')
    const until = (from + 2 * dayMs) as UnixMs
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      const end = name === 'c' ? ((from + dayMs) as UnixMs) : until
      await rig.measure(site[name]!, 'pm10', { intervalS: 600, from, until: end, value: 10 + 5 * i })
    }
    const body = await rig.ask(
      '/api/v1/streets/{id}/summary',
      '/api/v1/streets/ashley-road/summary?quantity=pm10&by=day'
    )
    expect(body).toMatchObject({ sitesNeeded: 3, sitesTotal: 7, indicative: true })
    const [both, two] = body['periods'] as unknown as Record<string, unknown>[]
    expect(both).toMatchObject({ sites: 3, mean: 15, p25: 12.5, p75: 17.5, min: 10, max: 20, coverage: 1 })
    expect(two).toMatchObject({ sites: 2, mean: null, max: null })
    expect(two!['reason']).toMatch(/^2 of 7 sites/)
  })
})

describe('a summary of a street without a sensor outdoors', () => {
  it.each(['pm2_5', 'laeq'])('has its periods, and no number in them (%s)', async (quantity) => {
    const { streetId } =
      rig.hub.registry.findStreet('Empty Lane') ?? rig.hub.registry.addStreet({ name: 'Empty Lane' })
    const range = 'from=2026-03-28T00:00:00Z&until=2026-03-30T00:00:00Z'
    const { periods } = await rig.ask(
      '/api/v1/streets/{id}/summary',
      `/api/v1/streets/${streetId}/summary?quantity=${quantity}&by=day&percentiles=50&${range}`
    )
    expect(periods).toHaveLength(3)
    expect(periods![0]).toMatchObject({
      from: '2026-03-28T00:00:00.000Z',
      sites: 0,
      mean: null,
      percentiles: { 50: null },
      noise: null,
      reason: "0 of 0 sites have enough readings; a street's number needs 3."
    })
  })
})

describe('a colocation', () => {
  const from = at('2026-08-01T00:00:00Z')
  const wave = (time: number): number => 10 + 8 * Math.sin(time / (7 * hourMs))
  const ask = (query: string) =>
    rig.ask(
      '/api/v1/colocation',
      `/api/v1/colocation?site=${site['sensor']!.siteId}&reference=${site['reference']!.siteId}&quantity=pm2_5&${query}`
    )

  it('gives no line through three hours', async () => {
    const first = { from: (from - 10 * dayMs) as UnixMs, until: (from - 10 * dayMs + 3 * hourMs) as UnixMs }
    await rig.measure(site['reference']!, 'pm2_5', { intervalS: 3600, ...first, value: wave })
    await rig.measure(site['sensor']!, 'pm2_5', { intervalS: 600, ...first, value: wave })
    const body = await ask('')
    expect(body).toMatchObject({ n: 3, slope: null, r2: null, rmse: null, targets: null })
    expect(body['reason']).toMatch(/^Only 3 hours have enough readings of both/)
  })

  it('compares the hours that both have, and days with 18 of them', async () => {
    const until = (from + 31 * dayMs) as UnixMs
    const biased = (time: UnixMs): number => 2 + 0.8 * wave(time - (time % hourMs))
    await rig.measure(site['reference']!, 'pm2_5', { intervalS: 3600, from, until, value: wave })
    await rig.measure(site['sensor']!, 'pm2_5', { intervalS: 600, from, until, value: biased })
    const hours = await ask('timezone=UTC&from=2026-08-01T00:00:00Z')
    expect(hours).toMatchObject({ n: 744, slope: 0.8, intercept: 2, r2: 1, coverage: 1, targets: null })
    const days = await ask('window=day&timezone=UTC&from=2026-08-01T00:00:00Z')
    expect(days).toMatchObject({ n: 31, slope: 0.8, targets: { slope: true, intercept: true, r2: true } })
  })

  it('needs two sites', async () => {
    const same = await rig.hub.app.inject(
      `/api/v1/colocation?site=${site['a']!.siteId}&reference=${site['a']!.siteId}&quantity=pm2_5`
    )
    expect(same.json()).toMatchObject({ status: 400, code: 'parameterBad' })
  })
})

describe('dated limits', () => {
  it('are the table, with what was not checked', async () => {
    const entries = (await rig.ask('/api/v1/guidelines', '/api/v1/guidelines')) as unknown as {
      id: string
      unchecked: string[]
    }[]
    expect(entries.find(({ id }) => id === 'who-2021/pm2_5/day')).toMatchObject({
      value: 15,
      quantity: 'pm2_5'
    })
    expect(entries.some(({ unchecked }) => unchecked.length > 0)).toBe(true)
  })

  it('are compared year by year, with how much was measured', async () => {
    const from = at('2025-01-01T00:00:00Z')
    await rig.measure(site['c']!, 'no2', {
      intervalS: 3600,
      from,
      until: at('2026-03-01T00:00:00Z'),
      value: (time) => (time % (50 * dayMs) < 2 * hourMs ? 250 : 30)
    })
    const { comparisons } = (await rig.ask(
      '/api/v1/sites/{id}/exceedances',
      `/api/v1/sites/${site['c']!.siteId}/exceedances?quantity=no2`
    )) as unknown as { comparisons: Record<string, never>[] }
    const of = (year: number, id: string) =>
      comparisons.find((one) => one['year'] === year && (one['limit'] as unknown as { id: string }).id === id)
    expect(of(2025, 'uk/no2/hour')).toMatchObject({
      count: 16,
      allowed: 18,
      verdict: 'notAbove',
      coverage: 1
    })
    expect(of(2025, 'uk/no2/year')).toMatchObject({ verdict: 'notAbove', indicative: true })
    expect(of(2025, 'who-2021/no2/year')).toMatchObject({ verdict: 'above' })
    expect(of(2026, 'uk/no2/year')).toMatchObject({ verdict: 'notEnoughData', mean: null, percentile: null })
    expect(of(2025, 'eu-2030/no2/year')).toBeUndefined()
    // A mean of three years, of which one was measured, is told as that.
    expect(of(2025, 'us-naaqs/no2/hour')).toMatchObject({
      years: { needed: 3, known: 1, value: null },
      percentile: { percent: 98, by: '40 CFR Part 50' },
      verdict: 'notEnoughData'
    })
    expect(String(of(2025, 'us-naaqs/no2/hour')!['sentence'])).toContain('Cannot be told yet')
    expect(of(2025, 'us-naaqs/no2/year')).toMatchObject({ years: null, verdict: 'notAbove' })
  })

  it('of sound are compared with total outdoor sound, and say how many days there were', async () => {
    const { comparisons } = (await rig.ask(
      '/api/v1/sites/{id}/exceedances',
      `/api/v1/sites/${site['noise']!.siteId}/exceedances?quantity=laeq`
    )) as unknown as { comparisons: Record<string, unknown>[] }
    for (const one of comparisons) expect(one).toMatchObject({ mean: null, verdict: 'notEnoughData' })
  })

  it('are not there for what has none', async () => {
    const answer = await rig.hub.app.inject(
      `/api/v1/sites/${site['c']!.siteId}/exceedances?quantity=humidity`
    )
    expect(answer.json()).toMatchObject({ status: 400, code: 'parameterBad' })
  })
})
