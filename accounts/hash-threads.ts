/**
 * The threads that hash passwords, each one at a time, begun when they are needed. Node would do it in its own pool, whose
 * threads DuckDB's calls run on too: those step back behind everything else (hub/priority.ts), and while ten thousand
 * devices came back nobody was let in before the last of them was there.
 */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { caller, type Caller } from '../thread.ts'
import type { HashMethods } from './hash-worker.ts'
import type { Derive } from './password-hash.ts'

interface HashThread {
  worker: Worker
  methods: Caller<HashMethods>
  working: number
}

export class HashThreads {
  readonly #threads = new Set<HashThread>()
  readonly #threadsMax: number

  constructor(threadsMax: number) {
    this.#threadsMax = threadsMax
  }

  readonly derive: Derive = async (parameters) => {
    const thread = this.#leastBusy()
    thread.working++
    try {
      return await thread.methods.remote.derive(parameters)
    } finally {
      thread.working--
    }
  }

  #leastBusy(): HashThread {
    const [first] = [...this.#threads].toSorted((a, b) => a.working - b.working)
    if (first && (first.working === 0 || this.#threads.size >= this.#threadsMax)) return first
    return this.#begin()
  }

  /** It ends with the thread that began it. One that dies fails what waits for it; the next password begins another. */
  #begin(): HashThread {
    const worker = new Worker(join(import.meta.dirname, 'hash-worker.ts'), { name: 'passwords' })
    const thread: HashThread = { worker, methods: caller<HashMethods>(worker), working: 0 }
    const gone = (cause: unknown): void => {
      thread.methods.fail(cause instanceof Error ? cause : new Error(String(cause)))
      this.#threads.delete(thread)
    }
    worker.on('error', gone)
    worker.on('exit', () => gone(new Error('Signing in was interrupted. Try again.')))
    worker.unref()
    this.#threads.add(thread)
    return thread
  }
}
