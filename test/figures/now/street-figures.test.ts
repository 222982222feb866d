/** What a street's page says first: which sites count, over which period, and when there is no street value. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreetLatest } from '../../../contract/street.ts'
import { hourMs, minuteMs, type UnixMs } from '../../../model/time.ts'
import type { Credentials } from '../../../registry/registry.ts'
import { at, hoursBefore, openTestHub, reading, start, steady, type TestHub } from '../../support/api-hub.ts'
import { readerWith } from '../../support/reader-with.ts'

let hub: TestHub
let sites: Credentials[]

beforeEach(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Ashley Road' })
  sites = [1, 2, 3, 4].map(() => hub.addSite('ashley-road'))
})

afterEach(() => hub.close())

async function latest(): Promise<Record<string, StreetLatest>> {
  return (await hub.app.inject('/api/v1/streets/ashley-road')).json().latest
}

const dayAgo = hoursBefore(start, 30)

describe('particles', () => {
  it('are the middle of three or more sites over the last 24 full hours, with a level', async () => {
    for (const [i, value] of [5, 8, 40].entries()) hub.store(steady(sites[i]!, 'pm2_5', dayAgo, start, value))
    expect((await latest())['pm2_5']).toMatchObject({
      value: 8,
      unit: 'µg/m³',
      at: '2026-11-23T10:00:00.000Z',
      basis: 'sites',
      period: 'last 24 hours',
      sites: 3,
      sitesTotal: 3,
      coverage: 1,
      level: { scale: 'uk-daqi', word: 'Low', index: 1, indicative: true },
      recent: Array.from({ length: 24 }, () => 8)
    })
  })

  it('are not made of a reference station, nor of a box that cannot prove who it is', async () => {
    for (const apart of [{ isReference: true }, { unauthenticated: true }]) {
      const [ours, theirs] = [sites.slice(0, 2), hub.addSite('ashley-road', 'outdoor', apart)]
      for (const site of [...ours, theirs]) hub.store(steady(site, 'pm2_5', dayAgo, start, 8))
      expect((await latest())['pm2_5']).toMatchObject({
        basis: 'sensor',
        sites: 2,
        sitesTotal: 2,
        level: null
      })
      const listed = (await hub.app.inject(`/api/v1/sites/${theirs.siteId}`)).json()
      expect(listed).toMatchObject({ latest: { pm2_5: { value: 8 } } })
      expect(listed.reference).toBe('isReference' in apart)
    }
    hub.store(steady(sites[2]!, 'pm2_5', dayAgo, start, 9))
    hub.rollups([{ siteId: sites[2]!.siteId, quantity: 'pm2_5', hour: dayAgo }])
    expect((await latest())['pm2_5']).toMatchObject({ basis: 'sites', sites: 3, sitesTotal: 3, value: 8 })
    const summary = await hub.app.inject('/api/v1/streets/ashley-road/summary?quantity=pm2_5')
    expect(summary.json().periods[0]).toMatchObject({ sites: 3 })
    const series = await hub.app.inject('/api/v1/streets/ashley-road/series?quantity=pm2_5&window=hour')
    expect(Math.max(...series.json().sites)).toBe(3)
  })

  it('need 18 valid hours of a site', async () => {
    const until = (at('2026-11-23T10:00:00Z') - 24 * hourMs) as UnixMs
    for (const [i, hours] of [24, 18, 17].entries()) {
      hub.store(steady(sites[i]!, 'pm10', until, (until + hours * hourMs) as UnixMs, 20))
    }
    expect((await latest())['pm10']).toMatchObject({ basis: 'sensor', level: null, sites: 2, sitesTotal: 3 })
    hub.store(steady(sites[3]!, 'pm10', until, (until + 18 * hourMs) as UnixMs, 20))
    hub.rollups([{ siteId: sites[3]!.siteId, quantity: 'pm10', hour: until }])
    expect((await latest())['pm10']).toMatchObject({ basis: 'sites', sites: 3, sitesTotal: 4, value: 20 })
  })

  it('do not count an hour with less than 75 % of its readings', async () => {
    // Four readings of six are 67 %.
    for (const site of sites.slice(0, 3)) {
      const thin = steady(site, 'pm2_5', dayAgo, start, 9).filter((_r, i) => i % 6 < 4)
      hub.store(thin)
    }
    expect((await latest())['pm2_5']).toMatchObject({ basis: 'sensor', recent: Array(24).fill(null) })
  })
})

describe('noise', () => {
  it('is the energy mean of last night, 23 to 07 of the local clock', async () => {
    const night = { from: at('2026-11-22T23:00:00Z'), until: at('2026-11-23T07:00:00Z') }
    // Seven hours of 35 dB and one of 65 dB are 56.0 dB; the day around them is loud and counts for nothing.
    const level = (time: UnixMs): number => {
      if (time < night.from || time >= night.until) return 90
      return time < night.from + hourMs ? 65 : 35
    }
    for (const site of sites.slice(0, 3)) hub.store(steady(site, 'laeq', dayAgo, start, level))
    expect((await latest())['laeq']).toMatchObject({
      value: 55.999,
      at: '2026-11-23T07:00:00.000Z',
      basis: 'sites',
      period: 'last night',
      level: { scale: 'who-night-noise', word: 'Very loud' }
    })
  })

  it('before seven in the morning it is still the night before', async () => {
    hub.clock.set(at('2026-11-23T06:30:00Z'))
    const from = at('2026-11-21T22:00:00Z')
    const level = (time: UnixMs): number => (time < at('2026-11-22T07:00:00Z') ? 42 : 70)
    for (const site of sites.slice(0, 3)) {
      hub.store(steady(site, 'laeq', from, at('2026-11-23T06:30:00Z'), level))
    }
    expect((await latest())['laeq']).toMatchObject({ value: 42, at: '2026-11-22T07:00:00.000Z' })
  })

  it('needs three quarters of the night', async () => {
    const from = at('2026-11-22T23:00:00Z')
    const five = (from + 5 * hourMs) as UnixMs
    for (const site of sites.slice(0, 3)) hub.store(steady(site, 'laeq', from, five, 42))
    expect((await latest())['laeq']).toMatchObject({ basis: 'sensor', level: null })
  })
})

describe('other quantities', () => {
  it('are the middle of the last full hour, without a level', async () => {
    for (const [i, value] of [10, 12, 30].entries()) {
      hub.store(steady(sites[i]!, 'temperature', dayAgo, start, value))
    }
    expect((await latest())['temperature']).toMatchObject({
      value: 12,
      basis: 'sites',
      period: 'last hour',
      at: '2026-11-23T10:00:00.000Z',
      level: null
    })
  })

  it('have a level where the UK index is about their hour or eight, which names the parts that are missing', async () => {
    for (const site of sites.slice(0, 3)) {
      hub.store(steady(site, 'no2', dayAgo, start, 210))
      hub.store(steady(site, 'o3', dayAgo, start, 90))
      hub.store(steady(site, 'so2', dayAgo, start, 90))
    }
    const missing = ['pm2_5', 'pm10', 'so2']
    const { no2, o3, so2 } = await latest()
    expect(no2).toMatchObject({ period: 'last hour', level: { index: 4, word: 'Moderate', missing } })
    expect(o3).toMatchObject({ period: 'last 8 hours', level: { index: 3, word: 'Low', missing } })
    expect(so2).toMatchObject({ period: 'last hour', level: null })
  })

  it('stay at the hour before while the last one is being completed', async () => {
    for (const site of sites.slice(0, 3)) {
      hub.store(steady(site, 'no2', dayAgo, at('2026-11-23T09:00:00Z'), 12))
    }
    expect((await latest())['no2']).toMatchObject({ basis: 'sites', at: '2026-11-23T09:00:00.000Z' })
  })

  it('leave out how a box is doing, which is no figure of its street', async () => {
    hub.store(steady(sites[0]!, 'battery', dayAgo, start, 80))
    expect(await latest()).toEqual({})
  })
})

describe('too few sensors', () => {
  it('show the newest reading of one, with its own day and no level', async () => {
    hub.store(steady(sites[0]!, 'pm2_5', dayAgo, start, 8))
    hub.store([reading(sites[1]!, 'pm2_5', (start - minuteMs) as UnixMs, 99)])
    const { pm2_5 } = await latest()
    expect(pm2_5).toMatchObject({
      value: 99,
      at: '2026-11-23T10:19:00.000Z',
      basis: 'sensor',
      period: 'one reading',
      sites: 1,
      sitesTotal: 2,
      coverage: null,
      level: null
    })
  })

  it('a quantity that nobody measured is absent', async () => {
    hub.store([reading(sites[0]!, 'pm2_5', start, 8)])
    expect(Object.keys(await latest())).toEqual(['pm2_5'])
  })

  it('a value that cannot be is no newest reading', async () => {
    hub.store([{ ...reading(sites[0]!, 'humidity', start, 140), flag: 4 as const }])
    expect(await latest()).toEqual({})
  })
})

describe('freshness', () => {
  it('a live reading shows at once, an older one that comes late does not', async () => {
    expect(await latest()).toEqual({})
    hub.store([reading(sites[0]!, 'pm2_5', start, 8)])
    expect((await latest())['pm2_5']?.value).toBe(8)
    hub.store([reading(sites[0]!, 'pm2_5', hoursBefore(start, 1), 99)])
    expect((await latest())['pm2_5']?.value).toBe(8)
  })

  it('hours that were recomputed are read again, the running hour is in no figure', async () => {
    for (const site of sites.slice(0, 3)) hub.store(steady(site, 'pm2_5', dayAgo, start, 8))
    expect((await latest())['pm2_5']?.value).toBe(8)
    for (const site of sites.slice(0, 3)) hub.readings.write(steady(site, 'pm2_5', dayAgo, start, 20))
    const { siteId } = sites[0]!
    hub.rollups([{ siteId, quantity: 'pm2_5', hour: at('2026-11-23T10:00:00Z') }])
    expect((await latest())['pm2_5']?.value).toBe(8)
    hub.rollups([{ siteId, quantity: 'pm2_5', hour: at('2026-11-23T03:00:00Z') }])
    expect((await latest())['pm2_5']?.value).toBe(20)
  })

  it('the list of streets answers from memory and catches up behind it', async () => {
    const listed = async (): Promise<number | null> =>
      (await hub.app.inject('/api/v1/streets')).json()[0].latest.pm2_5.value
    for (const site of sites.slice(0, 3)) hub.store(steady(site, 'pm2_5', dayAgo, start, 8))
    expect(await listed()).toBe(8)
    for (const site of sites.slice(0, 3)) hub.readings.write(steady(site, 'pm2_5', dayAgo, start, 20))
    hub.rollups([{ siteId: sites[0]!.siteId, quantity: 'pm2_5', hour: at('2026-11-23T03:00:00Z') }])
    await listed()
    expect((await latest())['pm2_5']?.value).toBe(20)
    expect(await listed()).toBe(20)
  })

  it('nothing old is shown for long when nobody asked', async () => {
    hub.store(steady(sites[0]!, 'pm2_5', dayAgo, start, 8))
    expect((await hub.app.inject('/api/v1/streets')).json()[0].latest.pm2_5.value).toBe(8)
    hub.readings.write([reading(sites[0]!, 'pm2_5', (start + 14 * minuteMs) as UnixMs, 11)])
    hub.clock.set((start + 15 * minuteMs) as UnixMs)
    expect((await hub.app.inject('/api/v1/streets')).json()[0].latest.pm2_5.value).toBe(11)
  })
})

describe('a list of streets', () => {
  it('costs the store two questions, and once a day two for the last 12 months, however many streets there are', async () => {
    const asked: string[] = []
    const other = await openTestHub({
      reader: (readings) =>
        readerWith(readings, {
          latest: (siteIds) => {
            asked.push('latest')
            return readings.latest(siteIds)
          },
          means: (query) => {
            asked.push('means')
            return readings.means(query)
          }
        })
    })
    for (const name of ['Ashley Road', 'Mill Lane', 'Damp Terrace']) {
      const { streetId } = other.registry.addStreet({ name })
      for (let i = 0; i < 3; i++) other.store(steady(other.addSite(streetId), 'pm2_5', dayAgo, start, 7 + i))
    }
    const streets = (await other.app.inject('/api/v1/streets')).json<
      { latest: Record<string, StreetLatest> }[]
    >()
    expect(streets.map(({ latest }) => latest['pm2_5']?.value)).toEqual([8, 8, 8])
    expect(asked.toSorted()).toEqual(['latest', 'means', 'means', 'means'])
    await other.close()
  })
})
