/** Dew point, water in the air and its excess over the street: as series and as columns of files, beside values from Python. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExportQuestion } from '../../../documents/export/read-request.ts'
import { hourMs, type UnixMs } from '../../../model/time.ts'
import type { Credentials } from '../../../registry/registry.ts'
import { at, reading } from '../../support/api-hub.ts'
import { exported } from '../../support/exported.ts'
import { openNumbersRig, type NumbersRig } from '../../support/figures-rig.ts'

let rig: NumbersRig
let room: Credentials
let outdoors: Credentials[]
const from = at('2026-11-20T00:00:00Z')
const until = at('2026-11-22T00:00:00Z')

/** 6.112·exp(17.62·T/(243.12 + T)) hPa and 461.5 J/(kg K), computed in Python. */
const inside = { dewPoint: 9.255, gm3: 8.621 }
const outside = { dewPoint: 6.706, gm3: 7.506 }
const saturated = { dewPoint: 20, gm3: 17.242 }

beforeAll(async () => {
  rig = await openNumbersRig()
  rig.hub.registry.addStreet({ name: 'High Street' })
  outdoors = [1, 2, 3].map(() => rig.hub.addSite('high-street'))
  room = rig.hub.addSite('high-street', 'indoor', { homeId: 'number-12' })
  const every = { intervalS: 3600, from, until }
  for (const site of outdoors) {
    await rig.measure(site, 'temperature', { ...every, value: 10 })
    await rig.measure(site, 'humidity', { ...every, value: 80 })
  }
  await rig.measure(room, 'temperature', { ...every, value: 20 })
  // A wet sensor's 101.7 counts as 100.
  await rig.measure(room, 'humidity', { ...every, value: (time) => (time === from ? 101.7 : 50) })
  // What failed is in no derived value either.
  await rig.write([{ ...reading(room, 'humidity', (from + hourMs) as UnixMs, 50), flag: 4, sequence: 2 }])
})
afterAll(() => rig.close())

describe('series of a site', () => {
  const ask = (query: string) =>
    rig.ask(
      '/api/v1/sites/{id}/series',
      `/api/v1/sites/${outdoors[0]!.siteId}/series?from=${from}&until=${until}&${query}`
    )

  it('are hours and days, with coverage', async () => {
    const hours = await ask('quantity=dew_point&window=hour')
    expect(hours).toMatchObject({ quantity: 'dew_point', unit: '°C', window: 'hour', leftOut: { count: 0 } })
    expect(hours['mean']).toEqual(Array(48).fill(outside.dewPoint))
    const days = await ask('quantity=absolute_humidity&window=day')
    expect(days).toMatchObject({
      unit: 'g/m³',
      mean: [outside.gm3, outside.gm3],
      count: [24, 24],
      coverage: [1, 1]
    })
    expect((await ask('quantity=vapour_excess&window=day'))['mean']).toEqual([0, 0])
  })

  it('have no single readings', async () => {
    const answer = await rig.hub.app.inject(
      `/api/v1/sites/${outdoors[0]!.siteId}/series?quantity=dew_point&window=raw`
    )
    expect(answer.json()).toMatchObject({ status: 400, code: 'parameterBad' })
  })
})

describe('columns of a file', () => {
  const setting = () => ({
    places: rig.hub.registry,
    clock: rig.hub.clock,
    timezone: 'Europe/London',
    audience: 'operator' as const
  })
  const period = { from: String(from), until: String(until), site: '', layout: 'wide' }
  const linesOf = async (text: Record<string, string>): Promise<string[][]> => {
    const question = readExportQuestion(setting(), { ...period, site: room.siteId, ...text })
    return (await exported(rig.store, question))
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
  }

  it('are computed for hours, the excess beside the outdoor sites of the street', async () => {
    const derived = 'dew_point,absolute_humidity,vapour_excess'
    const [head, first, second, third] = await linesOf({ window: 'hour', derived })
    expect(head!.slice(-3)).toEqual(['dew_point', 'absolute_humidity', 'vapour_excess'])
    expect(first!.slice(-3).map(Number)).toEqual([saturated.dewPoint, saturated.gm3, 9.736])
    expect(second!.slice(-3)).toEqual(['', '', ''])
    expect(third!.slice(-3).map(Number)).toEqual([inside.dewPoint, inside.gm3, 1.115])
  })

  it('say of an outdoor site what its series says: the excess over the others', async () => {
    await rig.write([
      { ...reading(outdoors[0]!, 'temperature', (from + 2 * hourMs) as UnixMs, 12), sequence: 2 }
    ])
    const site = outdoors[0]!.siteId
    const [, ...lines] = await linesOf({ site, window: 'hour', derived: 'vapour_excess' })
    const series = await rig.ask(
      '/api/v1/sites/{id}/series',
      `/api/v1/sites/${site}/series?from=${from}&until=${until}&quantity=vapour_excess&window=hour`
    )
    expect(lines.map((line) => Number(line.at(-1)))).toEqual(series['mean'])
    // 8.511 g/m³ at 12 °C and 80 %, beside 7.506 at 10 °C.
    expect(series['mean']).toEqual(lines.map((_, hour) => (hour === 2 ? 1.005 : 0)))
  })

  it('are computed for single readings, without what failed', async () => {
    const [head, first, second, third] = await linesOf({ derived: 'dew_point' })
    expect(head!.at(-1)).toBe('dew_point')
    expect([first, second, third].map((row) => row!.at(-1))).toEqual(['20', '', String(inside.dewPoint)])
  })

  it.each([
    [{ derived: 'heat' }, 'Give one of: dew_point'],
    [{ derived: 'dew_point', layout: 'long' }, 'layout=wide'],
    [{ derived: 'dew_point', window: 'day' }, 'single readings and hours'],
    [{ derived: 'vapour_excess' }, 'add window=hour'],
    [{ derived: 'dew_point', quantity: 'temperature' }, 'name both'],
    [{ derived: 'vapour_excess', window: 'hour', from: '0' }, 'two years']
  ])('are refused where they cannot be: %j', (text, why) => {
    expect(() => readExportQuestion(setting(), { ...period, site: room.siteId, ...text })).toThrow(why)
  })
})
