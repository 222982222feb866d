/** A table as JSON Lines: an object a row, its keys in the order of the columns, null for what is missing. */
import { exportRowsPerTurn } from '../limits.ts'
import type { Table } from './table.ts'
import { rowWriter, type CellStyle } from './text-cells.ts'

const style: CellStyle = {
  before: ({ name }, place) => `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`,
  quote: '"',
  word: (text) => JSON.stringify(text),
  missing: 'null',
  end: '}\n'
}

/** Text of at most `exportRowsPerTurn` rows each, so that the caller can let others have their turn between them. */
export async function* jsonlPieces(table: Table): AsyncGenerator<string> {
  const write = rowWriter(table, style)
  for await (const batch of table.batches) {
    for (let from = 0; from < batch.rows; from += exportRowsPerTurn)
      yield write(batch, from, Math.min(batch.rows, from + exportRowsPerTurn))
  }
}
