/** Waiting until ingest has stored everything, for somebody at a terminal: not for ever, as ingest itself does. */
import type { Ingest } from '../../ingest/follow.ts'
import { secondMs } from '../../model/time.ts'
import { JournalUnavailable } from '../../journal/journal.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

const drainPatienceMs = 10 * secondMs
const drainLookMs = 250

/** Resolves when everything in the journal is stored; rejects once the store has been away for a while without a break. */
export async function drainUnlessAway(ingest: Pick<Ingest, 'drain' | 'stats'>): Promise<void> {
  let awayLooks = 0
  let watch: NodeJS.Timeout | undefined
  const away = new Promise<never>((_resolve, reject) => {
    watch = setInterval(() => {
      const { storeFailing, journalFailing } = ingest.stats()
      awayLooks = storeFailing === null && journalFailing === null ? 0 : awayLooks + 1
      if (awayLooks * drainLookMs < drainPatienceMs) return
      reject(
        journalFailing === null
          ? new StoreUnavailable('waiting for it', storeFailing)
          : new JournalUnavailable(`The journal cannot be read or written: ${journalFailing}`)
      )
    }, drainLookMs)
  })
  try {
    await Promise.race([ingest.drain(), away])
  } finally {
    clearInterval(watch)
  }
}
