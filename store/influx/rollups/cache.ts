/**
 * Hours and days that were asked for, kept in memory: InfluxDB takes seconds for what a street page asks of a year, and
 * this store is the only one that writes them. Blocks of a channel and a stretch of time come in whole, are patched when
 * a rollup is computed, and the longest unused go when there are too many.
 */
import type { TimeRange, Window } from '../../../model/columns.ts'
import { hourMs, type UnixMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import type { RollupRow } from '../../rollups/window.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import { rollupBlockHours, rollupCacheBytesMax } from '../../limits.ts'
import type { RollupField } from '../wire/rollup-lines.ts'

/** One time axis and a column for each field; NaN where a field is null. */
export interface RollupBlock {
  time: number[]
  columns: Map<RollupField, number[]>
}

export type LoadRollups = (
  window: Window,
  channels: readonly Channel[],
  range: TimeRange,
  fields: readonly RollupField[]
) => Promise<Map<Channel, RollupBlock>>

interface Patch {
  window: Window
  channelId: number
  time: number
  /** undefined: there is none any more. */
  row: RollupRow | undefined
}

const blockMs = rollupBlockHours * hourMs

export class RollupCache {
  readonly #load: LoadRollups
  /** In the order of their last use. */
  readonly #blocks = new Map<string, RollupBlock>()
  #bytes = 0
  /** What was computed while a question was under way, whose answer may be older. */
  readonly #underWay = new Set<Patch[]>()

  constructor(load: LoadRollups) {
    this.#load = load
  }

  /** The fields of channels in a range that should not reach beyond what there is; oldest first. */
  async columns(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange,
    fields: readonly RollupField[]
  ): Promise<Map<Channel, RollupBlock>> {
    const first = Math.floor(range.from / blockMs)
    const last = Math.floor((range.until - 1) / blockMs)
    const held = new Map<string, RollupBlock>()
    const keyOf = (channel: Channel, block: number): string =>
      `${window} ${fields.join()} ${channel.id} ${block}`
    const missing = new Set<Channel>()
    let [from, through] = [Infinity, -Infinity]
    for (const channel of channels) {
      for (let block = first; block <= last; block++) {
        const key = keyOf(channel, block)
        const known = this.#blocks.get(key)
        if (known) {
          this.#blocks.delete(key)
          this.#blocks.set(key, known)
          held.set(key, known)
        } else {
          missing.add(channel)
          from = Math.min(from, block)
          through = Math.max(through, block)
        }
      }
    }
    if (missing.size > 0) {
      const stretch = { from: (from * blockMs) as UnixMs, until: ((through + 1) * blockMs) as UnixMs }
      const fresh = await this.#fetch(window, [...missing], stretch, fields)
      for (const [channel, whole] of fresh) {
        for (let block = from; block <= through; block++) {
          const key = keyOf(channel, block)
          const piece = slice(whole, block * blockMs, (block + 1) * blockMs)
          held.set(key, piece)
          this.#keep(key, piece)
        }
      }
    }
    const found = new Map<Channel, RollupBlock>()
    for (const channel of channels) {
      const pieces: RollupBlock[] = []
      for (let block = first; block <= last; block++) {
        const piece = held.get(keyOf(channel, block))
        if (piece) pieces.push(slice(piece, range.from, range.until))
      }
      found.set(channel, joined(pieces, fields))
    }
    return found
  }

  async #fetch(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange,
    fields: readonly RollupField[]
  ): Promise<Map<Channel, RollupBlock>> {
    const patches: Patch[] = []
    this.#underWay.add(patches)
    try {
      const found = await this.#load(window, channels, range, fields)
      const all = new Map(channels.map((channel) => [channel, found.get(channel) ?? empty(fields)]))
      for (const patch of patches) {
        if (patch.window !== window || patch.time < range.from || patch.time >= range.until) continue
        for (const [channel, block] of all) if (channel.id === patch.channelId) apply(block, patch)
      }
      return all
    } finally {
      this.#underWay.delete(patches)
    }
  }

  #keep(key: string, block: RollupBlock): void {
    const before = this.#blocks.get(key)
    if (before) this.#bytes -= bytesOf(before)
    this.#blocks.delete(key)
    this.#blocks.set(key, block)
    this.#bytes += bytesOf(block)
    for (const [oldest, its] of this.#blocks) {
      if (this.#bytes <= rollupCacheBytesMax) break
      this.#blocks.delete(oldest)
      this.#bytes -= bytesOf(its)
    }
  }

  /** Rows that were just written, or removed. */
  patch(patches: readonly Patch[]): void {
    const byPlace = Map.groupBy(
      patches,
      ({ window, channelId, time }) => `${window} ${channelId} ${Math.floor(time / blockMs)}`
    )
    for (const [key, block] of this.#blocks) {
      const [window, , channelId, place] = key.split(' ')
      const of = byPlace.get(`${window} ${channelId} ${place}`)
      if (!of) continue
      this.#bytes -= bytesOf(block)
      for (const patch of of) apply(block, patch)
      this.#bytes += bytesOf(block)
    }
    for (const waiting of this.#underWay) waiting.push(...patches)
  }

  forget(channels: ReadonlySet<number>): void {
    for (const [key, block] of this.#blocks) {
      if (!channels.has(Number(key.split(' ')[2]))) continue
      this.#blocks.delete(key)
      this.#bytes -= bytesOf(block)
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }
}

/** Its share of the map and of the arrays, and 8 bytes a number. */
function bytesOf({ time, columns }: RollupBlock): number {
  return 400 + time.length * 8 * (1 + columns.size)
}

function empty(fields: readonly RollupField[]): RollupBlock {
  return { time: [], columns: new Map(fields.map((field) => [field, []])) }
}

function slice(block: RollupBlock, from: number, until: number): RollupBlock {
  const [start, end] = [lowerBound(block.time, from), lowerBound(block.time, until)]
  const columns = new Map<RollupField, number[]>()
  for (const [field, column] of block.columns) columns.set(field, column.slice(start, end))
  return { time: block.time.slice(start, end), columns }
}

function joined(pieces: readonly RollupBlock[], fields: readonly RollupField[]): RollupBlock {
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  return {
    time: pieces.flatMap(({ time }) => time),
    columns: new Map(
      fields.map((field) => [field, pieces.flatMap(({ columns }) => columns.get(field) ?? [])])
    )
  }
}

function apply(block: RollupBlock, { time, row }: Patch): void {
  const place = lowerBound(block.time, time)
  const there = block.time[place] === time ? 1 : 0
  block.time.splice(place, there, ...(row ? [time] : []))
  for (const [field, column] of block.columns) {
    column.splice(place, there, ...(row ? [row[field] ?? NaN] : []))
  }
}
