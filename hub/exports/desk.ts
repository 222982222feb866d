/** The desk that exports are asked for at, joined: streams, receipts, and their housekeeping. */
import type { ExportDesk } from '../../documents/export/desk.ts'
import { hourMs } from '../../model/time.ts'
import { ExportFiles } from './files.ts'
import { openLedger } from './ledger.ts'
import { exportStreams } from './streams.ts'
import { ExportJobs, type JobsDeps } from './jobs.ts'

export interface ExportDeskDeps extends Omit<JobsDeps, 'ledger' | 'files'> {
  /** Where receipts are kept. */
  file: string
  /** Where files are, for a week. */
  folder: string
}

/** What is past its time goes at the start and every hour. */
export function openExportDesk({ file, folder, clock, ...deps }: ExportDeskDeps): ExportDesk {
  const ledger = openLedger(file, clock)
  const files = new ExportFiles(folder)
  // A hub that was killed could not say how they ended.
  for (const receipt of ledger.inState('sending')) ledger.put({ ...receipt, state: 'cut' })
  const streams = exportStreams({ ...deps, ledger, clock })
  const jobs = new ExportJobs({ ...deps, ledger, files, clock })
  const trim = (): void => ledger.trim().forEach((id) => files.remove(id))
  trim()
  const trimming = setInterval(trim, hourMs)
  trimming.unref()
  return {
    open: (request, description, encoding) => streams.open(request, description, encoding),
    order: (query, share, research) => jobs.order(query, share, research),
    receipt(id) {
      const receipt = ledger.get(id)
      return receipt?.state === 'making' ? { ...receipt, bytes: jobs.progress(id) ?? 0 } : receipt
    },
    finished: (id) => jobs.finished(id),
    forget: (siteIds) => jobs.forget(siteIds),
    resume: () => jobs.resume(),
    endWithConsents: () => jobs.endWithConsents(),
    async close() {
      clearInterval(trimming)
      await jobs.close()
      ledger.close()
    }
  }
}
