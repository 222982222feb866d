/**
 * Every topic as its own box, as another box, as nobody and as somebody who signs in on the web. A family that is not in the
 * table fails the test, so that whoever adds one says what its boxes may use.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FamilyDoor } from '../../ingest/family-door.ts'
import { dialects } from '../../ingest/decode.ts'
import type { UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials, Registry } from '../../registry/registry.ts'
import { aBroker, aClient } from './support.ts'

/** What the firmware of each family publishes to; null where it sends over HTTP alone. ID stands for the box that is meant. */
const families: Record<string, string | null> = {
  lamppost: 'sensors/ID/readings',
  airrohr: null,
  smartcitizen: 'device/sck/abc123/readings',
  airgradient: 'airgradient/readings/84fce612f5b8',
  esphome: 'hall/sensor/humidity/state',
  tasmota: 'tele/hall/SENSOR',
  zigbee2mqtt: 'zigbee2mqtt/hall',
  ttn: null,
  homeassistant: 'homeassistant/sensor/hall/state',
  shelly: 'shellyhtg3-1/events/rpc',
  ecowitt: null,
  other: 'any/topic/of/its/own',
  chirpstack: null,
  theengs: 'home/TheengsGateway/BTtoMQTT/AABBCCDDEEFF',
  enviro: 'enviro/yard',
  meshtastic: 'msh/EU_868/2/json/LongFast/!7c5b1234',
  senml: 'boards/1/senml',
  thingsboard: 'v1/devices/me/telemetry',
  opensensemap: null
}

const clock = { now: () => 1_700_000_000_000 as UnixMs }
const folder = mkdtempSync(join(tmpdir(), 'topics-'))
let registry: Registry
const boxes = new Map<string, Credentials>()
let other: Credentials

beforeAll(() => {
  registry = openRegistry({ file: join(folder, 'registry.sqlite') })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  for (const dialect of Object.keys(families))
    boxes.set(dialect, registry.addDevice({ streetId, placement: 'outdoor', dialect }, clock.now()))
  other = registry.addDevice({ streetId, placement: 'outdoor' }, clock.now())
})
afterAll(() => {
  registry.close()
  rmSync(folder, { recursive: true })
})

it('has every family in the table', () => {
  expect(Object.keys(families).toSorted()).toEqual([...dialects.keys()].toSorted())
})

async function aDoor() {
  const door = new FamilyDoor({ registry, accept: () => undefined, onFault: () => undefined, clock })
  return aBroker({
    verify: (deviceId, secret) => registry.verify(deviceId, secret),
    topicUse: (deviceId, topic) => door.topicUse(deviceId, topic)
  })
}

/** Whose the hub takes a message for, sent to `topic` by whoever signs in so; undefined where it is not taken. */
async function takenAs(
  topic: string,
  login: { username: string; password: string } | undefined
): Promise<string | undefined> {
  const { port, taken } = await aDoor()
  const client = aClient(port, login ?? {})
  const over = new Promise<void>((resolve) => client.once('close', () => resolve()))
  const sent = new Promise<void>((resolve) => {
    client.on('connect', () => client.publish(topic, '{}', { qos: 1 }, () => resolve()))
  })
  await Promise.race([sent, over])
  client.end(true)
  return taken[0]?.deviceId
}

const topics = Object.entries(families).flatMap(([dialect, topic]) =>
  topic === null ? [] : [[dialect, topic] as const]
)

it.each([...topics, ['lamppost', 'sensors/ID/status']] as const)(
  'takes what a %s sends to %s for its own, and from nobody else',
  async (dialect, pattern) => {
    const own = boxes.get(dialect)!
    const topic = pattern.replace('ID', own.deviceId)
    expect(await takenAs(topic, own)).toBe(own.deviceId)
    expect(await takenAs(topic, other)).not.toBe(own.deviceId)
    expect(await takenAs(topic, undefined)).toBeUndefined()
    // People have no credential here: a user name of the web opens nothing.
    expect(await takenAs(topic, { username: 'anna', password: 'kettle bicycle lantern' })).toBeUndefined()
  }
)

it.each(['sensors/ID/problems', 'streets/ashley-road/pm2_5', '$SYS/broker/uptime'])(
  'takes nothing that anybody sends to %s',
  async (pattern) => {
    const own = boxes.get('lamppost')!
    const topic = pattern.replace('ID', own.deviceId)
    for (const login of [own, other, undefined]) expect(await takenAs(topic, login)).toBeUndefined()
  }
)
