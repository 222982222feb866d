/** Which civil days are to be computed again when hours were. */
import { dayStart, hourMs, hourStart, nextDayStart, type UnixMs } from '../../model/time.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import { runningDayMs } from '../limits.ts'

export interface Day {
  start: number
  until: number
}

export interface PendingDay extends Day {
  channels: Set<number>
}

/** The civil days that the hours touch: an hour across a midnight (zones half an hour off UTC) touches two. */
export function daysOf(
  hours: readonly MarkedHour[],
  now: UnixMs,
  timezone: string,
  runningDayAt: ReadonlyMap<number, number>
): PendingDay[] {
  const dayAt = dayFinder(timezone)
  const pending = new Map<number, PendingDay>()
  const add = (day: Day, { channelId, hour }: MarkedHour): void => {
    const computedAt = runningDayAt.get(channelId) ?? -Infinity
    const recent = now >= computedAt && now - computedAt < runningDayMs
    if (hour >= hourStart(now) && day.until > now && recent) return
    const known = pending.get(day.start)
    if (known) known.channels.add(channelId)
    else pending.set(day.start, { ...day, channels: new Set([channelId]) })
  }
  for (const marked of hours) {
    const first = dayAt(marked.hour)
    add(first, marked)
    if (first.until < marked.hour + hourMs) add(dayAt(first.until), marked)
  }
  return [...pending.values()]
}

/** Asks the calendar once a day instead of once an hour: Intl takes tens of microseconds. */
function dayFinder(timezone: string): (moment: number) => Day {
  const known = new Map<number, Day>()
  let last: Day | undefined
  return (moment) => {
    if (last && last.start <= moment && moment < last.until) return last
    const start = dayStart(moment as UnixMs, timezone)
    last = known.get(start) ?? { start, until: nextDayStart(start, timezone) }
    known.set(start, last)
    return last
  }
}
