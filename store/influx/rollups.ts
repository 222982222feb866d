/** Keeps hours and days as the readings are: recomputes what is marked, a bounded piece at a time. */
import type { Flag } from '../../model/flag.ts'
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { definitionOf, isMeasured, sourceOf } from '../../model/quantity.ts'
import { hourMs, hourStart, type UnixMs } from '../../model/time.ts'
import type { Channel } from '../catalogue.ts'
import { CorrectedHours, pickRecorrecting } from '../corrected-hours.ts'
import type { ReadingColumns } from '../corrected.ts'
import { wantedOf } from '../corrections.ts'
import type { MarkedHour } from '../marked-hours.ts'
import { daysOf, type Day } from '../pending-days.ts'
import { meanOf, RollupWindow, type RollupRow } from '../rollup.ts'
import type { TouchedWindow } from '../store.ts'
import { standingOf, type Standing } from './columns.ts'
import type { Core } from './core.ts'
import { readingsAtOnceMax } from './limits.ts'
import { fieldsOf } from './line-protocol.ts'
import { renewMarker } from './marker.ts'
import { readFieldsOfRuns, type Run } from './questions.ts'
import { placeOf } from './rollup-cache.ts'
import { writeRollups, type ComputedRollup } from './rollup-writer.ts'

/** Hours of one call unless the caller says otherwise. */
const refreshHoursDefault = 50_000

/** What an hour is taken to hold while the interval of its devices is unknown: one reading every ten seconds. */
const hourReadingsUnknown = 360

export async function refreshRollups(
  core: Core,
  now: UnixMs,
  limit = refreshHoursDefault
): Promise<{ touched: TouchedWindow[]; more: boolean }> {
  return core.alone('computing rollups', async () => {
    await renewMarker(core)
    const { picked, more } = pickClosed(core, now, limit)
    const measured = more ? picked : [...picked, ...core.dirty.running(now)]
    // What was measured comes first: a page that shows now must not wait for a year of corrected hours.
    const waiting = more ? { picked: [], more } : pickRecorrecting(core.recorrecting, core, now, limit)
    const following = new CorrectedHours(core)
    for (const hour of measured) following.follow(hour)
    for (const hour of waiting.picked) following.add(hour)
    const corrected = following.all()
    const hours = [...measured, ...corrected]
    if (hours.length === 0) return { touched: [], more: waiting.more }
    const days = daysOf(hours, now, core.settings.timezone, core.runningDayAt)
    // A channel that is known and has no hour is harmless, one that has hours and is not known is not.
    core.state.transaction(() => following.newChannels.forEach((channel) => core.state.putChannel(channel)))
    for (const pack of packsOf(core, piecesOf(core, hours, days))) {
      const found = await compute(core, pack)
      await writeRollups(core, 'hour', found.hours)
      await writeRollups(core, 'day', found.days)
    }
    const closed = measured.filter(({ hour }) => hour < hourStart(now))
    core.state.transaction(() => core.state.unmark('dirty', [...closed, ...corrected]))
    for (const hour of measured) core.dirty.computed(hour, now)
    for (const hour of corrected) core.recorrecting.take(hour)
    for (const { until, channels } of days) {
      if (until > now) for (const channelId of channels) core.runningDayAt.set(channelId, now)
    }
    return { touched: hours.flatMap((hour) => touchedWindow(core, hour)), more: waiting.more }
  })
}

function readingsPerHour(core: Core): Map<number, number> {
  const perHour = new Map<number, number>()
  for (const { channel, deviceId } of core.catalogue.allSeries()) {
    const intervalS = core.intervals.get(deviceId)
    const readings = intervalS ? hourMs / 1_000 / intervalS : hourReadingsUnknown
    perHour.set(channel.id, (perHour.get(channel.id) ?? 0) + readings)
  }
  return perHour
}

function pickClosed(core: Core, now: UnixMs, limit: number): { picked: MarkedHour[]; more: boolean } {
  const perHour = readingsPerHour(core)
  let readings = 0
  // Corrected hours are computed with their sources and the humidity in memory.
  const readingsMax = core.corrections.rows.length > 0 ? readingsAtOnceMax / 4 : readingsAtOnceMax
  return core.dirty.closed(now, ({ channelId }, picked) => {
    readings += perHour.get(channelId) ?? 0
    return picked > 0 && (picked >= limit || readings > readingsMax)
  })
}

/** What is to be made of one stretch of readings: a day with those of its hours that are marked, or an hour alone. */
interface Piece {
  range: TimeRange
  day: Day | undefined
  /** Channels, each with its hours to compute; the day is computed for all of them. */
  channels: Map<Channel, Set<number>>
}

function piecesOf(core: Core, hours: readonly MarkedHour[], days: ReturnType<typeof daysOf>): Piece[] {
  const pieces = new Map<string, Piece>()
  const add = (range: TimeRange, day: Day | undefined, channel: Channel, hour?: number): void => {
    const key = `${range.from} ${range.until}`
    const piece = pieces.get(key) ?? { range, day, channels: new Map<Channel, Set<number>>() }
    pieces.set(key, piece)
    const of = piece.channels.get(channel) ?? new Set<number>()
    piece.channels.set(channel, of)
    if (hour !== undefined) of.add(hour)
  }
  const daysOfChannel = new Map<number, Day[]>()
  for (const day of days) {
    for (const channelId of day.channels) {
      const channel = core.catalogue.channelById(channelId)
      if (!channel) continue
      add(wholeHours(day), day, channel)
      daysOfChannel.set(channelId, [...(daysOfChannel.get(channelId) ?? []), day])
    }
  }
  for (const { channelId, hour } of hours) {
    const channel = core.catalogue.channelById(channelId)
    if (!channel) continue
    const day = daysOfChannel.get(channelId)?.find(({ start, until }) => start <= hour && hour < until)
    if (day) add(wholeHours(day), day, channel, hour)
    else add({ from: hour as UnixMs, until: (hour + hourMs) as UnixMs }, undefined, channel, hour)
  }
  return [...pieces.values()]
}

/** The day, and what its first and last hour have outside of it where a zone is half an hour off UTC. */
function wholeHours({ start, until }: Day): TimeRange {
  const from = hourStart(start as UnixMs)
  return { from, until: (Math.ceil(until / hourMs) * hourMs) as UnixMs }
}

/** Pieces read together: many small ones in one request, and never more than fits memory. */
function* packsOf(core: Core, pieces: readonly Piece[]): Generator<Piece[]> {
  const perHour = readingsPerHour(core)
  let pack: Piece[] = []
  let readings = 0
  for (const piece of pieces) {
    const length = (piece.range.until - piece.range.from) / hourMs
    let more = 0
    for (const channel of piece.channels.keys()) {
      const own = perHour.get(channel.id) ?? 2 * (perHour.get(sourceId(core, channel)) ?? 0)
      more += own * length
    }
    if (pack.length > 0 && readings + more > readingsAtOnceMax / 2) {
      yield pack
      pack = []
      readings = 0
    }
    pack.push(piece)
    readings += more
  }
  if (pack.length > 0) yield pack
}

function sourceId(core: Core, { siteId, quantity }: Channel): number {
  const source = sourceOf(quantity)
  return (source && core.catalogue.channel(siteId, source)?.id) ?? -1
}

/** A series of a channel with its readings. */
interface Part {
  intervalS: number | undefined
  standing: Pick<ReadingColumns, 'value' | 'flag'> & Pick<Standing, 'time'>
}

async function compute(
  core: Core,
  pack: readonly Piece[]
): Promise<{ hours: ComputedRollup[]; days: ComputedRollup[] }> {
  const partsOf = await readParts(core, pack)
  for (const [channel, parts] of await correctedParts(core, pack)) partsOf.set(channel, parts)
  const found: { hours: ComputedRollup[]; days: ComputedRollup[] } = { hours: [], days: [] }
  for (const { day, channels } of pack) {
    for (const [channel, hours] of channels) {
      const parts = partsOf.get(channel) ?? []
      for (const time of hours) found.hours.push({ channel, time, row: hourRow(channel, parts, time) })
      if (day) found.days.push({ channel, time: day.start, row: dayRow(channel, parts, day) })
    }
  }
  return found
}

async function readParts(core: Core, pack: readonly Piece[]): Promise<Map<Channel, Part[]>> {
  const runs = pack.map(({ range, channels }): Run => {
    const mounts = core.mounts.ofSeries(core.catalogue.seriesOf(channels.keys()))
    const quantities = new Set([...channels.keys()].map(({ quantity }) => quantity).filter(isMeasured))
    const fields = [...quantities].flatMap((quantity) => [fieldsOf(quantity).value, fieldsOf(quantity).flag])
    return { mounts, range, fields }
  })
  const found = await readFieldsOfRuns(core, 'reading readings for rollups', runs)
  const wanted = new Set(pack.flatMap(({ channels }) => [...channels.keys()]))
  const partsOf = new Map<Channel, Part[]>()
  for (const series of core.catalogue.seriesOf(wanted)) {
    const fields = found.get(core.mounts.of(series))
    if (!fields) continue
    const standing = standingOf(fields, series.channel.quantity)
    const intervalS = core.intervals.get(series.deviceId)
    partsOf.set(series.channel, [...(partsOf.get(series.channel) ?? []), { intervalS, standing }])
  }
  return partsOf
}

async function correctedParts(core: Core, pack: readonly Piece[]): Promise<Map<Channel, Part[]>> {
  const partsOf = new Map<Channel, Part[]>()
  const isCorrected = (channel: Channel): boolean => sourceOf(channel.quantity) !== undefined
  const channels = new Set(pack.flatMap((piece) => [...piece.channels.keys()].filter(isCorrected)))
  const stretches = pack
    .filter((piece) => [...piece.channels.keys()].some(isCorrected))
    .map(({ range: { from, until } }) => [from, until] as const)
  const wanted = [...channels].flatMap(({ siteId, quantity }) => wantedOf(core, siteId, quantity))
  for (const { of, source, columns } of await core.compute(wanted, stretches)) {
    const time = Array.from(columns.place, (place) => source.time[place]!)
    const part = {
      intervalS: core.intervals.get(of.source.deviceId),
      standing: { time, value: columns.value, flag: columns.flag }
    }
    partsOf.set(of.channel, [...(partsOf.get(of.channel) ?? []), part])
  }
  return partsOf
}

function gather(parts: readonly Part[], from: number, until: number): RollupWindow {
  const window = new RollupWindow()
  for (const { intervalS, standing } of parts) {
    const first = placeOf(standing.time, from)
    let place = first
    for (; place < standing.time.length && standing.time[place]! < until; place++) {
      window.add(standing.value[place]!, standing.flag[place] as Flag)
    }
    if (place > first) window.contributes(intervalS)
  }
  return window
}

function hourRow(channel: Channel, parts: readonly Part[], hour: number): RollupRow | undefined {
  const window = gather(parts, hour, hour + hourMs)
  return window.isEmpty ? undefined : window.row(definitionOf(channel.quantity).average, hourMs)
}

/**
 * A day's mean comes from its valid hours, each of which weighs the same; everything else comes from its readings. An
 * hour belongs to the day in which it starts: where a zone is half an hour off UTC, the hours of the mean lie half an
 * hour off the civil day, while readings are assigned exactly.
 */
function dayRow(channel: Channel, parts: readonly Part[], { start, until }: Day): RollupRow | undefined {
  const window = gather(parts, start, until)
  if (window.isEmpty) return undefined
  const { average } = definitionOf(channel.quantity)
  const means: number[] = []
  for (let hour = Math.ceil(start / hourMs) * hourMs; hour < until; hour += hourMs) {
    const of = hourRow(channel, parts, hour)
    if (!of?.expected || of.mean === null || of.count / of.expected < coverageMin) continue
    means.push(of.mean)
  }
  const sorted = means.sort((a, b) => a - b)
  return window.row(average, until - start, means.length >= dayValidHoursMin ? meanOf(sorted, average) : null)
}

function touchedWindow(core: Core, { channelId, hour }: MarkedHour): TouchedWindow[] {
  const channel = core.catalogue.channelById(channelId)
  if (!channel) return []
  return [{ siteId: channel.siteId, quantity: channel.quantity, hour: hour as UnixMs }]
}
