/** What is written comes back as it was: lines of the line protocol, and the CSV of answers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cells, FluxError, TableReader } from '../../store/influx/wire/csv.ts'
import { anyOf, filter, isSite } from '../../store/influx/wire/flux.ts'
import {
  changedLine,
  decodeTag,
  fieldsOf,
  newLine,
  tagsOf,
  type NamedRow
} from '../../store/influx/wire/line-protocol.ts'
import { standingOf, storedRows, type Fields } from '../../store/influx/wire/columns.ts'
import type { StoredRow } from '../../store/resolve.ts'

const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((word) => word.isWellFormed())

/** A line as InfluxDB reads it: a backslash takes a comma, an equals sign or a space its meaning. */
function parseLine(line: string): {
  tags: Record<string, string>
  fields: Record<string, string>
  time: number
} {
  const parts = split(line, ' ')
  expect(parts).toHaveLength(3)
  const [, ...pairs] = split(parts[0]!, ',')
  const pair = (one: string): [string, string] => {
    const [name = '', value = ''] = split(one, '=')
    return [name, value.replace(/\\([,= ])/g, '$1')]
  }
  return {
    tags: Object.fromEntries(pairs.map(pair)),
    fields: Object.fromEntries(split(parts[1]!, ',').map(pair)),
    time: Number(parts[2])
  }
}

function split(line: string, by: string): string[] {
  const found = ['']
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\' && i + 1 < line.length && ',= '.includes(line[i + 1]!))
      found[found.length - 1] += line[i]! + line[++i]!
    else if (line[i] === by) found.push('')
    else found[found.length - 1] += line[i]!
  }
  return found
}

describe('tags', () => {
  it('come back whatever is in them, and stay on their line', () => {
    fc.assert(
      fc.property(text, text, (site, device) => {
        const line = `readings,${tagsOf({ site, device })} pm2_5=1 5`
        expect(line).not.toMatch(/[\n\r\u2028]/)
        const { tags } = parseLine(line)
        expect({ site: decodeTag(tags.site!), device: decodeTag(tags.device!) }).toEqual({ site, device })
      }),
      {
        examples: [
          ['', ' '],
          ['a\nb,c=d e', '\\'],
          ['%', '%0041'],
          ['back\\', ',\\,']
        ]
      }
    )
  })

  it('cannot say anything in a question', () => {
    fc.assert(
      fc.property(text, (site) => {
        const question = filter([anyOf([isSite(site)])]).toString()
        const literal = /^\|> filter\(fn: \(r\) => \(r\.site == "(.*)"\)\)$/s.exec(question)?.[1]
        expect(literal).toBeDefined()
        expect(literal).not.toMatch(/(^|[^\\])(\\\\)*"/)
        expect(literal).not.toMatch(/(^|[^\\])\$\{/)
      }),
      { examples: [['") |> drop() //'], ['${secret}'], ['\\"']] }
    )
  })
})

const row = fc.record({
  series: fc.constant(1),
  time: fc.constant(1_768_348_800_000),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  flag: fc.constantFrom(1, 2, 3, 4, 9),
  reasons: fc.nat(4_095),
  receivedAt: fc.integer({ min: 1_768_348_800_000, max: 1_768_348_900_000 }),
  sequence: fc.nat(1e9),
  importId: fc.nat(3)
}) as fc.Arbitrary<StoredRow>

describe('lines', () => {
  it.each([
    ['new', newLine],
    ['changed', changedLine]
  ])('give back all that is kept of their readings: a %s one', (_what, write) => {
    fc.assert(
      fc.property(row, row, (first, second) => {
        const rows: NamedRow[] = [
          { quantity: 'pm2_5', row: first },
          { quantity: 'laeq', row: second }
        ]
        const { fields, time } = parseLine(write('device=a,site=b', first.time, rows))
        const columns: Fields = new Map(
          Object.entries(fields).map(([name, value]) => [
            name,
            { time: [time], value: [Number(value.replace(/i$/, ''))] }
          ])
        )
        for (const { quantity, row: one } of rows) {
          const [back] = storedRows(columns, quantity, 1)
          expect({ ...back, value: (back?.value ?? NaN) + 0 }).toEqual({ ...one, value: one.value + 0 })
        }
      })
    )
  })

  it('of a reading that was taken away hold none', () => {
    const names = fieldsOf('pm2_5')
    const columns: Fields = new Map([
      [names.value, { time: [1, 2], value: [7, 8] }],
      [names.flag, { time: [1], value: [0] }]
    ])
    expect(standingOf(columns, 'pm2_5')).toEqual({ time: [2], value: [8], flag: [1], reasons: [0] })
  })
})

describe('answers', () => {
  const answer = [
    ',result,table,_time,_value,_field,site',
    ',_result,0,2026-01-14T00:00:00Z,8.4,pm2_5,"a, ""b"""',
    ',_result,0,1969-12-31T23:59:59.999Z,-0.5,pm2_5,"a, ""b"""',
    ',_result,1,2026-01-14T00:00:00.25Z,3,pm10,c',
    '',
    ',result,table,_value',
    ',named,0,12',
    ''
  ].join('\r\n')

  it('are the same however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(answer.length), { maxLength: 6 }), (cuts) => {
        const reader = new TableReader()
        let from = 0
        for (const cut of [...cuts.toSorted((a, b) => a - b), answer.length]) {
          reader.feed(answer.slice(from, cut))
          from = cut
        }
        expect(reader.end().map(({ key, time, value }) => [key, time, value])).toEqual([
          [
            { result: '_result', table: '0', _field: 'pm2_5', site: 'a, "b"' },
            [Date.UTC(2026, 0, 14), -1],
            [8.4, -0.5]
          ],
          [{ result: '_result', table: '1', _field: 'pm10', site: 'c' }, [Date.UTC(2026, 0, 14) + 250], [3]],
          [{ result: 'named', table: '0' }, [], [12]]
        ])
      })
    )
  })

  it('that end in an error are one', () => {
    const reader = new TableReader()
    expect(() => reader.feed(',error,reference\r\n,"out of memory, sorry",897\r\n')).toThrow(FluxError)
  })

  it('have cells that come back', () => {
    fc.assert(
      fc.property(
        fc.array(
          text.filter((cell) => !/[\n\r]/.test(cell)),
          { minLength: 1 }
        ),
        (row) => {
          expect(cells(row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))).toEqual(row)
        }
      )
    )
  })
})
