/** Why an import cannot begin or go on, in one line that says what to do. */
import { NotText } from './lines.ts'

export class ImportRefusal extends Error {
  readonly code: 'fileUnreadable' | 'notThisFormat' | 'deviceUnknown' | 'deviceHangsNowhere'
  constructor(code: ImportRefusal['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** What the file system or zlib says, in one line for the person with the file; anything else stays what it is. */
export function asRefusal(file: string, cause: unknown): unknown {
  if (cause instanceof NotText)
    return new ImportRefusal('fileUnreadable', `${file} cannot be imported: it is ${cause.what}.`, cause)
  if (cause instanceof ImportRefusal || !(cause instanceof Error) || !('code' in cause)) return cause
  const code = String(cause.code)
  if (code === 'ENOENT') return new ImportRefusal('fileUnreadable', `There is no file ${file}.`, cause)
  if (code === 'Z_BUF_ERROR')
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is truncated: its gzip data ends in the middle. The rows before that are stored; download it again.`,
      cause
    )
  if (/^Z_/.test(code))
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is damaged: its gzip data cannot be read (${cause.message}). Download it again.`,
      cause
    )
  if (/^E[A-Z]+$/.test(code))
    return new ImportRefusal('fileUnreadable', `${file} cannot be read: ${cause.message}`, cause)
  return cause
}
