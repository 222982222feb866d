/** Learns how often devices measure from the readings that a pack of hours and days is made of. */
import type { UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { Stretch } from '../../memory/interval-learner.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import type { ComputedRollup, Piece } from '../../rollups/pieces.ts'
import type { Part } from '../../rollups/weights.ts'
import type { Core } from '../core.ts'
import { computedHours } from '../write/interval.ts'

interface Shown {
  read: ReadonlyMap<Series, Part['readings']>
  now: UnixMs
  /** Hours on their way to the server, which therefore may not name them yet. */
  writing: readonly ComputedRollup[]
}

/** In the writer's turn, before the pack is computed by what is known then. Hours that were computed otherwise are marked. */
export async function learnIntervals(
  core: Core,
  pack: readonly Piece[],
  { read, now, writing }: Shown
): Promise<void> {
  const changed = new Map<Series, Stretch[]>()
  for (const { range, channels } of pack) {
    for (const [series, { time }] of read) {
      if (!channels.has(series.channel)) continue
      const until = shownUntil(core, series, range.until, now)
      if (until <= range.from) continue
      const times = time.slice(lowerBound(time, range.from), lowerBound(time, until))
      const differs = core.learner.show(series, range.from, until, times)
      if (differs.length > 0) changed.set(series, [...(changed.get(series) ?? []), ...differs])
    }
  }
  if (changed.size > 0) await keep(core, changed, writing)
}

/** The running hour tells nothing of a device that is known: it is shown when it has ended. */
function shownUntil(core: Core, series: Series, until: number, now: UnixMs): number {
  const isKnown = core.intervals.learnt(series).length > 0
  return isKnown ? Math.min(until, core.clock.hourStart(now)) : until
}

async function keep(
  core: Core,
  changed: ReadonlyMap<Series, readonly Stretch[]>,
  writing: Shown['writing']
): Promise<void> {
  const marks: MarkedHour[] = []
  for (const [series, stretches] of changed) {
    for (const stretch of stretches) {
      marks.push(...(await computedHours(core, [series], stretch)))
      for (const { channel, time } of writing) {
        const isIn =
          channel === series.channel && core.clock.hourEnd(time) > stretch.from && time < stretch.until
        if (isIn) marks.push({ channelId: channel.id, hour: time })
      }
    }
  }
  core.state.transaction(() => {
    for (const series of changed.keys()) core.state.setLearntIntervals(series, core.intervals.learnt(series))
    core.state.mark('dirty', marks)
  })
  for (const mark of marks) core.dirty.mark(mark)
}
