/** Hours and days of channels from readings held in memory: what every store does that computes rollups here. Pure. */
import type { TimeRange } from '../../model/columns.ts'
import type { Flag } from '../../model/flag.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { definitionOf, figureMaxOf } from '../../model/quantity.ts'
import { hourMs, hourStart, type UnixMs } from '../../model/time.ts'
import type { Catalogue, Channel } from '../memory/catalogue.ts'
import type { ComputedSeries } from '../memory/corrections.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { Day, PendingDay } from './pending-days.ts'
import { meanOf, RollupWindow, type RollupRow } from './window.ts'

/** What is to be made of one stretch of readings: a day with those of its hours that are marked, or an hour alone. */
export interface Piece {
  range: TimeRange
  day: Day | undefined
  /** Channels, each with its hours to compute; the day is computed for all of them. */
  channels: Map<Channel, Set<number>>
}

export function piecesOf(
  catalogue: Catalogue,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): Piece[] {
  const pieces = new Map<string, Piece>()
  const daysOfChannel = new Map<number, Day[]>()
  const pieceOf = (range: TimeRange, day: Day | undefined): Piece => {
    const key = `${range.from} ${range.until}`
    const piece = pieces.get(key) ?? { range, day, channels: new Map<Channel, Set<number>>() }
    pieces.set(key, piece)
    return piece
  }
  for (const day of days) {
    const { channels } = pieceOf(wholeHours(day), day)
    for (const channelId of day.channels) {
      const channel = catalogue.channelById(channelId)
      if (!channel) continue
      channels.set(channel, new Set())
      const known = daysOfChannel.get(channelId)
      if (known) known.push(day)
      else daysOfChannel.set(channelId, [day])
    }
  }
  for (const { channelId, hour } of hours) {
    const channel = catalogue.channelById(channelId)
    if (!channel) continue
    const day = daysOfChannel.get(channelId)?.find(({ start, until }) => start <= hour && hour < until)
    const range = day ? wholeHours(day) : { from: hour as UnixMs, until: (hour + hourMs) as UnixMs }
    const { channels } = pieceOf(range, day)
    const known = channels.get(channel)
    if (known) known.add(hour)
    else channels.set(channel, new Set([hour]))
  }
  return [...pieces.values()]
}

/** The day, and what its first and last hour have outside of it where a zone is half an hour off UTC. */
function wholeHours({ start, until }: Day): TimeRange {
  const from = hourStart(start as UnixMs)
  return { from, until: (Math.ceil(until / hourMs) * hourMs) as UnixMs }
}

/**
 * Pieces read together: many small ones with one question, and never more readings than fit memory, unless those of one
 * channel in one piece are more; a day of many sites is taken apart.
 */
export function* packsOf(
  pieces: readonly Piece[],
  hourReadings: (channel: Channel) => number,
  readingsMax: number
): Generator<Piece[]> {
  let pack: Piece[] = []
  let readings = 0
  for (const piece of pieces) {
    const length = (piece.range.until - piece.range.from) / hourMs
    let share: Piece['channels'] = new Map()
    for (const [channel, hours] of piece.channels) {
      const more = hourReadings(channel) * length
      if (readings > 0 && readings + more > readingsMax) {
        if (share.size > 0) pack.push({ ...piece, channels: share })
        yield pack
        ;[pack, share, readings] = [[], new Map(), 0]
      }
      share.set(channel, hours)
      readings += more
    }
    pack.push({ ...piece, channels: share })
  }
  if (pack.length > 0) yield pack
}

/** The readings of one device for a channel, oldest first. */
export interface Part {
  intervalS: number | undefined
  readings: { time: ArrayLike<number>; value: ArrayLike<number>; flag: ArrayLike<number> }
}

export type PartsOf = ReadonlyMap<Channel, readonly Part[]>

/** What was computed of corrected series, by their channels. */
export function correctedParts(
  computed: readonly ComputedSeries[],
  intervals: ReadonlyMap<string, number>
): Map<Channel, Part[]> {
  const partsOf = new Map<Channel, Part[]>()
  for (const { of, source, columns } of computed) {
    const { place, value, flag } = columns
    const time = new Float64Array(place.length)
    for (let i = 0; i < time.length; i++) time[i] = source.time[place[i]!]!
    const part = { intervalS: intervals.get(of.source.deviceId), readings: { time, value, flag } }
    const known = partsOf.get(of.channel)
    if (known) known.push(part)
    else partsOf.set(of.channel, [part])
  }
  return partsOf
}

export interface ComputedRollup {
  channel: Channel
  time: number
  /** undefined: the window holds no reading. */
  row: RollupRow | undefined
}

export interface ComputedRollups {
  hours: ComputedRollup[]
  days: ComputedRollup[]
}

export function rollupsOf(pieces: readonly Piece[], partsOf: PartsOf): ComputedRollups {
  const found: ComputedRollups = { hours: [], days: [] }
  for (const { day, channels } of pieces) {
    for (const [channel, hours] of channels) {
      const parts = partsOf.get(channel) ?? []
      const known = new Map<number, RollupRow | undefined>()
      for (const time of hours) {
        const row = hourRow(channel, parts, time)
        known.set(time, row)
        found.hours.push({ channel, time, row })
      }
      if (day) found.days.push({ channel, time: day.start, row: dayRow(channel, parts, day, known) })
    }
  }
  return found
}

function hourRow(channel: Channel, parts: readonly Part[], hour: number): RollupRow | undefined {
  const window = gather(channel, parts, hour, hour + hourMs)
  return window.isEmpty ? undefined : window.row(definitionOf(channel.quantity).average, hourMs)
}

/**
 * A day's mean comes from its valid hours, each of which weighs the same; everything else comes from its readings. An
 * hour belongs to the day in which it starts: where a zone is half an hour off UTC, the hours of the mean lie half an
 * hour off the civil day, while readings are assigned exactly. `known` are hours that were made before.
 */
function dayRow(
  channel: Channel,
  parts: readonly Part[],
  { start, until }: Day,
  known: ReadonlyMap<number, RollupRow | undefined>
): RollupRow | undefined {
  const window = gather(channel, parts, start, until)
  if (window.isEmpty) return undefined
  const { average } = definitionOf(channel.quantity)
  const means: number[] = []
  for (let hour = Math.ceil(start / hourMs) * hourMs; hour < until; hour += hourMs) {
    const of = known.has(hour) ? known.get(hour) : hourRow(channel, parts, hour)
    if (!of?.expected || of.mean === null || of.count / of.expected < coverageMin) continue
    means.push(of.mean)
  }
  const sorted = means.sort((a, b) => a - b)
  return window.row(average, until - start, means.length >= dayValidHoursMin ? meanOf(sorted, average) : null)
}

function gather({ quantity }: Channel, parts: readonly Part[], from: number, until: number): RollupWindow {
  const window = new RollupWindow()
  const figureMax = figureMaxOf(quantity)
  for (const { intervalS, readings } of parts) {
    const { time, value, flag } = readings
    const first = lowerBound(time, from)
    const end = lowerBound(time, until)
    window.expect(end - first)
    for (let place = first; place < end; place++) {
      window.add(Math.min(value[place]!, figureMax), flag[place] as Flag)
    }
    if (end > first) window.contributes(intervalS)
  }
  return window
}

/** Where the first of ascending times lies that is not before `time`. */
export function lowerBound(times: ArrayLike<number>, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}
