/** A table as CSV (RFC 4180): a header, lines ending in CRLF, no byte order mark, nothing for what is missing. */
import { exportRowsPerTurn } from '../limits.ts'
import type { Table } from './table.ts'
import { rowWriter, type CellStyle } from './text-cells.ts'

const style: CellStyle = {
  before: (_column, place) => (place === 0 ? '' : ','),
  quote: '',
  word: csvText,
  missing: '',
  end: '\r\n'
}

/** Text of at most `exportRowsPerTurn` rows each, so that the caller can let others have their turn between them. */
export async function* csvPieces(table: Table): AsyncGenerator<string> {
  yield `${table.columns.map(({ name }) => csvText(name)).join(',')}\r\n`
  const write = rowWriter(table, style)
  for await (const batch of table.batches) {
    for (let from = 0; from < batch.rows; from += exportRowsPerTurn)
      yield write(batch, from, Math.min(batch.rows, from + exportRowsPerTurn))
  }
}

/** A spreadsheet runs a cell that begins with one of these (OWASP ASVS 5.0, 1.2.10), so such text gets an apostrophe. */
const formulaStart = /^\s*[=+\-@\t\r\0]/

export function csvText(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
