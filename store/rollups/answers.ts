/** What charts and pages ask of hours and days, answered from memory: the same for every store. */
import type { AcrossSitesColumns, RollupColumns, TimeRange, Window } from '../../model/columns.ts'
import { definitionOf } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { emptyWindows, middleOf } from '../across-sites.ts'
import type { Channel } from '../memory/catalogue.ts'
import type { StoreMemory } from '../memory/memory.ts'
import type { AcrossSitesQuery, MeansQuery, RollupQuery, SiteMeans } from '../promise/read.ts'
import { allFields, briefFields, type RollupBlock, type RollupCache, type RollupField } from './cache.ts'
import { otherClockOf } from './other-clock.ts'

export interface RollupSource extends Pick<StoreMemory, 'catalogue' | 'clock'> {
  readonly cache: RollupCache
  /** Refuses while the store cannot answer, whatever is in memory. */
  ready(doing: string): Promise<void>
  /** What of a range can hold rollups of these channels; undefined: nothing. */
  rollupRange(channels: readonly Channel[], range: TimeRange): TimeRange | undefined
}

const doing = 'reading rollups'

export async function rollup(source: RollupSource, query: RollupQuery): Promise<RollupColumns> {
  const channel = source.catalogue.channel(query.siteId, query.quantity)
  const channels = channel ? [channel] : []
  const [found] = (await rollupColumns(source, query.window, { channels, range: query }, allFields)).values()
  const numbers = (field: RollupField): number[] => [...(found?.columns.get(field) ?? [])]
  const nullable = (field: RollupField): (number | null)[] => numbers(field).map(orNull)
  const time = [...(found?.time ?? [])] as UnixMs[]
  return {
    time,
    mean: nullable('mean'),
    min: nullable('min'),
    max: nullable('max'),
    p10: nullable('p10'),
    p50: nullable('p50'),
    p90: nullable('p90'),
    count: numbers('count'),
    expected: nullable('expected'),
    coverage: nullable('coverage'),
    passed: numbers('passed'),
    notEvaluated: numbers('notEvaluated'),
    suspect: numbers('suspect'),
    failed: numbers('failed'),
    ...otherClockOf(source.clock, query.window, time)
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

export async function acrossSites(
  source: RollupSource,
  query: AcrossSitesQuery
): Promise<AcrossSitesColumns> {
  const channels = source.catalogue.channelsOf(new Set(query.siteIds), [query.quantity])
  await source.ready(doing)
  const range = source.rollupRange(channels, query)
  const pieces = range
    ? [...(await source.cache.pieces(query.window, channels, range, briefFields)).values()].flat()
    : []
  const rows = emptyWindows(pieces.reduce((count, { time }) => count + time.length, 0))
  let next = 0
  for (const { time, columns } of pieces) {
    rows.time.set(time, next)
    rows.mean.set(columns.get('mean')!, next)
    rows.coverage.set(columns.get('coverage')!, next)
    next += time.length
  }
  return middleOf(rows, query.window, query.coverageMin, definitionOf(query.quantity).average)
}

export async function means(source: RollupSource, query: MeansQuery): Promise<SiteMeans[]> {
  const channels = source.catalogue.channelsOf(new Set(query.siteIds), query.quantities)
  const found = await rollupColumns(source, query.window, { channels, range: query }, briefFields)
  return [...found].flatMap(([{ siteId, quantity }, { time, columns }]) => {
    if (time.length === 0) return []
    const mean = [...columns.get('mean')!].map(orNull)
    const coverage = [...columns.get('coverage')!].map(orNull)
    return [{ siteId, quantity, time: [...time] as UnixMs[], mean, coverage }]
  })
}

export async function rollupColumns(
  source: RollupSource,
  window: Window,
  { channels, range }: { channels: readonly Channel[]; range: TimeRange },
  fields: readonly RollupField[]
): Promise<Map<Channel, RollupBlock>> {
  await source.ready(doing)
  const inner = source.rollupRange(channels, range)
  return inner ? source.cache.columns(window, channels, inner, fields) : new Map()
}
