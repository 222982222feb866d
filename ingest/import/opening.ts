/** The first look at a file that is to be imported: is it there, can it be read, is it of the format? */
import { headerCharactersMax, headerLinesMax } from '../limits.ts'
import { stat } from 'node:fs/promises'
import { importLineCharactersMax } from '../../model/limits.ts'
import type { Directory } from '../ingest.ts'
import { openLines, type Lines } from './lines.ts'
import type { Begun, Missing, RowReader } from './row-reader.ts'
import { wholeRows } from './whole-rows.ts'

/** Into which device the file goes, and how it is to be read. */
export interface Target {
  /** As refusals name it: "sensor-community-csv". */
  format: string
  reader: RowReader
  deviceId: string
  directory: Directory
}

/** The import cannot begin or go on; the message is one line that says what to do. */
export class ImportRefusal extends Error {
  readonly code: 'fileUnreadable' | 'notThisFormat' | 'deviceUnknown' | 'deviceHangsNowhere'
  constructor(code: ImportRefusal['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

class HeaderRefusal extends ImportRefusal {
  constructor(message: string) {
    super('notThisFormat', message)
  }
}

/** The rows of a file, the header and what stands above it among them, in stretches. */
export function rowsOf(lines: Lines, { isOpen, linesBefore }: RowReader): AsyncIterable<readonly string[]> {
  return isOpen ? wholeRows(lines.stretches(), isOpen, linesBefore) : lines.stretches()
}

/** Answers with the file's size. */
export async function checkFile(file: string, target: Target): Promise<number> {
  try {
    const { size } = await stat(file)
    await checkRows(file, target)
    return size
  } catch (cause) {
    if (!(cause instanceof HeaderRefusal)) throw asRefusal(file, cause)
    throw new HeaderRefusal(cause.message + (await headerHint(file, target)))
  }
}

/** Reads on to the first row whose time fits, where the format wants one; otherwise the header is enough. */
async function checkRows(file: string, target: Target): Promise<void> {
  const { reader } = target
  const start = new FileStart(file, target)
  let misfit: string | undefined
  const lines = await openLines(file)
  for await (const stretch of rowsOf(lines, reader)) {
    for (const text of stretch) {
      if (!start.isRow(text)) continue
      const cells = text.length > importLineCharactersMax ? undefined : reader.cells(text)
      const row = cells && start.begun!.decode(cells)
      if (row?.hasTime) return
      const refusal = row?.refusals.find(({ code }) => code === 'timeUnreadable')
      misfit ??= refusal && `in line ${start.lineNumber} ${refusal.message}`
    }
    if (start.begun && reader.timesMustFit !== true) return
  }
  start.end()
  if (misfit !== undefined)
    throw new ImportRefusal(
      'notThisFormat',
      `${file} does not fit ${target.format}: no row has a time that can be read; ${misfit}.`
    )
}

/** Follows a file from its first line to its header, and counts its lines from there on. */
export class FileStart {
  readonly #file: string
  readonly #target: Target
  #linesRead = 0
  /** First line of the row that came last, counted from 1. */
  lineNumber = 0
  begun: Begun | undefined

  constructor(file: string, target: Target) {
    this.#file = file
    this.#target = target
  }

  /** Whether this is a row to read: what stands above the header is not, nor is the header. */
  isRow(text: string): boolean {
    const { linesBefore = 0, hasHeader = true } = this.#target.reader
    this.lineNumber = this.#linesRead + 1
    this.#linesRead += lineCount(text)
    if (this.begun) return true
    if (this.lineNumber <= linesBefore) return false
    this.begun = beginRows(this.#file, text, this.lineNumber, this.#target)
    return !hasHeader
  }

  /** The file has ended; was there a header? */
  end(): void {
    if (this.#linesRead === 0) throw new ImportRefusal('notThisFormat', `${this.#file} is empty.`)
    if (this.begun) return
    throw new ImportRefusal(
      'notThisFormat',
      `${this.#file} is not ${this.#target.format}: it ends before line ${(this.#target.reader.linesBefore ?? 0) + 1}.`
    )
  }
}

export function lineCount(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function beginRows(file: string, text: string, lineNumber: number, target: Target): Begun {
  const begun = tryHeader(text, target)
  if ('decode' in begun) return begun
  const line = lineNumber === 1 ? 'first line' : `line ${lineNumber}`
  const has =
    begun.has === undefined
      ? ''
      : ` It has ${begun.has.slice(0, headerCharactersMax).toWellFormed() || 'no cells'}.`
  throw new HeaderRefusal(
    `${file} is not ${target.format}: its ${line} has no column ${begun.missing}.${has}`
  )
}

function tryHeader(text: string, { reader, deviceId, directory }: Target): Begun | Missing {
  const cells = text.length > importLineCharactersMax ? undefined : reader.cells(text)
  const names = (cells ?? []).map((cell, index) =>
    reader.hasHeader === false ? `#${index + 1}` : cell.trim()
  )
  return reader.begin(names, { deviceId, directory })
}

/** Which line has the columns, for the person who counted the lines above them wrong. */
async function headerHint(file: string, target: Target): Promise<string> {
  if (target.reader.linesBefore === undefined || target.reader.hasHeader === false) return ''
  let number = 0
  const lines = await openLines(file)
  for await (const stretch of lines.stretches()) {
    for (const line of stretch) {
      if (++number > headerLinesMax) return ''
      if ('decode' in tryHeader(line, target))
        return ` Line ${number} has them: set skipLines to ${number - 1}.`
    }
  }
  return ''
}

/** What the file system or zlib says, in one line for the person with the file; anything else stays what it is. */
export function asRefusal(file: string, cause: unknown): unknown {
  if (cause instanceof ImportRefusal || !(cause instanceof Error) || !('code' in cause)) return cause
  const code = String(cause.code)
  if (code === 'ENOENT') return new ImportRefusal('fileUnreadable', `There is no file ${file}.`, cause)
  if (code === 'Z_BUF_ERROR')
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is cut short: its gzip data ends in the middle. What came before is stored; fetch it again.`,
      cause
    )
  if (/^Z_/.test(code))
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is damaged: its gzip data cannot be read (${cause.message}). Fetch it again.`,
      cause
    )
  if (/^E[A-Z]+$/.test(code))
    return new ImportRefusal('fileUnreadable', `${file} cannot be read: ${cause.message}`, cause)
  return cause
}
