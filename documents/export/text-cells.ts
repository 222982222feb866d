/** The cells of a text format, row by row: what repeats in millions of rows is written once. */
import { secondMs, toIso, type UnixMs } from '../../model/time.ts'
import type { Batch, Column, GrownWords, SeriesWords, Table } from './table.ts'

/** How a text format writes one column. */
export interface CellStyle {
  /** What stands before the value of a column. */
  before(column: Column, place: number): string
  /** Around a moment. */
  quote: string
  word(text: string): string
  missing: string
  end: string
}

/** Rows `from` (inclusive) to `until` (exclusive) of a batch as text. */
export type RowWriter = (batch: Batch, from: number, until: number) => string

/** A part of a row: the words of several columns in a row, or one value. */
type Part = (batch: Batch) => (row: number) => string

export function rowWriter({ columns }: Pick<Table, 'columns'>, style: CellStyle): RowWriter {
  const parts = partsOf(columns, style)
  return (batch, from, until) => {
    const cells = parts.map((part) => part(batch))
    let text = ''
    for (let row = from; row < until; row++) {
      for (let i = 0; i < cells.length; i++) text += cells[i]!(row)
      text += style.end
    }
    return text
  }
}

/** Words in a row of columns are one part, since the series decides all of them. */
function partsOf(columns: readonly Column[], style: CellStyle): Part[] {
  const parts: Part[] = []
  for (let place = 0; place < columns.length;) {
    const first = place
    while (columns[place]?.kind === 'word') place++
    if (place > first) parts.push(wordsPart(columns, first, place, style))
    else parts.push(valuePart(columns[place]!, place++, style))
  }
  return parts
}

function wordsPart(columns: readonly Column[], first: number, end: number, style: CellStyle): Part {
  const known: string[] = []
  return ({ series, columns: values }) => {
    const make = (of: number): string => {
      let text = ''
      for (let place = first; place < end; place++) {
        const { words, of: wordOf } = values[place] as SeriesWords
        text += style.before(columns[place]!, place) + style.word(words[wordOf[of]!]!)
      }
      return text
    }
    return (row) => (known[series[row]!] ??= make(series[row]!))
  }
}

function valuePart(column: Column, place: number, style: CellStyle): Part {
  const before = style.before(column, place)
  const missing = before + style.missing
  switch (column.kind) {
    case 'moment': {
      const isoOf = isoWriter(style)
      return ({ columns }) => {
        const values = columns[place] as Float64Array
        return (row) => before + isoOf(values[row]!)
      }
    }
    case 'flag':
      return ({ columns }) => {
        const values = columns[place] as Uint8Array
        return (row) => (values[row] === 0 ? missing : before + values[row])
      }
    case 'text': {
      const known: string[] = []
      return ({ columns }) => {
        const { words, index } = columns[place] as GrownWords
        return (row) => (known[index[row]!] ??= before + style.word(words[index[row]!]!))
      }
    }
    default:
      return ({ columns }) => {
        const values = columns[place] as Float64Array
        return (row) => {
          const value = values[row]!
          return value === value ? before + value : missing
        }
      }
  }
}

/** As `toIso`, for times that mostly share their second with the one before. */
function isoWriter({ quote }: CellStyle): (at: number) => string {
  let second = NaN
  let beginning = ''
  const endings = Array.from({ length: secondMs }, (_no, ms) => `${String(ms).padStart(3, '0')}Z${quote}`)
  return (at) => {
    const now = Math.floor(at / secondMs)
    if (now !== second) {
      second = now
      // "2026-11-22T10:00:00." of "2026-11-22T10:00:00.000Z"
      beginning = quote + toIso((now * secondMs) as UnixMs).slice(0, -'000Z'.length)
    }
    return beginning + endings[at - now * secondMs]!
  }
}
