/** HTTPS with a certificate of our own: the same pages, limits and answers, cookies that stay on it, a certificate renewed while open. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectPlain } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listenSecurely, type Certificate, type SecureDoor } from '../../api/https.ts'
import { connectionsPerAddressMax } from '../../api/limits.ts'
import { openTestHub, start, type TestHub } from '../support/api-hub.ts'
import { makeCertificate } from '../support/certificate.ts'
import { outside } from '../support/outside.ts'

const openssl = outside('openssl')

describe.skipIf(!openssl.present)(`HTTPS (${openssl.line})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'https-'))
  let hub: TestHub
  let door: SecureDoor

  function certificate(name: string): Certificate {
    const { cert, key } = makeCertificate(openssl.path, folder, name)
    return { port: 0, cert: readFileSync(cert), key: readFileSync(key) }
  }

  beforeAll(async () => {
    hub = await openTestHub()
    await hub.app.listen({ host: '127.0.0.1', port: 0 })
    door = await listenSecurely(hub.app, certificate('one.local'), {
      host: '127.0.0.1',
      isProxy: () => false
    })
  })
  afterAll(async () => {
    door.close()
    await hub.close()
    rmSync(folder, { recursive: true })
  })

  async function ask(path: string, options: RequestOptions = {}, body?: object) {
    const asked = request({
      host: '127.0.0.1',
      port: door.port,
      path,
      rejectUnauthorized: false,
      headers: { 'content-type': 'application/json' },
      ...options
    })
    asked.end(body ? JSON.stringify(body) : undefined)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
  }

  it('answers as the plain door does, and keeps its cookies to itself', async () => {
    expect(JSON.parse((await ask('/api/v1/health')).body)).toMatchObject({ status: 'ready' })
    const { personId } = hub.registry.addPerson({ name: 'Anna' }, start)
    const { code } = hub.accounts.invite({ personId, role: 'host', by: { kind: 'operator' } })
    const accepted = await ask(
      `/api/v1/invitations/${code}/accept`,
      { method: 'POST' },
      { userName: 'anna', password: 'kettle bicycle lantern' }
    )
    expect(accepted.headers['set-cookie']?.[0]).toMatch(/^__Host-.*; Secure$/)
  })

  it('bounds the connections of each address before they are encrypted', async () => {
    const sockets = Array.from({ length: connectionsPerAddressMax + 1 }, () =>
      connectPlain({ host: '127.0.0.1', port: door.port, localAddress: '127.0.0.66' })
    )
    await Promise.race(sockets.map((socket) => once(socket.resume(), 'close')))
    expect((await ask('/api/v1/health')).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  it('does not hold up the end while somebody follows live over it', async () => {
    const other = await openTestHub()
    await other.app.listen({ host: '127.0.0.1', port: 0 })
    const second = await listenSecurely(other.app, certificate('one.local'), {
      host: '127.0.0.1',
      isProxy: () => false
    })
    const asked = request({
      host: '127.0.0.1',
      port: second.port,
      path: '/api/v1/live',
      rejectUnauthorized: false
    })
    asked.end()
    const [live] = (await once(asked, 'response')) as [IncomingMessage]
    const ended = once(live.resume(), 'close')
    second.close()
    await other.close()
    await ended
  })

  it('takes a renewed certificate for the next connection', async () => {
    const nameNow = async (): Promise<unknown> => {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port: door.port, rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      const { subject } = socket.getPeerCertificate()
      socket.destroy()
      return subject.CN
    }
    expect(await nameNow()).toBe('one.local')
    door.renewCertificate(certificate('two.local'))
    expect(await nameNow()).toBe('two.local')
  })
})
