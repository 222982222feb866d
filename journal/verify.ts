/** Whether a journal's file still says what was written to it: every block against its checksum, and all against the chain. */
import type { DatabaseSync } from 'node:sqlite'
import { isSqliteDamage } from '../sqlite.ts'
import { linkAfter, linkIn, noLink } from './chain.ts'
import { groupChecksum, type GroupHeader } from './group.ts'
import { asGroup, asHeader, numberIn, type Row } from './rows.ts'

export interface JournalCheck {
  messages: number
  held: number
  /** Sequence of the newest message, and how far the store had them. */
  lastSequence: number
  checkpoint: number
  /** Groups, or held messages, whose bytes changed on disk. */
  damaged: number
  /** Places where the chain does not go on: a group is missing there, or was changed together with its checksum. */
  gaps: number
}

/** Reads every block once, one at a time; `onProgress` hears of messages looked at. */
export function verifyJournal(db: DatabaseSync, onProgress?: (messages: number) => void): JournalCheck {
  const check: JournalCheck = {
    messages: 0,
    held: 0,
    lastSequence: 0,
    checkpoint: stateOf(db, 'checkpoint'),
    damaged: 0,
    gaps: 0
  }
  for (let part: GroupsCheck | undefined; part?.next !== null;) {
    part = verifyGroups(db, part?.next ?? 0, { groupsMax: groupsAtOnce })
    check.messages += part.messages
    check.damaged += part.damaged
    check.gaps += part.gaps
    check.lastSequence = Math.max(check.lastSequence, part.lastSequence)
    onProgress?.(check.messages)
  }
  for (const row of db.prepare('SELECT * FROM held').iterate()) {
    check.held++
    if (!isHeldIntact(row)) check.damaged++
  }
  if (!reachesCheckpoint(db, check.checkpoint)) check.gaps++
  check.lastSequence = Math.max(check.lastSequence, check.checkpoint, stateOf(db, 'nextSequence') - 1)
  return check
}

export interface GroupsCheck {
  messages: number
  damaged: number
  gaps: number
  lastSequence: number
  /** Where to go on: groups after this sequence. null at the end. */
  next: number | null
}

export interface GroupsWanted {
  groupsMax: number
  /** Groups that begin up to here. */
  through?: number
  /** Hears of each that is not as it was written. */
  onBroken?(header: GroupHeader): void
}

/** Some groups after one. */
export function verifyGroups(
  db: DatabaseSync,
  after: number,
  { groupsMax, through = Infinity, onBroken }: GroupsWanted
): GroupsCheck {
  const check: GroupsCheck = { messages: 0, damaged: 0, gaps: 0, lastSequence: 0, next: after }
  const links = linksOf(db)
  const nextHeader = db.prepare(
    'SELECT first, count, received_from, received_until FROM groups WHERE first > ? ORDER BY first LIMIT 1'
  )
  const rest = db.prepare('SELECT * FROM groups WHERE first = ?')
  for (let groups = 0; groups < groupsMax; groups++) {
    const found = nextHeader.get(check.next!)
    if (found === undefined) return { ...check, next: null }
    const header = asHeader(found)
    if (header.first > through) return { ...check, next: null }
    check.next = header.first
    check.messages += header.count
    check.lastSequence = header.first + header.count - 1
    const row = readable(() => rest.get(header.first))
    const isDamaged = row === undefined || !isIntact(row)
    if (isDamaged) check.damaged++
    else if (isLinked(links, row)) continue
    else check.gaps++
    onBroken?.(header)
  }
  return check
}

/** undefined where the disk gives no page any more that can be read. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (cause) {
    if (isSqliteDamage(cause)) return undefined
    throw cause
  }
}

function isLinked(links: Links, row: Row): boolean {
  const stated = linkIn(row)
  if (stated.length === 0) return true
  const header = asHeader(row)
  const link = linkAfter(links.before(header.first), header, asGroup(row).body)
  return link !== undefined && Buffer.from(link).equals(stated)
}

interface Links {
  /** Of the group before the one that begins with this sequence. */
  before(first: number): Uint8Array
}

/** In a file of an earlier version there is no chain. */
function linksOf(db: DatabaseSync): Links {
  const hasChain = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'kept_links'").get() !== undefined
  if (!hasChain) return { before: () => noLink }
  const find = db.prepare(
    `SELECT first, link FROM (SELECT first, link FROM groups WHERE first < $first ORDER BY first DESC LIMIT 1)
     UNION ALL SELECT first, link FROM (SELECT first, link FROM kept_links WHERE first < $first ORDER BY first DESC LIMIT 1)
     ORDER BY first DESC LIMIT 1`
  )
  return {
    before(first) {
      const row = find.get({ first })
      return row === undefined ? noLink : linkIn(row)
    }
  }
}

/** Up to the checkpoint everything was there once: what was trimmed or erased left its link. */
function reachesCheckpoint(db: DatabaseSync, checkpoint: number): boolean {
  const hasChain = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'kept_links'").get() !== undefined
  if (!hasChain) return true
  const row = db
    .prepare(
      `SELECT max(first + count - 1) AS last FROM (SELECT first, count FROM groups WHERE first <= $checkpoint
       UNION ALL SELECT first, count FROM kept_links WHERE first <= $checkpoint)`
    )
    .get({ checkpoint })
  // All of it was trimmed by a version that kept no links.
  if (row === undefined || row['last'] === null) return true
  return numberIn(row, 'last') >= checkpoint
}

function isHeldIntact(row: Row): boolean {
  const receivedAt = numberIn(row, 'received_at')
  const header = { first: numberIn(row, 'sequence'), count: 1 }
  return isIntact({ ...row, ...header, received_from: receivedAt, received_until: receivedAt })
}

function isIntact(row: Row): boolean {
  const { crc, body } = asGroup(row)
  return groupChecksum(asHeader(row), body) === crc
}

function stateOf(db: DatabaseSync, name: string): number {
  const row = db.prepare('SELECT value AS n FROM state WHERE name = ?').get(name)
  return row === undefined ? 0 : numberIn(row, 'n')
}

/** As many as are looked at between two words of progress. */
const groupsAtOnce = 1_000
