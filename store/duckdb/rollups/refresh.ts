/** Keeps hours and days as the readings are: recomputes what is marked, a bounded piece at a time. */
import { definitionOf, figureMaxOf } from '../../../model/quantity.ts'
import { type UnixMs } from '../../../model/time.ts'
import type { RefreshedRollups } from '../../promise/keep.ts'
import { gatheredReadingsLeast, refreshHoursDefault } from '../../limits.ts'
import { readingsPerHour, readingsWithin } from '../../rollups/hour-readings.ts'
import type { Day, PendingDay } from '../../rollups/pending-days.ts'
import { sortOut, type PlainWindow } from '../../rollups/plain.ts'
import { finalMarks } from '../../rollups/trimmed-days.ts'
import { noteRunningDays, planRollups, touchedWindows, type RollupPlan } from '../../rollups/plan.ts'
import type { Core } from '../core.ts'
import { appendChannels, appendDayHours, appendPending, type PendingRow } from '../file/append.ts'
import { idList } from '../file/database.ts'
import { emptyWorkingTable } from '../file/schema.ts'
import { coveringStretches } from '../read/lookup.ts'
import { rollup } from '../../rollups/answers.ts'
import { count } from '../read/reader.ts'
import { hourStartOf } from './clock-sql.ts'
import { insertComputed } from './computed.ts'
import { learnIntervals } from './learn.ts'
import { removeOtherClocks } from './other-clocks.ts'
import { rememberRollups } from './remember.ts'
import { averageKinds, insertDays, insertHours, withinStretches } from './statements.ts'

export async function refreshRollups(
  core: Core,
  now: UnixMs,
  limit = refreshHoursDefault
): Promise<RefreshedRollups> {
  await leaveTrimmedDays(core)
  return core.alone('computing rollups', async () => {
    const perHour = readingsPerHour(core)
    const plan = planRollups(core, now, { limit, readingsMax: core.gatheredReadingsMax, perHour })
    const { measured, corrected, following, days, more } = plan
    const hours = [...measured, ...corrected]
    if (hours.length === 0) return { touched: [], more, learnt: [] }
    let marked = false
    try {
      await core.transaction(async () => {
        await appendChannels(core.database.writer, following.newChannels)
        marked = await learnIntervals(core, measured, now)
        await recompute(core, plan, now)
      })
    } catch (failure) {
      following.abandon()
      await core.loadIntervals()
      if (isOutOfMemory(failure))
        core.gatheredReadingsMax = Math.max(gatheredReadingsLeast, core.gatheredReadingsMax / 4)
      throw failure
    }
    for (const hour of measured) core.dirty.computed(hour, now)
    for (const hour of corrected) core.recorrecting.take(hour)
    if (marked) await core.loadMarks()
    noteRunningDays(core, days, now)
    await rememberRollups(core, plan)
    if (!more && !marked) await endRecomputing(core)
    return { touched: touchedWindows(core, hours), more: more || marked, learnt: core.learner.takeNews() }
  })
}

async function leaveTrimmedDays(core: Core): Promise<void> {
  const read = { rollup: rollup.bind(null, core), count: count.bind(null, core) }
  const { dirty, recorrecting } = await finalMarks(core, read)
  const marks = [...dirty, ...recorrecting]
  if (marks.length === 0) return
  await core.alone('leaving hours as they are', async () => {
    await core.transaction(async () => {
      await fillPending(
        core,
        'pending',
        marks.map(({ channelId, hour }) => ({ channelId, time: hour, expected: null }))
      )
      await core.database.writer.run(
        'DELETE FROM dirty USING temp.pending p WHERE dirty.channel = p.channel AND dirty.hour = p.hour'
      )
    })
    for (const hour of dirty) core.dirty.take(hour)
    for (const hour of recorrecting) core.recorrecting.take(hour)
  })
}

/** Every hour that has ended is made. */
async function endRecomputing(core: Core): Promise<void> {
  if (!core.recomputed.isAll) return
  await core.database.writer.run("DELETE FROM meta WHERE key = 'recomputing'")
  core.recomputed.begin(false)
}

/** DuckDB names the kind of an error first. What was computed is taken back, and the next call takes less at a time. */
function isOutOfMemory(failure: unknown): boolean {
  return failure instanceof Error && failure.message.startsWith('Out of Memory Error')
}

async function recompute(core: Core, { measured, corrected, days }: RollupPlan, now: UnixMs): Promise<void> {
  await removeHours(core, [...measured, ...corrected], now, new Set(corrected.map((hour) => hour.channelId)))
  await removeDays(core, days)
  const correctedIds = new Set(corrected.map(({ channelId }) => channelId))
  const own = days.map((day) => ({ ...day, channels: day.channels.difference(correctedIds) }))
  const plain = sortOut(core, measured, own)
  await makeHours(core, plain.hours)
  const weighedHours = [...plain.weighedHours, ...corrected]
  const correctedDays = days.map((day) => ({ ...day, channels: day.channels.intersection(correctedIds) }))
  // A day is made of its hours: those that are weighed come first.
  await insertComputed(core, weighedHours, [...plain.weighedDays, ...correctedDays])
  for (const piece of dayPieces(core, plain.days)) await makeDays(core, piece)
}

/** The hours of before, and the marks of those that have ended. */
async function removeHours(
  core: Core,
  hours: RollupPlan['measured'],
  now: UnixMs,
  correctedIds: ReadonlySet<number>
): Promise<void> {
  const { writer } = core.database
  await fillPending(
    core,
    'pending',
    hours.map(({ channelId, hour }) => ({ channelId, time: hour, expected: null }))
  )
  const within = coveringStretches(hours.map(({ hour }) => ({ from: hour, until: hour + 1 })))
  await writer.run(
    `DELETE FROM hours USING temp.pending p WHERE hours.channel = p.channel AND hours.time = p.hour
       AND ${withinStretches('hours.time', within)}`
  )
  await writer.run(
    `DELETE FROM dirty USING temp.pending p
     WHERE dirty.channel = p.channel AND dirty.hour = p.hour
       AND (dirty.hour < ${core.clock.hourStart(now)} OR dirty.channel IN ${idList(correctedIds)})`
  )
  const periods = hours.map(({ channelId, hour }) => ({
    channelId,
    from: hour,
    until: core.clock.hourEnd(hour)
  }))
  await removeOtherClocks(core, 'hours', periods)
}

async function removeDays(core: Core, days: readonly PendingDay[]): Promise<void> {
  if (days.length === 0) return
  await fillPending(
    core,
    'pending_days',
    days.flatMap(({ start, channels }) =>
      [...channels].map((channelId) => ({ channelId, time: start, expected: null }))
    )
  )
  const within = coveringStretches(days.map(({ start }) => ({ from: start, until: start + 1 })))
  await core.database.writer.run(
    `DELETE FROM days USING temp.pending_days p WHERE days.channel = p.channel AND days.time = p.hour
       AND ${withinStretches('days.time', within)}`
  )
  const periods = days.flatMap(({ start, until, channels }) =>
    [...channels].map((channelId) => ({ channelId, from: start, until }))
  )
  await removeOtherClocks(core, 'days', periods)
}

async function makeHours(core: Core, hours: readonly PlainWindow[]): Promise<void> {
  if (hours.length === 0) return
  await fillPending(core, 'pending', hours)
  const within = coveringStretches(hours.map(({ time }) => ({ from: time, until: core.clock.hourEnd(time) })))
  await core.database.writer.run(insertHours(hourSql(core, within), within))
}

async function makeDays(core: Core, days: readonly (PlainWindow & Day)[]): Promise<void> {
  const { writer } = core.database
  await fillPending(core, 'pending_days', days)
  await emptyWorkingTable(writer, 'day_hours')
  const starts = new Map(days.map((day) => [day.start, day]))
  const hours = [...starts.values()].flatMap(({ start, until }) =>
    core.clock.hourStarts(start as UnixMs, until as UnixMs).map((hour) => ({ hour, day: start }))
  )
  await appendDayHours(writer, hours)
  const within = coveringStretches(days.map(({ start, until }) => ({ from: start, until })))
  await writer.run(insertDays(hourSql(core, within), within))
}

function hourSql(core: Core, within: readonly (readonly [number, number])[]): string {
  return hourStartOf('r.time', core.clock, within[0]![0], within.at(-1)![1])
}

async function fillPending(
  core: Core,
  table: 'pending' | 'pending_days',
  windows: readonly PlainWindow[]
): Promise<void> {
  const { writer } = core.database
  await emptyWorkingTable(writer, table)
  await appendPending(
    writer,
    table,
    windows.map((window) => ({ ...window, ...countingOf(core, window.channelId) }))
  )
}

/** Days whose readings one statement can gather: some days of all their channels, or some channels of a day. */
function dayPieces(core: Core, days: readonly PlainWindow[]): (PlainWindow & Day)[][] {
  const pieces: (PlainWindow & Day)[][] = []
  const within = readingsWithin(core)
  let readings = Infinity
  for (const day of days) {
    const { start, until } = core.clock.day(day.time)
    const more = within(day.channelId, start, until)
    readings += more
    if (readings > core.gatheredReadingsMax) {
      pieces.push([])
      readings = more
    }
    pieces.at(-1)!.push({ ...day, start, until })
  }
  return pieces
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
