/** The export: every reading once, in order, in the documented columns; broken visibly or whole. */
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadingsPart } from '../../store/promise/export.ts'
import { hourMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { at, openTestHub, reading, steady, type TestHub } from '../support/api-hub.ts'
import { readerWith } from '../support/reader-with.ts'

const header = 'time,street,site,device,quantity,value,unit,flag,reason,received'

let hub: TestHub
let ashley: Credentials
let quiet: Credentials

const from = at('2026-11-20T00:00:00Z')

beforeEach(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Ashley Road' })
  hub.registry.addStreet({ name: 'Quiet Lane' })
  ashley = hub.addSite('ashley-road')
  quiet = hub.addSite('quiet-lane')
  hub.store(steady(ashley, 'pm2_5', from, (from + 100 * hourMs) as UnixMs, 8.25))
  hub.store(steady(quiet, 'laeq', from, (from + hourMs) as UnixMs, 51))
})

afterEach(() => hub.close())

async function lines(query: string): Promise<string[]> {
  const answer = await hub.app.inject(`/api/v1/readings${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.body.endsWith('\n')).toBe(true)
  return answer.body.trimEnd().split(/\r?\n/)
}

describe('CSV', () => {
  it('holds every reading once, oldest first, with its columns', async () => {
    const [first, ...rows] = await lines('')
    expect(first).toBe(header)
    expect(rows).toHaveLength(606)
    expect(new Set(rows).size).toBe(606)
    const times = rows.map((row) => row.split(',')[0]!)
    expect(times).toEqual(times.toSorted())
    expect(rows.find((row) => row.includes(ashley.siteId))).toBe(
      `2026-11-20T00:00:00.000Z,ashley-road,${ashley.siteId},${ashley.deviceId},pm2_5,8.25,µg/m³,1,,2026-11-20T00:00:01.000Z`
    )
  })

  it('is a file with a name from the server, lines ending in CRLF and no byte order mark', async () => {
    const answer = await hub.app.inject('/api/v1/readings?street=quiet-lane')
    expect(answer.headers['content-type']).toContain('text/csv')
    expect(answer.headers['content-disposition']).toBe('attachment; filename="lamppost-readings.csv"')
    expect(answer.rawPayload.subarray(0, 4).toString()).toBe('time')
    expect(answer.body.split('\r\n')).toHaveLength(8)
  })

  it('of nothing is a header alone', async () => {
    expect(await lines('?from=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z')).toEqual([header])
  })
})

describe('filters', () => {
  it.each([
    ['?street=quiet-lane', 6],
    ['?street=quiet-lane,ashley-road', 606],
    ['?site=SITE', 600],
    ['?site=SITE&street=quiet-lane', 0],
    ['?quantity=laeq', 6],
    ['?quantity=laeq,pm2_5', 606],
    ['?quantity=humidity', 0],
    ['?from=2026-11-20T01:00:00Z', 594],
    ['?until=2026-11-20T00:10:00Z', 2]
  ])('%s gives %i readings', async (query, count) => {
    const rows = await lines(query.replace('SITE', ashley.siteId))
    expect(rows).toHaveLength(count + 1)
  })
})

describe('JSON Lines', () => {
  it('holds the same rows as objects', async () => {
    const rows = (await lines('?format=jsonl')).map((line): unknown => JSON.parse(line))
    expect(rows).toHaveLength(606)
    expect(rows).toContainEqual({
      time: '2026-11-20T00:00:00.000Z',
      street: 'quiet-lane',
      site: quiet.siteId,
      device: quiet.deviceId,
      quantity: 'laeq',
      value: 51,
      unit: 'dB(A)',
      flag: 1,
      reason: '',
      received: '2026-11-20T00:00:01.000Z'
    })
  })
})

describe('a large export', () => {
  // Chunks made on the way, so that what grows is ours: the store's own memory is its contract's business.
  const chunkRows = 20_000
  const head = ({ siteId, deviceId }: Credentials): ReadingsPart => ({
    kind: 'head',
    series: [{ siteId, deviceId, quantity: 'pm2_5' }],
    corrections: []
  })
  const chunk = (i: number): ReadingsPart => ({
    kind: 'rows',
    time: Float64Array.from({ length: chunkRows }, (_, row) => (i * chunkRows + row) * 1_000),
    series: new Uint32Array(chunkRows),
    value: Float64Array.from({ length: chunkRows }, (_, row) => row / 10),
    flag: new Uint8Array(chunkRows).fill(1),
    reasons: new Uint32Array(chunkRows),
    received: new Float64Array(chunkRows)
  })

  const exporting = async (
    source: (site: () => Credentials) => AsyncIterable<ReadingsPart>
  ): Promise<TestHub> => {
    const added: Credentials[] = []
    const siteOf = (): Credentials => {
      const [site] = added
      if (!site) throw new Error('The site is added before anything is exported.')
      return site
    }
    const large = await openTestHub({
      reader: (readings) => readerWith(readings, { export: () => source(siteOf) })
    })
    large.registry.addStreet({ name: 'Ashley Road' })
    added.push(large.addSite('ashley-road'))
    await large.app.listen({ host: '127.0.0.1', port: 0 })
    return large
  }

  const url = (large: TestHub): string => {
    const address = large.app.server.address()
    if (address === null || typeof address === 'string') throw new Error('The hub listens on a port.')
    return `http://127.0.0.1:${address.port}/api/v1/readings`
  }

  it('asks the store only for what the client takes', async () => {
    let given = 0
    const large = await exporting(async function* (site) {
      yield head(site())
      for (let i = 0; i < 1_000; i++) {
        given++
        yield chunk(i)
        await Promise.resolve()
      }
    })
    const taken = await new Promise<number>((resolve, reject) => {
      const asked = httpRequest(url(large), (answer) => {
        answer.once('data', () => {
          answer.pause()
          // Others are served meanwhile, and nothing more is fetched than sockets and streams hold.
          void fetch(url(large).replace('readings', 'quantities')).then(() => {
            asked.destroy()
            resolve(given)
          }, reject)
        })
      })
      asked.on('error', () => undefined)
      asked.end()
    })
    expect(taken).toBeLessThan(100)
    await large.close()
  })

  it('is cut, not ended, when the store fails on the way', async () => {
    const large = await exporting(async function* (site) {
      yield head(site())
      yield chunk(0)
      await Promise.resolve()
      throw new Error('the disk is gone')
    })
    const answer = await fetch(url(large))
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
    expect(large.log.errors).toHaveLength(1)
    await large.close()
  })

  it('that fails before the first row is a proper refusal', async () => {
    const large = await exporting(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(Object.assign(new Error('gone'), { code: 'storeUnavailable' }))
      })
    }))
    const answer = await fetch(url(large))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-disposition')).toBeNull()
    expect((await answer.json()).code).toBe('storeUnavailable')
    await large.close()
  })

  it('is cut when the hub stops, which does not wait for it', async () => {
    const large = await exporting(async function* (site) {
      yield head(site())
      for (let i = 0; ; i++) {
        yield chunk(i)
        await Promise.resolve()
      }
    })
    const answer = await fetch(url(large))
    const [text] = await Promise.allSettled([answer.text(), large.close()])
    expect(text.status).toBe('rejected')
  })
})

it('cells that a spreadsheet would run are defused', async () => {
  hub.store([reading({ ...ashley, deviceId: '=cmd|calc' }, 'pm10', from, 1)])
  const rows = await lines('?quantity=pm10')
  expect(rows[1]).toContain("'=cmd|calc")
})
