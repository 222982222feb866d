/** What a session opened ends with it, at once. */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fastify } from 'fastify'
import type { Viewer } from '../../accounts/accounts.ts'
import type { Api } from '../../api/app.ts'
import { sessionStreams } from '../../api/session-streams.ts'
import { openTestHub, start, type TestHub } from '../support/api-hub.ts'

let hub: TestHub
const app = fastify() as unknown as Api
const password = 'kettle bicycle lantern'
const visit = { address: '192.0.2.1', userAgent: '' }

beforeAll(async () => void (hub = await openTestHub()))
afterAll(async () => {
  await app.close()
  await hub.close()
})

async function signedIn(): Promise<Viewer> {
  return (await hub.accounts.signIn({ userName: 'anna', password }, visit)).viewer
}

it('cuts the streams of a session that ends, and no others', async () => {
  const { personId } = hub.registry.addPerson({ name: 'Anna' }, start)
  const { code } = hub.accounts.invite({ personId, role: 'host', by: { kind: 'operator' } })
  const { viewer: phone } = await hub.accounts.accept(code, { userName: 'anna', password }, visit)
  const laptop = await signedIn()
  const streams = sessionStreams(app, hub.accounts)
  const open = (viewer: Viewer): { stream: PassThrough; cut: Promise<unknown> } => {
    const stream = streams.hold(viewer, new PassThrough())
    return { stream, cut: once(stream, 'error') }
  }
  const [onPhone, onLaptop] = [open(phone), open(laptop)]
  await hub.accounts.endSession(phone.accountId, phone.sessionId, { kind: 'operator' })
  expect(String(await onPhone.cut)).toContain('session of this download has ended')
  expect(onLaptop.stream.destroyed).toBe(false)
  await hub.accounts.removeAccount(personId, { kind: 'operator' })
  await onLaptop.cut
})
