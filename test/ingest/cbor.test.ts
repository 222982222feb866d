/** CBOR by the examples of RFC 8949, appendix A, and SenML's own in RFC 8428. */
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../ingest/cbor.ts'
import { decode } from '../../ingest/decode.ts'
import type { UnixMs } from '../../model/time.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')

describe('CBOR', () => {
  it.each<[hex: string, value: unknown]>([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['3903e7', -1000],
    ['f90000', 0],
    ['f93e00', 1.5],
    ['f9c400', -4],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['c11a514b67b0', 1_363_896_240],
    ['6449455446', 'IETF'],
    ['62c3bc', 'ü'],
    ['83010203', [1, 2, 3]],
    ['a201020304', { 1: 2, 3: 4 }],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }]
  ])('%s is %j', (hex, value) => {
    expect(readCbor(bytes(hex))).toEqual(value)
  })

  it.each([
    '',
    '18',
    '5f42010243030405ff',
    '9b7fffffffffffffff',
    'bb7fffffffffffffff00',
    'ff',
    '0000',
    '8181818181818181818100',
    '7b7fffffffffffffff'
  ])('that is cut, lies about its length or nests without end is none: %s', (hex) => {
    expect(readCbor(bytes(hex))).toBeUndefined()
  })
})

describe('SenML in CBOR', () => {
  it('is read by its labels, with values in four bytes as they are written', () => {
    // [{-2: "urn:dev:mac:0024befffe804ff1:", -3: 1795341540}, {0: "temperature", 1: "Cel", 2: 18.4f}, {0: "humidity", 1: "%RH", 2: 71}]
    const pack = bytes(
      `83 a2 21 781d ${Buffer.from('urn:dev:mac:0024befffe804ff1:').toString('hex')} 22 1a ${(1_795_341_540).toString(16)}
       a3 00 6b ${Buffer.from('temperature').toString('hex')} 01 63 43656c 02 fa 41933333
       a3 00 68 ${Buffer.from('humidity').toString('hex')} 01 63 255248 02 1847`
    )
    const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
    const { measurements, faults } = decode('senml', { topic: 'push/senml', payload: pack, receivedAt })
    expect(faults).toEqual([])
    expect(measurements.map(({ quantity, value, measuredAt }) => [quantity, value, measuredAt])).toEqual([
      ['temperature', 18.4, 1_795_341_540_000],
      ['humidity', 71, 1_795_341_540_000]
    ])
  })
})

describe('packed bytes of openSenseMap', () => {
  const box = JSON.stringify({
    sensors: [{ _id: '5b26181b1fef04001b69093d', title: 'Temperatur', unit: '°C', sensorType: 'HDC1080' }]
  })
  const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
  const read = (topic: string, hex: string) => {
    const payload = bytes(hex)
    const { measurements, faults } = decode('opensensemap', { topic, payload, receivedAt }, { map: box })
    return [
      ...measurements.map(({ quantity, value, measuredAt }) => [quantity, value, measuredAt]),
      ...faults.map(({ code }) => code)
    ]
  }
  // 18.4 as a float, the smaller byte first; 1795341540 likewise.
  const value = '5b26181b1fef04001b69093d 33339341'

  it('hold a value each, with or without its time', () => {
    expect(read('push/opensensemap/bytes', value)).toEqual([['temperature', 18.4, receivedAt]])
    expect(read('push/opensensemap/bytes-ts', `${value} e4bc026b`)).toEqual([
      ['temperature', 18.4, Date.UTC(2026, 10, 22, 9, 59)]
    ])
  })

  it('that were cut are told', () => {
    expect(read('push/opensensemap/bytes', value.slice(0, -2))).toEqual(['payloadShape'])
  })
})
