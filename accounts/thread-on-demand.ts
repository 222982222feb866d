/** The thread of signing in, started when somebody needs it and ended when nobody did for a while. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { caller, RemoteFailure, type Caller } from '../thread.ts'
import { AccountsRefusal, type AccountsRefusalCode } from './accounts.ts'
import { signInIdleMsMax } from './limits.ts'
import type { SignInStart } from './sign-in-thread.ts'
import type { SignInMethods } from './sign-in-worker.ts'

interface Running {
  worker: Worker
  methods: Caller<SignInMethods>
}

export class ThreadOnDemand {
  readonly #start: SignInStart
  readonly #idleMs: number
  #running: Running | undefined
  #working = 0
  #idle: NodeJS.Timeout | undefined

  constructor(start: SignInStart, idleMs = signInIdleMsMax) {
    this.#start = start
    this.#idleMs = idleMs
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  async run<T>(work: (methods: SignInMethods) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle)
    this.#working++
    try {
      return await work((this.#running ??= this.#begin()).methods.remote)
    } catch (cause) {
      throw asRefusal(cause)
    } finally {
      this.#working--
      if (this.#working === 0 && this.#running)
        this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref()
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const running = this.#running
    this.#running = undefined
    if (!running) return
    const ended = new Promise((resolve) => running.worker.once('exit', resolve))
    await running.methods.remote.close()
    await ended
  }

  /** A thread that dies fails what waits for it; the next request starts another. */
  #begin(): Running {
    const worker = new Worker(join(import.meta.dirname, 'sign-in-worker.ts'), { workerData: this.#start })
    const methods = caller<SignInMethods>(worker)
    const gone = (cause: Error): void => {
      methods.fail(cause)
      if (this.#running?.worker === worker) this.#running = undefined
    }
    worker.on('error', (cause) => gone(cause instanceof Error ? cause : new Error(String(cause))))
    worker.on('exit', () => gone(new Error('Signing in was interrupted. Try again.')))
    worker.unref()
    return { worker, methods }
  }
}

/** Over a port only the code of an error arrives. */
function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof RemoteFailure) || cause.name !== 'Error' || cause.code === undefined) return cause
  if (!refusalCodes.has(cause.code)) return cause
  const code = cause.code as AccountsRefusalCode
  return new AccountsRefusal(code, cause.message, code === 'signInBusy' ? signInBusyRetryS : undefined)
}

const signInBusyRetryS = 5

/** Those that the thread itself throws. */
const refusalCodes: ReadonlySet<string> = new Set<AccountsRefusalCode>([
  'userNameTaken',
  'weakPassword',
  'wrongCredentials',
  'signInBusy',
  'passkeyRefused'
])
