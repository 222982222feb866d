/** Public street values on MQTT: sent when they change, taken away when there is none any more. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Figures } from '../../figures/now/outdoor-figures.ts'
import { createLiveFeed } from '../../hub/live-feed.ts'
import { startStreetTopics } from '../../hub/street-topics.ts'
import type { StreetLatest } from '../../contract/street.ts'
import type { Placement, Site } from '../../model/place.ts'

const middle: StreetLatest = {
  value: 8.4,
  unit: 'µg/m³',
  at: '2026-11-23T10:00:00.000Z',
  basis: 'sites',
  period: 'last 24 hours',
  sites: 5,
  sitesTotal: 5,
  coverage: 0.98,
  level: null,
  recent: []
}
const topic = 'streets/ashley-road/pm2_5'

let figures: Figures
let sent: [topic: string, payload: string, retain: boolean | undefined][]
let topics: ReturnType<typeof startStreetTopics>
let placesChanged: () => void
let sites: Site[]

const siteOf = (siteId: string, placement: Placement): Site => ({
  siteId,
  streetId: 'ashley-road',
  name: siteId,
  placement,
  homeId: '',
  personId: 'p-1'
})

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  figures = { pm2_5: middle }
  sites = [siteOf('s-shed', 'outdoor')]
  const street = { streetId: 'ashley-road', name: 'Ashley Road', lines: [], attribution: '' }
  topics = startStreetTopics(
    {
      streets: () => [street],
      sites: () => sites,
      site: () => undefined,
      deployments: () =>
        sites.map(({ siteId }) => ({ deviceId: `d-of-${siteId}`, siteId, from: null, until: null })),
      corrections: () => [],
      publishedChanges: () => 0,
      onChange(changed) {
        placesChanged = changed
        return () => undefined
      }
    },
    { published: () => Promise.resolve(figures) },
    createLiveFeed(),
    {
      publish(name, payload, options) {
        sent.push([name, payload, options?.retain])
        return Promise.resolve()
      }
    },
    (cause) => {
      throw cause
    }
  )
})

afterEach(async () => {
  await topics.stop()
  vi.useRealTimers()
})

const tenMinutes = (): Promise<unknown> => vi.advanceTimersByTimeAsync(600_000)

describe('street topics', () => {
  it('carry the middle of the outdoor sites, retained, once as long as it is the same', async () => {
    await tenMinutes()
    const payload = '{"at":"2026-11-23T10:00:00.000Z","value":8.4,"unit":"µg/m³","sites":5,"coverage":0.98}'
    expect(sent).toEqual([[topic, payload, true]])
  })

  it('are emptied when there is no street value any more, though nothing new was measured', async () => {
    await tenMinutes()
    figures = { pm2_5: { ...middle, basis: 'sensor', sites: 1, coverage: null } }
    await tenMinutes()
    expect(sent.slice(1)).toEqual([[topic, '', true]])
  })

  it('carry no single sensor', async () => {
    figures = { pm2_5: { ...middle, basis: 'sensor' } }
    await tenMinutes()
    expect(sent).toEqual([])
  })

  it('say of homes what it is, and neither how many nor how much they measured', async () => {
    const homes = { basis: 'homes', period: 'last 7 days', sites: null, coverage: null } as const
    figures = { humidity: { ...middle, ...homes, value: 61, unit: '%' } }
    await tenMinutes()
    const payload =
      '{"at":"2026-11-23T10:00:00.000Z","value":61,"unit":"%","sites":null,"coverage":null,"basis":"homes","period":"last 7 days"}'
    expect(sent).toEqual([['streets/ashley-road/humidity', payload, true]])
  })

  it('follow at once when a place became private', async () => {
    await tenMinutes()
    figures = {}
    sites = [siteOf('s-shed', 'indoor')]
    placesChanged()
    placesChanged()
    await vi.advanceTimersByTimeAsync(1)
    expect(sent.slice(1)).toEqual([[topic, '', true]])
  })

  it('do not tell by when they are sent that something changed indoors', async () => {
    await tenMinutes()
    // The sensors outdoors fell silent, which is seen at the next look at every street.
    figures = {}
    sites = [...sites, siteOf('s-bath', 'indoor')]
    placesChanged()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sent).toHaveLength(1)
    await tenMinutes()
    expect(sent.slice(1)).toEqual([[topic, '', true]])
  })
})
