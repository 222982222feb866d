/** The text formats of an export: how a stretch of readings becomes pieces of a file. */
import { csvHeader, exportRows, type ExportChunk } from '../model/columns.ts'
import { csvLines } from '../model/csv-lines.ts'
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
    pieces: (chunk, streetOf) => csvPieces(chunk, streetOf)
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    extension: 'jsonl',
    header: '',
    pieces: (chunk, streetOf) => jsonPieces(chunk, streetOf)
  }
} as const satisfies Record<string, ExportFormat>

function* csvPieces(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<string> {
  for (let from = 0; from < chunk.time.length; from += exportRowsPerTurn) {
    yield csvLines(chunk, streetOf, from, Math.min(chunk.time.length, from + exportRowsPerTurn))
  }
}

function* jsonPieces(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<string> {
  let text = ''
  let rows = 0
  for (const row of exportRows(chunk, streetOf)) {
    text += `${JSON.stringify(row)}\n`
    if (++rows < exportRowsPerTurn) continue
    yield text
    text = ''
    rows = 0
  }
  if (rows > 0) yield text
}
