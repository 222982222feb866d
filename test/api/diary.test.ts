/** What people write down about their homes, and the corners that they measure: kept for them, and hidden from everybody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiaryChange, DiaryEntry, MeasuredCorner } from '../../contract/diary.ts'
import type { OwnDamp } from '../../contract/own.ts'
import { hourMs, minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

let hub: TestHub
let anna: SignedUp
let bert: SignedUp
let bedroom: Credentials
let bathroom: Credentials

const ask = (path: string, { cookie } = anna) =>
  hub.app.inject({ url: `/api/v1${path}`, headers: { cookie } })
const send = (method: 'POST' | 'DELETE', path: string, payload?: object, { cookie } = anna) =>
  hub.app.inject({ method, url: `/api/v1${path}`, headers: { cookie }, ...(payload ? { payload } : {}) })
const diaryPath = '/me/homes/home-of-anna/diary'

beforeAll(async () => {
  hub = await openTestHub()
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  const { streetId } = hub.registry.addStreet({ name: 'Ashley Road' })
  bedroom = hub.addSite(streetId, 'indoor', { homeId: 'home-of-anna' })
  bathroom = hub.addSite(streetId, 'indoor', { homeId: 'home-of-anna' })
  hub.addSite(streetId, 'indoor', { homeId: 'home-of-bert' })
  const outdoors = hub.addSite(streetId)
  const from = hoursBefore(start, 2)
  for (const [box, celsius] of [
    [bedroom, 19],
    [bathroom, 20],
    [outdoors, 4]
  ] as const) {
    hub.store(steady(box, 'temperature', from, start, celsius))
    hub.store(steady(box, 'humidity', from, start, 60))
  }
})
afterAll(() => hub.close())

describe('a diary', () => {
  it('keeps what happened when, and when that was written', async () => {
    const lastWeek = toIso((start - 7 * 24 * hourMs) as UnixMs)
    await send('POST', diaryPath, { kind: 'window' })
    await send('POST', diaryPath, {
      kind: 'reported',
      at: lastWeek,
      room: bedroom.siteId,
      reportedTo: 'Housing association',
      note: 'Mould at the window.\r\nالعفن قرب النافذة'
    })
    expect((await ask('/me/diary')).json()).toMatchObject([
      {
        kind: 'reported',
        at: lastWeek,
        writtenAt: toIso(start),
        room: bedroom.siteId,
        note: 'Mould at the window.\nالعفن قرب النافذة',
        reportedTo: 'Housing association',
        photo: null
      },
      { kind: 'window', home: 'home-of-anna', at: toIso(start), room: null, note: '', reportedTo: null }
    ])
  })

  it.each([
    ['the future', { kind: 'note', at: toIso((start + hourMs) as UnixMs) }, 'badTime'],
    ['no time', { kind: 'note', at: 'yesterday' }, 'badTime'],
    ['a kind that there is not', { kind: 'party' }, 'parameterBad'],
    ['a room of another home', { kind: 'note', room: 'HERS' }, 'siteUnknown'],
    ['more than a page', { kind: 'note', note: 'x'.repeat(1_001) }, 'parameterBad']
  ])('refuses %s', async (_what, body, code) => {
    const theirs = hub.registry.sites().find(({ homeId }) => homeId === 'home-of-bert')!.siteId
    const given = 'room' in body ? { ...body, room: theirs } : body
    const before = (await ask('/me/diary')).body
    const answer = await send('POST', diaryPath, given)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.json()).toMatchObject({ code })
    expect((await ask('/me/diary')).body).toBe(before)
  })

  it.each([
    ['a field of another kind', { kind: 'note', note: null }, '"note" must be a text. See /api/docs.'],
    ['what is no entry', [], 'The body must be an object. See /api/docs.']
  ])('says what is wrong with %s', async (_what, body, detail) => {
    expect((await send('POST', diaryPath, body)).json()).toMatchObject({ code: 'parameterBad', detail })
  })

  it('is nobody else’s to read, write or delete', async () => {
    const [entry] = (await ask('/me/diary')).json<DiaryEntry[]>()
    expect((await ask('/me/diary', bert)).json()).toEqual([])
    expect((await ask('/me/diary?home=home-of-anna', bert)).statusCode).toBe(404)
    expect((await send('POST', diaryPath, { kind: 'note' }, bert)).statusCode).toBe(404)
    const [theirs, nobodys] = [
      await send('DELETE', `/me/diary/${entry!.id}`, undefined, bert),
      await send('DELETE', '/me/diary/n-nowhere', undefined, bert)
    ]
    expect(theirs.statusCode).toBe(404)
    expect(theirs.body).toBe(nobodys.body)
    expect((await send('DELETE', `/me/diary/${entry!.id}`)).statusCode).toBe(200)
    expect((await ask('/me/diary')).json()).toHaveLength(1)
  })
})

it('says what airing changed in each room, and only to whoever aired', async () => {
  const aired = hoursBefore(start, 30)
  const drier = (at: UnixMs) => (at > aired && at < aired + 2 * hourMs ? 40 : 60)
  const [from, until] = [hoursBefore(aired, 1), (aired + 5 * hourMs) as UnixMs]
  hub.store(steady(bedroom, 'temperature', from, until, 19))
  hub.store(steady(bedroom, 'humidity', from, until, drier))
  await send('POST', diaryPath, { kind: 'window', at: toIso(aired) })
  const changes = (await ask('/me/diary/changes')).json<DiaryChange[]>()
  expect(changes.filter(({ at }) => at === toIso(aired))).toMatchObject([
    { kind: 'window', room: bedroom.siteId, before: { humidity: 60 }, after: { humidity: 40 }, minutes: 10 }
  ])
  expect((await ask('/me/diary/changes', bert)).json()).toEqual([])
  const earlier = `/me/diary/changes?from=${aired - 9 * hourMs}&until=${aired - 8 * hourMs}`
  expect((await ask(earlier)).json()).toEqual([])
})

describe('a measured corner', () => {
  const measure = (room: Credentials, body: object, who = anna) =>
    send('POST', `/me/sites/${room.siteId}/corners`, body, who)
  const damp = async (): Promise<OwnDamp[]> => (await ask('/me/damp')).json()

  it('takes the temperatures of room and street from their sensors, and is used from then on', async () => {
    expect((await damp())[0]).toMatchObject({ corner: { basis: 'assumed', value: 0.75 } })
    const answer = await measure(bedroom, { surfaceC: 11.5 })
    // (11.5 − 4) / (19 − 4)
    expect(answer.json()).toMatchObject({ insideC: 19, outsideC: 4, factor: 0.5, at: toIso(start) })
    const [room] = await damp()
    expect(room).toMatchObject({
      corner: { value: 0.5, basis: 'measured', measurements: 1, ofThisRoom: true, measuredAt: toIso(start) },
      now: { cornerC: 11.5 }
    })
  })

  it('counts as the middle of the newest three, and for other rooms of the home until they have their own', async () => {
    hub.clock.set((start + minuteMs) as UnixMs)
    for (const surfaceC of [13, 14.5]) await measure(bedroom, { surfaceC, insideC: 19, outsideC: 4 })
    const rooms = await damp()
    expect(rooms.map(({ corner }) => corner)).toMatchObject([
      { value: 0.6, measurements: 3, ofThisRoom: true },
      { value: 0.6, measurements: 3, ofThisRoom: false }
    ])
    await measure(bathroom, { surfaceC: 16 })
    expect((await damp())[1]!.corner).toMatchObject({
      value: 0.75,
      basis: 'measured',
      measurements: 1,
      ofThisRoom: true
    })
  })

  it.each([
    ['too warm outdoors', { surfaceC: 18, insideC: 20, outsideC: 12 }, 'tooLittleDifference'],
    ['a corner warmer than its room', { surfaceC: 21, insideC: 20, outsideC: 5 }, 'warmerThanRoom'],
    ['a corner colder than outdoors', { surfaceC: 2, insideC: 20, outsideC: 5 }, 'colderThanOutside'],
    ['a temperature of no planet', { surfaceC: 400 }, 'parameterBad']
  ])('refuses %s', async (_what, body, code) => {
    const answer = await measure(bedroom, body)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.json()).toMatchObject({ code })
  })

  it('is nobody else’s, and can be deleted', async () => {
    expect((await measure(bedroom, { surfaceC: 12 }, bert)).statusCode).toBe(404)
    expect((await ask('/me/corners', bert)).json()).toEqual([])
    const corners = (await ask('/me/corners')).json<MeasuredCorner[]>()
    expect((await send('DELETE', `/me/corners/${corners[0]!.id}`, undefined, bert)).statusCode).toBe(404)
    for (const { id } of corners) expect((await send('DELETE', `/me/corners/${id}`)).statusCode).toBe(200)
    expect((await damp())[0]!.corner.basis).toBe('assumed')
  })
})
