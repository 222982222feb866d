/** The series of an export in their order, and which of them are computed: the same for every store. */
import type { TimeRange } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { Series } from '../memory/catalogue.ts'
import { wantedOf, type CorrectedSeries, type CorrectionSource } from '../memory/corrections.ts'
import type { StoreMemory } from '../memory/memory.ts'
import type { ExportHead, ExportQuery } from '../promise/export.ts'

/** A series as one quantity of an export: what it measured, or what is made of that. */
export interface Wanted {
  series: Series
  quantity: Quantity
  corrected?: CorrectedSeries
}

/** What is measured, and of what is corrected only what is named; without series that never had a reading. */
export function wantedSeries(
  source: Pick<CorrectionSource, 'catalogue' | 'corrections'>,
  { siteIds, quantities }: Pick<ExportQuery, 'siteIds' | 'quantities'>
): Wanted[] {
  const sites = new Set(siteIds)
  const measured = source.catalogue
    .seriesOf(source.catalogue.channelsOf(sites, quantities))
    .map((series): Wanted => ({ series, quantity: series.channel.quantity }))
  const corrected = (quantities ?? []).flatMap((quantity) =>
    [...sites]
      .flatMap((siteId) => wantedOf(source, siteId, quantity))
      .map((one): Wanted => ({ series: one.source, quantity, corrected: one }))
  )
  return [...measured, ...corrected].filter(({ series }) => series.low <= series.high).toSorted(inOrder)
}

function inOrder(a: Wanted, b: Wanted): number {
  return (
    compare(a.series.channel.siteId, b.series.channel.siteId) ||
    compare(a.series.deviceId, b.series.deviceId) ||
    compare(a.quantity, b.quantity)
  )
}

/** By code unit, as the ids are ASCII: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function headOf(
  memory: Pick<StoreMemory, 'unjudged'>,
  wanted: readonly Wanted[],
  { from, until }: TimeRange
): ExportHead {
  const unjudged = wanted.map(({ series, quantity }) =>
    memory.unjudged({ siteId: series.channel.siteId, quantity, from, until })
  )
  return {
    kind: 'head',
    series: wanted.map(({ series, quantity }) => ({
      siteId: series.channel.siteId,
      deviceId: series.deviceId,
      quantity
    })),
    corrections: [
      ...new Set(
        wanted.flatMap(({ corrected }) => corrected?.rows ?? []).map(({ correctionId }) => correctionId)
      )
    ],
    ...(unjudged.some((stretches) => stretches.length > 0) && { unjudged })
  }
}

/** Of what was asked for, the stretch in which these series have readings; empty when they have none. */
export function reachOf(
  { from, until }: { from: number; until: number },
  wanted: readonly Wanted[]
): { from: number; until: number } {
  let low = Infinity
  let high = -Infinity
  for (const { series } of wanted) {
    low = Math.min(low, series.low)
    high = Math.max(high, series.high)
  }
  return { from: Math.max(Math.ceil(from), low), until: Math.min(Math.ceil(until), high + 1) }
}
