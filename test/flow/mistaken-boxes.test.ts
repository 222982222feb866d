/** Boxes that were set up wrongly, at the doors of a real hub: each is told what is wrong, on the problem list of its device. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import mqtt, { type IClientOptions } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openHubHere, type HubHere } from '../support/hub-here.ts'
import { outside } from '../support/outside.ts'

const openssl = outside('openssl')
const folder = mkdtempSync(join(tmpdir(), 'lamppost-boxes-'))
const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]

let here: HubHere
beforeAll(async () => {
  if (openssl.present) {
    const files = ['-keyout', keyFile, '-out', certFile]
    const subject = ['-subj', '/CN=hub.local', '-days', '2', '-nodes']
    execFileSync(openssl.path, ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...files], {
      stdio: 'ignore'
    })
  }
  here = await openHubHere({
    LAMPPOST_ALLOW_UNAUTHENTICATED: 'smartcitizen',
    ...(openssl.present
      ? { LAMPPOST_MQTTS_PORT: '0', LAMPPOST_TLS_CERT: certFile, LAMPPOST_TLS_KEY: keyFile }
      : {})
  })
})
afterAll(async () => {
  await here.close()
  rmSync(folder, { recursive: true })
})

describe('a mistaken set-up', () => {
  type Mistake = (box: Credentials) => Promise<unknown>
  const as =
    (options: (box: Credentials) => IClientOptions, port: () => number = () => here.hub.mqttPort) =>
    async (box: Credentials): Promise<void> => {
      const client = mqtt.connect(`mqtt://127.0.0.1:${port()}`, {
        reconnectPeriod: 0,
        protocolVersion: 4,
        ...options(box)
      })
      client.on('error', () => client.stream.destroy())
      await new Promise<void>((resolve) => client.once('close', () => resolve()))
    }
  const publishing =
    (topic: string | ((box: Credentials) => string), payload: object | string, retain = false): Mistake =>
    async (box) => {
      const { username, password } = box
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${here.hub.mqttPort}`, {
        username,
        password,
        reconnectPeriod: 0
      })
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      // Its connection may be closed for it.
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
      const to = typeof topic === 'string' ? topic : topic(box)
      await Promise.race([client.publishAsync(to, text, { qos: 1, retain }), closed])
      client.end(true)
    }
  const one =
    (...mistakes: Mistake[]): Mistake =>
    async (box) => {
      for (const mistake of mistakes) await mistake(box)
    }
  const posting =
    (
      path: (box: Credentials) => string,
      body: string,
      headers: (box: Credentials) => object = () => ({})
    ): Mistake =>
    (box) =>
      fetch(here.url + path(box), { method: 'POST', body, headers: { ...headers(box) } })
  const basic = (username: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  })
  const own = ({ topic }: Credentials): string => topic
  const byToken =
    (dialect: string) =>
    ({ token }: Credentials): string =>
      `/push/${dialect}/${token}`
  const raw =
    (port: () => number, text: (box: Credentials) => string | Buffer): Mistake =>
    async (box) => {
      const socket = connect(port(), '127.0.0.1')
      socket.on('error', () => socket.destroy())
      socket.write(text(box))
      await once(socket, 'close')
    }
  const mqttPort = (): number => here.hub.mqttPort
  const httpPort = (): number => here.hub.httpPort
  const nothing = { clean: true }

  // First: of what is alike from one address the log says one line a minute.
  it('is told to the steward where nobody can say whose box it is: TLS at a port without it', async () => {
    const socket = connectTls({ host: '127.0.0.1', port: mqttPort() })
    socket.on('error', () => socket.destroy())
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    expect(here.lines.join()).toContain('TLS at the port without it')
  })

  it.each<[what: string, dialect: string, code: string, words: RegExp, mistake: Mistake]>([
    [
      'a topic that the family does not use',
      'tasmota',
      'topicUnknown',
      /SENSOR/,
      publishing('hall/values', { Temperature: 20 })
    ],
    [
      "another family's topic, with the right secret",
      'lamppost',
      'topicUnknown',
      /looks like Tasmota: set its topic to sensors/,
      publishing('tele/hall/SENSOR', { BME280: { Temperature: 20 } })
    ],
    [
      "another device's topic, with the right secret",
      'lamppost',
      'topicUnknown',
      /another device/,
      publishing('sensors/d-aaaaaaaa/readings', { pm2_5: 8 })
    ],
    [
      'a Shelly whose topic somebody made up',
      'shelly',
      'topicUnknown',
      /events\/rpc/,
      publishing('hall/temperature', '20.5')
    ],
    [
      "another family's body",
      'airrohr',
      'wrongFamily',
      /looks like AirGradient/,
      posting(byToken('airrohr'), '{"serialno":"aabb","wifi":-50,"pm02":5}')
    ],
    [
      "another family's message",
      'esphome',
      'wrongFamily',
      /looks like Tasmota/,
      publishing(
        'tele/hall/SENSOR',
        '{"Time":"2026-11-22T10:00:00","BME280":{"Temperature":20},"TempUnit":"C"}'
      )
    ],
    [
      'a wrong password',
      'tasmota',
      'wrongPassword',
      /over MQTT.*wrong password/,
      as(({ username }) => ({ username, password: 'secret' }))
    ],
    [
      'a password that a field cut off',
      'tasmota',
      'wrongPassword',
      /only 64 of the 67/,
      as(({ username, password }) => ({ username, password: password.slice(0, 64) }))
    ],
    [
      'the token as the password',
      'airrohr',
      'wrongPassword',
      /token of its path/,
      as(({ username, token }) => ({ username, password: token! }))
    ],
    [
      "another device's password",
      'esphome',
      'wrongPassword',
      /password of another device/,
      async (box) => {
        const { password } = await here.addBox('esphome')
        await as(({ username }) => ({ username, password }))(box)
      }
    ],
    ['no password', 'esphome', 'wrongPassword', /no password/, as(({ username }) => ({ username }))],
    [
      'a wrong password over HTTP',
      'lamppost',
      'wrongPassword',
      /over HTTP/,
      posting(
        () => '/push/lamppost',
        '{"pm2_5":8}',
        ({ username }) => basic(username, 'x')
      )
    ],
    [
      'a box without a secret',
      'airgradient',
      'wrongPassword',
      /LAMPPOST_ALLOW_UNAUTHENTICATED=airgradient/,
      async (box) => {
        const thing = {
          dialect: 'airgradient',
          scope: '',
          address: 'aabbccddee01',
          name: '',
          deviceId: box.deviceId
        }
        here.registry.claimThing(thing, systemClock.now())
        await fetch(`${here.url}/sensors/airgradient:aabbccddee01/measures`, { method: 'POST', body: '{}' })
      }
    ],
    [
      'local time without a zone',
      'lamppost',
      'timeWithoutZone',
      /zone/,
      publishing(own, { at: '2026-11-22T10:00:00', pm2_5: 8 })
    ],
    [
      'a clock that is ahead',
      'lamppost',
      'timeAhead',
      /future|ahead/,
      publishing(own, { at: '2036-11-22T10:00:00Z', pm2_5: 8 })
    ],
    [
      '°F declared as °C',
      'tasmota',
      'unitDoubtful',
      /looks like °F/,
      publishing('tele/hall/SENSOR', { BME280: { Temperature: 68 }, TempUnit: 'C' })
    ],
    [
      'millivolts for volts',
      'lamppost',
      'outOfRange',
      /3000 looks like millivolts/,
      publishing(own, { battery_voltage: 3_000 })
    ],
    [
      'pascal for hectopascal',
      'lamppost',
      'outOfRange',
      /looks like pascal/,
      publishing(own, { pressure: 100_912 })
    ],
    [
      'decimal commas',
      'airrohr',
      'notANumber',
      /comma/,
      posting(byToken('airrohr'), '{"sensordatavalues":[{"value_type":"SDS_P1","value":"12,3"}]}')
    ],
    [
      'HTTP to the port for MQTT',
      'airrohr',
      'wrongPort',
      /sent HTTP to port \d+, which is for MQTT; set its port to \d+/,
      raw(mqttPort, (box) => `POST ${byToken('airrohr')(box)} HTTP/1.1\r\nHost: hub\r\n\r\n`)
    ],
    [
      'HTTP with a password to the port for MQTT',
      'lamppost',
      'wrongPort',
      /sent HTTP/,
      raw(
        mqttPort,
        ({ username, password }) =>
          `POST /push/lamppost HTTP/1.1\r\nAuthorization: ${basic(username, password).authorization}\r\n\r\n`
      )
    ],
    [
      'MQTT to the port for HTTP',
      'esphome',
      'wrongPort',
      /used MQTT on port \d+, which is for HTTP/,
      as(({ username, password }) => ({ username, password, ...nothing }), httpPort)
    ],
    [
      'MQTT 5',
      'zigbee2mqtt',
      'wrongProtocol',
      /3\.1\.1.*version 4/,
      as(({ username, password }) => ({ username, password, protocolVersion: 5 }))
    ],
    [
      'a last will that is not its own',
      'lamppost',
      'topicRefused',
      /last will/,
      as(({ username, password }) => ({
        username,
        password,
        will: { topic: 'home/status', payload: Buffer.from('x'), qos: 0, retain: false }
      }))
    ],
    [
      'a subscription to everything',
      'lamppost',
      'topicRefused',
      /may not subscribe to "#"/,
      async ({ username, password }) => {
        const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort()}`, { username, password })
        await client.subscribeAsync('#').catch(() => undefined)
        await client.endAsync()
      }
    ],
    [
      'retained states without their time',
      'zigbee2mqtt',
      'staleValue',
      /last_seen/,
      publishing('zigbee2mqtt/hall', { temperature: 20, linkquality: 90 }, true)
    ],
    [
      'a broker between that kept messages',
      'tasmota',
      'staleValue',
      /SensorRetain off/,
      one(
        publishing('tele/hall/SENSOR', { Time: '2026-11-22T10:10:00', BME280: { Temperature: 20 } }),
        publishing('tele/hall/SENSOR', { Time: '2026-11-22T08:00:00', BME280: { Temperature: 19 } })
      )
    ],
    [
      'states without timestamps',
      'homeassistant',
      'timeMissing',
      /publish_timestamps: true/,
      one(
        publishing('lamppost/sensor/hall_temperature/state', '20.1', true),
        publishing('lamppost/sensor/hall_temperature/state', '20.2', true)
      )
    ],
    [
      'a packed body',
      'airrohr',
      'payloadEncoding',
      /packed \(gzip\)/,
      posting(byToken('airrohr'), 'x', () => ({ 'content-encoding': 'gzip' }))
    ],
    [
      'two boxes with the secret of one',
      'zigbee2mqtt',
      'otherThing',
      /second box, bath.*gateway add/,
      one(
        publishing('zigbee2mqtt/hall', { temperature: 20 }),
        publishing('zigbee2mqtt/bath', { temperature: 21 })
      )
    ],
    [
      'no payload formatter',
      'ttn',
      'payloadShape',
      /payload formatter/,
      posting(
        byToken('ttn'),
        '{"end_device_ids":{"device_id":"damp-1","dev_eui":"70B3D57ED0000009"},"uplink_message":{"f_port":2,"frm_payload":"AQID"}}'
      )
    ]
  ])('is named on the problem list: %s', async (_what, dialect, code, words, mistake) => {
    const box = await here.addBox(dialect)
    await mistake(box)
    const { message } = await here.problem(box.deviceId, code)
    expect(message).toMatch(words)
    expect(message).not.toContain(box.password)
    expect(message).not.toContain(box.token)
  })

  it.skipIf(!openssl.present)(
    `is named on the problem list: no TLS at the port for TLS (${openssl.line})`,
    async () => {
      const box = await here.addBox('esphome')
      const tlsPort = here.hub.mqttsPort!
      await as(
        ({ username, password }) => ({ username, password }),
        () => tlsPort
      )(box)
      const { message } = await here.problem(box.deviceId, 'wrongPort')
      expect(message).toContain(`used MQTT without TLS on port ${tlsPort}, which is for TLS`)
      // Whoever speaks TLS there is not disturbed by the look at its first byte.
      const { username, password } = box
      const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${tlsPort}`, {
        username,
        password,
        rejectUnauthorized: false
      })
      await client.endAsync()
    }
  )
})
