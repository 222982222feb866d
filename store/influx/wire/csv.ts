/** Reads the CSV in which Flux answers, as it streams in: about a million rows a second. */
import type { UnixMs } from '../../../model/time.ts'

/** One table of an answer: rows of one group key, in the order in which the server gave them. */
export interface Table {
  /** Columns other than time and value, as they were on the first row. */
  key: Record<string, string>
  time: UnixMs[]
  /** Numbers; NaN where the column holds something else. */
  value: number[]
  /** The values as they were written, where the reader was asked for text. */
  text: string[]
}

/** The server began to answer and then met an error, which it can only tell within the answer. */
export class FluxError extends Error {}

/**
 * Asked for without annotations, so an answer is blocks of rows under a header, with empty lines between blocks. Key
 * columns are the same on all rows of a table and are read once. A quoted cell may hold commas and quotes; line breaks
 * never are in ours (line-protocol.ts encodes them).
 */
export class TableReader {
  readonly tables: Table[] = []
  readonly #asText: boolean
  #rest = ''
  #header: string[] | undefined
  #timeAndValueFirst = false
  #tableName = ''
  #table: Table | undefined
  readonly #clock = new TimeParser()

  constructor(asText = false) {
    this.#asText = asText
  }

  feed(text: string): void {
    const all = this.#rest === '' ? text : this.#rest + text
    let from = 0
    for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', from)) {
      this.#line(all, from, end > from && all.charCodeAt(end - 1) === 13 ? end - 1 : end)
      from = end + 1
    }
    this.#rest = from === all.length ? '' : all.slice(from)
  }

  end(): Table[] {
    if (this.#rest !== '') this.feed('\n')
    return this.tables
  }

  #line(all: string, from: number, until: number): void {
    if (until === from) this.#header = undefined
    else if (!this.#header) this.#begin(all.slice(from, until))
    else if (this.#timeAndValueFirst) this.#quickRow(all, from, until)
    else this.#row(all.slice(from, until))
  }

  #begin(line: string): void {
    this.#header = cells(line)
    this.#table = undefined
    const [, , table, time, value] = this.#header
    this.#timeAndValueFirst = table === 'table' && time === '_time' && value === '_value'
  }

  /** `,result,table,time,value,…`: neither of the first four is ever quoted. */
  #quickRow(all: string, from: number, until: number): void {
    const tableAt = all.indexOf(',', from + 1) + 1
    const timeAt = all.indexOf(',', tableAt) + 1
    const valueAt = all.indexOf(',', timeAt) + 1
    if (this.#asText || all.charCodeAt(valueAt) === 34) return this.#row(all.slice(from, until))
    let end = all.indexOf(',', valueAt)
    if (end === -1 || end > until) end = until
    let table = this.#table
    if (
      !table ||
      timeAt - 1 - tableAt !== this.#tableName.length ||
      !all.startsWith(this.#tableName, tableAt)
    ) {
      table = this.#open(cells(all.slice(from, until)))
    }
    table.time.push(this.#clock.parse(all, timeAt))
    table.value.push(end === valueAt ? NaN : Number(all.slice(valueAt, end)))
  }

  #row(line: string): void {
    const row = cells(line)
    const header = this.#header!
    const problem = header.indexOf('error')
    if (problem !== -1 && header.includes('reference')) throw new FluxError(row[problem])
    const name = row[header.indexOf('table')] ?? ''
    const table = this.#table && name === this.#tableName ? this.#table : this.#open(row)
    const time = row[header.indexOf('_time')]
    if (time !== undefined) table.time.push(this.#clock.parse(time, 0))
    const value = row[header.indexOf('_value')] ?? ''
    if (this.#asText) table.text.push(value)
    table.value.push(value === '' ? NaN : Number(value))
  }

  #open(row: string[]): Table {
    const header = this.#header!
    this.#tableName = row[header.indexOf('table')] ?? ''
    const key: Record<string, string> = {}
    header.forEach((name, i) => {
      if (name !== '' && name !== '_time' && name !== '_value') key[name] = row[i] ?? ''
    })
    this.#table = { key, time: [], value: [], text: [] }
    this.tables.push(this.#table)
    return this.#table
  }
}

/** RFC 4180: a quoted cell doubles its quotes. */
export function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const found: string[] = []
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '"') {
      let cell = ''
      for (at++; at < line.length; at++) {
        if (line[at] !== '"') cell += line[at]
        else if (line[at + 1] === '"') cell += line[at++]
        else break
      }
      found.push(cell)
      at++
    } else {
      const end = line.indexOf(',', at)
      found.push(line.slice(at, end === -1 ? undefined : end))
      at = end === -1 ? line.length : end
    }
  }
  return found
}

/** `2026-01-14T00:00:00.25Z`: a day is looked up once, and the rest is arithmetic. */
class TimeParser {
  #day = ''
  #dayMs = 0

  parse(text: string, at: number): UnixMs {
    if (this.#day === '' || !text.startsWith(this.#day, at)) {
      this.#day = text.slice(at, at + 10)
      this.#dayMs = Date.parse(`${this.#day}T00:00:00Z`)
    }
    const seconds = two(text, at + 11) * 3_600 + two(text, at + 14) * 60 + two(text, at + 17)
    let fraction = 0
    if (text.charCodeAt(at + 19) === 46) {
      let weight = 100
      for (let i = at + 20; weight >= 1; i++) {
        const digit = text.charCodeAt(i) - 48
        if (digit < 0 || digit > 9) break
        fraction += digit * weight
        weight /= 10
      }
    }
    return (this.#dayMs + seconds * 1_000 + fraction) as UnixMs
  }
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}
