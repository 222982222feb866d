/** JSON as firmware sends it: with the zero bytes of a C string. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../ingest/decode.ts'
import type { Decoded } from '../../ingest/ingest.ts'
import { readNumber } from '../../ingest/payload.ts'
import type { UnixMs } from '../../model/time.ts'

function read(text: string): Decoded {
  return decode('lamppost', {
    topic: 'sensors/d-1/readings',
    payload: new TextEncoder().encode(text),
    receivedAt: Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
  })
}

describe('a number in decimal', () => {
  it('is the number that JavaScript reads, and nothing else is one', () => {
    const digits = fc.stringMatching(/^[-+]?\d{0,12}\.?\d{0,12}(?:e-?\d{1,3})?$/)
    fc.assert(
      fc.property(fc.oneof(digits, fc.double().map(String), fc.string({ maxLength: 8 })), (text) => {
        const isDecimal = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text)
        const expected = isDecimal && Number.isFinite(Number(text)) ? Number(text) : undefined
        expect(readNumber(text), JSON.stringify(text)).toBe(expected)
      }),
      { numRuns: 20_000 }
    )
  })
})

describe('zero bytes', () => {
  it.each([
    ['{"pm2_5":8.2,"temperature":9.5}\0', []],
    ['{"pm2_5":8.2,"temperature":9.5}\0\0\0', []],
    ['{"pm2_5":8.2,"temperature":nan}\0', ['notANumber']]
  ])('after the text mean nothing: %j', (text, codes) => {
    const { measurements, faults } = read(text)
    expect(measurements[0]).toMatchObject({ quantity: 'pm2_5', value: 8.2 })
    expect(faults.map(({ code }) => code)).toEqual(codes)
  })

  it('inside the text are named, with their place', () => {
    const [fault] = read('{"pm2_5":8.2}\0}').faults
    expect(fault).toMatchObject({ code: 'payloadNotJson' })
    expect(fault?.message).toContain('a zero byte after 13 characters')
  })
})
