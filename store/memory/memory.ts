/** What both stores keep in memory about their readings; each fills it from where it keeps the same on disk. */
import { sourceOf } from '../../model/quantity.ts'
import { clockHours, type ClockHours, type UnixMs } from '../../model/time.ts'
import type { Trim } from '../promise/keep.ts'
import type { LatestReading, Recomputing, SeriesQuery, UnmadeHoursQuery } from '../promise/read.ts'
import type { TimeRange } from '../../model/columns.ts'
import { Catalogue, type Channel, type Series } from './catalogue.ts'
import { Corrections } from './corrections.ts'
import { IntervalLearner, type LearnerSource } from './interval-learner.ts'
import { Intervals } from './intervals.ts'
import { MarkedHours, type MarkedHour } from './marked-hours.ts'
import { RecomputingProgress } from './recomputing.ts'

const allTimeFrom = -Infinity as UnixMs

export class StoreMemory implements LearnerSource {
  /** The hub's clock, whose hours and days are kept. */
  readonly clock: ClockHours
  /** Replaced as a whole when the disk is read again: questions are answered from the one before until then. */
  catalogue = new Catalogue()
  readonly corrections = new Corrections()
  /** Measured hours whose rollups are to be made; the corrected hours made of them follow them. */
  readonly dirty: MarkedHours
  /** Corrected hours whose correction changed: on disk they are marks of the same table. */
  readonly recorrecting: MarkedHours
  /** Hours that the look back has not judged since their readings changed. */
  readonly unexamined: MarkedHours
  readonly intervals = new Intervals()
  readonly learner = new IntervalLearner(this)
  /** When the day that still runs was last computed for a channel: see rollups/pending-days.ts. */
  readonly runningDayAt = new Map<number, number>()
  readonly recomputed = new RecomputingProgress()
  /** How often a value was replaced by another since the beginning. */
  replacements = 0
  /** Sites whose single readings were removed for their age, and until when: their hours of before are all there is. */
  trimmed = new Map<string, number>()

  constructor(timezone: string) {
    this.clock = clockHours(timezone)
    this.dirty = new MarkedHours(this.clock)
    this.recorrecting = new MarkedHours(this.clock)
    this.unexamined = new MarkedHours(this.clock)
  }

  isNewest(series: Series, until: number): boolean {
    if (series.high < until) return true
    // What came since waits for its hour to be computed.
    return this.dirty.has({ channelId: series.channel.id, hour: this.clock.hourStart(series.high) })
  }

  /** Hours that wait for their rollup. */
  get dirtyHours(): number {
    return this.dirty.size + this.recorrecting.size
  }

  /** Marks as they are on disk; the catalogue must be the one that they belong to. */
  takeMarks(dirty: readonly MarkedHour[], unexamined: readonly MarkedHour[]): void {
    const [recorrecting, measured] = [
      dirty.filter(this.#isCorrected),
      dirty.filter((m) => !this.#isCorrected(m))
    ]
    this.dirty.replace(measured)
    this.recorrecting.replace(recorrecting)
    this.unexamined.replace(unexamined)
  }

  readonly #isCorrected = ({ channelId }: MarkedHour): boolean => {
    const channel = this.catalogue.channelById(channelId)
    return channel !== undefined && sourceOf(channel.quantity) !== undefined
  }

  recomputing(siteIds?: readonly string[]): Recomputing {
    const channels = siteIds ? this.catalogue.channelsOf(siteIds) : [...this.catalogue.channels()]
    const leftOf = (id: number): number =>
      this.recorrecting.sizeOf(id) + (this.recomputed.isAll ? this.dirty.sizeOf(id) : 0)
    return this.recomputed.of(channels.map(({ id }) => [id, leftOf(id)] as const))
  }

  unmadeHours({ siteIds, from, until }: UnmadeHoursQuery): number {
    const ids = this.catalogue.channelsOf(siteIds).map(({ id }) => id)
    const marks = [this.dirty, this.recorrecting, this.unexamined]
    return marks.reduce((sum, marked) => sum + marked.countWithin(ids, from, until), 0)
  }

  unjudged({ siteId, quantity, from, until }: SeriesQuery): TimeRange[] {
    const channel = this.catalogue.channel(siteId, sourceOf(quantity) ?? quantity)
    if (!channel) return []
    const stretches: TimeRange[] = []
    for (const hour of this.unexamined.hoursOf(channel.id)) {
      const stretch = {
        from: Math.max(from, hour) as UnixMs,
        until: Math.min(until, this.clock.hourEnd(hour)) as UnixMs
      }
      if (stretch.from >= stretch.until) continue
      const last = stretches.at(-1)
      if (last && last.until === stretch.from) last.until = stretch.until
      else stretches.push(stretch)
    }
    return stretches
  }

  /** The same readings, each with whether the look back has gone over its hour. */
  withJudged(latest: readonly LatestReading[]): LatestReading[] {
    return latest.map((one) => {
      const channel = this.catalogue.channel(one.siteId, sourceOf(one.quantity) ?? one.quantity)
      const hour = this.clock.hourStart(one.measuredAt)
      return {
        ...one,
        isJudged: channel !== undefined && !this.unexamined.has({ channelId: channel.id, hour })
      }
    })
  }

  /** Intervals and corrections of devices that are gone for good. */
  forgetDevices(deviceIds: readonly string[]): void {
    for (const deviceId of deviceIds) this.intervals.forgetDevice(deviceId)
    const rows = this.corrections.rows.filter((row) => !deviceIds.includes(row.deviceId))
    if (rows.length < this.corrections.rows.length) this.corrections.take(rows)
  }

  /** With these parts as well. */
  trimmedWith(parts: readonly Trim[]): Map<string, number> {
    const all = new Map(this.trimmed)
    for (const { siteId, until } of parts) all.set(siteId, Math.max(until, all.get(siteId) ?? -Infinity))
    return all
  }

  /** Those parts of which every hour is made and judged, cut to whole days. */
  trimmable(parts: readonly Trim[]): Trim[] {
    return parts
      .map((part) => ({ ...part, until: this.clock.dayStart(part.until) }))
      .filter(({ siteId, until }) => this.unmadeHours({ siteIds: [siteId], from: allTimeFrom, until }) === 0)
  }

  forgetChannel(channel: Channel): void {
    for (const series of this.catalogue.seriesOf([channel])) {
      this.intervals.forget(series)
      this.learner.forget(series)
    }
    this.catalogue.forgetChannel(channel)
    for (const marks of [this.dirty, this.recorrecting, this.unexamined]) marks.forgetChannel(channel.id)
  }
}

/** As it is kept on disk: written by a store, from a map of this shape. */
export function trimmedOf(text: string | undefined): Map<string, number> {
  return new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, number>))
}
