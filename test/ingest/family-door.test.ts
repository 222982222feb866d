/** The door that knows the families: whose a part of a gateway's message is, what is forgotten, and that nobody can make it grow. */
import { beforeEach, describe, expect, it } from 'vitest'
import { FamilyDoor } from '../../ingest/family-door.ts'
import { heardThingsPerGatewayMax } from '../../ingest/limits.ts'
import { addressCharactersMax } from '../../model/limits.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import { ashleyRoad, noon } from '../registry/support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const
const bathroom = '0x00158d0001abcdef'

let registry: Registry
let door: FamilyDoor
let kept: { deviceId: string; topic: string; text: string }[]
let told: string[]
let now: UnixMs

beforeEach(() => {
  registry = ashleyRoad()
  kept = []
  told = []
  now = noon
  door = new FamilyDoor({
    registry,
    accept(deviceId, topic, payload, done) {
      kept.push({ deviceId, topic, text: Buffer.from(payload).toString() })
      done()
    },
    onFault: (deviceId, { code, message }) => void told.push(`${deviceId} ${code} ${message}`),
    clock: { now: () => now }
  })
})

function send(sender: string, topic: string, body: unknown, retained = false): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  let answered = false
  door.accept(sender, topic, Buffer.from(text), (failure) => (answered = failure === undefined), retained)
  expect(answered).toBe(true)
}

const gateway = (dialect: string): string => registry.addGateway({ dialect, name: 'No. 12' }, noon).gatewayId

function claim(dialect: string, address: string, scope = ''): string {
  const { deviceId } = registry.addDevice({ ...outdoor, dialect }, noon)
  registry.claimThing({ dialect, scope, address, name: '', deviceId }, noon)
  return deviceId
}

describe('a thing', () => {
  it('that nobody claimed is acknowledged and forgotten, but for its address and what it measures', () => {
    const id = gateway('zigbee2mqtt')
    send(id, 'zigbee2mqtt/Bathroom', { temperature: 21.5, humidity: 88, occupancy: true, linkquality: 90 })
    expect(kept).toEqual([])
    expect(door.stats.unclaimed).toBe(1)
    const [thing] = door.heard(id)
    expect(thing).toMatchObject({ address: 'Bathroom', quantities: ['temperature', 'humidity'] })
    expect(JSON.stringify(door.heard())).not.toContain('21.5')
    now = (now + dayMs + 1) as UnixMs
    expect(door.heard()).toEqual([])
  })

  it('that was claimed is its device, whichever gateway hears it, and whatever it is called now', () => {
    const deviceId = claim('zigbee2mqtt', bathroom)
    const [first, second] = [gateway('zigbee2mqtt'), gateway('zigbee2mqtt')]
    const named = (name: string) => [{ friendly_name: name, ieee_address: bathroom }]
    send(first, 'zigbee2mqtt/bridge/devices', named('Bathroom'), true)
    send(second, 'zigbee2mqtt/bridge/devices', named('upstairs/bath'), true)
    send(first, 'zigbee2mqtt/Bathroom', { temperature: 21, last_seen: '2026-11-22T12:00:00Z' })
    send(second, 'zigbee2mqtt/upstairs/bath', { temperature: 21, last_seen: '2026-11-22T12:00:00Z' })
    expect(kept.map((message) => message.deviceId)).toEqual([deviceId, deviceId])
  })

  it('and one that nobody claimed may share a message: only the claimed part is kept', () => {
    const id = gateway('ecowitt')
    const deviceId = claim('ecowitt', 'outdoor', id)
    send(
      id,
      'push/ecowitt',
      'PASSKEY=ABC&dateutc=2026-11-22+12:00:00&tempf=50.0&humidity=80&tempinf=70.0&humidityin=40&temp1f=66.0'
    )
    expect(kept).toHaveLength(1)
    expect(kept[0]).toMatchObject({ deviceId, topic: 'push/ecowitt/outdoor' })
    expect(kept[0]!.text).not.toMatch(/tempinf|humidityin|temp1f|PASSKEY/)
    expect(
      door
        .heard(id)
        .map(({ address }) => address)
        .toSorted()
    ).toEqual(['ch1', 'indoor'])
  })

  it('brings no place along: where a network’s gateways stand does not reach the disk', () => {
    const deviceId = claim('ttn', '70B3D57ED0000001')
    send(gateway('ttn'), 'push/ttn', {
      end_device_ids: { device_id: 'damp-1', dev_eui: '70B3D57ED0000001' },
      uplink_message: {
        decoded_payload: { temperature: 18 },
        rx_metadata: [
          { gateway_ids: { gateway_id: 'zqx' }, rssi: -100, location: { latitude: 51.4321, longitude: 0.1 } }
        ],
        locations: { user: { latitude: 51.4321 } }
      }
    })
    expect(kept).toMatchObject([{ deviceId }])
    expect(kept[0]!.text).not.toMatch(/zqx|51\.4321|latitude/)
  })

  it('of a family whose claim it is not stays outside, and its host hears whose it is', () => {
    const owner = claim('zigbee2mqtt', bathroom)
    const single = registry.addDevice({ ...outdoor, dialect: 'zigbee2mqtt' }, noon).deviceId
    send(single, 'zigbee2mqtt/bridge/devices', [{ friendly_name: 'bath', ieee_address: bathroom }])
    send(single, 'zigbee2mqtt/bath', { temperature: 20 })
    expect(kept).toEqual([])
    expect(told).toEqual([expect.stringContaining(`${single} otherThing`)])
    expect(told[0]).toContain(owner)
  })
})

describe('a gateway', () => {
  it('that invents 100,000 things fills its own list, is told so, and loses nobody else’s reading', () => {
    const [bad, good] = [gateway('zigbee2mqtt'), gateway('zigbee2mqtt')]
    const deviceId = claim('zigbee2mqtt', 'hall', good)
    for (let n = 0; n < 100_000; n++) send(bad, `zigbee2mqtt/t${n}`, '{"temperature":20}')
    expect(door.heard(bad)).toHaveLength(heardThingsPerGatewayMax)
    expect(new Set(told.map((line) => line.split(' ').slice(0, 2).join(' ')))).toEqual(
      new Set([`${bad} tooManyThings`])
    )
    send(good, 'zigbee2mqtt/hall', '{"temperature":21}')
    send(good, 'zigbee2mqtt/new', '{"temperature":22}')
    expect(kept.map((message) => message.deviceId)).toEqual([deviceId])
    expect(door.heard(good).map(({ address }) => address)).toEqual(['new'])
  })

  it.each([
    '<script>alert(1)</script>',
    'up/stairs/../bath',
    '__proto__',
    'constructor',
    "'; DROP TABLE things",
    'räumchen 🛁',
    ' '
  ])('may call a thing %j, which is an address like any other', (name) => {
    const id = gateway('zigbee2mqtt')
    send(id, `zigbee2mqtt/${name}`, '{"temperature":20}')
    expect(door.heard(id).map(({ address }) => address)).toEqual([name])
    const deviceId = claim('zigbee2mqtt', name, id)
    send(id, `zigbee2mqtt/${name}`, '{"temperature":21}')
    expect(kept).toMatchObject([{ deviceId, text: '{"temperature":21}' }])
  })

  it.each([true, false])(
    'with a name that is too long keeps it to itself (of a gateway: %s)',
    (isGateway) => {
      const id = isGateway
        ? gateway('zigbee2mqtt')
        : registry.addDevice({ ...outdoor, dialect: 'zigbee2mqtt' }, noon).deviceId
      send(id, `zigbee2mqtt/${'x'.repeat(addressCharactersMax + 1)}`, '{"temperature":20}')
      expect(door.heard(id)).toEqual([])
      expect(kept).toEqual([])
      expect(told).toEqual([expect.stringContaining(`${id} otherThing`)])
      expect(told[0]!.length).toBeLessThan(300)
    }
  )
})
