/** What every source of an export knows: the places of its series, and their words as lists. */
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import type { ExportHead, ExportSeries } from '../../store/promise/export.ts'
import type { SeriesWords } from './table.ts'

/** What is told of a site in a file. */
export interface ExportPlace {
  street: string
  streetName: string
  siteName: string
  /** A reference instrument stands there. */
  isReference?: boolean
  /** Of the street, or as exactly as the host chose; undefined where nobody drew the street. */
  longitude?: number
  latitude?: number
}

/** Of a site and an hour; null where no outdoor site measured both, and for the outdoor sites themselves. */
export type OutdoorGm3 = (siteId: string, time: number) => number | null

/** By site. */
export type ExportPlaces = Readonly<Record<string, ExportPlace>>

export function seriesWords({ series }: ExportHead, word: (series: ExportSeries) => string): SeriesWords {
  const words: string[] = []
  const known = new Map<string, number>()
  const of = Uint32Array.from(series, (one) => {
    const text = word(one)
    const at = known.get(text) ?? words.push(text) - 1
    known.set(text, at)
    return at
  })
  return { words, of }
}

export function unitOf(quantity: Quantity): string {
  return definitionOf(quantity).unit
}

/** Words that are met as rows come: those of bits, of ids. */
export class GrowingWords<Key> {
  readonly words: string[]
  readonly #wordOf: (key: Key) => string
  readonly #known = new Map<Key, number>()

  constructor(wordOf: (key: Key) => string) {
    this.words = []
    this.#wordOf = wordOf
  }

  at(key: Key): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const at = this.words.push(this.#wordOf(key)) - 1
    this.#known.set(key, at)
    return at
  }
}

/** The first part of an export, and what comes after it. */
export async function opened<Part extends { kind: string }, Rows extends Part>(
  parts: AsyncIterable<Part>,
  isRows: (part: Part) => part is Rows
): Promise<{ head: ExportHead; rows: AsyncGenerator<Rows> }> {
  const iterator = parts[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done || first.value.kind !== 'head') throw new TypeError('an export begins with its head')
  async function* rest(): AsyncGenerator<Rows> {
    let whole = false
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next())
        if (isRows(next.value)) yield next.value
      whole = true
    } finally {
      if (!whole) await iterator.return?.()
    }
  }
  return { head: first.value as unknown as ExportHead, rows: rest() }
}
