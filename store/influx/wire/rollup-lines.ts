/** Hours and days as lines: one row a site, quantity and window, its numbers as fields, what is null left out. */
import type { Window } from '../../../model/columns.ts'
import type { Quantity } from '../../../model/quantity.ts'
import type { RollupRow } from '../../rollups/window.ts'
import { tagsOf } from './line-protocol.ts'

export type RollupField = keyof RollupRow

const counts: readonly RollupField[] = ['count', 'passed', 'notEvaluated', 'suspect', 'failed']

/** Fields that may be null: a row that loses one of them must be removed before it is written again. */
export const nullable: readonly RollupField[] = [
  'expected',
  'coverage',
  'mean',
  'min',
  'max',
  'p10',
  'p50',
  'p90'
]

export const rollupFields: readonly RollupField[] = [...nullable, ...counts]

/** What pages of many sites ask. */
export const briefFields: readonly RollupField[] = ['mean', 'coverage']

export const measurementOf: Record<Window, string> = { hour: 'hours', day: 'days' }

/** What a channel's rows begin with. */
export function rollupPrefix(window: Window, siteId: string, quantity: Quantity): string {
  return `${measurementOf[window]},${tagsOf({ site: siteId, quantity })}`
}

export function rollupLine(prefix: string, time: number, row: RollupRow): string {
  let fields = ''
  for (const field of nullable) if (row[field] !== null) fields += `${field}=${row[field]},`
  for (const field of counts) fields += `${field}=${row[field]}i,`
  return `${prefix} ${fields.slice(0, -1)} ${time}`
}
