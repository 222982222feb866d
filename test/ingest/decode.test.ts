/** The native payload: every rule of what is read, what is reported, and that no bytes whatever do harm. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, dialects } from '../../ingest/decode.ts'
import type { Decoded } from '../../ingest/ingest.ts'
import { faults as catalogue } from '../../model/fault.ts'
import { reasonBits } from '../../model/flag.ts'
import { payloadBytesMax } from '../../model/limits.ts'
import { isQuantity, quantityNames } from '../../model/quantity.ts'
import { toIso, type UnixMs } from '../../model/time.ts'

const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
const received = toIso(receivedAt)
const timeReceived = reasonBits('timeReceived')

function read(body: unknown, kind = 'readings'): Decoded {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return decode('lamppost', {
    topic: `sensors/d-1/${kind}`,
    payload: new TextEncoder().encode(text),
    receivedAt
  })
}

/** "pm2_5 8.1 2026-…", so that a whole answer is compared at once. */
function measured({ measurements }: Decoded): string[] {
  return measurements.map(
    (m) => `${m.quantity} ${m.value} ${toIso(m.measuredAt)}${m.reasons === timeReceived ? ' received' : ''}`
  )
}

function codes({ faults }: Decoded): string[] {
  return faults.map(({ code, field }) => (field === undefined ? code : `${code} ${field}`))
}

describe('a reading', () => {
  it('is read whole', () => {
    const decoded = read({
      at: '2026-11-22T10:00:00Z',
      pm2_5: 8.1,
      pm10: 14.2,
      temperature: 9.4,
      humidity: 81
    })
    expect(measured(decoded)).toEqual([
      'pm2_5 8.1 2026-11-22T10:00:00.000Z',
      'pm10 14.2 2026-11-22T10:00:00.000Z',
      'temperature 9.4 2026-11-22T10:00:00.000Z',
      'humidity 81 2026-11-22T10:00:00.000Z'
    ])
    expect(decoded.faults).toEqual([])
  })

  it.each([
    ['a zone', '"2026-11-22T11:00:00+01:00"', '2026-11-22T10:00:00.000Z'],
    ['fractions', '"2026-11-22T10:00:00.25Z"', '2026-11-22T10:00:00.250Z'],
    ['Unix seconds', '1795341600', '2026-11-22T10:00:00.000Z'],
    ['Unix milliseconds', '1795341600250', '2026-11-22T10:00:00.250Z'],
    ['five minutes ahead', '"2026-11-22T10:05:05Z"', '2026-11-22T10:05:05.000Z'],
    ['a year behind', '"2025-11-22T10:00:00Z"', '2025-11-22T10:00:00.000Z'],
    ['null, which is no time', 'null', received]
  ])('believes a time with %s', (_what, at, expected) => {
    const decoded = read(`{"at":${at},"pm2_5":8}`)
    expect(measured(decoded)).toEqual([`pm2_5 8 ${expected}`])
    expect(decoded.faults).toEqual([])
  })

  it.each([
    ['without a zone', '"2026-11-22T10:00:00"', 'timeWithoutZone'],
    ['a date only', '"2026-11-22"', 'timeWithoutZone'],
    ['in 2031', '"2031-01-01T00:00:00Z"', 'timeAhead'],
    ['a second more than five minutes ahead', '"2026-11-22T10:05:06Z"', 'timeAhead'],
    ['in 1970', '0', 'timePast'],
    ['401 days behind', '"2025-10-17T00:00:00Z"', 'timePast'],
    ['words', '"yesterday"', 'timeUnreadable'],
    ['30 February', '"2026-02-30T10:00:00Z"', 'timeUnreadable'],
    ['an object', '{"a":1}', 'timeUnreadable'],
    ['true', 'true', 'timeUnreadable'],
    ['a bare nan', 'nan', 'timeUnreadable'],
    ['too large for a number', '1e400', 'timeUnreadable'],
    ['too large for a date', '1e300', 'timeAhead'],
    ['too small for a date', '-1e300', 'timePast']
  ])('uses the time received for a time %s', (_what, at, code) => {
    const decoded = read(`{"at":${at},"pm2_5":8}`)
    expect(measured(decoded)).toEqual([`pm2_5 8 ${received} received`])
    expect(codes(decoded)).toEqual([`${code} at`])
  })

  it('says in one sentence what was wrong with a time, and what to do', () => {
    const { faults } = read('{"at":"2031-11-22T10:00:05Z","pm2_5":8}')
    expect(faults[0]).toEqual({
      code: 'timeAhead',
      message:
        "at 2031-11-22T10:00:05.000Z is 5 years ahead of the hub's clock, so the time received was used; check the clock of the device",
      field: 'at',
      value: '2031-11-22T10:00:05Z'
    })
  })
})

describe('a value', () => {
  it.each([
    ['humidity', 140, 'humidity 140 % is above 100 %'],
    ['temperature', -60, 'temperature -60 °C is below -40 °C'],
    ['pm2_5', 1500.5, 'pm2_5 1500.5 µg/m³ is above 1000 µg/m³'],
    ['tvoc_index', 501, 'tvoc_index 501 is above 500']
  ] as const)('that cannot be is kept and reported: %s %d', (quantity, value, message) => {
    const decoded = read({ [quantity]: value, co2: 600 })
    expect(measured(decoded)).toEqual([`${quantity} ${value} ${received}`, `co2 600 ${received}`])
    expect(decoded.faults).toEqual([{ code: 'outOfRange', message, field: quantity, value }])
  })

  it('that is null was not measured: no reading, no problem', () => {
    expect(read({ pm2_5: null, pm10: 12 })).toMatchObject({
      measurements: [{ quantity: 'pm10' }],
      faults: []
    })
    expect(read({ pm2_5: null })).toEqual({ measurements: [], faults: [] })
  })

  it.each([
    ['nan', 'nan', 'pm2_5 is nan, which is not a finite number'],
    ['NaN', 'NaN', 'pm2_5 is NaN, which is not a finite number'],
    ['-nan', '-nan', 'pm2_5 is -nan, which'],
    ['inf', 'inf', 'pm2_5 is inf, which'],
    ['Infinity', 'Infinity', 'pm2_5 is Infinity, which'],
    ['-Infinity', '-Infinity', 'pm2_5 is -Infinity, which'],
    ['1e400', '1e400', 'pm2_5 is Infinity, which'],
    ['a quoted number', '"8.1"', 'pm2_5 is the text "8.1", not a number; send it without the quotes'],
    ['words', '"low"', 'pm2_5 is "low", not a number'],
    ['nothing in quotes', '""', 'pm2_5 is "", not a number'],
    ['true', 'true', 'pm2_5 is true, not a number'],
    ['an array', '[8.1]', 'pm2_5 is an array, not a number'],
    ['an object', '{"value":8.1}', 'pm2_5 is an object, not a number']
  ])('that is %s costs only itself', (_what, value, message) => {
    const decoded = read(`{"pm2_5":${value},"temperature":9.4}`)
    expect(measured(decoded)).toEqual([`temperature 9.4 ${received}`])
    expect(codes(decoded)).toEqual(['notANumber pm2_5'])
    expect(decoded.faults[0]?.message).toContain(message)
  })

  it('leaves words inside strings alone when it mends a bare nan', () => {
    const decoded = read(String.raw`{"note":"say \"nan\" or inf, [nan]","pm2_5":nan,"humidity":50}`)
    expect(measured(decoded)).toEqual([`humidity 50 ${received}`])
    expect(decoded.faults[0]).toMatchObject({ field: 'note', value: 'say "nan" or inf, [nan]' })
  })

  it.each(['-0', '-0.0', '-1e-400'])('of %s is zero, and its host is told', (text) => {
    const decoded = read(`{"temperature":${text},"humidity":50}`)
    expect(Object.is(decoded.measurements[0]?.value, 0)).toBe(true)
    expect(measured(decoded)).toEqual([`temperature 0 ${received}`, `humidity 50 ${received}`])
    expect(codes(decoded)).toEqual(['minusZero temperature'])
  })

  it('given twice counts as the last says', () => {
    expect(measured(read('{"pm2_5":1,"pm2_5":2}'))).toEqual([`pm2_5 2 ${received}`])
  })
})

describe('an unknown field', () => {
  it.each([
    ['pm25', 'did you mean pm2_5?'],
    ['PM2.5', 'did you mean pm2_5?'],
    ['P1', 'did you mean pm10?'],
    ['temp', 'did you mean temperature?'],
    ['temprature', 'did you mean temperature?'],
    ['Humidity', 'did you mean humidity?'],
    ['LAeq', 'did you mean laeq?'],
    ['zzzzzzzz', 'known are pm1, pm2_5'],
    ['', 'known are'],
    ['__proto__', 'known are'],
    ['constructor', 'known are'],
    ['toString', 'known are'],
    ['with spaces and "quotes"', 'is not a quantity']
  ])('%j is reported and costs only itself', (name, hint) => {
    const decoded = read(`{${JSON.stringify(name)}:1,"humidity":50}`)
    expect(measured(decoded)).toEqual([`humidity 50 ${received}`])
    expect(decoded.faults).toMatchObject([{ code: 'unknownQuantity', field: name, value: 1 }])
    expect(decoded.faults[0]?.message).toContain(hint)
  })

  it('of an array is reported once', () => {
    const decoded = read([
      { pm25: 1, humidity: 50 },
      { pm25: 2, humidity: 51 }
    ])
    expect(codes(decoded)).toEqual(['unknownQuantity pm25'])
    expect(decoded.measurements).toHaveLength(2)
  })

  it('beyond the limit leaves the quantities that are known', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field${i}`, i]))
    const decoded = read({ ...many, humidity: 50 })
    expect(codes(decoded)).toEqual(['tooManyFields'])
    expect(measured(decoded)).toEqual([`humidity 50 ${received}`])
  })

  it('is cut and made whole before anybody has to show it', () => {
    const { faults } = read(`{"${'x'.repeat(5000)}":"${'y'.repeat(5000)}","\\ud800":"\\ud800"}`)
    for (const { field = '', message, value } of faults) {
      expect(field.length).toBeLessThan(70)
      expect(String(value).length).toBeLessThan(70)
      expect(message.length).toBeLessThan(250)
      expect(message.isWellFormed() && field.isWellFormed()).toBe(true)
    }
  })
})

describe('an array', () => {
  it('without times gets a moment of its own for each member', () => {
    expect(measured(read([{ pm2_5: 1 }, { pm2_5: 2 }, { at: 'never', pm2_5: 3 }]))).toEqual([
      'pm2_5 1 2026-11-22T10:00:05.000Z',
      'pm2_5 2 2026-11-22T10:00:05.001Z',
      'pm2_5 3 2026-11-22T10:00:05.002Z received'
    ])
  })

  it('of 500 is read and of 501 is not', () => {
    const members = Array.from({ length: 501 }, (_, i) => ({ at: receivedAt - i * 1000, co2: 500 }))
    expect(read(members.slice(1)).measurements).toHaveLength(500)
    expect(measured(read(members))).toEqual([])
    expect(read(members).faults).toEqual([
      {
        code: 'arrayTooLong',
        message: 'The array has 501 readings, but the hub decodes at most 500; send smaller arrays.'
      }
    ])
  })

  it('reports members that are no objects and keeps the others', () => {
    const decoded = read('[{"pm2_5":1},7,null,[{"pm2_5":9}],"x"]')
    expect(measured(decoded)).toHaveLength(1)
    expect(codes(decoded)).toEqual(['payloadShape', 'payloadShape', 'payloadShape', 'payloadShape'])
    expect(decoded.faults[2]?.message).toBe('member 3 of the array is an array, not an object of readings')
  })
})

describe('a message that holds no reading', () => {
  it.each([
    ['{}', 'nothingMeasured'],
    ['[]', 'nothingMeasured'],
    ['[{},{}]', 'nothingMeasured'],
    ['{"at":"2026-11-22T10:00:00Z"}', 'nothingMeasured'],
    ['', 'nothingMeasured'],
    ['{"pm2_5":', 'payloadNotJson'],
    ['pm2_5=8.1', 'payloadNotJson'],
    ["{'pm2_5':8.1}", 'payloadNotJson'],
    ['{pm2_5:nan}', 'payloadNotJson'],
    ['"'.repeat(100_000), 'payloadNotJson'],
    ['\\"'.repeat(60_000), 'payloadNotJson'],
    ['nan '.repeat(30_000), 'payloadNotJson'],
    ['8.1', 'payloadShape'],
    ['nan', 'payloadShape'],
    ['null', 'payloadShape'],
    ['"online"', 'payloadShape'],
    ['[[[[]]]]', 'payloadShape'],
    ['['.repeat(60_000) + ']'.repeat(60_000), 'payloadShape'],
    ['{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000), 'unknownQuantity a']
  ])('%.40s is %s', (text, code) => {
    const decoded = read(text)
    expect(decoded.measurements).toEqual([])
    expect(codes(decoded)).toEqual([code])
    // Faults go to JSON and to other threads, so they must be flat.
    expect(() => JSON.stringify(structuredClone(decoded.faults))).not.toThrow()
  })

  it('is told apart by its bytes', () => {
    const message = { topic: 'sensors/d-1/readings', receivedAt }
    const broken = Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)
    expect(codes(decode('lamppost', { ...message, payload: broken }))).toEqual(['payloadEncoding'])
    const large = new Uint8Array(payloadBytesMax + 1).fill(0x20)
    expect(codes(decode('lamppost', { ...message, payload: large }))).toEqual(['payloadTooLarge'])
  })

  it('may begin with a byte order mark all the same', () => {
    expect(measured(read('\ufeff{"humidity":50}'))).toEqual([`humidity 50 ${received}`])
  })

  it.each(['sensors/d-1/other', 'sensors/d-1', 'x/d-1/readings', 'sensors/d-1/problems', ''])(
    'comes on the topic %j',
    (topic) => {
      const payload = new TextEncoder().encode('{"humidity":50}')
      expect(codes(decode('lamppost', { topic, payload, receivedAt }))).toEqual(['topicUnknown'])
    }
  )
})

describe('a status', () => {
  it.each(['online', 'offline', 'online\n', '"online"', ''])('%j says nothing measured', (text) => {
    expect(read(text, 'status')).toEqual({ measurements: [], faults: [] })
  })

  it('brings the readings of the device itself, at the time received', () => {
    const decoded = read({ battery: 88, rssi: -67, firmware: '1.2.0', uptimeS: 3600 }, 'status')
    expect(measured(decoded)).toEqual([`battery 88 ${received}`, `rssi -67 ${received}`])
    expect(decoded.faults).toEqual([])
  })

  it('reports what does not belong there', () => {
    const decoded = read({ battery: 130, temperature: 9, uptime: 3, rssi: 'weak' }, 'status')
    expect(measured(decoded)).toEqual([`battery 130 ${received}`])
    expect(codes(decoded).toSorted()).toEqual([
      'notANumber rssi',
      'outOfRange battery',
      'unknownQuantity temperature',
      'unknownQuantity uptime'
    ])
  })

  it.each([
    ['ready', 'payloadNotJson'],
    ['[]', 'payloadShape'],
    ['5', 'payloadShape']
  ])('%s is %s', (text, code) => {
    expect(codes(read(text, 'status'))).toEqual([code])
  })
})

describe('whatever comes', () => {
  const someTopic = fc.constantFrom('sensors/d-1/readings', 'sensors/d-1/status', 'x')

  function holds(topic: string, payload: Uint8Array): void {
    const { measurements, faults } = decode('lamppost', { topic, payload, receivedAt })
    for (const { quantity, value, measuredAt } of measurements) {
      expect(isQuantity(quantity)).toBe(true)
      expect(Number.isFinite(value)).toBe(true)
      expect(Number.isSafeInteger(measuredAt)).toBe(true)
    }
    for (const { code, message } of faults) {
      expect(Object.hasOwn(catalogue, code)).toBe(true)
      expect(message).not.toBe('')
    }
    JSON.stringify(structuredClone(faults))
  }

  it('bytes do no harm', () => {
    fc.assert(fc.property(someTopic, fc.uint8Array({ maxLength: 200 }), holds), { numRuns: 2_000 })
  })

  it('JSON does no harm', () => {
    const name = fc.oneof(fc.constantFrom(...quantityNames, 'at', '__proto__', 'constructor'), fc.string())
    const object = fc.dictionary(name, fc.oneof(fc.double(), fc.jsonValue()), { noNullPrototype: true })
    const body = fc.oneof(object, fc.array(fc.oneof(object, fc.jsonValue())), fc.jsonValue())
    fc.assert(
      fc.property(someTopic, body, (topic, value) =>
        holds(topic, new TextEncoder().encode(JSON.stringify(value)))
      ),
      { numRuns: 2_000 }
    )
  })

  it('almost JSON does no harm', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'nan',
      '-inf',
      '"pm10"',
      '"at"',
      '1',
      ' '
    )
    fc.assert(
      fc.property(someTopic, fc.array(token, { maxLength: 30 }), (topic, tokens) =>
        holds(topic, new TextEncoder().encode(tokens.join('')))
      ),
      { numRuns: 3_000 }
    )
  })

  it('a device of a dialect that this version does not know is read as native', () => {
    const payload = new TextEncoder().encode('{"humidity":50}')
    expect(
      decode('tomorrow', { topic: 'sensors/d-1/readings', payload, receivedAt }).measurements
    ).toHaveLength(1)
    expect([...dialects.keys()][0]).toBe('lamppost')
  })
})
