/** Commits everything that waits in one transaction: the slower the sync, the more it carries. */

interface Waiting {
  work: () => unknown
  resolve(value: unknown): void
  reject(cause: unknown): void
}

export interface CommitQueueOptions {
  transaction<T>(work: () => T): T
  /** After a commit: throws where what was committed would not last. */
  check(): void
  /** After each commit that succeeded, before its promises are resolved. */
  onCommitted(durationMs: number): void
  onFailed(cause: unknown): void
}

export class CommitQueue {
  readonly #options: CommitQueueOptions
  #waiting: Waiting[] = []

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /** Resolves once durable. One failure fails all of the same commit, in order; nothing of them is kept. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // After the events of this turn: messages that came during the last commit are all here by then.
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
    })
  }

  flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    const startedAt = performance.now()
    try {
      const results = this.#options.transaction(() => batch.map(({ work }) => work()))
      this.#options.check()
      this.#options.onCommitted(performance.now() - startedAt)
      batch.forEach(({ resolve }, i) => resolve(results[i]))
    } catch (cause) {
      this.#options.onFailed(cause)
      for (const { reject } of batch) reject(cause)
    }
  }
}
