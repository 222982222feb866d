/** The one place in ingest that retries: for ever, because the journal keeps what waits. */
import { sleep as sleepFor, type Sleep } from '../model/sleep.ts'
import { askedMs, waitMs } from './backoff.ts'

export interface RetryingDeps {
  /** Spreads the retries of many hubs on one store: 0 inclusive to 1 exclusive. */
  random: () => number
  log: IngestLog
  sleep?: Sleep
}

export interface IngestLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface Unavailability {
  who: 'store' | 'journal'
  says: string
}

/** Thrown when a stop cuts a retry short; what was not done is still in the journal. */
export class Stopped extends Error {
  constructor() {
    super('Ingest was stopped; messages not stored yet are in the journal.')
  }
}

export class Retrying {
  readonly #deps: RetryingDeps
  readonly #stopping: AbortSignal
  #waking: AbortController | undefined
  /** What store or journal say while they cannot work, and which of them it is. */
  failing: Unavailability | null = null

  constructor(deps: RetryingDeps, stopping: AbortSignal) {
    this.#deps = deps
    this.#stopping = stopping
  }

  /** Anything but "unavailable" is our bug. */
  async untilDone<T>(doing: string, action: () => Promise<T>): Promise<T> {
    const { log, random } = this.#deps
    let attempt = 0
    for (let failures = 0; ; failures++) {
      let pauseMs: number
      let isAskedFor: boolean
      try {
        const result = await action()
        if (failures > 0) log.info({ attempts: failures }, `Ingest continues after ${doing} failed.`)
        this.failing = null
        return result
      } catch (cause) {
        const failing = unavailability(cause)
        if (failing === undefined) throw cause
        if (failures === 0)
          log.warn({ failing: failing.says }, `Ingest is waiting: ${doing} failed; trying again.`)
        this.failing = failing
        pauseMs = waitMs(attempt++, random, cause)
        isAskedFor = askedMs(cause) !== undefined
      }
      if (await this.#isWokenFrom(pauseMs, isAskedFor)) attempt = 0
      this.mayGoOn()
    }
  }

  /** What was away was seen to be back: whoever waits for it retries at once, unless the store sent Retry-After. */
  tryNow(): void {
    this.#waking?.abort()
  }

  /** Gives whether the pause was cut short by `tryNow`. */
  async #isWokenFrom(pauseMs: number, isAskedFor: boolean): Promise<boolean> {
    const { sleep = sleepFor } = this.#deps
    const waking = new AbortController()
    if (!isAskedFor) this.#waking = waking
    await sleep(pauseMs, AbortSignal.any([this.#stopping, waking.signal]))
    this.#waking = undefined
    return waking.signal.aborted
  }

  mayGoOn(): void {
    if (this.#stopping.aborted) throw new Stopped()
  }
}

/** What StoreUnavailable and JournalUnavailable say; by their code, since they may come from another thread. */
function unavailability(cause: unknown): Unavailability | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined
  if (cause.code === 'storeUnavailable') return { who: 'store', says: cause.message }
  return cause.code === 'journalUnavailable' ? { who: 'journal', says: cause.message } : undefined
}
