/** Streams readings in time order with bounded memory: one slice of time after another, as wide as its readings allow. */
import type { ExportChunk, TimeRange } from '../../../model/columns.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { dayMs, type UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import {
  chunksOf,
  rankedRows,
  rankSeries,
  wantedSeries,
  withCorrected,
  type RankedRows,
  type Ranks,
  type Wanted
} from '../../export-chunks.ts'
import type { CorrectedSeries } from '../../memory/corrections.ts'
import { readHumidity } from './corrected-readings.ts'
import type { ExportQuery } from '../../promise/export.ts'
import { receivedOf, standingOf, type Fields, type Standing } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { keep, pipe, step } from '../wire/flux.ts'
import { exportSliceRows, sliceMsMax } from '../../limits.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'
import { readFields, selection } from './questions.ts'

const doing = 'exporting readings'

interface Slice {
  range: TimeRange
  rows: RankedRows
}

/**
 * Which readings are in it is settled when the export begins for dictionaries (a series that appears later is not in it)
 * and slice by slice for readings. The next slice is asked for while the one before is taken away.
 */
export async function* exportReadings(core: Core, query: ExportQuery): AsyncGenerator<ExportChunk> {
  await core.read(doing, async () => undefined)
  const wanted = wantedSeries(core, query)
  if (wanted.length === 0) return
  const slicer = new Slicer(core, query, wanted)
  let coming = slicer.next()
  for (;;) {
    const slice = await coming
    if (!slice) return
    coming = slicer.next()
    // Whoever leaves in the middle leaves this one behind; its failure, if it has one, is nobody's any more.
    coming.catch(() => undefined)
    yield* chunksOf(slice.rows, slicer.ranks)
  }
}

class Slicer {
  readonly ranks: Ranks
  readonly #core: Core
  readonly #mounts: Mount[]
  readonly #fields: string[]
  readonly #corrected: CorrectedSeries[]
  #from: number
  readonly #until: number
  #width: number = dayMs

  constructor(core: Core, query: ExportQuery, wanted: readonly Wanted[]) {
    this.#core = core
    this.ranks = rankSeries(wanted)
    const { series } = this.ranks
    this.#corrected = this.ranks.corrected.flatMap((one) => one ?? [])
    this.#mounts = core.mounts.ofSeries(series)
    const quantities = new Set<Quantity>(series.map(({ channel }) => channel.quantity))
    const ofQuantity = (quantity: Quantity): string[] => {
      const { value, flag, reasons, received } = fieldsOf(quantity)
      return [value, flag, reasons, received]
    }
    this.#fields = [...[...quantities].flatMap(ofQuantity), 'received']
    this.#from = Math.max(Math.ceil(query.from), Math.min(...series.map((one) => one.low)))
    this.#until = Math.min(Math.ceil(query.until), Math.max(...series.map((one) => one.high)) + 1)
  }

  /** The next slice that holds lines, narrowed until they fit; a single millisecond is never split. */
  async next(): Promise<Slice | undefined> {
    while (this.#from < this.#until) {
      const until = Math.min(this.#until, this.#from + this.#width)
      const lines = await this.#countLines(this.#from, until)
      if (lines > exportSliceRows.max && until - this.#from > 1) {
        const share = exportSliceRows.max / (lines * 1.25)
        this.#width = Math.max(1, Math.floor((until - this.#from) * share))
        continue
      }
      if (lines === 0) {
        const next = until < this.#until ? await this.#firstTime(until) : undefined
        this.#from = next ?? this.#until
        continue
      }
      const range = { from: this.#from as UnixMs, until: until as UnixMs }
      this.#from = until
      if (lines < exportSliceRows.low) this.#width = Math.min(sliceMsMax, this.#width * 2)
      const rows = await this.#read(range)
      if (rows.time.length > 0) return { range, rows }
    }
    return undefined
  }

  async #countLines(from: number, until: number): Promise<number> {
    const range = { from: from as UnixMs, until: until as UnixMs }
    const question = pipe(
      ...selection(this.#core, this.#mounts, range, ['received']),
      step`|> count() |> group() |> sum()`
    )
    const [table] = await this.#core.read(doing, () => this.#core.server.query(doing, question))
    return table?.value[0] ?? 0
  }

  async #firstTime(from: number): Promise<number | undefined> {
    const range = { from: from as UnixMs, until: this.#until as UnixMs }
    const question = pipe(
      ...selection(this.#core, this.#mounts, range, ['received']),
      step`|> first()`,
      keep('_time', '_value')
    )
    const tables = await this.#core.read(doing, () => this.#core.server.query(doing, question))
    const times = tables.flatMap(({ time }) => time)
    return times.length > 0 ? Math.min(...times) : undefined
  }

  async #read(range: TimeRange): Promise<RankedRows> {
    const found = await this.#core.read(doing, () =>
      readFields(this.#core, doing, this.#mounts, range, this.#fields)
    )
    const parts = this.ranks.series.map((series) => partOf(series, found.get(this.#core.mounts.of(series))))
    const rows = inOrder(parts)
    if (this.#corrected.length === 0) return rows
    const { from, until } = range
    const humidity = await this.#core.read(doing, () =>
      readHumidity(this.#core, this.#corrected, [[from, until]])
    )
    return withCorrected(rows, this.ranks, humidity)
  }
}

interface Part {
  standing: Standing
  received: (time: number) => number
}

function partOf(series: Series, fields: Fields | undefined): Part | undefined {
  if (!fields) return undefined
  const { quantity } = series.channel
  return { standing: standingOf(fields, quantity), received: receivedOf(fields, quantity) }
}

/** By time, and at equal times by rank: one sort of numbers that hold both. */
function inOrder(parts: readonly (Part | undefined)[]): RankedRows {
  const count = parts.reduce((sum, part) => sum + (part?.standing.time.length ?? 0), 0)
  const rows = rankedRows(count)
  const from = Math.min(...parts.map((part) => part?.standing.time[0] ?? Infinity))
  const keys = new Float64Array(count)
  let next = 0
  parts.forEach((part, rank) => {
    for (const time of part?.standing.time ?? []) keys[next++] = (time - from) * parts.length + rank
  })
  keys.sort()
  const places = Array.from({ length: parts.length }, () => 0)
  for (let row = 0; row < count; row++) {
    const rank = keys[row]! % parts.length
    const { standing, received } = parts[rank]!
    const place = places[rank]!++
    const time = standing.time[place]!
    rows.time[row] = time
    rows.rank[row] = rank
    rows.value[row] = standing.value[place]!
    rows.flag[row] = standing.flag[place]!
    rows.reasons[row] = standing.reasons[place]!
    rows.received[row] = received(time)
  }
  return rows
}
