/** Which civil days are to be computed again when hours were. */
import type { ClockHours, UnixMs } from '../../model/time.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import { runningDayMs } from '../limits.ts'

export interface Day {
  start: number
  until: number
}

export interface PendingDay extends Day {
  channels: Set<number>
}

/** The days that the hours lie in: a day is whole hours. */
export function daysOf(
  hours: readonly MarkedHour[],
  now: UnixMs,
  clock: ClockHours,
  runningDayAt: ReadonlyMap<number, number>
): PendingDay[] {
  const runningHour = clock.hourStart(now)
  const dayAt = dayFinder(clock)
  const pending = new Map<number, PendingDay>()
  const add = (day: Day, { channelId, hour }: MarkedHour): void => {
    const computedAt = runningDayAt.get(channelId) ?? -Infinity
    const recent = now >= computedAt && now - computedAt < runningDayMs
    if (hour >= runningHour && day.until > now && recent) return
    const known = pending.get(day.start)
    if (known) known.channels.add(channelId)
    else pending.set(day.start, { ...day, channels: new Set([channelId]) })
  }
  for (const marked of hours) {
    add(dayAt(marked.hour), marked)
  }
  return [...pending.values()]
}

/** One object a day, whichever of its hours is asked for. */
function dayFinder(clock: ClockHours): (moment: number) => Day {
  const known = new Map<number, Day>()
  let last: Day | undefined
  return (moment) => {
    if (last && last.start <= moment && moment < last.until) return last
    const day = clock.day(moment)
    last = known.get(day.start) ?? day
    known.set(day.start, last)
    return last
  }
}
