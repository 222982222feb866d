/** Keeps hours and days as the readings are: recomputes what is marked, a bounded piece at a time. */
import { dayStart, hourMs, hourStart, minuteMs, nextDayStart, type UnixMs } from '../../model/time.ts'
import { definitionOf } from '../../model/quantity.ts'
import type { TouchedWindow } from '../store.ts'
import { appendPending, appendSlots } from './append.ts'
import type { Core } from './core.ts'
import type { DirtyHour } from './dirty.ts'
import { stretches } from './lookup.ts'
import { averageKinds, insertDays, insertHours, slotMs, withinStretches } from './rollup-sql.ts'

/** Hours of one call unless the caller says otherwise: about half a second of work, in which no reading is written. */
const refreshHoursDefault = 50_000

/** Readings that one call may gather: their values are held as lists, 8 bytes each, so about 32 MB. */
const refreshReadingsMax = 4_000_000

/** What an hour is taken to hold while the interval of its devices is unknown: one reading every ten seconds. */
const hourReadingsUnknown = 360

/**
 * The running hour is computed as often as it is asked for; the day that still runs only this often, or when one of its
 * hours closes: late in the evening a day's percentiles are 24 times the work of the hour's.
 */
const runningDayMs = 10 * minuteMs

export async function refreshRollups(
  core: Core,
  now: UnixMs,
  limit = refreshHoursDefault
): Promise<{ touched: TouchedWindow[]; more: boolean }> {
  return core.alone('computing rollups', async () => {
    const { picked, more } = pickClosed(core, now, limit)
    const hours = more ? picked : [...picked, ...core.dirty.running(now)]
    if (hours.length === 0) return { touched: [], more }
    const days = daysOf(core, hours, now)
    await core.transaction(() => recompute(core, hours, days, now))
    for (const hour of hours) core.dirty.computed(hour, now)
    for (const { until, channels } of days) {
      if (until > now) for (const channelId of channels) core.runningDayAt.set(channelId, now)
    }
    return { touched: hours.flatMap((hour) => touchedWindow(core, hour)), more }
  })
}

function pickClosed(core: Core, now: UnixMs, limit: number): { picked: DirtyHour[]; more: boolean } {
  const perHour = new Map<number, number>()
  for (const { channel, deviceId } of core.catalogue.allSeries()) {
    const intervalS = core.intervals.get(deviceId)
    const readings = intervalS ? hourMs / 1_000 / intervalS : hourReadingsUnknown
    perHour.set(channel.id, (perHour.get(channel.id) ?? 0) + readings)
  }
  let readings = 0
  return core.dirty.closed(now, ({ channelId }, picked) => {
    readings += perHour.get(channelId) ?? 0
    return picked > 0 && (picked >= limit || readings > refreshReadingsMax)
  })
}

interface Day {
  start: number
  until: number
}

interface PendingDay extends Day {
  channels: Set<number>
}

/** The civil days that the hours touch: an hour across a midnight (zones half an hour off UTC) touches two. */
function daysOf(core: Core, hours: readonly DirtyHour[], now: UnixMs): PendingDay[] {
  const dayAt = dayFinder(core.settings.timezone)
  const pending = new Map<number, PendingDay>()
  const add = (day: Day, { channelId, hour }: DirtyHour): void => {
    const computedAt = core.runningDayAt.get(channelId) ?? -Infinity
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

async function recompute(
  core: Core,
  hours: readonly DirtyHour[],
  days: readonly PendingDay[],
  now: UnixMs
): Promise<void> {
  const { writer } = core.database
  await writer.run('DELETE FROM temp.pending; DELETE FROM temp.pending_days; DELETE FROM temp.slots')
  await appendPending(
    writer,
    'pending',
    hours.map(({ channelId, hour }) => ({ channelId, time: hour, average: averageOf(core, channelId) }))
  )
  const hourStretches = stretches(hours.map(({ hour }) => hour)).map(
    ([first, last]) => [first, last + hourMs] as const
  )
  await writer.run(
    `DELETE FROM hours USING temp.pending p WHERE hours.channel = p.channel AND hours.time = p.hour
       AND ${withinStretches('hours.time', hourStretches)}`
  )
  await writer.run(insertHours(hourStretches))
  await writer.run(
    `DELETE FROM dirty USING temp.pending p
     WHERE dirty.channel = p.channel AND dirty.hour = p.hour AND dirty.hour < ${hourStart(now)}`
  )
  if (days.length === 0) return
  await appendPending(
    writer,
    'pending_days',
    days.flatMap(({ start, channels }) =>
      [...channels].map((channelId) => ({ channelId, time: start, average: averageOf(core, channelId) }))
    )
  )
  await appendSlots(writer, days.flatMap(slotsOf))
  const dayStretches = mergedDays(days)
  await writer.run(
    `DELETE FROM days USING temp.pending_days p WHERE days.channel = p.channel AND days.time = p.day
       AND ${withinStretches('days.time', dayStretches)}`
  )
  await writer.run(insertDays(dayStretches))
}

function slotsOf({ start, until }: Day): { slot: number; day: number; lengthMs: number }[] {
  const slots: { slot: number; day: number; lengthMs: number }[] = []
  for (let slot = Math.ceil(start / slotMs) * slotMs; slot < until; slot += slotMs) {
    slots.push({ slot, day: start, lengthMs: until - start })
  }
  return slots
}

/** Stretches of days, each from the start of its first day to the end of its last. */
function mergedDays(days: readonly Day[]): (readonly [number, number])[] {
  const untilOf = new Map(days.map((day) => [day.start, day.until]))
  return stretches(days.map((day) => day.start)).map(
    ([first, last]) => [first, untilOf.get(last) ?? last] as const
  )
}

function averageOf(core: Core, channelId: number): number {
  const channel = core.catalogue.channelById(channelId)
  return averageKinds.indexOf(channel ? definitionOf(channel.quantity).average : 'none')
}

function touchedWindow(core: Core, { channelId, hour }: DirtyHour): TouchedWindow[] {
  const channel = core.catalogue.channelById(channelId)
  if (!channel) return []
  return [{ siteId: channel.siteId, quantity: channel.quantity, hour: hour as UnixMs }]
}
