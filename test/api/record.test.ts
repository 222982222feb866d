/** Damp records over the API: for their person alone, of their own time in a room, and never kept by a cache. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DampRecord } from '../../contract/damp-record.ts'
import type { OwnRecordRoom, ReportNoted } from '../../contract/own-record.ts'
import { dayMs, hourMs, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

let hub: TestHub
let anna: SignedUp
let bert: SignedUp
let bedroom: Credentials
const from = (start - 10 * dayMs) as UnixMs
const handedOver = (start - 4 * dayMs) as UnixMs

const ask = (path: string, { cookie }: SignedUp = anna) =>
  hub.app.inject({ url: `/api/v1/me/${path}`, headers: { cookie } })
const period = `from=${from}&until=${start}`

beforeAll(async () => {
  hub = await openTestHub()
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  const { streetId } = hub.registry.addStreet({ name: 'Ashley Road' })
  bedroom = hub.addSite(streetId, 'indoor', { homeId: 'home-of-anna' })
  const outdoors = hub.addSite(streetId)
  for (const [box, celsius, percent] of [
    [bedroom, 16, 72],
    [outdoors, 3, 88]
  ] as const) {
    hub.store(steady(box, 'temperature', from, start, celsius))
    hub.store(steady(box, 'humidity', from, start, percent))
  }
  hub.registry.addDiaryEntry(
    {
      personId: anna.personId,
      homeId: 'home-of-anna',
      kind: 'mould',
      at: (start - 5 * dayMs) as UnixMs,
      note: 'hers'
    },
    start
  )
})
afterAll(() => hub.close())

it('lists rooms, and gives the record of all of them, which no cache keeps', async () => {
  expect((await ask('record/rooms')).json<OwnRecordRoom[]>()).toMatchObject([
    {
      siteId: bedroom.siteId,
      homeId: 'home-of-anna',
      street: { name: 'Ashley Road' },
      from: null,
      until: null
    }
  ])
  const answer = await ask(`record?${period}`)
  expect(answer.headers['cache-control']).toBe('private, no-store')
  const record = answer.json<DampRecord>()
  expect(record).toMatchObject({ person: 'Anna', from: toIso(from), until: toIso(start), rules: null })
  expect(record.rooms[0]!.figures.surface.hoursAtRisk).toBeGreaterThan(200)
  expect(record.diary).toMatchObject([{ kind: 'mould', note: 'hers' }])
})

it.each([
  ['record.pdf', 'application/pdf', '%PDF-'],
  ['record.zip', 'application/zip', 'PK']
])('gives %s as a file of its own', async (path, type, begin) => {
  const answer = await ask(`${path}?${period}&rules=england-social`)
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'cache-control': 'private, no-store',
    'content-disposition': expect.stringContaining('attachment; filename="damp-record-')
  })
  expect(answer.rawPayload.subarray(0, begin.length).toString('latin1')).toBe(begin)
})

it.each([
  ['a room of somebody else', () => `record?room=${bedroom.siteId}`, () => bert, 404, 'placeUnknown'],
  ['a room that there is not', () => 'record?room=s-nowhere', () => anna, 404, 'placeUnknown'],
  ['three years', () => 'record?from=2022-01-01&until=2025-06-01', () => anna, 400, 'rangeTooLong'],
  ['rules of nowhere', () => 'record?rules=mars', () => anna, 400, 'parameterBad'],
  ['a period without an end', () => 'record?from=2025-01-02&until=2025-01-01', () => anna, 400, 'rangeEmpty']
])('refuses %s', async (_what, path, who, status, code) => {
  const answer = await ask(path(), who())
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code])
})

describe('a letter that was sent', () => {
  const send = (payload: object, who = anna, home = 'home-of-anna') =>
    hub.app.inject({
      method: 'POST',
      url: `/api/v1/me/homes/${home}/letters`,
      headers: { cookie: who.cookie },
      payload
    })

  it('stands in the diary and in the record, with the days on which the hub reminds', async () => {
    const at = '2026-11-20T12:00:00Z'
    const answer = await send({ to: 'Riverside Homes', at, room: bedroom.siteId, rules: 'england-social' })
    // A Friday: ten working days end on 4 December, three and five more after that; 12 weeks on 26 February.
    expect(answer.json<ReportNoted>().reminders).toEqual([
      '2026-11-22',
      '2026-12-05',
      '2026-12-10',
      '2026-12-12',
      '2027-02-27'
    ])
    const record = (await ask(`record?${period}&rules=england-social`)).json<DampRecord>()
    expect(record.reports).toMatchObject([{ at: '2026-11-20T12:00:00.000Z', to: 'Riverside Homes' }])
    expect(record.reports[0]!.deadlines[1]).toEqual({
      name: 'investigate',
      by: '2026-12-04',
      isAssumed: false,
      passed: false,
      notedOn: null
    })
  })

  it('has no dates where no rules are known', async () => {
    expect((await send({ to: 'Mr Smith' })).json<ReportNoted>().reminders).toEqual([])
  })

  it.each([
    [{ to: 'x', rules: 'mars' }, 400],
    [{ to: 'x', at: 'yesterday' }, 400],
    [{ to: 'x', at: '2030-01-01T00:00:00Z' }, 400],
    [{ to: '' }, 400],
    [{ to: 'x', room: 's-nowhere' }, 404]
  ])('is refused: %j', async (letter, status) => {
    expect((await send(letter)).statusCode).toBe(status)
  })

  it('is noted in no home of somebody else', async () => {
    expect((await send({ to: 'x' }, bert)).statusCode).toBe(404)
  })
})

describe('after the room has another host', () => {
  beforeAll(() => {
    hub.registry.handOver(bedroom.deviceId, bert.personId, {
      at: handedOver,
      homeId: 'home-of-bert',
      now: start
    })
  })

  it('keeps the time before for its former host', async () => {
    const rooms = (await ask('record/rooms')).json<OwnRecordRoom[]>()
    expect(rooms.map(({ siteId }) => siteId)).toContain(bedroom.siteId)
    const record = (await ask(`record?${period}`)).json<DampRecord>()
    expect(record.rooms[0]!.figures.hours).toBeGreaterThanOrEqual((handedOver - from) / hourMs - 1)
  })

  it('gives the next host nothing of it: no room, no reading, no diary', async () => {
    const rooms = (await ask('record/rooms', bert)).json<OwnRecordRoom[]>()
    expect(rooms.map(({ siteId }) => siteId)).not.toContain(bedroom.siteId)
    const record = (await ask(`record?${period}`, bert)).json<DampRecord>()
    expect(record.diary).toEqual([])
    expect(record.rooms.every(({ siteId }) => siteId !== bedroom.siteId)).toBe(true)
    expect((await ask(`record.pdf?room=${bedroom.siteId}`, bert)).statusCode).toBe(404)
  })
})
