/**
 * Decodes what was received under a wrong clock once more: what stands at a wrong time is taken back, and stands at the right one.
 * May be cut short and done again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JournaledMessage, JournalReader, TimesMender } from '../journal/journal.ts'
import type { KeptMendedTimes } from '../model/message.ts'
import type { Reading } from '../model/reading.ts'
import type { ReadingKeeper } from '../store/promise/keep.ts'
import type { ReadingWriter } from '../store/promise/write.ts'
import { Batch } from './batch.ts'
import type { Directory } from './ingest.ts'
import { mendMessagesMax } from './limits.ts'
import { SourceStates } from './source-states.ts'

export interface MendTimesDeps {
  journal: Pick<TimesMender, 'readAsOf'> & Pick<JournalReader, 'sources' | 'hold'>
  store: ReadingWriter & Pick<ReadingKeeper, 'retract'>
  directory: () => Directory
  signal: AbortSignal
}

/** Gives how many readings stood at a wrong time. What came after the stretch ingest has read with the right time itself. */
export async function mendTimes(
  { journal, store, directory, signal }: MendTimesDeps,
  { id, after, through }: KeptMendedTimes
): Promise<number> {
  const states = new SourceStates(journal.sources()).rewound()
  let mended = 0
  for (let at = after; at < through;) {
    signal.throwIfAborted()
    const right = journal.readAsOf(id, at, mendMessagesMax)
    const wrong = journal.readAsOf(id - 1, at, mendMessagesMax)
    const last = right.at(-1)
    if (!last) break
    at = last.sequence
    const changed = (messages: readonly JournaledMessage[], others: readonly JournaledMessage[]) =>
      messages.filter(
        ({ sequence, receivedAt }, i) => sequence <= through && receivedAt !== others[i]!.receivedAt
      )
    const batches = [changed(wrong, right), changed(right, wrong)].map((messages) => {
      const batch = new Batch(directory(), states.begin())
      for (const message of messages) batch.add(message)
      return batch
    })
    const [before, now] = batches as [Batch, Batch]
    states.apply(now.states)
    const standing = new Set(now.readings.map(keyOf))
    const gone = before.readings.filter((reading) => !standing.has(keyOf(reading)))
    // First what is right: whatever cuts this short, no reading is nowhere.
    if (now.readings.length > 0) await store.write(now.readings)
    if (gone.length > 0) mended += await store.retract(gone.map(retractedOf))
    if (now.held.length > 0) await journal.hold(now.held)
    await nextTurn()
  }
  return mended
}

function keyOf({ siteId, deviceId, quantity, measuredAt }: Reading): string {
  return `${siteId} ${deviceId} ${quantity} ${measuredAt}`
}

function retractedOf({ siteId, deviceId, quantity, measuredAt, sequence }: Reading) {
  return { siteId, deviceId, quantity, measuredAt, sequence }
}
