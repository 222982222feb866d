/** Files read with a mapping: preambles, quotes, units, clocks, several sensors, filters, and rows that are not right. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ImportRefusal, type ImportReport } from '../../ingest/import/import.ts'
import type { DeviceBindings } from '../../ingest/import/mapped-rows.ts'
import { readMapping, type Mapping } from '../../ingest/import/mapping.ts'
import type { Directory } from '../../ingest/ingest.ts'
import type { SaidInterval } from '../../store/promise/keep.ts'
import type { UnixMs } from '../../model/time.ts'
import { ImportRig, reasonsOf, recordOf } from './import-rig.ts'
import { KeepingStore } from './keeping-store.ts'

const folder = join(import.meta.dirname, '../fixtures/mapping')
const file = (name: string): string => join(folder, `${name}.csv`)

function mappingOf(name: string, change: object = {}): Mapping {
  const body = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as object
  return mappingFrom({ ...body, ...change })
}

function mappingFrom(body: object): Mapping {
  const found = readMapping(JSON.stringify(body))
  if (!found.ok) throw new Error(found.refusal)
  return found.mapping
}

const kitchenFrom = Date.UTC(2026, 2, 28, 12, 5) as UnixMs

/** d-1 and d-2 since ever, d-3 since a moment between the rows of rooms.csv; d-2 has an interval. */
const directory: Directory = new Map(
  (['d-1', 'd-2', 'd-3'] as const).map((deviceId) => [
    deviceId,
    {
      deviceId,
      dialect: 'lamppost',
      sensors: [],
      intervalS: deviceId === 'd-2' ? 60 : null,
      intervalSource: deviceId === 'd-2' ? 'given' : null,
      deployments: [
        { deviceId, siteId: `s-${deviceId}`, from: deviceId === 'd-3' ? kitchenFrom : null, until: null }
      ]
    }
  ])
)

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

/** What is stored, by quantity. */
function sorted(): string[] {
  return rig.store.lines().toSorted()
}

function run(
  path: string,
  mapping: Mapping,
  devices: DeviceBindings = { '': 'd-1' },
  change: Parameters<ImportRig['run']>[1] = {}
): Promise<ImportReport> {
  return rig.run([path], { format: { mapping, devices }, directory: () => directory, ...change })
}

describe('Unix time', () => {
  it('that is the day number of a spreadsheet, or seconds for milliseconds, is refused and not taken for 1970', async () => {
    const days = await rig.write('days.csv', 't,T\n46000.5,5\n46000.54,6\n')
    const mapping = (format: string): Mapping =>
      mappingFrom({
        name: 'days',
        time: { columns: ['t'], format, label: 'start' },
        values: [{ column: 'T', quantity: 'temperature', unit: '°C' }]
      })
    await expect(run(days, mapping('X'))).rejects.toThrow('day numbers of a spreadsheet are "serial"')
    const seconds = await rig.write('seconds.csv', 't,T\n1770091506,5\n')
    await expect(run(seconds, mapping('x'))).rejects.toThrow('seconds "X", milliseconds "x"')
    expect(rig.store.kept.size).toBe(0)
  })
})

describe('a logger’s file', () => {
  it('with preamble, padded names, commas in numbers, other units and times of the middle is read', async () => {
    await run(file('logger'), mappingOf('logger'))
    expect(sorted().map((line) => line.replace(' at s-d-1', ''))).toEqual([
      'humidity 78 2026-02-01T22:30:00.000Z',
      'humidity 79 2026-02-01T02:00:00.000Z',
      'humidity 80 2026-02-01T00:00:00.000Z',
      'humidity 81.5 2026-01-31T23:00:00.000Z',
      'no2 17.2125332961 2026-02-01T02:00:00.000Z',
      'no2 19.1250369956 2026-01-31T23:00:00.000Z',
      'no2 22.9500443948 2026-02-01T00:00:00.000Z',
      'pressure 1013.25024 2026-01-31T23:00:00.000Z',
      'pressure 999.918 2026-02-01T02:00:00.000Z',
      'temperature 10 2026-02-01T22:30:00.000Z',
      'temperature 5 2026-01-31T23:00:00.000Z',
      'temperature 5 2026-02-01T04:00:00.000Z',
      'temperature 6 2026-02-01T00:00:00.000Z',
      'temperature 7 2026-02-01T03:00:00.000Z',
      'temperature 8 2026-02-01T02:00:00.000Z'
    ])
  })

  it('says of each bad row what was wrong, in which line', async () => {
    const report = await run(file('logger'), mappingOf('logger'))
    expect(reasonsOf(report)).toEqual([
      'refused rowUnreadable 2',
      'refused timeUnreadable 1',
      'refused notANumber 1'
    ])
    expect(report.reasons.map(({ example }) => example)).toEqual([
      'logger.csv line 12, the row ends early, and its last value, RH, may have been cut: 01/02/2026 04:30;44,6;80',
      'logger.csv line 10, the time "2026-02-01 02:30" is not written as "DD/MM/YYYY HH:mm": 2026-02-01 02:30;43;80;750;9;',
      'logger.csv line 11, RH is "wet", not a number: 01/02/2026 03:30;44,6;wet;750;9;'
    ])
    expect(report).toMatchObject({ duplicates: 1, refused: 4, intervalS: 3_600 })
    expect(report.notes).toEqual([
      'Ignored, because the mapping does not name them: Note.',
      'logger.csv: 2 rows end before the header does; the missing cells count as not measured.'
    ])
  })

  it('that ends in the middle of a row loses that row, and says so', async () => {
    const whole = await readFile(file('logger'), 'utf8')
    const path = await rig.write(
      'cut.csv',
      whole.split('\n').slice(0, 5).join('\n') + '\n01/02/2026 07:30;41'
    )
    const report = await run(path, mappingOf('logger'))
    expect(report.reasons[0]?.example).toContain(
      'cut.csv line 6, the row ends early, and its last value, Temp (°F), may have been cut; the file ends in the middle of it'
    )
    const ended = await rig.write('ended.csv', whole.split('\n').slice(0, 5).join('\n'))
    const [note] = (await run(ended, mappingOf('logger'))).notes
    expect(note).toContain('ended.csv has no line end after its last row, line 5.')
    expect(note).toContain(`may be wrong: ${whole.split('\n')[4]!}`)
  })

  it('with two rows for one time keeps the later, and says where and what gave way', async () => {
    const path = await rig.write(
      'twice.csv',
      'time,pm\n2026-02-01T00:00:00Z,11\n2026-02-01T01:00:00Z,12\n2026-02-01T00:00:00Z,99\n2026-02-01T01:00:00Z,12\n'
    )
    const mapping = mappingFrom({
      name: 'twice',
      time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ssZ', label: 'start' },
      intervalS: 3600,
      values: [{ column: 'pm', quantity: 'pm2_5', unit: 'µg/m³' }]
    })
    const report = await run(path, mapping)
    expect(report).toMatchObject({
      taken: 2,
      duplicates: 2,
      duplicateExample: 'twice.csv line 4, 11 is replaced by 99: 2026-02-01T00:00:00Z,99'
    })
  })

  it('reads the same compressed, with Windows line ends, and twice', async () => {
    await run(file('logger'), mappingOf('logger'))
    const plain = rig.store.lines()
    const text = await readFile(file('logger'), 'utf8')
    for (const content of [gzipSync(text), text.replaceAll('\n', '\r\n')]) {
      rig.store = new KeepingStore()
      const path = await rig.write('same.csv', content)
      await run(path, mappingOf('logger'))
      expect(rig.store.lines()).toEqual(plain)
      expect(await run(path, mappingOf('logger'), { '': 'd-1' })).toMatchObject({ taken: 0, repeated: 15 })
    }
  })

  it('with a stray quote loses the line of the quote, and no other', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `2020-01-01 00:${String(i).padStart(2, '0')},${i / 10},x`
    )
    rows[3] = '2020-01-01 00:03,0.3,"x'
    const path = await rig.write('stray.csv', ['t,a,note', ...rows].join('\n') + '\n')
    const report = await run(path, simple())
    expect(reasonsOf(report)).toEqual(['refused rowUnreadable 1'])
    expect(report.reasons[0]?.example).toContain('stray.csv line 5,')
    expect(rig.store.kept.size).toBe(59)
  })
})

function simple(change: object = {}): Mapping {
  const found = readMapping(
    JSON.stringify({
      name: 'simple',
      time: { columns: ['t'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start' },
      values: [{ column: 'a', quantity: 'temperature', unit: '°C' }],
      ...change
    })
  )
  if (!found.ok) throw new Error(found.refusal)
  return found.mapping
}

describe('a file that does not fit its mapping', () => {
  it.each<[string, string, object, string]>([
    ['lacks a column', 't,b\n', {}, 'its first line has no column "a". It has t, b.'],
    [
      'has a column twice',
      't,a,a\n',
      {},
      'no column "a" once (it has it 2 times; name it by its place, "#2")'
    ],
    ['has another delimiter', 't;a\n', {}, 'no column "t" and "a". It has t;a.'],
    ['has its header further down', 'Export\n\nt,a\n', {}, 'Line 3 has them: set skipLines to 2.'],
    ['ends above its header', 'Export\n', { skipLines: 3 }, 'it ends before line 4.'],
    ['is empty', '', {}, 'is empty.'],
    [
      'has no time that fits',
      't,a\n01/02/2020,1\n02/02/2020,2\n',
      {},
      'no row has a time that can be read; in line 2 the time "01/02/2020" is not written as "YYYY-MM-DD HH:mm".'
    ]
  ])('because it %s is refused in one line, and nothing is stored', async (_what, text, change, message) => {
    const path = await rig.write('wrong.csv', text)
    const failure = await run(path, simple(change)).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(ImportRefusal)
    expect(String(failure)).toContain(path)
    expect(String(failure)).toContain(message)
    expect(rig.saved).toEqual([])
  })

  it('is read when one time in the middle fits', async () => {
    const path = await rig.write('mostly.csv', 't,a\n1/2/2020,1\n2020-02-03 00:00,2\n2/2/2020,3\n')
    expect(await run(path, simple())).toMatchObject({ taken: 1, refused: 2 })
  })
})

describe('a file without a header', () => {
  it('has its columns by number', async () => {
    const path = await rig.write('bare.txt', '2020-01-01\t00:00\t4.5\n2020-01-01\t00:01\t4.6\n')
    const time = { columns: ['#1', '#2'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start' }
    const values = [{ column: '#3', quantity: 'temperature', unit: '°C' }]
    const report = await run(path, simple({ header: false, delimiter: '\t', time, values }))
    expect(report).toMatchObject({ taken: 2, rows: 2 })
  })
})

describe('several sensors in one file', () => {
  it('go to the devices their keys are bound to, each with its own deployments', async () => {
    const said: unknown[] = []
    const onInterval = (deviceId: string, one: SaidInterval): void => void said.push([deviceId, one])
    const report = await run(
      file('rooms'),
      mappingOf('rooms'),
      { kitchen: 'd-3', bathroom: 'd-2' },
      { onInterval }
    )
    expect(sorted()).toEqual([
      'humidity 51 at s-d-3 2026-03-28T12:10:00.000Z',
      'humidity 70 at s-d-2 2026-03-28T12:00:00.000Z',
      'humidity 71 at s-d-2 2026-03-28T12:10:00.000Z',
      'temperature 18 at s-d-2 2026-03-28T12:00:00.000Z',
      'temperature 18.1 at s-d-2 2026-03-28T12:10:00.000Z',
      'temperature 20.6 at s-d-3 2026-03-28T12:10:00.000Z'
    ])
    expect(reasonsOf(report)).toEqual(['refused unclaimed 1'])
    // Whatever the device does otherwise: the file is one stretch of its time.
    const noon = Date.UTC(2026, 2, 28, 12)
    expect(said).toContainEqual(['d-2', { intervalS: 600, from: noon, until: noon + 1_200_000 }])
    expect(said).toContainEqual(['d-3', { intervalS: 600, from: noon + 600_000, until: noon + 1_200_000 }])
  })

  it('that are not bound are left out, which is said', async () => {
    const report = await run(file('rooms'), mappingOf('rooms'), { bathroom: 'd-1' })
    expect(report).toMatchObject({ taken: 4, refused: 0 })
    expect(report.notes[0]).toBe('Ignored, because no sensor is given for them (--device KEY=ID): kitchen.')
  })

  it('named by a column of a long file are told apart; what is not asked for is counted', async () => {
    const report = await run(file('station'), mappingOf('station'), { 'High Street': 'd-1', Park: 'd-2' })
    expect(sorted()).toEqual([
      'no2 12 at s-d-2 2020-01-01T00:00:00.000Z',
      'no2 2200 at s-d-1 2020-01-01T23:00:00.000Z',
      'no2 40 at s-d-1 2020-01-01T00:00:00.000Z',
      'o3 39.9066861882 at s-d-1 2020-01-01T00:00:00.000Z'
    ])
    expect(reasonsOf(report)).toEqual(['refused unitUnknown 1'])
    expect(report.reasons[0]?.example).toContain('line 5, inches is no unit of O₃; it takes')
    expect(report.ignored.map(({ reason, count }) => `${count} ${reason}`)).toEqual([
      '1 the hub does not know the quantity benzene',
      '1 the mapping does not name "SO2"',
      '1 QC is not "V"',
      '1 no sensor is given for "Harbour" (--device KEY=ID)'
    ])
  })

  it('named by a column, with one device: the first row’s is meant', async () => {
    await run(file('station'), mappingOf('station'))
    expect(rig.store.kept.size).toBe(3)
  })
})

describe('ratified values', () => {
  it('are not evaluated, whatever they are; the same values are when nobody assured them', async () => {
    await run(file('station'), mappingOf('station'), { '': 'd-1' })
    expect(rig.flags()[1]).toBe('no2 2200 2 ratified')
    rig.store = new KeepingStore()
    await run(file('station'), mappingOf('station', { ratified: false }), { '': 'd-1' })
    expect(rig.flags()[1]).toBe('no2 2200 3 unusual')
  })

  it('may be older than any sensor', async () => {
    const path = await rig.write('old.csv', 't,a\n1961-07-01 00:00,14.2\n')
    expect(await run(path, simple({ ratified: true }))).toMatchObject({ taken: 1, refused: 0 })
    const ahead = await rig.write('ahead.csv', 't,a\n2061-07-01 00:00,14.2\n')
    expect(reasonsOf(await run(ahead, simple({ ratified: true })))).toEqual(['refused timeAhead 1'])
  })
})

describe('an import with a mapping that is broken off', () => {
  it('goes on at the row, across rows of several lines and a night when clocks change', async () => {
    const minutes = Array.from({ length: 300 }, (_, i) => Date.UTC(2026, 9, 24, 23) + i * 60_000)
    const wall = (at: number): string =>
      new Date(at + (at < Date.UTC(2026, 9, 25, 1) ? 3_600_000 : 0))
        .toISOString()
        .slice(0, 16)
        .replace('T', ' ')
    const rows = minutes.map((at, i) => `${wall(at)},${i / 10},${i % 7 === 0 ? '"two\nlines"' : ''}`)
    const path = await rig.write('night.csv', ['t,a,note', ...rows].join('\n') + '\n')
    const time = { columns: ['t'], format: 'YYYY-MM-DD HH:mm', zone: 'Europe/London', label: 'start' }
    const mapping = simple({ time })
    await run(path, mapping)
    const whole = rig.store.lines()
    expect(whole).toHaveLength(300)
    for (const writes of [1, 2, 3, 5]) {
      rig.store = new KeepingStore()
      rig.saved = []
      const failing = {
        write: (batch: Parameters<KeepingStore['write']>[0]) => {
          if (rig.store.batches.length >= writes) rig.store.takeAway()
          return rig.store.write(batch)
        }
      }
      const broken = run(path, mapping, undefined, { store: failing, batchReadings: 45 })
      await expect(broken).rejects.toThrow('the disk is full')
      rig.store.giveBack()
      const record = rig.saved.at(-1) ?? recordOf([path])
      const report = await run(path, mapping, undefined, { record, batchReadings: 45 })
      expect(rig.store.lines()).toEqual(whole)
      expect(report).toMatchObject({ taken: 300, repeated: 0, refused: 0, isFinished: true })
    }
  })
})
