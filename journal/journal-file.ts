/** The journal's file: everything that writes to it, in one SQLite connection. Synchronous, so it lives in the worker. */
import { eraseGroupsMax, shrinkPagesMax } from './limits.ts'
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import { filesGone, isReadOnly, OpenedDatabase } from '../opened-file.ts'
import { isSqliteDamage, isSqliteDiskFault } from '../sqlite.ts'
import { foldLog } from '../synced.ts'
import { Chain, linkIn } from './chain.ts'
import { eraseDevice, groupChecksum, type GroupHeader, type PackedGroup } from './group.ts'
import type { MendedTimes } from '../model/message.ts'
import { lockWaitMs, slackBytesMax, trimGroupsMax, walPagesMax } from './limits.ts'
import { JournalDamaged, prepareSchema } from './schema.ts'
import { asGroup, asHeader, numberIn, type Row } from './rows.ts'
import { JournalUnavailable, type HeldCount } from './journal.ts'

/** One held message: a group of one, under its device. */
export interface HeldRow {
  deviceId: string
  sequence: number
  receivedAt: UnixMs
  crc: number
  body: Uint8Array
}

export interface JournalFileLimits {
  bytesMax: number
  keepMsMax: number
}

/** @throws JournalDamaged where the file is none, JournalTooNew for one of a newer version. */
export function openJournalFile(dataFile: string, limits: JournalFileLimits): JournalFile {
  try {
    return new JournalFile(dataFile, limits)
  } catch (cause) {
    if (isSqliteDamage(cause)) throw new JournalDamaged(dataFile, cause)
    throw cause
  }
}

/** Everything but `transaction` and the questions is called inside `transaction`. */
export class JournalFile {
  readonly #db: DatabaseSync
  readonly #limits: JournalFileLimits
  readonly #chain: Chain
  readonly #insertGroup: StatementSync
  readonly #removeGroup: StatementSync
  readonly #insertHeld: StatementSync
  readonly #pages: StatementSync
  readonly #freePages: StatementSync
  readonly #setState: StatementSync
  readonly #setSource: StatementSync
  readonly #pageBytes: number
  /** The file and its log, in which a commit is until it is folded into the file. */
  readonly #opened: OpenedDatabase
  #nextSequence: number
  #checkpoint: number

  constructor(dataFile: string, limits: JournalFileLimits) {
    this.#db = new DatabaseSync(dataFile, { timeout: lockWaitMs })
    this.#limits = limits
    prepareSchema(this.#db)
    // FULL syncs the log at every commit: an acknowledgement is sent after that. FAST overwrites what is deleted
    // wherever that costs no extra write; erasing switches it to ON.
    this.#db
      .exec(`PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = ${walPagesMax};
      PRAGMA journal_size_limit = ${slackBytesMax}`)
    this.#chain = new Chain(this.#db)
    this.#insertGroup = this.#db.prepare('INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#removeGroup = this.#db.prepare('DELETE FROM groups WHERE first = ?')
    this.#insertHeld = this.#db.prepare('INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?, ?)')
    this.#pages = this.#db.prepare('PRAGMA page_count')
    this.#freePages = this.#db.prepare('PRAGMA freelist_count')
    this.#setState = this.#db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)')
    this.#setSource = this.#db.prepare('INSERT OR REPLACE INTO sources VALUES (?, ?)')
    this.#pageBytes = numberIn(this.#db.prepare('PRAGMA page_size').get(), 'page_size')
    this.#checkpoint = this.#state('checkpoint', 0)
    this.#nextSequence = Math.max(
      this.#state('nextSequence', 1),
      this.#checkpoint + 1,
      this.#number('SELECT coalesce(max(first), 0) AS n FROM groups') === 0
        ? 1
        : this.#number('SELECT first + count AS n FROM groups ORDER BY first DESC LIMIT 1')
    )
    this.#opened = new OpenedDatabase(dataFile)
  }

  /** @throws JournalUnavailable where the file that was written has its name no more: nobody would find it again. */
  checkInPlace(): void {
    if (!this.#opened.isInPlace()) throw new JournalUnavailable(filesGone)
  }

  isReadOnly(): boolean {
    return isReadOnly(dirname(this.#opened.path))
  }

  get lastSequence(): number {
    return this.#nextSequence - 1
  }

  get bytes(): number {
    return numberIn(this.#pages.get(), 'page_count') * this.#pageBytes
  }

  get #usedBytes(): number {
    return this.bytes - numberIn(this.#freePages.get(), 'freelist_count') * this.#pageBytes
  }

  get full(): boolean {
    return this.#usedBytes >= this.#limits.bytesMax
  }

  oldestReceivedAt(): UnixMs | null {
    const row = this.#db.prepare('SELECT received_from AS n FROM groups ORDER BY first LIMIT 1').get()
    return row === undefined ? null : (numberIn(row, 'n') as UnixMs)
  }

  /** The newest moment of the last thousand groups, or of what was trimmed; null when nothing was ever received. */
  newestReceivedAt(): UnixMs | null {
    const here = this.#number(
      `SELECT coalesce(max(received_until), 0) AS n FROM
       (SELECT received_until FROM groups ORDER BY first DESC LIMIT 1000)`
    )
    const newest = Math.max(here, this.#state('newestReceivedAt', 0))
    return newest === 0 ? null : (newest as UnixMs)
  }

  /** All or nothing; returns after the sync. Whatever fails, the next transaction starts afresh. */
  transaction<T>(work: () => T): T {
    const nextSequence = this.#nextSequence
    const checkpoint = this.#checkpoint
    const { last } = this.#chain
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (cause) {
      this.#nextSequence = nextSequence
      this.#checkpoint = checkpoint
      this.#chain.last = last
      // SQLite rolls some failures back by itself (a full disk, an I/O error) and leaves others to us.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw cause
    }
  }

  append(group: PackedGroup): void {
    assert(
      group.count > 0 && group.receivedFrom <= group.receivedUntil,
      'a group has messages, in their order'
    )
    const header = { ...group, first: this.#nextSequence }
    this.#insert(header, group.body, this.#chain.add(header, group.body))
    this.#nextSequence += group.count
  }

  #insert(header: GroupHeader, body: Uint8Array, link: Uint8Array | null): void {
    const { first, count, receivedFrom, receivedUntil } = header
    const checksum = groupChecksum(header, body)
    this.#insertGroup.run(first, count, receivedFrom, receivedUntil, checksum, body, link)
  }

  reserveSequence(): number {
    const sequence = this.#nextSequence++
    this.keepSequence()
    return sequence
  }

  /** Written before anything is deleted, so that a sequence is never used twice, even when no group is left to tell. */
  keepSequence(): void {
    this.#setState.run('nextSequence', this.#nextSequence)
  }

  moveCheckpoint(sequence: number, sources?: ReadonlyMap<string, string>): void {
    assert(sequence >= this.#checkpoint, 'the checkpoint never goes back')
    assert(sequence < this.#nextSequence, 'the checkpoint is not ahead of what is in the journal')
    this.#setState.run('checkpoint', sequence)
    this.#checkpoint = sequence
    for (const [deviceId, state] of sources ?? []) this.#setSource.run(deviceId, state)
  }

  /** Gives what was not held before. */
  hold(rows: readonly HeldRow[]): HeldCount[] {
    const added = new Map<string, HeldCount>()
    for (const { deviceId, sequence, receivedAt, crc, body } of rows) {
      const isNew = this.#insertHeld.run(deviceId, sequence, receivedAt, crc, body).changes === 1
      const count = added.get(deviceId) ?? { deviceId, messages: 0, bytes: 0 }
      if (isNew) {
        count.messages++
        count.bytes += body.byteLength
      }
      added.set(deviceId, count)
    }
    return [...added.values()]
  }

  /** Gives its number. */
  mendTimes({ after, through, from, until, shiftMs }: MendedTimes): number {
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO mended_times (after, through, received_from, received_until, shift, done) VALUES (?, ?, ?, ?, ?, 0)`
      )
      .run(after, through, from, until, shiftMs)
    return Number(lastInsertRowid)
  }

  timesAreMended(id: number): void {
    this.#db.prepare('UPDATE mended_times SET done = 1 WHERE id = ?').run(id)
  }

  release(deviceId: string, sequences: readonly number[]): void {
    const remove = this.#db.prepare('DELETE FROM held WHERE device = ? AND sequence = ?')
    for (const sequence of sequences) remove.run(deviceId, sequence)
  }

  /**
   * Removes some groups that are stored and too old, or, while the file is too large, the oldest that are stored.
   * Returns how many; 0 when there is nothing left to trim.
   */
  trim(now: UnixMs): number {
    const tooLarge = this.#usedBytes > this.#limits.bytesMax * roomShare
    const stored = this.#db
      .prepare(
        `SELECT first, count, received_from, received_until, link FROM groups WHERE first + count - 1 <= ?
         ORDER BY first LIMIT ?`
      )
      .all(this.#state('checkpoint', 0), tooLarge ? trimTooLargeGroups : trimGroupsMax)
    const isOld = (row: Row): boolean => numberIn(row, 'received_until') < now - this.#limits.keepMsMax
    const going = new Set(tooLarge ? stored : stored.filter(isOld))
    // A look that finds nothing writes nothing.
    if (going.size === 0) return 0
    this.keepSequence()
    this.#keepNewestReceived()
    for (const [i, row] of stored.entries()) {
      if (!going.has(row)) continue
      this.#remove(numberIn(row, 'first'))
      if (!going.has(stored[i + 1]!)) this.#chain.keep(asHeader(row), linkIn(row))
    }
    this.#chain.forgetOld()
    return going.size
  }

  /** Gives free pages back to the disk, all but `slackBytes`; a part of them at a time. Returns whether there are more. */
  shrink(slackBytes = slackBytesMax): boolean {
    const free = numberIn(this.#freePages.get(), 'freelist_count')
    const surplus = free - Math.floor(slackBytes / this.#pageBytes)
    if (surplus <= 0) return false
    this.#db.exec(`PRAGMA incremental_vacuum(${Math.min(surplus, shrinkPagesMax)})`)
    return surplus > shrinkPagesMax
  }

  /** What waits of the device, and what its decoder remembers of it. */
  eraseHeld(deviceId: string): number {
    const { changes } = this.#db.prepare('DELETE FROM held WHERE device = ?').run(deviceId)
    this.#db.prepare('DELETE FROM sources WHERE device = ?').run(deviceId)
    return Number(changes)
  }

  /**
   * Erases a device from some groups after `first`, up to the message `through`; returns how many messages went and where to
   * go on, undefined at the end.
   */
  eraseSome(
    deviceId: string,
    first: number,
    through = Infinity
  ): { erased: number; last: number | undefined } {
    this.#keepNewestReceived()
    this.keepSequence()
    const rows = this.#db
      .prepare('SELECT * FROM groups WHERE first > ? ORDER BY first LIMIT ?')
      .all(first, eraseGroupsMax)
    let erased = 0
    for (const row of rows) {
      const header = asHeader(row)
      const { crc, body } = asGroup(row)
      const link = linkIn(row)
      if (header.first > through) return { erased, last: undefined }
      if (groupChecksum(header, body) !== crc) {
        // A damaged group cannot be searched message by message, and readers skip it: whole it goes.
        if (Buffer.from(body).includes(deviceId)) this.#eraseWhole(header, link)
        continue
      }
      const { rest, erased: some } = eraseDevice(header, body, { deviceId, through })
      if (some === 0) continue
      erased += some
      if (rest === undefined) this.#eraseWhole(header, link)
      else {
        this.#remove(header.first)
        this.#insert(header, rest, link.length === 0 ? null : link)
      }
    }
    const last = rows.at(-1)
    return { erased, last: last === undefined ? undefined : numberIn(last, 'first') }
  }

  #eraseWhole(header: GroupHeader, link: Uint8Array): void {
    this.#remove(header.first)
    this.#chain.keep(header, link)
  }

  #remove(first: number): void {
    this.#removeGroup.run(first)
  }

  /** While on, what is deleted is overwritten with zeros even where that costs extra writes. */
  secureDelete(on: boolean): void {
    this.#db.exec(`PRAGMA secure_delete = ${on ? 'ON' : 'FAST'}`)
  }

  /** Folds the log into the file and empties it; false, at once, while a reader still needs it. Outside a transaction. */
  foldLog(): boolean {
    this.#db.exec('PRAGMA busy_timeout = 0')
    try {
      return foldLog(this.#db)
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${lockWaitMs}`)
    }
  }

  close(): void {
    this.#db.close()
  }

  #keepNewestReceived(): void {
    const newest = this.newestReceivedAt()
    if (newest !== null) this.#setState.run('newestReceivedAt', newest)
  }

  #state(name: string, otherwise: number): number {
    const row = this.#db.prepare('SELECT value AS n FROM state WHERE name = ?').get(name)
    return row === undefined ? otherwise : numberIn(row, 'n')
  }

  #number(sql: string): number {
    return numberIn(this.#db.prepare(sql).get(), 'n')
  }
}

/** Trimming for size begins a little below the bound, so that appends seldom meet it. */
const roomShare = 0.95
/** …and takes few groups at a time, so that it does not take much more than needed. */
const trimTooLargeGroups = 20

/** The disk did not do what it said, or we are wrong: nothing may be acknowledged any more, and trying again would only hide it. */
export function isFatal(cause: unknown): boolean {
  return isSqliteDamage(cause) || isSqliteDiskFault(cause) || cause instanceof assert.AssertionError
}

export function journalFull(): JournalUnavailable {
  return new JournalUnavailable(
    'The journal is full of messages that are not stored yet; no messages are accepted until they are.'
  )
}
