/** What people want to be told: chosen by them alone, and stopped by the link in a message, which opens nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OwnAlerts } from '../../contract/alerts.ts'
import { alertSettingsDefault } from '../../model/alert.ts'
import { newStopToken } from '../../hub/alerts/alerts.ts'
import { endPushWithSessions } from '../../hub/alerts/push/ended.ts'
import { openTestHub, start, type TestHub } from '../support/api-hub.ts'
import { ReceivingBrowser } from '../support/push-service.ts'
import { signUp, signUpPassword, type SignedUp } from '../support/sign-up.ts'

let hub: TestHub
let anna: SignedUp
let bert: SignedUp

const wanted = { ...alertSettingsDefault, mail: 'anna@example.org', ntfyTopic: 'anna-sensors' }
const ask = ({ cookie }: SignedUp) => hub.app.inject({ url: '/api/v1/me/alerts', headers: { cookie } })
const choose = (payload: object, { cookie } = anna) =>
  hub.app.inject({ method: 'PUT', url: '/api/v1/me/alerts', headers: { cookie }, payload })
const stop = (token: string, more: object = {}) =>
  hub.app.inject({ method: 'POST', url: `/api/v1/alerts/stop/${token}`, ...more })

beforeAll(async () => {
  hub = await openTestHub()
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
})
afterAll(() => hub.close())

it('says what this hub can send, and sends nothing before somebody gives an address', async () => {
  const answer = await ask(anna)
  expect(answer.headers['cache-control']).toBe('private, no-store')
  expect(answer.json<OwnAlerts>()).toEqual({
    settings: alertSettingsDefault,
    mail: true,
    ntfyUrl: 'https://ntfy.example.org',
    pushKey: expect.stringMatching(/^B[A-Za-z0-9_-]{86}$/),
    browsers: []
  })
  expect(hub.registry.alertedPersons()).toEqual([])
})

it('keeps what its person chose, and shows it to nobody else', async () => {
  expect((await choose(wanted)).statusCode).toBe(200)
  expect((await ask(anna)).json<OwnAlerts>().settings).toEqual(wanted)
  expect((await ask(bert)).json<OwnAlerts>().settings.mail).toBe('')
})

it.each([
  ['two addresses', { mail: 'a@example.org, b@example.org' }],
  ['a line that would be a header', { mail: 'a@example.org\r\nBcc: b@example.org' }],
  ['no address', { mail: 'anna' }],
  ['a topic that somebody guesses', { ntfyTopic: 'anna' }],
  ['a topic that leads elsewhere', { ntfyTopic: '../v1/account' }],
  ['a cause that there is not', { causes: ['everything'] }],
  ['an hour that there is not', { quietFromMin: 1_440 }]
])('refuses %s', async (_what, wrong) => {
  expect((await choose({ ...wanted, ...wrong })).statusCode).toBe(400)
})

describe('browsers that show messages', () => {
  const endpoint = 'https://push.example.org/send/abc'
  const { keys } = new ReceivingBrowser()
  const tell = (payload: object, { cookie } = anna) =>
    hub.app.inject({
      method: 'POST',
      url: '/api/v1/me/alerts/browsers',
      headers: { cookie, 'user-agent': 'A phone' },
      payload
    })
  const remove = (browserId: string, { cookie } = anna) =>
    hub.app.inject({ method: 'DELETE', url: `/api/v1/me/alerts/browsers/${browserId}`, headers: { cookie } })

  it('are kept for whose they are, and removed by nobody else', async () => {
    const answer = await tell({ endpoint, keys })
    expect(answer.statusCode).toBe(200)
    const { browserId } = answer.json<{ browserId: string }>()
    expect((await ask(anna)).json<OwnAlerts>().browsers).toMatchObject([{ browser: 'A phone', endpoint }])
    expect((await ask(bert)).json<OwnAlerts>().browsers).toEqual([])
    expect((await remove(browserId, bert)).statusCode).toBe(200)
    expect((await ask(anna)).json<OwnAlerts>().browsers).toHaveLength(1)
    expect((await remove(browserId)).statusCode).toBe(200)
    expect((await ask(anna)).json<OwnAlerts>().browsers).toEqual([])
  })

  it.each([
    ['an address in the house', { endpoint: 'https://192.168.1.1/x', keys }],
    ['one without encryption', { endpoint: 'http://push.example.org/x', keys }],
    ['keys that are none', { endpoint, keys: { p256dh: 'AAAA', auth: 'AAAA' } }],
    ['no keys', { endpoint }],
    ['an address longer than any', { endpoint: `${endpoint}${'a'.repeat(1_000)}`, keys }]
  ])('have not %s', async (_what, payload) => {
    expect((await tell(payload)).statusCode).toBe(400)
  })

  it('are told nothing any more where somebody signed out, was signed out, or lost the way in', async () => {
    const carl = await signUp(hub, 'Carl')
    const stop = endPushWithSessions(hub.accounts, hub.registry, (cause) => expect.fail(String(cause)))
    const signIn = async (): Promise<SignedUp> => {
      const payload = { userName: 'carl', password: signUpPassword }
      const answer = await hub.app.inject({ method: 'POST', url: '/api/v1/session', payload })
      return { ...carl, cookie: String(answer.headers['set-cookie']).split(';')[0]! }
    }
    const told = (): string[] => hub.registry.pushBrowsers(carl.personId).map((one) => one.endpoint)
    const [phone, tablet] = [await signIn(), await signIn()]
    const at = (name: string): string => `https://push.example.org/${name}`
    for (const [name, who] of [
      ['phone', phone],
      ['tablet', tablet],
      ['laptop', carl]
    ] as const)
      expect((await tell({ endpoint: at(name), keys }, who)).statusCode).toBe(200)
    await hub.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie: phone.cookie } })
    expect(told().toSorted()).toEqual([at('laptop'), at('tablet')])
    await hub.app.inject({
      method: 'DELETE',
      url: '/api/v1/me/sessions/others',
      headers: { cookie: carl.cookie }
    })
    expect(told()).toEqual([at('laptop')])
    // Taking a role ends no session.
    const by = { kind: 'operator' } as const
    hub.accounts.setRole(carl.personId, 'researcher', true, by)
    hub.accounts.setRole(carl.personId, 'researcher', false, by)
    await hub.accounts.sessions(hub.accounts.accountOf(carl.personId)!.accountId)
    expect(told()).toEqual([at('laptop')])
    const { code } = hub.accounts.invite({ personId: carl.personId, role: 'host', purpose: 'recover', by })
    const password = 'another bicycle lantern'
    const visit = { address: '192.0.2.7', userAgent: '' }
    await hub.accounts.accept(code, { password }, visit)
    await expect.poll(told).toEqual([])
    stop()
  })
})

describe('the link in a message', () => {
  const queue = (token: string, day: string) =>
    hub.registry.queueAlert(
      {
        personId: anna.personId,
        cause: 'silent',
        channel: 'mail',
        day,
        address: wanted.mail,
        subject: 's',
        body: 'b',
        stopToken: token
      },
      start
    )

  it.each([
    [
      'a mail program, which posts a form',
      {
        payload: 'List-Unsubscribe=One-Click',
        headers: { 'content-type': 'application/x-www-form-urlencoded' }
      }
    ],
    ['a page, which posts nothing', {}]
  ])('stops its kind for %s', async (_who, request) => {
    await choose(wanted)
    const token = newStopToken()
    queue(token, token)
    const answer = await stop(token, request)
    expect(answer.json()).toEqual({ choice: 'silent' })
    const { causes } = (await ask(anna)).json<OwnAlerts>().settings
    expect(causes).not.toContain('silent')
    expect(causes).toContain('damp')
  })

  it('is a hash in the file, and unknown where nobody made it', async () => {
    const token = newStopToken()
    queue(token, 'another')
    expect(JSON.stringify(hub.registry.dueAlerts(start, 100))).not.toContain(token)
    expect((await stop(newStopToken())).statusCode).toBe(404)
    expect((await stop("' OR 1=1")).statusCode).toBe(404)
  })
})

it('goes with whoever is erased', () => {
  const { personId } = hub.registry.addPerson({ name: 'Gone', homeId: 'home-of-gone' }, start)
  hub.registry.setAlertSettings(personId, wanted)
  hub.registry.setReportRules(personId, 'n-somethin', 'england-social')
  hub.registry.beginErasure(hub.registry.erasurePlan(personId), start)
  expect(hub.registry.alertedPersons().map((one) => one.personId)).not.toContain(personId)
  expect(hub.registry.reportRules(personId).size).toBe(0)
})
