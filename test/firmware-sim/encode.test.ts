/** The simulator's own encoder, against what the native payload says. */
import { describe, expect, it } from 'vitest'
import { fieldName, PayloadWriter, statusPayload } from '../../firmware-sim/encode.ts'
import { parseIsoZoned } from '../../model/time.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

describe('a number', () => {
  it.each([
    [8.1, 1, '8.1'],
    [8, 1, '8.0'],
    [0.04, 1, '0.0'],
    [-0.04, 1, '0.0'],
    [-3.25, 2, '-3.25'],
    [-0.5, 1, '-0.5'],
    [9.999, 2, '10.00'],
    [1013.25, 1, '1013.3'],
    [99.95, 0, '100'],
    [1999.9, 1, '1999.9'],
    [NaN, 1, 'nan']
  ])('%d with %d decimals is %s', (value, decimals, written) => {
    const writer = new PayloadWriter()
    writer.number(value, decimals)
    expect(text(writer.take())).toBe(written)
  })
})

describe('an object', () => {
  const at = parseIsoZoned('2026-11-22T10:05:09.250Z')!
  it.each([
    ['iso', '{"at":"2026-11-22T10:05:09Z","pm2_5":8.1}'],
    ['unixS', '{"at":1795341909,"pm2_5":8.1}'],
    ['unixMs', '{"at":1795341909250,"pm2_5":8.1}']
  ] as const)('writes its time as %s', (style, written) => {
    const writer = new PayloadWriter()
    writer.byte(123)
    writer.at(at, style)
    writer.name(fieldName('pm2_5'))
    writer.number(8.1, 1)
    writer.byte(125)
    expect(text(writer.take())).toBe(written)
    expect(writer.isEmpty).toBe(true)
  })
})

it('a status holds the battery only where there is one', () => {
  const status = { rssi: -67, firmware: 'lamp-air 2.1.0', uptimeS: 60 }
  expect(JSON.parse(text(statusPayload({ ...status, battery: 80.6 })))).toEqual({ ...status, battery: 81 })
  expect(JSON.parse(text(statusPayload({ ...status, battery: null })))).toEqual(status)
})
