/** An export as text, or its bytes, of whatever gives readings. */
import { exportFile, type ExportRequest } from '../../documents/export/file.ts'
import type { UnixMs } from '../../model/time.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'

/** Everything as it was measured, as CSV, unless said otherwise. */
export function exportRequest(more: Partial<ExportRequest>): ExportRequest {
  return {
    format: 'csv',
    layout: 'long',
    window: 'raw',
    flags: 'keep',
    coverageMin: 0.75,
    siteIds: [],
    from: 0 as UnixMs,
    until: 9e15 as UnixMs,
    timezone: 'Europe/London',
    places: {},
    derived: [],
    outdoor: {},
    corrections: [],
    metadata: {},
    ...more
  }
}

export async function exportedBytes(store: ReadingExporter, more: Partial<ExportRequest>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of exportFile(store, exportRequest(more)))
    pieces.push(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece))
  return Buffer.concat(pieces)
}

export async function exported(store: ReadingExporter, more: Partial<ExportRequest>): Promise<string> {
  return (await exportedBytes(store, more)).toString('utf8')
}
