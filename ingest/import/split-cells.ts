/** How a line of a delimited file falls into cells: one delimiter, and quotes as RFC 4180 has them. Pure. */

export interface Delimited {
  /** One character. */
  delimiter: string
  /** One character; '' when nothing is quoted. */
  quote: string
}

/** The cells without the blanks around them, or undefined when a quote does not end where a cell does. */
export function splitCells(line: string, { delimiter, quote }: Delimited): string[] | undefined {
  if (quote === '' || !line.includes(quote)) return line.split(delimiter).map((cell) => cell.trim())
  const cells: string[] = []
  for (let at = 0; ; at++) {
    const opens = skipBlanks(line, at, delimiter)
    if (line[opens] !== quote) {
      const end = indexOrEnd(line, delimiter, at)
      cells.push(line.slice(at, end).trim())
      at = end
    } else {
      const closes = closingQuote(line, opens, quote)
      if (closes === -1) return undefined
      const next = skipBlanks(line, closes + 1, delimiter)
      if (next < line.length && line[next] !== delimiter) return undefined
      cells.push(
        line
          .slice(opens + 1, closes)
          .replaceAll(quote + quote, quote)
          .trim()
      )
      at = next
    }
    if (at >= line.length) return cells
  }
}

/** Whether the line ends inside a quoted cell, so that the row goes on in the next line. */
export function endsInsideQuotes(line: string, { delimiter, quote }: Delimited): boolean {
  if (quote === '' || !line.includes(quote)) return false
  for (let at = 0; at < line.length; at++) {
    const opens = skipBlanks(line, at, delimiter)
    if (line[opens] === quote) {
      const closes = closingQuote(line, opens, quote)
      if (closes === -1) return true
      at = indexOrEnd(line, delimiter, closes)
    } else at = indexOrEnd(line, delimiter, at)
  }
  return false
}

/** Two quotes inside a quoted cell stand for one. */
function closingQuote(line: string, opens: number, quote: string): number {
  for (let at = line.indexOf(quote, opens + 1); at !== -1; at = line.indexOf(quote, at + 2)) {
    if (line[at + 1] !== quote) return at
  }
  return -1
}

function skipBlanks(line: string, from: number, delimiter: string): number {
  let at = from
  while (line[at] !== delimiter && (line[at] === ' ' || line[at] === '\t')) at++
  return at
}

function indexOrEnd(line: string, delimiter: string, from: number): number {
  const found = line.indexOf(delimiter, from)
  return found === -1 ? line.length : found
}
