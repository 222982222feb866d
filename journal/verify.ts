/** Whether a journal's file still says what was written to it: every block against its checksum. */
import type { DatabaseSync } from 'node:sqlite'
import { groupChecksum } from './group.ts'
import { asGroup, asHeader, numberIn, type Row } from './rows.ts'

export interface JournalCheck {
  messages: number
  held: number
  /** Sequence of the newest message, and how far the store had them. */
  lastSequence: number
  checkpoint: number
  /** Groups, or held messages, whose bytes changed on disk. */
  damaged: number
}

/** Reads every block once, one at a time; `onProgress` hears of messages looked at. */
export function verifyJournal(db: DatabaseSync, onProgress?: (messages: number) => void): JournalCheck {
  const check: JournalCheck = {
    messages: 0,
    held: 0,
    lastSequence: 0,
    checkpoint: stateOf(db, 'checkpoint'),
    damaged: 0
  }
  for (const row of db.prepare('SELECT * FROM groups ORDER BY first').iterate()) {
    const { first, count } = asHeader(row)
    check.messages += count
    check.lastSequence = first + count - 1
    if (!isIntact(row)) check.damaged++
    onProgress?.(check.messages)
  }
  for (const row of db.prepare('SELECT * FROM held').iterate()) {
    const receivedAt = numberIn(row, 'received_at')
    const header = { first: numberIn(row, 'sequence'), count: 1 }
    check.held++
    if (!isIntact({ ...row, ...header, received_from: receivedAt, received_until: receivedAt }))
      check.damaged++
  }
  check.lastSequence = Math.max(check.lastSequence, check.checkpoint, stateOf(db, 'nextSequence') - 1)
  return check
}

function isIntact(row: Row): boolean {
  const { crc, body } = asGroup(row)
  return groupChecksum(asHeader(row), body) === crc
}

function stateOf(db: DatabaseSync, name: string): number {
  const row = db.prepare('SELECT value AS n FROM state WHERE name = ?').get(name)
  return row === undefined ? 0 : numberIn(row, 'n')
}
