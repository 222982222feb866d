/** What the store lost when the end of its log could not be read is decoded again from the journal, at once after the start. */
import { JournalUnavailable } from '../../journal/journal.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import type { Parts } from './parts.ts'
import type { PipelineService } from './pipeline.ts'

/** A file may be a little newer than the first entry of its log. */
const marginMs = 10 * minuteMs

/**
 * After a power cut nothing that was promised should be missing, and this finds nothing; should the disk have changed the
 * last commit, it looks the same, and this brings it back. What fails is tried again by the next start.
 */
export async function decodeCutAgain(
  { store, tell, onBug }: Parts,
  replay: PipelineService['replay'],
  signal: AbortSignal
): Promise<void> {
  const cut = store.logCut()
  if (!cut) return
  try {
    const { messages, inserted, replaced } = await replay(
      cut.isUnfinished ? { from: (cut.since - marginMs) as UnixMs } : {}
    )
    store.noteReplayed()
    tell('log', {
      level: inserted + replaced > 0 ? 'warn' : 'info',
      fields: { messages, inserted, replaced },
      message: 'The end of the log of the readings could not be read, so messages were decoded again.'
    })
  } catch (cause) {
    if (signal.aborted || cause instanceof StoreUnavailable || cause instanceof JournalUnavailable) return
    onBug(cause)
  }
}
