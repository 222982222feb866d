/** What one refresh of the rollups takes on: which hours, measured and corrected, and which days follow. The same for every store. */
import type { UnixMs } from '../../model/time.ts'
import { CorrectedHours, pickRecorrecting } from './corrected-hours.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { StoreMemory } from '../memory/memory.ts'
import { daysOf, type PendingDay } from './pending-days.ts'
import { recentMs } from '../limits.ts'
import type { TouchedWindow } from '../promise/keep.ts'

export interface RollupPlan {
  measured: MarkedHour[]
  corrected: MarkedHour[]
  /** Says which channels are new because of the corrected hours, and forgets them where nothing came of it. */
  following: CorrectedHours
  days: PendingDay[]
  more: boolean
}

/** At most `limit` measured hours that ended, with about `readingsMax` readings by what `perHour` says of each channel. */
export function planRollups(
  memory: StoreMemory,
  now: UnixMs,
  bounds: { limit: number; readingsMax: number; perHour: ReadonlyMap<number, number> }
): RollupPlan {
  const { limit, readingsMax, perHour } = bounds
  let readings = 0
  const { picked, more, isBehind } = memory.dirty.closed(
    now,
    ({ channelId }, count) => {
      readings += perHour.get(channelId) ?? 0
      return count > 0 && (count >= limit || readings > readingsMax)
    },
    // A day is made again with each part of its hours: whole days of few channels are made once.
    { recentFrom: now - recentMs, byDay: true }
  )
  // A page that shows now must not wait for years of an import, or of a change of the clock.
  const measured = isBehind ? picked : [...picked, ...memory.dirty.running(now)]
  // …nor for a year of corrected hours.
  const waiting = more ? { picked: [], more } : pickRecorrecting(memory, now, limit)
  const following = new CorrectedHours(memory)
  for (const hour of measured) following.follow(hour)
  for (const hour of waiting.picked) following.add(hour)
  const corrected = following.all()
  const days = daysOf([...measured, ...corrected], now, memory.clock, memory.runningDayAt)
  return { measured, corrected, following, days, more: waiting.more }
}

/** The days that still run were computed at `now`. */
export function noteRunningDays(memory: StoreMemory, days: readonly PendingDay[], now: UnixMs): void {
  for (const { until, channels } of days) {
    if (until > now) for (const channelId of channels) memory.runningDayAt.set(channelId, now)
  }
}

export function touchedWindows({ catalogue }: StoreMemory, hours: readonly MarkedHour[]): TouchedWindow[] {
  return hours.flatMap(({ channelId, hour }) => {
    const channel = catalogue.channelById(channelId)
    return channel ? [{ siteId: channel.siteId, quantity: channel.quantity, hour: hour as UnixMs }] : []
  })
}
