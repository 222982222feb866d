/** The desk that exports are asked for at, joined: streams, receipts, and their housekeeping. */
import type { ExportDesk } from '../../documents/export/desk.ts'
import { hourMs, type Clock } from '../../model/time.ts'
import { openLedger } from './ledger.ts'
import { exportStreams } from './streams.ts'
import type { MakeExport } from './thread.ts'

export interface ExportDeskDeps {
  /** Where receipts are kept. */
  file: string
  make: MakeExport
  clock: Clock
  newId(): string
}

/** What is past its time goes at the start and every hour. */
export function openExportDesk({ file, clock, ...deps }: ExportDeskDeps): ExportDesk {
  const ledger = openLedger(file, clock)
  // A hub that was killed could not say how they ended.
  for (const receipt of ledger.inState('sending')) ledger.put({ ...receipt, state: 'cut' })
  ledger.trim()
  const trimming = setInterval(() => ledger.trim(), hourMs)
  trimming.unref()
  const streams = exportStreams({ ...deps, ledger, clock })
  return {
    open: (request, description, encoding) => streams.open(request, description, encoding),
    receipt: (id) => ledger.get(id),
    close() {
      clearInterval(trimming)
      ledger.close()
      return Promise.resolve()
    }
  }
}
