/** What is served beside the API: the dashboard's files, headers on everything, metrics, the security contact. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { brotliDecompressSync } from 'node:zlib'
import {
  builtScript,
  builtStyles,
  fillableTemplate,
  hoursBefore,
  openTestHub,
  start,
  steady,
  type TestHub
} from '../support/api-hub.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await openTestHub({ built: true })
  hub.registry.addStreet({ name: 'Ashley Road' })
})
afterAll(() => hub.close())

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('the dashboard', () => {
  it.each(['/', '/streets/ashley-road', '/?subject=noise', '/streets/ashley-road?range=7d'])(
    '%s is the page, asked for again each time',
    async (url) => {
      const answer = await hub.app.inject({ url, headers: browser })
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('<title>Lamppost</title>')
      expect(answer.headers['content-type']).toContain('text/html')
      expect(answer.headers['cache-control']).toBe('no-cache')
    }
  )

  it('files whose name holds their hash are kept for ever', async () => {
    const script = await hub.app.inject('/assets/index-abc123.js')
    expect(script.headers['content-type']).toContain('javascript')
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await hub.app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it('sends the copy that the build compressed to whoever takes it', async () => {
    const url = '/assets/index-abc123.js'
    const small = await hub.app.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br' } })
    expect(small.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': expect.stringContaining('javascript'),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding'
    })
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(builtScript)
    const plain = await hub.app.inject(url)
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, builtScript])
  })

  it('holds its styles in itself, allowed by their hash, and the hub’s own facts', async () => {
    const filled = await openTestHub({ built: true, template: fillableTemplate })
    const { body, headers } = await filled.app.inject({ url: '/methods', headers: browser })
    expect(body).toContain(`<style>${builtStyles}</style></head>`)
    expect(body).not.toContain('rel="stylesheet"')
    const hash = createHash('sha256').update(builtStyles).digest('base64')
    expect(headers['content-security-policy']).toContain(`;style-src 'self' 'sha256-${hash}';`)
    const first = /<script type="application\/json" id="first">(.*?)<\/script>/.exec(body)?.[1]
    expect(JSON.parse(first ?? '')).toMatchObject({ hub: { timezone: 'Europe/London', now: start } })
    await filled.close()
  })

  it.each([
    ['/assets/gone-123.js', 'application/problem+json'],
    ['/gone.png', 'application/problem+json'],
    ['/api/v2/streets', 'application/problem+json'],
    ['/somewhere', 'text/html']
  ])('%s is not there, and says so as %s', async (url, type) => {
    const answer = await hub.app.inject({ url, headers: browser })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain(type)
  })

  it.each(['/../registry.sqlite', '/%2e%2e/registry.sqlite', '/assets/..%2f..%2fregistry.sqlite'])(
    'gives nothing beside its folder: %s',
    async (url) => {
      const answer = await hub.app.inject(url)
      expect([400, 403, 404]).toContain(answer.statusCode)
      expect(answer.body).not.toContain('SQLite')
    }
  )

  it('that is not built says how, while the API works', async () => {
    const bare = await openTestHub()
    const page = await bare.app.inject({ url: '/', headers: browser })
    expect(page.statusCode).toBe(503)
    expect(page.json()).toMatchObject({ code: 'dashboardMissing' })
    expect(page.json().detail).toContain('npm run build')
    expect((await bare.app.inject('/api/v1/streets')).statusCode).toBe(200)
    await bare.close()
  })
})

describe('the picture of a street', () => {
  it('is drawn again at once where a sensor of it became private', async () => {
    const own = await openTestHub({ built: true })
    own.registry.addStreet({ name: 'Elm Road' })
    const sites = [8, 8, 8, 80, 80].map((value) => {
      const site = own.addSite('elm-road')
      own.store(steady(site, 'pm2_5', hoursBefore(start, 30), start, value))
      return site
    })
    const picture = async () => (await own.app.inject('/og/streets/elm-road.png')).rawPayload
    const before = await picture()
    expect(await picture()).toEqual(before)
    // A sensor that nobody may see changes nothing.
    own.addSite('elm-road', 'indoor', { homeId: 'number-12' })
    expect(await picture()).toEqual(before)
    for (const { siteId } of sites.slice(3)) own.registry.makePrivate(siteId, undefined, start)
    own.rollups([])
    expect((await picture()).equals(before)).toBe(false)
    await own.close()
  })
})

describe('headers', () => {
  const policy =
    "default-src 'none';script-src 'self';style-src 'self';font-src 'self';img-src 'self' data:;" +
    "connect-src 'self';base-uri 'none';frame-ancestors 'none';form-action 'self'"

  it.each([
    '/',
    '/streets/ashley-road',
    '/assets/index-abc123.js',
    '/somewhere',
    '/gone.png',
    '/api/v1/health',
    '/api/v1/streets',
    '/api/v1/streets/nowhere',
    '/api/v1/readings',
    '/api/v1/openapi.json',
    '/api/docs/',
    '/api/v2',
    '/metrics',
    '/.well-known/security.txt'
  ])('%s lets nothing in from elsewhere', async (url) => {
    const { headers } = await hub.app.inject(url)
    expect(headers['content-security-policy']).toBe(policy)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    // On plain http it would be ignored at best; the proxy that holds a certificate sends it.
    expect(headers['strict-transport-security']).toBeUndefined()
  })
})

describe('/metrics', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    'answers this machine (%s)',
    async (remoteAddress) => {
      const answer = await hub.app.inject({ url: '/metrics', remoteAddress })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4')
      expect(answer.body).toBe('lamppost_readings_total 1\n')
    }
  )

  it.each(['192.168.1.20', '203.0.113.9', '::ffff:192.168.1.20', '2001:db8::1', '128.0.0.1'])(
    'refuses %s',
    async (remoteAddress) => {
      const answer = await hub.app.inject({ url: '/metrics', remoteAddress })
      expect(answer.statusCode).toBe(403)
      expect(answer.json().code).toBe('loopbackOnly')
    }
  )

  it('refuses who came through a proxy on this machine', async () => {
    const answer = await hub.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(answer.statusCode).toBe(403)
  })
})

describe('/.well-known/security.txt', () => {
  it('names the contact and expires within a year (RFC 9116)', async () => {
    const answer = await hub.app.inject('/.well-known/security.txt')
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.body).toContain('Contact: mailto:steward@example.org\n')
    const expires = Date.parse(/^Expires: (.+)$/m.exec(answer.body)?.[1] ?? '')
    expect(expires).toBeGreaterThan(start)
    expect(expires).toBeLessThan(start + 365 * 86_400_000)
  })

  it('says how to set one while there is none', async () => {
    const silent = await openTestHub({ hub: { securityContact: null } })
    const answer = await silent.app.inject('/.well-known/security.txt')
    expect(answer.statusCode).toBe(404)
    expect(answer.json().detail).toContain('LAMPPOST_SECURITY_CONTACT')
    await silent.close()
  })
})
