/** What a signed-in person sees of what is theirs, and that another's id finds nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OwnDamp, OwnDevice } from '../../contract/own.ts'
import { faults } from '../../model/fault.ts'
import { hourMs, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { surfaceHumidity } from '../../science/surface.ts'
import { fillableTemplate, intervalS, openTestHub, start, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

let hub: TestHub
let anna: SignedUp
let bert: SignedUp
let bedroom: Credentials
let street: Credentials

function store(
  box: Credentials,
  quantity: 'temperature' | 'humidity' | 'battery',
  at: number,
  value: number
) {
  const { siteId, deviceId } = box
  const reading = {
    siteId,
    deviceId,
    quantity,
    measuredAt: at as UnixMs,
    value,
    flag: 1,
    reasons: 0
  } as const
  hub.store([{ ...reading, receivedAt: at as UnixMs, sequence: 1, importId: 0 }])
}

const ask = (path: string, cookie = anna.cookie) =>
  hub.app.inject({ url: `/api/v1${path}`, headers: { cookie } })

beforeAll(async () => {
  hub = await openTestHub({ built: true, template: fillableTemplate })
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  const { streetId } = hub.registry.addStreet({ name: 'Ashley Road' })
  bedroom = hub.addSite(streetId, 'indoor', { homeId: 'home-of-anna' })
  street = hub.addSite(streetId)
  hub.addSite(streetId, 'indoor', { homeId: 'home-of-bert' })
  for (let at = start - 36 * hourMs; at <= start; at += intervalS * 1_000) {
    store(bedroom, 'temperature', at, 18)
    store(bedroom, 'humidity', at, 70)
    store(street, 'temperature', at, 4)
    store(street, 'humidity', at, 90)
  }
  store(bedroom, 'battery', start, 12)
})
afterAll(() => hub.close())

it('shows a host their sensors, and nobody else’s', async () => {
  const answer = await ask('/me/devices')
  expect(answer.headers['cache-control']).toBe('private, no-store')
  const devices = answer.json<OwnDevice[]>()
  expect(devices).toHaveLength(1)
  expect(devices[0]).toMatchObject({
    deviceId: bedroom.deviceId,
    placement: 'indoor',
    homeId: 'home-of-anna',
    street: { name: 'Ashley Road' },
    state: 'online',
    lastHeard: toIso(start),
    // Added a moment ago, so there is nothing yet of which a share could be missing.
    coverage: null,
    battery: { value: 12, unit: '%' },
    latest: { temperature: { value: 18 }, humidity: { value: 70 } },
    problems: []
  })
  expect(Object.keys(devices[0]!.latest)).toEqual(['temperature', 'humidity'])
})

it('lists what is wrong with what a sensor sends', async () => {
  const message = 'humidity 140 % is above 100 %'
  hub.registry.recordProblems([
    { deviceId: bedroom.deviceId, code: 'outOfRange', message, at: start, aboutFrom: start }
  ])
  expect((await ask('/me/devices')).json<OwnDevice[]>()[0]!.problems).toEqual([
    { code: 'outOfRange', message, count: 1, firstAt: toIso(start), lastAt: toIso(start) }
  ])
})

it('keeps to its host before what a sensor tells late of their time', async () => {
  const other = hub.registry.addPerson({ name: 'Before' }, start).personId
  const next = await signUp(hub, 'Next')
  const lent = hub.registry.addDevice(
    { streetId: 'ashley-road', placement: 'indoor', homeId: 'home-before', personId: other },
    start
  )
  const at = (start + hourMs) as UnixMs
  hub.registry.handOver(lent.deviceId, next.personId, { at, now: at })
  const problem = { deviceId: lent.deviceId, code: 'outOfRange', at: start + 2 * hourMs } as const
  const [early, unknown, own] = ['humidity 141 %', 'pm10 77000 µg/m³', 'temperature 99 °C']
  hub.registry.recordProblems([
    { ...problem, field: 'humidity', message: early, aboutFrom: start },
    { ...problem, field: 'pm10', message: unknown, aboutFrom: null },
    { ...problem, field: 'temperature', message: own, aboutFrom: at }
  ])
  const theirs = (await ask('/me/devices', next.cookie))
    .json<OwnDevice[]>()
    .find(({ deviceId }) => deviceId === lent.deviceId)
  expect(theirs!.problems.map(({ message }) => message)).toEqual([faults.outOfRange, faults.outOfRange, own])
})

it('tells homes with what they agreed to, in the words that were shown', async () => {
  hub.registry.recordConsent({ homeId: 'home-of-anna', purpose: 'street', by: 'Anna' }, start)
  expect((await ask('/me/homes')).json()).toMatchObject([
    {
      homeId: 'home-of-anna',
      rooms: [{ siteId: bedroom.siteId }],
      consents: [
        { purpose: 'street', on: true, since: toIso(start), words: expect.stringContaining('five homes') },
        { purpose: 'page', on: false, since: null },
        { purpose: 'research', on: false, since: null }
      ]
    }
  ])
})

it('says how damp a room and its coldest corner are, now and over time', async () => {
  const [damp, ...others] = (await ask('/me/damp')).json<OwnDamp[]>()
  expect(others).toEqual([])
  // Of 36 hours the first and the last are not whole. 0.75 of the way from 4 °C outside to 18 °C inside.
  expect(damp!.now).toMatchObject({ temperatureC: 18, humidity: 70, cornerC: 14.5, airing: 'air' })
  expect(damp!.now!.cornerHumidity).toBeCloseTo(surfaceHumidity(18, 70, 14.5), 2)
  expect(damp!.period).toMatchObject({ hours: 35, surface: { basis: 'estimated', hoursAtRisk: 35 } })
  expect(damp!.columns.time.at(-1)).toBe(start - 20 * 60_000)
  expect(damp!.columns.cornerTemperature.at(-2)).toBe(14.5)
  const days = (await ask(`/me/damp?from=${start - 200 * 24 * hourMs}`)).json<OwnDamp[]>()[0]!.columns
  expect(days.window).toBe('day')
  expect(days.humidity.filter((value) => value !== null)).toEqual([70])
})

it('puts the first sentence into the page of whoever is signed in, for them alone', async () => {
  const home = (headers: Record<string, string>) => hub.app.inject({ url: '/home', headers })
  const own = await home({ cookie: anna.cookie })
  expect(own.headers['cache-control']).toBe('private, no-store')
  expect(own.body).toMatch(/<p class="first">At 10:20 the coldest corner of .* was <strong>/)
  expect(own.body).toContain('<meta property="og:description" content="My home" />')
  const first = /id="first">(.*?)<\/script>/.exec(own.body)![1]!
  expect(JSON.parse(first)).toMatchObject({ path: 'me/damp', body: (await ask('/me/damp')).json() })
  // Another person has their own room, and who is not signed in the page as it was built.
  expect((await home({ cookie: bert.cookie })).body).not.toContain(bedroom.siteId)
  expect((await home({})).body).toBe(fillableTemplate)
  expect((await home({ cookie: 'lamppost=nonsense' })).body).toBe(fillableTemplate)
})

it('answers another’s id like one that is not there', async () => {
  const path = `/me/sites/${bedroom.siteId}/series?quantity=humidity`
  expect((await ask(path)).json<{ value: number[] }>().value).toContain(70)
  for (const [theirs, nobodys, code] of [
    [path, '/me/sites/s-nowhere/series?quantity=humidity', 'placeUnknown'],
    ['/me/damp?home=home-of-anna', '/me/damp?home=nowhere', 'homeUnknown']
  ] as const) {
    const [refused, missing] = [await ask(theirs, bert.cookie), await ask(nobodys, bert.cookie)]
    expect(refused.statusCode).toBe(404)
    expect(refused.json()).toMatchObject({ code })
    expect(refused.body).toBe(missing.body)
  }
  expect((await ask('/me/devices', bert.cookie)).json<OwnDevice[]>()).toHaveLength(1)
  expect((await ask('/me/damp', bert.cookie)).json<OwnDamp[]>()).toMatchObject([{ now: null }])
})
