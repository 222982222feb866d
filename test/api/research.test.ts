/** Single readings of homes for researchers: who gets them, under which names, from when on, and until when. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../accounts/accounts.ts'
import type { ExportReceipt } from '../../contract/export.ts'
import { hourMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { eventually } from '../support/hub-process.ts'
import { signUp } from '../support/sign-up.ts'

let hub: TestHub
let agreed: Credentials
let other: Credentials
let cookie = ''
const consentAt = hoursBefore(start, 5)

async function signedUp(name: string, role: Role): Promise<string> {
  return (await signUp(hub, name, role)).cookie
}

beforeAll(async () => {
  hub = await openTestHub()
  const { streetId } = hub.registry.addStreet({ name: 'Elm Road' })
  agreed = hub.addSite(streetId, 'indoor', { homeId: 'home-a' })
  other = hub.addSite(streetId, 'indoor', { homeId: 'home-b' })
  const outdoor = hub.addSite(streetId)
  for (const site of [agreed, other, outdoor])
    hub.store(steady(site, 'humidity', hoursBefore(start, 10), start, 61.5))
  hub.registry.recordConsent({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, consentAt)
  hub.registry.recordConsent({ homeId: 'home-b', purpose: 'street', by: 'Bert' }, consentAt)
  cookie = await signedUp('Ruth', 'researcher')
})
afterAll(() => hub.close())

const ask = (query: string, as = cookie) =>
  hub.app.inject({ url: `/api/v1/research/readings?${query}`, headers: { cookie: as } })
const rowsOf = (body: string): string[][] =>
  body
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split(','))

it('is for researchers alone', async () => {
  expect((await ask('dataset=damp', '')).statusCode).toBe(401)
  const host = await signedUp('Bert', 'host')
  expect((await ask('dataset=damp', host)).statusCode).toBe(403)
  const steward = await signedUp('Carla', 'steward')
  expect((await ask('dataset=damp', steward)).statusCode).toBe(403)
})

it('has what was measured since the consent, and nothing that names a home', async () => {
  const answer = await ask('dataset=damp')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['cache-control']).toBe('private, no-store')
  const rows = rowsOf(answer.body)
  expect(rows).toHaveLength(30)
  expect(rows.every(([time = '']) => Date.parse(time) >= consentAt)).toBe(true)
  expect(new Set(rows.map(([, street]) => street))).toEqual(new Set(['']))
  for (const { siteId, deviceId } of [agreed, other]) {
    expect(answer.body).not.toContain(siteId)
    expect(answer.body).not.toContain(deviceId)
  }
})

it('gives the same pseudonyms in one dataset, and others in another', async () => {
  const sites = async (query: string): Promise<string> =>
    rowsOf((await ask(query)).body).map(([, , site]) => site)[0] ?? ''
  const damp = await sites('dataset=damp')
  expect(damp).toMatch(/^s-[0-9a-f]{12}$/)
  expect(await sites('dataset=damp&quantity=humidity&flags=drop')).toBe(damp)
  expect(await sites('dataset=sleep')).not.toBe(damp)
})

it('stands in the audit log, with its dataset', () => {
  const noted = hub.accounts.audit({ limit: 100 }).filter(({ about }) => about === 'damp')
  expect(noted.length).toBeGreaterThan(0)
})

it('cannot be asked for by street or site, nor for hours', async () => {
  for (const query of ['street=elm-road', `site=${agreed.siteId}`, 'window=hour'])
    expect((await ask(`dataset=damp&${query}`)).json()).toMatchObject({ code: 'parameterUnknown' })
})

describe('as a file that is made in the background', () => {
  let receipt: ExportReceipt
  const order = (as: string) =>
    hub.app.inject({ method: 'POST', url: '/api/v1/research/exports?dataset=heat', headers: { cookie: as } })
  const fetchFile = (path: string, as: string) => hub.app.inject({ url: path, headers: { cookie: as } })

  it('is the same as the download, for the researcher who ordered it alone', async () => {
    expect((await order('')).statusCode).toBe(401)
    const ordered = await order(cookie)
    expect(ordered.statusCode).toBe(202)
    receipt = await eventually(
      async () => (await hub.app.inject(String(ordered.headers.location))).json<ExportReceipt>(),
      ({ state }) => state === 'whole'
    )
    expect(receipt).toMatchObject({ rows: 30, file: `/api/v1/research/exports/${receipt.id}/file` })
    const file = await fetchFile(receipt.file!, cookie)
    expect(file.body).toBe((await ask('dataset=heat')).body)
    expect(file.headers['cache-control']).toBe('private, no-store')
    const another = await signedUp('Rosa', 'researcher')
    expect((await fetchFile(receipt.file!, another)).json()).toMatchObject({ code: 'exportUnfinished' })
    const asIfPublic = `/api/v1/readings/exports/${receipt.id}/file`
    expect((await hub.app.inject(asIfPublic)).json()).toMatchObject({ code: 'exportUnfinished' })
    expect(
      hub.accounts
        .audit({ limit: 100 })
        .filter(({ about }) => about === 'heat')
        .map(({ action }) => action)
    ).toContain('ordered readings of homes for research')
  })

  it('is gone with the consent', async () => {
    const at = (start + hourMs) as UnixMs
    hub.registry.endConsents({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, at)
    hub.clock.set((start + 2 * hourMs) as UnixMs)
    expect((await fetchFile(receipt.file!, cookie)).json()).toMatchObject({
      code: 'exportUnfinished',
      detail: expect.stringContaining('ended its consent')
    })
  })
})

it('ends with the consent', async () => {
  expect(rowsOf((await ask('dataset=damp')).body)).toEqual([])
})
