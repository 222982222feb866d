/** Keeps hours and days as the readings are: recomputes what is marked, a bounded piece at a time. */
import { isMeasured, sourceOf } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel, Series } from '../../memory/catalogue.ts'
import { wantedOf } from '../../memory/corrections.ts'
import { readingsPerHour } from '../../rollups/hour-readings.ts'
import {
  correctedParts,
  packsOf,
  piecesOf,
  rollupsOf,
  type ComputedRollup,
  type ComputedRollups,
  type Piece
} from '../../rollups/pieces.ts'
import { finalMarks } from '../../rollups/trimmed-days.ts'
import { rollup } from '../../rollups/answers.ts'
import { count } from '../read/reader.ts'
import { noteRunningDays, planRollups, touchedWindows, type RollupPlan } from '../../rollups/plan.ts'
import type { RefreshedRollups } from '../../promise/keep.ts'
import type { Part } from '../../rollups/weights.ts'
import { standingOf } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import {
  partsOfTurn,
  readingsAtOnceMax,
  rollupLineReadings,
  rollupTurnReadingsMax,
  refreshHoursDefault
} from '../../limits.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import { renewMarker } from '../connect/marker.ts'
import { removeOtherClocks } from '../connect/recompute-all.ts'
import { learnIntervals } from './learn.ts'
import { readFieldsOfRuns, type Run } from '../read/questions.ts'
import { knownRows, type KnownRows } from './known-rows.ts'
import { writeRollups } from './write.ts'

const doing = 'computing rollups'

/** In turns of a fraction of a second each, between which readings are written. One refresh at a time: it alone adds hours and days. */
export function refreshRollups(core: Core, now: UnixMs, limit?: number): Promise<RefreshedRollups> {
  return core.refreshes.take(() => refresh(core, now, limit))
}

async function refresh(core: Core, now: UnixMs, limit = refreshHoursDefault): Promise<RefreshedRollups> {
  await leaveTrimmedDays(core)
  const plan = await core.alone(doing, () => begin(core, now, limit))
  const { measured, corrected, days, more } = plan
  const hours = [...measured, ...corrected]
  if (hours.length === 0) return { touched: [], more, learnt: [] }
  try {
    const known = await core.alone(doing, () => knownRows(core, hours, days))
    const pieces = piecesOf(core, hours, days)
    for (const pack of packsOf(pieces, hourWorkOf(core), rollupTurnReadingsMax)) {
      await core.alone(doing, () => make(core, pack, { now, known }))
    }
    await core.alone(doing, async () => finish(core, now, plan))
  } catch (failure) {
    // Running hours are picked only while they are changed.
    for (const hour of measured) if (core.dirty.has(hour)) core.dirty.mark(hour)
    throw failure
  }
  const isMarkedAgain = core.dirty.closed(now, () => true).more
  if (!more && !isMarkedAgain && core.recomputed.isAll) {
    core.state.removeMeta('recomputing')
    core.recomputed.begin(false)
  }
  return {
    touched: touchedWindows(core, hours),
    more: more || isMarkedAgain,
    learnt: core.learner.takeNews()
  }
}

async function leaveTrimmedDays(core: Core): Promise<void> {
  const read = { rollup: rollup.bind(null, core), count: count.bind(null, core) }
  const { dirty, recorrecting } = await finalMarks(core, read)
  if (dirty.length + recorrecting.length === 0) return
  core.state.transaction(() => core.state.unmark('dirty', [...dirty, ...recorrecting]))
  for (const hour of dirty) core.dirty.take(hour)
  for (const hour of recorrecting) core.recorrecting.take(hour)
}

async function begin(core: Core, now: UnixMs, limit: number): Promise<RollupPlan> {
  await renewMarker(core)
  await removeOtherClocks(core)
  // Corrected hours are computed with their sources and the humidity in memory.
  const readingsMax = core.corrections.rows.length > 0 ? readingsAtOnceMax / 4 : readingsAtOnceMax
  const plan = planRollups(core, now, { limit, readingsMax, perHour: readingsPerHour(core) })
  const { measured, corrected, following } = plan
  // A channel that is known and has no hour is harmless, one that has hours and is not known is not.
  core.state.transaction(() => following.newChannels.forEach((channel) => core.state.putChannel(channel)))
  for (const hour of measured) core.dirty.begin(hour)
  for (const hour of corrected) core.recorrecting.begin(hour)
  return plan
}

/** Removes the marks of hours that were not marked again meanwhile. After a crash before this, the work is only repeated. */
function finish(core: Core, now: UnixMs, { measured, corrected, days }: RollupPlan): void {
  const settled = measured.filter((hour) => !core.dirty.isChanged(hour))
  const settledCorrected = corrected.filter((hour) => !core.recorrecting.isChanged(hour))
  const runningHour = core.clock.hourStart(now)
  const closed = settled.filter(({ hour }) => hour < runningHour)
  core.state.transaction(() => core.state.unmark('dirty', [...closed, ...settledCorrected]))
  for (const hour of settled) core.dirty.computed(hour, now)
  for (const hour of settledCorrected) core.recorrecting.take(hour)
  noteRunningDays(core, days, now)
}

/**
 * Some hours are written while the next are read and computed, and the days, which are few, with the last of them. All have
 * ended before a failure is told, and before the turn ends.
 */
async function make(
  core: Core,
  pack: readonly Piece[],
  { now, known }: { now: UnixMs; known: KnownRows }
): Promise<void> {
  const parts = [...packsOf(pack, hourWorkOf(core), rollupTurnReadingsMax / partsOfTurn)]
  let hours: ComputedRollup[] = []
  const days: ComputedRollup[] = []
  for (const part of parts) {
    const [made] = await bothEnded(
      compute(core, { part, now, writing: hours }),
      writeRollups(core, 'hour', hours, known)
    )
    hours = made.hours
    days.push(...made.days)
  }
  await bothEnded(writeRollups(core, 'hour', hours, known), writeRollups(core, 'day', days, known))
}

async function bothEnded<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second])
  return [await first, await second]
}

/** In readings, and what is written counts too. A corrected channel is computed from its source and the humidity. */
function hourWorkOf(core: Core): (channel: Channel) => number {
  const perHour = readingsPerHour(core)
  return (channel) =>
    rollupLineReadings + (perHour.get(channel.id) ?? 2 * (perHour.get(sourceId(core, channel)) ?? 0))
}

function sourceId(core: Core, { siteId, quantity }: Channel): number {
  const source = sourceOf(quantity)
  return (source && core.catalogue.channel(siteId, source)?.id) ?? -1
}

interface Computing {
  part: readonly Piece[]
  now: UnixMs
  /** Hours that were computed just before and are on their way to the server. */
  writing: readonly ComputedRollup[]
}

async function compute(core: Core, computing: Computing): Promise<ComputedRollups> {
  const { part } = computing
  const partsOf = await readParts(core, computing)
  for (const [channel, parts] of await readCorrectedParts(core, part)) partsOf.set(channel, parts)
  return rollupsOf(core.clock, part, partsOf)
}

async function readParts(core: Core, { part: pack, now, writing }: Computing): Promise<Map<Channel, Part[]>> {
  const runs = pack.map(({ range, channels }): Run => {
    const mounts = core.mounts.ofSeries(core.catalogue.seriesOf(channels.keys()))
    const quantities = new Set([...channels.keys()].map(({ quantity }) => quantity).filter(isMeasured))
    const fields = [...quantities].flatMap((quantity) => [fieldsOf(quantity).value, fieldsOf(quantity).flag])
    return { mounts, range, fields }
  })
  const found = await readFieldsOfRuns(core, 'reading readings for rollups', runs)
  const wanted = new Set(pack.flatMap(({ channels }) => [...channels.keys()]))
  const read = new Map<Series, Part['readings']>()
  for (const series of core.catalogue.seriesOf(wanted)) {
    const fields = found.get(core.mounts.of(series))
    if (fields) read.set(series, standingOf(fields, series.channel.quantity))
  }
  await learnIntervals(core, pack, { read, now, writing })
  const partsOf = new Map<Channel, Part[]>()
  for (const [series, readings] of read) {
    const part = { intervals: core.intervals.of(series), readings }
    partsOf.set(series.channel, [...(partsOf.get(series.channel) ?? []), part])
  }
  return partsOf
}

async function readCorrectedParts(core: Core, pack: readonly Piece[]): Promise<Map<Channel, Part[]>> {
  const isCorrected = (channel: Channel): boolean => sourceOf(channel.quantity) !== undefined
  const channels = new Set(pack.flatMap((piece) => [...piece.channels.keys()].filter(isCorrected)))
  const stretches = pack
    .filter((piece) => [...piece.channels.keys()].some(isCorrected))
    .map(({ range: { from, until } }) => [from, until] as const)
  const wanted = [...channels].flatMap(({ siteId, quantity }) => wantedOf(core, siteId, quantity))
  return correctedParts(await core.compute(wanted, stretches), core.intervals)
}
