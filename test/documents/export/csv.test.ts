/** The rows of an export, and what they look like as CSV. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { csvHeader, csvLines, csvText } from '../../../documents/export/csv.ts'
import { exportColumnNames, exportRows } from '../../../documents/export/rows.ts'
import type { ExportChunk } from '../../../model/columns.ts'
import { reasonBits } from '../../../model/flag.ts'

describe('an export', () => {
  const chunk: ExportChunk = {
    sites: ['s-1', 's-2'],
    devices: ['d-1'],
    quantities: ['pm2_5', 'humidity'],
    time: Float64Array.of(0, 1_763_805_600_123),
    site: Uint32Array.of(0, 1),
    device: Uint32Array.of(0, 0),
    quantity: Uint32Array.of(0, 1),
    value: Float64Array.of(8.1, 140),
    flag: Uint8Array.of(1, 4),
    reasons: Uint32Array.of(0, reasonBits('outOfRange', 'timeReceived')),
    received: Float64Array.of(5, 1_763_805_600_500)
  }

  it('has rows with their words looked up', () => {
    const text = csvLines(chunk, (siteId) => `Road of ${siteId}`)
    expect(csvHeader).toBe('time,street,site,device,quantity,value,unit,flag,reason,received\r\n')
    expect(text).toBe(
      '1970-01-01T00:00:00.000Z,Road of s-1,s-1,d-1,pm2_5,8.1,µg/m³,1,,1970-01-01T00:00:00.005Z\r\n' +
        '2025-11-22T10:00:00.123Z,Road of s-2,s-2,d-1,humidity,140,%,4,outOfRange timeReceived,2025-11-22T10:00:00.500Z\r\n'
    )
  })

  it('is the same row by row, whatever the times and places', () => {
    const row = fc.record({
      time: fc.integer({ min: -1e12, max: 1.6e13 }),
      later: fc.integer({ min: -5_000, max: 5_000 }),
      place: fc.nat(1),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      reasons: fc.constantFrom(0, reasonBits('outOfRange'), reasonBits('stuck', 'unusual'))
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.nat(19), (rows, cut) => {
        const many: ExportChunk = {
          ...chunk,
          time: Float64Array.from(rows, (one) => one.time),
          received: Float64Array.from(rows, (one) => one.time + one.later),
          site: Uint32Array.from(rows, (one) => one.place),
          device: new Uint32Array(rows.length),
          quantity: Uint32Array.from(rows, (one) => one.place),
          value: Float64Array.from(rows, (one) => one.value),
          flag: new Uint8Array(rows.length).fill(2),
          reasons: Uint32Array.from(rows, (one) => one.reasons)
        }
        const streetOf = (siteId: string): string => `"${siteId}", upper end`
        const expected = [...exportRows(many, streetOf)].map((one) =>
          exportColumnNames.map((name) => csvText(String(one[name])).replace(/^'(?=-\d)/, '')).join(',')
        )
        const middle = Math.min(cut, rows.length)
        const text = csvLines(many, streetOf, 0, middle) + csvLines(many, streetOf, middle)
        expect(text).toBe(expected.map((line) => `${line}\r\n`).join(''))
      })
    )
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
  ])('writes %j so that no spreadsheet runs it', (text, cell) => expect(csvText(text)).toBe(cell))

  it('is read back by another program as it was meant', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (street) => {
        const [cells] = parse(
          csvLines(chunk, () => street),
          { relax_column_count: false }
        ) as string[][]
        expect(cells).toHaveLength(exportColumnNames.length)
        expect([street, `'${street}`]).toContain(cells![1])
      })
    )
  })
})
