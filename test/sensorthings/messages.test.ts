/** Observations over MQTT on a whole hub: each public reading once, under the standard's topics; of a private one nothing. */
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHubHere, type HubHere } from '../support/hub-here.ts'
import { send } from '../support/hub-rooms.ts'
import { systemClock, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import type { Json } from './rig.ts'

let here: HubHere
let outdoor: Credentials
let indoor: Credentials
let client: mqtt.MqttClient
const heard: { topic: string; body: Json }[] = []

const now = systemClock.now()
const ago = (seconds: number): string => toIso((now - seconds * 1_000) as UnixMs)

beforeAll(async () => {
  here = await openHubHere()
  const add = (placement: 'outdoor' | 'indoor') =>
    here.registry.addDevice({ streetId: 'ashley-road', placement, intervalS: 60 }, now)
  outdoor = add('outdoor')
  indoor = add('indoor')
  await here.hub.rooms.directoryTold()
  // So that its Datastream is there to be subscribed to.
  await send(here.hub.rooms, outdoor.deviceId, { at: ago(600), pm2_5: 5 })
  await here.hub.rooms.pipeline.service.drain()
  client = await mqtt.connectAsync(`mqtt://127.0.0.1:${here.hub.mqttPort}`)
  client.on('message', (topic, payload) => heard.push({ topic, body: JSON.parse(String(payload)) as Json }))
})
afterAll(async () => {
  await client.endAsync()
  await here.close()
})

const get = async (path: string): Promise<Json> =>
  (await (await fetch(`${here.url}/sta/v1.1${path}`)).json()) as Json

/** Until so many came. */
async function arrived(count: number): Promise<void> {
  if (heard.length >= count) return
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (heard.length < count) return
      client.off('message', look)
      resolve()
    }
    client.on('message', look)
  })
}

describe('whoever listens', () => {
  it('is told by the service where', async () => {
    const { serverSettings } = await get('')
    const [name] = Object.keys(serverSettings).filter((key) => key.includes('mqtt'))
    expect(serverSettings.conformance).toContain(name)
    expect(serverSettings[name!].endpoints[0]).toMatch(/^mqtt:/)
  })

  it('hears every reading of a Datastream, as the service gives it', async () => {
    const [stream] = (await get('/Datastreams')).value
    const topic = `v1.1/Datastreams(${stream['@iot.id']})/Observations`
    await client.subscribeAsync([topic, 'v1.1/Observations'])
    // A box that was away sends what it kept: single readings, of which the newest alone would be on the live page.
    await send(here.hub.rooms, outdoor.deviceId, [
      { at: ago(300), pm2_5: 6, humidity: 51 },
      { at: ago(240), pm2_5: 7 }
    ])
    await arrived(5)
    expect(heard.filter((one) => one.topic === topic).map(({ body }) => body['result'])).toEqual([6, 7])
    const all = heard.filter((one) => one.topic === 'v1.1/Observations').map(({ body }) => body)
    expect(all.map((body) => body['result']).toSorted()).toEqual([51, 6, 7])
    for (const body of all) {
      const asked = await get(`/Observations(${body['@iot.id']})`)
      expect({ ...body, '@iot.selfLink': '' }).toEqual({ ...asked, '@iot.selfLink': '' })
    }
  })

  it('hears nothing of a room', async () => {
    heard.length = 0
    await client.subscribeAsync('v1.1/#')
    await send(here.hub.rooms, indoor.deviceId, { at: ago(100), humidity: 71.828182 })
    await send(here.hub.rooms, outdoor.deviceId, { at: ago(90), laeq: 55 })
    await arrived(2)
    expect(new Set(heard.map(({ body }) => body['result']))).toEqual(new Set([55]))
  })
})
