/** Counts readings where they are: the server counts fields, and those that do not count are taken off. */
import type { TimeRange } from '../../../model/columns.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { Core } from '../core.ts'
import { allTime, anyOf, filter, isEmptyRange, isValue, keep, named, pipe, step } from '../wire/flux.ts'
import { fieldsOf, goneFlag } from '../wire/line-protocol.ts'
import { mountOf, quantitiesOf, selection } from './questions.ts'

/** Readings of each series in a range whose flag is none of those `without`; those taken away never count. */
export async function countBySeries(
  core: Core,
  doing: string,
  series: readonly Series[],
  range: TimeRange,
  without: readonly number[] = []
): Promise<Map<Series, number>> {
  const counts = new Map<Series, number>(series.map((one) => [one, 0]))
  if (series.length === 0 || isEmptyRange(range)) return counts
  const mounts = core.mounts.ofSeries(series)
  const quantities = [...quantitiesOf(series)]
  const values = quantities.map((quantity) => fieldsOf(quantity).value)
  const flags = quantities.map((quantity) => fieldsOf(quantity).flag)
  const counted = pipe(step`|> count()`, keep('_value', '_field', 'site', 'device'))
  const question = pipe(
    ...selection(core, mounts, range, values),
    counted,
    named('all'),
    ...selection(core, mounts, range, flags),
    filter([anyOf([goneFlag, ...without].map(isValue))]),
    counted,
    named('without')
  )
  const byField = new Map(series.map((one) => [nameOf(one), one]))
  for (const table of await core.server.query(doing, question)) {
    const mount = mountOf(core, table)
    const field = table.key._field ?? ''
    const isAll = table.key.result === 'all'
    const quantity = isAll ? field : field.replace(/_flag$/, '')
    const one = mount && byField.get(`${mount.siteId}\n${mount.deviceId}\n${quantity}`)
    if (!one) continue
    const count = table.value.reduce((a, b) => a + b, 0)
    counts.set(one, (counts.get(one) ?? 0) + (isAll ? count : -count))
  }
  return counts
}

function nameOf({ channel, deviceId }: Series): string {
  return `${channel.siteId}\n${deviceId}\n${channel.quantity}`
}

export async function countAll(core: Core, doing: string, series: readonly Series[]): Promise<number> {
  const counts = await countBySeries(core, doing, series, allTime)
  return [...counts.values()].reduce((a, b) => a + b, 0)
}
