/** The thread that makes export files, as the rest of the hub sees it. It begins with the first export. */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { ExportRequest } from '../../documents/export/file.ts'
import type { ContentEncoding, ExportSummary } from '../../documents/export/sealed.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { caller, type Caller } from '../../thread.ts'

/** Pieces, and last of all the summary. */
export type MakeExport = (
  request: ExportRequest,
  encoding?: ContentEncoding
) => AsyncIterable<Uint8Array | ExportSummary>

export interface ExportThreadService {
  file: MakeExport
}

/** What the thread asks of the store. */
export const exporterStreams = [
  'export',
  'exportWindows'
] as const satisfies readonly (keyof ReadingExporter)[]

export interface ExportThread {
  make: MakeExport
  close(): Promise<void>
}

export interface ExportThreadDeps {
  /** Has the pipeline's thread answer there as a `ReadingExporter`. */
  connect(port: MessagePort): void
  /** The thread has just begun: what is patient steps back. */
  onStart(): void
}

export function exportThread({ connect, onStart }: ExportThreadDeps): ExportThread {
  let running: { worker: Worker; remote: Caller<ExportThreadService> } | undefined

  const start = (): Caller<ExportThreadService> => {
    const { port1, port2 } = new MessageChannel()
    connect(port1)
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { store: port2 },
      transferList: [port2],
      name: 'exports'
    })
    const remote = caller<ExportThreadService>(worker, { streams: ['file'] })
    running = { worker, remote }
    // What was being made fails, and is told so; the next export gets a new thread.
    const gone = (cause: Error): void => {
      if (running?.worker === worker) running = undefined
      remote.fail(cause)
    }
    worker.on('error', gone)
    worker.once('exit', () => gone(new Error('The thread that makes exports has ended.')))
    worker.once('online', onStart)
    return remote
  }

  return {
    make: (request, encoding) => (running?.remote ?? start()).remote.file(request, encoding),
    async close() {
      await running?.worker.terminate()
      running = undefined
    }
  }
}
