/** Headers in the middle of files, rows that end early, and sensors that moved: no value from another column or place. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportReport, ImportRequest } from '../../ingest/import/import.ts'
import { headerKind } from '../../ingest/import/header-rows.ts'
import { readMapping, type Mapping } from '../../ingest/import/mapping.ts'
import type { Directory } from '../../ingest/ingest.ts'
import { metresBetween } from '../../model/distance.ts'
import type { UnixMs } from '../../model/time.ts'
import { directoryWith, ImportRig, reasonsOf, recordOf } from './import-rig.ts'

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

function mappingOf(change: object = {}): Mapping {
  const found = readMapping(
    JSON.stringify({
      name: 'node',
      delimiter: ';',
      time: { columns: ['at'], format: 'X', label: 'start' },
      values: [
        { column: 'PM10', quantity: 'pm10', unit: 'µg/m³' },
        { column: 'T', quantity: 'temperature', unit: '°C' }
      ],
      ...change
    })
  )
  if (!found.ok) throw new Error(found.refusal)
  return found.mapping
}

const from = Date.UTC(2024, 1, 1) / 1_000
/** Rows of a moment each, in the order of the header that stands above them. */
const at = (minute: number, ...cells: string[]): string => [from + 60 * minute, ...cells].join(';')

async function run(
  lines: string[],
  mapping = mappingOf(),
  change: Partial<ImportRequest> = {}
): Promise<ImportReport> {
  const file = await rig.write('node.csv', lines.join('\n') + '\n')
  return rig.run([file], { format: { mapping, devices: { '': 'd-1' } }, ...change })
}

/** "0 pm10 20", minute by minute. */
function kept(): string[] {
  return [...rig.store.kept.values()]
    .map(({ measuredAt, quantity, value }) => `${(measuredAt / 1_000 - from) / 60} ${quantity} ${value}`)
    .toSorted()
}

const refusedHeader = (report: ImportReport) => report.reasons.filter(({ code }) => code === 'otherHeader')

describe('another header in the middle of a file', () => {
  it('is what the rows below it are read by', async () => {
    const report = await run([
      'at;PM10;T',
      at(0, '20', '5'),
      'at;T;RH;PM10',
      at(1, '6', '80', '21'),
      at(2, '7', '81', '22')
    ])
    expect(kept()).toEqual([
      '0 pm10 20',
      '0 temperature 5',
      '1 pm10 21',
      '1 temperature 6',
      '2 pm10 22',
      '2 temperature 7'
    ])
    expect(report.refused).toBe(0)
    expect(report.notes).toContain('node.csv: line 3 is another header; the rows below it are read by it.')
  })

  it.each([
    ['lacks a column', 'at;RH;T'],
    ['calls the time another name', 'time;T;PM10'],
    ['has another unit in a name', 'at;PM10;T (F)'],
    ['shares no word with the one before', 'Zeit;Luftdruck;Feuchte'],
    ['has names that begin with a number', 'Zeit;2m Temp;10 um']
  ])('that %s leaves the rows below it unread, until one comes that fits', async (_what, header) => {
    const report = await run([
      'at;PM10;T',
      at(0, '20', '5'),
      header,
      at(1, '6', '21'),
      at(2, '7', '22'),
      'at;PM10;T',
      at(3, '23', '8')
    ])
    expect(kept()).toEqual(['0 pm10 20', '0 temperature 5', '3 pm10 23', '3 temperature 8'])
    expect(refusedHeader(report)).toMatchObject([{ count: 3 }])
    expect(refusedHeader(report)[0]?.example).toContain(
      'node.csv line 3, line 3 is another header, which has no column'
    )
  })

  it('has the same names and other units below them: its rows are left unread', async () => {
    const [header, units] = ['at;PM10;T', 's;µg/m³;°C']
    const report = await run([
      ...[header, units, at(0, '20', '5')],
      ...[header, 's;mg/m³;°F', at(1, '0.02', '41')],
      ...[header, units, at(2, '21', '6')],
      ...[header, 'restarted', at(3, '22', '7')]
    ])
    expect(kept()).toEqual([
      ...['0 pm10 20', '0 temperature 5', '2 pm10 21', '2 temperature 6'],
      ...['3 pm10 22', '3 temperature 7']
    ])
    expect(refusedHeader(report)).toMatchObject([{ count: 2 }])
    expect(refusedHeader(report)[0]?.example).toContain('line 5 is not what stands below the first header')
  })

  it('that has few columns is told by the rows below it, which have as few', async () => {
    const note = 'battery;low'
    const report = await run([
      'at;PM10;T',
      at(0, '20', '5'),
      note,
      at(1, '21', '6'),
      'Zeit;Temp',
      at(2, '7'),
      at(3, '8'),
      'at;PM10;T',
      at(4, '22', '7')
    ])
    expect(kept()).toEqual([
      ...['0 pm10 20', '0 temperature 5', '1 pm10 21', '1 temperature 6'],
      ...['4 pm10 22', '4 temperature 7']
    ])
    expect(refusedHeader(report)).toMatchObject([{ count: 2 }])
    expect(refusedHeader(report)[0]?.example).toContain('line 5 is another header, with 2 columns')
  })

  it('moves no column that the mapping names by its place', async () => {
    const byPlace = mappingOf({
      time: { columns: ['#1'], format: 'X', label: 'start' },
      values: [{ column: '#3', quantity: 'temperature', unit: '°C' }]
    })
    const report = await run(
      ['at;PM10;T', at(0, '20', '5'), 'at;T;PM10', at(1, '6', '21'), 'at;RH;T', at(2, '80', '7')],
      byPlace
    )
    expect(kept()).toEqual(['0 temperature 5', '2 temperature 7'])
    expect(refusedHeader(report)[0]?.example).toContain('no column "#3" as it was ("T" is "PM10" now)')
  })

  it('is refused where the mapping says that there is none', async () => {
    const bare = mappingOf({
      header: false,
      time: { columns: ['#1'], format: 'X', label: 'start' },
      values: [{ column: '#2', quantity: 'temperature', unit: '°C' }]
    })
    const report = await run(
      ['at;T;PM10', at(0, '5', '20'), 'at;T;PM10', at(1, '6', '21'), 'at;PM10;T', at(2, '22', '7')],
      bare
    )
    expect(kept()).toEqual(['0 temperature 5', '1 temperature 6'])
    expect(refusedHeader(report)).toMatchObject([{ count: 2 }])
  })

  it('is told though a filter leaves its row out', async () => {
    const filtered = mappingOf({ filters: [{ column: 'QC', equals: 'ok' }] })
    await run(
      [
        'at;PM10;T;QC',
        at(0, '20', '5', 'ok'),
        'at;QC;T;PM10',
        at(1, 'ok', '6', '21'),
        at(2, 'no', '7', '22')
      ],
      filtered
    )
    expect(kept()).toEqual(['0 pm10 20', '0 temperature 5', '1 pm10 21', '1 temperature 6'])
  })

  it('is where a broken import goes on as well', async () => {
    const lines = ['at;PM10;T', at(0, '20', '5'), 'at;T;PM10', at(1, '6', '21'), at(2, '7', '22')]
    const file = await rig.write('node.csv', lines.join('\n') + '\n')
    const format = { mapping: mappingOf(), devices: { '': 'd-1' } }
    await rig.run([file], { format, record: recordOf([file], { rowsDone: [3] }) })
    expect(kept()).toEqual(['2 pm10 22', '2 temperature 7'])
  })

  it('is read by in an archive of sensor.community too, and in our own export', async () => {
    const place = '71;SDS011;40;51.5;7.6'
    const archive = await rig.write(
      'archive.csv',
      [
        'sensor_id;sensor_type;location;lat;lon;timestamp;P1;P2',
        `${place};2024-02-01T00:00:00;20;10`,
        'sensor_id;sensor_type;location;lat;lon;timestamp;P2;P1',
        `${place};2024-02-01T00:01:00;11;21`,
        'sensor_id;sensor_type;location;lat;lon;P1;P2',
        `${place};22;12`
      ].join('\n') + '\n'
    )
    const report = await rig.run([archive])
    expect(kept()).toEqual(['0 pm10 20', '0 pm2_5 10', '1 pm10 21', '1 pm2_5 11'])
    expect(refusedHeader(report)).toMatchObject([{ count: 2 }])

    rig.store.kept.clear()
    const own = await rig.write(
      'own.csv',
      [
        'time,street,site,device,quantity,value,unit,flag',
        '2024-02-01T00:00:00.000Z,s,s-9,d-9,pm10,20,µg/m³,1',
        'time,device,quantity,unit,value',
        '2024-02-01T00:01:00.000Z,d-9,pm10,µg/m³,21'
      ].join('\n') + '\n'
    )
    await rig.run([own], { format: 'lamppost-csv' })
    expect(kept()).toEqual(['0 pm10 20', '1 pm10 21'])
  })
})

describe('the same header once more', () => {
  it('is passed over, and so are the lines of units below it', async () => {
    const units = 's;µg/m³;°C'
    const report = await run(['at;PM10;T', units, at(0, '20', '5'), 'at;PM10;T', units, at(1, '21', '6')])
    expect(report).toMatchObject({ refused: 1, taken: 4 })
    expect(report.ignored).toMatchObject([{ count: 2, reason: 'the header, once more' }])
  })

  it.each([
    [['12', '03:00', 'NaN'], 'none'],
    [['NaN', 'NaN', 'NaN'], 'none'],
    [['restarted', '', ''], 'none'],
    [['at', 'PM10', 'T', ''], 'same'],
    [['AT', 'PM10', 'T'], 'other'],
    [['T', 'at', 'PM10'], 'other'],
    [['Zeit', 'Feuchte', 'Druck'], 'other'],
    [['Zeit', '2m Temp', '10PM'], 'other'],
    [['n/a', '13.7 °C', '81 %'], 'none'],
    [['n/a', '13,7°C', '1.009,0 hPa'], 'none']
  ])('%j is told from rows: %s', (cells, kind) => {
    expect(headerKind(cells, ['at', 'PM10', 'T'], ['at'], false)).toBe(kind)
  })
})

describe('rows that end before their header', () => {
  it('did not measure what they lack', async () => {
    const serial = mappingOf({ values: [{ column: 'T', quantity: 'temperature', unit: '°C' }] })
    const report = await run(
      ['at;T;dew point;serial', at(0, '5.0', '2.1', '0100'), at(1, '5.1', '2.2'), at(2, '5.2', '2.3')],
      serial
    )
    expect(kept()).toEqual(['0 temperature 5', '1 temperature 5.1', '2 temperature 5.2'])
    expect(report).toMatchObject({ refused: 0 })
    expect(report.notes).toContain(
      'node.csv: 2 rows end before the header does; the missing cells count as not measured.'
    )
  })

  it('lose a last value that may be half a one', async () => {
    const rows = [at(0, '20.50', '5.1'), at(1, '20.5'), at(2, '21.50'), at(3, '2'), at(4, '22.75', '5.3')]
    const report = await run(['at;PM10;T', ...rows])
    expect(kept().filter((line) => line.includes('pm10'))).toEqual([
      '0 pm10 20.5',
      '2 pm10 21.5',
      '4 pm10 22.75'
    ])
    expect(reasonsOf(report)).toEqual(['refused rowUnreadable 2'])
  })

  it('are believed where nothing is known of the decimals, once they come again', async () => {
    await run(['at;PM10;T', at(0, '20', '5'), at(1, '21'), at(2, '22')])
    expect(kept()).toEqual(['0 pm10 20', '0 temperature 5', '2 pm10 22'])
  })

  it('lose their last value at the end of a file without a line end', async () => {
    const file = await rig.write('cut.csv', ['at;PM10;T', at(0, '20'), at(1, '21'), at(2, '2')].join('\n'))
    await rig.run([file], { format: { mapping: mappingOf(), devices: { '': 'd-1' } } })
    expect(kept()).toEqual(['1 pm10 21'])
  })

  it('are short by a header that ends in empty columns neither', async () => {
    const report = await run(['at;PM10;T;;', at(0, '20', '5'), at(1, '21', '6', '', '')])
    expect(kept()).toHaveLength(4)
    expect(report.notes).toEqual([])
  })
})

describe('a sensor that moved', () => {
  const header = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1'
  const row = (place: string, minute: number, value = 20): string =>
    `71;SDS011;${place};${new Date((from + 60 * minute) * 1_000).toISOString().slice(0, 19)};${value}`
  const here = '40;51.5;7.6'
  const rounded = '40;51.501;7.601'
  const corrected = '41;51.501;7.6'
  const far = '99;53.48;-2.24'

  async function archive(...files: string[][]): Promise<string[]> {
    const paths: string[] = []
    for (const [index, rows] of files.entries())
      paths.push(await rig.write(`${index}.csv`, [header, ...rows].join('\n') + '\n'))
    return paths
  }

  it('has rows of its first place only, in one file and in several', async () => {
    const paths = await archive([row(here, 0), row(far, 1)], [row(far, 2)], [row(here, 3)])
    const report = await rig.run(paths)
    expect(kept()).toEqual(['0 pm10 20', '3 pm10 20'])
    expect(report.reasons).toMatchObject([{ code: 'otherPlace', count: 2 }])
    expect(report.reasons[0]?.example).toContain(
      '0.csv line 3, location 99 is 701 km from location 40, where'
    )
  })

  it('is nowhere where its receiver had no fix, which costs no row', async () => {
    const report = await rig.run(
      await archive([row('40;0;0', 0), row(here, 1), row('40;0.000;-0.0', 2), row(far, 3)])
    )
    expect(kept()).toEqual(['0 pm10 20', '1 pm10 20', '2 pm10 20'])
    expect(report.reasons).toMatchObject([{ code: 'otherPlace', count: 1 }])
    expect(report.reasons[0]?.example).toContain('is 701 km from location 40')
  })

  it('did not move where its position was only rounded or corrected', async () => {
    const report = await rig.run(
      await archive([row(here, 0), row(rounded, 1), row(corrected, 2), row('41;;', 3)])
    )
    expect(kept()).toHaveLength(3)
    expect(report.reasons).toMatchObject([{ code: 'otherPlace', count: 1 }])
  })

  it('has each place at its own site once the move is recorded', async () => {
    const moved = ((from + 90) * 1_000) as UnixMs
    const entry = directoryWith({ until: moved }).get('d-1')!
    const later = { deviceId: 'd-1', siteId: 's-2', from: moved, until: null }
    const directory: Directory = new Map([['d-1', { ...entry, deployments: [...entry.deployments, later] }]])
    const report = await rig.run(await archive([row(here, 0), row(here, 1), row(far, 2), row(far, 3)]), {
      directory: () => directory
    })
    expect(report).toMatchObject({ taken: 4, refused: 0 })
    expect([...rig.store.kept.values()].map(({ siteId }) => siteId)).toEqual(['s-1', 's-1', 's-2', 's-2'])
  })

  it('is held to its first place by an import that goes on', async () => {
    const paths = await archive([row(here, 0), row(far, 1), row(far, 2)])
    await rig.run(paths, { record: recordOf(paths, { rowsDone: [2] }) })
    expect(kept()).toEqual([])
  })

  it('may be told by the columns of a mapping', async () => {
    const mapping = mappingOf({ place: { latitude: 'lat', longitude: 'lon' } })
    const report = await run(
      [
        'at;lat;lon;PM10;T',
        at(0, '51.5', '7.6', '20', '5'),
        at(1, '53.4', '-2.2', '21', '6'),
        at(2, '', '', '22', '7')
      ],
      mapping
    )
    expect(kept()).toEqual(['0 pm10 20', '0 temperature 5', '2 pm10 22', '2 temperature 7'])
    expect(report.reasons[0]?.example).toContain('53.4, -2.2 is 696 km from 51.5, 7.6')
  })
})

describe('distances', () => {
  it.each([
    ['London to Paris', [-0.1275, 51.5072], [2.3522, 48.8566], 343_527],
    ['across the date line', [179.9, 0], [-179.9, 0], 22_240],
    ['a thousandth of a degree of latitude', [7.6, 51.5], [7.6, 51.501], 111.2],
    ['nothing', [7.6, 51.5], [7.6, 51.5], 0]
  ] as const)('%s', (_what, a, b, metres) => {
    expect(Math.abs(metresBetween(a, b) - metres)).toBeLessThanOrEqual(metres / 1_000)
  })
})
