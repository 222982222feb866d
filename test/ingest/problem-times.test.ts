/** Of what time a problem tells: what a box sends late is judged by where it was then. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IngestRig, start } from './ingest-rig.ts'

let rig: IngestRig
beforeEach(async () => {
  rig = await IngestRig.open()
})
afterEach(() => rig.close())

const early = '2026-11-22T08:00:00Z'
it.each([
  ['a value without a time', { humidity: 140 }, start],
  ['a late value', { at: early, humidity: 140 }, Date.parse(early)],
  ['a late value that cannot be read', { at: early, humidity: '140' }, Date.parse(early)],
  [
    'one of several moments',
    [
      { at: early, humidity: '140' },
      { at: '2026-11-22T09:59:00Z', humidity: 140 }
    ],
    Date.parse(early)
  ],
  ['a value that cannot be read, without a time', { humidity: '140' }, null],
  ['a time that cannot be read', { at: 'yesterday', humidity: 140 }, null],
  ['a time too long ago', { at: '2020-01-01T00:00:00Z', humidity: 140 }, null],
  ['no JSON', '{"humidity":140', null]
])('says of what time %s tells', async (_what, body, aboutFrom) => {
  await rig.send(body)
  await rig.follow().drain()
  expect(new Set(rig.told.problems.map((problem) => problem.aboutFrom))).toEqual(new Set([aboutFrom]))
})
