/** Signing in over HTTP: cookies, whose pages may act with them, and how it is refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestHub, type TestHub } from '../support/api-hub.ts'

let hub: TestHub
let personId: string
let test = 0
const password = 'kettle bicycle lantern'
const operator = { kind: 'operator' } as const

beforeAll(async () => void (hub = await openTestHub()))
afterAll(() => hub.close())
beforeEach(() => {
  test++
  ;({ personId } = hub.registry.addPerson({ name: `Anna ${test}` }, hub.clock.now()))
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

function ask(method: Method, path: string, { body, ...headers }: Record<string, unknown> = {}) {
  return hub.app.inject({
    method,
    url: `/api/v1${path}`,
    remoteAddress: `192.0.2.${test}`,
    headers: headers as Record<string, string>,
    ...(body === undefined ? {} : { payload: body as object })
  })
}

async function joined(): Promise<{ cookie: string }> {
  const { code } = hub.accounts.invite({ personId, role: 'host', by: operator })
  const answer = await ask('POST', `/invitations/${code}/accept`, {
    body: { userName: `anna ${test}`, password, name: `Anna Smith ${test}` }
  })
  expect(answer.json()).toEqual({
    personId,
    name: `Anna Smith ${test}`,
    userName: `anna ${test}`,
    roles: ['host']
  })
  return { cookie: cookieIn(answer.headers['set-cookie']) }
}

function cookieIn(header: unknown): string {
  expect(header).toMatch(/^lamppost=[^;]+; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
  return String(header).split(';')[0]!
}

describe('an invitation', () => {
  it('says whom it is for, and opening it uses nothing up', async () => {
    const { code } = hub.accounts.invite({ personId, role: 'host', by: operator })
    for (let look = 0; look < 3; look++) {
      const opened = await ask('GET', `/invitations/${code}`)
      expect(opened.json()).toMatchObject({
        purpose: 'join',
        role: 'host',
        name: `Anna ${test}`,
        hasAccount: false
      })
      expect(opened.headers['cache-control']).toBe('private, no-store')
    }
    expect((await ask('GET', '/invitations/0000-0000-0000')).json()).toMatchObject({
      status: 404,
      code: 'invitationUnknown'
    })
  })
})

describe('a session', () => {
  it('opens what is somebody’s own, uncached, and ends when it is signed out', async () => {
    const { cookie } = await joined()
    const me = await ask('GET', '/me', { cookie })
    expect(me.json()).toMatchObject({ personId })
    expect(me.headers['cache-control']).toBe('private, no-store')
    expect((await ask('GET', '/me/sessions', { cookie })).json()).toMatchObject([
      { isThis: true, address: `192.0.2.${test}` }
    ])
    expect((await ask('GET', '/me/audit', { cookie })).json()).toMatchObject([
      { action: 'signIn' },
      { action: 'joined' },
      { action: 'invited', by: 'operator' }
    ])
    const out = await ask('DELETE', '/session', { cookie })
    expect(out.headers['set-cookie']).toMatch(/^lamppost=; Max-Age=0/)
    expect((await ask('GET', '/me', { cookie })).json()).toMatchObject({ status: 401, code: 'signInNeeded' })
  })

  it('is refused without a cookie, uncached too', async () => {
    const refused = await ask('GET', '/me')
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['cache-control']).toMatch(/no-store/)
  })

  it('does nothing for a page of another site', async () => {
    const { cookie } = await joined()
    for (const foreign of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' }
    ]) {
      const refused = await ask('DELETE', '/me/sessions/others', {
        cookie,
        host: 'hub.local:8080',
        ...foreign
      })
      expect(refused.json(), JSON.stringify(foreign)).toMatchObject({ status: 403, code: 'crossSite' })
    }
    const own = {
      cookie,
      host: 'hub.local:8080',
      origin: 'http://hub.local:8080',
      'sec-fetch-site': 'same-origin'
    }
    expect((await ask('DELETE', '/me/sessions/others', own)).statusCode).toBe(200)
  })

  it('signs in with one answer for a wrong name and a wrong password, and tells when to come back', async () => {
    await joined()
    const wrong = await ask('POST', '/session', {
      body: { userName: `anna ${test}`, password: 'x'.repeat(20) }
    })
    const unknown = await ask('POST', '/session', { body: { userName: 'nobody', password } })
    expect(wrong.json()).toEqual(unknown.json())
    expect(wrong.json()).toMatchObject({ status: 401, code: 'wrongCredentials' })
    for (let tries = 0; tries < 8; tries++)
      await ask('POST', '/session', { body: { userName: `anna ${test}`, password: 'x'.repeat(20) } })
    const held = await ask('POST', '/session', { body: { userName: `anna ${test}`, password } })
    expect(held.json()).toMatchObject({ status: 429, code: 'tooManyAttempts' })
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0)
  })

  it('changes its password and is the only one left', async () => {
    const { cookie } = await joined()
    const other = await ask('POST', '/session', { body: { userName: `ANNA ${test}`, password } })
    const next = 'violin harbour mustard'
    const changed = await ask('PUT', '/me/password', { cookie, body: { current: password, next } })
    expect(changed.json()).toEqual({ done: true })
    expect((await ask('GET', '/me', { cookie: cookieIn(other.headers['set-cookie']) })).statusCode).toBe(401)
    expect((await ask('GET', '/me', { cookie })).statusCode).toBe(200)
  })

  it('offers no passkey where a browser would make none', async () => {
    const { cookie } = await joined()
    for (const host of ['192.168.1.20:8080', 'hub.local', '[::1]:8080'])
      expect((await ask('POST', '/me/passkeys/question', { cookie, host })).json()).toMatchObject({
        code: 'passkeyRefused'
      })
    const question = await ask('POST', '/me/passkeys/question', { cookie, host: 'localhost:8080' })
    expect(question.json()).toMatchObject({ options: { rp: { id: 'localhost', name: 'Testing Town' } } })
  })
})
