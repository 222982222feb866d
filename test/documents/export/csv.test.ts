/** Text formats: what a row looks like, whatever its times, places and values. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { csvText } from '../../../documents/export/csv.ts'
import { exportRowsPerTurn } from '../../../documents/limits.ts'
import { exportFile } from '../../../documents/export/file.ts'
import { reasonBits, reasonList } from '../../../model/flag.ts'
import { toIso, type UnixMs } from '../../../model/time.ts'
import type { ExportHead, ExportRows, ReadingExporter } from '../../../store/promise/export.ts'
import { exported, exportRequest } from '../../support/exported.ts'

const header = 'time,street,site,device,quantity,value,unit,flag,reason,received'

/** A store that has these rows. Series 0 is PM2.5 at s-1, series 1 humidity at s-2. */
function storeOf(...parts: Omit<ExportRows, 'kind'>[]): ReadingExporter {
  return storeWith({}, ...parts)
}

function storeWith(head: Partial<ExportHead>, ...parts: Omit<ExportRows, 'kind'>[]): ReadingExporter {
  return {
    async *export() {
      yield {
        kind: 'head',
        series: [
          { siteId: 's-1', deviceId: 'd-1', quantity: 'pm2_5' },
          { siteId: 's-2', deviceId: 'd-1', quantity: 'humidity' }
        ],
        corrections: [],
        ...head
      }
      for (const part of parts) yield { kind: 'rows', ...part }
    },
    exportWindows: () => {
      throw new Error('not asked for here')
    },
    estimateRows: () => Promise.resolve(0)
  }
}

const placesCalled = (street: (siteId: string) => string) =>
  Object.fromEntries(['s-1', 's-2'].map((id) => [id, { street: street(id), streetName: '', siteName: '' }]))

const two: Omit<ExportRows, 'kind'> = {
  time: Float64Array.of(0, 1_763_805_600_123),
  series: Uint32Array.of(0, 1),
  value: Float64Array.of(8.1, 140),
  flag: Uint8Array.of(1, 4),
  reasons: Uint32Array.of(0, reasonBits('outOfRange', 'timeReceived')),
  received: Float64Array.of(5, 1_763_805_600_500)
}

describe('a row', () => {
  const places = placesCalled((site) => `Road of ${site}`)

  it('has its words looked up', async () => {
    expect(await exported(storeOf(two), { places })).toBe(
      `${header}\r\n` +
        '1970-01-01T00:00:00.000Z,Road of s-1,s-1,d-1,pm2_5,8.1,µg/m³,1,,1970-01-01T00:00:00.005Z\r\n' +
        '2025-11-22T10:00:00.123Z,Road of s-2,s-2,d-1,humidity,140,%,4,outOfRange timeReceived,2025-11-22T10:00:00.500Z\r\n'
    )
  })

  it('says that it was not compared with those around it yet', async () => {
    const since = 1_763_805_600_000 as UnixMs
    const unjudged = [
      [{ from: 0 as UnixMs, until: 5 as UnixMs }],
      [{ from: since, until: (since + 1) as UnixMs }]
    ]
    const rows = (await exported(storeWith({ unjudged }, two), { places })).split('\r\n')
    expect(rows[1]).toContain(',1,unjudged,')
    expect(rows[2]).toContain(',4,outOfRange timeReceived,')
  })

  it('is an object of JSON Lines', async () => {
    const [line] = (await exported(storeOf(two), { places, format: 'jsonl' })).split('\n')
    expect(line).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","street":"Road of s-1","site":"s-1","device":"d-1","quantity":"pm2_5",' +
        '"value":8.1,"unit":"µg/m³","flag":1,"reason":"","received":"1970-01-01T00:00:00.005Z"}'
    )
  })

  it('is the same in every batch, whatever the times and places', async () => {
    const row = fc.record({
      time: fc.integer({ min: -1e12, max: 1.6e13 }),
      later: fc.integer({ min: -5_000, max: 5_000 }),
      series: fc.nat(1),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      reasons: fc.constantFrom(0, reasonBits('outOfRange'), reasonBits('stuck', 'unusual'))
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), fc.nat(19), async (rows, at) => {
        const partOf = (some: typeof rows): Omit<ExportRows, 'kind'> => ({
          time: Float64Array.from(some, (one) => one.time),
          series: Uint32Array.from(some, (one) => one.series),
          value: Float64Array.from(some, (one) => one.value),
          flag: new Uint8Array(some.length).fill(2),
          reasons: Uint32Array.from(some, (one) => one.reasons),
          received: Float64Array.from(some, (one) => one.time + one.later)
        })
        const iso = (time: number): string => toIso(time as UnixMs)
        const expected = rows.map(({ time, later, series, value, reasons }) =>
          [
            ...[iso(time), `"""s-${series + 1}"", upper end"`, `s-${series + 1}`, 'd-1'],
            ...[['pm2_5', 'humidity'][series], `${value}`, ['µg/m³', '%'][series], '2'],
            ...[reasonList(reasons).join(' '), iso(time + later)]
          ].join(',')
        )
        const store = storeOf(partOf(rows.slice(0, at)), partOf(rows.slice(at)))
        const text = await exported(store, { places: placesCalled((site) => `"${site}", upper end`) })
        expect(text).toBe([header, ...expected].map((line) => `${line}\r\n`).join(''))
      })
    )
  })

  it('is read back by another program as it was meant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), async (street) => {
        const text = await exported(storeOf(two), { places: placesCalled(() => street) })
        const [, cells] = parse(text, { relax_column_count: false }) as string[][]
        expect(cells).toHaveLength(10)
        expect([street, `'${street}`]).toContain(cells![1])
      })
    )
  })
})

it.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=SUM(A1)', "'=SUM(A1)"],
  [' -1+1', "' -1+1"],
  ['@cmd,"x"', `"'@cmd,""x"""`],
  ['\tx', "'\tx"],
  ['', '']
])('%j is written so that no spreadsheet runs it', (text, cell) => expect(csvText(text)).toBe(cell))

it.each(['csv', 'jsonl'] as const)(
  '%s is written in bites, between which others have their turn',
  async (format) => {
    const rows = 3 * exportRowsPerTurn + 1
    const many: Omit<ExportRows, 'kind'> = {
      time: new Float64Array(rows),
      series: new Uint32Array(rows),
      value: new Float64Array(rows),
      flag: new Uint8Array(rows).fill(1),
      reasons: new Uint32Array(rows),
      received: new Float64Array(rows)
    }
    const bites: number[] = []
    for await (const piece of exportFile(storeOf(many), exportRequest({ format })))
      bites.push(String(piece).split('\n').length - 1)
    expect(Math.max(...bites)).toBe(exportRowsPerTurn)
    expect(bites.reduce((sum, count) => sum + count, 0)).toBe(rows + (format === 'csv' ? 1 : 0))
  }
)
