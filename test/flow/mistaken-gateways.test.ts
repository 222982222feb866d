/** Boxes of the platforms and gateways that were set up wrongly, at the doors of a real hub: each is told on its problem list. */
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Credentials } from '../../registry/registry.ts'
import { command } from '../support/hub-process.ts'
import { openHubHere, type HubHere } from '../support/hub-here.ts'

let here: HubHere
beforeAll(async () => {
  here = await openHubHere()
})
afterAll(() => here.close())

type Mistake = (box: Credentials) => Promise<unknown>

const posting =
  (path: (box: Credentials) => string, body: string): Mistake =>
  (box) =>
    fetch(here.url + path(box), { method: 'POST', body })
const byToken =
  (dialect: string) =>
  ({ token }: Credentials): string =>
    `/push/${dialect}/${token}`
const publishing =
  (topic: string, payload: object | string): Mistake =>
  async ({ username, password }) => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${here.hub.mqttPort}`, { username, password })
    await client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), {
      qos: 1
    })
    await client.endAsync()
  }

describe('a mistaken set-up', () => {
  it.each<[what: string, dialect: string, code: string, words: RegExp, mistake: Mistake]>([
    [
      'Protobuf from ChirpStack',
      'chirpstack',
      'payloadNotJson',
      /choose JSON as the payload encoding/,
      posting((box) => `${byToken('chirpstack')(box)}?event=up`, '\n$3ac7e3c4-4401')
    ],
    [
      'no codec in ChirpStack',
      'chirpstack',
      'payloadShape',
      /codec/,
      posting(
        byToken('chirpstack'),
        '{"deviceInfo":{"devEui":"a84041000181c061","deviceName":"damp"},"fPort":2,"data":"AQID"}'
      )
    ],
    [
      "a Bluetooth gateway's topic that was changed",
      'theengs',
      'topicUnknown',
      /BTtoMQTT/,
      publishing('theengs/all', { tempc: 20, model_id: 'X' })
    ],
    [
      'a mesh without JSON',
      'meshtastic',
      'topicUnknown',
      /switch JSON output on/,
      publishing('msh/EU_868/LongFast', 'x')
    ],
    [
      'an Enviro whose clock was never set',
      'enviro',
      'timePast',
      /check the clock/,
      posting(byToken('enviro'), '{"timestamp":"2021-01-01T00:00:10Z","readings":{"temperature":9.4}}')
    ],
    [
      "a topic that is not ThingsBoard's",
      'thingsboard',
      'topicUnknown',
      /v1\/devices\/me\/telemetry/,
      publishing('boards/1', { temperature: 20 })
    ],
    [
      'a box of openSenseMap without its description',
      'opensensemap',
      'nothingMeasured',
      /description as its map/,
      posting(byToken('opensensemap'), '{"5b26181b1fef04001b69093d":"12.3"}')
    ],
    [
      'SenML with names of its own',
      'senml',
      'unknownQuantity',
      /flow/,
      posting(byToken('senml'), '[{"n":"flow","u":"l/s","v":2}]')
    ],
    [
      'a box that no family fits, without a map',
      'other',
      'nothingMeasured',
      /device map/,
      posting(byToken('other'), '{"t_out":184}')
    ]
  ])('is named on the problem list: %s', async (_what, dialect, code, words, mistake) => {
    const box = await here.addBox(dialect)
    await mistake(box)
    const { message } = await here.problem(box.deviceId, code)
    expect(message).toMatch(words)
    expect(message).not.toContain(box.password)
    expect(message).not.toContain(box.token)
  })

  it('is counted for the steward by family where it is MQTT 5, whoever asks', async () => {
    const asking = async (options: mqtt.IClientOptions): Promise<void> => {
      const wanted = { reconnectPeriod: 0, protocolVersion: 5 as const, ...options }
      const client = mqtt.connect(`mqtt://127.0.0.1:${here.hub.mqttPort}`, wanted)
      client.on('error', () => client.stream.destroy())
      await new Promise<void>((resolve) => client.once('close', () => resolve()))
    }
    const will = { topic: 'tele/hall/LWT', payload: Buffer.from('Offline'), qos: 1 as const, retain: true }
    await asking({ clientId: 'mqttjs_1a2b3c4d' })
    await asking({ clientId: 'x', will })
    await asking({ clientId: 'nobody' })
    const doctor = async (): Promise<string> => (await command(['doctor', '--data', here.dataDir])).stdout
    await expect
      .poll(doctor, { timeout: 60_000 })
      .toMatch(/MQTT 5 were refused.*Zigbee2MQTT \(1\), Tasmota \(1\), unknown \(1\)/)
    const health = (await (await fetch(`${here.url}/api/v1/health`)).json()) as { reasons: string[] }
    expect(health.reasons.join()).not.toContain('MQTT 5')
  })
})
