/**
 * Marked hours, held in memory by hour so that the oldest are found at once: dirty ones, which need a new rollup, and
 * unexamined ones, which the look back has not judged. On disk each store keeps them as it can.
 */
import type { ClockHours, UnixMs } from '../../model/time.ts'

export interface MarkedHour {
  channelId: number
  /** Where it begins, by the hub's clock. */
  hour: number
}

export class MarkedHours {
  /** hour → channel → has it changed since it was last computed? A running hour stays marked when it has not. */
  readonly #byHour = new Map<number, Map<number, boolean>>()
  readonly #byChannel = new Map<number, number>()
  readonly #clock: ClockHours
  #size = 0

  constructor(clock: ClockHours) {
    this.#clock = clock
  }

  get size(): number {
    return this.#size
  }

  /** What is on disk, instead of what was known. */
  replace(marks: Iterable<MarkedHour>): void {
    this.#byHour.clear()
    this.#byChannel.clear()
    this.#size = 0
    for (const mark of marks) this.mark(mark)
  }

  has({ channelId, hour }: MarkedHour): boolean {
    return this.#byHour.get(hour)?.has(channelId) ?? false
  }

  sizeOf(channelId: number): number {
    return this.#byChannel.get(channelId) ?? 0
  }

  /** Oldest first. */
  hoursOf(channelId: number): number[] {
    if (this.sizeOf(channelId) === 0) return []
    const hours = [...this.#byHour].flatMap(([hour, channels]) => (channels.has(channelId) ? [hour] : []))
    return hours.sort((a, b) => a - b)
  }

  /** Where the first marked hour of these channels begins; undefined where none is marked. */
  earliest(channelIds: ReadonlySet<number>): number | undefined {
    let earliest: number | undefined
    for (const [hour, channels] of this.#byHour) {
      if (earliest !== undefined && hour >= earliest) continue
      for (const channelId of channels.keys())
        if (channelIds.has(channelId)) {
          earliest = hour
          break
        }
    }
    return earliest
  }

  /** How many of these channels' hours that begin in [from, until) are marked. */
  countWithin(channelIds: readonly number[], from: UnixMs, until: UnixMs): number {
    let count = 0
    for (const [hour, channels] of this.#byHour) {
      if (hour < from || hour >= until) continue
      for (const channelId of channelIds) if (channels.has(channelId)) count++
    }
    return count
  }

  /** Marked hours before a moment that depends on the channel. */
  before(untilOf: (channelId: number) => number | undefined): MarkedHour[] {
    const found: MarkedHour[] = []
    for (const [hour, channels] of this.#byHour) {
      for (const channelId of channels.keys())
        if (hour < (untilOf(channelId) ?? -Infinity)) found.push({ channelId, hour })
    }
    return found
  }

  mark({ channelId, hour }: MarkedHour): void {
    let channels = this.#byHour.get(hour)
    if (!channels) this.#byHour.set(hour, (channels = new Map()))
    if (!channels.has(channelId)) {
      this.#size++
      this.#byChannel.set(channelId, this.sizeOf(channelId) + 1)
    }
    channels.set(channelId, true)
  }

  /**
   * Marked hours that ended by `now`, until `enough` says so (asked before each): those from `recentFrom` on, then all before,
   * both oldest first. `byDay`: of a civil day channel by channel, so that what is taken holds whole days of some channels, not
   * some hours of all. `isBehind`: recent ones are left.
   */
  closed(
    now: UnixMs,
    enough: (next: MarkedHour, picked: number) => boolean,
    { recentFrom = Infinity, byDay = false }: { recentFrom?: number; byDay?: boolean } = {}
  ): { picked: MarkedHour[]; more: boolean; isBehind: boolean } {
    const picked: MarkedHour[] = []
    for (const next of this.#inOrder(now, recentFrom, byDay)) {
      if (enough(next, picked.length)) return { picked, more: true, isBehind: next.hour >= recentFrom }
      picked.push(next)
    }
    return { picked, more: false, isBehind: false }
  }

  *#inOrder(now: UnixMs, recentFrom: number, byDay: boolean): Generator<MarkedHour> {
    const runningHour = this.#clock.hourStart(now)
    const hours = [...this.#byHour.keys()].filter((hour) => hour < runningHour).sort((a, b) => a - b)
    const recent = hours.findIndex((hour) => hour >= recentFrom)
    const parts = recent === -1 ? [hours] : [hours.slice(recent), hours.slice(0, recent)]
    for (const part of parts) {
      const together = byDay
        ? Map.groupBy(part, (hour) => this.#clock.dayStart(hour)).values()
        : part.map((hour) => [hour])
      for (const some of together) yield* this.#byChannelOf(some)
    }
  }

  *#byChannelOf(hours: readonly number[]): Generator<MarkedHour> {
    if (hours.length === 1) {
      const [hour] = hours as [number]
      for (const channelId of this.#byHour.get(hour)?.keys() ?? []) yield { channelId, hour }
      return
    }
    const byChannel = new Map<number, number[]>()
    for (const hour of hours) {
      for (const channelId of this.#byHour.get(hour)?.keys() ?? []) {
        const known = byChannel.get(channelId)
        if (known) known.push(hour)
        else byChannel.set(channelId, [hour])
      }
    }
    for (const [channelId, own] of byChannel) for (const hour of own) yield { channelId, hour }
  }

  /** Marked hours that run at `now` (or lie ahead of it) and changed since they were last computed. */
  running(now: UnixMs): MarkedHour[] {
    const picked: MarkedHour[] = []
    const runningHour = this.#clock.hourStart(now)
    for (const [hour, channels] of this.#byHour) {
      if (hour < runningHour) continue
      for (const [channelId, changed] of channels) if (changed) picked.push({ channelId, hour })
    }
    return picked
  }

  /** It is about to be computed, while others may write: `isChanged` says afterwards whether they did. */
  begin({ channelId, hour }: MarkedHour): void {
    const channels = this.#byHour.get(hour)
    if (channels?.has(channelId)) channels.set(channelId, false)
  }

  /** Was it marked since it was begun, or last computed? */
  isChanged({ channelId, hour }: MarkedHour): boolean {
    return this.#byHour.get(hour)?.get(channelId) ?? false
  }

  /** An hour was computed: a closed one loses its mark, a running one keeps it. */
  computed({ channelId, hour }: MarkedHour, now: UnixMs): void {
    const channels = this.#byHour.get(hour)
    if (!channels?.has(channelId)) return
    if (hour >= this.#clock.hourStart(now)) channels.set(channelId, false)
    else this.#remove(channels, channelId, hour)
  }

  /** Takes a mark away, whether its hour has ended or not. */
  take({ channelId, hour }: MarkedHour): void {
    const channels = this.#byHour.get(hour)
    if (channels?.has(channelId)) this.#remove(channels, channelId, hour)
  }

  forgetChannel(channelId: number): void {
    for (const [hour, channels] of this.#byHour) {
      if (channels.has(channelId)) this.#remove(channels, channelId, hour)
    }
  }

  #remove(channels: Map<number, boolean>, channelId: number, hour: number): void {
    channels.delete(channelId)
    this.#size--
    this.#byChannel.set(channelId, this.sizeOf(channelId) - 1)
    if (channels.size === 0) this.#byHour.delete(hour)
  }
}
