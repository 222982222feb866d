/** Exports that are ordered over the API: their receipts, and their files in parts. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportReceipt } from '../../contract/export.ts'
import { hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { eventually } from '../support/hub-process.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Elm Road' })
  const elm = hub.addSite('elm-road')
  const oak = hub.addSite('elm-road')
  hub.store(steady(elm, 'pm2_5', hoursBefore(start, 100), start, 8.25))
  hub.store(steady(oak, 'pm2_5', hoursBefore(start, 100), start, 9))
})
afterAll(() => hub.close())

const get = (url: string, headers: Record<string, string> = {}) => hub.app.inject({ url, headers })

describe('an export that is ordered over the API', () => {
  const order = (query: string) => hub.app.inject({ method: 'POST', url: `/api/v1/readings/exports${query}` })

  it('is a file that can be fetched in parts, equal to the download', async () => {
    const ordered = await order('?format=csv')
    expect(ordered.statusCode).toBe(202)
    const { location } = ordered.headers
    expect(ordered.json()).toMatchObject({ state: 'waiting', file: null, query: { format: 'csv' } })
    const receipt = await eventually(
      async () => (await get(String(location))).json<ExportReceipt>(),
      ({ state }) => state === 'whole'
    )
    expect(receipt).toMatchObject({ state: 'whole', rows: 1_200, file: `${String(location)}/file` })
    const whole = await get(receipt.file!)
    expect(createHash('sha256').update(whole.rawPayload).digest('hex')).toBe(receipt.sha256)
    expect(whole.headers).toMatchObject({ etag: `"${receipt.sha256}"`, 'accept-ranges': 'bytes' })
    expect(whole.body).toBe((await get('/api/v1/readings?format=csv')).body)
    const rest = await get(receipt.file!, { range: 'bytes=1000-', 'if-range': `"${receipt.sha256}"` })
    expect(rest.statusCode).toBe(206)
    expect(rest.rawPayload.equals(whole.rawPayload.subarray(1_000))).toBe(true)
  })

  it('is refused at once where it could never be made', async () => {
    expect((await order('?quantity=happiness')).json()).toMatchObject({ code: 'quantityUnknown' })
    expect((await order('?from=2026-11-02&until=2026-11-01')).json()).toMatchObject({ code: 'rangeEmpty' })
    expect((await get('/api/v1/readings/exports/e-nobody/file')).json()).toMatchObject({
      code: 'exportUnknown'
    })
  })
})
