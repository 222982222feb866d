/** The formats of an export: their names, what they are called on the way, and how readings become text. */
import type { ExportChunk } from '../../model/columns.ts'
import { exportRowsPerTurn } from '../../model/limits.ts'
import { csvHeader, csvHeaderCorrected, csvLines } from './csv.ts'
import { exportRows } from './rows.ts'

export const exportFormats = {
  csv: { contentType: 'text/csv; charset=utf-8; header=present', extension: 'csv' },
  jsonl: { contentType: 'application/jsonl; charset=utf-8', extension: 'jsonl' },
  /** Made by the store that has it; its bytes are passed on. */
  parquet: { contentType: 'application/vnd.apache.parquet', extension: 'parquet' }
} as const

export type ExportFormat = keyof typeof exportFormats
export const exportFormatNames = Object.keys(exportFormats) as ExportFormat[]

export interface TextFormat {
  /** What a file begins with; one more column where corrected values were asked for. */
  header(corrected: boolean): string
  /** Text of at most `exportRowsPerTurn` rows each, so that the caller can let others have their turn between them. */
  pieces(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<string>
}

export const textFormats: Record<Exclude<ExportFormat, 'parquet'>, TextFormat> = {
  csv: { header: (corrected) => (corrected ? csvHeaderCorrected : csvHeader), pieces: csvPieces },
  jsonl: { header: () => '', pieces: jsonPieces }
}

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
