/** Finds the newest reading of channels in the server, where memory does not know it. */
import { hourMs } from '../../../model/time.ts'
import { offerLatest, type Channel, type Series } from '../../memory/catalogue.ts'
import { standingOf } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { allTime, keep, pipe, step } from '../wire/flux.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import { byMount, quantitiesOf, readFields, selection } from './questions.ts'

export async function findLatest(core: Core, of: Iterable<Channel>): Promise<void> {
  const channels = [...of]
  for (const channel of channels) channel.latest = undefined
  const series = core.catalogue.seriesOf(channels).filter(({ low, high }) => low <= high)
  if (series.length === 0) return
  const uncertain = await offerLast(core, series)
  for (const one of uncertain) await searchBack(core, one)
}

/** The last value of each series with its flag, if that is the last as well; gives the series whose last one failed. */
async function offerLast(core: Core, series: readonly Series[]): Promise<Series[]> {
  const mounts = core.mounts.ofSeries(series)
  const names = [...quantitiesOf(series)].flatMap((quantity) => {
    const { value, flag, reasons } = fieldsOf(quantity)
    return [value, flag, reasons]
  })
  const question = pipe(
    ...selection(core, mounts, allTime, names),
    step`|> last()`,
    keep('_time', '_value', '_field', 'site', 'device')
  )
  const found = byMount(core, mounts, await core.server.query('finding the newest readings', question))
  const uncertain: Series[] = []
  for (const one of series) {
    const fields = found.get(core.mounts.of(one))
    if (!fields?.has(fieldsOf(one.channel.quantity).value)) continue
    if (!offerNewest(one, standingOf(fields, one.channel.quantity))) uncertain.push(one)
  }
  return uncertain
}

function offerNewest(series: Series, { time, value, flag, reasons }: ReturnType<typeof standingOf>): boolean {
  for (let i = time.length - 1; i >= 0; i--) {
    if (flag[i] === 4) continue
    offerLatest(series, time[i]!, value[i]!, flag[i]!, reasons[i]!)
    return true
  }
  return false
}

/** Steps back, each stretch twice as long as the one before, until a reading that did not fail is found. */
async function searchBack(core: Core, series: Series): Promise<void> {
  const mount = core.mounts.of(series)
  const { quantity } = series.channel
  const { value, flag, reasons } = fieldsOf(quantity)
  let until = series.high + 1
  for (let width = hourMs; until > series.low; width *= 2) {
    const from = Math.max(series.low, until - width)
    const range = { from, until } as Parameters<typeof readFields>[3]
    const found = await readFields(core, 'finding the newest readings', [mount], range, [
      value,
      flag,
      reasons
    ])
    const fields = found.get(mount)
    if (fields && offerNewest(series, standingOf(fields, quantity))) return
    until = from
  }
}
