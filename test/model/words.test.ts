/** Flags and their reasons, topics, deployments and the columns of an export. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { csvHeader, csvText, exportColumnNames, exportRows, type ExportChunk } from '../../model/columns.ts'
import { csvLines } from '../../model/csv-lines.ts'
import { faults } from '../../model/fault.ts'
import {
  flagNames,
  reasonBits,
  reasonList,
  reasons,
  worstFlag,
  type Flag,
  type Reason
} from '../../model/flag.ts'
import { deviceTopic, parseDeviceTopic } from '../../model/message.ts'
import { deploymentAt, idPattern, type Deployment } from '../../model/place.ts'
import { definitionOf, isQuantity, quantityNames } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

describe('flags', () => {
  const flag = fc.constantFrom<Flag>(1, 2, 3, 4, 9)

  it('roll up as 4 over 3 over 1 over 2 over 9', () => {
    const order: Flag[] = [4, 3, 1, 2, 9]
    for (const [place, worse] of order.entries()) {
      for (const better of order.slice(place)) {
        expect(worstFlag(worse, better)).toBe(worse)
        expect(worstFlag(better, worse)).toBe(worse)
      }
    }
    expect(Object.keys(flagNames)).toEqual(['1', '2', '3', '4', '9'])
  })

  it('do not depend on the order of the tests', () => {
    fc.assert(
      fc.property(flag, flag, flag, (a, b, c) => {
        expect(worstFlag(worstFlag(a, b), c)).toBe(worstFlag(a, worstFlag(b, c)))
      })
    )
  })
})

describe('reasons', () => {
  const names = Object.keys(reasons) as Reason[]

  it('have bits that stored data depends on', () => {
    expect(names.map((name) => [name, reasonBits(name)])).toEqual([
      ['outOfRange', 1],
      ['unusual', 2],
      ['timeReceived', 4],
      ['sentinel', 8],
      ['saturated', 16],
      ['stuck', 32],
      ['spike', 64],
      ['rateOfChange', 128],
      ['inconsistent', 256],
      ['neighbours', 512],
      ['ratified', 1024],
      ['tooHumid', 2048],
      ['aboveSaturation', 4096]
    ])
  })

  it('come back as they went in', () => {
    fc.assert(
      fc.property(fc.subarray(names), (some) => {
        expect(reasonList(reasonBits(...some))).toEqual(some)
      })
    )
    expect(reasonBits()).toBe(0)
  })
})

describe('topics of a device', () => {
  it.each(['readings', 'status', 'problems'] as const)('%s', (kind) => {
    const topic = deviceTopic('d-abcdefgh', kind)
    expect(topic).toBe(`sensors/d-abcdefgh/${kind}`)
    expect(parseDeviceTopic(topic)).toEqual({ deviceId: 'd-abcdefgh', kind })
  })

  it.each([
    'sensors/d-1',
    'sensors//readings',
    'sensors/d-1/other',
    'streets/d-1/readings',
    'sensors/d-1/readings/',
    ''
  ])('none: %s', (topic) => expect(parseDeviceTopic(topic)).toBeUndefined())
})

describe('deployments', () => {
  it('hold from inclusive, until exclusive, and without limit where that is null', () => {
    const hung = (siteId: string, from: number | null, until: number | null): Deployment => ({
      deviceId: 'd-1',
      siteId,
      from: from as UnixMs | null,
      until: until as UnixMs | null
    })
    const deployments = [hung('a', null, 10), hung('b', 20, 30), hung('c', 30, null)]
    const siteAt = (at: number): string | undefined => deploymentAt(deployments, at as UnixMs)?.siteId
    expect([-5, 9, 10, 19, 20, 29, 30, 99].map(siteAt)).toEqual([
      'a',
      'a',
      undefined,
      undefined,
      'b',
      'b',
      'c',
      'c'
    ])
  })

  it('have ids that fit topics and paths', () => {
    expect(['d-abc', 'a', '4'.repeat(48)].every((id) => idPattern.test(id))).toBe(true)
    expect(['', '-a', 'A', 'a/b', 'a+', 'ä', 'a'.repeat(49)].some((id) => idPattern.test(id))).toBe(false)
  })
})

describe('quantities', () => {
  it('are known by name, and no name of Object is one', () => {
    expect(quantityNames.every(isQuantity)).toBe(true)
    expect(['constructor', '__proto__', 'toString', '', 'PM2_5'].some(isQuantity)).toBe(false)
  })

  it('average decibels as energy', () => {
    expect(definitionOf('laeq').average).toBe('energy')
    for (const quantity of quantityNames) {
      const { unit, average } = definitionOf(quantity)
      if (unit === 'dB(A)') expect(average).not.toBe('arithmetic')
    }
  })
})

describe('faults', () => {
  it('say something to the person whose device it is', () => {
    for (const text of Object.values(faults)) expect(text).toMatch(/^[A-Z].*\.$/)
  })
})

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
