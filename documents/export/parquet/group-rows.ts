/** Rows on their way into a row group: columns of a fixed size that batches are copied into. */
import type { Batch, Column, GrownWords, SeriesWords, Values } from '../table.ts'

export class GroupRows {
  readonly #columns: readonly Column[]
  readonly #room: number
  readonly #series: Uint32Array
  readonly #values: (Float64Array | Uint8Array | Uint32Array | undefined)[]
  /** The lists of words of the last batch; those that grow have grown since. */
  #words: readonly Values[] = []
  count = 0

  constructor(columns: readonly Column[], room: number) {
    this.#columns = columns
    this.#room = room
    this.#series = new Uint32Array(room)
    this.#values = columns.map(({ kind }) => columnFor(kind, room))
  }

  get lastSeries(): number | undefined {
    return this.count > 0 ? this.#series[this.count - 1] : undefined
  }

  take({ series, columns }: Batch, from: number, until: number): void {
    if (this.count + until - from > this.#room) throw new RangeError('more rows than a group has room for')
    this.#series.set(series.subarray(from, until), this.count)
    this.#columns.forEach((_column, i) => {
      const [into, values] = [this.#values[i], columns[i]!]
      if (into === undefined) return
      const source = 'index' in values ? values.index : (values as Float64Array | Uint8Array)
      into.set(source.subarray(from, until), this.count)
    })
    this.#words = columns
    this.count += until - from
  }

  /** Views of the rows; they hold until more are taken. */
  batch(): Batch {
    const { count } = this
    return {
      rows: count,
      series: this.#series.subarray(0, count),
      columns: this.#columns.map(({ kind }, i): Values => {
        if (kind === 'word') return this.#words[i] as SeriesWords
        const values = this.#values[i]!.subarray(0, count)
        if (kind !== 'text') return values as Float64Array | Uint8Array
        return { words: (this.#words[i] as GrownWords).words, index: values as Uint32Array }
      })
    }
  }

  clear(): void {
    this.count = 0
  }
}

function columnFor(kind: Column['kind'], room: number): Float64Array | Uint8Array | Uint32Array | undefined {
  switch (kind) {
    case 'word':
      return undefined
    case 'text':
      return new Uint32Array(room)
    case 'flag':
      return new Uint8Array(room)
    default:
      return new Float64Array(room)
  }
}
