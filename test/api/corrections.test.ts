/** Corrected numbers through the API: each says which correction made it, and none leaves that its raw one would not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CorrectionRow } from '../../model/correction.ts'
import { dayMs, hourMs, hourStart, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { start, timezone } from '../support/api-hub.ts'
import { openNumbersRig, type NumbersRig } from '../support/figures-rig.ts'

let rig: NumbersRig
let sites: Credentials[]
let home: Credentials
const until = hourStart(start)
const from = (until - 2 * dayMs) as UnixMs
const turn = (until - dayMs) as UnixMs

beforeAll(async () => {
  rig = await openNumbersRig()
  rig.hub.registry.addStreet({ name: 'Ashley Road' })
  sites = [1, 2, 3].map(() => rig.hub.addSite('ashley-road'))
  home = rig.hub.addSite('ashley-road', 'indoor')
  for (const [i, site] of [...sites, home].entries()) {
    await rig.measure(site, 'pm2_5', { intervalS: 600, from, until, value: 20 + 10 * i })
  }
  await rig.store.setCorrections([
    ...sites.map((site, i) => halving(site, `c-${i}`, null, turn)),
    ...sites.map((site, i) => halving(site, `d-${i}`, turn, null, 5)),
    halving(home, 'c-home', null, null)
  ])
  for (let more = true; more;) ({ more } = await rig.store.refreshRollups(rig.hub.clock.now()))
})
afterAll(() => rig.close())

function halving(
  { deviceId }: Credentials,
  correctionId: string,
  begins: UnixMs | null,
  ends: UnixMs | null,
  intercept = 0
): CorrectionRow {
  return {
    correctionId,
    version: 1,
    deviceId,
    siteId: null,
    quantity: 'pm2_5',
    formula: 'linear',
    formulaVersion: 1,
    coefficients: { slope: 2, intercept },
    sensor: 'other',
    signal: 'only',
    from: begins,
    until: ends
  }
}

function idsOf(answer: object): string[] {
  return (answer as { corrections: { id: string }[] }).corrections.map(({ id }) => id)
}

const period = (first: number, last: number): string => `&from=${first}&until=${last}`
const corrected = 'quantity=pm2_5_corrected'

describe('a series of corrected values', () => {
  it('of a site says of each hour which correction made it', async () => {
    const url = `/api/v1/sites/${sites[0]!.siteId}/series?${corrected}&window=hour${period(turn - 2 * hourMs, turn + 2 * hourMs)}`
    const series = await rig.ask('/api/v1/sites/{id}/series', url)
    expect(series).toMatchObject({ mean: [10, 10, 7.5, 7.5], correction: [0, 0, 1, 1], recomputing: false })
    expect(series).toMatchObject({ coverage: [1, 1, 1, 1] })
    expect(idsOf(series)).toEqual(['c-0', 'd-0'])
    expect(series).toMatchObject({ corrections: [{ formula: 'linear', coefficients: { slope: 2 } }, {}] })
  })

  it('of a site says it of each reading', async () => {
    const url = `/api/v1/sites/${sites[0]!.siteId}/series?${corrected}&window=raw${period(turn - 600_000, turn + 600_000)}`
    const series = await rig.ask('/api/v1/sites/{id}/series', url)
    expect(series).toMatchObject({ value: [10, 7.5], correction: [0, 1], flag: [1, 1] })
  })

  it('of a street is the middle of its corrected sites, and says by which', async () => {
    const url = `/api/v1/streets/ashley-road/series?${corrected}&window=hour${period(turn - hourMs, turn)}`
    const series = await rig.ask('/api/v1/streets/{id}/series', url)
    expect(series).toMatchObject({ median: [15], sites: [3] })
    expect(idsOf(series).toSorted()).toEqual(['c-0', 'c-1', 'c-2'])
  })

  it('of what is measured says nothing of corrections', async () => {
    const url = `/api/v1/streets/ashley-road/series?quantity=pm2_5&window=hour${period(turn - hourMs, turn)}`
    const series = await rig.ask('/api/v1/streets/{id}/series', url)
    expect(series).toMatchObject({ median: [30] })
    expect(series).not.toHaveProperty('corrections')
  })

  it('says while its hours are recalculated', async () => {
    const rows = [halving(sites[0]!, 'c-0', null, null)]
    const before = rig.store
    await before.setCorrections(rows)
    const url = `/api/v1/sites/${sites[0]!.siteId}/series?${corrected}&window=hour${period(turn, turn + hourMs)}`
    expect(await rig.ask('/api/v1/sites/{id}/series', url)).toMatchObject({ recomputing: true })
    await before.setCorrections([
      ...sites.map((site, i) => halving(site, `c-${i}`, null, turn)),
      ...sites.map((site, i) => halving(site, `d-${i}`, turn, null, 5)),
      halving(home, 'c-home', null, null)
    ])
    for (let more = true; more;) ({ more } = await before.refreshRollups(rig.hub.clock.now()))
    expect(await rig.ask('/api/v1/sites/{id}/series', url)).toMatchObject({ recomputing: false, mean: [7.5] })
  })
})

describe('the corrections in use', () => {
  it('name the outdoor sites they make numbers of, and nothing of homes', async () => {
    const { registry, clock } = rig.hub
    const added = [...sites, home].map((site) => {
      return registry.addCorrection(
        { row: halving(site, 'kept under another', turn, null), origin: 'a test' },
        clock.now()
      )
    })
    const answer = await rig.ask('/api/v1/corrections', '/api/v1/corrections')
    expect(idsOf(answer)).toEqual(added.slice(0, 3).map(({ correctionId }) => correctionId))
    expect(answer).toMatchObject({
      corrections: sites.map(({ siteId }) => ({
        site: siteId,
        street: 'ashley-road',
        quantity: 'pm2_5',
        formula: 'linear',
        coefficients: { slope: 2, intercept: 0 },
        version: 1,
        from: new Date(turn).toISOString(),
        until: null
      })),
      recomputing: { hoursLeft: 0 }
    })
    const text = JSON.stringify(answer)
    for (const secret of [
      home.siteId,
      home.deviceId,
      added[3]!.correctionId,
      ...sites.map((s) => s.deviceId)
    ]) {
      expect(text).not.toContain(secret)
    }
    for (const { correctionId } of added) registry.removeCorrection(correctionId, clock.now())
    expect(await rig.ask('/api/v1/corrections', '/api/v1/corrections')).toMatchObject({ corrections: [] })
  })
})

describe('corrected numbers', () => {
  it('stand in the newest figures of a street with their level and their corrections', async () => {
    const street = await rig.ask('/api/v1/streets/{id}', '/api/v1/streets/ashley-road')
    const { pm2_5: raw, pm2_5_corrected: figure } = (street as unknown as { latest: Record<string, object> })
      .latest
    expect(raw).toMatchObject({ value: 30, basis: 'sites' })
    expect(figure).toMatchObject({ value: 12.5, basis: 'sites', level: { scale: 'uk-daqi', index: 2 } })
    expect(figure).toHaveProperty('corrections')
    expect(raw).not.toHaveProperty('corrections')
  })

  it('make an index where it is asked for, and each pollutant says which it is', async () => {
    const url = `/api/v1/sites/${sites[0]!.siteId}/index?scale=uk-daqi&values=corrected&at=${until}`
    const index = await rig.ask('/api/v1/sites/{id}/index', url)
    expect(index).toMatchObject({
      pollutants: [
        { quantity: 'pm2_5_corrected', concentration: 7.5 },
        { quantity: 'pm10', concentration: null },
        { quantity: 'no2' },
        { quantity: 'o3' },
        { quantity: 'so2' }
      ]
    })
    const plain = await rig.ask('/api/v1/sites/{id}/index', url.replace('&values=corrected', ''))
    expect(plain).toMatchObject({ pollutants: [{ quantity: 'pm2_5', concentration: 20 }, {}, {}, {}, {}] })
  })

  it('stand beside the limits of the raw quantity, and are summed up', async () => {
    const place = `/api/v1/sites/${sites[0]!.siteId}`
    const limits = await rig.ask('/api/v1/sites/{id}/exceedances', `${place}/exceedances?${corrected}`)
    expect(limits).toMatchObject({
      comparisons: expect.arrayContaining([expect.objectContaining({ year: 2026 })]) as unknown
    })
    expect(limits).toHaveProperty('corrections')
    const url = `${place}/summary?${corrected}&timezone=${timezone}${period(from, turn)}`
    const summary = await rig.ask('/api/v1/sites/{id}/summary', url)
    expect(summary).toMatchObject({ periods: [{ mean: 10, count: 144 }], corrections: [{ id: 'c-0' }] })
  })

  it('leave with an export that names them', async () => {
    const url = `/api/v1/readings?site=${sites[0]!.siteId}${period(turn, turn + 1)}`
    const plain = await rig.hub.app.inject(url)
    expect(plain.body.split('\r\n')).toHaveLength(3)
    const named = await rig.hub.app.inject(`${url}&quantity=pm2_5,pm2_5_corrected`)
    const [header, ...rows] = named.body.split('\r\n')
    expect(header).toBe('time,street,site,device,quantity,value,unit,flag,reason,received,correction')
    expect(rows.map((row) => row.split(',').slice(4, 6).concat(row.split(',').slice(10)).join(' '))).toEqual([
      'pm2_5 20 ',
      'pm2_5_corrected 7.5 d-0',
      ''
    ])
    const lines = await rig.hub.app.inject(`${url}&quantity=pm2_5_corrected&format=jsonl`)
    expect(JSON.parse(lines.body)).toMatchObject({ value: 7.5, correction: 'd-0' })
  })

  it('of a home never leave', async () => {
    for (const what of [
      `series?${corrected}`,
      `summary?${corrected}`,
      'index?scale=uk-daqi&values=corrected'
    ]) {
      const answer = await rig.hub.app.inject(`/api/v1/sites/${home.siteId}/${what}`)
      expect(answer.statusCode).toBe(404)
    }
    const all = await rig.hub.app.inject(`/api/v1/readings?${corrected}`)
    expect(all.body).not.toContain(home.siteId)
    expect(all.body).not.toContain('c-home')
    const street = await rig.hub.app.inject('/api/v1/streets/ashley-road')
    expect(street.body).not.toContain('c-home')
  })
})
