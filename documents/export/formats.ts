/** The formats of an export: their names, how they are called on the way, and what makes a file of a table. */
import type { ExportFormatName } from '../../contract/export.ts'
import { csvPieces } from './csv.ts'
import { jsonlPieces } from './jsonl.ts'
import type { Table } from './table.ts'

interface Format {
  contentType: string
  extension: string
  /** Is it worth compressing on the way? */
  compressible: boolean
  /** How somebody sees that a file was cut, without asking the hub. */
  wholeWhen: string
  pieces(table: Table, metadata: ReadonlyMap<string, string>): AsyncGenerator<string | Uint8Array>
}

export const exportFormats = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    compressible: true,
    wholeWhen: 'Its SHA-256 and its number of rows are those of its receipt.',
    pieces: csvPieces
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    extension: 'jsonl',
    compressible: true,
    wholeWhen: 'Its SHA-256 and its number of lines are those of its receipt.',
    pieces: jsonlPieces
  },
  parquet: {
    contentType: 'application/vnd.apache.parquet',
    extension: 'parquet',
    compressible: false,
    wholeWhen: 'It ends with "PAR1"; without its footer no program opens it.',
    // What writes it is loaded with the first such file.
    async *pieces(table, metadata) {
      const { parquetPieces } = await import('./parquet/pieces.ts')
      yield* parquetPieces(table, metadata)
    }
  },
  arrow: {
    contentType: 'application/vnd.apache.arrow.stream',
    extension: 'arrows',
    compressible: true,
    wholeWhen: 'It ends with the bytes FF FF FF FF 00 00 00 00.',
    async *pieces(table, metadata) {
      const { arrowPieces } = await import('./arrow.ts')
      yield* arrowPieces(table, metadata)
    }
  }
} as const satisfies Record<ExportFormatName, Format>
