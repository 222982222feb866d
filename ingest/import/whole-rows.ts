/** Rows from lines: a quoted cell may hold line ends, so a row may be several lines. */
import { rowLinesMax } from '../limits.ts'
import { importLineCharactersMax } from '../../model/limits.ts'

/**
 * Lines joined with '\n' until no quote is open. Where none closes it in time, the first line stands alone and the next
 * are read again: a stray quote costs its own line. The first `linesBefore` are no rows, and stand alone.
 */
export async function* wholeRows(
  stretches: AsyncIterable<readonly string[]>,
  isOpen: (text: string) => boolean,
  linesBefore = 0
): AsyncGenerator<string[]> {
  let open: string[] = []
  let linesSeen = 0
  for await (const stretch of stretches) {
    const rows: string[] = []
    for (const line of stretch) {
      if (linesSeen++ < linesBefore || (open.length === 0 && !isOpen(line))) rows.push(line)
      else open = extended(open, line, isOpen, rows)
    }
    if (rows.length > 0) yield rows
  }
  const last: string[] = []
  while (open.length > 0) open = withoutFirst(open, isOpen, last)
  if (last.length > 0) yield last
}

/** The lines that are still open once `line` came; what is whole goes to `rows`. */
function extended(
  open: readonly string[],
  line: string,
  isOpen: (text: string) => boolean,
  rows: string[]
): string[] {
  const lines = [...open, line]
  const text = lines.join('\n')
  if (!isOpen(text)) {
    rows.push(text)
    return []
  }
  const isStray = lines.length > rowLinesMax || text.length > importLineCharactersMax
  return isStray ? withoutFirst(lines, isOpen, rows) : lines
}

function withoutFirst(lines: readonly string[], isOpen: (text: string) => boolean, rows: string[]): string[] {
  rows.push(lines[0]!)
  let open: string[] = []
  for (const line of lines.slice(1)) {
    if (open.length === 0 && !isOpen(line)) rows.push(line)
    else open = extended(open, line, isOpen, rows)
  }
  return open
}
