/** Streams readings with bounded memory: one slice of time after another, as wide as its readings allow. */
import type { TimeRange } from '../../../model/columns.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { dayMs, type UnixMs } from '../../../model/time.ts'
import { partsOf, rowBuffer, type RowBuffer } from '../../export/rows.ts'
import { headOf, reachOf, wantedSeries, type Wanted } from '../../export/series.ts'
import { exportSliceRows, sliceMsMax } from '../../limits.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { ExportQuery, ReadingsPart } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { receivedOf, standingOf, type Fields } from '../wire/columns.ts'
import { keep, pipe, step } from '../wire/flux.ts'
import { fieldsOf } from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'
import { readHumidity } from './corrected-readings.ts'
import { readFields, selection } from './questions.ts'

const doing = 'exporting readings'

interface Slice {
  range: TimeRange
  rows: RowBuffer
}

/**
 * Which readings are in it is settled when the export begins for dictionaries (a series that appears later is not in it)
 * and slice by slice for readings. The next slice is asked for while the one before is taken away.
 */
export async function* exportReadings(core: Core, query: ExportQuery): AsyncGenerator<ReadingsPart> {
  await core.read(doing, async () => undefined)
  const wanted = wantedSeries(core, query)
  const head = headOf(core, wanted, query)
  if (wanted.length === 0) return yield head
  const corrected = wanted.map((one) => one.corrected)
  const computed = corrected.filter((one) => one !== undefined)
  const setting = { head, order: query.order ?? 'time', corrected }
  const slicer = new Slicer(core, query, wanted)
  // A server that does not answer is told of before the head leaves: an answer that has begun can only be cut.
  const first = await slicer.next()
  yield head
  let coming = Promise.resolve(first)
  for (;;) {
    const slice = await coming
    if (!slice) return
    coming = slicer.next()
    // Whoever leaves in the middle leaves this one behind; its failure, if it has one, is nobody's any more.
    coming.catch(() => undefined)
    const { from, until } = slice.range
    const air = await core.read(doing, () => readHumidity(core, computed, [[from, until]]))
    yield* partsOf(slice.rows, setting, air)
  }
}

class Slicer {
  readonly #core: Core
  readonly #wanted: readonly Wanted[]
  readonly #mounts: Mount[]
  readonly #fields: string[]
  #from: number
  readonly #until: number
  #width: number = dayMs

  constructor(core: Core, query: ExportQuery, wanted: readonly Wanted[]) {
    this.#core = core
    this.#wanted = wanted
    this.#mounts = core.mounts.ofSeries(wanted.map(({ series }) => series))
    const quantities = new Set<Quantity>(wanted.map(({ series }) => series.channel.quantity))
    const ofQuantity = (quantity: Quantity): string[] => {
      const { value, flag, reasons, received } = fieldsOf(quantity)
      return [value, flag, reasons, received]
    }
    this.#fields = [...[...quantities].flatMap(ofQuantity), 'received']
    const reach = reachOf(query, wanted)
    this.#from = reach.from
    this.#until = reach.until
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
      if (rows.count > 0) return { range, rows }
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

  async #read(range: TimeRange): Promise<RowBuffer> {
    const found = await this.#core.read(doing, () =>
      readFields(this.#core, doing, this.#mounts, range, this.#fields)
    )
    return rowsOf(this.#wanted.map(({ series }) => partOf(series, found.get(this.#core.mounts.of(series)))))
  }
}

interface Part {
  time: ArrayLike<number>
  value: ArrayLike<number>
  flag: ArrayLike<number>
  reasons: ArrayLike<number>
  received: (time: number) => number
}

function partOf(series: Series, fields: Fields | undefined): Part | undefined {
  if (!fields) return undefined
  const { quantity } = series.channel
  return { ...standingOf(fields, quantity), received: receivedOf(fields, quantity) }
}

/** One series after another. */
function rowsOf(parts: readonly (Part | undefined)[]): RowBuffer {
  const rows = rowBuffer(parts.reduce((sum, part) => sum + (part?.time.length ?? 0), 0))
  parts.forEach((part, series) => {
    if (!part) return
    const at = rows.count
    rows.time.set(part.time, at)
    rows.series.fill(series, at, at + part.time.length)
    rows.value.set(part.value, at)
    rows.flag.set(part.flag, at)
    rows.reasons.set(part.reasons, at)
    for (let i = 0; i < part.time.length; i++) rows.received[at + i] = part.received(part.time[i]!)
    rows.count = at + part.time.length
  })
  return rows
}
