/** Datastreams that are no raw readings: what corrections make of them, and published days of homes; and how ids are made. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { numberOf, observationId, partsOfObservationId, SeriesNumbers } from '../../sensorthings/ids.ts'
import { at, start } from '../support/api-hub.ts'
import { begin, openStaRig, type Json, type StaRig } from './rig.ts'

let sta: StaRig
const half = (start - 12 * 3_600_000) as UnixMs

beforeAll(async () => {
  sta = await openStaRig()
  const { registry } = sta.rig.hub
  const row = {
    deviceId: sta.outdoor[0]!.deviceId,
    siteId: null,
    quantity: 'pm2_5' as const,
    formula: 'linear' as const,
    formulaVersion: 1,
    sensor: 'other' as const,
    signal: 'only' as const
  }
  registry.addCorrection(
    {
      row: { ...row, coefficients: { slope: 0.5, intercept: 0 }, from: null, until: half },
      origin: 'a test'
    },
    begin
  )
  registry.addCorrection(
    {
      row: { ...row, coefficients: { slope: 0.5, intercept: 1 }, from: half, until: null },
      origin: 'a test'
    },
    begin
  )
  await sta.rig.store.setCorrections(registry.corrections())
  await sta.rig.write([])
})
afterAll(() => sta.close())

describe('a corrected quantity', () => {
  const stream =
    "/Datastreams?$filter=properties/quantity eq 'pm2_5_corrected'&$expand=Sensor,ObservedProperty,Thing"

  it('is a Datastream of its own, with its formula as Sensor and the corrections that held', async () => {
    const { value } = await sta.get(stream)
    expect(value).toHaveLength(1)
    expect(value[0]).toMatchObject({
      name: 'Corrected PM2.5 at Mill Lane 1',
      ObservedProperty: { name: 'PM2.5' },
      Sensor: { metadata: expect.stringContaining('intercept = 1'), properties: { formula: 'linear' } },
      properties: {
        corrections: [{ coefficients: { intercept: 0 } }, { coefficients: { intercept: 1 }, until: null }]
      }
    })
  })

  it('has what the corrections make of each raw reading, and as many as it says', async () => {
    const [{ '@iot.id': id, Thing }] = (await sta.get(stream)).value
    const observations = await sta.all(`/Datastreams(${id})/Observations?$top=100`)
    const raw = await sta.all(
      `/Observations?$filter=Datastream/properties/quantity eq 'pm2_5' and Datastream/Thing/id eq ${Thing['@iot.id']}`
    )
    const wanted = raw.map(({ phenomenonTime, result }) => [
      phenomenonTime,
      // The line of a sensor beside a reference, read backwards.
      (result - (phenomenonTime < toIso(half) ? 0 : 1)) / 0.5
    ])
    expect(observations.map(({ phenomenonTime, result }) => [phenomenonTime, result])).toEqual(wanted)
    expect((await sta.get(`/Datastreams(${id})/Observations?$count=true&$top=1`))['@iot.count']).toBe(
      wanted.length
    )
    const one = observations[17]!
    expect(await sta.get(`/Observations(${one['@iot.id']})`)).toEqual(one)
  })

  it('is among the newest of every Thing', async () => {
    const { value } = await sta.get(
      '/Things?$expand=Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1))'
    )
    const found = (value as Json[]).flatMap(({ Datastreams }) => Datastreams as Json[])
    const newest = found.find(({ properties }) => properties.quantity === 'pm2_5_corrected')!
    const [direct] = (
      await sta.get(`/Datastreams(${newest['@iot.id']})/Observations?$orderby=phenomenonTime desc&$top=1`)
    ).value
    expect(newest['Observations']).toEqual([direct])
  })
})

describe('published days of homes', () => {
  const day = (n: number) => {
    const from = (at('2026-11-18T00:00:00Z') + n * dayMs) as UnixMs
    return { date: toIso(from).slice(0, 10), from, until: (from + dayMs) as UnixMs }
  }
  const figure = (value: number) => ({
    streetId: 'mill-lane',
    quantity: 'humidity' as const,
    value,
    homes: 5,
    hours: null
  })
  const homes = "/Datastreams?$filter=properties/basis eq 'homes'&$expand=Thing/Locations"

  beforeAll(() => {
    for (const n of [0, 1, 2]) sta.rig.hub.registry.decideDay(day(n), [figure(50 + n)], start)
  })

  it('are Datastreams of the street, each day one Observation over the whole of it', async () => {
    const [stream, ...others] = (await sta.get(homes)).value
    expect(others).toEqual([])
    expect(stream.Thing).toMatchObject({ name: 'Homes on Mill Lane', Locations: [{ name: 'Mill Lane' }] })
    const { value } = await sta.get(`/Datastreams(${stream['@iot.id']})/Observations?$count=true`)
    expect(value.map((one: Json) => [one['phenomenonTime'], one['result'], one['parameters']])).toEqual(
      [0, 1, 2].map((n) => [`${toIso(day(n).from)}/${toIso(day(n).until)}`, 50 + n, null])
    )
    expect(await sta.get(`/Observations(${value[1]['@iot.id']})`)).toEqual(value[1])
  })

  it('are found, ordered and paged with the readings of sensors', async () => {
    const found = await sta.all(
      "/Observations?$filter=Datastream/ObservedProperty/name eq 'Humidity'&$top=50&$orderby=phenomenonTime desc"
    )
    expect(found.slice(-3).map(({ result }) => result)).toEqual([52, 51, 50])
    const first = await sta.get(`/Observations?$filter=phenomenonTime le ${toIso(day(1).until)}&$count=true`)
    expect([first['@iot.count'], first['value'].map(({ result }: Json) => result)]).toEqual([2, [50, 51]])
    const newest = await sta.get(
      "/Things?$filter=properties/placement eq 'indoor'&$expand=Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1;$count=true))"
    )
    expect(newest['value'][0].Datastreams[0]).toMatchObject({
      'Observations@iot.count': 3,
      Observations: [{ result: 52 }]
    })
  })

  it('are gone when a day is withdrawn', async () => {
    sta.rig.hub.registry.withdrawDay('mill-lane', day(1).date, start)
    const [stream] = (await sta.get(homes)).value
    const { value } = await sta.get(`/Datastreams(${stream['@iot.id']})/Observations`)
    expect(value.map((one: Json) => one['result'])).toEqual([50, 52])
  })
})

describe('ids', () => {
  it('are the same for the same keys, whatever comes after them', () => {
    const keys = Array.from({ length: 20_000 }, (_, n) => `d-${n} pm2_5`)
    const range = { first: 100_000, count: 820_000 }
    const [some, all] = [new SeriesNumbers(range, keys.slice(0, 9_000)), new SeriesNumbers(range, keys)]
    for (const key of keys.slice(0, 9_000)) expect(all.of(key)).toBe(some.of(key))
    expect(new Set(keys.map((key) => all.of(key))).size).toBe(keys.length)
    expect(numberOf('Thing s-1')).toBe(numberOf('Thing s-1'))
    expect(Number.isSafeInteger(numberOf('Thing s-1'))).toBe(true)
  })

  it('of Observations say their series and their time, also before 1970', () => {
    for (const moment of [-86_400_000, 0, 1_795_428_600_250]) {
      const id = observationId(541_783, moment)
      expect(id).toMatch(/^\d{19}$/)
      expect(partsOfObservationId(id)).toEqual({ series: 541_783, at: moment })
    }
    expect(partsOfObservationId('17')).toBeUndefined()
  })
})
