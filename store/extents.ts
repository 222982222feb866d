/** How far series reach, and how many readings of corrected quantities there are: the same for every store. */
import { isMeasured, type CorrectedQuantity, type Quantity } from '../model/quantity.ts'
import type { TimeRange } from '../model/columns.ts'
import type { ClockHours, UnixMs } from '../model/time.ts'
import { countCorrected } from './corrected-answers.ts'
import { wantedSeries } from './export/series.ts'
import { correctedChannels, type CorrectionSource } from './memory/corrections.ts'
import type { ChannelCount, CountsQuery, SeriesExtent } from './promise/read.ts'

export function extents(place: CorrectionSource, siteIds: readonly string[]): SeriesExtent[] {
  const sites = new Set(siteIds)
  const quantities = new Set<Quantity>()
  for (const { siteId, quantity } of place.catalogue.channels())
    if (sites.has(siteId)) quantities.add(quantity)
  for (const { quantity } of correctedChannels(place, siteIds)) quantities.add(quantity)
  return wantedSeries(place, { siteIds, quantities: [...quantities] }).flatMap(
    ({ series, quantity, corrected }) => {
      const { low, high, deviceId, channel } = series
      const rows = corrected?.rows ?? [{ from: null, until: null }]
      const from = Math.max(low, Math.min(...rows.map((row) => row.from ?? -Infinity)))
      const until = Math.min(high + 1, Math.max(...rows.map((row) => row.until ?? Infinity)))
      if (from >= until) return []
      return [{ siteId: channel.siteId, deviceId, quantity, from: from as UnixMs, until: until as UnixMs }]
    }
  )
}

/** What a store brings to count readings of corrected quantities. */
export interface CorrectedCounting extends CorrectionSource {
  readonly clock: ClockHours
}

/** Readings by channel of whole hours that were made. */
export type CountHours = (channels: readonly ChannelName[], range: TimeRange) => Promise<ChannelCount[]>

export interface ChannelName {
  siteId: string
  quantity: Quantity
}

/** Whole hours as they were made; what a period has of hours at its ends is computed. */
export async function countsOfCorrected(
  place: CorrectedCounting,
  query: CountsQuery,
  countHours: CountHours
): Promise<ChannelCount[]> {
  const named = new Set<Quantity>((query.quantities ?? []).filter((quantity) => !isMeasured(quantity)))
  if (named.size === 0) return []
  const known = extents(place, query.siteIds).filter(({ quantity }) => named.has(quantity))
  if (known.length === 0) return []
  const reach = within(query, known)
  const whole = { from: firstHour(place.clock, reach.from), until: place.clock.hourStart(reach.until) }
  const isWhole = whole.from < whole.until
  const channels = [...new Map(known.map((one) => [`${one.siteId} ${one.quantity}`, one])).values()]
  const hours = isWhole ? await countHours(channels, whole) : []
  const ends = isWhole
    ? [
        { from: reach.from, until: whole.from },
        { from: whole.until, until: reach.until }
      ]
    : [reach]
  const counts: ChannelCount[] = []
  for (const { siteId, quantity } of channels) {
    let count = hours.find((one) => one.siteId === siteId && one.quantity === quantity)?.count ?? 0
    for (const end of ends)
      count += await countCorrected(
        place,
        { siteId, quantity: quantity as CorrectedQuantity, ...end },
        Infinity
      )
    if (count > 0) counts.push({ siteId, quantity, count })
  }
  return counts
}

function within(query: TimeRange, known: readonly TimeRange[]): TimeRange {
  const from = Math.max(query.from, Math.min(...known.map((one) => one.from)))
  const until = Math.min(query.until, Math.max(...known.map((one) => one.until)))
  return { from: from as UnixMs, until: Math.max(from, until) as UnixMs }
}

function firstHour(clock: ClockHours, at: UnixMs): UnixMs {
  const start = clock.hourStart(at)
  return start === at ? start : clock.hourEnd(start)
}
