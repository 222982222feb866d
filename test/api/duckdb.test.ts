/** The same paths over the embedded store: figures from its rollups, series across sites, the export from its file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookBackRules } from '../../ingest/look-back.ts'
import type { Reading } from '../../model/reading.ts'
import { hourStart } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import {
  hoursBefore,
  intervalS,
  openTestHub,
  start,
  steady,
  timezone,
  type TestHub
} from '../support/api-hub.ts'
import { misfits, openApiOf } from '../support/schema-check.ts'

let folder: string
let store: Awaited<ReturnType<typeof openDuckDbStore>>
let hub: TestHub
let sites: Credentials[]
const written: Reading[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-api-duckdb-'))
  store = await openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone })
  hub = await openTestHub({ reader: () => store })
  hub.registry.addStreet({ name: 'Ashley Road' })
  sites = [1, 2, 3, 4, 5].map(() => hub.addSite('ashley-road'))
  for (const [i, site] of sites.entries()) {
    await store.setInterval(site.deviceId, intervalS)
    written.push(...steady(site, 'pm2_5', hoursBefore(start, 40), start, 8 + i))
    written.push(...steady(site, 'laeq', hoursBefore(start, 40), start, 44 + i))
  }
  const homes = Array.from({ length: 5 }, (_, i) =>
    hub.addSite('ashley-road', 'indoor', { homeId: `home-${i}`, streetConsent: true })
  )
  const indoor: Reading[] = []
  for (const [i, site] of homes.entries()) {
    await store.setInterval(site.deviceId, intervalS)
    indoor.push(...steady(site, 'humidity', hoursBefore(start, 18 * 24), start, 70 + i))
  }
  // A day of homes comes out once it was judged; what is measured outdoors is judged in a test below.
  await store.write(indoor)
  await lookBackOverAll()
  await store.write(written)
  for (let more = true; more;) ({ more } = await store.refreshRollups(start))
  await hub.daysOut()
})

async function lookBackOverAll(): Promise<void> {
  const rules = lookBackRules({ isOutdoor: () => true, neighboursOf: () => [], sensorsOf: () => [] })
  for (let more = true; more;) ({ more } = await store.lookBack(start, rules))
}

afterAll(async () => {
  await hub.close()
  await store.close()
  await rm(folder, { recursive: true })
})

describe('over DuckDB', () => {
  it('a street has its figures', async () => {
    const street = (await hub.app.inject('/api/v1/streets/ashley-road')).json()
    expect(street.latest.pm2_5).toMatchObject({ value: 10, basis: 'sites', sites: 5, coverage: 1 })
    expect(street.latest.laeq).toMatchObject({ value: 46, basis: 'sites', level: { word: 'Loud' } })
    expect(street.latest.humidity).toMatchObject({ value: 72, basis: 'homes', sites: null })
    expect(street.sites).toHaveLength(5)
    expect(misfits(await openApiOf(hub.app), '/api/v1/streets/{id}', '200', street)).toEqual([])
  })

  it('a series is the middle with quartiles', async () => {
    const series = (
      await hub.app.inject(
        '/api/v1/streets/ashley-road/series?quantity=pm2_5&from=2026-11-22T00:00:00Z&window=hour'
      )
    ).json()
    expect(series.time).toHaveLength(35)
    expect([series.p25[3], series.median[3], series.p75[3]]).toEqual([9, 10, 11])
    expect(series.sites[3]).toBe(5)
    // The running hour has two of its six readings: no value, but it stands on the axis.
    expect(series.median.at(-1)).toBeNull()
  })

  it('a site has raw readings and days', async () => {
    const path = `/api/v1/sites/${sites[0]!.siteId}/series?quantity=pm2_5`
    const raw = (await hub.app.inject(path)).json()
    expect([raw.window, raw.value.length]).toEqual(['raw', 240])
    const days = (await hub.app.inject(`${path}&window=day`)).json()
    expect(days.mean.slice(-3)).toEqual([null, 8, null])
  })

  it('the export holds every outdoor reading once and no other', async () => {
    const { body } = await hub.app.inject('/api/v1/readings')
    const rows = body.trimEnd().split('\r\n').slice(1)
    const identities = rows.map((row) => row.split(',')).map((c) => `${c[0]} ${c[2]} ${c[4]} ${c[5]}`)
    const expected = written.map(
      (r) => `${new Date(r.measuredAt).toISOString()} ${r.siteId} ${r.quantity} ${r.value}`
    )
    expect(identities.toSorted()).toEqual(expected.toSorted())
  })

  it('what the look back has not gone over is said to be not judged', async () => {
    const site = hub.addSite('ashley-road')
    const { siteId } = site
    await store.write(steady(site, 'pm2_5', hoursBefore(start, 40), start, 8))
    const series = async () => (await hub.app.inject(`/api/v1/sites/${siteId}/series?quantity=pm2_5`)).json()
    const newest = async () => (await hub.app.inject(`/api/v1/sites/${siteId}`)).json().latest.pm2_5
    const before = await series()
    expect(before.unjudged).toEqual([{ from: hourStart(before.time[0]), until: expect.any(Number) }])
    expect(misfits(await openApiOf(hub.app), '/api/v1/sites/{id}/series', '200', before)).toEqual([])
    expect((await newest()).judged).toBe(false)
    expect(new Set(before.flag)).toEqual(new Set([1]))

    await lookBackOverAll()
    const after = await series()
    // A sensor that repeats one value for forty hours is doubted now; the hour that still runs is not judged.
    expect(after.flag[0]).toBe(3)
    expect(after.unjudged).toEqual([{ from: hourStart(start), until: start }])
    const hours = (await hub.app.inject(`/api/v1/sites/${siteId}/series?quantity=pm2_5&window=hour`)).json()
    expect(hours.unjudged).toMatchObject([{ from: hourStart(start) }])
  })
})
