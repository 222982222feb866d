/**
 * Hours and days that were asked for, kept in memory by either store, which alone writes them: a database takes from a tenth
 * of a second to seconds for what a street page asks of a year. Blocks of a channel and a stretch of time come in whole, are
 * patched when a rollup is computed, and those not used for longest go when there are too many.
 */
import type { TimeRange, Window } from '../../model/columns.ts'
import { hourMs, type UnixMs } from '../../model/time.ts'
import type { Channel } from '../memory/catalogue.ts'
import { rollupBlockHours } from '../limits.ts'
import { lowerBound } from './lower-bound.ts'
import type { RollupRow } from './window.ts'

export type RollupField = keyof RollupRow

/** All of a row. */
export const allFields: readonly RollupField[] = [
  'mean',
  'min',
  'max',
  'p10',
  'p50',
  'p90',
  'count',
  'expected',
  'coverage',
  'passed',
  'notEvaluated',
  'suspect',
  'failed'
]

/** What pages of many sites ask. */
export const briefFields: readonly RollupField[] = ['mean', 'coverage']

/** One time axis and a column for each field; NaN where a field is null. */
export interface RollupBlock {
  time: Float64Array
  columns: Map<RollupField, Float64Array>
}

export type LoadRollups = (
  window: Window,
  channels: readonly Channel[],
  range: TimeRange,
  fields: readonly RollupField[]
) => Promise<Map<Channel, RollupBlock>>

/** Where a rollup is. */
export interface RollupPlace {
  window: Window
  channelId: number
  time: number
}

export interface Patch extends RollupPlace {
  /** undefined: there is none any more. */
  row: RollupRow | undefined
}

interface Held {
  window: Window
  channelId: number
  number: number
  block: RollupBlock
}

/** What became of the rollups while a question was under way, whose answer may be older. */
interface UnderWay {
  patches: Patch[]
  /** Something was let go: what comes is an answer, and is not kept. */
  isOld: boolean
}

const blockMs = rollupBlockHours * hourMs

export class RollupCache {
  readonly #load: LoadRollups
  readonly #bytesMax: number
  /** In the order of their last use. */
  readonly #blocks = new Map<string, Held>()
  #bytes = 0
  readonly #underWay = new Set<UnderWay>()

  constructor(load: LoadRollups, bytesMax: number) {
    this.#load = load
    this.#bytesMax = bytesMax
  }

  /** What its blocks take, about. */
  get bytes(): number {
    return this.#bytes
  }

  /** The pieces of each channel in a range that should not reach beyond what there is; oldest first. */
  async pieces(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange,
    fields: readonly RollupField[]
  ): Promise<Map<Channel, RollupBlock[]>> {
    const first = Math.floor(range.from / blockMs)
    const last = Math.floor((range.until - 1) / blockMs)
    const prefix = `${window} ${fields.join()}`
    const held = new Map<string, RollupBlock>()
    const missing = new Set<Channel>()
    let [from, through] = [Infinity, -Infinity]
    for (const channel of channels) {
      for (let number = first; number <= last; number++) {
        const key = `${prefix} ${channel.id} ${number}`
        const known = this.#blocks.get(key)
        if (known) {
          this.#blocks.delete(key)
          this.#blocks.set(key, known)
          held.set(key, known.block)
        } else {
          missing.add(channel)
          from = Math.min(from, number)
          through = Math.max(through, number)
        }
      }
    }
    if (missing.size > 0) {
      const stretch = { from: (from * blockMs) as UnixMs, until: ((through + 1) * blockMs) as UnixMs }
      const { blocks, isOld } = await this.#fetch(window, [...missing], stretch, fields)
      for (const [channel, whole] of blocks) {
        for (let number = from; number <= through; number++) {
          const key = `${prefix} ${channel.id} ${number}`
          const block = copyOf(part(whole, number * blockMs, (number + 1) * blockMs))
          held.set(key, block)
          if (!isOld) this.#keep(key, { window, channelId: channel.id, number, block })
        }
      }
    }
    const found = new Map<Channel, RollupBlock[]>()
    for (const channel of channels) {
      const pieces: RollupBlock[] = []
      for (let number = first; number <= last; number++) {
        const block = held.get(`${prefix} ${channel.id} ${number}`)
        if (!block) continue
        const isWhole = range.from <= number * blockMs && (number + 1) * blockMs <= range.until
        const piece = isWhole ? block : part(block, range.from, range.until)
        if (piece.time.length > 0) pieces.push(piece)
      }
      found.set(channel, pieces)
    }
    return found
  }

  /** The same, each channel's pieces joined. */
  async columns(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange,
    fields: readonly RollupField[]
  ): Promise<Map<Channel, RollupBlock>> {
    const pieces = await this.pieces(window, channels, range, fields)
    return new Map([...pieces].map(([channel, of]) => [channel, joined(of, fields)]))
  }

  async #fetch(
    window: Window,
    channels: readonly Channel[],
    range: TimeRange,
    fields: readonly RollupField[]
  ): Promise<{ blocks: Map<Channel, RollupBlock>; isOld: boolean }> {
    const underWay: UnderWay = { patches: [], isOld: false }
    this.#underWay.add(underWay)
    try {
      const found = await this.#load(window, channels, range, fields)
      const blocks = new Map(channels.map((channel) => [channel, found.get(channel) ?? empty(fields)]))
      const byId = new Map(channels.map((channel) => [channel.id, blocks.get(channel)!]))
      for (const patch of underWay.patches) {
        const block = byId.get(patch.channelId)
        const isIn = patch.window === window && patch.time >= range.from && patch.time < range.until
        if (block && isIn) apply(block, patch)
      }
      return { blocks, isOld: underWay.isOld }
    } finally {
      this.#underWay.delete(underWay)
    }
  }

  #keep(key: string, held: Held): void {
    const before = this.#blocks.get(key)
    if (before) this.#bytes -= bytesOf(before.block)
    this.#blocks.delete(key)
    this.#blocks.set(key, held)
    this.#bytes += bytesOf(held.block)
    for (const [oldest, { block }] of this.#blocks) {
      if (this.#bytes <= this.#bytesMax) break
      this.#blocks.delete(oldest)
      this.#bytes -= bytesOf(block)
    }
  }

  /** Those of the places that a block holds, or that a question under way may bring: of the others nothing need be told. */
  concerned<Place extends RollupPlace>(places: readonly Place[]): Place[] {
    if (this.#underWay.size > 0) return [...places]
    const known = new Set([...this.#blocks.values()].map(nameOf))
    return known.size === 0 ? [] : places.filter((place) => known.has(nameOf(blockOf(place))))
  }

  /** Rows that were just written, or removed. */
  patch(patches: readonly Patch[]): void {
    const byBlock = Map.groupBy(patches, (patch) => nameOf(blockOf(patch)))
    for (const held of this.#blocks.values()) {
      const of = byBlock.get(nameOf(held))
      if (!of) continue
      this.#bytes -= bytesOf(held.block)
      for (const patch of of) apply(held.block, patch)
      this.#bytes += bytesOf(held.block)
    }
    for (const { patches: waiting } of this.#underWay) waiting.push(...patches)
  }

  /** Lets go of the blocks of these places: more changed than is worth a patch. */
  drop(places: readonly RollupPlace[]): void {
    const names = new Set(places.map((place) => nameOf(blockOf(place))))
    this.#letGo((held) => names.has(nameOf(held)))
  }

  forget(channels: ReadonlySet<number>): void {
    this.#letGo(({ channelId }) => channels.has(channelId))
  }

  clear(): void {
    this.#letGo(() => true)
  }

  #letGo(isGone: (held: Held) => boolean): void {
    for (const [key, held] of this.#blocks) {
      if (!isGone(held)) continue
      this.#blocks.delete(key)
      this.#bytes -= bytesOf(held.block)
    }
    for (const underWay of this.#underWay) underWay.isOld = true
  }
}

function blockOf({ window, channelId, time }: RollupPlace): Omit<Held, 'block'> {
  return { window, channelId, number: Math.floor(time / blockMs) }
}

function nameOf({ window, channelId, number }: Omit<Held, 'block'>): string {
  return `${window} ${channelId} ${number}`
}

/** Its share of the map and of the arrays, and 8 bytes a number. */
function bytesOf({ time, columns }: RollupBlock): number {
  return 500 + time.length * 8 * (1 + columns.size)
}

function empty(fields: readonly RollupField[]): RollupBlock {
  return {
    time: new Float64Array(0),
    columns: new Map(fields.map((field) => [field, new Float64Array(0)]))
  }
}

/** A view, not a copy. */
function part({ time, columns }: RollupBlock, from: number, until: number): RollupBlock {
  const [start, end] = [lowerBound(time, from), lowerBound(time, until)]
  const views = new Map<RollupField, Float64Array>()
  for (const [field, column] of columns) views.set(field, column.subarray(start, end))
  return { time: time.subarray(start, end), columns: views }
}

/** What is kept must not hold on to the whole that it was cut from. */
function copyOf({ time, columns }: RollupBlock): RollupBlock {
  return {
    time: time.slice(),
    columns: new Map([...columns].map(([field, column]) => [field, column.slice()]))
  }
}

function joined(pieces: readonly RollupBlock[], fields: readonly RollupField[]): RollupBlock {
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  return {
    time: concatenated(pieces.map(({ time }) => time)),
    columns: new Map(
      fields.map((field) => [field, concatenated(pieces.map(({ columns }) => columns.get(field)!))])
    )
  }
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, one) => length + one.length, 0))
  let next = 0
  for (const one of parts) {
    all.set(one, next)
    next += one.length
  }
  return all
}

function apply(block: RollupBlock, { time, row }: Patch): void {
  const place = lowerBound(block.time, time)
  const isThere = block.time[place] === time
  if (!row && !isThere) return
  if (!row || !isThere) {
    block.time = spliced(block.time, place, row ? time : undefined)
    for (const [field, column] of block.columns)
      block.columns.set(field, spliced(column, place, row ? NaN : undefined))
  }
  if (row) for (const [field, column] of block.columns) column[place] = row[field] ?? NaN
}

/** With a value put in at a place, or the one there taken out. */
function spliced(from: Float64Array, place: number, value: number | undefined): Float64Array {
  const after = value === undefined ? place + 1 : place
  const to = new Float64Array(from.length + (value === undefined ? -1 : 1))
  to.set(from.subarray(0, place))
  if (value !== undefined) to[place] = value
  to.set(from.subarray(after), value === undefined ? place : place + 1)
  return to
}
