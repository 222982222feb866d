/**
 * Makes the state file anew from what the server holds: which series there are, how far each reaches, which hours there
 * are. All hours are marked, since which of them were due is not known. What had been set aside is gone with the file.
 */
import { isQuantity } from '../../../model/quantity.ts'
import { hourMs, type UnixMs } from '../../../model/time.ts'
import type { TimeRange } from '../../../model/columns.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Core } from '../core.ts'
import type { Table } from '../wire/csv.ts'
import {
  allTime,
  anyOf,
  filter,
  isField,
  isMeasurement,
  keep,
  named,
  pipe,
  source,
  step,
  type Flux
} from '../wire/flux.ts'
import { measurementOf } from '../wire/rollup-lines.ts'
import { decodeTag, readingsMeasurement } from '../wire/line-protocol.ts'
import { quantities } from '../../../model/quantity.ts'
import { rebuildStretchMs } from '../../limits.ts'

const doing = 'making the state file anew'

export async function rebuild(core: Core): Promise<void> {
  const { state, settings } = core
  const series = await findSeries(core)
  const marks = await findHours(core, series)
  state.transaction(() => {
    for (const one of series) {
      state.putChannel(one.channel)
      state.putSeries(one, one.low, one.high)
    }
    state.mark('dirty', marks)
    state.mark('unexamined', marks)
    state.removeMeta('readings')
    state.setMeta('rebuilt', String(settings.clock.now()))
  })
  core.load()
  settings.log.warn(
    { series: series.length, hours: marks.length },
    'The state file of the InfluxDB store was not there and was made anew from the server.'
  )
}

/** Civil days begin elsewhere now: the old ones go, and every hour is marked so that the days are made again. */
export async function changeTimezone(core: Core): Promise<void> {
  const { state, settings, buckets, server } = core
  if (state.meta('timezone') === settings.timezone) return
  const series = [...core.catalogue.allSeries()].filter(({ low, high }) => low <= high)
  const marks = await findHours(core, series)
  await server.delete(buckets.days, measurementOf.day, {}, allTime)
  state.transaction(() => {
    state.mark('dirty', marks)
    state.setMeta('timezone', settings.timezone)
  })
  for (const mark of marks) core.dirty.mark(mark)
  core.cache.clear()
}

function all(): Flux {
  return filter([isMeasurement(readingsMeasurement), anyOf(Object.keys(quantities).map(isField))])
}

async function findSeries(core: Core): Promise<Series[]> {
  const kept = keep('_time', '_value', '_field', 'site', 'device')
  const from = pipe(source(core.buckets.readings, allTime), all())
  const question = pipe(
    from,
    step`|> first()`,
    kept,
    named('first'),
    from,
    step`|> last()`,
    kept,
    named('last')
  )
  const found = new Set<Series>()
  for (const table of await core.server.query(doing, question)) {
    const series = seriesOf(core, table)
    if (!series) continue
    for (const time of table.time) core.mounts.widen(series, time, time)
    found.add(series)
  }
  return [...found]
}

function seriesOf(core: Core, { key }: Table): Series | undefined {
  const quantity = key._field ?? ''
  if (!isQuantity(quantity)) return undefined
  const [site, device] = [decodeTag(key.site ?? ''), decodeTag(key.device ?? '')]
  return core.catalogue.series(site, device, quantity) ?? core.catalogue.add(site, device, quantity).series
}

async function findHours(core: Core, series: readonly Series[]): Promise<MarkedHour[]> {
  const marks: MarkedHour[] = []
  const last = Math.max(...series.map(({ high }) => high))
  for (let from = Math.min(...series.map(({ low }) => low)); from <= last; from += rebuildStretchMs) {
    const start = Math.floor(from / hourMs) * hourMs
    const range: TimeRange = {
      from: start as UnixMs,
      until: Math.min(last + 1, start + rebuildStretchMs) as UnixMs
    }
    const question = pipe(
      source(core.buckets.readings, range),
      all(),
      step`|> aggregateWindow(every: 1h, fn: count, createEmpty: false, timeSrc: "_start")`,
      keep('_time', '_value', '_field', 'site', 'device')
    )
    for (const table of await core.server.query(doing, question)) {
      const of = seriesOf(core, table)
      if (of)
        for (const time of table.time)
          marks.push({ channelId: of.channel.id, hour: Math.floor(time / hourMs) * hourMs })
    }
  }
  return marks
}
