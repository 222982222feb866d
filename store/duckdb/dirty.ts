/**
 * Marked hours, a table held in memory by hour so that the oldest are found at once: `dirty` for those that need a new
 * rollup, `unexamined` for those that the look back has not judged.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { hourStart, type UnixMs } from '../../model/time.ts'
import { asNumber, rowsOf } from './database.ts'

export interface DirtyHour {
  channelId: number
  hour: number
}

export class DirtyHours {
  readonly #table: 'dirty' | 'unexamined'
  /** hour → channel → has it changed since it was last computed? A running hour stays marked when it has not. */
  readonly #byHour = new Map<number, Map<number, boolean>>()
  #size = 0

  constructor(table: 'dirty' | 'unexamined') {
    this.#table = table
  }

  get size(): number {
    return this.#size
  }

  async load(connection: DuckDBConnection): Promise<void> {
    const marks = await rowsOf(connection, `SELECT DISTINCT channel, hour FROM ${this.#table}`)
    this.#byHour.clear()
    this.#size = 0
    for (const [channel, hour] of marks) {
      this.mark({ channelId: asNumber(channel), hour: asNumber(hour) })
    }
  }

  has({ channelId, hour }: DirtyHour): boolean {
    return this.#byHour.get(hour)?.has(channelId) ?? false
  }

  mark({ channelId, hour }: DirtyHour): void {
    let channels = this.#byHour.get(hour)
    if (!channels) this.#byHour.set(hour, (channels = new Map()))
    if (!channels.has(channelId)) this.#size++
    channels.set(channelId, true)
  }

  /** Marked hours that ended by `now`, oldest first, until `enough` says so (asked before each). */
  closed(
    now: UnixMs,
    enough: (next: DirtyHour, picked: number) => boolean
  ): { picked: DirtyHour[]; more: boolean } {
    const picked: DirtyHour[] = []
    const hours = [...this.#byHour.keys()].filter((hour) => hour < hourStart(now)).sort((a, b) => a - b)
    for (const hour of hours) {
      for (const channelId of this.#byHour.get(hour)?.keys() ?? []) {
        const next = { channelId, hour }
        if (enough(next, picked.length)) return { picked, more: true }
        picked.push(next)
      }
    }
    return { picked, more: false }
  }

  /** Marked hours that run at `now` (or lie ahead of it) and changed since they were last computed. */
  running(now: UnixMs): DirtyHour[] {
    const picked: DirtyHour[] = []
    for (const [hour, channels] of this.#byHour) {
      if (hour < hourStart(now)) continue
      for (const [channelId, changed] of channels) if (changed) picked.push({ channelId, hour })
    }
    return picked
  }

  /** An hour was computed: a closed one loses its mark, a running one keeps it. */
  computed({ channelId, hour }: DirtyHour, now: UnixMs): void {
    const channels = this.#byHour.get(hour)
    if (!channels?.has(channelId)) return
    if (hour >= hourStart(now)) channels.set(channelId, false)
    else this.#remove(channels, channelId, hour)
  }

  /** Takes a mark away, whether its hour has ended or not. */
  take({ channelId, hour }: DirtyHour): void {
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
    if (channels.size === 0) this.#byHour.delete(hour)
  }
}
