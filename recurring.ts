/** Work that comes again and again, never twice at once, and that can be asked for in between. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Recurring<T> {
  /** Does the work once more, after what runs now; gives what it gave. */
  settle(): Promise<T>
  /** Resolves when what runs has ended. */
  stop(): Promise<void>
}

export interface RecurringWork<T> {
  /** What takes long looks at `stopping` on its way. */
  work(stopping: AbortSignal): Promise<T>
  /** Until the first time, which is at once unless this is given. */
  firstAfterMs?: number
  /** From the end of the work to its next beginning; `tookMs` is how long it took this time. */
  untilNextMs(tookMs: number): number
  /** What stands for the work's answer where the world was down; throws what is a bug. */
  failed(cause: unknown): T
  /** The work does not come again. Not needed where `failed` throws nothing. */
  onBug?(cause: unknown): void
}

export function keepDoing<T>({
  work,
  firstAfterMs = 0,
  untilNextMs,
  failed,
  onBug
}: RecurringWork<T>): Recurring<T> {
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<unknown> = Promise.resolve()
  const settle = (): Promise<T> => {
    const next = running.then(() => work(signal)).catch(failed)
    running = next
    return next
  }
  // Nothing that only waits keeps a process alive.
  const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(ignoreAbort)
  const loop = (async () => {
    if (firstAfterMs > 0) await pause(firstAfterMs)
    while (!signal.aborted) {
      const startedAt = performance.now()
      await settle()
      await pause(untilNextMs(performance.now() - startedAt))
    }
  })()
  if (onBug) loop.catch(onBug)
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
