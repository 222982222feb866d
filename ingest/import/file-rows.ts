/** The rows of one file, by the headers they stand under: from its first line on, line by line. */
import { basename } from 'node:path'
import { headerCharactersMax, belowHeaderMax } from '../limits.ts'
import { importLineCharactersMax } from '../../model/limits.ts'
import type { Directory } from '../ingest.ts'
import { headerKind, mayBeNarrowHeader } from './header-rows.ts'
import { ImportRefusal } from './import-refusal.ts'
import {
  ignoredRow,
  refusedRow,
  type Begun,
  type FileMemory,
  type Missing,
  type Row,
  type RowReader
} from './row-reader.ts'

/** Into which device the file goes, and how it is to be read. */
export interface Target {
  /** As refusals name it: "sensor-community-csv". */
  format: string
  reader: RowReader
  deviceId: string
  directory: Directory
}

export interface FileRow {
  row: Row
  /** Its first line, counted from 1. */
  lineNumber: number
  line: string
}

/** The header that is needed is not there. */
export class HeaderRefusal extends ImportRefusal {
  constructor(message: string) {
    super('notThisFormat', message)
  }
}

const headerAgain = 'the header, once more'

export class FileRows {
  readonly #file: string
  readonly #target: Target
  readonly #memory: FileMemory
  #linesRead = 0
  #begun: Begun | undefined
  /** The names of the header that stands, as its cells have them. */
  #header: readonly string[] = []
  /** Why the rows below a header that cannot be read by are not read. */
  #stray: string | undefined
  /** A row with a time came below the header. */
  #hasRow = false
  /** Lines right below the first header that are no rows: units, and other words about its columns. Each with its cells. */
  readonly #belowHeader = new Map<string, number>()
  /** A row came below the first header: what stands between the two is known. */
  #knowsBelow = false
  /** Another header than the first stands. */
  #hasOther = false
  /** The line before: words, which are a header if this one has as many cells. */
  #narrow: { cells: number; lineNumber: number } | undefined
  readonly #notes: string[] = []

  constructor(file: string, target: Target, memory: FileMemory) {
    this.#file = file
    this.#target = target
    this.#memory = memory
  }

  get hasBegun(): boolean {
    return this.#begun !== undefined
  }

  /** What `text` holds: a row, or several where a quote is not right; none where it is a header or stands above it. */
  read(text: string): FileRow[] {
    const lineNumber = this.#linesRead + 1
    this.#linesRead += lineCount(text)
    if (!this.#begun) {
      const { linesBefore = 0, hasHeader = true } = this.#target.reader
      if (lineNumber <= linesBefore) return []
      this.#begin(text, lineNumber)
      if (hasHeader) return []
    }
    const row = this.#readLine(text, lineNumber)
    // Lines that quotes hold together are one row if that is a row, and otherwise each for itself.
    const isTorn = row.refusals[0]?.code === 'rowUnreadable' && text.includes('\n')
    if (!isTorn) return [{ row, lineNumber, line: text }]
    return text
      .split('\n')
      .map((line, at) => ({ row: this.#readLine(line, lineNumber + at), lineNumber: lineNumber + at, line }))
  }

  /** The file has ended; was there a header? */
  end(): void {
    if (this.#linesRead === 0) throw new ImportRefusal('notThisFormat', `${this.#file} is empty.`)
    if (this.#begun) return
    const lines = (this.#target.reader.linesBefore ?? 0) + 1
    throw new ImportRefusal(
      'notThisFormat',
      `${this.#file} is not ${this.#target.format}: it ends before line ${lines}.`
    )
  }

  notes(): string[] {
    const count = this.#memory.shortRows?.count ?? 0
    const short =
      count === 0
        ? []
        : [
            `${basename(this.#file)}: ${count === 1 ? '1 row ends' : `${count} rows end`} before the header does; the missing cells count as not measured.`
          ]
    return [...this.#notes, ...short]
  }

  #begin(text: string, lineNumber: number): void {
    const { format, reader } = this.#target
    const { names, found } = tryHeader(text, this.#file, this.#target, this.#memory)
    if (!('decode' in found)) {
      const line = lineNumber === 1 ? 'first line' : `line ${lineNumber}`
      throw new HeaderRefusal(
        `${this.#file} is not ${format}: its ${line} has no column ${found.missing}.${shownHas(found)}`
      )
    }
    this.#stand(found, reader.hasHeader === false ? [] : names)
    this.#memory.header = names
  }

  #stand(begun: Begun, header: readonly string[]): void {
    this.#begun = begun
    this.#header = header
    this.#stray = undefined
    this.#hasRow = false
    this.#notes.push(...(begun.notes ?? []).filter((note) => !this.#notes.includes(note)))
  }

  #readLine(line: string, lineNumber: number): Row {
    if (line === '') return { measurements: [], refusals: [] }
    const cells = cellsOf(line, this.#target.reader)
    if (!cells) return refusedRow('rowUnreadable', 'the line is not a row of this format')
    if (this.#narrow?.cells === cells.length)
      this.#stray ??= `line ${this.#narrow.lineNumber} is another header, with ${this.#narrow.cells} columns`
    this.#narrow = undefined
    const row = this.#stray === undefined ? this.#begun!.decode(cells) : undefined
    if (row && !mayBeHeader(row)) {
      this.#hasRow ||= row.measurements.length > 0
      this.#knowsBelow ||= this.#hasRow
      return row
    }
    return this.#readHeader(line, cells, lineNumber) ?? row ?? refusedRow('otherHeader', this.#stray!)
  }

  /** The row of a header; undefined for what is none. */
  #readHeader(line: string, cells: readonly string[], lineNumber: number): Row | undefined {
    const { reader } = this.#target
    if (reader.headerNames === undefined) return undefined
    if (this.#belowHeader.has(line)) return ignoredRow(headerAgain)
    const isFirst = !this.#hasRow && this.#stray === undefined
    const kind = headerKind(cells, this.#header, reader.headerNames, isFirst)
    if (kind === 'none') {
      if (!isFirst && mayBeNarrowHeader(cells, this.#header))
        this.#narrow = { cells: cells.length, lineNumber }
      if (!isFirst || this.#hasOther) return undefined
      if (this.#knowsBelow) return this.#readOtherUnits(cells, lineNumber)
      if (this.#belowHeader.size < belowHeaderMax) this.#belowHeader.set(line, cells.length)
      return undefined
    }
    if (kind === 'same') {
      this.#stray = undefined
      this.#hasRow = false
      return ignoredRow(headerAgain)
    }
    return this.#readOther(line, lineNumber)
  }

  /** Below a header that is repeated: of as many cells as a line below the first one, and another. */
  #readOtherUnits(cells: readonly string[], lineNumber: number): Row | undefined {
    const isLikeUnits = cells.length >= 2 && [...this.#belowHeader.values()].includes(cells.length)
    if (!isLikeUnits) return undefined
    this.#stray = `line ${lineNumber} is not what stands below the first header, so that the units may be others`
    return refusedRow('otherHeader', this.#stray)
  }

  #readOther(line: string, lineNumber: number): Row {
    const where = `line ${lineNumber} is another header`
    if (this.#target.reader.hasHeader === false) {
      this.#stray = `${where}, and the mapping says that the file has none`
      return refusedRow('otherHeader', this.#stray)
    }
    const { names, found } = tryHeader(line, this.#file, this.#target, this.#memory)
    if (!('decode' in found)) {
      this.#stray = `${where}, which has no column ${found.missing}`
      return refusedRow('otherHeader', this.#stray)
    }
    this.#stand(found, names)
    this.#hasOther = true
    this.#notes.push(`${basename(this.#file)}: ${where}; the rows below it are read by it.`)
    return ignoredRow('another header, by which the rows below it are read')
  }
}

/** Only a row without a time can be one; what was left out unread may be one as well. */
function mayBeHeader({ refusals, ignored, hasTime }: Row): boolean {
  if (hasTime === true) return false
  return (
    ignored !== undefined ||
    refusals.some(({ code }) => code === 'timeUnreadable' || code === 'rowUnreadable')
  )
}

export function lineCount(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function cellsOf(line: string, reader: RowReader): string[] | undefined {
  return line.length > importLineCharactersMax ? undefined : reader.cells(line)
}

/** What a line is as a header. */
export function tryHeader(
  text: string,
  file: string,
  { reader, deviceId, directory }: Target,
  memory: FileMemory
): { names: string[]; found: Begun | Missing } {
  const cells = cellsOf(text, reader) ?? []
  const names = cells.map((cell, index) => (reader.hasHeader === false ? `#${index + 1}` : cell.trim()))
  return { names, found: reader.begin(names, { deviceId, directory, file: basename(file), memory }) }
}

function shownHas({ has }: Missing): string {
  if (has === undefined) return ''
  return ` It has ${has.slice(0, headerCharactersMax).toWellFormed() || 'no cells'}.`
}
