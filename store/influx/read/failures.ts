/** Readings that failed, from their flags: a flag is only kept where a reading is not simply good. */
import type { TimeRange } from '../../../model/columns.ts'
import type { Flag } from '../../../model/flag.ts'
import type { UnixMs } from '../../../model/time.ts'
import { FailureCounts, failuresOfCorrected, isOfCorrected, seriesAskedFor } from '../../failures.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { Failures, FailuresQuery } from '../../promise/read.ts'
import type { Mount } from '../state/mounts.ts'
import type { Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import { readFields } from './questions.ts'

const doing = 'counting readings that failed'

export async function failures(core: Core, query: FailuresQuery): Promise<Failures[]> {
  if (isOfCorrected(query)) return failuresOfCorrected(core, query)
  const series = seriesAskedFor(core.catalogue, query)
  const counts = new FailureCounts(query)
  if (series.length === 0) return core.read(doing, async () => counts.all())
  await core.read(doing, async () => {
    const quantities = [...new Set(series.map(({ channel }) => channel.quantity))]
    const flags = quantities.flatMap((quantity) => [fieldsOf(quantity).flag, fieldsOf(quantity).reasons])
    const mounts = core.mounts.ofSeries(series)
    const found = await readFields(core, doing, mounts, rangeOf(series, query), flags)
    for (const [mount, fields] of found) {
      const own = series.filter((one) => core.mounts.of(one) === mount)
      const failed = own
        .map((one) => ({ one, ...flaggedOf(fields, one, query.flag ?? 4) }))
        .filter(({ time }) => time.length > 0)
      if (failed.length > 0) await countMount(core, counts, mount, failed)
    }
  })
  return counts.all()
}

/** No further than there are readings: the server looks through every day that it is asked for. */
function rangeOf(series: readonly Series[], { from, until }: TimeRange): TimeRange {
  return {
    from: Math.max(from, Math.min(...series.map(({ low }) => low))) as UnixMs,
    until: Math.min(until, Math.max(...series.map(({ high }) => high)) + 1) as UnixMs
  }
}

interface Failed {
  one: Series
  time: number[]
  reasons: number[]
}

function flaggedOf(fields: Fields, { channel }: Series, flag: Flag): Omit<Failed, 'one'> {
  const names = fieldsOf(channel.quantity)
  const flags = fields.get(names.flag)
  const reasonAt = valuesOf(fields, names.reasons)
  const time = flags ? flags.time.filter((_at, i) => flags.value[i] === flag) : []
  return { time, reasons: time.map((at) => reasonAt.get(at) ?? 0) }
}

function valuesOf(fields: Fields | undefined, name: string): ReadonlyMap<number, number> {
  const column = fields?.get(name)
  return new Map(column?.time.map((at, i) => [at, column.value[i]!]))
}

/** Of which import each is, is asked for the stretch in which any failed. */
async function countMount(
  core: Core,
  counts: FailureCounts,
  mount: Mount,
  failed: readonly Failed[]
): Promise<void> {
  const first = failed.reduce((low, { time }) => Math.min(low, time[0]!), Infinity)
  const last = failed.reduce((high, { time }) => Math.max(high, time.at(-1)!), -Infinity)
  const names = ['import', ...failed.map(({ one }) => fieldsOf(one.channel.quantity).import)]
  const range = { from: first as UnixMs, until: (last + 1) as UnixMs }
  const fields = (await readFields(core, doing, [mount], range, names)).get(mount)
  const ofLine = valuesOf(fields, 'import')
  for (const { one, time, reasons } of failed) {
    const { siteId, quantity } = one.channel
    const own = valuesOf(fields, fieldsOf(quantity).import)
    time.forEach((at, i) => {
      const importId = own.get(at) ?? ofLine.get(at) ?? 0
      counts.add({ siteId, deviceId: one.deviceId, quantity, reasons: reasons[i]!, importId }, at)
    })
  }
}
