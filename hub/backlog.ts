/** How far the store is behind the journal, and when the journal would be full of what waits. Pure. */
import { backlogRateMsMin } from './limits.ts'
import { type UnixMs } from '../model/time.ts'

/** What is on disk and not yet in the store. */
export interface Backlog {
  messages: number
  /** How long the oldest of them has waited; 0 where none does. */
  ageMs: number
  bytes: number
  /** Of all that the journal may hold, from 0 to 1. */
  share: number
  /** When it is full at the rate at which messages came since then; null where that cannot be told. */
  fullInMs: number | null
}

export interface FollowedTo {
  checkpoint: number
  /** Oldest message that the journal still has. */
  firstSequence: number
  /** When the oldest message that waits came in; null where none does. */
  nextReceivedAt: UnixMs | null
}

export interface JournalSize {
  lastSequence: number
  bytes: number
  bytesMax: number
}

export function backlogOf(
  { checkpoint, firstSequence, nextReceivedAt }: FollowedTo,
  { lastSequence, bytes: journalBytes, bytesMax }: JournalSize,
  now: UnixMs
): Backlog {
  const messages = Math.max(0, lastSequence - Math.max(checkpoint, firstSequence - 1))
  if (messages === 0 || nextReceivedAt === null)
    return { messages: 0, ageMs: 0, bytes: 0, share: 0, fullInMs: null }
  const ageMs = Math.max(0, now - nextReceivedAt)
  // Messages are much alike in size, and to measure those that wait would mean to read them.
  const bytes = Math.round((journalBytes * messages) / (lastSequence - firstSequence + 1))
  return {
    messages,
    ageMs,
    bytes,
    share: Math.min(1, bytes / bytesMax),
    fullInMs: ageMs < backlogRateMsMin ? null : Math.max(0, ((bytesMax - bytes) / bytes) * ageMs)
  }
}
