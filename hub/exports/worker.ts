/** The thread that makes export files: it reads the store through the pipeline's thread, so that sockets never wait for either. */
import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { sealedExport } from '../../documents/export/sealed.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { caller, serve } from '../../thread.ts'
import { exporterStreams, type ExportThreadService } from './thread.ts'

const port = parentPort
if (!port) throw new Error('This file is the entry of a thread.')
const { store } = workerData as { store: MessagePort }
const { remote } = caller<ReadingExporter>(store, { streams: exporterStreams })
const service: ExportThreadService = {
  file: (request, encoding) => sealedExport(remote, request, encoding)
}
serve(port, service)
