/** Web push: the test vectors of its RFCs, a real push service that decrypts what came, and addresses that lead into the house. */
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newStopToken, startAlerts, type Alerts } from '../../hub/alerts/alerts.ts'
import { contactFor } from '../../hub/alerts/push/contact.ts'
import { encryptedMessage, readBrowserKeys } from '../../hub/alerts/push/message.ts'
import { isPublicAddress, isPushEndpoint, publicLookup } from '../../hub/alerts/push/public-hosts.ts'
import { openSigner } from '../../hub/alerts/push/signature.ts'
import { alertSettingsDefault, type AlertSettings } from '../../model/alert.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { makeCertificate } from '../support/certificate.ts'
import { dampAir, moment, openDampHome, outdoorAir, type DampHome } from '../support/damp-home.ts'
import { outside } from '../support/outside.ts'
import { openPushService, ReceivingBrowser, type PushService } from '../support/push-service.ts'

const session = { accountId: 'a', sessionId: 's' }
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

describe('a message', () => {
  // RFC 8291, section 5 and appendix A.
  const browser = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg'
  }
  const secrets = {
    privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
    salt: bytes('DGv6ra1nlYgDCS1FRnbzlw')
  }
  const plain = Buffer.from('When I grow up, I want to be a watermelon')

  it('is the one that RFC 8291 has for its example', () => {
    const keys = readBrowserKeys(browser.p256dh, browser.auth)!
    expect(encryptedMessage(plain, plain.length, keys, secrets).toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
    )
  })

  it('is as long as any other, and is read without what fills it up', () => {
    const receiver = new ReceivingBrowser()
    const keys = readBrowserKeys(receiver.keys.p256dh, receiver.keys.auth)!
    for (const text of ['', 'short', 'ü'.repeat(1_500)]) {
      const message = encryptedMessage(Buffer.from(text), 3_000, keys, secrets)
      expect(message).toHaveLength(3_103)
      expect(receiver.read(message)).toBe(text)
    }
  })

  it.each([
    [
      'a point that is not on the curve',
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8'
    ],
    ['nothing', ''],
    ['a compressed point', 'AyVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx']
  ])('is made with no key that is %s', (_what, p256dh) => {
    expect(readBrowserKeys(p256dh, browser.auth)).toBeUndefined()
    expect(readBrowserKeys(browser.p256dh, 'AAAA')).toBeUndefined()
  })

  it('says who sent it, for one push service and half a day', () => {
    const signer = openSigner('9f'.repeat(32), 'mailto:push@example.com')
    const now = moment('2026-01-07T12:00:00Z')
    const header = signer.authorization(
      new URL('https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV'),
      now
    )
    const [, token, key] = /^vapid t=(.+), k=(.+)$/.exec(header)!
    expect(key).toBe(signer.publicKey)
    const [head, claims, signature] = token!.split('.') as [string, string, string]
    expect(JSON.parse(bytes(head).toString())).toEqual({ typ: 'JWT', alg: 'ES256' })
    expect(JSON.parse(bytes(claims).toString())).toEqual({
      aud: 'https://push.example.net',
      exp: Date.parse('2026-01-08T00:00:00Z') / 1_000,
      sub: 'mailto:push@example.com'
    })
    const point = bytes(key!)
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url')
    }
    const verifying = {
      key: createPublicKey({ key: jwk, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363'
    } as const
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), verifying, bytes(signature))).toBe(true)
  })

  it('names whom a push service can write to, as far as the settings say it', () => {
    const none = { securityContact: null, operatorContact: null, publicUrl: null, alerts: { mail: null } }
    expect(contactFor(none)).toBe('')
    expect(contactFor({ ...none, publicUrl: 'http://hub.local' })).toBe('')
    expect(contactFor({ ...none, publicUrl: 'https://air.example.org' })).toBe('https://air.example.org')
    const from = { mail: { from: 'Lamppost <hub@example.org>' } }
    expect(contactFor({ ...none, alerts: from })).toBe('mailto:hub@example.org')
    const operatorContact = 'Carla, carla@example.org, 0117 496 0000'
    expect(contactFor({ ...none, operatorContact, alerts: from })).toBe('mailto:carla@example.org')
    expect(contactFor({ ...none, securityContact: 'https://example.org/security' })).toBe(
      'https://example.org/security'
    )
  })
})

describe('an address that somebody names', () => {
  it.each([
    'http://push.example.org/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://localhost/x',
    'https://router/x',
    'https://user:secret@push.example.org/x',
    'file:///etc/passwd',
    'ftp://push.example.org',
    'push.example.org',
    ''
  ])('is refused: %s', (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(false)
  })

  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://web.push.apple.com/QGu'
  ])('is taken: %s', (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(true)
  })

  it('is on the internet', () => {
    for (const address of [
      '8.8.8.8',
      '142.250.180.10',
      '2607:f8b0:4004:800::200a',
      '172.32.0.1',
      '100.128.0.1'
    ])
      expect(isPublicAddress(address), address).toBe(true)
    for (const address of [
      '127.0.0.1',
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      'router'
    ])
      expect(isPublicAddress(address), address).toBe(false)
  })

  it('that leads into this machine by its name is not asked', async () => {
    const answer = await new Promise((resolve) => {
      publicLookup('localhost', {}, (error, address) => resolve(error?.message ?? address))
    })
    expect(answer).toBe('localhost is not a host on the internet.')
  })
})

const openssl = outside('openssl')

describe.skipIf(!openssl.present)(`alerts to a browser (${openssl.line})`, () => {
  const host = 'push.street.example'
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-push-'))
  let service: PushService
  let home: DampHome
  let alerts: Alerts
  let phone: ReceivingBrowser

  beforeAll(async () => {
    service = await openPushService(host, makeCertificate(openssl.path, folder, host))
  })
  afterAll(async () => {
    await service.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(async () => {
    home = await openDampHome({ start: moment('2026-01-07T12:00:00Z') })
    service.status = 201
    service.taken.length = 0
    phone = new ReceivingBrowser()
    alerts = await begin()
  })
  afterEach(async () => {
    await alerts.stop()
    await home.close()
  })

  function begin(): Promise<Alerts> {
    const { rooms } = home
    return startAlerts({
      ...rooms,
      clock: { now: () => rooms.clock.now(), doubt: () => undefined },
      readings: rooms.pipeline.service,
      channels: {
        mail: null,
        ntfyUrl: null,
        push: { contact: 'mailto:hub@example.org', reach: service.reach }
      },
      hubName: 'Testing Town',
      dashboardUrl: () => 'http://hub.example.org',
      newToken: newStopToken,
      inTurn: (work) => rooms.moves.read(work),
      log: { info: () => undefined, warn: () => undefined }
    })
  }

  const keep = (browser = phone, path = '/phone') =>
    alerts.keepBrowser(home.personId, {
      endpoint: service.origin + path,
      ...browser.keys,
      userAgent: 'a phone',
      ...session
    })!
  const choose = (more: Partial<AlertSettings>): void =>
    home.rooms.registry.setAlertSettings(home.personId, { ...alertSettingsDefault, ...more })
  const round = async (): Promise<void> => {
    await alerts.look()
    await alerts.send()
  }
  const read = (index = 0, browser = phone): Record<string, string> =>
    JSON.parse(browser.read(service.taken[index]!.body)) as Record<string, string>

  /** Its sensor is silent for seven hours, in the evening before quiet hours. */
  async function silent(): Promise<void> {
    const until = home.now()
    await home.measure(home.bedroom, (until - 2 * hourMs) as UnixMs, until, dampAir)
    await home.measure(home.outdoors, (until - 2 * hourMs) as UnixMs, until, outdoorAir)
    home.pass(7 * hourMs)
  }

  it('are read by nobody but it, once a day, with what to do, without a reading, and with a button that stops them', async () => {
    keep()
    await silent()
    await round()
    await round()
    expect(service.taken).toHaveLength(1)
    const [{ headers, path }] = service.taken as [PushService['taken'][number]]
    expect(path).toBe('/phone')
    expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '259200', urgency: 'normal' })
    expect(headers.authorization).toContain(`k=${alerts.offers().pushKey}`)
    const { title, body, stop } = read()
    expect(title).toContain('The sensor “Bedroom, north wall”')
    expect(body).toContain('Unplug it for ten seconds')
    expect(body).not.toMatch(/\d ?°C|\d ?%|http/)
    expect(home.rooms.registry.stopAlerts(stop!)).toEqual({ personId: home.personId, choice: 'silent' })
    home.pass(dayMs)
    await round()
    expect(service.taken).toHaveLength(1)
  })

  it('come to each of its owner’s browsers, and wait for quiet hours to end', async () => {
    const laptop = new ReceivingBrowser()
    keep()
    keep(laptop, '/laptop')
    choose({ quietFromMin: 18 * 60, quietUntilMin: 8 * 60 })
    await silent()
    await round()
    expect(service.taken).toEqual([])
    home.pass(14 * hourMs)
    await round()
    expect(service.taken.map(({ path }) => path).toSorted()).toEqual(['/laptop', '/phone'])
    const last = service.taken.findIndex(({ path }) => path === '/laptop')
    expect(read(last, laptop).title).toContain('silent')
  })

  it.each([404, 410])('end for a browser that is gone (%i), and not for the others', async (status) => {
    const old = keep(new ReceivingBrowser(), '/sold')
    await silent()
    await alerts.look()
    service.status = status
    await alerts.send()
    expect(home.rooms.registry.pushBrowser(old.browserId)).toBeUndefined()
    expect(home.rooms.registry.alertedPersons()).toEqual([])
    service.status = 201
    keep()
    home.pass(hourMs)
    await round()
    expect(service.taken.map(({ path }) => path)).toEqual(['/phone'])
  })

  it.each([500, 403])(
    'are tried again for a day where the push service answers %i, and come once',
    async (status) => {
      keep()
      await silent()
      await alerts.look()
      service.status = status
      for (let tries = 0; tries < 24; tries++) {
        await alerts.send()
        home.pass(hourMs)
      }
      service.status = 201
      choose({ quietFromMin: 0, quietUntilMin: 0 })
      await alerts.send()
      await alerts.send()
      expect(service.taken).toHaveLength(1)
    }
  )

  it('survive an end of the hub, with the same key', async () => {
    keep()
    await silent()
    await alerts.look()
    const { pushKey } = alerts.offers()
    await alerts.stop()
    alerts = await begin()
    expect(alerts.offers().pushKey).toBe(pushKey)
    await round()
    expect(service.taken).toHaveLength(1)
  })

  it('are tried with a test', async () => {
    expect(alerts.test(home.personId)).toBe(false)
    keep()
    expect(alerts.test(home.personId)).toBe(true)
    await alerts.send()
    expect(read()).toEqual({
      title: 'A test from your hub',
      body: 'If you read this, messages arrive here.',
      tag: 'test'
    })
  })

  it('go to whoever signed in last at a browser that two share, and to ten browsers at most', () => {
    const first = keep()
    expect(keep().browserId).toBe(first.browserId)
    const { registry } = home.rooms
    const ben = registry.addPerson({ name: 'Ben' }, home.now()).personId
    const taken = alerts.keepBrowser(ben, {
      endpoint: `${service.origin}/phone`,
      ...phone.keys,
      userAgent: '',
      ...session
    })!
    expect(registry.pushBrowsers(home.personId)).toEqual([])
    expect(registry.pushBrowsers(ben)).toEqual([taken])
    registry.removePushBrowser(home.personId, taken.browserId)
    expect(registry.pushBrowsers(ben)).toHaveLength(1)
    for (let n = 0; n < 12; n++) {
      home.pass(hourMs)
      keep(new ReceivingBrowser(), `/browser-${n}`)
    }
    expect(registry.pushBrowsers(home.personId).map(({ endpoint }) => endpoint.split('-')[1])).toEqual(
      Array.from({ length: 10 }, (_, n) => String(n + 2))
    )
  })

  it('go to no address in the house', () => {
    const none = alerts.keepBrowser(home.personId, {
      endpoint: 'https://192.168.1.1/admin',
      ...phone.keys,
      userAgent: '',
      ...session
    })
    expect(none).toBeUndefined()
    expect(home.rooms.registry.pushBrowsers(home.personId)).toEqual([])
  })
})
