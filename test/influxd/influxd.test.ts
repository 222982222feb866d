/** The server that other tests run against does what they rely on: it keeps what it acknowledged, and its rights hold. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outside } from '../support/outside.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'

const influxd = outside('influxd')

describe.skipIf(!influxd.present)(`a server of our own (${influxd.line})`, () => {
  let server: InfluxdProcess
  beforeAll(async () => {
    server = await startInfluxd()
  })
  afterAll(() => server.close())

  it('keeps through a kill what it had acknowledged', async () => {
    const bucket = await server.makeBucket()
    expect(await write(bucket, server.token, 'air,site=a pm=1.5 1000\nair,site=a pm=2.5 2000')).toBe(204)
    await server.kill()
    await server.start()
    const rows = await server.query(`from(bucket: "${bucket}") |> range(start: 0)`)
    expect(rows.map(({ _value }) => _value)).toEqual(['1.5', '2.5'])
  })

  it('answers nothing while it is paused, and everything after', async () => {
    server.pause()
    const asked = fetch(`${server.url}/health`)
    server.resume()
    expect((await asked).status).toBe(200)
  })

  it('refuses what a token may not do', async () => {
    const [ours, others] = [await server.makeBucket(), await server.makeBucket()]
    const reader = await server.makeToken(['read'], [ours])
    const writer = await server.makeToken(['read', 'write'], [ours])
    expect(await write(ours, reader, 'air pm=1 1000')).toBe(403)
    expect(await write(ours, writer, 'air pm=1 1000')).toBe(204)
    expect(await write(others, writer, 'air pm=1 1000')).toBe(403)
    expect(await write(ours, 'nonsense', 'air pm=1 1000')).toBe(401)
  })

  async function write(bucket: string, token: string, lines: string): Promise<number> {
    const where = new URLSearchParams({ org: server.org, bucket, precision: 'ms' })
    const headers = { authorization: `Token ${token}` }
    const answer = await fetch(`${server.url}/api/v2/write?${where}`, {
      method: 'POST',
      headers,
      body: lines
    })
    await answer.text()
    return answer.status
  }
})
