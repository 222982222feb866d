/**
 * The pipeline's thread: follows the journal, decodes, checks, stores, keeps rollups fresh and answers queries. It is
 * a thread of its own because DuckDB's appends and checkpoints would stop the event loop that acknowledges messages.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../model/time.ts'
import { correctedClock } from '../clock/corrected.ts'
import { serve } from '../../thread.ts'
import { openParts, type Tell } from './parts.ts'
import type { PipelineOptions } from './pipeline.ts'
import { pipelineService } from './service.ts'

if (!parentPort) throw new Error('The pipeline runs in a worker thread, started by pipeline.ts.')
const port = parentPort
const tell: Tell = (name, value) => port.postMessage({ kind: 'event', name, value })

await run(workerData as PipelineOptions).catch((cause: unknown) => {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const { name, message } = error
  const code = 'code' in error ? { code: String(error.code) } : {}
  port.postMessage({ kind: 'event', name: 'cannotStart', value: { name, message, ...code } })
  port.close()
})

async function run(options: PipelineOptions): Promise<void> {
  const parts = await openParts(options, {
    clock: correctedClock(systemClock, options.clockCorrection),
    random: Math.random,
    tell,
    onBug: bug
  })
  // The answer to `close` must leave before the port does.
  const service = pipelineService(parts, () => setImmediate(() => port.close()))
  serve(port, service)
  port.postMessage({ kind: 'event', name: 'ready', value: undefined })
}

/** We are wrong: the thread ends loudly, and with it the process; the journal still has everything. */
function bug(cause: unknown): void {
  setImmediate(() => {
    throw cause
  })
}
