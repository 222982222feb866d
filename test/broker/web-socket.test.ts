/** MQTT over WebSocket, on one path of an HTTP server that does other things too. */
import { createServer, request, type Server } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aBroker, aClient, asDevice, readings, until } from './support.ts'

async function anHttpServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end('page'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { server, port: address !== null && typeof address === 'object' ? address.port : 0 }
}

/** Status of the answer to an upgrade. */
function upgradeStatus(port: number, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({
      port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'mqtt',
        ...headers
      }
    })
    asking.on('response', (response) => resolve(response.statusCode ?? 0))
    asking.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    asking.on('error', reject)
    asking.end()
  })
}

describe('MQTT over WebSocket', () => {
  it('takes readings under the same rules, beside the pages of the server', async () => {
    const { broker, taken } = await aBroker()
    const { server, port } = await anHttpServer()
    broker.attachWebSocket(server, { path: '/mqtt' })
    const client = aClient(port, asDevice('a1'), 'ws', '/mqtt')
    await client.publishAsync(readings('a1'), '{"pm2_5":8}', { qos: 1 })
    expect(taken).toHaveLength(1)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page')
    client.publish(readings('a2'), '{}', { qos: 1 })
    await until(() => broker.stats().refused['topic'] === 1)
  })

  it('upgrades on its path only, for MQTT only, and for pages of its own only', async () => {
    const { broker } = await aBroker()
    const { server, port } = await anHttpServer()
    broker.attachWebSocket(server, { path: '/mqtt' })
    const own = { host: `hub.local:${port}`, origin: `http://hub.local:${port}` }
    expect(await upgradeStatus(port, '/mqtt')).toBe(101)
    expect(await upgradeStatus(port, '/mqtt', own)).toBe(101)
    expect(await upgradeStatus(port, '/mqtt', { ...own, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await upgradeStatus(port, '/mqtt', { ...own, origin: 'null' })).toBe(403)
    expect(await upgradeStatus(port, '/other')).toBe(404)
    expect(await upgradeStatus(port, '/mqtt', { 'sec-websocket-protocol': 'chat' })).toBe(400)
  })

  it('upgrades by a name of the hub only, whatever page asks, and counts for whom it comes', async () => {
    const limits = { connectionsPerAddressMax: 1 }
    const { broker } = await aBroker({}, { limits })
    const { server, port } = await anHttpServer()
    broker.attachWebSocket(server, {
      path: '/mqtt',
      mayCome: ({ headers }) => headers.host !== 'evil.example',
      addressOf: ({ headers }) => headers['x-forwarded-for']?.toString()
    })
    const rebound = { host: 'evil.example', origin: 'http://evil.example' }
    expect(await upgradeStatus(port, '/mqtt', rebound)).toBe(403)
    expect(await upgradeStatus(port, '/mqtt', { 'x-forwarded-for': '203.0.113.9' })).toBe(101)
    expect(await upgradeStatus(port, '/mqtt', { 'x-forwarded-for': '203.0.113.10' })).toBe(101)
    expect(await upgradeStatus(port, '/mqtt')).toBe(101)
    expect(broker.stats().refused).toEqual({ origin: 1 })
  })

  it('ends an oversized message with its connection', async () => {
    const { broker, taken } = await aBroker()
    const { server, port } = await anHttpServer()
    broker.attachWebSocket(server, { path: '/mqtt' })
    const client = aClient(port, asDevice('a1'), 'ws', '/mqtt')
    const ended = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish(readings('a1'), Buffer.alloc(1_000_000), { qos: 1 })
    await ended
    expect(taken).toEqual([])
  })
})
