/** The text formats of an export: how a stretch of readings becomes pieces of a file. */
import { csvHeader, csvLine, exportRows, type ExportChunk, type ExportRow } from '../model/columns.ts'
import { exportRowsPerTurn } from '../model/limits.ts'

export interface ExportFormat {
  contentType: string
  extension: string
  header: string
  /** Text of at most `exportRowsPerTurn` rows each, so that the caller can let others have their turn between them. */
  pieces(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<string>
}

export const exportFormats = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    header: csvHeader,
    pieces: (chunk, streetOf) => linePieces(chunk, streetOf, csvLine)
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    extension: 'jsonl',
    header: '',
    pieces: (chunk, streetOf) => linePieces(chunk, streetOf, (row) => `${JSON.stringify(row)}\n`)
  }
} as const satisfies Record<string, ExportFormat>

function* linePieces(
  chunk: ExportChunk,
  streetOf: (siteId: string) => string,
  line: (row: ExportRow) => string
): Generator<string> {
  let text = ''
  let rows = 0
  for (const row of exportRows(chunk, streetOf)) {
    text += line(row)
    if (++rows < exportRowsPerTurn) continue
    yield text
    text = ''
    rows = 0
  }
  if (rows > 0) yield text
}
