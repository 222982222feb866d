/** The one failure of a store that is not a bug: it can take or give nothing now. */

/** The store is there but cannot take or give data now (disk full, locked). The only error that ingest retries. */
export class StoreUnavailable extends Error {
  readonly code = 'storeUnavailable'
  /** How long the store asked to be left alone, where it did. */
  readonly retryAfterMs: number | undefined
  constructor(doing: string, cause: unknown, retryAfterMs?: number) {
    super(`The store is unavailable (${doing}): ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    })
    this.retryAfterMs = retryAfterMs
  }
}
