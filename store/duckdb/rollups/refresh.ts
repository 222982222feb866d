/** Keeps hours and days as the readings are: recomputes what is marked, a bounded piece at a time. */
import { hourMs, hourStart, type UnixMs } from '../../../model/time.ts'
import { definitionOf, figureMaxOf } from '../../../model/quantity.ts'
import { readingsPerHour } from '../../rollups/hour-readings.ts'
import type { Day, PendingDay } from '../../rollups/pending-days.ts'
import { noteRunningDays, planRollups, touchedWindows, type RollupPlan } from '../../rollups/plan.ts'
import type { TouchedWindow } from '../../promise/keep.ts'
import { appendChannels, appendPending, appendSlots, type PendingRow } from '../file/append.ts'
import { insertCorrected } from './corrected.ts'
import { idList } from '../file/database.ts'
import type { Core } from '../core.ts'
import { gatheredReadingsLeast, refreshHoursDefault } from '../../limits.ts'
import { stretches } from '../read/lookup.ts'
import { averageKinds, insertDays, insertHours, slotMs, withinStretches } from './statements.ts'

export async function refreshRollups(
  core: Core,
  now: UnixMs,
  limit = refreshHoursDefault
): Promise<{ touched: TouchedWindow[]; more: boolean }> {
  return core.alone('computing rollups', async () => {
    const perHour = readingsPerHour(core)
    const plan = planRollups(core, now, { limit, readingsMax: core.gatheredReadingsMax, perHour })
    const { measured, corrected, following, days, more } = plan
    const hours = [...measured, ...corrected]
    if (hours.length === 0) return { touched: [], more }
    try {
      await core.transaction(async () => {
        await appendChannels(core.database.writer, following.newChannels)
        await recompute(core, plan, dayPieces(core, days, perHour), now)
      })
    } catch (failure) {
      following.abandon()
      if (isOutOfMemory(failure))
        core.gatheredReadingsMax = Math.max(gatheredReadingsLeast, core.gatheredReadingsMax / 4)
      throw failure
    }
    for (const hour of measured) core.dirty.computed(hour, now)
    for (const hour of corrected) core.recorrecting.take(hour)
    noteRunningDays(core, days, now)
    return { touched: touchedWindows(core, hours), more }
  })
}

/** DuckDB names the kind of an error first. What was computed is taken back, and the next call takes less at a time. */
function isOutOfMemory(failure: unknown): boolean {
  return failure instanceof Error && failure.message.startsWith('Out of Memory Error')
}

async function recompute(
  core: Core,
  { measured, corrected, days }: RollupPlan,
  pieces: readonly PendingDay[][],
  now: UnixMs
): Promise<void> {
  const { writer } = core.database
  const hours = [...measured, ...corrected]
  await writer.run('DELETE FROM temp.pending')
  await appendPending(
    writer,
    'pending',
    hours.map(({ channelId, hour }) => ({ channelId, time: hour, ...countingOf(core, channelId) }))
  )
  const hourStretches = stretches(hours.map(({ hour }) => hour)).map(
    ([first, last]) => [first, last + hourMs] as const
  )
  await writer.run(
    `DELETE FROM hours USING temp.pending p WHERE hours.channel = p.channel AND hours.time = p.hour
       AND ${withinStretches('hours.time', hourStretches)}`
  )
  const correctedIds = new Set(corrected.map(({ channelId }) => channelId))
  if (measured.length > 0) await writer.run(insertHours(hourStretches))
  await writer.run(
    `DELETE FROM dirty USING temp.pending p
     WHERE dirty.channel = p.channel AND dirty.hour = p.hour
       AND (dirty.hour < ${hourStart(now)} OR dirty.channel IN ${idList(correctedIds)})`
  )
  for (const piece of pieces) await recomputeDays(core, measured.length > 0, piece)
  if (corrected.length > 0) await insertCorrected(core, corrected, days)
}

/** Days whose readings one statement can gather: some days of all their channels, or some channels of a day. */
function dayPieces(
  core: Core,
  days: readonly PendingDay[],
  perHour: ReadonlyMap<number, number>
): PendingDay[][] {
  const pieces: PendingDay[][] = []
  let readings = Infinity
  for (const { start, until, channels } of days) {
    let part: PendingDay | undefined
    for (const channelId of channels) {
      const more = ((perHour.get(channelId) ?? 0) * (until - start)) / hourMs
      readings += more
      if (readings > core.gatheredReadingsMax) {
        pieces.push([])
        part = undefined
        readings = more
      }
      if (!part) pieces.at(-1)!.push((part = { start, until, channels: new Set() }))
      part.channels.add(channelId)
    }
  }
  return pieces
}

/** Of measured channels; of corrected ones the days of before go. */
async function recomputeDays(core: Core, isMeasured: boolean, days: readonly PendingDay[]): Promise<void> {
  const { writer } = core.database
  await writer.run('DELETE FROM temp.pending_days; DELETE FROM temp.slots')
  await appendPending(
    writer,
    'pending_days',
    days.flatMap(({ start, channels }) =>
      [...channels].map((channelId) => ({ channelId, time: start, ...countingOf(core, channelId) }))
    )
  )
  if (isMeasured) await appendSlots(writer, days.flatMap(slotsOf))
  const dayStretches = mergedDays(days)
  await writer.run(
    `DELETE FROM days USING temp.pending_days p WHERE days.channel = p.channel AND days.time = p.day
       AND ${withinStretches('days.time', dayStretches)}`
  )
  if (isMeasured) await writer.run(insertDays(dayStretches))
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

function countingOf(core: Core, channelId: number): Pick<PendingRow, 'average' | 'figureMax'> {
  const channel = core.catalogue.channelById(channelId)
  if (!channel) return { average: averageKinds.indexOf('none'), figureMax: Infinity }
  const { quantity } = channel
  return {
    average: averageKinds.indexOf(definitionOf(quantity).average),
    figureMax: figureMaxOf(quantity)
  }
}
