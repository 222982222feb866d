/** What a change of the hub's clock, or of how hours are made, means: everything is made again, and nothing is lost. */
import { clockHours, dayMs, hourMs, type ClockHours, type UnixMs } from '../../../model/time.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Core } from '../core.ts'
import { encodeTag } from '../wire/line-protocol.ts'
import { timeMsMax } from '../wire/flux.ts'
import { bucketOf } from '../wire/buckets.ts'
import { measurementOf } from '../wire/rollup-lines.ts'
import { findHours, firstReadings } from './rebuild.ts'

/** Marks every hour that holds a reading. Those of before are removed with the first refresh (`removeOtherClocks`). */
export async function recomputeAll(core: Core): Promise<void> {
  const { state, settings } = core
  const before = state.meta('timezone')
  const asked = state.meta('recomputeAll')
  if (before === settings.timezone && asked === undefined) return
  // '0': nothing was there before this store.
  const isNew = before === undefined && state.meta('rebuilt') === '0'
  const series = [...core.catalogue.allSeries()].filter(({ low, high }) => low <= high)
  const marks = await findHours(core, series)
  const unexamined = asked === 'judge' ? marks : movedMarks(core)
  state.transaction(() => {
    state.run('DELETE FROM dirty')
    state.run('DELETE FROM unexamined')
    state.mark('dirty', marks)
    state.mark('unexamined', unexamined)
    // Before format 2 hours were those of UTC.
    if (!isNew) state.setMeta('otherClocks', asked === undefined && before !== undefined ? before : 'UTC')
    if (!isNew) state.setMeta('recomputing', 'all')
    state.setMeta('timezone', settings.timezone)
    state.removeMeta('recomputeAll')
  })
  core.takeMarks(marks, unexamined)
  core.recomputed.begin(!isNew)
  core.recomputing()
  core.cache.clear()
}

/** An hour of before may lie in two of now. */
function movedMarks({ state, clock }: Core): MarkedHour[] {
  return state
    .marks('unexamined')
    .flatMap(({ channelId, hour }) =>
      clock.hourStarts(hour as UnixMs, (hour + hourMs) as UnixMs).map((start) => ({ channelId, hour: start }))
    )
}

/**
 * Removes hours and days that do not begin by the hub's clock, once, before the first is made again; those from before the
 * first reading that there still is are all that is known of their time, and stay.
 */
export async function removeOtherClocks(core: Core): Promise<void> {
  const before = core.state.meta('otherClocks')
  if (before === undefined) return
  const series = [...core.catalogue.allSeries()].filter(({ low, high }) => low <= high)
  const range = {
    from: Math.min(...series.map((one) => one.low)),
    until: Math.max(...series.map((one) => one.high)) + 1
  }
  const isAligned = [core.clock, clockHours(before)].every((clock) => showsWholeHours(clock, range))
  const firsts = await firstReadings(core)
  for (const [channel, first] of firsts) {
    const tags = { site: encodeTag(channel.siteId), quantity: channel.quantity }
    for (const window of ['hour', 'day'] as const) {
      if (window === 'hour' && isAligned) continue
      const lengthMs = window === 'hour' ? hourMs : dayMs
      const range = { from: (first - lengthMs + 1) as UnixMs, until: timeMsMax as UnixMs }
      await core.server.delete(bucketOf(core.buckets, window), measurementOf[window], tags, range)
    }
  }
  core.cache.clear()
  core.state.removeMeta('otherClocks')
}

/** Do its hours begin with those of UTC? */
function showsWholeHours(clock: ClockHours, { from, until }: { from: number; until: number }): boolean {
  return from >= until || clock.spans(from, until).every(({ aheadMs }) => aheadMs % hourMs === 0)
}
