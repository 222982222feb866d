/** Where exactly a sensor is: its host says how much of that everybody sees, and no more is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { OwnDevice, SensorAdded } from '../../contract/own.ts'
import type { PlaceBody, PlaceShown } from '../../contract/place.ts'
import type { StreetDetail } from '../../contract/street.ts'
import { cellOf } from '../../model/site-place.ts'
import { openTestHub, start, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

const here = { longitude: -2.58791, latitude: 51.45452 }
let hub: TestHub
let anna: SignedUp
let bert: SignedUp
let streetId: string

beforeAll(async () => {
  hub = await openTestHub()
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  ;({ streetId } = hub.registry.addStreet({ name: 'Ashley Road' }))
})
afterAll(() => hub.close())

async function add(placement: 'outdoor' | 'indoor', place: PlaceBody): Promise<SensorAdded> {
  const answer = await hub.app.inject({
    method: 'POST',
    url: '/api/v1/me/devices',
    headers: { cookie: anna.cookie },
    payload: { dialect: 'airrohr', street: 'Ashley Road', placement, name: 'By the stop', place }
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<SensorAdded>()
}

const change = (deviceId: string, place: PlaceBody, { cookie } = anna) =>
  hub.app.inject({
    method: 'PUT',
    url: `/api/v1/me/devices/${deviceId}/place`,
    headers: { cookie },
    payload: place
  })

async function everybodySees(siteId: string): Promise<PlaceShown | undefined> {
  const street = (await hub.app.inject({ url: `/api/v1/streets/${streetId}` })).json<StreetDetail>()
  return street.sites.find(({ id }) => id === siteId)?.place
}

it('is told as its street unless its host says otherwise', async () => {
  const { siteId } = await add('outdoor', { ...here, heightM: 2.5, facing: 'street', mount: 'wall' })
  expect(await everybodySees(siteId)).toEqual({
    precision: 'street',
    position: null,
    heightM: 2.5,
    facing: 'street',
    mount: 'wall'
  })
  expect(hub.registry.sitePlace(siteId).position).toBeNull()
})

it('is told as a cell of which nothing more is kept, and exactly only when asked for', async () => {
  const { siteId, deviceId } = await add('outdoor', { ...here, precision: 'cell' })
  const cell = cellOf([here.longitude, here.latitude])
  expect(await everybodySees(siteId)).toMatchObject({ precision: 'cell', position: [...cell] })
  expect(hub.registry.sitePlace(siteId).position).toEqual([...cell])
  // The middle of the cell must not be told as the exact place.
  expect((await change(deviceId, { precision: 'exact' })).json()).toMatchObject({ code: 'placeMissing' })
  expect((await change(deviceId, { precision: 'exact', ...here })).statusCode).toBe(200)
  expect(await everybodySees(siteId)).toMatchObject({
    precision: 'exact',
    position: [here.longitude, here.latitude]
  })
  await change(deviceId, { precision: 'street' })
  expect(await everybodySees(siteId)).toMatchObject({ precision: 'street', position: null })
  expect(hub.registry.sitePlace(siteId).position).toBeNull()
})

it('is never kept of an indoor place, however it is asked for', async () => {
  const { siteId, deviceId } = await add('indoor', {
    ...here,
    precision: 'exact',
    heightM: 1.5,
    mount: 'shelf'
  })
  await change(deviceId, { ...here, precision: 'cell' })
  expect(hub.registry.sitePlace(siteId)).toMatchObject({ precision: 'street', position: null, heightM: 1.5 })
  expect(await everybodySees(siteId)).toBeUndefined()
  const devices = await hub.app.inject({ url: '/api/v1/me/devices', headers: { cookie: anna.cookie } })
  const room = devices.json<OwnDevice[]>().find((one) => one.deviceId === deviceId)!
  expect(room.place).toMatchObject({ mount: 'shelf', position: null })
})

it('is changed by its host alone, and told as its street again when it gets another, or becomes private', async () => {
  const { siteId, deviceId } = await add('outdoor', { ...here, precision: 'exact', mount: 'pole' })
  expect((await change(deviceId, { precision: 'street' }, bert)).statusCode).toBe(404)
  hub.registry.handOver(deviceId, bert.personId, { at: start, now: start })
  expect(await everybodySees(siteId)).toMatchObject({ precision: 'street', position: null, mount: 'pole' })
  await change(deviceId, { ...here, precision: 'exact' }, bert)
  hub.registry.makePrivate(siteId, undefined, start)
  expect(hub.registry.sitePlace(siteId).position).toBeNull()
})

it.each([
  ['a height of a mountain', { heightM: 8_848 }],
  ['a place on no globe', { precision: 'exact', longitude: 500, latitude: 0 }],
  ['a mount that there is not', { mount: 'balloon' }],
  ['a field that there is not', { address: '12 Ashley Road' }]
])('refuses %s', async (_what, place) => {
  const { deviceId } = await add('outdoor', {})
  expect((await change(deviceId, place as PlaceBody)).statusCode).toBe(400)
})

describe('a cell', () => {
  const metresNorth = (degrees: number): number => degrees * 111_320
  const metresEast = (degrees: number, latitude: number): number =>
    degrees * 111_320 * Math.cos((latitude * Math.PI) / 180)
  const positions = fc.tuple(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: -70, max: 70, noNaN: true })
  )

  it('is at most half its side away, and its own middle lies in it', () => {
    fc.assert(
      fc.property(positions, ([longitude, latitude]) => {
        const cell = cellOf([longitude, latitude])
        expect(Math.abs(metresNorth(cell[1] - latitude))).toBeLessThanOrEqual(52)
        expect(Math.abs(metresEast(cell[0] - longitude, latitude))).toBeLessThanOrEqual(53)
        expect(cellOf(cell)).toEqual(cell)
      })
    )
  })

  it('is the same for neighbours, wherever in it they live', () => {
    const [longitude, latitude] = cellOf([here.longitude, here.latitude])
    for (const [east, north] of [
      [0.0004, 0],
      [-0.0004, 0.0003],
      [0, -0.0004]
    ] as const)
      expect(cellOf([longitude + east, latitude + north])).toEqual([longitude, latitude])
  })
})
