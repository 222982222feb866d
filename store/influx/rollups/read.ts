/** Reads hours and days from their buckets. */
import type { TimeRange, Window } from '../../../model/columns.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { isQuantity, type Quantity } from '../../../model/quantity.ts'
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
import type { RollupBlock, RollupField } from '../../rollups/cache.ts'
import { bucketOf } from '../wire/buckets.ts'
import { fieldOf, fieldsFor, measurementOf } from '../wire/rollup-lines.ts'

/** `count` tells which rows there are, since every row has one. */
export async function readRollups(
  core: Core,
  window: Window,
  channels: readonly Channel[],
  range: TimeRange,
  fields: readonly RollupField[]
): Promise<Map<Channel, RollupBlock>> {
  if (channels.length === 0 || isEmptyRange(range)) return new Map()
  const names = [...new Set<RollupField>([...fields.flatMap(fieldsFor), 'count'])]
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
  return new Map(
    [...found.all()].map(([channel, columns]) => [channel, blockOf(columns, fields, channel.quantity)])
  )
}

function blockOf(columns: Fields, fields: readonly RollupField[], quantity: Quantity): RollupBlock {
  const time = Float64Array.from(columns.get('count')?.time ?? [])
  const known = new Map<RollupField, Float64Array>()
  for (const name of new Set(fields.flatMap(fieldsFor))) known.set(name, alongside(time, columns.get(name)))
  let place = 0
  const read = (name: RollupField): number => known.get(name)![place]!
  const block: RollupBlock = { time, columns: new Map() }
  for (const field of fields) {
    const valueOf = fieldOf(field, quantity)
    const column = new Float64Array(time.length)
    for (place = 0; place < time.length; place++) column[place] = valueOf(read)
    block.columns.set(field, column)
  }
  return block
}

/** NaN where the column has no value of that time. */
function alongside(axis: Float64Array, column: Column | undefined): Float64Array {
  if (column?.time.length === axis.length) return Float64Array.from(column.value)
  let place = 0
  return axis.map((time) => {
    while (column && place < column.time.length && column.time[place]! < time) place++
    return column?.time[place] === time ? column.value[place]! : NaN
  })
}
