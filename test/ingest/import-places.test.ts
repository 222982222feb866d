/** A file that was measured elsewhere: told by the cell of earlier imports, by the street's line, and never by an exact place. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { knownPlaces } from '../../ingest/import/known-places.ts'
import type { Position, Site, Street } from '../../model/place.ts'
import type { ImportRecord } from '../../registry/registry.ts'
import { ImportRig, now, reasonsOf, recordOf } from './import-rig.ts'

let rig: ImportRig
beforeEach(async () => {
  rig = await ImportRig.open()
})
afterEach(() => rig.close())

const bristol = [-2.5879, 51.4545] as const
/** 3 km away, and 170 km. */
const nearby = [-2.6201, 51.4713] as const
const london = [-0.1276, 51.5072] as const

const site: Site = {
  ...{ siteId: 's-1', streetId: 'ashley-road', name: 'Site', placement: 'outdoor' },
  ...{ homeId: '', personId: 'p-1' }
}
const street = (lines: Street['lines']): Street => ({
  ...{ streetId: 'ashley-road', name: 'Ashley Road', lines, attribution: '' }
})

async function archived(sensor: number, [lon, lat]: Position): Promise<string[]> {
  const rows = [0, 5, 10].map(
    (minute) =>
      `${sensor};SDS011;77;${lat};${lon};2026-10-01T00:${String(minute).padStart(2, '0')}:00;9.1;4.2`
  )
  const header = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;P2'
  return [await rig.write(`${sensor}.csv`, [header, ...rows, ''].join('\n'))]
}

const places = (records: readonly ImportRecord[], lines: Street['lines'] = []) =>
  knownPlaces([site], [street(lines)], records, 6)

async function imported(at: Position): Promise<ImportRecord> {
  await rig.run(await archived(1, at))
  return rig.saved.at(-1)!
}

it('is refused where earlier imports of the site were measured far away, and nothing exact is remembered of them', async () => {
  const first = await imported(bristol)
  expect(first.places).toEqual({ 's-1': [-2.6, 51.5] })
  const files = await archived(2, london)
  const report = await rig.run(files, {
    record: recordOf(files, { importId: 6 }),
    knownPlaces: places([first])
  })
  expect(reasonsOf(report)).toEqual(['refused otherPlace 3'])
  expect(report.reasons[0]!.example).toContain('171 km from where earlier imports')
  expect(report.taken).toBe(0)
  expect(rig.saved.at(-1)!.places).toBeUndefined()
})

it.each([
  ['some kilometres away: a position that was corrected', nearby, {}],
  ['far from an import that was undone', london, { undoneAt: now }]
])('is taken %s', async (_what, at, change) => {
  const first = await imported(bristol)
  const files = await archived(2, at)
  const report = await rig.run(files, { knownPlaces: places([{ ...first, ...change }]) })
  expect(reasonsOf(report)).toEqual([])
  expect(report.notes).toEqual([])
})

it('is taken and pointed out where the street lies far away, and only there', async () => {
  const line = [[[-2.583, 51.467] as const, [-2.579, 51.469] as const]]
  const far = await rig.run(await archived(1, london), { knownPlaces: places([], line) })
  expect(far.taken).toBe(6)
  expect(far.notes).toEqual([expect.stringMatching(/^The rows were measured 17\d km from Ashley Road/)])
  const near = await rig.run(await archived(1, bristol), { knownPlaces: places([], line) })
  expect(near.notes).toEqual([])
})
