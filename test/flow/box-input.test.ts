/** Whatever boxes send that is wrong, at the doors of a real hub: a clear answer, nothing beside it lost, no secret in the log. */
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heardThingsPerGatewayMax } from '../../ingest/limits.ts'
import { systemClock } from '../../model/time.ts'
import type { Credentials, GatewayCredentials } from '../../registry/registry.ts'
import { commandJson } from '../support/hub-process.ts'
import { openHubHere, type HubHere, type ReadingRow } from '../support/hub-here.ts'

let here: HubHere
beforeAll(async () => {
  here = await openHubHere()
})
afterAll(() => here.close())

const post = async (path: string, body: string, headers: Record<string, string> = {}): Promise<number> => {
  const response = await fetch(here.url + path, { method: 'POST', body, headers })
  await response.text()
  return response.status
}

async function publish(
  { username, password }: Pick<Credentials, 'username' | 'password'>,
  messages: readonly (readonly [topic: string, payload: string])[]
): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${here.hub.mqttPort}`, { username, password })
  for (const [topic, payload] of messages) await client.publishAsync(topic, payload, { qos: 1 })
  await client.endAsync()
}

async function readingsOf(deviceId: string): Promise<Pick<ReadingRow, 'quantity' | 'value' | 'flag'>[]> {
  const rows = (await here.readings()).filter(({ device }) => device === deviceId)
  return rows.map(({ quantity, value, flag }) => ({ quantity, value, flag }))
}

const sds = (values: Record<string, string>): string =>
  JSON.stringify({
    sensordatavalues: Object.entries(values).map(([value_type, value]) => ({ value_type, value }))
  })

describe('a value', () => {
  it.each<
    [what: string, dialect: string, topic: string, payload: string, readings: [string, number, number][]]
  >([
    ...([
      [
        '327.67, a probe that is missing',
        'esphome',
        'b/sensor/temperature/state',
        '327.67',
        [['temperature', 327.67, 4]]
      ],
      [
        '−127, a probe that was lost',
        'esphome',
        'b/sensor/temperature/state',
        '-127.0',
        [['temperature', -127, 4]]
      ],
      ['85.0, a probe at power-up', 'esphome', 'b/sensor/temperature/state', '85.0', [['temperature', 85, 4]]]
    ] as [string, string, string, string, [string, number, number][]][]),
    ['a word', 'esphome', 'b/sensor/temperature/state', 'unavailable', []],
    ['−1 for unknown', 'zigbee2mqtt', 'zigbee2mqtt/purifier', '{"pm25":-1,"linkquality":90}', []],
    [
      'a text beside a number',
      'zigbee2mqtt',
      'zigbee2mqtt/hall',
      '{"temperature":"20.5","humidity":55,"linkquality":90}',
      [['humidity', 55, 1]]
    ]
  ])('%s, of %s', async (_what, dialect, topic, payload, readings) => {
    const box = await here.addBox(dialect)
    await publish(box, [[topic, payload]])
    expect(await readingsOf(box.deviceId)).toEqual(
      readings.map(([quantity, value, flag]) => ({ quantity, value, flag }))
    )
  })

  it('with a comma costs itself, and a body that comes twice is one reading', async () => {
    const box = await here.addBox('airrohr')
    const body = sds({ SDS_P1: '12,3', SDS_P2: '6.1' })
    expect(await post(`/push/airrohr/${box.token}`, body)).toBe(201)
    expect(await post(`/push/airrohr/${box.token}`, body)).toBe(201)
    expect(await readingsOf(box.deviceId)).toEqual([{ quantity: 'pm2_5', value: 6.1, flag: 1 }])
    expect((await here.problem(box.deviceId, 'notANumber')).message).toContain('comma')
  })

  it('behind which the body was cut is told, and the next message is read', async () => {
    const box = await here.addBox('airrohr')
    const body = sds({ SDS_P1: '12.3', SDS_P2: '6.1' })
    expect(await post(`/push/airrohr/${box.token}`, body.slice(0, 60))).toBe(201)
    expect(await post(`/push/airrohr/${box.token}`, body)).toBe(201)
    expect(await readingsOf(box.deviceId)).toHaveLength(2)
    expect((await here.problem(box.deviceId, 'payloadNotJson')).message).not.toBe('')
  })
})

describe('a gateway', () => {
  const uplink = (address: string, temperature: number): string =>
    JSON.stringify({
      end_device_ids: { device_id: address, dev_eui: address },
      uplink_message: { f_port: 2, decoded_payload: { temperature } }
    })

  const heardBy = async ({ gatewayId }: GatewayCredentials): Promise<string[]> => {
    const things = ['gateway', 'things', gatewayId, '--data', here.dataDir]
    const { heard } = await commandJson<{ heard: { address: string }[] }>(things)
    return heard.map(({ address }) => address).toSorted()
  }

  it('that invents boxes without end fills its own list, and loses no reading of a claimed one', async () => {
    const gateway: GatewayCredentials = here.registry.addGateway(
      { dialect: 'ttn', name: 'LoRa' },
      systemClock.now()
    )
    const path = `/push/ttn/${gateway.token}`
    const box = await here.addBox('ttn', '70B3D57ED0000001')
    const invented = heardThingsPerGatewayMax + 500
    for (let n = 0; n < invented; n += 50) {
      const posts = Array.from({ length: 50 }, (_, i) => post(path, uplink(`x${n + i}`, 20)))
      expect(new Set(await Promise.all(posts))).toEqual(new Set([200]))
    }
    expect(await post(path, uplink('70B3D57ED0000001', 18.5))).toBe(200)
    expect(await readingsOf(box.deviceId)).toEqual([{ quantity: 'temperature', value: 18.5, flag: 1 }])
    await here.problem(gateway.gatewayId, 'tooManyThings')
    expect(await heardBy(gateway)).toHaveLength(heardThingsPerGatewayMax)
  })

  it('whose boxes are called by slashes and script lists them as they are called', async () => {
    const gateway = here.registry.addGateway({ dialect: 'zigbee2mqtt', name: 'Zigbee' }, systemClock.now())
    const names = ['../../etc/passwd', '<script>alert(1)</script>', 'a/b/c', "'; DROP TABLE things; --"]
    await publish(
      { username: gateway.gatewayId, password: gateway.password },
      names.map((name) => [`zigbee2mqtt/${name}`, '{"temperature":20,"linkquality":90}'] as const)
    )
    expect(await heardBy(gateway)).toEqual(names.toSorted())
  })
})

describe('a secret', () => {
  it('of a path or a query string reaches neither log nor problem list, whatever the answer is', async () => {
    const box = await here.addBox('airrohr')
    const token = box.token!
    const wrong = `${token.slice(0, -4)}zzzz`
    const answers = [
      await post(`/push/airrohr/${token}`, sds({ SDS_P1: '1.0' })),
      await post(`/push/airrohr/${token}/more`, 'no JSON'),
      await post(`/push/airrohr/${token}`, 'x'.repeat(200_000)),
      await post(`/push/airrohr/${token}`, 'x', { 'content-encoding': 'gzip' }),
      await post(`/push/tasmota/${token}`, '{}'),
      await post(`/push/airrohr/${wrong}`, '{}'),
      await post(`/push/airrohr?token=${token}`, '{}'),
      await post(`/api/v1/streets?token=${token}`, '{}'),
      await post('/push/airrohr', '{}', {
        authorization: `Basic ${Buffer.from(`${box.username}:${wrong}`).toString('base64')}`
      }),
      (await fetch(`${here.url}/push/airrohr/${token}`)).status
    ]
    expect(answers).toEqual([201, 201, 413, 415, 404, 401, 400, 405, 401, 405])
    for (const username of [wrong, token]) {
      const client = mqtt.connect(`mqtt://127.0.0.1:${here.hub.mqttPort}`, { username, reconnectPeriod: 0 })
      client.on('error', () => client.stream.destroy())
      await new Promise<void>((resolve) => client.once('close', () => resolve()))
    }
    await here.problem(box.deviceId, 'wrongPassword')
    const said = JSON.stringify([here.everything, here.registry.problems(box.deviceId)])
    for (const secret of [token, wrong, box.password]) expect(said).not.toContain(secret)
  })

  it('is not found by asking for paths, and asking costs nothing that stays', async () => {
    const statuses = new Set<number>()
    for (let n = 0; n < 3_000; n += 50) {
      const posts = Array.from({ length: 50 }, (_, i) => post(`/push/f${n + i}/${'a'.repeat(26)}`, ''))
      for (const status of await Promise.all(posts)) statuses.add(status)
    }
    expect([...statuses]).toEqual([404])
  })
})
