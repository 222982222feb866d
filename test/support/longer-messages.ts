/** Longer messages than the simulated boxes send, one or more of each family in JSON: for the benchmark of the decoders. */
import { openSenseMapBox } from '../../firmware-sim/family/opensensemap.ts'
import { secondMs, toIso, type UnixMs } from '../../model/time.ts'

export interface LongerMessage {
  dialect: string
  about: string
  /** What its steward says that the fields mean. */
  map?: string
  topic: string
  /** The body of message `i`, measured at `at`. */
  body(i: number, at: UnixMs): unknown
}

const sensorIds = (JSON.parse(openSenseMapBox) as { sensors: { _id: string }[] }).sensors.map(
  ({ _id }) => _id
)
const values = (i: number): string[] => [
  `${10 + (i % 80) / 10}`,
  `${60 + (i % 30)}.00`,
  `${100_000 + (i % 900)}.40`,
  `${6 + (i % 60) / 10}`,
  `${12 + (i % 70) / 10}`,
  '20.00'
]

export const longerMessages: readonly LongerMessage[] = [
  {
    dialect: 'lamppost',
    about: 'twelve quantities',
    topic: 'sensors/d-k3v7m2qa/readings',
    body: (i, at) => ({ at: toIso(at), ...quantities(i), no2: 12 + (i % 9), surface_temperature: 9.5 })
  },
  {
    dialect: 'lamppost',
    about: 'a list of five',
    topic: 'sensors/d-k3v7m2qa/readings',
    body: (i, at) =>
      Array.from({ length: 5 }, (_, n) => ({
        at: toIso((at - (4 - n) * 10 * secondMs) as UnixMs),
        pm2_5: 6 + ((i + n) % 60) / 10,
        temperature: 10 + ((i + n) % 80) / 10,
        humidity: 60 + (i % 30)
      }))
  },
  {
    dialect: 'airrohr',
    about: 'of one sensor, by X-PIN',
    topic: 'push/airrohr/11',
    body: (i) => ({
      software_version: 'NRZ-2024-135',
      sensordatavalues: [
        { value_type: 'temperature', value: values(i)[0] },
        { value_type: 'humidity', value: values(i)[1] },
        { value_type: 'pressure', value: values(i)[2] }
      ]
    })
  },
  {
    dialect: 'airgradient',
    about: 'outdoor, two channels',
    topic: 'airgradient/readings/aabbccddeeff',
    body: (i) => ({
      ...{ wifi: -58, serialno: 'aabbccddeeff', pm01: 3 + (i % 9), pm02: 6.5 + (i % 9), pm10: 7 + (i % 9) },
      ...{ pm003Count: 812, atmp: 21.4, rhum: 55 + (i % 30), boot: i, bootCount: i },
      channels: {
        '1': { pm01: 3, pm02: 6 + (i % 9), pm10: 7, pm003Count: 800, atmp: 21.3, rhum: 54 },
        '2': { pm01: 3, pm02: 7 + (i % 9), pm10: 7, pm003Count: 824, atmp: 21.5, rhum: 56 }
      },
      ...{ ledMode: 'off', firmware: '3.1.1', model: 'O-1PPT' }
    })
  },
  {
    dialect: 'tasmota',
    about: 'four sensors',
    topic: 'tele/tasmota_6F1B2C/SENSOR',
    body: (i, at) => ({
      Time: toIso(at).slice(0, 19),
      BME280: { Temperature: 10 + (i % 80) / 10, Humidity: 60.1, DewPoint: 4.9, Pressure: 1_009.3 },
      SDS0X1: { 'PM2.5': 6 + (i % 60) / 10, PM10: 12 + (i % 70) / 10 },
      MHZ19B: { Model: 'B', CarbonDioxide: 600 + (i % 90), Temperature: 25 },
      DS18B20: { Id: '01131B123456', Temperature: 9 + (i % 30) / 10 },
      ...{ PressureUnit: 'hPa', TempUnit: 'C' }
    })
  },
  {
    dialect: 'tasmota',
    about: 'probes by their ids',
    topic: 'tele/tasmota_6F1B2C/SENSOR',
    body: (i, at) => ({
      Time: toIso(at).slice(0, 19),
      SHT3X: { Temperature: 10 + (i % 80) / 10, Humidity: 60.1, DewPoint: 4.9 },
      DS18x20: {
        DS1: { Id: '01131B123456', Temperature: 9 + (i % 30) / 10 },
        DS2: { Id: '01131B123457', Temperature: 9 + (i % 40) / 10 }
      },
      TempUnit: 'C'
    })
  },
  {
    dialect: 'tasmota',
    about: 'its state',
    topic: 'tele/tasmota_6F1B2C/STATE',
    body: (i, at) => ({
      ...{ Time: toIso(at).slice(0, 19), Uptime: '1T02:03:04', UptimeSec: 93_784 + i, Heap: 25 },
      ...{ SleepMode: 'Dynamic', Sleep: 50, LoadAvg: 19, MqttCount: 1 },
      Wifi: {
        ...{ AP: 1, SSId: 'home', BSSId: 'AA:BB:CC:DD:EE:FF', Channel: 6, Mode: '11n' },
        ...{ RSSI: 86, Signal: -57 - (i % 9), LinkCount: 1, Downtime: '0T00:00:03' }
      }
    })
  },
  {
    dialect: 'zigbee2mqtt',
    about: 'an air monitor, with its device',
    topic: 'zigbee2mqtt/Hall',
    body: (i, at) => ({
      device: { friendlyName: 'Hall', ieeeAddr: '0x00158d0001a2b3c4', model: 'E2112', powerSource: 'Mains' },
      ...{ humidity: 40 + (i % 50), identify: null, last_seen: toIso(at), linkquality: 96 + (i % 90) },
      ...{ pm25: i % 60, temperature: 20 + (i % 90) / 10, voc_index: 100 + (i % 90) },
      update: { installed_version: 16_777_233, latest_version: 16_777_233, state: 'idle' }
    })
  },
  {
    dialect: 'zigbee2mqtt',
    about: 'a thermometer, with its settings',
    topic: 'zigbee2mqtt/Hall',
    body: (i, at) => ({
      ...{ battery: 88, comfort_temperature_max: 27, comfort_temperature_min: 20, enable_display: 'ON' },
      ...{ humidity: 40 + (i % 50), last_seen: toIso(at), linkquality: 96 + (i % 90), power_outage_count: 4 },
      ...{ pressure: 1_000 + (i % 30), temperature: 20 + (i % 90) / 10, temperature_calibration: 0 },
      ...{ temperature_display_mode: 'celsius', voltage: 2_900 }
    })
  },
  {
    dialect: 'shelly',
    about: 'what changed',
    topic: 'shellyhtg3-aabbcc/events/rpc',
    body: (i, at) => ({
      ...{ src: 'shellyhtg3-aabbcc', dst: 'shellyhtg3-aabbcc/events', method: 'NotifyStatus' },
      params: {
        ts: at / 1_000,
        'temperature:0': { id: 0, tC: 19 + (i % 80) / 10, tF: 67.6 },
        'humidity:0': { id: 0, rh: 42 + (i % 30) }
      }
    })
  },
  {
    dialect: 'ttn',
    about: 'as the network normalises it',
    topic: 'v3/nbhd@ttn/devices/damp-12/up',
    body: (i, at) => ({
      ...uplinkIds,
      received_at: toIso(at).replace('Z', '456Z'),
      uplink_message: {
        ...{ f_port: 2, f_cnt: i, frm_payload: 'AQID', received_at: toIso(at).replace('Z', '123456Z') },
        normalized_payload: [
          { air: { temperature: 10 + (i % 80) / 10, relativeHumidity: 60 + (i % 30) }, battery: 3.1 }
        ],
        rx_metadata: [{ gateway_ids: { gateway_id: 'gw1' }, rssi: -104, snr: 6.5 }]
      }
    })
  },
  {
    dialect: 'chirpstack',
    about: 'Dragino, three gateways',
    topic: 'push/chirpstack',
    body: (i, at) => ({
      ...uplinkHead(i, at),
      object: {
        ...{ BatV: 3.1, Bat_status: 3, Ext_sensor: 'Temperature Sensor', Hum_SHT: 60 + (i % 30) },
        ...{ TempC_DS: 9 + (i % 30) / 10, TempC_SHT: 10 + (i % 80) / 10 }
      },
      rxInfo: [-57, -98, -111].map((rssi, n) => ({ gatewayId: `0016c001f153a14${n}`, rssi, snr: 10 - n }))
    })
  },
  {
    dialect: 'chirpstack',
    about: 'values with their units, deeper',
    topic: 'push/chirpstack',
    body: (i, at) => ({
      ...uplinkHead(i, at),
      object: {
        protocol_version: 2,
        air: { temperature: { value: 10 + (i % 80) / 10, unit: '°C' }, humidity: { value: 60.2, unit: '%' } },
        battery_voltage: { displayName: 'Battery voltage', unit: 'V', value: 2.9 }
      },
      rxInfo: [{ gatewayId: '0016c001f153a14c', rssi: -57, snr: 10 }]
    })
  },
  {
    dialect: 'theengs',
    about: 'an advertisement with its bytes',
    topic: 'home/TheengsGateway/BTtoMQTT/A4C138A1B2C3',
    body: (i) => ({
      ...{ id: 'A4:C1:38:A1:B2:C3', mac_type: 0, adv_type: 0, name: 'ATC_A1B2C3', rssi: -70 - (i % 20) },
      ...{ servicedata: 'a4c138a1b2c300ea3c580b9201', servicedatauuid: '0x181a', brand: 'Xiaomi' },
      ...{ model: 'TH Sensor', model_id: 'LYWSD03MMC_ATC', type: 'THB', track: false },
      ...{ tempc: 10 + (i % 80) / 10, tempf: 67.6, hum: 60 + (i % 30), batt: 88, volt: 2.56 }
    })
  },
  {
    dialect: 'theengs',
    about: 'an Aranet4',
    topic: 'home/TheengsGateway/BTtoMQTT/F35285A1B2C3',
    body: (i) => ({
      ...{ id: 'F3:52:85:A1:B2:C3', name: 'Aranet4 1B2C3', rssi: -70 - (i % 20), brand: 'Aranet' },
      ...{ model: 'Aranet4', model_id: 'ARANET4', type: 'AIR', tempc: 10 + (i % 80) / 10, tempf: 67.6 },
      ...{ hum: 60 + (i % 30), pres: 1_009.3, co2: 600 + (i % 90), batt: 88 }
    })
  },
  {
    dialect: 'enviro',
    about: 'urban',
    topic: 'enviro/yard',
    body: (i, at) => ({
      ...{
        nickname: 'yard',
        timestamp: toIso(at).replace('.000', ''),
        model: 'urban',
        uid: 'e6614c311b4c5a2b'
      },
      readings: {
        ...{ temperature: 10 + (i % 80) / 10, humidity: 60.21, pressure: 1_009.31, noise: 0.123 },
        ...{ pm1: 3, pm2_5: 6 + (i % 60), pm10: 12 + (i % 70), voltage: 4.1 }
      }
    })
  },
  {
    dialect: 'meshtastic',
    about: 'environment',
    topic: 'msh/EU_868/2/json/LongFast/!7efeee00',
    body: (i, at) => ({
      ...{ channel: 0, from: 2_130_636_288, hop_start: 3, hops_away: 0, id: 452_664_778 + i },
      payload: {
        ...{ air_util_tx: 0.1, barometric_pressure: 1_009.3, gas_resistance: 0, iaq: 0 },
        ...{ relative_humidity: 60.1, temperature: 10 + (i % 80) / 10 }
      },
      ...{ rssi: -57, sender: '!7efeee00', snr: 6.5, timestamp: at / 1_000, to: 4_294_967_295 },
      type: 'telemetry'
    })
  },
  {
    dialect: 'senml',
    about: 'six quantities',
    topic: 'push/senml',
    body: (i, at) => [
      {
        bn: 'urn:dev:mac:0024befffe804ff1:',
        bt: at / 1_000,
        n: 'temperature',
        u: 'Cel',
        v: 10 + (i % 80) / 10
      },
      { n: 'humidity', u: '%RH', v: 60 + (i % 30) },
      { n: 'pressure', u: 'Pa', v: 100_900 + (i % 200) },
      { n: 'co2', u: 'ppm', v: 600 + (i % 90) },
      { n: 'pm2_5', u: 'ug/m3', v: 6 + (i % 60) / 10 },
      { n: 'battery', u: '%EL', v: 88 }
    ]
  },
  {
    dialect: 'senml',
    about: 'six moments of two quantities',
    topic: 'push/senml',
    body: (i, at) => [
      { bn: 'urn:dev:mac:0024befffe804ff1:', bt: at / 1_000 },
      ...Array.from({ length: 6 }, (_, n) => [
        { n: 'temperature', u: 'Cel', t: -60 * (5 - n), v: 10 + ((i + n) % 80) / 10 },
        { n: 'humidity', u: '%RH', t: -60 * (5 - n), v: 60 + ((i + n) % 30) }
      ]).flat()
    ]
  },
  {
    dialect: 'thingsboard',
    about: 'a list with times',
    topic: 'v1/devices/me/telemetry',
    body: (i, at) =>
      [2, 1, 0].map((n) => ({
        ts: at - n * 10 * secondMs,
        values: { temperature: 10 + ((i + n) % 80) / 10, humidity: 60 + (i % 30), battery: 88 }
      }))
  },
  {
    dialect: 'thingsboard',
    about: 'a dozen values',
    topic: 'v1/devices/me/telemetry',
    body: (i, at) => ({ ts: Number(at), values: { ...quantities(i), o3: 40 + (i % 9), lux: 300 } })
  },
  {
    dialect: 'opensensemap',
    about: 'a list',
    map: openSenseMapBox,
    topic: 'push/opensensemap',
    body: (i, at) => sensorIds.map((sensor, n) => ({ sensor, value: values(i)[n], createdAt: toIso(at) }))
  },
  {
    dialect: 'opensensemap',
    about: 'a list without times',
    map: openSenseMapBox,
    topic: 'push/opensensemap',
    body: (i) => sensorIds.map((sensor, n) => ({ sensor, value: values(i)[n] }))
  },
  {
    dialect: 'opensensemap',
    about: 'an object',
    map: openSenseMapBox,
    topic: 'push/opensensemap',
    body: (i, at) =>
      Object.fromEntries(sensorIds.map((sensor, n) => [sensor, [values(i)[n], toIso(at), [7.6, 51.9, 60]]]))
  },
  {
    dialect: 'other',
    about: 'nested, with sentinel and units',
    map: JSON.stringify({
      time: 'meta.sent',
      fields: {
        'data.air.t': { quantity: 'temperature', unit: '°F' },
        'data.air.rh': 'humidity',
        'data.wall.t': { quantity: 'surface_temperature', sentinel: -999 },
        'data.dust[name=pm25].value': 'pm2_5',
        'power.mv': { quantity: 'battery_voltage', unit: 'mV' }
      }
    }),
    topic: 'boards/roof',
    body: (i, at) => ({
      meta: { station: 'roof', firmware: '1.4.2', sent: toIso(at) },
      data: {
        air: { t: 60 + (i % 200) / 10, rh: 60 + (i % 30) },
        wall: { t: i % 7 === 0 ? -999 : 9.5 },
        dust: [
          { name: 'pm10', value: 12 + (i % 70) / 10 },
          { name: 'pm25', value: 6 + (i % 60) / 10 }
        ]
      },
      power: { mv: 2_900 + (i % 90), usb: false }
    })
  }
]

function quantities(i: number): Record<string, number> {
  return {
    ...{ pm1: 3 + (i % 50) / 10, pm2_5: 6 + (i % 60) / 10, pm10: 12 + (i % 70) / 10, co2: 600 + (i % 90) },
    ...{ temperature: 10 + (i % 80) / 10, humidity: 60 + (i % 30), pressure: 1_000 + (i % 200) / 10 },
    ...{ laeq: 50 + (i % 90) / 10, battery: 88, rssi: -60 - (i % 20) }
  }
}

const uplinkIds = {
  end_device_ids: {
    device_id: 'damp-12',
    application_ids: { application_id: 'nbhd' },
    dev_eui: '70B3D57ED0000001'
  }
}

function uplinkHead(i: number, at: UnixMs): object {
  return {
    ...{ deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d', time: toIso(at).replace('Z', '000+00:00') },
    deviceInfo: { tenantName: 'ChirpStack', deviceProfileName: 'LHT65', devEui: '24e1240000000012' },
    ...{ devAddr: '00189440', dr: 1, fCnt: i + 1, fPort: 85, data: 'AXVcA2cBAQRoUQ==' }
  }
}
