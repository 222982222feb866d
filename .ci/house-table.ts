/** Writes the table of who may import whom into ARCHITECTURE.md, from test/support/house.ts: node .ci/house-table.ts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { houseTable } from '../test/support/house-table.ts'

/** The document with the table as it is now. */
export function withTable(document: string): string {
  const lines = document.split('\n')
  const from = lines.indexOf(houseTable()[0]!)
  lines.splice(from, lines.indexOf('', from) - from, ...houseTable())
  return lines.join('\n')
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '..', 'ARCHITECTURE.md')
  writeFileSync(file, withTable(readFileSync(file, 'utf8')))
}
