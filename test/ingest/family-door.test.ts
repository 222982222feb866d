/** The door that knows the families: whose a part of a gateway's message is, what is forgotten, and that nobody can make it grow. */
import { beforeEach, describe, expect, it } from 'vitest'
import { decode } from '../../ingest/decode.ts'
import { FamilyDoor } from '../../ingest/family-door.ts'
import { heardThingsPerGatewayMax } from '../../ingest/limits.ts'
import { addressCharactersMax } from '../../model/limits.ts'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
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

  it('of ChirpStack brings no place along either, wherever it stands in a message', () => {
    const deviceId = claim('chirpstack', 'A84041000181C061')
    send(gateway('chirpstack'), 'push/chirpstack', {
      deviceInfo: { devEui: 'a84041000181c061', deviceName: 'damp', tenantName: 'Anna zqx' },
      data: 'AQID',
      object: { temperature: 18, latitude: 51.4321, gps: { lat: 51.4321 } },
      rxInfo: [{ gatewayId: 'zqx', rssi: -100, location: { latitude: 51.4321 } }]
    })
    expect(kept).toMatchObject([{ deviceId }])
    expect(kept[0]!.text).toContain('"temperature":18')
    expect(kept[0]!.text).not.toMatch(/zqx|51\.4321|AQID/)
  })

  it('of an AirGradient is its satellite, in another room: the box keeps its own, claimed or not', () => {
    const { deviceId: box } = registry.addDevice({ ...outdoor, dialect: 'airgradient' }, noon)
    const satellites = { '001122334455': { atmp: 17.2, rhum: 71, wifi: -80 } }
    const own = { serialno: 'aabbccddeeff', rco2: 500 }
    const topic = 'airgradient/readings/aabbccddeeff'
    send(box, topic, { ...own, satellites })
    expect(kept).toEqual([{ deviceId: box, topic, text: JSON.stringify(own) }])
    const [thing] = door.heard()
    expect(thing).toMatchObject({
      address: 'satellite 001122334455',
      quantities: ['temperature', 'humidity', 'rssi']
    })
    const room = claim('airgradient', 'satellite 001122334455', box)
    door.claimed(thing!)
    kept = []
    send(box, topic, { ...own, serialno: 'anotherboard', satellites })
    expect(kept.map(({ deviceId, text }) => [deviceId, JSON.parse(text) as unknown])).toEqual([
      [box, { ...own, serialno: 'anotherboard' }],
      [room, { ...satellites['001122334455'], serialno: 'satellite 001122334455' }]
    ])
    expect(told).toEqual([])
    // Without satellites, and where nothing can be read, the box's own word stays as it came.
    kept = []
    send(box, topic, '{"wifi":')
    expect(kept).toEqual([{ deviceId: box, topic, text: '{"wifi":' }])
  })

  it('of The Things Stack brings no place along in a list either, and each of its moments', () => {
    const id = gateway('ttn')
    claim('ttn', '70B3D57ED0000001')
    send(id, 'push/ttn', {
      end_device_ids: { device_id: 'damp-12', dev_eui: '70B3D57ED0000001' },
      uplink_message: {
        normalized_payload: [
          { time: '2026-11-22T09:50:00Z', air: { temperature: 18 }, position: { latitude: 51.44 } },
          { time: '2026-11-22T10:00:00Z', air: { temperature: 19 }, fixes: [{ lat: 51.44, hdop: 1 }] }
        ]
      }
    })
    expect(kept[0]!.text).not.toContain('51.44')
    const { measurements } = decode('ttn', {
      topic: 'push/ttn',
      payload: Buffer.from(kept[0]!.text),
      receivedAt: noon
    })
    expect(measurements.map(({ value, measuredAt }) => [value, toIso(measuredAt)])).toEqual([
      [18, '2026-11-22T09:50:00.000Z'],
      [19, '2026-11-22T10:00:00.000Z']
    ])
  })

  it('of Bluetooth that is a phone, a tag or next door’s scale is not even noted', () => {
    const id = gateway('theengs')
    const heard = (mac: string, body: object): void => send(id, `home/gw/BTtoMQTT/${mac}`, body)
    heard('AABBCCDDEE01', { id: 'AA:BB:CC:DD:EE:01', name: 'Anna’s phone', rssi: -60 })
    heard('AABBCCDDEE02', { id: 'AA:BB:CC:DD:EE:02', presence: 'absent', tempc: 20 })
    heard('AABBCCDDEE03', { id: 'AA:BB:CC:DD:EE:03', model_id: 'MiScale', weight: 71.5, batt: 80 })
    heard('AABBCCDDEE04', { id: 'AA:BB:CC:DD:EE:04', brand: 'Xiaomi', model: 'TH', tempc: 20, hum: 50 })
    expect(door.heard(id)).toMatchObject([
      { address: 'AABBCCDDEE04', name: 'Xiaomi TH', quantities: ['temperature', 'humidity'] }
    ])
    expect(JSON.stringify(door.heard(id))).not.toContain('50')
    const deviceId = claim('theengs', 'AABBCCDDEE04')
    heard('AABBCCDDEE04', { name: 'bedroom of Anna', servicedata: 'a4c1', tempc: 20.5, rssi: -70 })
    expect(kept).toMatchObject([{ deviceId, text: '{"tempc":20.5,"rssi":-70}' }])
  })

  it('of a mesh is telemetry and nothing else: what people write and where they are passes unread', () => {
    const id = gateway('meshtastic')
    const deviceId = claim('meshtastic', '!7c5b000c')
    const sent = (type: string, payload: object): void =>
      send(id, 'msh/EU_868/2/json/LongFast/!aabbccdd', {
        id: 7,
        from: 0x7c5b000c,
        type,
        payload,
        timestamp: 5
      })
    sent('text', { text: 'see you at nine' })
    sent('position', { latitude_i: 514321000 })
    sent('nodeinfo', { longname: 'Anna' })
    expect(kept).toEqual([])
    sent('telemetry', { temperature: 9.5 })
    expect(kept).toMatchObject([{ deviceId, topic: 'msh/2/json/-/!7c5b000c' }])
  })

  it('of a ThingsBoard gateway is called as it calls it, and a list that is none costs itself', () => {
    const id = gateway('thingsboard')
    const deviceId = claim('thingsboard', 'Hall', id)
    send(id, 'v1/gateway/telemetry', {
      Hall: [{ ts: 1795341600000, values: { temperature: 20.5 } }],
      Shed: [{ ts: 1795341600000, values: { humidity: 70, w1: 5 } }],
      Odd: 'x'
    })
    expect(kept).toEqual([
      {
        deviceId,
        topic: 'v1/gateway/telemetry',
        text: '[{"ts":1795341600000,"values":{"temperature":20.5}}]'
      }
    ])
    expect(door.heard(id)).toMatchObject([{ address: 'Shed', quantities: ['humidity'] }])
  })

  it('of a SenML pack is named by what stands before the quantity', () => {
    const id = gateway('senml')
    const deviceId = claim('senml', 'urn:dev:mac:0024befffe804ff1')
    send(id, 'push/senml', [
      { bn: 'urn:dev:mac:0024befffe804ff1:', bt: 1795341540, n: 'temperature', u: 'Cel', v: 18.4 },
      { bn: 'shed/', n: 'humidity', u: '%RH', v: 71 }
    ])
    expect(kept).toEqual([
      { deviceId, topic: 'push/senml', text: '[{"n":"temperature","u":"Cel","v":18.4,"t":1795341540}]' }
    ])
    expect(door.heard(id)).toMatchObject([{ address: 'shed', scope: id, quantities: ['humidity'] }])
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

  it('of Zigbee2MQTT that sends each value alone is told how to change that', () => {
    send(gateway('zigbee2mqtt'), 'zigbee2mqtt/hall/temperature', '20.5')
    expect(told[0]).toContain('output: json')
    expect(kept).toEqual([])
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
