/** Alerts of a whole hub: chosen over the API, sent by its mail server, and neither lost nor doubled by kill -9. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openMailServer, type MailServer } from '../support/alert-servers.ts'
import {
  commandJson,
  eventually,
  startHubProcess,
  temporaryFolder,
  type HubProcess
} from '../support/hub-process.ts'

const folder = temporaryFolder()
let mail: MailServer
let hub: HubProcess
let cookie: string

const start = (): Promise<HubProcess> =>
  startHubProcess(folder.path, [], {
    LAMPPOST_SMTP_URL: mail.url,
    LAMPPOST_MAIL_FROM: 'Lamppost <hub@example.org>',
    LAMPPOST_PUBLIC_URL: 'https://air.example.org'
  })
const ask = (method: string, path: string, body?: object) =>
  fetch(`${hub.url}/api/v1${path}`, {
    method,
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {})
  })

/** How many alerts the hub has on disk that no server has taken. */
function waiting(): number {
  const db = new DatabaseSync(join(folder.path, 'registry.sqlite'), { readOnly: true })
  const { n } = db.prepare('SELECT count(*) AS n FROM alerts WHERE endedAt IS NULL').get() as { n: number }
  db.close()
  return n
}

beforeAll(async () => {
  mail = await openMailServer()
  const { personId } = await commandJson<{ personId: string }>([
    ...['person', 'add', 'Anna Smith', '--data', folder.path]
  ])
  const { code } = await commandJson<{ code: string }>(['person', 'invite', personId, '--data', folder.path])
  hub = await start()
  const answer = await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: 'anna', password: 'kettle bicycle lantern' })
  })
  cookie = answer.headers.get('set-cookie')!.split(';')[0]!
})
afterAll(async () => {
  await hub.stop()
  await mail.close()
  folder.remove()
})

it('a test that a hanging server has not taken when the hub is killed arrives after the next start, once', async () => {
  const offered = (await (await ask('GET', '/me/alerts')).json()) as {
    settings: object
    mail: boolean
    ntfyUrl: null
  }
  expect(offered).toMatchObject({ mail: true, ntfyUrl: null })
  expect((await ask('PUT', '/me/alerts', { ...offered.settings, mail: 'anna@example.org' })).status).toBe(200)
  mail.behave = 'ignore'
  expect((await ask('POST', '/me/alerts/test')).status).toBe(200)
  await eventually(
    () => Promise.resolve(mail.unanswered),
    (count) => count > 0
  )
  await hub.kill()
  mail.behave = 'take'
  hub = await start()
  const [first] = await eventually(
    () => Promise.resolve(mail.mails),
    ({ length }) => length > 0
  )
  expect(first!.source).toContain('If you read this, messages arrive here.')
  expect(first!.source).toContain('https://air.example.org/home#alerts')
  // The server has a mail before the hub can know that it has: a hub killed in between sends it again.
  await eventually(
    () => Promise.resolve(waiting()),
    (count) => count === 0
  )
  await hub.kill()
  hub = await start()
  // A start sends what waits before it says that it runs; there is nothing.
  expect(mail.mails).toHaveLength(1)
}, 60_000)
