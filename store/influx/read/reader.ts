/** Answers what charts and pages ask: single readings, rollups, several sites at once, the newest, coverage. */
import type { RawColumns, TimeRange } from '../../../model/columns.ts'
import { sourceOf, type Quantity } from '../../../model/quantity.ts'
import { hourMs, type UnixMs } from '../../../model/time.ts'
import { rollupColumns } from '../../rollups/answers.ts'
import { briefFields } from '../../rollups/cache.ts'
import { type Series } from '../../memory/catalogue.ts'
import { corrected, countCorrected, isCorrected, reachCorrected } from '../../corrected-answers.ts'
import { wantedOf } from '../../memory/corrections.ts'
import type { SeriesQuery, StoreStats } from '../../promise/read.ts'
import { serverBytes } from './bytes.ts'
import { standingOf, type Standing } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { countAll, countBySeries } from './counts.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import { readFields } from './questions.ts'

function seriesOf(core: Core, query: { siteId: string; quantity: Quantity }): Series[] {
  const channel = core.catalogue.channel(query.siteId, query.quantity)
  return channel ? core.catalogue.seriesOf([channel]) : []
}

/** Of the series that reach into the range, their readings as they stand; of two devices the lower id first. */
export async function standing(
  core: Core,
  doing: string,
  series: readonly Series[],
  range: TimeRange
): Promise<{ series: Series; standing: Standing }[]> {
  const there = series
    .filter(({ low, high }) => low < range.until && high >= range.from)
    .sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
  const [first] = there
  if (!first) return []
  const { value, flag, reasons } = fieldsOf(first.channel.quantity)
  const found = await readFields(core, doing, core.mounts.ofSeries(there), range, [value, flag, reasons])
  return there.flatMap((one) => {
    const fields = found.get(core.mounts.of(one))
    return fields ? [{ series: one, standing: standingOf(fields, one.channel.quantity) }] : []
  })
}

export async function raw(core: Core, query: SeriesQuery): Promise<RawColumns> {
  if (isCorrected(query)) {
    const { time, value, flag, reasons } = await corrected(core, query)
    return { time, value, flag, reasons }
  }
  const parts = await core.read('reading a series', () =>
    standing(core, 'reading a series', seriesOf(core, query), query)
  )
  const [only] = parts
  if (!only) return { time: [], value: [], flag: [], reasons: [] }
  if (parts.length === 1) return only.standing as RawColumns
  const places = parts.flatMap(({ standing: { time } }, part) =>
    time.map((at, place) => ({ at, part, place }))
  )
  places.sort((a, b) => a.at - b.at || a.part - b.part)
  const of = (part: number): Standing => parts[part]!.standing
  return {
    time: places.map(({ at }) => at as UnixMs),
    value: places.map(({ part, place }) => of(part).value[place]!),
    flag: places.map(({ part, place }) => of(part).flag[place]!),
    reasons: places.map(({ part, place }) => of(part).reasons[place]!)
  }
}

export async function count(core: Core, query: SeriesQuery, countMax: number): Promise<number> {
  if (isCorrected(query)) return countCorrected(core, query, countMax)
  const counts = await core.read('counting readings', () =>
    countBySeries(core, 'counting readings', seriesOf(core, query), query)
  )
  return Math.min(
    countMax,
    [...counts.values()].reduce((a, b) => a + b, 0)
  )
}

/**
 * Series only ever grow wider in memory, so what an undone import left is cut off by the hours that there still are.
 * Readings that have no hour yet came a moment ago, and the newest of them is known.
 */
export async function reach(core: Core, siteId: string, quantity: Quantity): Promise<TimeRange | null> {
  const source = sourceOf(quantity)
  if (source) return reachCorrected(await reach(core, siteId, source), wantedOf(core, siteId, quantity))
  await core.read('reading how far a series reaches', async () => undefined)
  const channel = core.catalogue.channel(siteId, quantity)
  const series = channel ? core.catalogue.seriesOf([channel]).filter(({ low, high }) => low <= high) : []
  if (!channel || series.length === 0) return null
  const low = Math.min(...series.map((one) => one.low))
  const high = Math.max(...series.map((one) => one.high))
  const all = { from: low as UnixMs, until: (high + 1) as UnixMs }
  const asked = { channels: [channel], range: hoursOf(all) }
  const hours = (await rollupColumns(core, 'hour', asked, briefFields)).get(channel)?.time
  const [first, last] = [hours?.[0], hours?.at(-1)]
  if (first === undefined || last === undefined) return all
  if (core.trimmed.has(siteId)) return { from: first as UnixMs, until: all.until }
  const until = Math.max(
    Math.min(high + 1, core.clock.hourEnd(last)),
    (channel.latest?.time ?? -Infinity) + 1
  )
  return { from: Math.max(low, first) as UnixMs, until: until as UnixMs }
}

function hoursOf({ from, until }: TimeRange): TimeRange {
  return { from: (from - 2 * hourMs) as UnixMs, until }
}

/** Counted by the server once, and by us from then on. */
export async function stats(core: Core): Promise<StoreStats> {
  if (core.readings === undefined) {
    await core.alone('counting readings', async () => {
      core.readings ??= await countAll(core, 'counting readings', [...core.catalogue.allSeries()])
    })
  }
  return {
    readings: core.readings ?? 0,
    replaced: core.replacements,
    bytes: await core.read('asking how large the buckets are', () => serverBytes(core)),
    dirtyHours: core.dirty.size + core.recorrecting.size
  }
}
