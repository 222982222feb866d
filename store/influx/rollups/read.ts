/** Reads hours and days from their buckets. */
import type { TimeRange, Window } from '../../../model/columns.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { isQuantity } from '../../../model/quantity.ts'
import { ColumnsBy, type Column, type Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import {
  anyOf,
  filter,
  isEmptyRange,
  isField,
  isMeasurement,
  isQuantityTag,
  isSite,
  keep,
  pipe,
  source
} from '../wire/flux.ts'
import { namesPerQuestionMax } from '../../limits.ts'
import { decodeTag } from '../wire/line-protocol.ts'
import type { RollupBlock } from './cache.ts'
import { bucketOf } from '../wire/buckets.ts'
import { measurementOf, type RollupField } from '../wire/rollup-lines.ts'

/** `count` tells which rows there are, since every row has one; it is read along where it was not asked for. */
export async function readRollups(
  core: Core,
  window: Window,
  channels: readonly Channel[],
  range: TimeRange,
  fields: readonly RollupField[]
): Promise<Map<Channel, RollupBlock>> {
  if (channels.length === 0 || isEmptyRange(range)) return new Map()
  const names = [...new Set<RollupField>([...fields, 'count'])]
  const conditions = [isMeasurement(measurementOf[window]), anyOf(names.map(isField))]
  const sites = new Set(channels.map(({ siteId }) => siteId))
  if (sites.size <= namesPerQuestionMax) conditions.push(anyOf([...sites].map(isSite)))
  conditions.push(anyOf([...new Set(channels.map(({ quantity }) => quantity))].map(isQuantityTag)))
  const question = pipe(
    source(bucketOf(core.buckets, window), range),
    filter(conditions),
    keep('_time', '_value', '_field', 'site', 'quantity')
  )
  const wanted = new Set(channels)
  const found = new ColumnsBy<Channel>()
  for (const table of await core.server.query('reading rollups', question)) {
    const quantity = table.key.quantity ?? ''
    const channel = isQuantity(quantity) && core.catalogue.channel(decodeTag(table.key.site ?? ''), quantity)
    if (channel && wanted.has(channel)) found.add(channel, table.key._field ?? '', table)
  }
  return new Map([...found.all()].map(([channel, columns]) => [channel, blockOf(columns, fields)]))
}

function blockOf(columns: Fields, fields: readonly RollupField[]): RollupBlock {
  const axis = columns.get('count')?.time ?? []
  return {
    time: axis,
    columns: new Map(fields.map((field) => [field, alongside(axis, columns.get(field))]))
  }
}

function alongside(axis: readonly number[], column: Column | undefined): number[] {
  if (column?.time.length === axis.length) return column.value
  const values: number[] = []
  let place = 0
  for (const time of axis) {
    while (column && place < column.time.length && column.time[place]! < time) place++
    values.push(column?.time[place] === time ? column.value[place]! : NaN)
  }
  return values
}
