/** The thread of PDFs as the rest of the hub sees it: it begins with a record and ends when nobody asked for a while. */
import { Worker } from 'node:worker_threads'
import type { DampRecord } from '../../contract/damp-record.ts'
import { caller, type Caller } from '../../thread.ts'
import { pdfIdleMsMax } from './limits.ts'
import type { PdfService } from './pdf-worker.ts'

export interface PdfThread {
  make(record: DampRecord): Promise<Uint8Array>
  close(): Promise<void>
}

export function pdfThread(): PdfThread {
  let running: { worker: Worker; remote: Caller<PdfService> } | undefined
  let working = 0
  let idle: NodeJS.Timeout | undefined

  const start = (): NonNullable<typeof running> => {
    const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), { name: 'records' })
    const remote = caller<PdfService>(worker)
    const gone = (cause: Error): void => {
      if (running?.worker === worker) running = undefined
      remote.fail(cause)
    }
    worker.on('error', (cause) => gone(cause instanceof Error ? cause : new Error(String(cause))))
    worker.once('exit', () => gone(new Error('The thread that makes records has ended. Ask again.')))
    worker.unref()
    return { worker, remote }
  }
  const close = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = running
    running = undefined
    await ending?.worker.terminate()
  }
  return {
    async make(record) {
      clearTimeout(idle)
      working++
      try {
        running ??= start()
        // While a record is made, the process stays for it.
        running.worker.ref()
        return await running.remote.remote.pdf(record)
      } finally {
        running?.worker.unref()
        if (--working === 0) idle = setTimeout(() => void close(), pdfIdleMsMax).unref()
      }
    },
    close
  }
}
