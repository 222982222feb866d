/** Work on the store that comes again and again, never twice at once, and that can be asked for in between. */
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

export interface Recurring<T> {
  /** Does the work once more, after what runs now; gives what it gave, or `nothing` when the store was away. */
  settle(): Promise<T>
  stop(): Promise<void>
}

export interface RecurringWork<T> {
  /** In bites; it looks at `stopping` between them. */
  work(stopping: AbortSignal): Promise<T>
  nothing: T
  /** From the end of the work to its next beginning; `tookMs` is how long it took this time. */
  untilNextMs(tookMs: number): number
  /** The marks of what is to be done stay in the store, so a store that cannot work now loses nothing. */
  unavailable(cause: StoreUnavailable): void
  onBug(cause: unknown): void
}

export function keepDoing<T>({
  work,
  nothing,
  untilNextMs,
  unavailable,
  onBug
}: RecurringWork<T>): Recurring<T> {
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<T> = Promise.resolve(nothing)
  const orNothing = (cause: unknown): T => {
    if (!(cause instanceof StoreUnavailable)) throw cause
    unavailable(cause)
    return nothing
  }
  const settle = (): Promise<T> => (running = running.then(() => work(signal)).catch(orNothing))
  const loop = (async () => {
    while (!signal.aborted) {
      const startedAt = performance.now()
      await settle()
      await sleep(untilNextMs(performance.now() - startedAt), undefined, { signal }).catch(ignoreAbort)
    }
  })()
  loop.catch(onBug)
  return {
    settle,
    async stop() {
      stopping.abort()
      await loop
      await running
    }
  }
}

function ignoreAbort(cause: unknown): void {
  if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause
}
