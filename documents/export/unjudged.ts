/**
 * Marks the readings of an export that would pass for good although they were not compared with those around them yet: a file is
 * read long after that is done. What is marked for something else says so already.
 */
import { reasonBits } from '../../model/flag.ts'
import type { ExportHead, ExportRows } from '../../store/promise/export.ts'

const bit = reasonBits('unjudged')

export function withUnjudged(
  { unjudged }: ExportHead,
  rows: AsyncIterable<ExportRows>
): AsyncIterable<ExportRows> {
  return unjudged ? marked(unjudged, rows) : rows
}

async function* marked(
  unjudged: NonNullable<ExportHead['unjudged']>,
  rows: AsyncIterable<ExportRows>
): AsyncGenerator<ExportRows> {
  const first = Math.min(...unjudged.flatMap((stretches) => stretches.map(({ from }) => from)))
  for await (const part of rows) {
    const { time, series } = part
    const reasons = part.reasons.slice()
    for (let i = 0; i < time.length; i++) {
      const at = time[i]!
      if (at < first || reasons[i] !== 0) continue
      const isUnjudged = unjudged[series[i]!]!.some(({ from, until }) => from <= at && at < until)
      if (isUnjudged) reasons[i] = bit
    }
    yield { ...part, reasons }
  }
}
