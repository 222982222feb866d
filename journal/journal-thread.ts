/** The journal's file with its queue of commits, and who is told of new messages: what the worker thread runs. */
import { AssertionError } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UnixMs } from '../model/time.ts'
import { isSqliteOutage } from '../sqlite.ts'
import type { Serving } from '../thread.ts'
import { CommitQueue } from './commit-queue.ts'
import type { PackedGroup } from './group.ts'
import {
  isFatal,
  journalFull,
  openJournalFile,
  type JournalFile,
  type JournalFileLimits
} from './journal-file.ts'
import { asking, journalClosed, JournalUnavailable, orUnavailable, readOnly } from './journal.ts'

export interface WorkerState {
  lastSequence: number
  bytes: number
  commitMs: number
  oldestReceivedAt: UnixMs | null
}

/** How long erasing waits for readers between two looks. */
const foldAgainMs = 50

/** The file, its queue, and who is told of new messages. */
export class JournalThread {
  readonly #start: JournalFileLimits & { dataFile: string }
  readonly #listeners = new Set<Serving>()
  #file: JournalFile | undefined
  #queue: CommitQueue | undefined
  #fatal: JournalUnavailable | undefined
  #bytes = 0
  #commitMs = 0
  #oldestReceivedAt: UnixMs | null = null
  #toldSequence = 0

  constructor(start: JournalFileLimits & { dataFile: string }) {
    this.#start = start
  }

  open(): WorkerState & { newestReceivedAt: UnixMs | null } {
    const file = openJournalFile(this.#start.dataFile, this.#start)
    this.#file = file
    this.#toldSequence = file.lastSequence
    this.#oldestReceivedAt = file.oldestReceivedAt()
    this.#queue = new CommitQueue({
      transaction: (work) => file.transaction(work),
      check: () => file.checkInPlace(),
      onCommitted: (ms) => this.#committed(ms),
      onFailed: (cause) => this.#failed(cause)
    })
    return { ...this.state(), newestReceivedAt: file.newestReceivedAt() }
  }

  get file(): JournalFile {
    if (!this.#file) throw journalClosed()
    return this.#file
  }

  /** Where the disk is in the way of looking, size and age are of before: what was committed must be acknowledged. */
  state(): WorkerState {
    const { file } = this
    try {
      this.#bytes = file.bytes
      this.#oldestReceivedAt ??= file.oldestReceivedAt()
    } catch (cause) {
      if (!isSqliteOutage(cause)) throw cause
    }
    return {
      lastSequence: file.lastSequence,
      bytes: this.#bytes,
      commitMs: this.#commitMs,
      oldestReceivedAt: this.#oldestReceivedAt
    }
  }

  /** Resolves once durable. @throws JournalUnavailable where the disk is in the way; nothing was written then. */
  write<T>(work: (file: JournalFile) => T): Promise<T> {
    if (this.#fatal) return Promise.reject(this.#fatal)
    const file = this.file
    return this.#queue!.run(() => work(file)).catch((cause: unknown) => {
      throw this.#file?.isReadOnly() ? readOnly(cause) : orUnavailable(cause)
    })
  }

  async append(group: PackedGroup, now: UnixMs): Promise<WorkerState> {
    if (!this.#fatal && asking(() => this.file.full)) this.#makeRoom(now)
    await this.write((file) => file.append(group))
    return this.state()
  }

  /**
   * Before the append joins a commit, so that a full journal fails appends and nothing else; at once, so that no later
   * append overtakes it.
   */
  #makeRoom(now: UnixMs): void {
    this.#queue?.flush()
    const { file } = this
    this.#oldestReceivedAt = null
    try {
      while (file.full && file.transaction(() => file.trim(now)) > 0);
      if (!file.full) return
    } catch (cause) {
      this.#failed(cause)
      throw orUnavailable(cause)
    }
    throw journalFull()
  }

  async trim(now: UnixMs): Promise<WorkerState> {
    while ((await this.write((file) => file.trim(now))) > 0);
    while (await this.write((file) => file.shrink()));
    this.#oldestReceivedAt = null
    return this.state()
  }

  /** Resolves when a commit went well and there is room for messages. */
  async tryOut(): Promise<void> {
    await this.write((file) => file.keepSequence())
    if (asking(() => this.file.full)) throw journalFull()
  }

  async erase(deviceId: string, through?: number): Promise<WorkerState & { erased: number }> {
    this.file.secureDelete(true)
    let erased = 0
    try {
      if (through === undefined) erased += await this.write((file) => file.eraseHeld(deviceId))
      let first: number | undefined = 0
      while (first !== undefined) {
        const from: number = first
        const some = await this.write((file) => file.eraseSome(deviceId, from, through))
        erased += some.erased
        first = some.last
      }
      while (await this.write((file) => file.shrink(0)));
    } finally {
      this.file.secureDelete(false)
    }
    // The log still has the old pages until every reader has moved on: ingest in milliseconds, a backup in minutes.
    while (!asking(() => this.file.foldLog())) await sleep(foldAgainMs)
    this.#oldestReceivedAt = null
    return { ...this.state(), erased }
  }

  addListener(listener: Serving): void {
    this.#listeners.add(listener)
  }

  removeListener(listener: Serving): void {
    this.#listeners.delete(listener)
  }

  close(): void {
    this.#queue?.flush()
    this.#file?.close()
    this.#file = undefined
  }

  #committed(durationMs: number): void {
    this.#commitMs = durationMs
    const { lastSequence } = this.file
    if (lastSequence === this.#toldSequence) return
    this.#toldSequence = lastSequence
    for (const listener of this.#listeners) listener.emit('appended', lastSequence)
  }

  /** After a sync that failed, what is on disk is unknown (PostgreSQL's fsync lesson, 2018): never try it again. */
  #failed(cause: unknown): void {
    if (!isFatal(cause) || this.#fatal || this.file.isReadOnly()) return
    const what = cause instanceof AssertionError ? 'The journal has a bug' : 'The disk of the journal failed'
    this.#fatal = new JournalUnavailable(`${what}: ${String(cause)}`)
    for (const listener of this.#listeners) listener.emit('fatal', this.#fatal.message)
  }
}
