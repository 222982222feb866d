/** Whatever an hour or a day says, its line says, in full and in short. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Quantity } from '../../model/quantity.ts'
import { allFields, type RollupField } from '../../store/rollups/cache.ts'
import type { RollupRow } from '../../store/rollups/window.ts'
import { fieldOf, fieldsFor, newRollupLine, rollupLine } from '../../store/influx/wire/rollup-lines.ts'

// No -0, which neither line says.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const few = fc.nat(3)

/** As windows make them: nothing but counts where all failed, and no range of directions. */
const rows = fc
  .record({
    isDirection: fc.boolean(),
    isOne: fc.boolean(),
    isEmpty: fc.boolean(),
    isUnknown: fc.boolean(),
    values: fc.tuple(number, number, number, number, number, number),
    counts: fc.tuple(few, few, few, few, few),
    percentileOverflows: fc.boolean()
  })
  .map(({ isDirection, isOne, isEmpty, isUnknown, values, counts, percentileOverflows }) => {
    const [passed, notEvaluated, suspect, failed, missing] = counts
    const count = passed + notEvaluated + suspect + (isEmpty ? 0 : missing)
    const expected = isUnknown ? null : 1 + count
    const [mean, min, max, p10, p50, p90] = isOne ? values.map(() => values[0]) : values
    const range = { min, max, p10: percentileOverflows ? null : p10, p50, p90 }
    const none = { min: null, max: null, p10: null, p50: null, p90: null }
    const row = {
      count,
      expected,
      coverage: expected === null ? null : Math.min(1, count / expected),
      mean: isEmpty ? null : mean!,
      ...(isEmpty || isDirection ? none : range),
      passed,
      notEvaluated,
      suspect,
      failed
    }
    return { row: row as RollupRow, quantity: (isDirection ? 'wind_direction' : 'pm2_5') as Quantity }
  })

function readBack(line: string, quantity: Quantity): RollupRow {
  const [, fields = ''] = line.split(' ')
  const said = new Map(
    fields.split(',').map((field) => {
      const [name, value = ''] = field.split('=')
      return [name as RollupField, Number(value.replace(/i$/, ''))]
    })
  )
  const entries = allFields.map((field) => {
    const asked = new Set<RollupField>([...fieldsFor(field), 'count'])
    const value = fieldOf(field, quantity)((name) => (asked.has(name) ? (said.get(name) ?? NaN) : NaN))
    return [field, Number.isNaN(value) ? null : value]
  })
  return Object.fromEntries(entries) as RollupRow
}

it('a line in short says the same as one in full', () => {
  fc.assert(
    fc.property(rows, ({ row, quantity }) => {
      for (const lineOf of [rollupLine, newRollupLine])
        expect(readBack(lineOf('hours,quantity=x,site=y', 0, row), quantity)).toEqual(row)
    }),
    { numRuns: 500 }
  )
})

it('an hour of one good reading is three fields', () => {
  const value = { mean: 8.4, min: 8.4, max: 8.4, p10: 8.4, p50: 8.4, p90: 8.4 }
  const counts = { count: 1, expected: 1, coverage: 1, passed: 1, notEvaluated: 0, suspect: 0, failed: 0 }
  expect(newRollupLine('hours,quantity=pm2_5,site=a', 3_600_000, { ...value, ...counts })).toBe(
    'hours,quantity=pm2_5,site=a expected=1,mean=8.4,count=1i 3600000'
  )
})
