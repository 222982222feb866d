/**
 * Makes the state file anew from what the server holds: which series there are, how far each reaches, which hours there
 * are. All hours are marked, since which of them were due is not known. What had been set aside is gone with the file.
 */
import { isQuantity } from '../../../model/quantity.ts'
import { hourMs, type UnixMs } from '../../../model/time.ts'
import type { TimeRange } from '../../../model/columns.ts'
import type { Channel, Series } from '../../memory/catalogue.ts'
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
import { decodeTag, readingsMeasurement } from '../wire/line-protocol.ts'
import { quantities } from '../../../model/quantity.ts'
import { rebuildStretchMs } from '../../limits.ts'

const doing = 'rebuilding the state file'

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
    'The state file of the InfluxDB store was missing and was rebuilt from the server.'
  )
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

/** When each channel was first measured, of what the server still has. */
export async function firstReadings(core: Core): Promise<Map<Channel, number>> {
  const from = pipe(source(core.buckets.readings, allTime), all())
  const question = pipe(from, step`|> first()`, keep('_time', '_value', '_field', 'site', 'device'))
  const found = new Map<Channel, number>()
  for (const table of await core.server.query(doing, question)) {
    const series = seriesOf(core, table)
    if (!series) continue
    for (const time of table.time) {
      found.set(series.channel, Math.min(found.get(series.channel) ?? Infinity, time))
    }
  }
  return found
}

function seriesOf(core: Core, { key }: Table): Series | undefined {
  const quantity = key._field ?? ''
  if (!isQuantity(quantity)) return undefined
  const [site, device] = [decodeTag(key.site ?? ''), decodeTag(key.device ?? '')]
  return core.catalogue.series(site, device, quantity) ?? core.catalogue.add(site, device, quantity).series
}

/** Hours that hold readings, and perhaps one that does not: the server counts by hours of UTC. */
export async function findHours(core: Core, series: readonly Series[]): Promise<MarkedHour[]> {
  if (series.length === 0) return []
  const marks = new Map<number, Set<number>>()
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
      if (!of) continue
      const hours = marks.get(of.channel.id) ?? new Set()
      marks.set(of.channel.id, hours)
      for (const time of table.time) {
        for (const hour of core.clock.hourStarts(time, (time + hourMs) as UnixMs)) hours.add(hour)
      }
    }
  }
  return [...marks].flatMap(([channelId, hours]) => [...hours].map((hour) => ({ channelId, hour })))
}
