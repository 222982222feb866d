/**
 * Files made after what people who do this job report: each as its EXPECT.txt says. They lie beside the repository; without
 * them the fixtures of the other import tests, which are of the same kinds, stand alone.
 */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportReport } from '../../ingest/import/import.ts'
import { readMapping } from '../../ingest/import/mapping.ts'
import type { Quantity } from '../../model/quantity.ts'
import { toIso } from '../../model/time.ts'
import { readStreets } from '../../registry/geojson.ts'
import { ImportRig } from './import-rig.ts'

const folder = join(import.meta.dirname, '../../../shared/cases')
const isHere = existsSync(folder)

let rig: ImportRig
beforeEach(async () => {
  rig = await ImportRig.open()
})
afterEach(() => rig.close())

/** Imports files of a case; an import that is refused gives its one line. */
async function run(
  name: string,
  files: string | string[],
  map?: string,
  change: object = {}
): Promise<ImportReport | string> {
  const paths = [files].flat().map((file) => join(folder, name, file))
  const format =
    map === undefined ? {} : { format: { mapping: mappingOf(name, map, change), devices: { '': 'd-1' } } }
  return rig
    .run(paths, format)
    .catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause)))
}

function mappingOf(name: string, map: string, change: object) {
  const body = JSON.parse(readFileSync(join(folder, name, map), 'utf8')) as object
  const found = readMapping(JSON.stringify({ ...body, ...change }))
  if (!found.ok) throw new Error(found.refusal)
  return found.mapping
}

const kept = (quantity: Quantity) =>
  [...rig.store.kept.values()].filter((reading) => reading.quantity === quantity)

function mean(quantity: Quantity): number {
  const values = kept(quantity).map(({ value }) => value)
  return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(6))
}

function byTime(quantity: Quantity): Record<string, number> {
  return Object.fromEntries(kept(quantity).map(({ measuredAt, value }) => [toIso(measuredAt), value]))
}

const truthOf = (name: string): Record<string, number> =>
  JSON.parse(readFileSync(join(folder, name, 'dst_truth.json'), 'utf8')) as Record<string, number>

/** Each case by its name, so that one that is new and has no test is seen. */
const cases: Record<string, () => Promise<void>> = {
  async 'ampm-words'() {
    for (const file of ['ampm_sv.csv', 'ampm_es_nbsp.csv', 'ampm_el.csv']) {
      rig.store.kept.clear()
      const rows =
        readFileSync(join(folder, 'ampm-words', file), 'utf8')
          .trim()
          .split('\n').length - 2
      expect(await run('ampm-words', file, 'ampm.json')).toMatchObject({ taken: rows, refused: 0 })
      expect(toIso(kept('temperature')[0]!.measuredAt)).toBe('2024-03-04T08:00:00.000Z')
      expect(toIso(kept('temperature')[3]!.measuredAt)).toBe('2024-03-04T11:00:00.000Z')
    }
  },
  async 'control-bytes'() {
    expect(await run('control-bytes', 'esc.csv', 'dst.json')).toContain('has no column "Time"')
  },
  async 'dst-ascending'() {
    await run('dst-ascending', 'dst_asc.csv', 'dst.json')
    expect(byTime('temperature')).toMatchObject(truthOf('dst-ascending'))
    rig.store.kept.clear()
    await run('dst-ascending', 'dst_end.csv', 'dst_end.json')
    expect(kept('temperature').map(({ measuredAt }) => toIso(measuredAt).slice(5, 13))).toEqual(
      ['26T21', '26T22', '26T23', '27T00', '27T01', '27T02', '27T03', '27T04'].map((hour) => `10-${hour}`)
    )
  },
  async 'dst-descending'() {
    await run('dst-descending', 'dst_desc.csv', 'dst.json')
    expect(byTime('temperature')).toMatchObject(truthOf('dst-descending'))
  },
  async 'dst-duplicate'() {
    expect(await run('dst-duplicate', 'dst_dup.csv', 'dst.json')).toMatchObject({ duplicates: 1, refused: 0 })
    expect(byTime('temperature')).toEqual(truthOf('dst-duplicate'))
  },
  async encodings() {
    for (const file of ['easylog_latin1.txt', 'easylog_utf16le.txt']) {
      rig.store.kept.clear()
      const report = await run('encodings', file, 'easylog.json')
      expect(report).toMatchObject({ refused: 0 })
      expect(
        kept('temperature')
          .slice(0, 3)
          .map(({ value }) => value)
      ).toEqual([14, 14.5, 15])
      expect(kept('humidity')).toHaveLength(kept('temperature').length)
    }
  },
  async 'header-changes'() {
    const report = await run('header-changes', 'reboot.txt', 'reboot.json')
    expect(report).toMatchObject({ refused: 0 })
    expect([mean('pm10'), mean('pm2_5'), mean('temperature'), mean('humidity')]).toEqual([
      22.95, 12.95, 5.45, 82.45
    ])
  },
  async 'header-repeated-same'() {
    expect(await run('header-repeated-same', 'reboot_same.txt', 'reboot.json')).toMatchObject({
      taken: 240,
      refused: 0,
      ignored: [{ count: 2 }]
    })
  },
  async 'many-files'() {
    const days = readdirSync(join(folder, 'many-files/daily'))
    const files = Array.from({ length: 120 }, (_, day) => {
      const file = join(rig.folder, `day-${day}.csv`)
      cpSync(join(folder, 'many-files/daily', days[day % days.length]!), file)
      const date = toIso((Date.UTC(2024, 0, 1) + day * 86_400_000) as never).slice(0, 10)
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/2024-01-0\dT/g, `${date}T`))
      return file
    })
    expect(await rig.run(files)).toMatchObject({
      isFinished: true,
      refused: 0,
      duplicates: 0,
      rows: 120 * 24
    })
  },
  async 'moved-sensor'() {
    const report = (await run('moved-sensor', 'moved.csv')) as ImportReport
    expect(report.reasons).toMatchObject([{ code: 'otherPlace' }])
    expect(report.reasons[0]?.example).toContain(
      'moved.csv line 50, location 1812 is 227 km from location 60'
    )
    expect(mean('pm10')).toBe(12)
  },
  async overlap() {
    const report = await run('overlap', ['overlap_first.csv', 'overlap_second.csv'], 'overlap.json')
    expect(report).toMatchObject({ taken: 20, duplicates: 20 })
  },
  async 'thousands-comma'() {
    const plain = (await run('thousands-comma', 'thousands_en.csv', 'thousands_en.json')) as ImportReport
    expect(plain.refused).toBe(38)
    expect(plain.reasons[0]?.example).toContain('if "," parts thousands, say "thousands": "," in the mapping')
    rig.store.kept.clear()
    const change = { thousands: ',' }
    expect(await run('thousands-comma', 'thousands_en.csv', 'thousands_en.json', change)).toMatchObject({
      taken: 48,
      refused: 0
    })
    expect(kept('pressure')[0]?.value).toBe(1009)
    expect(kept('co2')[10]?.value).toBe(1000)
  },
  async 'two-towns'() {
    const { named, skipped } = readStreets(
      readFileSync(join(folder, 'two-towns/streets_noempty.geojson'), 'utf8')
    )
    expect(named).toMatchObject([{ shape: 'an area' }, { shape: 'a collection of shapes' }])
    expect(skipped.notLines).toBe(2)
    await Promise.resolve()
  },
  async 'uk-air'() {
    expect(await run('uk-air', 'ukair.csv', 'ukair.json')).toMatchObject({ taken: 213, refused: 0 })
    expect(kept('pm10')[0]).toMatchObject({ value: 10.1, flag: 2, measuredAt: Date.UTC(2025, 9, 1) })
    rig.store.kept.clear()
    const pivot = {
      time: {
        columns: ['Date'],
        format: 'DD-MM-YYYY',
        offset: 'Z',
        label: 'end',
        marks: { '##': 'valid' }
      },
      hours: { format: 'HH:mm', quantity: 'pm2_5', unit: 'µg/m³' },
      values: undefined
    }
    expect(await run('uk-air', 'ukair_pivot.csv', 'ukair.json', pivot)).toMatchObject({
      taken: 96,
      refused: 0
    })
    expect(kept('pm2_5').at(0)).toMatchObject({ value: 1.01, flag: 2, measuredAt: Date.UTC(2025, 9, 1) })
    expect(kept('pm2_5').at(-1)).toMatchObject({ value: 4.24, flag: 1, measuredAt: Date.UTC(2025, 9, 4, 23) })
  },
  async 'units-in-cells'() {
    expect(await run('units-in-cells', 'grafana.csv', 'grafana.json')).toMatchObject({
      taken: 11,
      refused: 0
    })
    const times = kept('temperature').map(({ measuredAt }) => toIso(measuredAt).slice(8, 16))
    expect(times).toEqual([
      '26T22:00',
      '26T22:30',
      '26T23:00',
      '26T23:30',
      '27T00:00',
      '27T00:30',
      '27T01:00',
      '27T01:30',
      '27T02:00',
      '27T02:30',
      '27T03:00'
    ])
  },
  async zip() {
    expect(await run('zip', 'easylog_deflate.zip', 'easylog.json')).toContain(
      'it is a zip archive; unpack it'
    )
  }
}

/** What other tests are about: the rules of quality, the broker, the decoder. */
const elsewhere = [
  'co2-zero',
  'laeq-zero',
  'mosquitto-bridge',
  'saturated-days',
  'saturated-humidity',
  'trailing-nul'
]

describe('the cases beside the repository', () => {
  it('are all tested here or elsewhere, if they are there', () => {
    const there = isHere ? readdirSync(folder).filter((name) => !name.includes('.')) : Object.keys(cases)
    expect([...Object.keys(cases), ...elsewhere]).toEqual(expect.arrayContaining(there))
  })

  it.each(isHere ? Object.entries(cases) : [])('%s', (_name, check) => check())
})
