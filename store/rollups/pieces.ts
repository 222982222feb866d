/** Hours and days of channels from readings held in memory: what every store does that computes rollups here. Pure. */
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { definitionOf, figureMaxOf, type Quantity } from '../../model/quantity.ts'
import { hourMs, type ClockHours, type ClockPeriod, type UnixMs } from '../../model/time.ts'
import type { Channel } from '../memory/catalogue.ts'
import type { ComputedSeries } from '../memory/corrections.ts'
import type { Intervals } from '../memory/intervals.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { StoreMemory } from '../memory/memory.ts'
import type { Day, PendingDay } from './pending-days.ts'
import { presentIn, shortestSecondsIn, weigh, type Part, type Present, type Weights } from './weights.ts'
import { meanOf, RollupWindow, type RollupRow } from './window.ts'

/** What is to be made of one stretch of readings: a day with those of its hours that are marked, or an hour alone. */
export interface Piece {
  range: TimeRange
  day: Day | undefined
  /** Channels, each with its hours to compute; the day is computed for all of them. */
  channels: Map<Channel, Set<number>>
}

export function piecesOf(
  { catalogue, clock }: Pick<StoreMemory, 'catalogue' | 'clock'>,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): Piece[] {
  const ofDays = new Map<number, Piece>()
  const ofHours = new Map<number, Piece>()
  const daysOfChannel = new Map<number, Day[]>()
  /** Of each channel the day that was found last: its hours mostly follow one another. */
  const lastDays = new Map<number, Day>()
  const dayPiece = (day: Day): Piece => {
    const piece = ofDays.get(day.start) ?? { range: rangeOf(day), day, channels: new Map() }
    ofDays.set(day.start, piece)
    return piece
  }
  const hourPiece = (hour: number): Piece => {
    const range = { from: hour as UnixMs, until: clock.hourEnd(hour) }
    const piece = ofHours.get(hour) ?? { range, day: undefined, channels: new Map() }
    ofHours.set(hour, piece)
    return piece
  }
  for (const day of days) {
    const { channels } = dayPiece(day)
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
    const last = lastDays.get(channelId)
    const day = last && isIn(last, hour) ? last : daysOfChannel.get(channelId)?.find((one) => isIn(one, hour))
    if (day) lastDays.set(channelId, day)
    const { channels } = day ? dayPiece(day) : hourPiece(hour)
    const known = channels.get(channel)
    if (known) known.add(hour)
    else channels.set(channel, new Set([hour]))
  }
  return [...ofDays.values(), ...ofHours.values()]
}

function isIn({ start, until }: Day, hour: number): boolean {
  return start <= hour && hour < until
}

function rangeOf({ start, until }: Day): TimeRange {
  return { from: start as UnixMs, until: until as UnixMs }
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

export type PartsOf = ReadonlyMap<Channel, readonly Part[]>

/** What was computed of corrected series, by their channels. */
export function correctedParts(
  computed: readonly ComputedSeries[],
  intervals: Intervals
): Map<Channel, Part[]> {
  const partsOf = new Map<Channel, Part[]>()
  for (const { of, source, columns } of computed) {
    const { place, value, flag } = columns
    const time = new Float64Array(place.length)
    for (let i = 0; i < time.length; i++) time[i] = source.time[place[i]!]!
    const part = { intervals: intervals.of(of.source), readings: { time, value, flag } }
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

export function rollupsOf(clock: ClockHours, pieces: readonly Piece[], partsOf: PartsOf): ComputedRollups {
  const found: ComputedRollups = { hours: [], days: [] }
  for (const { day, channels } of pieces) {
    for (const [channel, hours] of channels) {
      const parts = partsOf.get(channel) ?? []
      const made = new Map<number, Hour | undefined>()
      for (const time of hours) {
        const hour = hourOf(channel, parts, { start: time as UnixMs, until: clock.hourEnd(time) })
        made.set(time, hour)
        found.hours.push({ channel, time, row: hour?.row })
      }
      if (!day) continue
      const hourAt = (hour: ClockPeriod): Hour | undefined =>
        made.has(hour.start) ? made.get(hour.start) : hourOf(channel, parts, hour)
      const periods = clock.hours(day.start as UnixMs, day.until as UnixMs)
      found.days.push({ channel, time: day.start, row: dayRow(channel, parts, day, { periods, hourAt }) })
    }
  }
  return found
}

/** An hour with what its day takes over from it. */
interface Hour {
  row: RollupRow
  present: readonly Present[]
  weights: Weights
}

function hourOf({ quantity }: Channel, parts: readonly Part[], hour: ClockPeriod): Hour | undefined {
  const present = presentIn(parts, hour)
  if (present.length === 0) return undefined
  const weights = weigh(present, hour)
  const window = new RollupWindow()
  addHour(window, quantity, present, weights)
  const row = window.row(definitionOf(quantity).average, hour.until - hour.start)
  return { row, present, weights }
}

function addHour(
  window: RollupWindow,
  quantity: Quantity,
  present: readonly Present[],
  weights: Weights
): void {
  const figureMax = figureMaxOf(quantity)
  present.forEach((one, i) => window.add(one.readings, one, weights[i], figureMax))
}

/**
 * A day's mean comes from its valid hours, each of which weighs the same; everything else comes from its readings. Those of a
 * device whose interval is not known stand for as long as those of the quickest other: a single one must not leave the
 * coverage of the whole day unknown.
 */
function dayRow(
  { quantity }: Channel,
  parts: readonly Part[],
  { start, until }: Day,
  hours: { periods: readonly ClockPeriod[]; hourAt: (hour: ClockPeriod) => Hour | undefined }
): RollupRow | undefined {
  const unknownS = shortestSecondsIn(presentIn(parts, { start: start as UnixMs, until: until as UnixMs }))
  const window = new RollupWindow()
  const means: number[] = []
  let silenceEnds = -Infinity
  for (const hour of hours.periods) {
    const found = hours.hourAt(hour)
    if (!found) {
      if (hour.until <= silenceEnds) window.addSilence((hour.until - hour.start) / 1_000)
      continue
    }
    const weights = found.weights.map((weight) => weight ?? unknownS)
    addHour(window, quantity, found.present, weights)
    silenceEnds = Math.max(silenceEnds, ...found.present.map(endOfSilence))
    const { mean, coverage } = found.row
    if (mean !== null && coverage !== null && coverage >= coverageMin) means.push(mean)
  }
  if (window.isEmpty) return undefined
  const { average } = definitionOf(quantity)
  const mean = means.length >= dayValidHoursMin ? meanOf(means.sort(ascending), average) : null
  return window.row(average, until - start, mean)
}

/** Until when a device that speaks on change has said what there is. */
function endOfSilence({ intervals, readings: { time, flag }, end }: Present): number {
  const last = time[end - 1]!
  const held = intervals.find(({ from, until }) => from <= last && last < until)
  return held?.onChange && flag[end - 1] !== 4 ? last + held.intervalS * 1_000 : -Infinity
}

function ascending(a: number, b: number): number {
  return a - b
}
