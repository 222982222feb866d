/** What a place is like over time, over the embedded store: profiles, trends, before and after, and when there is no answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../../model/time.ts'
import type { Credentials } from '../../../registry/registry.ts'
import { seededRandom } from '../../../science/resample.ts'
import { at } from '../../support/api-hub.ts'
import { openNumbersRig, type NumbersRig } from '../../support/figures-rig.ts'

let rig: NumbersRig
let changed: Credentials[]
let control: Credentials[]

const change = at('2026-03-02T00:00:00Z')
const weeks = 8

beforeAll(async () => {
  rig = await openNumbersRig()
  for (const name of ['Changed Road', 'Control Road', 'Two Boxes']) rig.hub.registry.addStreet({ name })
  changed = [1, 2, 3].map(() => rig.hub.addSite('changed-road'))
  control = [1, 2, 3].map(() => rig.hub.addSite('control-road'))
  const few = [1, 2].map(() => rig.hub.addSite('two-boxes'))
  const from = (change - weeks * 7 * dayMs) as UnixMs
  const until = (change + weeks * 7 * dayMs) as UnixMs
  const chance = seededRandom(7)
  const weather = Array.from({ length: 2 * weeks * 7 + 1 }, () => 20 + 10 * chance())
  const dayOf = (time: number): number => Math.floor((time - from) / dayMs)
  const measure = (site: Credentials, value: (time: UnixMs) => number) =>
    rig.measure(site, 'no2', { intervalS: 3600, from, until, value })
  for (const [i, site] of [...changed, ...control, ...few].entries()) {
    const effect = i < 3 ? -6 : 0
    await measure(
      site,
      (time) => weather[dayOf(time)]! + i + (time >= change ? effect : 0) + ((time / hourMs) % 24) / 10
    )
  }
})
afterAll(() => rig.close())

describe('before and after', () => {
  const path = '/api/v1/streets/{id}/before-after'
  const url = (street: string, query: string) =>
    `/api/v1/streets/${street}/before-after?quantity=no2&at=2026-03-02T00:00:00Z&timezone=UTC&from=2026-01-05T00:00:00Z&until=2026-04-27T00:00:00Z&${query}`

  it('is what the control street did not share, with an interval', async () => {
    const body = await rig.ask(path, url('changed-road', 'control=control-road'))
    expect(body).toMatchObject({ verdict: 'lower', sites: 3, controlSites: 3, weeksBefore: 8, weeksAfter: 8 })
    expect(body['change']).toBeCloseTo(-6, 6)
    expect(body['indicative']).toBe(true)
    expect(body['reason']).toBeNull()
  })

  it('is refused without a control street, and says why', async () => {
    const answer = await rig.hub.app.inject(url('changed-road', ''))
    expect(answer.json()).toMatchObject({ status: 400, code: 'parameterMissing' })
    expect(answer.json().detail).toContain('weather')
    const itself = await rig.hub.app.inject(url('changed-road', 'control=changed-road'))
    expect(itself.json()).toMatchObject({ status: 400, code: 'parameterBad' })
    const nobody = await rig.hub.app.inject(url('changed-road', 'control=nowhere'))
    expect(nobody.json()).toMatchObject({ status: 404, code: 'streetUnknown' })
  })

  it('has no number with too few sites, or too few weeks', async () => {
    const few = await rig.ask(path, url('changed-road', 'control=two-boxes'))
    expect(few).toMatchObject({ verdict: 'notEnoughData', change: null, interval: null, controlSites: 0 })
    expect(few['reason']).toContain('two-boxes')
    const short = await rig.ask(
      path,
      `/api/v1/streets/changed-road/before-after?quantity=no2&at=2026-04-13T00:00:00Z&control=control-road`
    )
    expect(short).toMatchObject({ change: null, verdict: 'notEnoughData' })
    expect(short['reason']).toMatch(/weeks after/)
  })
})

describe('a profile', () => {
  it('is of the hours of the local clock, with intervals', async () => {
    const body = await rig.ask(
      '/api/v1/streets/{id}/profile',
      '/api/v1/streets/control-road/profile?quantity=no2&timezone=UTC'
    )
    const points = body['points'] as unknown as {
      hour: number
      mean: number
      interval: number[]
      days: number
    }[]
    expect(points).toHaveLength(24)
    expect(points[23]!.mean - points[0]!.mean).toBeCloseTo(2.3, 6)
    expect(points[0]!.days).toBe(2 * weeks * 7)
    expect(points[0]!.interval[0]).toBeLessThan(points[0]!.mean)
    const again = await rig.ask(
      '/api/v1/streets/{id}/profile',
      '/api/v1/streets/control-road/profile?quantity=no2&timezone=UTC'
    )
    expect(again).toEqual(body)
  })

  it('has no number from few days, or few sites', async () => {
    const days = 'from=2026-01-05T00:00:00Z&until=2026-01-08T00:00:00Z'
    const body = await rig.ask(
      '/api/v1/sites/{id}/profile',
      `/api/v1/sites/${control[0]!.siteId}/profile?quantity=no2&by=weekday&${days}`
    )
    const points = body['points'] as unknown as { mean: number | null }[]
    expect(points.map(({ mean }) => mean)).toEqual(Array(7).fill(null))
    expect(body['reason']).toContain('5 days')
    const few = await rig.ask(
      '/api/v1/streets/{id}/profile',
      '/api/v1/streets/two-boxes/profile?quantity=no2'
    )
    expect(few).toMatchObject({ hours: 0, coverage: 0 })
    expect(few['reason']).toContain('3 sites')
  })

  it('is refused for percentiles of sound', async () => {
    const answer = await rig.hub.app.inject('/api/v1/streets/control-road/profile?quantity=la90')
    expect(answer.json()).toMatchObject({ status: 400, code: 'parameterBad' })
  })
})

describe('a trend', () => {
  it('cannot be told from a few months', async () => {
    const body = await rig.ask(
      '/api/v1/streets/{id}/trend',
      '/api/v1/streets/control-road/trend?quantity=no2&timezone=UTC'
    )
    expect(body).toMatchObject({ slopePerYear: null, interval: null, p: null, verdict: 'notYet', sites: 3 })
    expect(body['sentence']).toMatch(/^No trend can be told yet/)
  })

  it('is a slope a year of the same sensors throughout, in the unit asked for', async () => {
    const from = at('2023-01-01T00:00:00Z')
    const until = at('2026-01-01T00:00:00Z')
    const chance = seededRandom(3)
    const site = control[0]!
    const value = (time: UnixMs): number =>
      60 - (4 * (time - from)) / (365.25 * dayMs) + 10 * Math.cos(time / (58 * dayMs)) + chance()
    // Of May 2024 there are ten days.
    await rig.measure(site, 'o3', { intervalS: 3600, from, until: at('2024-05-11T00:00:00Z'), value })
    await rig.measure(site, 'o3', { intervalS: 3600, from: at('2024-06-01T00:00:00Z'), until, value })
    const ask = (unit: string) =>
      rig.ask(
        '/api/v1/sites/{id}/trend',
        `/api/v1/sites/${site.siteId}/trend?quantity=o3&timezone=UTC&unit=${unit}&until=2026-01-01T00:00:00Z`
      )
    const body = await ask('ug/m3')
    expect(body).toMatchObject({ verdict: 'falling', months: 35, sites: 1, coverage: 0.972222 })
    expect(body['sentence']).toContain('over 36 months; indicative. Left out')
    expect(body['sentence']).toContain('for less than 75 % of its readings: 1 month.')
    expect(body['slopePerYear']).toBeGreaterThan(-5)
    expect(body['slopePerYear']).toBeLessThan(-3)
    expect((await ask('ppb'))['slopePerYear']).toBeCloseTo(body['slopePerYear']! / 1.9954, 3)
  })
})
