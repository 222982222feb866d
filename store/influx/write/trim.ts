/** Removes single readings that are past their time, and leaves the hours and days made of them. */
import type { UnixMs } from '../../../model/time.ts'
import type { Trim } from '../../promise/keep.ts'
import type { Core } from '../core.ts'
import { countBySeries } from '../read/counts.ts'
import { findLatest } from '../read/latest.ts'
import { trimmedKey } from '../state/state.ts'
import { allTime } from '../wire/flux.ts'
import { encodeTag, readingsMeasurement } from '../wire/line-protocol.ts'

/** May be done twice. That the days are final is on disk before the first reading goes. */
export async function trimNow(core: Core, parts: readonly Trim[]): Promise<number> {
  const trimmable = core.trimmable(parts)
  keepTrimmed(core, core.trimmedWith(trimmable))
  let count = 0
  for (const part of trimmable) count += await trimSite(core, part)
  const channels = core.catalogue.channelsOf(trimmable.map(({ siteId }) => siteId))
  if (count > 0) await findLatest(core, channels)
  return count
}

export function keepTrimmed(core: Core, trimmed: Map<string, number>): void {
  core.state.setMeta(trimmedKey, JSON.stringify(Object.fromEntries(trimmed)))
  core.trimmed = trimmed
}

async function trimSite(core: Core, { siteId, from, until }: Trim): Promise<number> {
  const { server, buckets, catalogue, state } = core
  const range = { from: from ?? allTime.from, until }
  const series = catalogue.seriesOf(catalogue.channelsOf([siteId]))
  const counts = await countBySeries(core, 'removing old readings', series, range)
  const count = [...counts.values()].reduce((a, b) => a + b, 0)
  await server.delete(buckets.readings, readingsMeasurement, { site: encodeTag(siteId) }, range)
  const first: UnixMs = range.from
  state.transaction(() => {
    for (const { id } of series)
      state.run('DELETE FROM aside WHERE series = ? AND time >= ? AND time < ?', id, first, until)
    state.run('DELETE FROM refused WHERE site = ? AND time >= ? AND time < ?', siteId, first, until)
    // A count of before is wrong now; it is written again when the store is closed.
    state.removeMeta('readings')
  })
  if (core.readings !== undefined) core.readings -= count
  return count
}
