/** Boxes that push over HTTP: by password, by token, by the path that their firmware fixes; and what is refused, in words. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pushesAtOncePerDeviceMax, pushWaitMsMax, requestsPerMinuteMax } from '../../api/limits.ts'
import { signedTopic } from '../../model/message.ts'
import { payloadBytesMax } from '../../model/limits.ts'
import { dayMs, systemClock } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openTestHub, type TestHub } from '../support/api-hub.ts'

let hub: TestHub
afterEach(() => hub.close())

const airrohrBody = JSON.stringify({
  esp8266id: '12345678',
  sensordatavalues: [{ value_type: 'SDS_P1', value: '12.30' }]
})

function addBox(dialect: string): Credentials {
  if (hub.registry.streets().length === 0) hub.registry.addStreet({ name: 'Ashley Road' })
  const placement = 'outdoor'
  return hub.registry.addDevice(
    { streetId: 'ashley-road', placement, dialect, hasToken: true },
    hub.clock.now()
  )
}

function post(url: string, payload: string | Buffer = airrohrBody, headers: Record<string, string> = {}) {
  return hub.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers }
  })
}

const basic = (username: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
})

const codeOf = (response: { json(): unknown }): unknown => (response.json() as { code?: string }).code

describe('a push', () => {
  it("by token is its device's, and the answer is the one that its firmware takes for success", async () => {
    hub = await openTestHub()
    const { deviceId, token } = addBox('airrohr')
    // Where no name was typed in, airRohr sends the word alone.
    const response = await post(`/push/airrohr/${token}`, airrohrBody, {
      authorization: 'Basic ',
      'x-pin': '0'
    })
    expect(response.statusCode).toBe(201)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(hub.pushed).toEqual([{ deviceId, topic: 'push/airrohr', body: airrohrBody }])
  })

  it('by password is too', async () => {
    hub = await openTestHub()
    const { deviceId, username, password } = addBox('lamppost')
    const response = await post('/push/lamppost', '{"pm2_5":8.1}', basic(username, password))
    expect(response.statusCode).toBe(200)
    expect(hub.pushed).toEqual([{ deviceId, topic: 'push/lamppost', body: '{"pm2_5":8.1}' }])
  })

  it.each([
    ['application/json', '{"a":1}'],
    ['application/x-www-form-urlencoded', 'tempf=43.16'],
    ['text/plain', 'x'],
    ['nonsense', 'x'],
    ['application/octet-stream', '']
  ])('is kept as it comes, whatever it is called: %s', async (type, body) => {
    hub = await openTestHub()
    const { token } = addBox('airrohr')
    const response = await post(`/push/airrohr/${token}`, body, { 'content-type': type })
    expect(response.statusCode).toBe(201)
    expect(hub.pushed[0]?.body).toBe(body)
  })

  it("tells which sensor an airRohr's X-PIN means", async () => {
    hub = await openTestHub()
    const { token } = addBox('airrohr')
    for (const pin of ['1', '11', '99999', 'x/../y'])
      await post(`/push/airrohr/${token}`, airrohrBody, { 'x-pin': pin })
    expect(hub.pushed.map(({ topic }) => topic)).toEqual([
      'push/airrohr/1',
      'push/airrohr/11',
      'push/airrohr',
      'push/airrohr'
    ])
  })

  it('may go to a path behind the token, as The Things Stack does for kinds of messages', async () => {
    hub = await openTestHub()
    const { gatewayId, token } = hub.registry.addGateway({ dialect: 'ttn', name: 'LoRa' }, hub.clock.now())
    const join = JSON.stringify({ end_device_ids: { device_id: 'damp-12' }, join_accept: {} })
    expect((await post(`/push/ttn/${token}/join`, join)).statusCode).toBe(200)
    expect(hub.pushed).toEqual([])
    expect(gatewayId).toMatch(/^g-/)
  })
})

describe('a token where the firmware puts it', () => {
  it('stands in the middle of the path of ThingsBoard', async () => {
    hub = await openTestHub()
    const { deviceId, token } = addBox('thingsboard')
    const path = (one: string, what: string): string => `/push/thingsboard/api/v1/${one}/${what}`
    expect((await post(path(token!, 'telemetry'), '{"temperature":20}')).statusCode).toBe(200)
    expect((await post(path(token!, 'attributes'), '{}')).statusCode).toBe(200)
    expect((await post(path('aaaaaaaaaaaaaaaaaaaaaaaaaa', 'telemetry'), '{}')).statusCode).toBe(401)
    expect(hub.pushed).toMatchObject([{ deviceId, topic: 'push/thingsboard' }])
  })

  it('stands alone in the header of openSenseMap, whose path and type of content say how to read it', async () => {
    hub = await openTestHub()
    const { token } = addBox('opensensemap')
    const box = '/boxes/5b26181b1fef04001b690938'
    const sent = (path: string, type: string, authorization = token!) =>
      post(box + path, 'x', { authorization, 'content-type': type })
    const answers = [
      await sent('/data', 'application/json'),
      await sent('/data', 'text/csv'),
      await sent('/data', 'application/sbx-bytes'),
      await sent('/data', 'application/sbx-bytes-ts'),
      await sent('/data?luftdaten=true', 'application/json'),
      await sent('/data?hackair=true', 'application/json', `Bearer ${token}`),
      await sent('/5b26181b1fef04001b69093d', 'application/json'),
      await sent('/data', 'application/json', 'a token of openSenseMap’s'),
      await post(`${box}/data`, '{}')
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array<number>(7).fill(201), 401, 403])
    expect(hub.pushed.map(({ topic }) => topic.replace('push/opensensemap', ''))).toEqual([
      ...['', '/csv', '/bytes', '/bytes-ts', '/luftdaten', '/hackair', '/one/5b26181b1fef04001b69093d']
    ])
  })
})

describe('a box without a secret', () => {
  const serial = 'aabbccddeeff'
  const path = `/sensors/airgradient:${serial}/measures`
  const claim = (): string => {
    const { deviceId } = addBox('airgradient')
    const thing = { dialect: 'airgradient', scope: '', address: serial, name: '', deviceId }
    hub.registry.claimThing(thing, hub.clock.now())
    return deviceId
  }

  it('is off, and its host hears why', async () => {
    hub = await openTestHub()
    const deviceId = claim()
    const response = await post(path, '{}')
    expect(response.statusCode).toBe(403)
    expect(codeOf(response)).toBe('unauthenticatedOff')
    expect(hub.pushed).toEqual([])
    expect(hub.told).toEqual([expect.stringContaining(`${deviceId} wrongPassword`)])
    expect(hub.told[0]).toContain('LAMPPOST_ALLOW_UNAUTHENTICATED=airgradient')
  })

  it('is taken where the steward allows it, and marked', async () => {
    hub = await openTestHub({ allowUnauthenticated: ['airgradient'] })
    const deviceId = claim()
    expect((await post(path, '{}')).statusCode).toBe(200)
    expect(hub.pushed.map(({ topic, ...rest }) => ({ ...rest, ...signedTopic(topic) }))).toEqual([
      { deviceId, topic: 'push/airgradient', unauthenticated: true, body: '{}' }
    ])
    expect(hub.registry.device(deviceId)?.unauthenticated).toBe(true)
  })

  it('that nobody added is nobody', async () => {
    hub = await openTestHub({ allowUnauthenticated: ['airgradient'] })
    const response = await post(path, '{}')
    expect(codeOf(response)).toBe('boxUnknown')
    expect(response.json()).toMatchObject({ detail: expect.stringContaining('device add') as string })
  })

  it('on the path of Sensor.Community is known by its chip, or by its password', async () => {
    hub = await openTestHub({ allowUnauthenticated: ['airrohr'] })
    const { deviceId, username, password } = addBox('airrohr')
    const thing = { dialect: 'airrohr', scope: '', address: '12345678', name: '', deviceId }
    hub.registry.claimThing(thing, hub.clock.now())
    const headers = { 'x-sensor': 'esp8266-12345678', 'x-pin': '1' }
    expect((await post('/v1/push-sensor-data/', airrohrBody, headers)).statusCode).toBe(201)
    const signed = await post('/v1/push-sensor-data/', airrohrBody, {
      ...headers,
      ...basic(username, password)
    })
    expect(signed.statusCode).toBe(201)
    expect(hub.pushed.map(({ topic }) => signedTopic(topic).unauthenticated)).toEqual([true, false])
  })
})

describe('what is refused', () => {
  it.each([
    ['a token that is none', '/push/airrohr/aaaaaaaaaaaaaaaaaaaaaaaaaa', 401, 'secretWrong'],
    ['no secret at all', '/push/airrohr', 401, 'secretWrong'],
    ['a token in the query string', '/push/airrohr?token=abc', 400, 'secretMisplaced'],
    ['a family that does not push', '/push/tasmota', 404, 'pathUnknown'],
    ['a family that is none', '/push/nonsense/x', 404, 'pathUnknown'],
    ['no family', '/push', 404, 'pathUnknown']
  ])('%s', async (_what, url, status, code) => {
    hub = await openTestHub()
    const response = await post(url)
    expect(response.statusCode).toBe(status)
    expect(codeOf(response)).toBe(code)
    expect(hub.pushed).toEqual([])
  })

  it('a wrong password, of which the host of that id hears', async () => {
    hub = await openTestHub()
    const { deviceId, username } = addBox('airrohr')
    const response = await post('/push/airrohr', airrohrBody, basic(username, 'guess'))
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toContain('Basic')
    expect(hub.told).toEqual([expect.stringContaining(`${deviceId} wrongPassword`)])
  })

  it('a body that is too large or packed, of which its host hears', async () => {
    hub = await openTestHub()
    const { deviceId, token } = addBox('airrohr')
    const large = await post(`/push/airrohr/${token}`, 'x'.repeat(payloadBytesMax + 1))
    expect([large.statusCode, codeOf(large)]).toEqual([413, 'bodyTooLarge'])
    const packed = await post(`/push/airrohr/${token}`, 'x', { 'content-encoding': 'gzip' })
    expect([packed.statusCode, codeOf(packed)]).toEqual([415, 'encodingUnknown'])
    expect(hub.told).toEqual([
      expect.stringContaining(`${deviceId} payloadTooLarge`),
      expect.stringContaining(`${deviceId} payloadEncoding`)
    ])
  })

  it('is not acknowledged before it is on disk, whatever its firmware takes for success', async () => {
    let sync = (): void => undefined
    hub = await openTestHub({
      keep: () => new Promise<undefined>((resolve) => (sync = () => resolve(undefined)))
    })
    const { token } = addBox('airrohr')
    let status: number | undefined
    const posted = post(`/push/airrohr/${token}`).then((response) => (status = response.statusCode))
    await expect.poll(() => hub.pushed).toHaveLength(1)
    await new Promise(setImmediate)
    expect(status).toBeUndefined()
    sync()
    await posted
    expect(status).toBe(201)
  })

  it('waits for a slow disk, and is told to come again when that takes too long', async () => {
    let asked = 0
    hub = await openTestHub({ keep: () => (asked++, 'never') })
    const { token } = addBox('airrohr')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    // Sixteen are at the disk, and the others wait for their turn.
    const count = pushesAtOncePerDeviceMax + 4
    const answered: number[] = []
    const posted = Array.from({ length: count }, async () => {
      const response = await post(`/push/airrohr/${token}`)
      answered.push(response.statusCode)
      return response
    })
    while (asked < pushesAtOncePerDeviceMax) await new Promise(setImmediate)
    vi.advanceTimersByTime(pushWaitMsMax - 1)
    await new Promise(setImmediate)
    expect(answered).toEqual([])
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    const responses = await Promise.all(posted)
    expect(answered).toEqual(Array(count).fill(503))
    expect(responses[0]!.headers['retry-after']).toBe('30')
  })

  it('is not acknowledged when it is not on disk', async () => {
    hub = await openTestHub({ keep: () => new Error('the disk is full') })
    const { token } = addBox('airrohr')
    const response = await post(`/push/airrohr/${token}`)
    expect([response.statusCode, codeOf(response)]).toEqual([503, 'pushBusy'])
    expect(response.headers['retry-after']).toBe('30')
  })
})

describe('a rotated token', () => {
  it('ends, or works on as long as it was said', async () => {
    hub = await openTestHub()
    const { deviceId, token } = addBox('airrohr')
    const next = hub.registry.rotate(deviceId, dayMs, systemClock.now())
    expect((await post(`/push/airrohr/${token}`)).statusCode).toBe(201)
    expect((await post(`/push/airrohr/${next.token}`)).statusCode).toBe(201)
    const last = hub.registry.rotate(deviceId, 0, systemClock.now())
    expect((await post(`/push/airrohr/${next.token}`)).statusCode).toBe(401)
    expect((await post(`/push/airrohr/${last.token}`)).statusCode).toBe(201)
  })
})

describe('many at once', () => {
  it('are never sent away by their address: AirGradient takes 429 for success', async () => {
    hub = await openTestHub()
    const { token } = addBox('airrohr')
    for (let n = 0; n < requestsPerMinuteMax; n++) await hub.app.inject({ url: '/nowhere' })
    expect((await hub.app.inject({ url: '/nowhere' })).statusCode).toBe(429)
    expect((await post(`/push/airrohr/${token}`)).statusCode).toBe(201)
    expect((await post('/push/airrohr/wrong')).statusCode).toBe(401)
    expect((await hub.app.inject({ method: 'GET', url: `/push/airrohr/${token}` })).statusCode).toBe(429)
  })

  it('of one device wait for their turn, and all are kept', async () => {
    hub = await openTestHub()
    const { token } = addBox('airrohr')
    const responses = await Promise.all(Array.from({ length: 100 }, () => post(`/push/airrohr/${token}`)))
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(Array(100).fill(201))
    expect(hub.pushed).toHaveLength(100)
  })

  it('paths that are none cost nothing that stays', async () => {
    hub = await openTestHub()
    for (let i = 0; i < 90; i++) expect((await post(`/push/f${i}/${'x'.repeat(i + 1)}`)).statusCode).toBe(404)
    expect((await post(`/push/airrohr/${'x'.repeat(5_000)}`)).statusCode).toBe(400)
  })
})
