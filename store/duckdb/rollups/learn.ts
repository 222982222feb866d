/** Learns how often devices measure from the readings of hours that are to be computed. */
import type { UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { Stretch } from '../../memory/interval-learner.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import type { Core } from '../core.ts'
import { appendLearnt } from '../file/append.ts'
import { bigint, columnsOf, idList } from '../file/database.ts'
import { coveringStretches } from '../read/lookup.ts'
import { withinStretches } from './statements.ts'

/**
 * Within the writer's transaction. What is known now is in memory at once and in the file with the commit, together with the
 * marks of hours that were computed by another interval; gives whether there are any.
 */
export async function learnIntervals(
  core: Core,
  hours: readonly MarkedHour[],
  now: UnixMs
): Promise<boolean> {
  const runningHour = core.clock.hourStart(now)
  const open = new Map<number, Series>()
  const periods: Stretch[] = []
  for (const { channelId, hour } of hours) {
    const channel = core.catalogue.channelById(channelId)
    if (!channel) continue
    for (const series of core.catalogue.seriesAt(channel.siteId, channel.quantity)) {
      if (!isWorthwhile(core, series, hour, runningHour)) continue
      open.set(series.id, series)
      periods.push({ from: hour, until: core.clock.hourEnd(hour) })
    }
  }
  if (open.size === 0) return false
  const changed = await show(core, open, coveringStretches(periods))
  if (changed.size === 0) return false
  await keep(core, [...changed.keys()])
  return markComputed(core, changed)
}

/** The running hour tells nothing of a device that is known: it is shown when it has ended. */
function isWorthwhile(core: Core, series: Series, hour: number, runningHour: number): boolean {
  if (series.high < hour || series.low > series.high || !core.intervals.isOpen(series, hour)) return false
  return hour < runningHour || core.intervals.learnt(series).length === 0
}

async function show(
  core: Core,
  open: ReadonlyMap<number, Series>,
  stretches: readonly (readonly [number, number])[]
): Promise<Map<Series, Stretch[]>> {
  const columns = await columnsOf(
    core.database.writer,
    `SELECT series::DOUBLE, time::DOUBLE FROM readings
     WHERE series IN ${idList(open.keys())} AND ${withinStretches('time', stretches)} ORDER BY series, time`
  )
  const ids = new Float64Array(columns.rowCount)
  const times = new Float64Array(columns.rowCount)
  columns.fillDoubles([ids, times])
  const changed = new Map<Series, Stretch[]>()
  for (let from = 0, until = 0; from < ids.length; from = until) {
    until = lowerBound(ids, ids[from]! + 1)
    const series = open.get(ids[from]!)!
    const own = times.subarray(from, until)
    for (const [start, end] of stretches) {
      const part = own.subarray(lowerBound(own, start), lowerBound(own, end))
      const differs = core.learner.show(series, start, end, part)
      if (differs.length > 0) changed.set(series, [...(changed.get(series) ?? []), ...differs])
    }
  }
  return changed
}

async function keep(core: Core, changed: readonly Series[]): Promise<void> {
  const { writer } = core.database
  await writer.run(`DELETE FROM learnt_intervals WHERE series IN ${idList(changed.map(({ id }) => id))}`)
  await appendLearnt(
    writer,
    changed.flatMap((series) => core.intervals.learnt(series).map((row) => ({ seriesId: series.id, ...row })))
  )
}

async function markComputed(core: Core, changed: ReadonlyMap<Series, readonly Stretch[]>): Promise<boolean> {
  let marks = 0
  for (const [{ channel }, stretches] of changed) {
    for (const { from, until } of stretches) {
      const result = await core.database.writer.run(
        `INSERT INTO dirty SELECT channel, time FROM hours WHERE channel = ${channel.id} AND time < $until
           AND time > $from - ${2 * 3_600_000}`,
        { from: bigint(from), until: bigint(until) }
      )
      marks += result.rowsChanged
    }
  }
  return marks > 0
}
