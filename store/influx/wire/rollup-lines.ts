/**
 * Hours and days as lines: one row a site, quantity and window, its numbers as fields. A field that follows from the others
 * is left out of a row that is new, since most of an import's cost is what the server does for each field: an hour of one
 * reading is `expected`, `mean` and `count`, three fields instead of a dozen. What is null is left out too.
 */
import type { Window } from '../../../model/columns.ts'
import { definitionOf, type Quantity } from '../../../model/quantity.ts'
import type { RollupField } from '../../rollups/cache.ts'
import type { RollupRow } from '../../rollups/window.ts'
import { tagsOf } from './line-protocol.ts'

const counts = ['count', 'passed', 'notEvaluated', 'suspect', 'failed'] as const satisfies RollupField[]

/** All the mean where the values of a window are one: then none of them is there. */
const ranges = ['min', 'max', 'p10', 'p50', 'p90'] as const satisfies RollupField[]

/** Fields that may be null: a row that loses one of them must be removed before it is written again. */
export const nullable: readonly RollupField[] = ['expected', 'mean', ...ranges]

export const measurementOf: Record<Window, string> = { hour: 'hours', day: 'days' }

/** What a channel's rows begin with. */
export function rollupPrefix(window: Window, siteId: string, quantity: Quantity): string {
  return `${measurementOf[window]},${tagsOf({ site: siteId, quantity })}`
}

/** In place of whatever row is there: what follows is said all the same, but for coverage, which never is. */
export function rollupLine(prefix: string, time: number, row: RollupRow): string {
  return lineOf(prefix, time, row, () => false)
}

/** Where no row is. */
export function newRollupLine(prefix: string, time: number, row: RollupRow): string {
  const isOne = row.mean !== null && ranges.every((field) => row[field] === row.mean)
  return lineOf(prefix, time, row, (field) => {
    if (field === 'passed') return row.passed === passedOf(row)
    if (field === 'notEvaluated' || field === 'suspect' || field === 'failed') return row[field] === 0
    return isOne && (ranges as readonly RollupField[]).includes(field)
  })
}

function lineOf(
  prefix: string,
  time: number,
  row: RollupRow,
  follows: (field: RollupField) => boolean
): string {
  let fields = ''
  for (const field of nullable)
    if (row[field] !== null && !follows(field)) fields += `${field}=${row[field]},`
  for (const field of counts) if (!follows(field)) fields += `${field}=${row[field]}i,`
  return `${prefix} ${fields.slice(0, -1)} ${time}`
}

function passedOf({ count, notEvaluated, suspect }: Pick<RollupRow, 'count' | 'notEvaluated' | 'suspect'>) {
  return count - notEvaluated - suspect
}

/** A field as it was read beside others of its row; NaN where it is absent. */
type Read = (field: RollupField) => number

/** Which fields it takes to know one. `count` stands in every row. */
export function fieldsFor(field: RollupField): RollupField[] {
  if (field === 'coverage') return ['expected', 'count']
  if (field === 'passed') return ['passed', 'notEvaluated', 'suspect', 'count']
  return isRange(field) ? [field, 'min', 'mean'] : [field]
}

/** What a field of a row says, or what follows for it; NaN: null. */
export function fieldOf(field: RollupField, quantity: Quantity): (read: Read) => number {
  if (field === 'coverage') return (read) => Math.min(1, read('count') / read('expected'))
  if (field === 'notEvaluated' || field === 'suspect' || field === 'failed')
    return (read) => or(read(field), 0)
  if (field === 'passed')
    return (read) =>
      or(
        read('passed'),
        passedOf({
          count: read('count'),
          notEvaluated: or(read('notEvaluated'), 0),
          suspect: or(read('suspect'), 0)
        })
      )
  // Directions go round: they have a mean, and no range.
  if (!isRange(field) || definitionOf(quantity).average === 'vector') return (read) => read(field)
  return (read) => (Number.isNaN(read('min')) ? read('mean') : read(field))
}

function isRange(field: RollupField): boolean {
  return (ranges as readonly RollupField[]).includes(field)
}

function or(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value
}
