/** An indoor site never appears: not in any path, not as a difference between refusals, not in the live stream. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { at, hoursBefore, openTestHub, reading, start, steady, type TestHub } from '../support/api-hub.ts'
import { nextEvents } from './next-events.ts'

let hub: TestHub
let outdoor: Credentials
let indoor: Credentials[]

/** Stands in every reading of the one room that stands out, so that it can be looked for in everything. */
const telltale = 71.828182
const monthAgo = at('2026-11-01T00:00:00Z')

beforeAll(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Damp Terrace' })
  hub.registry.addStreet({ name: 'Four Homes' })
  outdoor = hub.addSite('damp-terrace')
  hub.store(steady(outdoor, 'humidity', hoursBefore(start, 30), start, 90))
  indoor = Array.from({ length: 10 }, (_, i) =>
    hub.addSite('damp-terrace', 'indoor', { homeId: `home-${i}`, streetConsent: true })
  )
  for (const [i, site] of indoor.entries()) {
    hub.store(steady(site, 'humidity', monthAgo, start, i === 9 ? telltale : 60 + i / 10))
  }
  for (let i = 0; i < 4; i++) {
    const site = hub.addSite('four-homes', 'indoor', { homeId: `few-${i}`, streetConsent: true })
    hub.store(steady(site, 'humidity', monthAgo, start, telltale))
    indoor.push(site)
  }
  const silent = hub.addSite('four-homes', 'indoor', { homeId: 'few-4', streetConsent: false })
  hub.store(steady(silent, 'humidity', monthAgo, start, telltale))
  indoor.push(silent)
  await hub.daysOut()
})

afterAll(() => hub.close())

function expectNothingOfHomes(text: string): void {
  expect(text).not.toContain(String(telltale))
  for (const { siteId, deviceId } of indoor) {
    expect(text).not.toContain(siteId)
    expect(text).not.toContain(deviceId)
  }
}

describe('every path', () => {
  it.each([
    '/api/v1/health',
    '/api/v1/hub',
    '/api/v1/quantities',
    '/api/v1/streets',
    '/api/v1/streets/damp-terrace',
    '/api/v1/streets/four-homes',
    '/api/v1/streets/damp-terrace/series?quantity=humidity',
    '/api/v1/streets/damp-terrace/series?quantity=humidity&placement=indoor',
    '/api/v1/streets/damp-terrace/series?quantity=humidity&placement=indoor&window=day',
    '/api/v1/streets/four-homes/series?quantity=humidity&placement=indoor&window=day',
    '/api/v1/readings',
    '/api/v1/readings?format=jsonl',
    '/api/v1/readings?street=damp-terrace',
    '/api/v1/streets/damp-terrace/summary?quantity=humidity&by=day',
    '/api/v1/streets/four-homes/summary?quantity=humidity&by=day&coverageMin=0',
    '/api/v1/guidelines',
    '/api/v1/streets/damp-terrace/profile?quantity=humidity',
    '/api/v1/streets/damp-terrace/trend?quantity=humidity',
    '/api/v1/streets/damp-terrace/before-after?quantity=humidity&at=2026-11-10T00:00:00Z&control=four-homes',
    '/api/v1/openapi.json'
  ])('%s holds no home', async (url) => {
    const answer = await hub.app.inject(url)
    expect(answer.statusCode).toBe(200)
    expectNothingOfHomes(answer.body)
  })

  it('counts outdoor sites alone', async () => {
    expect((await hub.app.inject('/api/v1/hub')).json().sites).toBe(1)
    expect((await hub.app.inject('/api/v1/streets/damp-terrace')).json().outdoorSites).toBe(1)
    expect((await hub.app.inject('/api/v1/streets/four-homes')).json().outdoorSites).toBe(0)
  })

  it.each([
    '/api/v1/sites/ID',
    '/api/v1/sites/ID/series?quantity=humidity',
    '/api/v1/sites/ID/summary?quantity=humidity',
    '/api/v1/sites/ID/index?scale=uk-daqi',
    '/api/v1/sites/ID/profile?quantity=humidity',
    '/api/v1/sites/ID/trend?quantity=humidity',
    '/api/v1/sites/ID/exceedances?quantity=pm2_5',
    '/api/v1/colocation?site=ID&reference=ID&quantity=humidity',
    '/api/v1/readings?site=ID',
    '/api/v1/readings?street=damp-terrace&site=ID'
  ])('%s answers an indoor site exactly like one that does not exist', async (url) => {
    const { siteId } = indoor[0]!
    const hidden = await hub.app.inject(url.replace('ID', siteId))
    const unknown = await hub.app.inject(url.replace('ID', 's-nobody00'))
    expect(hidden.statusCode).toBe(404)
    expect(hidden.body.replaceAll(siteId, 's-nobody00')).toBe(unknown.body)
    const names = (answer: typeof hidden) => Object.keys(answer.headers).toSorted()
    expect(names(hidden)).toEqual(names(unknown))
  })
})

describe('homes as a street figure', () => {
  it('are what is typical of consenting homes over seven published days, with a level', async () => {
    const { latest } = (await hub.app.inject('/api/v1/streets/damp-terrace')).json()
    expect(latest.humidity).toMatchObject({
      // The mean of the middle six of ten homes in whole units.
      value: 60,
      basis: 'homes',
      period: 'last 7 days',
      sites: null,
      sitesTotal: null,
      coverage: null,
      // Sunday the 22nd ended ten hours ago: the newest published day is Saturday.
      at: '2026-11-22T00:00:00.000Z',
      level: { scale: 'room-humidity', word: 'Humid' }
    })
    expect(latest.humidity.recent).toEqual(Array(14).fill(60))
  })

  it('never come from fewer than five', async () => {
    const { latest } = (await hub.app.inject('/api/v1/streets/four-homes')).json()
    expect(latest).toEqual({})
  })

  it('are published a day late, in days and in hours', async () => {
    const query = `placement=indoor&quantity=humidity&from=${start - 4 * dayMs}&until=${start}`
    const days = (await hub.app.inject(`/api/v1/streets/damp-terrace/series?${query}&window=day`)).json()
    expect(days).toMatchObject({ basis: 'homes', sitesNeeded: 5, median: [60, 60, 60, null, null] })
    for (const column of ['p25', 'p75', 'sites', 'coverage'])
      expect(days[column]).toEqual([null, null, null, null, null])
    const hours = (await hub.app.inject(`/api/v1/streets/damp-terrace/series?${query}&window=hour`)).json()
    expect(hours.sitesNeeded).toBe(10)
    const published = hours.time.filter((_t: number, i: number) => hours.median[i] !== null)
    expect(published.at(-1)).toBe(at('2026-11-21T23:00:00Z'))
    expect(published[0]).toBe(at('2026-11-19T10:00:00Z'))
  })

  it('stay as they came out, and come out no more when consent is taken back', async () => {
    const other = await openTestHub()
    other.registry.addStreet({ name: 'Damp Terrace' })
    const homes = [1, 2, 3, 4, 5].map((i) =>
      other.addSite('damp-terrace', 'indoor', { homeId: `home-${i}`, streetConsent: true })
    )
    for (const site of homes) other.store(steady(site, 'humidity', monthAgo, start, 66))
    await other.daysOut()
    const url = `/api/v1/streets/damp-terrace/series?placement=indoor&quantity=humidity&window=day&from=${monthAgo}`
    const median = async (): Promise<(number | null)[]> => (await other.app.inject(url)).json().median
    const before = await median()
    expect(before).toEqual([...Array(21).fill(66), null, null])
    other.registry.endConsents({ homeId: 'home-3', by: 'Anna' }, start)
    // Whatever comes for the past comes too late.
    for (const site of homes) other.store(steady(site, 'humidity', monthAgo, start, 40))
    other.clock.set((start + 3 * dayMs) as UnixMs)
    await other.daysOut()
    expect((await median()).slice(0, before.length)).toEqual(before)
    expect(new Set((await median()).slice(before.length))).toEqual(new Set([null]))
    other.registry.withdrawDay('damp-terrace', '2026-11-05', start)
    expect((await median())[4]).toBeNull()
    await other.close()
  })
})

describe('the live stream', () => {
  it('carries outdoor readings and nothing of homes', async () => {
    const stream = (await hub.app.inject({ url: '/api/v1/live', payloadAsStream: true })).stream()
    const events = nextEvents(stream)
    hub.store([
      reading(indoor[9]!, 'humidity', start, telltale),
      reading(outdoor, 'humidity', start, 88),
      reading(indoor[9]!, 'temperature', start, telltale)
    ])
    const first = await events.until(({ event }) => event === 'reading')
    expect(first.data).toMatchObject({ siteId: outdoor.siteId, value: 88 })
    hub.store([reading(outdoor, 'humidity', (start + 1) as UnixMs, 87)])
    await events.until(({ event, data }) => event === 'reading' && data['value'] === 87)
    expectNothingOfHomes(events.text())
    stream.destroy()
  })
})
