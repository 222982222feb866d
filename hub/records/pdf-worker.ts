/** The thread that makes PDFs of records: fonts and pages take a few hundred milliseconds, which sockets must not wait for. */
import { parentPort } from 'node:worker_threads'
import type { DampRecord } from '../../contract/damp-record.ts'
import { recordPdf } from '../../documents/damp-record/pdf.ts'
import { serve } from '../../thread.ts'
import { languageDefault, loadWords } from '../../words/languages.ts'

export interface PdfService {
  pdf(record: DampRecord): Promise<Uint8Array>
}

if (!parentPort) throw new Error('This file is the entry of a thread.')
const words = await loadWords(languageDefault)
const service: PdfService = {
  pdf: (record) => recordPdf({ words, zone: record.timezone, now: Date.parse(record.madeAt) }, record)
}
serve(parentPort, service)
