/** Names that stand twice in one object: found wherever they are, and never where they are not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../ingest/decode.ts'
import { isObject } from '../../ingest/payload.ts'
import { memberCount, repeatedKey } from '../../ingest/repeated-key.ts'
import type { UnixMs } from '../../model/time.ts'

const find = (text: string): string | undefined => {
  const parsed: unknown = JSON.parse(text)
  const objects = (Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed]).filter(isObject)
  return repeatedKey(
    text,
    objects.reduce((sum: number, one) => sum + memberCount(one), 0)
  )
}

describe('a repeated key', () => {
  it.each([
    ['{"pm2_5":1,"pm2_5":2}', 'pm2_5'],
    ['[{"pm10":1},{"pm10":1},{"at":0,"pm1":1,"pm1":2}]', 'pm1'],
    ['{ "pm1" : 1 ,\n"pm1" : 2 }', 'pm1'],
    ['{"pm2_5":1,"pm2\\u005f5":2}', 'pm2_5'],
    ['{"a":{"b":1,"b":2}}', 'b'],
    ['{"a":{"b":1},"b":{"a":[{"a":1},{"a":2}]}}', undefined],
    ['{"a":"\\"b\\":1","b":2}', undefined],
    ['[[1,2],[3]]', undefined],
    ['{}', undefined],
    ['12', undefined]
  ])('of %s is %s', (text, key) => expect(find(text)).toBe(key))

  it('is never seen in what has none, however it is spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, spaces) => {
        expect(find(JSON.stringify(value, null, spaces))).toBeUndefined()
      })
    )
  })

  it('is found wherever a member is said again', () => {
    const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 })
    fc.assert(
      fc.property(object, fc.nat(), (value, which) => {
        const names = Object.keys(value)
        const name = names[which % names.length]!
        const text = JSON.stringify(value).replace(/}$/, () => `,${JSON.stringify(name)}:1}`)
        expect(find(text)).toBe(name)
      })
    )
  })

  it('costs its host a line, and the reading nothing', () => {
    const payload = new TextEncoder().encode('{"pm2_5":8.1,"pm10":3,"pm2_5":8.4}')
    const topic = 'sensors/d-1/readings'
    const { measurements, faults } = decode('lamppost', { topic, payload, receivedAt: 0 as UnixMs })
    expect(measurements.map(({ quantity, value }) => [quantity, value])).toEqual([
      ['pm2_5', 8.4],
      ['pm10', 3]
    ])
    expect(faults).toMatchObject([{ code: 'repeatedField', field: 'pm2_5' }])
    expect(faults[0]?.message).toContain('the last value was used')
  })
})
