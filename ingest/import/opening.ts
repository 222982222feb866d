/** The first look at a file that is to be imported: is it there, can it be read, is it of the format? */
import { stat } from 'node:fs/promises'
import { importLineCharactersMax } from '../../model/limits.ts'
import type { Directory } from '../ingest.ts'
import { openLines } from './lines.ts'
import type { RowDecoder, RowReader } from './row-reader.ts'

/** Into which device the file goes, and how it is to be read. */
export interface Target {
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

/** Answers with the file's size. */
export async function checkHeader(file: string, target: Target): Promise<number> {
  try {
    const { size } = await stat(file)
    const lines = await openLines(file)
    for await (const [first = ''] of lines.stretches()) {
      beginRows(file, first, target)
      return size
    }
  } catch (cause) {
    throw asRefusal(file, cause)
  }
  throw new ImportRefusal('notThisFormat', `${file} is empty.`)
}

export function beginRows(file: string, headerLine: string, target: Target): RowDecoder {
  const header = headerLine.length > importLineCharactersMax ? undefined : target.reader.cells(headerLine)
  const names = (header ?? []).map((name) => name.trim())
  const decoder = target.reader.begin(names, target)
  if (typeof decoder === 'function') return decoder
  throw new ImportRefusal(
    'notThisFormat',
    `${file} is not ${target.format}: its first line has no column ${decoder.missing}.`
  )
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
