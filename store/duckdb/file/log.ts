/**
 * DuckDB's log, before DuckDB reads it. After a power cut its last commit may be there in part. DuckDB passes that over
 * where the last entry is too short, and refuses the whole file where a checksum does not fit; and it passes over everything
 * behind a length that a flipped bit made too long, without a word. Here the log is cut behind the last whole commit before
 * such an entry, and a note beside it says what went, until messages were decoded again from the journal.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync
} from 'node:fs'
import type { UnixMs } from '../../../model/time.ts'
import { writeWhole } from '../../../synced.ts'

export interface LogCut {
  /** Only the end of the log, which a power cut explains: nothing that was promised. */
  isUnfinished: boolean
  /** What was written before is not in the log but in the file. */
  since: UnixMs
}

/** As storage version 1.2 has it: WAL_VERSION 2. */
const header = Buffer.from('640062650002ffff', 'hex')
/** Length and checksum, 8 bytes each, stand before every entry. */
const entryHeadBytes = 16
/** The entry that ends each commit is always the same: WAL_FLUSH with its checksum. */
const commitEnd = Buffer.from('0500000000000000e7fe7d722fed3d5e640064ffff', 'hex')

/** Cuts where the structure of the log breaks. */
export function cutBrokenLog(databaseFile: string): void {
  withLog(databaseFile, (descriptor) => {
    const { brokenAt } = walk(descriptor, Infinity)
    if (brokenAt !== undefined) cut(databaseFile, descriptor, brokenAt)
  })
}

/** Cuts where DuckDB found an entry whose checksum does not fit; false where this is not what it says. */
export function cutRefusedLog(databaseFile: string, refusal: unknown): boolean {
  const says = refusal instanceof Error ? refusal.message : ''
  const [, at] = /Corrupt WAL file: entry at byte position (\d+)/.exec(says) ?? []
  if (at === undefined) return false
  withLog(databaseFile, (descriptor) => cut(databaseFile, descriptor, Number(at)))
  return true
}

/** What was cut off, by this opening or one before; undefined once it is forgotten. */
export function logCutOf(databaseFile: string): LogCut | undefined {
  const file = noteOf(databaseFile)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LogCut) : undefined
}

export function forgetLogCut(databaseFile: string): void {
  rmSync(noteOf(databaseFile), { force: true })
}

function noteOf(databaseFile: string): string {
  return `${databaseFile}.cut`
}

function withLog(databaseFile: string, work: (descriptor: number) => void): void {
  const file = `${databaseFile}.wal`
  if (!existsSync(file)) return
  const descriptor = openSync(file, 'r+')
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Goes from entry to entry, up to a position. */
function walk(descriptor: number, until: number): { brokenAt: number | undefined; committedUntil: number } {
  const { size } = fstatSync(descriptor)
  const head = read(descriptor, 0, header.length)
  if (size > 0 && !head.equals(header)) {
    // That of another version is left to DuckDB.
    const isTorn = head.length < header.length || head.every((byte) => byte === 0)
    return { brokenAt: isTorn ? 0 : undefined, committedUntil: 0 }
  }
  let committedUntil = header.length
  for (let at = header.length; at < Math.min(size, until);) {
    const entry = read(descriptor, at, commitEnd.length)
    const length = entry.length < entryHeadBytes ? 0 : Number(entry.readBigUInt64LE(0))
    const end = at + entryHeadBytes + length
    if (length === 0 || end > size) return { brokenAt: at, committedUntil }
    if (entry.equals(commitEnd)) committedUntil = end
    at = end
  }
  return { brokenAt: undefined, committedUntil }
}

function cut(databaseFile: string, descriptor: number, brokenAt: number): void {
  const { committedUntil } = walk(descriptor, brokenAt)
  const { size } = fstatSync(descriptor)
  const behind = read(descriptor, brokenAt, size - brokenAt)
  // A commit is synced before the next begins. So where one ends and something follows, the disk changed what it had.
  const commitAt = behind.indexOf(commitEnd)
  const isUnfinished = commitAt === -1 || brokenAt + commitAt + commitEnd.length === size
  const before = logCutOf(databaseFile)
  const note: LogCut = {
    isUnfinished: isUnfinished && before?.isUnfinished !== false,
    since: before?.since ?? (Math.floor(statSync(databaseFile).mtimeMs) as UnixMs)
  }
  writeWhole(noteOf(databaseFile), JSON.stringify(note))
  ftruncateSync(descriptor, committedUntil)
  fsyncSync(descriptor)
}

function read(descriptor: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, at))
}
