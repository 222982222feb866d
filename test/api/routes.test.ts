/**
 * Every route as nobody, as another host, as a researcher and as a steward. A route that is not in the table fails the test,
 * so that whoever adds one says to whom it answers.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../accounts/accounts.ts'
import type { Credentials } from '../../registry/registry.ts'
import { recordRoutes } from '../support/record-routes.ts'
import { stewardRoutes } from '../support/steward-routes.ts'
import { openApiOf, undocumented, type Document } from '../support/schema-check.ts'
import { hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'

/** Stands in every reading of Anna's room. */
const telltale = 71.828182
/** Stands in her diary. */
const secretNote = 'black spots behind the wardrobe'
const password = 'kettle bicycle lantern'
const operator = { kind: 'operator' } as const

interface Case {
  /** Of `person`: whoever is signed in, and then only what is theirs. `box`: whoever has a secret. */
  audience: 'everybody' | 'person' | 'box' | 'researcher' | 'steward'
  /** What is asked, with Anna's ids where the path has one; the path itself unless given. */
  url?: (anna: Ids) => string
  body?: object | string
  /** Status for whoever may ask; 200 unless given. */
  status?: number
  /** Stays open, and is asked in live.test.ts and privacy.test.ts. */
  isStream?: boolean
}

interface Ids {
  siteId: string
  deviceId: string
  homeId: string
  sessionId: string
  entryId: string
  measurementId: string
  photo: string
}

const everybody = { audience: 'everybody' } as const
const person = { audience: 'person' } as const
const box = { audience: 'box', status: 401 } as const
const unknown = { ...everybody, status: 404 } as const
const where = { street: 'Ashley Road', placement: 'outdoor', name: 'By the stop' } as const
const street = (rest = '') => ({ ...everybody, url: () => `/api/v1/streets/ashley-road${rest}` })
/** Anna's room is indoors: on a public path it is not there. */
const site = (rest = '') => ({ ...unknown, url: ({ siteId }: Ids) => `/api/v1/sites/${siteId}${rest}` })

/** Whatever is asked of it, it says that it is read only. */
const staWrite = { ...everybody, status: 405 } as const

const table: Record<string, Case> = {
  'GET /sta/v1.1': everybody,
  'GET /sta/v1.1/': everybody,
  'GET /sta/v1.1/Things': everybody,
  'GET /sta/v1.1/Locations': everybody,
  'GET /sta/v1.1/HistoricalLocations': everybody,
  'GET /sta/v1.1/Datastreams': everybody,
  'GET /sta/v1.1/Sensors': everybody,
  'GET /sta/v1.1/ObservedProperties': everybody,
  'GET /sta/v1.1/Observations': everybody,
  'GET /sta/v1.1/FeaturesOfInterest': everybody,
  'GET /sta/v1.1/*': { ...everybody, url: () => '/sta/v1.1/Things?$expand=Datastreams/Observations' },
  'POST /sta/v1.1': staWrite,
  'POST /sta/v1.1/': staWrite,
  'POST /sta/v1.1/*': staWrite,
  'PUT /sta/v1.1': staWrite,
  'PUT /sta/v1.1/': staWrite,
  'PUT /sta/v1.1/*': staWrite,
  'PATCH /sta/v1.1': staWrite,
  'PATCH /sta/v1.1/': staWrite,
  'PATCH /sta/v1.1/*': staWrite,
  'DELETE /sta/v1.1': staWrite,
  'DELETE /sta/v1.1/': staWrite,
  'DELETE /sta/v1.1/*': staWrite,
  'GET /': everybody,
  'GET /*': unknown,
  'GET /api/v1/health': everybody,
  'GET /api/v1/hub': everybody,
  'GET /api/v1/quantities': everybody,
  'GET /api/v1/guidelines': everybody,
  'GET /api/v1/corrections': everybody,
  'GET /api/v1/openapi.json': everybody,
  'GET /api/v1/streets': everybody,
  'GET /api/v1/streets/:id': street(),
  'GET /api/v1/streets/:id/series': street('/series?quantity=humidity&placement=indoor'),
  'GET /api/v1/streets/:id/summary': street('/summary?quantity=humidity'),
  'GET /api/v1/streets/:id/profile': street('/profile?quantity=humidity'),
  'GET /api/v1/streets/:id/trend': street('/trend?quantity=humidity'),
  'GET /api/v1/streets/:id/before-after': street(
    '/before-after?quantity=humidity&at=2026-11-20&control=high-street'
  ),
  'GET /api/v1/sites/:id': site(),
  'GET /api/v1/sites/:id/series': site('/series?quantity=humidity'),
  'GET /api/v1/sites/:id/summary': site('/summary?quantity=humidity'),
  'GET /api/v1/sites/:id/index': site('/index?scale=us-aqi'),
  'GET /api/v1/sites/:id/exceedances': site('/exceedances?quantity=pm2_5'),
  'GET /api/v1/sites/:id/profile': site('/profile?quantity=humidity'),
  'GET /api/v1/sites/:id/trend': site('/trend?quantity=humidity'),
  'GET /api/v1/colocation': {
    ...unknown,
    url: ({ siteId }) => `/api/v1/colocation?site=${siteId}&reference=${siteId}&quantity=humidity`
  },
  'GET /api/v1/readings': { ...unknown, url: ({ siteId }) => `/api/v1/readings?site=${siteId}` },
  'GET /api/v1/readings/estimate': { ...unknown, url: () => '/api/v1/readings/estimate?site=s-none' },
  'GET /api/v1/readings/exports/:id': unknown,
  'GET /api/v1/readings/exports/:id/file': unknown,
  'POST /api/v1/readings/exports': { ...unknown, url: () => '/api/v1/readings/exports?site=s-none' },
  'GET /api/v1/changes': everybody,
  'GET /api/v1/research/readings': {
    audience: 'researcher',
    url: () => '/api/v1/research/readings?dataset=a'
  },
  'POST /api/v1/research/exports': {
    ...{ audience: 'researcher', status: 202 },
    url: () => '/api/v1/research/exports?dataset=a'
  },
  'GET /api/v1/research/exports/:id/file': { audience: 'researcher', status: 404 },
  'GET /api/v1/live': { ...everybody, isStream: true },
  'POST /api/v1/decode': { ...everybody, body: '{"humidity":50}' },
  'GET /api/v1/invitations/:code': unknown,
  'POST /api/v1/invitations/:code/accept': { ...unknown, body: { userName: 'eve', password } },
  'POST /api/v1/session': { ...everybody, body: { userName: 'anna', password: 'wrong' }, status: 401 },
  'POST /api/v1/session/passkey-question': everybody,
  'POST /api/v1/session/passkey': {
    ...everybody,
    body: { challengeId: 'none', response: {} },
    status: 400
  },
  'GET /api/v1/me': person,
  'GET /api/v1/me/sessions': person,
  'DELETE /api/v1/me/sessions/:id': {
    ...person,
    url: ({ sessionId }) => `/api/v1/me/sessions/${sessionId}`
  },
  'PUT /api/v1/me/password': {
    ...person,
    body: { current: 'not this one', next: 'another long password' },
    status: 401
  },
  'GET /api/v1/me/passkeys': person,
  'POST /api/v1/me/passkeys': {
    ...person,
    body: { challengeId: 'none', name: 'Phone', response: {} },
    status: 400
  },
  'POST /api/v1/me/passkeys/question': person,
  'DELETE /api/v1/me/passkeys/:id': person,
  'GET /api/v1/me/audit': person,
  'GET /api/v1/me/homes': person,
  'PUT /api/v1/me/homes/:id/consents/:purpose': {
    ...person,
    url: ({ homeId }) => `/api/v1/me/homes/${homeId}/consents/research`,
    body: { on: true },
    status: 404
  },
  'GET /api/v1/me/diary': person,
  'GET /api/v1/me/diary/changes': person,
  'POST /api/v1/me/homes/:id/diary': {
    ...person,
    url: ({ homeId }) => `/api/v1/me/homes/${homeId}/diary`,
    body: { kind: 'note', note: 'Not my home' },
    status: 404
  },
  'DELETE /api/v1/me/diary/:id': {
    ...person,
    url: ({ entryId }) => `/api/v1/me/diary/${entryId}`,
    status: 404
  },
  'PUT /api/v1/me/diary/:id/photo': {
    ...person,
    url: ({ entryId }) => `/api/v1/me/diary/${entryId}/photo`,
    body: 'no photo',
    status: 404
  },
  'GET /api/v1/me/photos/:name': {
    ...person,
    url: ({ photo }) => `/api/v1/me/photos/${photo}`,
    status: 404
  },
  'GET /api/v1/me/corners': person,
  'POST /api/v1/me/sites/:id/corners': {
    ...person,
    url: ({ siteId }) => `/api/v1/me/sites/${siteId}/corners`,
    body: { surfaceC: 11, insideC: 19, outsideC: 4 },
    status: 404
  },
  'DELETE /api/v1/me/corners/:id': {
    ...person,
    url: ({ measurementId }) => `/api/v1/me/corners/${measurementId}`,
    status: 404
  },
  'GET /api/v1/me/devices': person,
  'GET /api/v1/me/erasure': person,
  'POST /api/v1/me/devices': { ...person, body: { ...where, dialect: 'airrohr' } },
  'POST /api/v1/me/devices/:id/rotate': theirs('/rotate', { now: true }),
  'POST /api/v1/me/devices/:id/move': theirs('/move', { street: 'Ashley Road' }),
  'PUT /api/v1/me/devices/:id/name': theirs('/name', { name: 'Mine' }),
  'POST /api/v1/me/devices/:id/swap': theirs('/swap', { dialect: 'airrohr' }),
  'POST /api/v1/me/devices/:id/offer': theirs('/offer'),
  'POST /api/v1/me/sensors/take': { ...person, body: { code: 'ABCD-EFGH-JKMN' }, status: 404 },
  'PUT /api/v1/me/devices/:id/place': theirs('/place', { precision: 'exact', longitude: 1, latitude: 51 }),
  'DELETE /api/v1/me/devices/:id': theirs(''),
  'GET /api/v1/me/kinds': person,
  'GET /api/v1/me/things': person,
  'POST /api/v1/me/things/:id/claim': { ...person, body: where, status: 404 },
  'GET /api/v1/me/damp': {
    ...person,
    url: ({ homeId }) => `/api/v1/me/damp?home=${homeId}`,
    status: 404
  },
  ...recordRoutes,
  'GET /api/v1/me/sites/:id/series': {
    ...person,
    url: ({ siteId }) => `/api/v1/me/sites/${siteId}/series?quantity=humidity`,
    status: 404
  },
  // With a pipeline, which this rig lacks, in test/flow/hosting.test.ts.
  'GET /api/v1/me/archive': { ...person, status: 500 },
  'POST /api/v1/me/erasure': { ...person, body: { confirm: 'no' }, status: 400 },
  ...stewardRoutes,
  'GET /datasets': everybody,
  'GET /datasets/catalog.jsonld': everybody,
  'GET /datasets/page.css': everybody,
  'GET /datasets/:version': unknown,
  'GET /datasets/:version*': { ...unknown, url: () => '/datasets/2026-11-30/sites.csv' },
  'GET /api/docs': everybody,
  'GET /api/docs/': everybody,
  'GET /api/docs/page.css': everybody,
  // For this machine alone; here everybody comes from elsewhere.
  'GET /metrics': { ...everybody, status: 403 },
  'GET /.well-known/security.txt': everybody,
  'GET /methods': everybody,
  'GET /privacy': everybody,
  'GET /data': everybody,
  'GET /streets/:id': everybody,
  'GET /streets/:id/poster': everybody,
  'GET /sites/:id': everybody,
  'GET /compare': everybody,
  'GET /embed/streets/:id': { ...everybody, status: 404 },
  'GET /og/streets/:file': { ...everybody, url: () => '/og/streets/nowhere.png', status: 404 },
  'GET /sign-in': everybody,
  'GET /ask': everybody,
  'GET /home': everybody,
  'GET /home*': everybody,
  'GET /steward': everybody,
  'GET /steward*': everybody,
  'GET /invitation/:code': unknown,
  'POST /push/:family': { ...box, url: () => '/push/airrohr', body: {} },
  'POST /push/:family/:token': { ...box, url: () => '/push/airrohr/abcdefghijklmnopqrstuvwxyz', body: {} },
  'POST /push/:family/:token*': {
    ...box,
    url: () => '/push/airrohr/abcdefghijklmnopqrstuvwxyz/x',
    body: {}
  },
  'POST /v1/push-sensor-data/': { ...box, body: {}, status: 403 },
  'POST /boxes/:box/:sensor': { ...box, url: () => '/boxes/nowhere/data', body: {}, status: 403 },
  'POST /sensors/airgradient::serial/measures': {
    ...box,
    url: () => '/sensors/airgradient:84fce612f5b8/measures',
    body: {},
    status: 403
  },
  // Ends the session of whoever asks, so it is the last.
  'DELETE /api/v1/session': everybody
}

function theirs(rest: string, body?: object): Case {
  return {
    ...person,
    url: ({ deviceId }) => `/api/v1/me/devices/${deviceId}${rest}`,
    ...(body ? { body } : {}),
    status: 404
  }
}

let hub: TestHub
let document: Document
let bedroom: Credentials
let ids: Ids
let anna: { personId: string; cookie: string }
const askers = ['nobody', 'another host', 'a researcher', 'a steward'] as const
const cookies = new Map<(typeof askers)[number], string>()

async function signedUp(name: string, role: Role, homeId?: string) {
  const { personId } = hub.registry.addPerson({ name, ...(homeId ? { homeId } : {}) }, start)
  const { code } = hub.accounts.invite({ personId, role, by: operator })
  const answer = await hub.app.inject({
    method: 'POST',
    url: `/api/v1/invitations/${code}/accept`,
    payload: { userName: name.toLowerCase(), password }
  })
  return { personId, cookie: String(answer.headers['set-cookie']).split(';')[0]! }
}

beforeAll(async () => {
  hub = await openTestHub({ built: true })
  document = await openApiOf(hub.app)
  const { streetId } = hub.registry.addStreet({ name: 'Ashley Road' })
  hub.registry.addStreet({ name: 'High Street' })
  anna = await signedUp('Anna', 'host', 'home-of-a')
  bedroom = hub.addSite(streetId, 'indoor', { homeId: 'home-of-a' })
  hub.store(steady(bedroom, 'humidity', hoursBefore(start, 30), start, telltale))
  cookies.set('another host', (await signedUp('Bert', 'host', 'home-of-b')).cookie)
  cookies.set('a researcher', (await signedUp('Ruth', 'researcher')).cookie)
  cookies.set('a steward', (await signedUp('Carla', 'steward')).cookie)
  const [session] = await hub.accounts.sessions(hub.accounts.accountOf(anna.personId)!.accountId)
  const theirs = { personId: anna.personId, homeId: 'home-of-a' }
  const { entryId } = hub.registry.addDiaryEntry({ ...theirs, kind: 'mould', note: secretNote }, start)
  const photo = hub.photos.add(anna.personId, Buffer.from(secretNote), start)
  hub.registry.setDiaryPhoto(anna.personId, entryId, photo)
  const temperatures = { surfaceC: 11, insideC: 19, outsideC: 4 }
  const corner = hub.registry.addCorner({ ...theirs, siteId: bedroom.siteId, at: start, ...temperatures })
  const { measurementId } = corner
  ids = { ...bedroom, homeId: 'home-of-a', sessionId: session!.sessionId, entryId, measurementId, photo }
})
afterAll(() => hub.close())

/** "GET /api/v1/me", read from the tree that the router prints: each line begins where its parent ends. */
function routes(): string[] {
  const stems: string[] = []
  return hub.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part, methods] = /^([│ ]*)[└├]── (\S+)(?: \((.*)\))?/.exec(line) ?? []
      if (part === undefined) return []
      const depth = indent.length / 4
      const path = (depth === 0 ? '' : stems[depth - 1]!) + part
      stems.splice(depth, Infinity, path)
      const asked = (methods ?? '').split(', ').filter((method) => method !== 'HEAD' && method !== '')
      return asked.map((method) => `${method} ${path}`)
    })
}

it('has every route in the table', () => {
  expect(routes().filter((route) => !(route in table))).toEqual([])
  expect(Object.keys(table).filter((route) => !routes().includes(route))).toEqual([])
})

function ask(route: string, { url, body }: Case, cookie: string | undefined) {
  const [method = '', path = ''] = route.split(' ')
  return hub.app.inject({
    method: method as 'GET',
    url: url?.(ids) ?? path.replaceAll(/:\w+/g, 'nowhere').replace(/\/?\*$/, '/nowhere'),
    remoteAddress: '192.0.2.1',
    headers: cookie === undefined ? {} : { cookie },
    ...(body === undefined ? {} : { payload: body })
  })
}

describe.each(Object.entries(table).filter(([, { isStream }]) => !isStream))('%s', (route, asked) => {
  const { audience, status = 200 } = asked
  it.each(askers)('gives %s nothing of Anna’s', async (who) => {
    const answer = await ask(route, asked, cookies.get(who))
    if (audience === 'person') {
      expect(answer.statusCode).toBe(who === 'nobody' ? 401 : status)
      expect(answer.headers['cache-control']).toContain('no-store')
    } else if (audience === 'steward' || audience === 'researcher') {
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(
        who === 'nobody' ? 401 : who === `a ${audience}` ? status : 403
      )
      expect(answer.headers['cache-control']).toContain('no-store')
    } else expect(answer.statusCode, answer.body.slice(0, 300)).toBe(status)
    expect(undocumented(document, route, answer)).toEqual([])
    // Stewards look after every box, and see whose it is; never what it measures.
    const names =
      audience === 'steward' && who === 'a steward' ? [] : [bedroom.deviceId, bedroom.siteId, anna.personId]
    for (const secret of [String(telltale), ...names]) {
      // What was asked for may be named in the refusal.
      if (answer.statusCode < 400) expect(answer.body).not.toContain(secret)
    }
    expect(answer.body).not.toContain(String(telltale))
    expect(answer.body).not.toContain(secretNote)
  })
})

it('has left everything of Anna’s as it was', async () => {
  const answer = await hub.app.inject({ url: '/api/v1/me/devices', headers: { cookie: anna.cookie } })
  expect(answer.json()).toMatchObject([
    { deviceId: bedroom.deviceId, latest: { humidity: { value: telltale } } }
  ])
  expect(hub.registry.verify(bedroom.deviceId, bedroom.password)).toBeDefined()
  expect(hub.registry.consents()).toEqual([])
  expect(hub.registry.diary(anna.personId)).toHaveLength(1)
  expect(hub.registry.corners(anna.personId)).toHaveLength(1)
})
