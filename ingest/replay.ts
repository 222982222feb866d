/** Decodes messages again that were stored before, after a decoder was mended. Beside live ingest, which goes first. */
import { biteMessagesMax } from './limits.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JournaledMessage, JournalReader } from '../journal/journal.ts'
import { ingestBatchReadingsMax } from '../model/limits.ts'
import type { UnixMs } from '../model/time.ts'
import type { ReadingWriter, WriteResult } from '../store/promise/write.ts'
import { Batch } from './batch.ts'
import { dialectOf } from './decode.ts'
import { SourceStates } from './source-states.ts'
import type { Directory } from './ingest.ts'

export interface ReplayRequest {
  /** Only this device's messages. */
  deviceId?: string
  /** Only messages received at or after this. */
  from?: UnixMs
}

export interface ReplayDeps {
  journal: Pick<JournalReader, 'read' | 'hold' | 'sources'>
  store: ReadingWriter
  directory: () => Directory
  /** Sequences to go over: after the first, up to and including the second. Live ingest follows what comes later. */
  stretch: { after: number; until: number; messages: number }
  onProgress(progress: ReplayProgress): void
  signal: AbortSignal
}

export interface ReplayProgress {
  messages: number
  messagesTotal: number
}

export interface ReplayReport extends WriteResult {
  /** Messages that were decoded again. */
  messages: number
  /** What is still wrong with them, by code. Hosts were told when the messages came, and are not told again. */
  faults: Record<string, number>
}

/**
 * Readings get the sequence of their message again, so the store's rule makes a second run change nothing: of one
 * identity the highest sequence stands, and of equal ones what was written later. What is not in the journal any more,
 * erased or trimmed, does not come back.
 */
export async function replay(deps: ReplayDeps, request: ReplayRequest): Promise<ReplayReport> {
  const { journal, stretch, onProgress, signal } = deps
  const report: ReplayReport = {
    messages: 0,
    inserted: 0,
    repeated: 0,
    replaced: 0,
    superseded: 0,
    faults: {}
  }
  const isAsked = ({ deviceId }: JournaledMessage): boolean =>
    request.deviceId === undefined || deviceId === request.deviceId
  const isWanted = ({ sequence, receivedAt }: JournaledMessage): boolean =>
    sequence > stretch.after &&
    sequence <= stretch.until &&
    (request.from === undefined || receivedAt >= request.from)
  const states = new SourceStates(journal.sources()).rewound()

  let looked = 0
  for (let after = firstNeeded(deps, request); after < stretch.until;) {
    if (signal.aborted) throw new Error('The hub stopped before the replay was complete. Run it again.')
    const messages = journal.read(after, biteMessagesMax)
    if (messages.length === 0) break
    after = messages.at(-1)!.sequence
    const asked = messages.filter(isAsked)
    remember(
      deps.directory(),
      states,
      asked.filter((message) => !isWanted(message))
    )
    await decodeAgain(deps, states, asked.filter(isWanted), report)
    looked += messages.filter(({ sequence }) => sequence > stretch.after).length
    onProgress({ messages: Math.min(looked, stretch.messages), messagesTotal: stretch.messages })
    // Whatever live ingest and queries asked meanwhile has its turn.
    await nextTurn()
  }
  return report
}

/** Families that remember something are gone over from the oldest message on, so that the first wanted one finds its past. */
function firstNeeded({ directory, stretch }: ReplayDeps, { deviceId }: ReplayRequest): number {
  const needsPast = [...directory().values()].some(
    (entry) => (deviceId === undefined || entry.deviceId === deviceId) && dialectOf(entry.dialect).rewound
  )
  return needsPast ? 0 : stretch.after
}

/** Messages before those that are wanted: nothing of them is stored again. */
function remember(directory: Directory, states: SourceStates, messages: readonly JournaledMessage[]): void {
  if (messages.length === 0) return
  const batch = new Batch(directory, states.begin())
  for (const message of messages) {
    const dialect = directory.get(message.deviceId)?.dialect
    if (dialect !== undefined && dialectOf(dialect).rewound) batch.add(message)
  }
  states.apply(batch.states)
}

async function decodeAgain(
  { journal, store, directory }: ReplayDeps,
  states: SourceStates,
  messages: readonly JournaledMessage[],
  report: ReplayReport
): Promise<void> {
  for (let next = 0; next < messages.length;) {
    // Placing and asking for the store's turn are one step: a move of the device comes wholly before or after it.
    const batch = new Batch(directory(), states.begin())
    while (next < messages.length && batch.readings.length < ingestBatchReadingsMax) {
      batch.add(messages[next++]!)
    }
    if (batch.readings.length > 0) {
      const result = await store.write(batch.readings)
      for (const count of ['inserted', 'repeated', 'replaced', 'superseded'] as const) {
        report[count] += result[count]
      }
    }
    states.apply(batch.states)
    // A mended decoder may find readings of times at which the device was not installed anywhere; those wait as live ones do.
    if (batch.held.length > 0) await journal.hold(batch.held)
    for (const [code, count] of batch.problems.counts)
      report.faults[code] = (report.faults[code] ?? 0) + count
  }
  report.messages += messages.length
}
