/** The payload tester: in whichever form a message was caught, it says what it is, what was assumed and what is wrong. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../ingest/explain.ts'
import type { UnixMs } from '../../model/time.ts'
import { boxStories, payloadOf } from '../support/box-cases.ts'

const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
const read = (text: string, more: { dialect?: string; topic?: string } = {}) =>
  explain(text, { ...more, receivedAt })

const airrohr =
  '{"esp8266id":"1","sensordatavalues":[{"value_type":"SDS_P2","value":"6.10"},{"value_type":"BME280_pressure","value":"100912.4"},{"value_type":"samples","value":"5"}]}'

describe('a message that was caught', () => {
  it('as a body is recognised, and everything about it is said', () => {
    const explained = read(airrohr)
    expect(explained).toMatchObject({
      dialect: 'airrohr',
      looksLike: ['airrohr'],
      messages: 1,
      recognised: [
        { message: 1, field: 'SDS_P2', sent: 6.1, unit: 'µg/m³', quantity: 'pm2_5', value: 6.1 },
        {
          message: 1,
          field: 'BME280_pressure',
          sent: 100912.4,
          unit: 'Pa',
          quantity: 'pressure',
          value: 1009.124
        }
      ],
      ignored: [{ message: 1, field: 'samples', why: 'about the box, no measurement' }],
      refused: [],
      readings: [
        {
          quantity: 'pm2_5',
          value: 6.1,
          unit: 'µg/m³',
          at: '2026-11-22T10:00:05.000Z',
          flag: 'pass',
          reasons: []
        },
        { quantity: 'pressure', value: 1009.124, unit: 'hPa' }
      ]
    })
    expect(explained.assumed.map(({ what }) => what)).toContain(
      'no time of its own: measured when it was received'
    )
  })

  it('as an HTTP request is read with its headers', () => {
    const body = '{"sensordatavalues":[{"value_type":"P1","value":"1203"}]}'
    const request = `POST /v1/push-sensor-data/ HTTP/1.1\r\nX-PIN: 5\r\nX-Sensor: esp8266-1\r\nContent-Length: ${body.length}\r\n\r\n${body}\n`
    expect(read(request)).toMatchObject({ dialect: 'airrohr', readings: [] })
  })

  it('as mosquitto_sub -v prints it, one after another', () => {
    const lines = 'hall/sensor/temperature/state 18.4\nhall/sensor/humidity/state 61\nhall/status online\n'
    expect(read(lines)).toMatchObject({
      dialect: 'esphome',
      messages: 3,
      readings: [
        { message: 1, quantity: 'temperature', value: 18.4 },
        { message: 2, quantity: 'humidity', value: 61 }
      ],
      health: { presence: 'online' }
    })
  })

  it('as JSON lines with topic and payload', () => {
    const line = JSON.stringify({
      topic: 'tele/hall/SENSOR',
      payload: '{"SHT3X":{"Temperature":20.6},"TempUnit":"C"}'
    })
    expect(read(`${line}\n${line}`)).toMatchObject({ dialect: 'tasmota', messages: 2 })
  })

  it('of another family than one believes is said to be that', () => {
    const explained = read(airrohr, { dialect: 'tasmota' })
    expect(explained).toMatchObject({ dialect: 'tasmota', looksLike: ['airrohr'], readings: [] })
    expect(explained.refused.map(({ text }) => text).join()).toContain('this looks like airRohr')
  })

  it('with a value that is no measurement says so', () => {
    expect(read('{"temperature": 85}').readings).toMatchObject([
      { flag: 'fail', reasons: ['unusual', 'sentinel'] }
    ])
  })

  it.each(['', '\n', '{', 'a=b', '/', 'POST / HTTP/1.1', '\u0000', '[]', '"x"'])(
    '%j does no harm',
    (text) => {
      expect(read(text).readings).toEqual([])
    }
  )
})

describe('a family', () => {
  const firsts = boxStories()
    .map(({ dialect, messages }) => ({ dialect, message: messages[0]! }))
    // No message can be told to be a box's of which nobody knows anything.
    .filter(({ dialect, message }) => dialect !== 'other' && Object.keys(message.readings).length > 1)

  it.each(firsts)(
    'is told from the others by its topic and body: $dialect $message.topic',
    ({ dialect, message }) => {
      const text = new TextDecoder().decode(payloadOf(message))
      expect(read(text, { topic: message.topic }).looksLike[0]).toBe(dialect)
    }
  )
})
