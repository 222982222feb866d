/** The service as a client meets it: its entities and links, pages that survive new data, and nothing of what is private. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entityTypes, typeNames } from '../../sensorthings/entity-types.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import { reading, start } from '../support/api-hub.ts'
import { begin, openStaRig, telltale, type Json, type StaRig } from './rig.ts'

let sta: StaRig

beforeAll(async () => {
  sta = await openStaRig()
})
afterAll(() => sta.close())

const local = (link: string): string => link.replace(/^.*\/sta\/v1\.1/, '')

describe('the entities', () => {
  it('are the eight sets that the service names', async () => {
    const { value } = await sta.get('')
    expect(value.map(({ name }: Json) => name).toSorted()).toEqual(
      typeNames.map((name) => entityTypes[name].set).toSorted()
    )
    for (const { url } of value)
      expect((await sta.get(`${local(url)}?$count=true`))['@iot.count']).toBeGreaterThan(0)
  })

  it.each(typeNames)(
    'of %s have an address, an id, every property and links that lead somewhere',
    async (type) => {
      const { set, properties, links } = entityTypes[type]
      const [entity] = (await sta.get(`/${set}?$top=1`)).value
      expect(await sta.get(local(entity['@iot.selfLink']))).toEqual(entity)
      expect(await sta.get(`/${set}(${entity['@iot.id']})`)).toEqual(entity)
      expect(await sta.get(`/${set}('${entity['@iot.id']}')`)).toEqual(entity)
      for (const name of Object.keys(properties)) {
        expect(entity).toHaveProperty(name)
        expect(await sta.get(`/${set}(${entity['@iot.id']})/${name}`)).toEqual({ [name]: entity[name] })
        const value = await sta.ask(`/${set}(${entity['@iot.id']})/${name}/$value`)
        const expected =
          typeof entity[name] === 'object' ? JSON.stringify(entity[name]) : String(entity[name])
        expect([value.status, value.body]).toEqual([200, expected])
      }
      for (const [name, { many }] of Object.entries(links)) {
        const linked = await sta.get(local(entity[`${name}@iot.navigationLink`]))
        const expanded = await sta.get(`/${set}(${entity['@iot.id']})?$expand=${name}`)
        if (!many) {
          expect(expanded[name]).toEqual(linked)
          continue
        }
        expect(linked['value'].length).toBeGreaterThan(0)
        expect(expanded[name]).toEqual(linked['value'])
        const references = await sta.get(`/${set}(${entity['@iot.id']})/${name}/$ref`)
        expect(references['value']).toEqual(
          linked['value'].map((one: Json) => ({ '@iot.selfLink': one['@iot.selfLink'] }))
        )
      }
    }
  )

  it('lie on their street, and say their licence, unit and quality', async () => {
    const [thing] = (
      await sta.get("/Things?$filter=name eq 'Mill Lane 1'&$expand=Locations,Datastreams/Sensor")
    ).value
    expect(thing.Locations[0]).toMatchObject({
      name: 'Mill Lane',
      encodingType: 'application/geo+json',
      location: { type: 'LineString' },
      properties: { attribution: '© OpenStreetMap contributors' }
    })
    expect(thing.properties).toMatchObject({ indicative: true, unauthenticated: false })
    expect(thing.Datastreams).toHaveLength(3)
    const pm = thing.Datastreams.find(({ properties }: Json) => properties.quantity === 'pm2_5')
    expect(pm).toMatchObject({
      unitOfMeasurement: { symbol: 'µg/m³', definition: 'http://qudt.org/vocab/unit/MicroGM-PER-M3' },
      properties: { licence: 'CC BY 4.0', ucum: 'ug/m3' }
    })
    const noise = thing.Datastreams.find(({ properties }: Json) => properties.quantity === 'laeq')
    // There is no A-weighted decibel in QUDT.
    expect(noise.unitOfMeasurement.definition).toContain('/UCUM/')
    const [failed] = (await sta.get('/Observations?$filter=resultQuality/flag eq 4&$top=1')).value
    expect(failed.resultQuality).toMatchObject({
      scheme: 'QARTOD',
      meaning: 'fail',
      reasons: [{ code: 'outOfRange', text: expect.stringContaining('cannot be') }]
    })
  })

  it('are chosen, expanded and counted as asked', async () => {
    const page = await sta.get(
      "/Things?$select=name,id&$expand=Datastreams($select=name;$filter=unitOfMeasurement/symbol eq '%25';$expand=Observations($top=1;$orderby=phenomenonTime desc;$count=true;$select=result))&$orderby=name desc&$top=1&$count=true"
    )
    expect(page['@iot.count']).toBe(3)
    expect(page.value).toEqual([
      {
        '@iot.id': expect.any(Number),
        name: expect.stringContaining('St Mary'),
        Datastreams: [
          {
            name: expect.stringContaining('Humidity'),
            'Observations@iot.count': 206,
            'Observations@iot.nextLink': expect.stringContaining('$skiptoken'),
            Observations: [{ result: expect.any(Number) }]
          }
        ]
      }
    ])
  })
})

describe('pages', () => {
  it.each([
    '',
    '$orderby=phenomenonTime desc',
    '$orderby=result desc,phenomenonTime asc',
    '$filter=result gt 20'
  ])('of Observations give each once (%s)', async (option) => {
    const whole = await sta.get(`/Observations?$top=9999&${option}`)
    const pages = await sta.all(`/Observations?$top=137&${option}`)
    expect(pages.map((one) => one['@iot.id'])).toEqual(whole['value'].map((one: Json) => one['@iot.id']))
  })

  it('of entities too, with $skip for the first', async () => {
    const all = await sta.all('/Datastreams?$orderby=name&$top=2&$skip=1')
    const whole = (await sta.get('/Datastreams?$orderby=name')).value
    expect(all).toEqual(whole.slice(1))
  })

  it('go on where they ended when new readings come before and behind', async () => {
    const [, second] = sta.outdoor
    const first = await sta.get('/Observations?$top=500&$orderby=phenomenonTime desc')
    const late = reading(second!, 'laeq', (begin + 77_777) as UnixMs, 33.125)
    const fresh = reading(second!, 'laeq', (start + minuteMs) as UnixMs, 44.125)
    await sta.rig.write([late, fresh])
    const rest = await sta.all(local(first['@iot.nextLink']))
    const ids = [...first['value'], ...rest].map((one) => one['@iot.id'])
    expect(new Set(ids).size).toBe(ids.length)
    expect(rest.filter(({ result }) => result === 33.125)).toHaveLength(1)
    // The one that came behind the first page is on none: it was not there when that was given.
    expect([...first['value'], ...rest].filter(({ result }) => result === 44.125)).toEqual([])
  })
})

describe('the newest of every Thing', () => {
  it('is what the readings say, whatever its flag', async () => {
    const [site] = sta.outdoor
    const failed = {
      ...reading(site!, 'pm2_5', (start + 5 * minuteMs) as UnixMs, 4_000),
      flag: 4 as const,
      reasons: 1
    }
    await sta.rig.write([failed])
    const { value } = await sta.get(
      '/Things?$expand=Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1))'
    )
    for (const { Datastreams } of value)
      for (const { Observations, ...datastream } of Datastreams) {
        const direct = await sta.get(
          `/Datastreams(${datastream['@iot.id']})/Observations?$orderby=phenomenonTime desc&$top=1`
        )
        expect(Observations).toEqual(direct['value'])
      }
    const [own] = (
      await sta.get(
        `/Observations?$orderby=phenomenonTime desc&$top=1&$filter=Datastream/Thing/properties/site eq '${site!.siteId}'`
      )
    ).value
    expect(own).toMatchObject({ result: 4_000, resultQuality: { flag: 4 } })
  })
})

describe('what is private', () => {
  it('is in no answer, no count and no difference between refusals', async () => {
    const answers = await Promise.all([
      ...typeNames.map((name) => sta.ask(`/${entityTypes[name].set}?$top=9999&$count=true`)),
      sta.ask(
        '/Things?$expand=Datastreams($expand=Observations,Sensor,ObservedProperty),Locations,HistoricalLocations'
      ),
      sta.ask('/Observations?$resultFormat=dataArray&$top=50000'),
      sta.ask('/Observations?$resultFormat=CSV&$top=50000&$filter=result gt 71')
    ])
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      for (const secret of [String(telltale), sta.indoor.siteId, sta.indoor.deviceId, 'home-1'])
        expect(body).not.toContain(secret)
    }
    expect((await sta.get('/Things?$count=true'))['@iot.count']).toBe(3)
    expect(
      (await sta.get(`/Observations?$count=true&$top=0&$filter=result eq ${telltale}`))['@iot.count']
    ).toBe(0)
  })

  it('has no id: one that would be its is answered as one that is not there', async () => {
    const { numberOf, observationId, readingNumbers, SeriesNumbers } =
      await import('../../sensorthings/ids.ts')
    const thing = numberOf(`Thing ${sta.indoor.siteId}`)
    const key = `${sta.indoor.deviceId} humidity`
    const series = new SeriesNumbers(readingNumbers, [key]).of(key)!
    const row = observationId(series, begin + 3_000)
    for (const [asked, other] of [
      [`/Things(${thing})`, '/Things(1)'],
      [`/Things(${thing})/Datastreams`, '/Things(1)/Datastreams'],
      [`/Observations(${row})`, '/Observations(1)']
    ] as const) {
      const [hidden, absent] = [await sta.ask(asked), await sta.ask(other)]
      expect(hidden.status).toBe(404)
      expect(hidden.body.replace(/\d+/g, 'N')).toBe(absent.body.replace(/\d+/g, 'N'))
    }
  })

  it('is gone at once when an outdoor place becomes private', async () => {
    const site = sta.rig.hub.addSite('mill-lane')
    await sta.rig.write([reading(site, 'pm10', start, 12)])
    expect((await sta.get('/Things?$count=true'))['@iot.count']).toBe(4)
    sta.rig.hub.registry.makePrivate(site.siteId, undefined, start)
    expect((await sta.get('/Things?$count=true'))['@iot.count']).toBe(3)
    expect((await sta.ask("/Observations?$filter=Datastream/ObservedProperty/name eq 'PM10'")).body).toBe(
      '{"value":[]}'
    )
  })
})

describe('whoever writes', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'by %s is told that it is read only',
    async (method) => {
      for (const path of ['/Things', '/Things(1)', '/Observations', '']) {
        const { status, body, headers } = await sta.ask(path, method)
        expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
        expect(JSON.parse(body)).toMatchObject({
          code: 405,
          type: 'error',
          message: expect.stringContaining('read only')
        })
      }
    }
  )
})
