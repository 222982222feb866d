/** Reads the journal in any thread over a connection of its own; what it writes goes to the journal's worker. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { caller } from '../thread.ts'
import type { UnixMs } from '../model/time.ts'
import { isSqliteDamage } from '../sqlite.ts'
import { groupChecksum, packGroup, unpackGroup, type GroupHeader } from './group.ts'
import type { HeldRow } from './journal-file.ts'
import {
  asking,
  journalClosed,
  type HeldCount,
  type JournaledMessage,
  type JournalReader,
  type TimesMender
} from './journal.ts'
import { examinedAtOnce, lockWaitMs, readBytesMax } from './limits.ts'
import type { KeptMendedTimes, MendedTimes } from '../model/message.ts'
import { mended } from './mended-times.ts'
import { asGroup, asHeader, numberIn, textIn, type Row } from './rows.ts'
import { verifyGroups } from './verify.ts'
import type { ReaderMethods } from './worker.ts'

/** A stretch of the journal whose bytes changed on disk. It is skipped and never guessed at. */
export interface CorruptGroup {
  firstSequence: number
  lastSequence: number
}

export interface JournalReaderOptions {
  dataFile: string
  port: MessagePort
  /** Called once for each damaged stretch that this reader meets. */
  onCorrupt?: (group: CorruptGroup) => void
}

/** Messages that the store has already: sequences after `after`, up to and including `until`. */
export interface StoredStretch {
  after: number
  until: number
  /** How many there are; erased ones count. */
  messages: number
}

/** Where a reader that is at a sequence stands. */
export interface Standing {
  /** The oldest message that the journal still has; 0 when it is empty. */
  firstSequence: number
  /** When the next message came in, or one of its group; null at the end. */
  nextReceivedAt: UnixMs | null
}

export interface OpenJournalReader extends JournalReader, TimesMender {
  /** Cheap, however much there is. */
  standing(sequence: number): Standing
  /** What can be decoded again: from the first group with a message received at or after `from`, to the checkpoint. */
  storedSince(from: UnixMs | null): StoredStretch
  /**
   * Looks at one part of all groups of so many, against checksums and chain; what it finds is counted and told as what reading
   * meets. Others get their turn in between.
   */
  examine(part: number, parts: number): Promise<void>
  /** Damaged stretches that this reader met. */
  corruptGroups(): number
}

export function openJournalReader(options: JournalReaderOptions): OpenJournalReader {
  const db = new DatabaseSync(options.dataFile, { readOnly: true, timeout: lockWaitMs })
  return new ReaderOnThisThread(db, options)
}

class ReaderOnThisThread implements OpenJournalReader {
  readonly #db: DatabaseSync
  readonly #port: MessagePort
  readonly #remote: ReaderMethods
  readonly #corrupt = new Set<string>()
  readonly #onCorrupt: (group: CorruptGroup) => void
  readonly #checkpoint: StatementSync
  readonly #newest: StatementSync
  readonly #firstAtOrBelow: StatementSync
  readonly #headerFrom: StatementSync
  readonly #body: StatementSync
  readonly #held: StatementSync
  readonly #heldCounts: StatementSync
  #mendings: KeptMendedTimes[]
  readonly #wakes: (() => void)[] = []
  #closed = false

  constructor(db: DatabaseSync, options: JournalReaderOptions) {
    this.#db = db
    this.#port = options.port
    this.#onCorrupt = options.onCorrupt ?? (() => undefined)
    this.#checkpoint = db.prepare("SELECT value AS n FROM state WHERE name = 'checkpoint'")
    this.#newest = db.prepare('SELECT first + count - 1 AS n FROM groups ORDER BY first DESC LIMIT 1')
    this.#firstAtOrBelow = db.prepare('SELECT coalesce(max(first), 0) AS n FROM groups WHERE first <= ?')
    // The header comes without the block: a block that cannot be read then still has a range that can be skipped.
    this.#headerFrom = db.prepare(
      'SELECT first, count, received_from, received_until FROM groups WHERE first >= ? ORDER BY first LIMIT 1'
    )
    this.#body = db.prepare('SELECT crc, body FROM groups WHERE first = ?')
    this.#held = db.prepare(
      `SELECT sequence, received_at, crc, body FROM held WHERE device = ? AND sequence > ?
       ORDER BY sequence LIMIT ?`
    )
    this.#heldCounts = db.prepare(
      'SELECT device, count(*) AS n, sum(length(body)) AS bytes FROM held GROUP BY device'
    )
    this.#mendings = readMendedTimes(db)
    const thread = caller<ReaderMethods>(options.port)
    this.#remote = thread.remote
    thread.on('appended', () => this.#wakes.forEach((wake) => wake()))
    options.port.on('close', () => thread.fail(journalClosed()))
  }

  lastSequence(): number {
    const row = asking(() => this.#newest.get())
    return row === undefined ? this.checkpoint() : numberIn(row, 'n')
  }

  checkpoint(): number {
    const row = asking(() => this.#checkpoint.get())
    return row === undefined ? 0 : numberIn(row, 'n')
  }

  read(sequence: number, messagesMax: number): JournaledMessage[] {
    return this.#mended(asking(() => this.#read(sequence, messagesMax)))
  }

  readAsOf(mendingId: number, sequence: number, messagesMax: number): JournaledMessage[] {
    const known = this.#mendings.filter(({ id }) => id <= mendingId)
    return asking(() => this.#read(sequence, messagesMax)).map((message) => mended(message, known))
  }

  #mended(messages: JournaledMessage[]): JournaledMessage[] {
    return this.#mendings.length === 0 ? messages : messages.map((message) => mended(message, this.#mendings))
  }

  async mendTimes(stretch: MendedTimes): Promise<number> {
    const id = await this.#remote.mendTimes(stretch)
    this.#mendings = [...this.#mendings, { ...stretch, id, isDone: false }]
    return id
  }

  unfinishedMending(): KeptMendedTimes[] {
    return this.#mendings.filter(({ isDone }) => !isDone)
  }

  async timesAreMended(id: number): Promise<void> {
    await this.#remote.timesAreMended(id)
    this.#mendings = this.#mendings.map((one) => (one.id === id ? { ...one, isDone: true } : one))
  }

  #read(sequence: number, messagesMax: number): JournaledMessage[] {
    const messages: JournaledMessage[] = []
    let bytes = 0
    let from = numberIn(this.#firstAtOrBelow.get(sequence + 1), 'n')
    while (messages.length < messagesMax && (messages.length === 0 || bytes < readBytesMax)) {
      const row = this.#headerFrom.get(from)
      if (row === undefined) break
      const header = asHeader(row)
      from = header.first + 1
      if (header.first + header.count <= sequence + 1) continue
      const body = this.#intactBody(header)
      if (body === undefined) continue
      bytes += body.byteLength
      messages.push(...unpackGroup(header, body, sequence, messagesMax - messages.length))
    }
    return messages
  }

  storedSince(from: UnixMs | null): StoredStretch {
    const until = this.checkpoint()
    const row = asking(() =>
      this.#db
        .prepare(
          `SELECT coalesce(min(first), 0) AS first, coalesce(sum(min(count, ? - first + 1)), 0) AS messages
           FROM groups WHERE received_until >= ? AND first <= ?`
        )
        .get(until, from ?? 0, until)
    )
    return { after: Math.max(0, numberIn(row, 'first') - 1), until, messages: numberIn(row, 'messages') }
  }

  standing(sequence: number): Standing {
    return asking(() => this.#standing(sequence))
  }

  #standing(sequence: number): Standing {
    const first = numberIn(this.#db.prepare('SELECT coalesce(min(first), 0) AS n FROM groups').get(), 'n')
    // The group that holds the next one, or else the first group after it.
    const row = this.#db
      .prepare(
        `SELECT received_from AS n FROM groups
         WHERE first >= (SELECT coalesce(max(first), 0) FROM groups WHERE first <= $next)
           AND first + count > $next ORDER BY first LIMIT 1`
      )
      .get({ next: sequence + 1 })
    return {
      firstSequence: first,
      nextReceivedAt: row === undefined ? null : (numberIn(row, 'n') as UnixMs)
    }
  }

  #intactBody(header: GroupHeader): Uint8Array | undefined {
    let row: Row | undefined
    try {
      row = this.#body.get(header.first)
    } catch (cause) {
      if (!isSqliteDamage(cause)) throw cause
      return this.#skip('group', header.first, header.count)
    }
    if (row === undefined) return undefined // Trimmed since its header was read.
    const { crc, body } = asGroup(row)
    if (groupChecksum(header, body) === crc) return body
    return this.#skip('group', header.first, header.count)
  }

  #skip(what: 'group' | 'held', firstSequence: number, count: number): undefined {
    const key = `${what} ${firstSequence}`
    if (this.#corrupt.has(key)) return
    this.#corrupt.add(key)
    this.#onCorrupt({ firstSequence, lastSequence: firstSequence + Math.max(1, count) - 1 })
  }

  async moveCheckpoint(sequence: number, sources?: ReadonlyMap<string, string>): Promise<void> {
    await this.#remote.moveCheckpoint(sequence, sources)
  }

  sources(): Map<string, string> {
    const rows = asking(() => this.#db.prepare('SELECT device, state FROM sources').all())
    return new Map(rows.map((row) => [textIn(row, 'device'), textIn(row, 'state')]))
  }

  hold(messages: readonly JournaledMessage[]): Promise<HeldCount[]> {
    return this.#remote.hold(
      messages.map((message): HeldRow => {
        const { body, ...header } = packGroup([message])
        const crc = groupChecksum({ ...header, first: message.sequence }, body)
        const { deviceId, sequence, receivedAt } = message
        return { deviceId, sequence, receivedAt, crc, body }
      })
    )
  }

  held(deviceId: string, messagesMax: number, sequence = 0): JournaledMessage[] {
    return this.#mended(asking(() => this.#heldOf(deviceId, messagesMax, sequence)))
  }

  #heldOf(deviceId: string, messagesMax: number, sequence: number): JournaledMessage[] {
    const messages: JournaledMessage[] = []
    let bytes = 0
    for (const row of this.#held.iterate(deviceId, sequence, messagesMax)) {
      if (messages.length > 0 && bytes >= readBytesMax) break
      const first = numberIn(row, 'sequence')
      const receivedAt = numberIn(row, 'received_at') as UnixMs
      const header = { first, count: 1, receivedFrom: receivedAt, receivedUntil: receivedAt }
      const { crc, body } = asGroup(row)
      bytes += body.byteLength
      if (groupChecksum(header, body) === crc) messages.push(...unpackGroup(header, body, 0, 1))
      else this.#skip('held', first, 1)
    }
    return messages
  }

  heldCounts(): HeldCount[] {
    return asking(() => this.#heldCounts.all()).map((row) => ({
      deviceId: textIn(row, 'device'),
      messages: numberIn(row, 'n'),
      bytes: numberIn(row, 'bytes')
    }))
  }

  async release(deviceId: string, sequences: readonly number[]): Promise<void> {
    await this.#remote.release(deviceId, [...sequences])
  }

  async examine(part: number, parts: number): Promise<void> {
    const ends = asking(() =>
      this.#db.prepare('SELECT coalesce(min(first), 0) AS a, coalesce(max(first), 0) AS b FROM groups').get()
    )
    const [oldest, newest] = [numberIn(ends, 'a'), numberIn(ends, 'b')]
    const before = (share: number): number => oldest - 1 + Math.floor(((newest - oldest + 1) * share) / parts)
    const wanted = {
      groupsMax: examinedAtOnce,
      through: before(part + 1),
      onBroken: ({ first, count }: GroupHeader): void => this.#skip('group', first, count)
    }
    let next: number | null = before(part)
    while (next !== null && !this.#closed) {
      const from: number = next
      next = asking(() => verifyGroups(this.#db, from, wanted)).next
      await nextTurn()
    }
  }

  onAppended(wake: () => void): void {
    this.#wakes.push(wake)
  }

  corruptGroups(): number {
    return this.#corrupt.size
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      this.#port.close()
      this.#db.close()
    }
    return Promise.resolve()
  }
}

function readMendedTimes(db: DatabaseSync): KeptMendedTimes[] {
  const rows = db.prepare('SELECT * FROM mended_times ORDER BY id').all()
  return rows.map((row) => ({
    id: numberIn(row, 'id'),
    after: numberIn(row, 'after'),
    through: numberIn(row, 'through'),
    from: numberIn(row, 'received_from') as UnixMs,
    until: numberIn(row, 'received_until') as UnixMs,
    shiftMs: numberIn(row, 'shift'),
    isDone: numberIn(row, 'done') === 1
  }))
}
