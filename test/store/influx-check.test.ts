/** What a start says of the server behind INFLUX_URL: every mistake has a line of its own, with what to do. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hourMs, systemClock, type Clock, type UnixMs } from '../../model/time.ts'
import { checkInflux, type InfluxFound, type InfluxSettings } from '../../store/influx/check.ts'
import { bucketNames } from '../../store/influx/wire/buckets.ts'
import { outside } from '../support/outside.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'

const influx = outside('influx')

/** The line with which a start is refused, or the store is not there. */
function lineOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  return work.then(
    () => ({ code: '', message: '' }),
    ({ code, message }: Error & { code: string }) => ({ code, message })
  )
}

describe.skipIf(!influx.present)(`the check of an InfluxDB (${influx.line})`, () => {
  let server: InfluxServer
  beforeAll(async () => {
    server = await anyInflux()
  })
  afterAll(() => server.close())

  function settings(bucket: string, others: Partial<InfluxSettings> = {}): InfluxSettings {
    const { url, org, token } = server
    return { url, org, token, bucket, retentionDays: null, ...others }
  }

  function check(asked: InfluxSettings, clock: Clock = systemClock): Promise<InfluxFound> {
    return checkInflux(asked, clock)
  }

  /** Three empty buckets, as a hub has them. */
  async function threeBuckets(retentionS = 0): Promise<string> {
    const bucket = await server.makeBucket({ retentionS })
    const { hours, days } = bucketNames(bucket)
    for (const name of [hours, days]) await server.makeBucket({ name })
    return bucket
  }

  it('makes the buckets where the token may, and finds them afterwards', async () => {
    const bucket = `new-${(await server.makeBucket()).slice(-12)}`
    const first = await check(settings(bucket, { retentionDays: 400 }))
    expect(first).toMatchObject({ missing: [bucket, `${bucket}-hours`, `${bucket}-days`], warnings: [] })
    expect(await check(settings(bucket, { retentionDays: 400 }))).toMatchObject({ missing: [], warnings: [] })
  })

  it('makes none where it is only asked to look', async () => {
    const bucket = `looked-${(await server.makeBucket()).slice(-12)}`
    for (let i = 0; i < 2; i++) {
      const { missing } = await checkInflux(settings(bucket), systemClock, { make: false })
      expect(missing).toHaveLength(3)
    }
  })

  it('makes them with a token that may see nothing but buckets', async () => {
    const bucket = `narrow-${(await server.makeBucket()).slice(-12)}`
    const token = await server.makeToken(['read', 'write'])
    expect((await check(settings(bucket, { token }))).missing).toHaveLength(3)
  })

  it('works with a token for the three buckets and nothing else', async () => {
    const bucket = await threeBuckets()
    const token = await server.makeToken(['read', 'write'], Object.values(bucketNames(bucket)))
    expect(await check(settings(bucket, { token }))).toMatchObject({ missing: [], warnings: [] })
  })

  it('says which commands make the buckets where the token may not', async () => {
    const bucket = await server.makeBucket()
    const token = await server.makeToken(['read', 'write'], [bucket])
    const { code, message } = await lineOf(check(settings(bucket, { token })))
    expect(code).toBe('badSetting')
    expect(message).toContain(
      `influx bucket create --org lamppost --name ${bucket}-hours --retention 0s --shard-group-duration 31449600s --host ${server.url}`
    )
    expect(message).toContain(`--name ${bucket}-days`)
    expect(message).not.toContain('\n')
  })

  it.each([
    ['read', ['write'], 'may not read the bucket'],
    ['write', ['read'], 'may not write the bucket']
  ] as const)('refuses a token that may not %s', async (_what, rights, says) => {
    const bucket = await threeBuckets()
    const token = await server.makeToken(rights, Object.values(bucketNames(bucket)))
    const { code, message } = await lineOf(check(settings(bucket, { token })))
    expect(code).toBe('badSetting')
    expect(message).toContain(says)
    expect(message).toContain('influx auth create --org lamppost --read-bucket')
  })

  it('refuses a token that the server does not know', async () => {
    const { code, message } = await lineOf(check(settings('any', { token: 'nonsense' })))
    expect(code).toBe('badSetting')
    expect(message).toContain('does not accept the token')
  })

  it('refuses an organisation that is not there', async () => {
    const { code, message } = await lineOf(check(settings('any', { org: "Friends o' Ashley" })))
    expect(code).toBe('badSetting')
    expect(message).toContain(`no organisation "Friends o' Ashley"`)
  })

  it('refuses a bucket with data of others, and leaves it as it is', async () => {
    const bucket = await threeBuckets()
    await write(bucket, 'cpu,host=a load=1 1000\nmem,host=a free=2 1000')
    const { code, message } = await lineOf(check(settings(bucket)))
    expect(code).toBe('badSetting')
    expect(message).toContain(`${bucket} contains data of another program (cpu, mem)`)
    expect(await server.query(`from(bucket: "${bucket}") |> range(start: 0)`)).toHaveLength(2)
  })

  it('takes a bucket that has readings already', async () => {
    const bucket = await threeBuckets()
    await write(bucket, 'readings,site=a pm2_5=1 1000')
    expect((await check(settings(bucket))).warnings).toEqual([])
  })

  it('says what is removed early, and which command mends it', async () => {
    const bucket = await threeBuckets(7 * 86_400)
    const [warning, ...others] = (await check(settings(bucket))).warnings
    expect(others).toEqual([])
    expect(warning).toMatch(/keeps data in the bucket readings-\w+ only for 7 days.*--retention 0s/)
    expect(warning).toContain('INFLUX_RETENTION_DAYS=7')
    expect((await check(settings(bucket, { retentionDays: 7 }))).warnings).toEqual([])
    expect((await check(settings(bucket, { retentionDays: 3 }))).warnings[0]).toContain('--retention 259200s')
  })

  it('says when the clocks are an hour apart', async () => {
    const bucket = await threeBuckets()
    const late = { now: () => (systemClock.now() - hourMs) as UnixMs }
    const [warning] = (await check(settings(bucket), late)).warnings
    expect(warning).toMatch(/60 minutes apart.*timedatectl/)
  })

  async function write(bucket: string, lines: string): Promise<void> {
    const where = new URLSearchParams({ org: server.org, bucket, precision: 'ms' })
    const headers = { authorization: `Token ${server.token}` }
    await fetch(`${server.url}/api/v2/write?${where}`, { method: 'POST', headers, body: lines })
  }
})

describe('the check of something else', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** Answers /ping as the others do; the headers of 1.6.7 were seen, those of 3 are as its documentation has them. */
  async function answering(status: number, headers: Record<string, string>): Promise<string> {
    server = createServer((_request, response) => response.writeHead(status, headers).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each([
    [
      'an InfluxDB 1',
      204,
      { 'X-Influxdb-Version': '1.6.7~rc0', 'X-Influxdb-Build': 'OSS' },
      'is an InfluxDB 1.6.7~rc0'
    ],
    [
      'an InfluxDB 3',
      200,
      { 'x-influxdb-version': '3.4.1', 'x-influxdb-build': 'Core' },
      'is an InfluxDB 3.4.1'
    ],
    [
      'an InfluxDB 3 that does not know the token',
      401,
      {},
      'is not an InfluxDB 2 server: it answers /ping with 401'
    ],
    ['a web server', 404, {}, 'is not an InfluxDB 2'],
    ['a redirection, without following it', 302, { location: 'http://127.0.0.1:9/' }, 'is not an InfluxDB 2']
  ])('refuses %s', async (_what, status, headers, says) => {
    const url = await answering(status, headers)
    const { code, message } = await lineOf(checkInflux(at(url), systemClock))
    expect(code).toBe('badSetting')
    expect(message).toContain(says)
  })

  it('waits for a server that is not there', async () => {
    const url = await answering(204, {})
    server!.close()
    const { code, message } = await lineOf(checkInflux(at(url), systemClock))
    expect(code).toBe('storeUnavailable')
    expect(message).toContain(`InfluxDB at ${url} cannot be reached (no program is listening there)`)
  })

  function at(url: string): InfluxSettings {
    return { url, token: 'secret', org: 'lamppost', bucket: 'readings', retentionDays: null }
  }
})
