/**
 * Two columns of a file that change places without a header that says so: each steps, from one row to the next, to the level
 * that the other had, and both stay there. No event does that to two quantities at once; it is told, never refused. Pure.
 */
import { exchangedRows } from '../limits.ts'

/** Of one row: what each column holds. */
export type RowValues = ReadonlyMap<string, number>

export interface Exchange<Row> {
  columns: readonly [string, string]
  /** The first row after it, and those since. */
  rows: readonly Row[]
}

interface Kept<Row> {
  values: RowValues
  row: Row
}

interface Candidate<Row> {
  columns: readonly [string, string]
  before: readonly RowValues[]
  after: Kept<Row>[]
}

export class ExchangedColumns<Row> {
  #before: RowValues[] = []
  #candidates: Candidate<Row>[] = []
  /** Pairs that have changed places, and not back. */
  readonly #exchanged = new Map<string, readonly [string, string]>()

  /** It takes some more rows to say whether they have; those are not yet known to be suspect. */
  get isOpen(): boolean {
    return this.#candidates.length > 0
  }

  /** Whether a column holds what belongs to another, as far as is known. */
  isSuspect(column: string): boolean {
    return [...this.#exchanged.values()].some((columns) => columns.includes(column))
  }

  /** Gives what this row makes sure of. */
  add(values: RowValues, row: Row): Exchange<Row>[] {
    if (values.size < 2) return []
    const last = this.#before.at(-1)
    const isFull = this.#before.length === exchangedRows
    if (last && isFull) {
      for (const columns of steppingPairs(last, values))
        this.#candidates.push({ columns, before: [...this.#before], after: [] })
    }
    for (const { after } of this.#candidates) after.push({ values, row })
    this.#before.push(values)
    if (isFull) this.#before.shift()
    const [ripe, open] = [true, false].map((isRipe) =>
      this.#candidates.filter(({ after }) => after.length >= exchangedRows === isRipe)
    ) as [Candidate<Row>[], Candidate<Row>[]]
    this.#candidates = open
    return ripe.filter(hasChangedPlaces).flatMap(({ columns, after }) => {
      const key = columns.toSorted().join('\n')
      if (this.#exchanged.delete(key)) return []
      this.#exchanged.set(key, columns)
      return { columns, rows: after.map(({ row: one }) => one) }
    })
  }
}

/** Each value is far from its last one, and near the last one of the other. */
function* steppingPairs(last: RowValues, values: RowValues): Generator<readonly [string, string]> {
  const names = [...values.keys()].filter((name) => last.has(name))
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      const [a0, b0, a1, b1] = [last.get(a)!, last.get(b)!, values.get(a)!, values.get(b)!]
      const apart = Math.abs(a0 - b0)
      if (apart > 0 && Math.abs(a1 - b0) <= apart / 4 && Math.abs(b1 - a0) <= apart / 4) yield [a, b]
    }
  }
}

/** All rows before lie around one level, all rows after around that of the other, and the two levels lie far apart. */
function hasChangedPlaces<Row>({ columns: [a, b], before, after }: Candidate<Row>): boolean {
  const of = (rows: readonly RowValues[], name: string): number[] => rows.map((row) => row.get(name) ?? NaN)
  const later = after.map(({ values }) => values)
  const [a0, b0, a1, b1] = [of(before, a), of(before, b), of(later, a), of(later, b)]
  const together = [
    [...a0, ...b1],
    [...b0, ...a1]
  ].map((values) => ({ low: Math.min(...values), high: Math.max(...values) }))
  const [one, other] = together.toSorted((x, y) => x.low - y.low) as [Span, Span]
  const wider = Math.max(one.high - one.low, other.high - other.low)
  // What a column had before and the other has now lies closer together than the two levels lie apart.
  return other.low - one.high > wider
}

interface Span {
  low: number
  high: number
}
