/** What is kept in memory of hours and days follows the tables, in the writer's turn, when a refresh is committed. */
import type { Window } from '../../../model/columns.ts'
import { type UnixMs } from '../../../model/time.ts'
import { rememberedRowsMax, rememberedSpanMs } from '../../limits.ts'
import { allFields, type Patch, type RollupField, type RollupPlace } from '../../rollups/cache.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import type { RollupPlan } from '../../rollups/plan.ts'
import type { RollupRow } from '../../rollups/window.ts'
import type { Core } from '../core.ts'
import { readRollups } from '../read/rollups.ts'

export async function rememberRollups(core: Core, { measured, corrected, days }: RollupPlan): Promise<void> {
  const hours = [...measured, ...corrected].map(({ channelId, hour }) => ({
    window: 'hour' as const,
    channelId,
    time: hour
  }))
  const ofDays = days.flatMap(({ start, channels }) =>
    [...channels].map((channelId) => ({ window: 'day' as const, channelId, time: start }))
  )
  const all = [...hours, ...ofDays]
  core.widenRollups(all)
  // With them went what another clock had made of the same time, at other moments.
  if (core.hasOtherClocks) return core.cache.forget(new Set(all.map(({ channelId }) => channelId)))
  try {
    await remember(core, 'hour', core.cache.concerned(hours))
    await remember(core, 'day', core.cache.concerned(ofDays))
  } catch (failure) {
    core.cache.clear()
    throw failure
  }
}

/** Few of a short time are read back, as what runs is every ten seconds; of a backlog the blocks go, and are read when asked for. */
async function remember(core: Core, window: Window, places: readonly RollupPlace[]): Promise<void> {
  if (places.length === 0) return
  let [first, last] = [Infinity, -Infinity]
  for (const { time } of places) {
    first = Math.min(first, time)
    last = Math.max(last, time)
  }
  if (places.length > rememberedRowsMax || last - first > rememberedSpanMs) return core.cache.drop(places)
  const byChannel = Map.groupBy(places, ({ channelId }) => channelId)
  const channels = [...byChannel.keys()].flatMap((id) => core.catalogue.channelById(id) ?? [])
  const range = { from: first as UnixMs, until: (last + 1) as UnixMs }
  const found = await readRollups(core.database.writer, { window, channels, range, fields: allFields })
  const patches: Patch[] = []
  for (const channel of channels) {
    const block = found.get(channel)
    for (const place of byChannel.get(channel.id)!) {
      const index = block ? lowerBound(block.time, place.time) : 0
      const isThere = block?.time[index] === place.time
      patches.push({ ...place, row: isThere ? rowAt(block.columns, index) : undefined })
    }
  }
  core.cache.patch(patches)
}

function rowAt(columns: ReadonlyMap<RollupField, Float64Array>, index: number): RollupRow {
  const row = Object.fromEntries(
    [...columns].map(([field, column]) => [field, Number.isNaN(column[index]) ? null : column[index]])
  )
  return row as unknown as RollupRow
}
