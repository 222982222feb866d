/** Plain objects read from their bytes are what JSON.parse makes of them, and everything else is left alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../ingest/decode.ts'
import { Names, scanObjects, valueIn } from '../../ingest/scan.ts'
import { arrayReadingsMax } from '../../model/limits.ts'
import { measuredNames } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

const list = ['at', 'a', 'b', 'pm2_5', 'temperature', 'x y']
const names = new Names(list)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** As objects, to be compared. */
function scanned(text: string, objectsMax = 500): unknown {
  const objects = scanObjects(bytes(text), names, objectsMax)?.map((members) =>
    Object.fromEntries(
      list
        .flatMap((name, i) => (members.includes(i) ? [[name, valueIn(members, i)]] : []))
        .filter(([, value]) => value !== undefined)
    )
  )
  return objects === undefined || text.trimStart().startsWith('[') ? objects : objects[0]
}

describe('what is read from the bytes', () => {
  it.each([
    '{"a":1}',
    '{"a":0,"b":0.5,"at":"2026-11-22T10:00:00Z"}',
    ' {\n\t"a" : -12.34 ,\r\n "b" : null } ',
    '[{"a":1},{"a":2,"b":3}]',
    '[ {"a":1} , {"b":2} ]',
    '{"a":123456789012345,"b":0.00000000000001}',
    '{"x y":""}'
  ])('%s', (text) => expect(scanned(text)).toEqual(JSON.parse(text)))

  it.each([
    ...['', ' ', '{', '{"', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a":1}}', '{"a":1} x'],
    ...['[', '[]', '[{"a":1}', '[{"a":1},', '[{"a":1},]', '[{"a":1}]]', '[1]', '{}', '[{}]', '"a"', '1'],
    ...['{"a":01}', '{"a":-}', '{"a":-0}', '{"a":-0.0}', '{"a":.5}', '{"a":5.}', '{"a":1e3}', '{"a":1.2.3}'],
    ...['{"a":+1}', '{"a":1234567890123456}', '{"a":nan}', '{"a":nul}', '{"a":nulls}', '{"a":true}'],
    ...['{"a":{}}', '{"a":[1]}', '{"a":"\\n"}', '{"a":"\n"}', '{"a":"é"}', '{"a":"x}', "{'a':1}"],
    ...[
      '{"c":1}',
      '{"a":1,"a":2}',
      '{"\\u0061":1}',
      '{"a":1 "b":2}',
      '{"a" 1}',
      '{"a":1}{"a":1}',
      '\uFEFF{"a":1}'
    ]
  ])('is nothing of %s', (text) => expect(scanned(text)).toBeUndefined())

  it('is no list that is too long', () => {
    expect(scanned('[{"a":1},{"a":1}]', 2)).toHaveLength(2)
    expect(scanned('[{"a":1},{"a":1},{"a":1}]', 2)).toBeUndefined()
  })

  it('is what JSON.parse gives, or nothing', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.double({ min: -50, max: 2_000 }).map((one) => Number(one.toFixed(2))),
      fc.string(),
      fc.constantFrom(null, true, [], {})
    )
    const object = fc.dictionary(fc.constantFrom(...list, 'c'), value)
    fc.assert(
      fc.property(fc.oneof(object, fc.array(object)), fc.nat(3), (one, spaces) => {
        const text = JSON.stringify(one, null, spaces)
        const read = scanned(text)
        if (read !== undefined) expect(read).toEqual(JSON.parse(text))
      }),
      { numRuns: 1_000 }
    )
  })
})

it('the same readings come of a message whichever way it is read', () => {
  const names = fc.constantFrom(...measuredNames, 'at', 'foo')
  const value = fc.oneof(
    fc.double({ min: -50, max: 2_000, noNaN: true }),
    fc.integer(),
    fc.constantFrom(null, -0, 'x', '2026-11-22T09:59:00Z', '2026-11-22T09:59:00')
  )
  const object = fc.dictionary(names, value)
  const receivedAt = Date.UTC(2026, 10, 22, 10) as UnixMs
  const topic = 'sensors/d-1/readings'
  fc.assert(
    fc.property(fc.oneof(object, fc.array(object, { maxLength: arrayReadingsMax })), (one) => {
      const text = JSON.stringify(one)
      const payload = bytes(text)
      // Who wants to hear of each field is answered from JSON.parse.
      const notes = { recognised: () => undefined, assumed: () => undefined, ignored: () => undefined }
      const explained = decode('lamppost', { topic, payload, receivedAt }, { notes })
      expect(decode('lamppost', { topic, payload, receivedAt })).toEqual(explained)
    }),
    { numRuns: 1_000 }
  )
})
