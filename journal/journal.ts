/** The promises of the journal: every accepted message is on disk before it is acknowledged, and is read on from a checkpoint. */
import type { IncomingMessage } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'
import type { KeptMendedTimes, MendedTimes } from '../model/message.ts'
import { isSqliteOutage, outageWords } from '../sqlite.ts'

export interface JournaledMessage extends IncomingMessage {
  /** Grows by one for each message, across restarts; never used twice. */
  sequence: number
}

/** What waits of one device. */
export interface HeldCount {
  deviceId: string
  messages: number
  /** On disk: payload, topic and all. */
  bytes: number
}

export interface JournalStats {
  /** Highest sequence on disk; 0 when empty. */
  lastSequence: number
  /** Messages handed in and not yet on disk. */
  pending: number
  bytes: number
  /** With this much of what is not stored yet, nothing is accepted any more. */
  bytesMax: number
  oldestReceivedAt: UnixMs | null
  /** Duration of the last commit, sync included. */
  commitMs: number
  /** Why appends fail now, in words for the health page; absent while they succeed. */
  failing?: string
}

/** What the front door needs. */
export interface JournalWriter {
  /**
   * `done()` comes once the message is on disk (COMMIT with synchronous=FULL returned), in the order of the appends.
   * `done(error)` means that it is not kept. Never blocks the event loop: the commit runs in another thread.
   */
  append(message: IncomingMessage, done: (failure?: Error) => void): void
}

/** What ingest needs, in whichever thread it runs. All of it @throws JournalUnavailable while the disk is in the way. */
export interface JournalReader {
  /** Sequence of the last message whose readings the store has made durable; 0 at the beginning. */
  checkpoint(): number
  /** Sequence of the newest message on disk, 0 where there is none; the checkpoint where all of them were trimmed. */
  lastSequence(): number
  /**
   * Messages after `sequence`, oldest first, at most `messagesMax`, fewer where they are large (16 MiB and the group that
   * reaches it); empty at the end only.
   */
  read(sequence: number, messagesMax: number): JournaledMessage[]
  /**
   * Resolves when durable. Messages up to here may be trimmed by age and size. `sources` replaces, in the same transaction,
   * what is remembered of these devices.
   */
  moveCheckpoint(sequence: number, sources?: ReadonlyMap<string, string>): Promise<void>
  /** What is remembered of each device, as of the checkpoint. */
  sources(): Map<string, string>
  /**
   * Keeps messages of unplaced devices beyond any trimming; holding one twice keeps it once. Resolves
   * when durable, with what was not held before.
   */
  hold(messages: readonly JournaledMessage[]): Promise<HeldCount[]>
  /** Held messages of a device after `sequence`, oldest first; as many at a time as of `read`. */
  held(deviceId: string, messagesMax: number, sequence?: number): JournaledMessage[]
  /** Goes over everything held. */
  heldCounts(): HeldCount[]
  /** Lets held messages go, once the store has their readings. */
  release(deviceId: string, sequences: readonly number[]): Promise<void>
  /** Called (at least once) after new messages are on disk. */
  onAppended(wake: () => void): void
  close(): Promise<void>
}

/** What mends the times of messages needs. */
export interface TimesMender {
  /**
   * Messages of a stretch were received under a wrong clock. Durable when it resolves, and from then on they are read with
   * the right time. Gives the number under which it is kept.
   */
  mendTimes(stretch: MendedTimes): Promise<number>
  /** Stretches whose messages are not in the store yet as they are read now; oldest first. */
  unfinishedMending(): KeptMendedTimes[]
  timesAreMended(id: number): Promise<void>
  /** As `read`, without what was found wrong with their times after the mending of this number. */
  readAsOf(mendingId: number, sequence: number, messagesMax: number): JournaledMessage[]
}

export interface Journal extends JournalWriter {
  /** A reader for this or another thread is opened over this port with `openJournalReader`. */
  connectReader(): { dataFile: string; port: import('node:worker_threads').MessagePort }
  /**
   * A number for an import, from the same sequence as messages, so that "the highest wins" also holds between them: higher than
   * that of every message handed in before.
   */
  reserveSequence(): Promise<number>
  /**
   * Erases every message of a device, those that wait for a place too; `through` leaves what came after it, and what waits.
   * Resolves with their number when the bytes are gone from the file.
   */
  erase(deviceId: string, through?: number): Promise<number>
  stats(): JournalStats
  /** Commits what was handed in, answers its callbacks, then closes. Safe to call twice. */
  close(): Promise<void>
}

/** The journal cannot take messages now (disk full, a failed write). Nothing was acknowledged. */
export class JournalUnavailable extends Error {
  readonly code = 'journalUnavailable'
}

/** What is thrown for a cause: a disk or another process that is in the way passes, whatever else it is stays. */
export function orUnavailable(cause: unknown): unknown {
  return isSqliteOutage(cause) ? new JournalUnavailable(outageWords(cause).why, { cause }) : cause
}

/** A question to the file. @throws JournalUnavailable where the disk is in the way. */
export function asking<T>(ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    throw orUnavailable(cause)
  }
}

export function readOnly(cause: unknown): JournalUnavailable {
  return new JournalUnavailable(
    'The disk of the data folder has become read-only, which is how the system protects a failing disk. Check the system log (dmesg), and ' +
      'copy the folder before anything else.',
    { cause }
  )
}

export function journalClosed(): JournalUnavailable {
  return new JournalUnavailable('The journal is closed.')
}
