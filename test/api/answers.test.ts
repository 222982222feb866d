/** Every answer is what the OpenAPI document says, and every refusal is a problem document that says what to do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../../api/problem.ts'
import { at, hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { readerWith } from '../support/reader-with.ts'
import { misfits, misfitsOf, openApiOf, type Document } from '../support/schema-check.ts'

let hub: TestHub
let document: Document
let siteId: string

beforeAll(async () => {
  hub = await openTestHub()
  const street = hub.registry.addStreet({
    name: 'Ashley Road',
    lines: [
      [
        [-2.58, 51.46],
        [-2.579, 51.461]
      ]
    ],
    attribution: 'drawn by hand'
  })
  hub.registry.addStreet({ name: 'Quiet Lane' })
  for (let i = 0; i < 3; i++) {
    const site = hub.addSite(street.streetId)
    siteId = site.siteId
    hub.store(steady(site, 'pm2_5', hoursBefore(start, 40), start, 8 + i))
    hub.store(steady(site, 'laeq', hoursBefore(start, 40), start, 50 + i))
  }
  document = await openApiOf(hub.app)
})

afterAll(() => hub.close())

describe('the OpenAPI document', () => {
  it('is 3.1 and names every path of the API', () => {
    expect(document.openapi).toBe('3.1.0')
    // Those of accounts have tests of their own.
    const open = Object.keys(document.paths).filter(
      (path) => !/\/(me|session|invitations|steward|sta)(\/|$)/.test(path)
    )
    expect(open.toSorted()).toEqual(
      [
        '/api/v1/alerts/stop/{token}',
        '/api/v1/changes',
        '/api/v1/colocation',
        '/api/v1/corrections',
        '/api/v1/decode',
        '/api/v1/guidelines',
        '/api/v1/health',
        '/api/v1/hub',
        '/api/v1/live',
        '/api/v1/quantities',
        '/api/v1/readings',
        '/api/v1/readings/estimate',
        '/api/v1/readings/exports',
        '/api/v1/readings/exports/{id}',
        '/api/v1/readings/exports/{id}/file',
        '/api/v1/research/exports',
        '/api/v1/research/exports/{id}/file',
        '/api/v1/research/readings',
        '/api/v1/requests',
        '/api/v1/sites/{id}',
        '/api/v1/sites/{id}/exceedances',
        '/api/v1/sites/{id}/index',
        '/api/v1/sites/{id}/profile',
        '/api/v1/sites/{id}/series',
        '/api/v1/sites/{id}/summary',
        '/api/v1/sites/{id}/trend',
        '/api/v1/streets',
        '/api/v1/streets/{id}',
        '/api/v1/streets/{id}/before-after',
        '/api/v1/streets/{id}/profile',
        '/api/v1/streets/{id}/series',
        '/api/v1/streets/{id}/summary',
        '/api/v1/streets/{id}/trend'
      ].toSorted()
    )
  })

  it('describes the events of the live stream', () => {
    expect(Object.keys(document.components.schemas).toSorted()).toEqual([
      'LiveBeat',
      'LiveReading',
      'LiveStreet'
    ])
    const reading = {
      streetId: 'a',
      siteId: 's',
      quantity: 'pm2_5',
      at: '2026-11-23T10:00:00.000Z',
      value: 1,
      unit: 'µg/m³',
      flag: 1
    }
    expect(misfitsOf(document.components.schemas['LiveReading']!, reading)).toEqual([])
  })

  it('is readable at /api/docs', async () => {
    for (const url of ['/api/docs', '/api/docs/']) {
      const page = await hub.app.inject(url)
      expect(page.statusCode).toBe(200)
      expect(page.headers['content-type']).toContain('text/html')
      expect(page.body).toContain('<title>Data and API · Testing Town</title>')
      // Each request that the document has, and no path of another host's.
      for (const path of Object.keys(document.paths)) expect(page.body).toContain(` ${path}</code>`)
      expect(page.body).toContain('required: string. One of /api/v1/quantities')
      expect(page.body).toContain('coverage: (number | null)[]')
    }
  })
})

describe('answers', () => {
  it.each([
    ['/api/v1/health', '/api/v1/health'],
    ['/api/v1/hub', '/api/v1/hub'],
    ['/api/v1/quantities', '/api/v1/quantities'],
    ['/api/v1/streets', '/api/v1/streets'],
    ['/api/v1/streets/{id}', '/api/v1/streets/ashley-road'],
    ['/api/v1/streets/{id}', '/api/v1/streets/quiet-lane'],
    ['/api/v1/sites/{id}', '/api/v1/sites/SITE'],
    ['/api/v1/streets/{id}/series', '/api/v1/streets/ashley-road/series?quantity=pm2_5'],
    ['/api/v1/streets/{id}/series', '/api/v1/streets/ashley-road/series?quantity=pm2_5&window=day'],
    ['/api/v1/streets/{id}/series', '/api/v1/streets/ashley-road/series?quantity=humidity&placement=indoor'],
    ['/api/v1/sites/{id}/series', '/api/v1/sites/SITE/series?quantity=pm2_5'],
    ['/api/v1/sites/{id}/series', '/api/v1/sites/SITE/series?quantity=laeq&window=hour'],
    ['/api/v1/sites/{id}/series', '/api/v1/sites/SITE/series?quantity=laeq&window=day']
  ])('%s fits the document: %s', async (path, url) => {
    const answer = await hub.app.inject(url.replace('SITE', siteId))
    expect(answer.statusCode).toBe(200)
    expect(misfits(document, path, '200', answer.json())).toEqual([])
  })

  it('leave as they were made: a schema that cut would hide from these tests what must not be there', async () => {
    Object.assign(hub.health, { more: 1 })
    const answer = (await hub.app.inject('/api/v1/health')).json()
    Object.assign(hub.health, { more: undefined })
    expect(answer.more).toBe(1)
    expect(misfits(document, '/api/v1/health', '200', answer)).not.toEqual([])
  })

  it('are not kept by caches without asking', async () => {
    const answer = await hub.app.inject('/api/v1/streets')
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it('are compressed for those who can read it', async () => {
    const answer = await hub.app.inject({ url: '/api/v1/quantities', headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers['content-encoding']).toBe('gzip')
  })

  it('give a hub with nothing in it an empty list, and counts from which the page tells first steps', async () => {
    const empty = await openTestHub()
    expect((await empty.app.inject('/api/v1/streets')).json()).toEqual([])
    expect((await empty.app.inject('/api/v1/hub')).json()).toMatchObject({ streets: 0, sites: 0 })
    await empty.close()
  })

  it('tell a street with its line, its attribution and its sites', async () => {
    const street = (await hub.app.inject('/api/v1/streets/ashley-road')).json()
    expect(street).toMatchObject({ id: 'ashley-road', outdoorSites: 3, attribution: 'drawn by hand' })
    expect(street.lines[0][1]).toEqual([-2.579, 51.461])
    expect(street.sites).toHaveLength(3)
  })
})

describe('health', () => {
  it.each([
    ['ready', 200],
    ['degraded', 200],
    ['unready', 503]
  ] as const)('%s answers %i', async (status, code) => {
    hub.health.status = status
    const answer = await hub.app.inject('/api/v1/health')
    hub.health.status = 'ready'
    expect(answer.statusCode).toBe(code)
    expect(answer.json()).toEqual({ status, reasons: [], doing: [], version: '0.1.0' })
    expect(misfits(document, '/api/v1/health', String(code), answer.json())).toEqual([])
  })
})

describe("a site's state", () => {
  it('is never, then online, then silent after five intervals without a word', async () => {
    const site = hub.addSite('quiet-lane')
    const state = async (): Promise<string> =>
      (await hub.app.inject(`/api/v1/sites/${site.siteId}`)).json().state
    expect(await state()).toBe('never')
    hub.store(steady(site, 'pm10', at('2026-11-23T09:20:00Z'), at('2026-11-23T09:31:00Z'), 4))
    expect(await state()).toBe('online')
    hub.clock.set(at('2026-11-23T10:20:01Z'))
    expect(await state()).toBe('silent')
    hub.lastSeen.set(site.deviceId, at('2026-11-23T10:19:00Z'))
    expect(await state()).toBe('unusable')
    hub.clock.set(start)
  })
})

describe('refusals', () => {
  it.each([
    ['/api/v1/streets/nowhere', 'streetUnknown', 'GET /api/v1/streets'],
    ['/api/v1/streets/nowhere/series?quantity=pm2_5', 'streetUnknown', 'nowhere'],
    ['/api/v1/sites/nobody', 'siteUnknown', 'nobody'],
    ['/api/v1/sites/nobody/series?quantity=pm2_5', 'siteUnknown', 'nobody'],
    ['/api/v1/readings?street=nowhere', 'streetUnknown', 'nowhere'],
    ['/api/v1/readings?site=nobody', 'siteUnknown', 'nobody'],
    ['/api/v1/live?streets=nowhere', 'streetUnknown', 'nowhere'],
    ['/api/v1/streets/ashley-road/series?quantity=pm25', 'quantityUnknown', 'pm1, pm2_5, pm4'],
    ['/api/v1/readings?quantity=pm2_5,constructor', 'quantityUnknown', 'constructor'],
    ['/api/v1/streets/ashley-road/series', 'parameterMissing', 'quantity'],
    ['/api/v1/streets?nmae=x', 'parameterUnknown', 'nmae'],
    ['/api/v1/readings?form=csv', 'parameterUnknown', 'form'],
    ['/api/v1/live?street=ashley-road', 'parameterUnknown', '"street"'],
    ['/api/v1/readings?street=a&street=b', 'parameterBad', 'commas'],
    ['/api/v1/readings?format=xlsx', 'parameterBad', 'format'],
    ['/api/v1/readings?window=hour&layout=openaq', 'parameterBad', 'single readings'],
    ['/api/v1/readings?window=hour&flags=drop', 'parameterBad', 'hours and days count them'],
    ['/api/v1/readings?coverageMin=0.5', 'parameterBad', 'no coverage'],
    ['/api/v1/readings?flags=5', 'parameterBad', 'keep, drop'],
    ['/api/v1/readings/estimate?quantity=dust', 'quantityUnknown', 'dust'],
    ['/api/v1/readings/exports/e-nobody', 'exportUnknown', 'Lamppost-Export'],
    [
      '/api/v1/streets/ashley-road/series?quantity=pm2_5&window=week',
      'parameterBad',
      'Give one of: auto, hour, day.'
    ],
    [
      '/api/v1/streets/ashley-road/series?quantity=pm2_5&form=0',
      'parameterUnknown',
      'There are: quantity, from, until'
    ],
    ['/api/v1/streets/ashley-road/series?quantity=pm2_5&from=yesterday', 'timeUnreadable', 'yesterday'],
    ['/api/v1/streets/ashley-road/series?quantity=pm2_5&from=2026-11-22T10:00:00', 'timeUnreadable', 'zone'],
    ['/api/v1/streets/ashley-road/series?quantity=pm2_5&from=2&until=2', 'rangeEmpty', 'earlier'],
    ['/api/v1/readings?from=3&until=2', 'rangeEmpty', 'earlier'],
    [
      '/api/v1/streets/ashley-road/series?quantity=pm2_5&from=0&until=1600000000000',
      'rangeTooLong',
      '50 years'
    ],
    [
      '/api/v1/streets/ashley-road/series?quantity=pm2_5&from=0&until=1400000000000&window=hour',
      'tooManyPoints',
      'day'
    ],
    ['/api/v1/readings?street=', 'parameterBad', '"street" is empty'],
    ['/api/v1/readings?quantity=,', 'parameterBad', 'leave it out'],
    ['/api/v1/nothing', 'pathUnknown', '/api/docs'],
    ['/nothing.png', 'pathUnknown', 'the neighbourhood'],
    ['/%zz', 'requestBad', 'address']
  ] as const)('%s is %s and says "%s"', async (url, code, hint) => {
    const answer = await hub.app.inject(url)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    const problem = answer.json()
    expect(problem).toMatchObject({ code, ...problems[code], type: `urn:lamppost:problem:${code}` })
    expect(answer.statusCode).toBe(problem.status)
    expect(problem.detail.toLowerCase()).toContain(hint.toLowerCase())
    expect(misfits(document, '/api/v1/hub', 'default', problem)).toEqual([])
  })

  it.each([
    ['POST', '/api/v1/streets', 'GET, HEAD'],
    ['DELETE', '/api/v1/streets/ashley-road', 'GET, HEAD'],
    ['PUT', '/metrics', 'GET, HEAD'],
    ['HEAD', '/api/v1/live', 'GET']
  ] as const)('%s of %s is not possible, and says what is', async (method, url, allowed) => {
    const answer = await hub.app.inject({ method, url })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers['allow']).toBe(allowed)
    if (method !== 'HEAD') expect(answer.json().detail).toBe(`${method} is not possible here; ${allowed} is.`)
  })

  it('answer HEAD as GET, without the body', async () => {
    const answer = await hub.app.inject({ method: 'HEAD', url: '/api/v1/streets' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })

  it('say nothing about the inside when the hub fails, and log it', async () => {
    const failing = await openTestHub({
      reader: (readings) =>
        readerWith(readings, {
          acrossSites: () => Promise.reject(new Error('secret inside at /srv/hub.ts:12'))
        })
    })
    const { streetId } = failing.registry.addStreet({ name: 'Ashley Road' })
    failing.addSite(streetId)
    const answer = await failing.app.inject('/api/v1/streets/ashley-road/series?quantity=pm2_5')
    expect(answer.statusCode).toBe(500)
    expect(answer.json().code).toBe('failed')
    expect(answer.body).not.toContain('secret')
    expect(failing.log.errors).toHaveLength(1)
    await failing.close()
  })

  it('a store that is away is 503 with a time to try again', async () => {
    const away = Object.assign(new Error('gone'), { code: 'storeUnavailable' })
    const failing = await openTestHub({
      reader: (readings) => readerWith(readings, { latest: () => Promise.reject(away) })
    })
    const { streetId } = failing.registry.addStreet({ name: 'Ashley Road' })
    failing.addSite(streetId)
    const answer = await failing.app.inject('/api/v1/streets')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('60')
    expect(answer.json().code).toBe('storeUnavailable')
    await failing.close()
  })

  it('every answer says how far the store is behind, a refusal too', async () => {
    const late = await openTestHub()
    expect((await late.app.inject('/api/v1/streets')).headers['lamppost-behind-seconds']).toBe('0')
    late.behind.seconds = 754
    for (const path of ['streets', 'streets/nowhere', 'hub', 'health', 'readings?format=csv']) {
      const answer = await late.app.inject(`/api/v1/${path}`)
      expect(answer.headers['lamppost-behind-seconds'], path).toBe('754')
    }
    await late.close()
  })
})
