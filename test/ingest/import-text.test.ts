/** Files as programs write them: encodings, line ends, other kinds of file, and numbers in the ways of many countries. */
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ImportRefusal, type ImportReport } from '../../ingest/import/import.ts'
import { readMapping, type Mapping } from '../../ingest/import/mapping.ts'
import { ImportRig } from './import-rig.ts'

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

function mappingOf(change: object = {}): Mapping {
  const found = readMapping(
    JSON.stringify({
      name: 'logger',
      delimiter: ';',
      time: { columns: ['Zeit'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start' },
      values: [{ column: 'Temp (°C)', quantity: 'temperature', unit: '°C' }],
      ...change
    })
  )
  if (!found.ok) throw new Error(found.refusal)
  return found.mapping
}

function run(content: string | Uint8Array, change: object = {}): Promise<ImportReport> {
  return rig
    .write('logger.csv', content)
    .then((file) => rig.run([file], { format: { mapping: mappingOf(change), devices: { '': 'd-1' } } }))
}

const values = (): number[] => [...rig.store.kept.values()].map(({ value }) => value)

const table = 'Zeit;Temp (°C)\n2024-01-01 00:00;5.1\n2024-01-01 00:10;5.2\n'

function utf16(text: string, isBig: boolean, mark = ''): Buffer {
  const bytes = Buffer.from(mark + text, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}

describe('text', () => {
  it.each<[string, Uint8Array | string]>([
    ['UTF-8', table],
    ['UTF-8 with a byte order mark', '\ufeff' + table],
    ['UTF-16LE with a byte order mark', utf16(table, false, '\ufeff')],
    ['UTF-16BE with a byte order mark', utf16(table, true, '\ufeff')],
    ['UTF-16LE without', utf16(table, false)],
    ['UTF-16BE without', utf16(table, true)],
    ['Windows-1252', Buffer.from(table, 'latin1')],
    ['UTF-16, compressed', gzipSync(utf16(table, false, '\ufeff'))],
    ['Windows line ends', table.replaceAll('\n', '\r\n')],
    ['Windows line ends twice', table.replaceAll('\n', '\r\r\n')],
    ['line ends of an old Mac', table.replaceAll('\n', '\r')],
    ['quotes everywhere', table.replaceAll(/[^;\n]+/g, '"$&"')]
  ])('as %s is read', async (_what, content) => {
    const report = await run(content)
    expect(values()).toEqual([5.1, 5.2])
    expect(report.refused).toBe(0)
  })

  it('in Windows-1252 says that it was taken for that, and not where the mapping says it', async () => {
    const bytes = Buffer.from(table, 'latin1')
    expect((await run(bytes)).notes[0]).toContain('logger.csv is not UTF-8 and was read as Windows-1252')
    expect((await run(bytes, { encoding: 'windows-1252' })).notes).toEqual([])
  })

  it('in an encoding of the mapping is read by it', async () => {
    // Greek in Windows-1253: "ώρα" and "μ.μ.".
    const bytes = Buffer.concat([
      Buffer.from([0xfe, 0xf1, 0xe1]),
      Buffer.from(';T\n2024-01-01 03:05 '),
      Buffer.from([0xec, 0x2e, 0xec, 0x2e]),
      Buffer.from(';7\n')
    ])
    await run(bytes, {
      encoding: 'windows-1253',
      time: { columns: ['ώρα'], format: 'YYYY-MM-DD hh:mm A', offset: 'Z', label: 'start' },
      values: [{ column: 'T', quantity: 'temperature', unit: '°C' }]
    })
    expect([...rig.store.kept.values()][0]).toMatchObject({
      value: 7,
      measuredAt: Date.UTC(2024, 0, 1, 15, 5)
    })
  })

  it('with a block of zero bytes, as a logger without power leaves it, loses the row of the block', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `2024-01-01 01:${String(i + 10)};${i}`)
    rows[20] = '\0'.repeat(300) + rows[20]
    const report = await run(`Zeit;Temp (°C)\n${rows.join('\n')}\n`)
    expect(report).toMatchObject({ taken: 39, refused: 1 })
  })
})

describe('what is no table in text', () => {
  const zip = (name: string): Buffer => Buffer.from(`PK\x03\x04\x14\0\0\0\x08\0${'\0'.repeat(16)}${name}`)
  it.each<[string, Uint8Array | string]>([
    ['a zip archive; unpack it', zip('logger.csv')],
    ['an Excel workbook (.xlsx); open it and save the sheet as CSV', zip('[Content_Types].xml')],
    ['an OpenDocument spreadsheet (.ods)', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')],
    ['an Excel workbook (.xls)', Buffer.from('d0cf11e0a1b11ae1000000', 'hex')],
    ['a PDF', '%PDF-1.7\n'],
    ['a Parquet file', 'PAR1\x15\x04'],
    ['an SQLite database', 'SQLite format 3\0'],
    ['compressed with bzip2', 'BZh91AY&SY'],
    ['compressed with xz', Buffer.from('fd377a585a00', 'hex')],
    ['compressed with zstd', Buffer.from('28b52ffd04', 'hex')],
    ['compressed twice with gzip', gzipSync(gzipSync(table))],
    ['a web page', '\n<!DOCTYPE html>\n<html><body>Sign in</body></html>'],
    ['JSON; ask its source', '[{"Zeit": "2024-01-01 00:00"}]'],
    ['XML', '<?xml version="1.0"?><a/>'],
    ['not text', Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 7_919) % 251))]
  ])('is named: %s', async (what, content) => {
    const failure = await run(content).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(ImportRefusal)
    expect(String(failure)).toContain(`it is ${what}`)
    expect(String(failure)).not.toMatch(/\n|[\0-\x08]/)
    expect(rig.saved).toEqual([])
  })
})

describe('numbers', () => {
  const numbers = async (cells: string[], change: object = {}): Promise<ImportReport> => {
    const rows = cells.map((cell, i) => `2024-01-01 00:${String(i + 10)};"${cell}"`)
    return run(`Zeit;CO2\n${rows.join('\n')}\n`, {
      values: [{ column: 'CO2', quantity: 'co2', unit: 'ppm', ...(change as { value?: object }).value }],
      ...change,
      value: undefined
    })
  }

  it.each<[string, object, string[], number[]]>([
    [
      'with a point',
      {},
      ['412.5', '+412.5', '4.125e2', '4125E-1', '.5', '412.'],
      [412.5, 412.5, 412.5, 412.5, 0.5, 412]
    ],
    ['below zero, however the sign is drawn', {}, ['-0.0', '-12.5', '\u221212.5'], [0, -12.5, -12.5]],
    ['with a comma', { decimal: ',' }, ['412,5', '4,125E+02', '1009'], [412.5, 412.5, 1009]],
    [
      'in English groups',
      { thousands: ',' },
      ['1,009.50', '12,009', '1,234,567', '999'],
      [1009.5, 12_009, 1_234_567, 999]
    ],
    [
      'in German groups',
      { decimal: ',', thousands: '.' },
      ['1.009,50', '12.009', '999,5'],
      [1009.5, 12_009, 999.5]
    ],
    [
      'in groups by blanks of any kind',
      { decimal: ',', thousands: ' ' },
      ['1 009,5', '1\u00a0009', '1\u202f009'],
      [1009.5, 1009, 1009]
    ],
    ['in Swiss groups', { thousands: "'" }, ["1'009.5", '1\u2019009'], [1009.5, 1009]],
    ['with their unit', {}, ['412 ppm', '412ppm', '4.12e2 ppm', '412\u00a0ppm'], [412, 412, 412, 412]]
  ])('%s are read', async (_what, change, cells, expected) => {
    const report = await numbers(cells, change)
    expect(values()).toEqual(expected)
    expect(report.reasons.filter(({ kind }) => kind === 'refused')).toEqual([])
  })

  it.each<[string, object, string[]]>([
    ['thousands or a decimal comma', {}, ['1,009', '1,009.00', '1,5', '1.009.000']],
    ['a point under a decimal comma', { decimal: ',' }, ['1.009', '1.009,5', '12.5']],
    ['groups of other lengths', { thousands: ',' }, ['1,00', '1,0000', ',100', '1,00,900', '12,5']],
    [
      'other digits, words and signs',
      {},
      ['٤١٢', '0x19c', '1/2', '<400', '412*', 'NaN', 'Infinity', '4 1 2', '1e400', '--5']
    ],
    ['another unit than the mapping’s', {}, ['412 ppb', '412 °C', '0.04 %', '412 k']]
  ])('that may mean something else are refused: %s', async (_what, change, cells) => {
    const report = await numbers(cells, change)
    expect(values()).toEqual([])
    expect(report.refused).toBe(cells.length)
  })

  it.each([
    [
      '1,009',
      {},
      'if "," parts thousands, say "thousands": "," in the mapping; if "," is its decimal sign, say "decimal": ","'
    ],
    ['1.009', { decimal: ',' }, 'if "." parts thousands, say "thousands": "." in the mapping'],
    ["1'009.5", {}, 'if "\'" parts thousands'],
    ['412 ppb', {}, 'its unit is given as ppm']
  ])('%s is refused with what may be meant', async (cell, change, hint) => {
    expect((await numbers([cell], change)).reasons[0]?.example).toContain(hint)
  })

  it('are missing where the column’s own marker stands, in whichever way it is written', async () => {
    const report = await numbers(['0', '0.00', '412', '-999', '-999.0', 'NA', '0.5'], {
      missing: ['NA', '-999'],
      value: { missing: ['0'] }
    })
    expect(values()).toEqual([412, 0.5])
    expect(report.refused).toBe(0)
  })
})

describe('days and months that are exchanged', () => {
  const time = (format: string): object => ({
    time: { columns: ['Zeit'], format, offset: 'Z', label: 'start' }
  })
  const days = (dates: string[]): string => `Zeit;Temp (°C)\n${dates.map((date) => `${date};5`).join('\n')}\n`

  it('are found where a date gives it away, before anything is stored', async () => {
    const failure = await run(days(['01/02/2024', '02/02/2024', '13/02/2024']), time('MM/DD/YYYY')).catch(
      String
    )
    expect(failure).toContain(
      '"13/02/2024" and every other time of it can be read with day and month the other way round'
    )
    expect(rig.saved).toEqual([])
    await run(days(['01/02/2024', '02/02/2024', '13/02/2024']), time('DD/MM/YYYY'))
    expect(values()).toHaveLength(3)
  })

  it('are suspected where the times jump from month to month', async () => {
    const report = await run(days(['05/11/2024', '06/11/2024', '07/11/2024']), time('MM/DD/YYYY'))
    expect(report.notes[0]).toContain('The times go from one month to another 2 times')
    expect((await run(days(['05/11/2024', '06/11/2024', '07/11/2024']), time('DD/MM/YYYY'))).notes).toEqual(
      []
    )
  })

  it('are no question where one row is merely wrong', async () => {
    const report = await run(days(['01/31/2024', '02/01/2024', '13/02/2024']), time('MM/DD/YYYY'))
    expect(report).toMatchObject({ taken: 2, refused: 1 })
  })
})

describe('what a network says of its values', () => {
  const statusOf = (means: object): object => ({
    values: [{ column: 'T', quantity: 'temperature', unit: '°C', status: { column: 'S', means } }]
  })
  const rows = ['R', 'P', 'V', 'N', 'x', ''].map((word, i) => `2024-01-01 00:1${i};${i};${word}`)

  it('is what each status means; one that is not explained costs its value', async () => {
    const means = { R: 'ratified', P: 'valid', V: 'suspect', N: 'invalid', '': 'valid' }
    const report = await run(`Zeit;T;S\n${rows.join('\n')}\n`, { ...statusOf(means), ratified: true })
    expect(rig.flags()).toEqual([
      'temperature 0 2 ratified',
      'temperature 1 1',
      'temperature 2 3 doubted',
      'temperature 5 1'
    ])
    expect(report.reasons).toMatchObject([
      { code: 'statusUnknown', count: 1 },
      { code: 'doubted', count: 1 }
    ])
    expect(report.reasons[0]?.example).toContain('the mapping does not say what the status "x" of T means')
    expect(report.ignored).toMatchObject([{ reason: 'T is not valid, as the file says', count: 1 }])
  })

  it('may stand before the time, and in a long file beside the value', async () => {
    const marks = { '##': 'valid', '#': 'suspect' }
    const time = { columns: ['Zeit'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start', marks }
    await run('Zeit;Temp (°C)\n2024-01-01 00:00;1\n## 2024-01-01 00:10;2\n#2024-01-01 00:20;3\n', {
      time,
      ratified: true
    })
    expect(rig.flags()).toEqual(['temperature 1 2 ratified', 'temperature 2 1', 'temperature 3 3 doubted'])

    rig.store.kept.clear()
    await run('Zeit;Q;V;S\n2024-01-01 00:00;NO2;40;R\n2024-01-01 01:00;NO2;41;P\n', {
      values: undefined,
      long: {
        quantityColumn: 'Q',
        valueColumn: 'V',
        status: { column: 'S', means: { R: 'ratified', P: 'valid' } },
        quantities: { NO2: { quantity: 'no2', unit: 'µg/m³' } }
      }
    })
    expect(rig.flags()).toEqual(['no2 40 2 ratified', 'no2 41 1'])
  })
})

describe('a column for each hour', () => {
  const hours = { format: '[H]HH', quantity: 'pm10', unit: 'µg/m³' }
  const day = (zone: object): object => ({
    values: undefined,
    hours,
    intervalS: 3600,
    time: { columns: ['Zeit'], format: 'D.M.YYYY', label: 'end', ...zone }
  })
  const names = Array.from({ length: 24 }, (_, i) => `H${String(i + 1).padStart(2, '0')}`)

  it('has the hours of the day of its row, of which 24 ends the day', async () => {
    const cells = names.map((_, i) => (i === 4 ? '' : String(i)))
    const report = await run(
      `Zeit;${names.join(';')};sum\n1.2.2024;${cells.join(';')};99\nx;${cells.join(';')};1\n`,
      day({ offset: 'Z' })
    )
    const times = [...rig.store.kept.values()].map(({ measuredAt, value }) => [
      (measuredAt - Date.UTC(2024, 1, 1)) / 3_600_000,
      value
    ])
    expect(times).toEqual(names.flatMap((_, i) => (i === 4 ? [] : [[i, i]])))
    expect(report).toMatchObject({ refused: 1 })
    expect(report.notes).toContain('Ignored, because the mapping does not name them: sum.')
  })

  it('of a night when clocks change loses what the clock did not show, or showed twice', async () => {
    const report = await run(
      `Zeit;${names.join(';')}\n27.10.2024;${names.map((_, i) => i).join(';')}\n`,
      day({ zone: 'Europe/Berlin' })
    )
    expect(report).toMatchObject({ taken: 23, refused: 1 })
    expect(report.reasons[0]?.example).toContain('showed "27.10.2024 H02" twice')
  })

  it('that no column has is said', async () => {
    const failure = await run('Zeit;1;2\n1.2.2024;5;6\n', day({ offset: 'Z' })).catch(String)
    expect(failure).toContain('no column whose name is written as "[H]HH"')
  })
})

describe('values that give way', () => {
  it('are counted where they were stored by another batch of the import', async () => {
    const rows = (value: number): string =>
      `Zeit;Temp (°C)\n${Array.from({ length: 30 }, (_, i) => `2024-01-01 00:${String(i + 10)};${value + i}`).join('\n')}\n`
    const files = [await rig.write('a.csv', rows(0)), await rig.write('b.csv', rows(1))]
    const format = { mapping: mappingOf(), devices: { '': 'd-1' } }
    const report = await rig.run(files, { format, batchReadings: 10 })
    expect(report).toMatchObject({ duplicates: 0, replaced: 30 })
    expect(report.replacedExample).toBe('temperature of 2024-01-01T00:10:00.000Z, 0 is replaced by 1')
  })
})
