/** Maps of fields: what is wrong with one is said with its line, and a draft names what the names tell. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../ingest/explain.ts'
import { readFieldMap } from '../../ingest/field-map.ts'
import { draftOf } from '../../ingest/mapped.ts'
import type { UnixMs } from '../../model/time.ts'

const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs

describe('a map', () => {
  it.each<[map: unknown, says: RegExp]>([
    ['{"fields": {"a": "humidity"', /not JSON.*comma or quote/],
    [[], /must be an object/],
    [{}, /no "fields"/],
    [{ fields: {} }, /no "fields"/],
    [{ fields: { a: 'humidity' }, zone: 'UTC' }, /"zone", which is not one of its members: fields, time/],
    [{ fields: { a: 'humidity' }, time: 5 }, /"time" must be the path/],
    [{ fields: { 'adc.wall': '?' } }, /"adc.wall" is still "\?"/],
    [{ fields: { a: 'temprature' } }, /"a": "temprature" is not a quantity.*did you mean temperature/],
    [{ fields: { a: { unit: '°C' } } }, /"a": undefined is not a quantity/],
    [
      { fields: { a: { quantity: 'temperature', unit: 'mV' } } },
      /"a": mV is no unit of Temperature; it takes °C/
    ],
    [
      { fields: { a: { quantity: 'temperature', factor: 0.1 } } },
      /"factor", which is not one of its members: quantity, unit, scale/
    ],
    [
      { fields: { a: { quantity: 'temperature', scale: '0.1' } } },
      /"scale" must be a number, without quotes/
    ],
    [{ fields: { a: { quantity: 'temperature', scale: 0 } } }, /scale of 0/],
    [{ fields: { a: { quantity: 'temperature', sentinel: ['x'] } } }, /"sentinel" must be a number/],
    [{ fields: { 'a..b': 'temperature' } }, /"a..b" is not a path/],
    [{ fields: { 'a[b': 'temperature' } }, /"a\[b" is not a path/],
    [{ fields: { [Array(20).fill('a').join('.')]: 'temperature' } }, /more than 12 steps/],
    [
      { fields: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 'humidity'])) },
      /at most 100 fields/
    ]
  ])('that cannot be read is refused with what to do: %j', (map, says) => {
    const read = readFieldMap(typeof map === 'string' ? map : JSON.stringify(map))
    expect(read.ok ? 'taken' : read.refusal).toMatch(says)
  })

  it('of several mistakes names each', () => {
    const fields = { a: 'temprature', 'b..c': 'humidity', d: 'humidity', e: { quantity: 'co2', scale: 0 } }
    const read = readFieldMap(JSON.stringify({ fields }))
    expect(read.ok ? 'taken' : read.refusal).toMatch(
      /"a": "temprature".*; "b\.\.c" is not a path.*; "e": a scale of 0/
    )
  })

  it('reaches into no prototype', () => {
    const map = JSON.stringify({ fields: { 'constructor.length': 'humidity', '__proto__.x': 'temperature' } })
    expect(explain('{"a":1}', { map, receivedAt }).readings).toEqual([])
  })

  it('is tried as a message would be read, within the decoded payload of a LoRaWAN network', () => {
    const map = JSON.stringify({ fields: { 'wood.raw': { quantity: 'wall_moisture', scale: 0.1 } } })
    const uplink = {
      end_device_ids: { device_id: 'w', dev_eui: '70B3D57ED0000001' },
      uplink_message: { decoded_payload: { wood: { raw: 184 } } }
    }
    const explained = explain(JSON.stringify(uplink), { map, receivedAt })
    expect(explained).toMatchObject({
      dialect: 'ttn',
      readings: [{ quantity: 'wall_moisture', value: 18.4 }]
    })
    expect(explain('{"wood":{"raw":184}}', { map, receivedAt })).toMatchObject({
      dialect: 'other',
      readings: [{ quantity: 'wall_moisture', value: 18.4 }]
    })
  })
})

describe('a draft', () => {
  it.each<[message: unknown, draft: object]>([
    [
      {
        station: 'roof',
        sent: '2026-11-22T10:00:00Z',
        values: { t_out: 184, rh: 71, wall: -999, vdd: 3611 }
      },
      {
        time: 'sent',
        fields: {
          'values.t_out': '?',
          'values.rh': 'humidity',
          'values.wall': { quantity: '?', sentinel: -999 },
          'values.vdd': { quantity: 'battery_voltage', unit: 'mV' }
        }
      }
    ],
    [
      {
        ts: 1_795_345_200,
        list: [
          { name: 'temp', value: 20 },
          { name: 'pm25', value: '8.1' }
        ]
      },
      { time: 'ts', fields: { 'list[name=temp].value': 'temperature', 'list[name=pm25].value': 'pm2_5' } }
    ],
    [[{ temperature: 20 }, { temperature: 21 }], { fields: { temperature: 'temperature' } }],
    ['temp=20.4&station=roof', { fields: { temp: 'temperature' } }],
    ['20.5', { fields: { '.': '?' } }],
    [
      { t: 1_795_345_200, air: { t: 20.5, hum: 327.67 }, battery: 2_980, spare: { battery: 88 } },
      {
        time: 't',
        fields: {
          'air.t': '?',
          'air.hum': { quantity: 'humidity', sentinel: 327.67 },
          battery: { quantity: 'battery_voltage', unit: 'mV' },
          'spare.battery': 'battery'
        }
      }
    ],
    [
      {
        t_f: 68.9,
        soil_t_f: 50,
        roof: { t_c: 20.5 },
        cpu: { temp: 51 },
        pm: { fine: 8.1, 10: 12 },
        set_f: 1
      },
      {
        fields: {
          t_f: { quantity: 'temperature', unit: '°F' },
          soil_t_f: '?',
          'roof.t_c': 'temperature',
          'cpu.temp': '?',
          'pm.fine': 'pm2_5',
          'pm.10': 'pm10',
          set_f: '?'
        }
      }
    ],
    [{ wall: { temp: { value: 12.5 } } }, { fields: { 'wall.temp.value': 'surface_temperature' } }],
    ['hello', { fields: {} }]
  ])('of %j is %j', (message, draft) => {
    expect(draftOf(typeof message === 'string' ? message : JSON.stringify(message))).toEqual(draft)
  })

  it('of what names tell is a map', () => {
    const draft = draftOf('{"temperature":20,"pm25":8}')
    expect(readFieldMap(JSON.stringify(draft))).toMatchObject({ ok: true })
  })
})
