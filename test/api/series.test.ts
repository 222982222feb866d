/** Series: regular grids with gaps as null, the window a chart can draw, no street value from too few sites. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { at, openTestHub, reading, steady, type TestHub } from '../support/api-hub.ts'

let hub: TestHub
let sites: Credentials[]

beforeAll(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Ashley Road' })
  hub.registry.addStreet({ name: 'Empty Street' })
  sites = [1, 2, 3].map(() => hub.addSite('ashley-road'))
  for (const [i, site] of sites.entries()) {
    const from = at('2026-11-20T00:00:00Z')
    const gap = at('2026-11-20T06:00:00Z')
    hub.store(steady(site, 'pm2_5', from, gap, 10 + i))
    // The third box stays silent in the afternoon.
    if (i < 2)
      hub.store(steady(site, 'pm2_5', at('2026-11-20T08:00:00Z'), at('2026-11-20T10:00:00Z'), 20 + i))
  }
})

afterAll(() => hub.close())

async function get(path: string) {
  const answer = await hub.app.inject(`/api/v1/${path}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const day = 'from=2026-11-20T00:00:00Z&until=2026-11-20T12:00:00Z'

describe('a street', () => {
  it('stands on every hour that was asked for; gaps and too few sites are null', async () => {
    const series = await get(`streets/ashley-road/series?quantity=pm2_5&${day}`)
    expect(series).toMatchObject({ window: 'hour', basis: 'sites', sitesNeeded: 3, unit: 'µg/m³' })
    expect(series.time).toHaveLength(12)
    expect(series.time[1] - series.time[0]).toBe(hourMs)
    expect(series.median).toEqual([11, 11, 11, 11, 11, 11, null, null, null, null, null, null])
    expect(series.p25).toEqual([10.5, 10.5, 10.5, 10.5, 10.5, 10.5, null, null, null, null, null, null])
    expect(series.sites).toEqual([3, 3, 3, 3, 3, 3, 0, 0, 2, 2, 0, 0])
    expect(series.coverage.slice(5, 7)).toEqual([1, null])
  })

  it('begins with the hour in which the period begins', async () => {
    const series = await get(
      'streets/ashley-road/series?quantity=pm2_5&from=2026-11-20T01:30:00Z&until=2026-11-20T02:30:00Z'
    )
    expect(series.time).toEqual([at('2026-11-20T01:00:00Z'), at('2026-11-20T02:00:00Z')])
  })

  it('reads a plus sign that nobody escaped, and Unix milliseconds', async () => {
    const series = await get(
      `streets/ashley-road/series?quantity=pm2_5&from=2026-11-20T02:00:00+01:00&until=${at('2026-11-20T03:00:00Z')}`
    )
    expect(series.time).toEqual([at('2026-11-20T01:00:00Z'), at('2026-11-20T02:00:00Z')])
  })

  it('takes a date for that civil day of the hub', async () => {
    const series = await get(
      'streets/ashley-road/series?quantity=pm2_5&from=2026-07-01&until=2026-07-02&window=hour'
    )
    expect(series.time[0]).toBe(at('2026-06-30T23:00:00Z'))
    expect(series.time).toHaveLength(24)
  })

  it('shows the last seven days unless asked otherwise', async () => {
    const { time } = await get('streets/ashley-road/series?quantity=pm2_5')
    expect(time).toHaveLength(7 * 24 + 1)
    expect(time.at(-1)).toBe(at('2026-11-23T10:00:00Z'))
  })

  it('changes to civil days where hours would be more than a chart can draw', async () => {
    const range = (days: number): string =>
      `from=${at('2026-01-01T00:00:00Z')}&until=${at('2026-01-01T00:00:00Z') + days * 24 * hourMs}`
    const hours = await get(`streets/ashley-road/series?quantity=pm2_5&${range(83)}`)
    expect([hours.window, hours.time.length]).toEqual(['hour', 1_992])
    const days = await get(`streets/ashley-road/series?quantity=pm2_5&${range(84)}`)
    expect([days.window, days.time.length]).toEqual(['day', 84])
  })

  it('has days of 23 and 25 hours where clocks change', async () => {
    const spring = await get(
      'streets/ashley-road/series?quantity=pm2_5&window=day&from=2026-03-28T00:00:00Z&until=2026-03-31T00:00:00%2B01:00'
    )
    expect(
      spring.time.map((time: number, i: number) => (spring.time[i + 1] - time) / hourMs).slice(0, -1)
    ).toEqual([24, 23])
  })

  it('without a site is a grid of nulls', async () => {
    const series = await get(`streets/empty-street/series?quantity=pm2_5&${day}`)
    expect(series.median).toEqual(Array(12).fill(null))
    expect(series.sites).toEqual(Array(12).fill(0))
  })
})

describe('a site', () => {
  const path = () => `sites/${sites[0]!.siteId}/series`

  it('gives single readings while a chart can draw them', async () => {
    const series = await get(`${path()}?quantity=pm2_5&${day}`)
    expect(series.window).toBe('raw')
    expect(series.time).toHaveLength(48)
    expect(series.value.slice(0, 2)).toEqual([10, 10])
    expect(series.flag.slice(0, 2)).toEqual([1, 1])
  })

  it('then hours, then days', async () => {
    const from = at('2025-01-01T00:00:00Z')
    hub.store(steady(sites[0]!, 'pm10', from, (from + 2_100 * 10 * minuteMs) as UnixMs, 5))
    const ask = (until: string) => get(`${path()}?quantity=pm10&from=${from}&until=${until}`)
    expect((await ask('2025-02-01T00:00:00Z')).window).toBe('hour')
    expect((await ask('2025-12-31T00:00:00Z')).window).toBe('day')
    const raw = await get(`${path()}?quantity=pm10&window=raw&from=${from}&until=2025-12-31T00:00:00Z`)
    expect(raw.time).toHaveLength(2_100)
  })

  it('says coverage and count, and gives no mean without coverage', async () => {
    const morning = at('2026-11-18T08:00:00Z')
    hub.store([0, 10, 20, 30].map((m) => reading(sites[0]!, 'no2', (morning + m * minuteMs) as UnixMs, 7)))
    const series = await get(
      `${path()}?quantity=no2&window=hour&from=2026-11-18T08:00:00Z&until=2026-11-18T10:00:00Z`
    )
    expect(series).toMatchObject({
      mean: [null, null],
      min: [7, null],
      p50: [7, null],
      count: [4, 0],
      coverage: [0.667, null]
    })
  })

  it('keeps raw values as they are', async () => {
    const moment = at('2026-11-18T08:00:00Z')
    hub.store([reading(sites[1]!, 'co2', moment, 412.123456789)])
    const series = await get(
      `sites/${sites[1]!.siteId}/series?quantity=co2&from=${moment}&until=${moment + 1}`
    )
    expect(series.value).toEqual([412.123456789])
  })
})
