/** What stands in front of every route, over real sockets: nobody can take everything, and nobody comes by a strange name. */
import { once } from 'node:events'
import { createServer, get, request, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StallWatch } from '../../api/doors/stalled.ts'
import {
  decodeSlots,
  exportSlots,
  liveSlots,
  requestsPerMinuteMax,
  signInSlots,
  stallMsMax
} from '../../api/limits.ts'
import type { ReadingsPart } from '../../store/promise/export.ts'
import { openTestHub, type TestHub } from '../support/api-hub.ts'

let hub: TestHub
let port: number
const open: Socket[] = []

async function listen(more: Parameters<typeof openTestHub>[0] = {}): Promise<void> {
  hub = await openTestHub(more)
  await hub.app.listen({ host: '127.0.0.1', port: 0 })
  port = (hub.app.server.address() as AddressInfo).port
}

beforeEach(() => listen())
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  await hub.close()
})

/** Asks from one of this machine's addresses. */
function ask(
  path: string,
  from = '127.0.0.1',
  headers: Record<string, string> = {}
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = get(
      { host: '127.0.0.1', port, path, headers, localAddress: from, agent: false },
      (response) => {
        open.push(response.socket)
        resolve(response)
      }
    )
    asking.on('error', reject)
  })
}

describe('downloads', () => {
  beforeEach(async () => {
    await hub.close()
    // As long as somebody reads: no download of these tests ends by itself.
    await listen({ reader: (readings) => Object.assign(readings, { export: endless }) })
  })

  it('that nobody reads leave one for everybody else, and come to an end', async () => {
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) (await ask('/api/v1/readings', from)).pause()
    const other = await ask('/api/v1/readings', '127.0.0.5')
    expect(other.statusCode).toBe(200)
    other.destroy()
  })

  it('are one for each address: the second waits for the first', async () => {
    const first = await ask('/api/v1/readings')
    const arrived = once(hub.app.server, 'request')
    let isAnswered = false
    const second = ask('/api/v1/readings').finally(() => (isAnswered = true))
    await arrived
    // Whoever comes after it from elsewhere is served, so the second was looked at.
    const other = await ask('/api/v1/readings', '127.0.0.2')
    expect([other.statusCode, isAnswered]).toEqual([200, false])
    first.destroy()
    expect((await second).statusCode).toBe(200)
  })

  const blocking = {
    'that read nothing': (from: string) => stalling('GET /api/v1/readings HTTP/1.1\r\n\r\n', from),
    'that read a few bytes a second': (from: string) =>
      trickling('GET /api/v1/readings HTTP/1.1\r\n\r\n', from),
    'whose answer waits behind another on its connection': (from: string) =>
      stalling('GET /api/v1/live HTTP/1.1\r\n\r\nGET /api/v1/readings HTTP/1.1\r\n\r\n', from).resume()
  }
  it.each(Object.entries(blocking))('%s are cut for whoever waits', async (_what, block) => {
    let arrived = 0
    hub.app.server.on('request', ({ url }) => void (arrived += url === '/api/v1/readings' ? 1 : 0))
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']) {
      block(from)
      // Behind the first, for when it is cut.
      for (let n = 0; n < exportSlots.waitingPerAddressMax; n++) block(from)
    }
    await vi.waitUntil(() => arrived === 4 + 4 * exportSlots.waitingPerAddressMax)
    const others = ['127.0.0.6', '127.0.0.7'].map((from) => ask('/api/v1/readings', from))
    for (const { statusCode } of await Promise.all(others)) expect(statusCode).toBe(200)
    expect(hub.log.warnings.length).toBeGreaterThanOrEqual(2)
  })

  it('say when to come back where too many wait', async () => {
    await ask('/api/v1/readings')
    for (let n = 0; n < 4; n++) ask('/api/v1/readings').catch(() => undefined)
    const refused = await new Promise<IncomingMessage>((resolve) => {
      for (let n = 0; n < 2; n++) ask('/api/v1/readings').then(resolve, () => undefined)
    })
    expect(refused.statusCode).toBe(503)
    expect(refused.headers['retry-after']).toBe('60')
  })
})

function stalling(requests: string, from: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  socket.on('error', () => undefined) // It is cut.
  open.push(socket)
  socket.pause().write(requests)
  return socket
}

function trickling(requests: string, from: string): Socket {
  const socket = stalling(requests, from)
  const timer = setInterval(() => socket.read(1), 100)
  socket.once('close', () => clearInterval(timer))
  return socket
}

describe('live viewers', () => {
  it('of one address cannot take every place', async () => {
    for (let n = 0; n < liveSlots.perAddressMax; n++) expect((await ask('/api/v1/live')).statusCode).toBe(200)
    expect((await ask('/api/v1/live')).statusCode).toBe(503)
    expect((await ask('/api/v1/live', '127.0.0.2')).statusCode).toBe(200)
  })
})

describe('messages to try out, and passwords', () => {
  it.each([
    ['/api/v1/decode', 'decodeBusy', decodeSlots, Array(500).fill({ pm2_5: 8.1, humidity: 140 }) as object],
    ['/api/v1/session', 'signInBusy', signInSlots, { userName: 'nobody', password: 'not the password' }]
  ])('at %s wait for those of the same address, and nobody else does', async (url, code, slots, payload) => {
    const tooMany = 3
    const ask = (remoteAddress: string) => {
      return hub.app.inject({ method: 'POST', url, payload, remoteAddress })
    }
    const asked = Array.from({ length: 1 + slots.waitingPerAddressMax + tooMany }, () => ask('127.0.0.2'))
    const other = await ask('127.0.0.3')
    expect(other.statusCode).not.toBe(503)
    const refused = (await Promise.all(asked)).filter(({ statusCode }) => statusCode === 503)
    expect(refused).toHaveLength(tooMany)
    for (const answer of refused) {
      expect(answer.json()).toMatchObject({ code })
      expect(answer.headers['retry-after']).toBe('5')
    }
  })
})

describe('requests', () => {
  it('are limited for each address of this machine, on every path', async () => {
    const paths = ['/api/v1/hub', '/nowhere', '/api/docs', '/assets/nothing.js', '/metrics']
    for (let n = 0; n < requestsPerMinuteMax; n++)
      await hub.app.inject({ url: paths[n % paths.length]!, remoteAddress: '127.0.0.9' })
    for (const url of paths) {
      const { statusCode, headers } = await hub.app.inject({ url, remoteAddress: '127.0.0.9' })
      expect({ url, statusCode }).toEqual({ url, statusCode: 429 })
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    }
    // Whoever watches over the hub is told how it is all the same.
    const health = await hub.app.inject({ url: '/api/v1/health', remoteAddress: '127.0.0.9' })
    expect(health.statusCode).toBe(200)
    expect((await hub.app.inject({ url: '/api/v1/hub', remoteAddress: '127.0.0.8' })).statusCode).toBe(200)
  })

  it('through a trusted proxy count for who they are for, and the proxy itself for nobody', async () => {
    await hub.close()
    await listen({ doors: { isProxy: (address) => address === '127.0.0.1' } })
    const from = (forwarded: string) =>
      hub.app.inject({
        url: '/api/v1/hub',
        remoteAddress: '127.0.0.1',
        headers: { 'x-forwarded-for': forwarded }
      })
    for (let n = 0; n < requestsPerMinuteMax; n++) await from('203.0.113.9')
    expect((await from('203.0.113.9')).statusCode).toBe(429)
    // What stands before the proxy's own word is anybody's invention.
    expect((await from('198.51.100.7, 203.0.113.9')).statusCode).toBe(429)
    expect((await from('203.0.113.10')).statusCode).toBe(200)
    const own = await hub.app.inject({ url: '/api/v1/hub', remoteAddress: '127.0.0.1' })
    expect(own.headers['x-ratelimit-limit']).toBeUndefined()
  })

  it('through a proxy that nobody named are told to the steward, once', async () => {
    for (let n = 0; n < 3; n++)
      await hub.app.inject({ url: '/api/v1/hub', headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(hub.log.warnings).toHaveLength(1)
  })
})

describe('a name', () => {
  it.each(['/metrics', '/api/v1/streets', '/', '/mqtt', '/api/docs/'])(
    'that is not of this hub gets nothing at %s',
    async (url) => {
      const { statusCode, body } = await hub.app.inject({ url, headers: { host: 'evil.example' } })
      expect(statusCode).toBe(421)
      expect(JSON.parse(body)).toMatchObject({ code: 'nameUnknown' })
      expect(body).toContain('LAMPPOST_NAMES')
    }
  )

  it('is refused with a page where a person asks, which shows the name as text', async () => {
    const headers = { host: 'evil.example', accept: 'text/html' }
    const { headers: sent, body } = await hub.app.inject({ url: '/', headers })
    expect(sent['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('This hub does not answer to the name evil.example.')
    const marked = await hub.app.inject({ url: '/', headers: { ...headers, host: '<b>.example' } })
    expect(marked.body).not.toContain('<b>')
  })

  it('need not be sent', async () => {
    const socket = connect(port, '127.0.0.1')
    open.push(socket)
    socket.write('GET /api/v1/hub HTTP/1.1\r\nConnection: close\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('does not matter to a box that pushes', async () => {
    const headers = { host: 'api-rrd.madavi.de' }
    const { body } = await hub.app.inject({ url: '/v1/push-sensor-data/', headers })
    expect(body).not.toContain('nameUnknown')
  })
})

describe('a reader that stops reading', () => {
  it('is cut after half a minute, and one that reads on is not', async () => {
    const big = Buffer.alloc(64 * 1024 * 1024)
    const server = createServer((_request, response) => response.end(big))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    let now = 0
    let cut = 0
    const watch = new StallWatch(server, { now: () => now, onCut: () => cut++ })
    const at = (server.address() as AddressInfo).port
    const stopped = await answerOf(at)
    stopped.pause()
    const reading = await answerOf(at)
    // Eight times as long as a look needs to see that the other one stands still.
    for (let step = 0; step < 8; step++) {
      now += stallMsMax / 5
      for (let bytes = 0; bytes < big.length / 16;) {
        const [chunk] = (await once(reading.resume(), 'data')) as [Buffer]
        bytes += chunk.length
        reading.pause()
      }
      watch.look()
    }
    expect(cut).toBe(1)
    watch.close()
    server.closeAllConnections()
    server.close()
  })

  async function answerOf(at: number): Promise<IncomingMessage> {
    const asking = request({ host: '127.0.0.1', port: at, agent: false })
    asking.on('error', () => undefined)
    asking.end()
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    response.on('error', () => undefined) // It is cut.
    return response
  }
})

async function* endless(): AsyncGenerator<ReadingsPart> {
  const rows = 2_000
  yield { kind: 'head', series: [{ siteId: 's-1', deviceId: 'd-1', quantity: 'pm2_5' }], corrections: [] }
  for (;;) {
    await new Promise(setImmediate)
    yield {
      kind: 'rows',
      time: new Float64Array(rows),
      series: new Uint32Array(rows),
      value: new Float64Array(rows),
      flag: new Uint8Array(rows).fill(1),
      reasons: new Uint32Array(rows),
      received: new Float64Array(rows)
    }
  }
}
