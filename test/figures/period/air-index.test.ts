/** Air quality indices of a site: each pollutant over its own time, what is missing, and that the index may be higher with it. */
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
  for (const name of ['b', 'c', 'reference']) site[name] = rig.hub.addSite('ashley-road')
})
afterAll(() => rig.close())

describe('an index', () => {
  const path = '/api/v1/sites/{id}/index'
  const index = async (query: string): Promise<Record<string, never>> =>
    rig.ask(path, `/api/v1/sites/${site['b']!.siteId}/index?${query}`)

  beforeAll(async () => {
    const from = at('2026-07-01T00:00:00Z')
    // AirNow's own NowCast example, oldest first; the eleventh hour is missing.
    const hourly = [34.9, 43, 50, 64.9, 69.2, 66.2, 53.7, 48.6, 49.2, 35, null, 21]
    await rig.store.setInterval(site['b']!.deviceId, 3600)
    await rig.write(
      hourly.flatMap((value, hour) =>
        value === null ? [] : [reading(site['b']!, 'pm2_5', (from + hour * hourMs) as UnixMs, value)]
      )
    )
  })

  it('now is the NowCast of twelve hours', async () => {
    const body = await index('scale=nowcast&at=2026-07-01T12:00:00Z')
    expect(body).toMatchObject({ index: 87, word: 'Moderate', worst: 'pm2_5' })
    expect(body).toMatchObject({ missing: ['pm10', 'o3', 'no2', 'so2', 'co'], mayBeHigher: true })
    expect(body['note']).toBe(
      'Without PM10, O₃, NO₂, SO₂ and CO, which have no index here: with them the index may be higher.'
    )
    const [pm] = body['pollutants'] as unknown as Record<string, unknown>[]
    expect(pm).toMatchObject({ concentration: 28.409801, hours: 11, hoursNeeded: 2 })
  })

  it('of a day needs 18 hours, and says so', async () => {
    const body = await index('scale=uk-daqi&at=2026-07-01T12:00:00Z')
    expect(body).toMatchObject({
      index: null,
      missing: ['pm2_5', 'pm10', 'no2', 'o3', 'so2'],
      indicative: true
    })
    const [pm] = body['pollutants'] as unknown as { reason: string; hours: number }[]
    expect(pm).toMatchObject({ hours: 11, coverage: 0.458333 })
    expect(pm!.reason).toContain('18 of the last 24 hours')
  })

  it('of the UK takes eight hours of ozone and the worst quarter of an hour of SO₂', async () => {
    const until = at('2026-07-02T12:00:00Z')
    const eight = { from: (until - 8 * hourMs) as UnixMs, until }
    // Six hours of 130 and two of 100: a mean of 122.5 µg/m³, index 5.
    const ozone = (time: number): number => (time < until - 2 * hourMs ? 130 : 100)
    await rig.measure(site['c']!, 'o3', { intervalS: 300, ...eight, value: ozone })
    // Four quarters of 20, 30, 180 and 40 µg/m³, index 3.
    const puff = (time: number): number => [20, 30, 180, 40][Math.floor((time % hourMs) / (15 * 60_000))]!
    await rig.measure(site['c']!, 'so2', {
      intervalS: 300,
      from: (until - hourMs) as UnixMs,
      until,
      value: puff
    })
    const body = await rig.ask(
      path,
      `/api/v1/sites/${site['c']!.siteId}/index?scale=uk-daqi&at=2026-07-02T12:20:00Z`
    )
    expect(body).toMatchObject({ index: 5, word: 'Moderate', worst: 'o3', missing: ['pm2_5', 'pm10', 'no2'] })
    const pollutants = body['pollutants'] as unknown as {
      quantity: string
      concentration: number
      index: number
    }[]
    expect(pollutants.find(({ quantity }) => quantity === 'o3')).toMatchObject({
      concentration: 122.5,
      index: 5
    })
    expect(pollutants.find(({ quantity }) => quantity === 'so2')).toMatchObject({
      concentration: 180,
      index: 3
    })
  })

  it('makes no quarter of an hour from hours', async () => {
    const until = at('2026-07-05T12:00:00Z')
    await rig.measure(site['reference']!, 'so2', {
      intervalS: 3600,
      from: (until - dayMs) as UnixMs,
      until,
      value: 300
    })
    const body = await rig.ask(
      path,
      `/api/v1/sites/${site['reference']!.siteId}/index?scale=uk-daqi&at=2026-07-05T12:20:00Z`
    )
    const [so2] = (
      body['pollutants'] as unknown as { quantity: string; reason: string; index: null }[]
    ).slice(-1)
    expect(so2).toMatchObject({ quantity: 'so2', index: null })
    expect(so2!.reason).toContain('one reading in each quarter of an hour')
  })

  it('of Europe is of one hour', async () => {
    expect(await index('scale=eu-aqi&at=2026-07-01T12:30:00Z')).toMatchObject({ index: 3, word: 'Moderate' })
  })

  it('of the US is of the last whole day in standard time', async () => {
    const from = at('2026-07-03T00:00:00Z')
    await rig.measure(site['b']!, 'pm10', {
      intervalS: 3600,
      from,
      until: (from + dayMs) as UnixMs,
      value: 60
    })
    const body = await index('scale=us-aqi&at=2026-07-04T09:00:00Z')
    expect(body).toMatchObject({ index: 53, worst: 'pm10' })
  })
})
