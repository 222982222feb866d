/** Mends what was stored under a wrong clock: noted in the journal first, carried out until it is done, over crashes and outages. */
import { setTimeout as sleep } from 'node:timers/promises'
import { mendTimes } from '../../ingest/mend-times.ts'
import type { MendedTimes } from '../../model/message.ts'
import { JournalUnavailable } from '../../journal/journal.ts'
import { secondMs } from '../../model/time.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { drainUnlessAway } from './drain.ts'
import type { Parts } from './parts.ts'

/** Between two attempts while the store is away. */
const againMs = 10 * secondMs

export interface Mending {
  /** Resolves when it is on disk that these times are wrong. */
  mend(stretch: MendedTimes): Promise<void>
  /** Resolves when nothing waits to be mended, or the hub stops. */
  settled(): Promise<void>
}

/** What an earlier run left is carried out at once. */
export function keepMending(parts: Parts, stopping: AbortSignal): Mending {
  const { journal, onBug } = parts
  let running: Promise<void> = Promise.resolve()
  const carryOut = (): void => {
    running = running.then(() => untilDone(parts, stopping)).catch(onBug)
  }
  if (journal.unfinishedMending().length > 0) carryOut()
  return {
    async mend(stretch) {
      await journal.mendTimes(stretch)
      carryOut()
    },
    settled: () => running
  }
}

async function untilDone(parts: Parts, signal: AbortSignal): Promise<void> {
  const { journal, tell } = parts
  for (
    let [next] = journal.unfinishedMending();
    next && !signal.aborted;
    [next] = journal.unfinishedMending()
  ) {
    try {
      // What ingest read before it was known is stored by then.
      await drainUnlessAway(parts.ingest)
      const readings = await mendTimes(
        { journal, store: parts.store.store, directory: parts.known.directory, signal },
        next
      )
      await journal.timesAreMended(next.id)
      tell('log', {
        level: 'info',
        fields: { readings },
        message: 'Readings stored under a wrong clock now have the correct time.'
      })
    } catch (cause) {
      if (signal.aborted) return
      if (!(cause instanceof StoreUnavailable) && !(cause instanceof JournalUnavailable)) throw cause
      await sleep(againMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
