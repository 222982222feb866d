/**
 * What an export is before it has a format: named, typed columns, and batches of rows. Sources make tables of what a store
 * gives, formats make files of tables, and neither knows the other.
 */

/**
 * moment: milliseconds since 1970, UTC. number: a measurement. count: a whole number. flag: 1 to 9. word: text that the
 * row's series decides. text: text from a list that grows as rows come.
 */
export type ColumnKind = 'moment' | 'number' | 'count' | 'flag' | 'word' | 'text'

export interface Column {
  name: string
  kind: ColumnKind
  /** May a value be missing? */
  nullable: boolean
  /** Of numbers whose unit no other column says. */
  unit?: string
  description: string
}

/** A list of words, and for each series which of them is its: all that a column of words is. */
export interface SeriesWords {
  words: readonly string[]
  of: Uint32Array
}

/** The list only ever grows at its end, and is the same object in every batch. */
export interface GrownWords {
  words: readonly string[]
  /** For each row. */
  index: Uint32Array
}

/** moment, number and count: NaN is missing. flag: 0 is missing. */
export type Values = Float64Array | Uint8Array | SeriesWords | GrownWords

export interface Batch {
  rows: number
  /** Of each row; words are looked up with it. */
  series: Uint32Array
  /** One entry for each column of the table, in their order. */
  columns: readonly Values[]
}

export interface Table {
  columns: readonly Column[]
  /** By which columns the rows are sorted, as far as that holds over the whole table. */
  sortedBy: readonly string[]
  /** Series that belong together: a group of rows of a file best ends where this number changes. Empty: anywhere. */
  groupOf: Uint32Array
  batches: AsyncIterable<Batch>
}

/** For each row the word of its series. */
export function lookUp({ of }: SeriesWords, series: Uint32Array): Uint32Array {
  const index = new Uint32Array(series.length)
  for (let i = 0; i < series.length; i++) index[i] = of[series[i]!]!
  return index
}
