/**
 * Exports that are made in the background, one at a time: a file that can be fetched in parts for a week, and its receipt beside
 * it. What a stop cut short is made again at the next start; what an erasure or a move changed, from its beginning. Of rooms, for
 * a researcher, a file ends with the first consent that ends.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ExportRefusal,
  type ExportReceipt,
  type FinishedExport,
  type ResearchOrder
} from '../../documents/export/desk.ts'
import type { PreparedExport } from '../../documents/export/prepare.ts'
import { FiguresRefusal } from '../../figures/refusal.ts'
import { toIso, type Clock } from '../../model/time.ts'
import type { ExportFiles, HeldBytes } from './files.ts'
import { newReceipt, type ExportLedger, type Job } from './ledger.ts'
import { askAgainMs, jobsKeptPerShareMax, jobsWaitingMax, jobsWaitingPerShareMax } from './limits.ts'
import { metadataOf } from './metadata.ts'
import type { MakeExport } from './thread.ts'

type Query = Readonly<Record<string, string>>

export interface JobsDeps {
  files: ExportFiles
  ledger: ExportLedger
  make: MakeExport
  /** As the registry and the store are when it is asked. */
  prepare(query: Query, research?: ResearchOrder): Promise<PreparedExport>
  /** Bytes that it will have, about. */
  estimate(request: PreparedExport['request']): Promise<number>
  enter(overtaken: (cause: Error) => void): Promise<() => void>
  /** While something is erased nothing is made: of a place that stays it would still hold what goes. `resume` follows. */
  isErasing(): boolean
  /** May whoever has its id still have what is in the file? */
  mayHave(job: Job): boolean
  clock: Clock
  /** What stopped it is looked at again after this; the limit unless given. */
  againMs?: number
  newId(): string
  log: { error(fields: object, message: string): void }
}

export interface Jobs {
  order(query: Query, share: string, research?: ResearchOrder): Promise<ExportReceipt>
  /** Bytes that are on disk of one that is being made. */
  progress(id: string): number | undefined
  finished(id: string): FinishedExport | undefined
  /** Files that hold something of these sites are gone when it resolves. */
  forget(siteIds: readonly string[]): Promise<void>
  /** Makes what waits. */
  resume(): void
  /** Files of rooms whose consent has ended are gone when it returns. */
  endWithConsents(): void
  close(): Promise<void>
}

interface Running {
  id: string
  bytes: number
  stop: AbortController
  ended: Promise<void>
}

export class ExportJobs implements Jobs {
  readonly #deps: JobsDeps
  readonly #closing = new AbortController()
  #running: Running | undefined
  #worker: Promise<void> = Promise.resolve()

  constructor(deps: JobsDeps) {
    this.#deps = deps
    const { files, ledger } = deps
    files.removeStray((id) => ledger.get(id)?.state === 'whole')
    // Erased, made private or taken back before this process could hear of it.
    for (const job of ledger.jobs()) if (isKept(ledger, job) && !deps.mayHave(job)) this.#withdraw(job)
    this.resume()
  }

  async order(query: Query, share: string, research?: ResearchOrder): Promise<ExportReceipt> {
    const { ledger, clock, prepare, newId } = this.#deps
    needShare(ledger, share)
    // Refused now, where somebody hears it.
    const { request, description } = await prepare(query, research)
    // Others may have come meanwhile.
    needShare(ledger, share)
    const receipt = newReceipt(clock, newId(), 'waiting', request.format, description)
    ledger.addJob({ id: receipt.id, share, siteIds: [], ...(research && { research }) })
    ledger.put(receipt)
    this.resume()
    return receipt
  }

  progress(id: string): number | undefined {
    return this.#running?.id === id ? this.#running.bytes : undefined
  }

  finished(id: string): FinishedExport | undefined {
    const { files, ledger } = this.#deps
    const receipt = ledger.get(id)
    const job = ledger.job(id)
    if (receipt?.state !== 'whole' || !job) return undefined
    const mayHave = this.#deps.mayHave(job)
    if (mayHave && files.isThere(receipt))
      return { receipt, file: files.path(receipt), ...(job.research && { research: job.research }) }
    if (mayHave) this.#again(job)
    else this.#withdraw(job)
    this.resume()
    return undefined
  }

  async forget(siteIds: readonly string[]): Promise<void> {
    this.#running?.stop.abort(new Error('something that it holds is erased'))
    await this.#running?.ended
    for (const job of this.#deps.ledger.jobs())
      if (job.siteIds.some((siteId) => siteIds.includes(siteId))) this.#withdraw(job)
    this.resume()
  }

  resume(): void {
    this.#worker = this.#worker.then(() => this.#work())
  }

  endWithConsents(): void {
    const { ledger } = this.#deps
    for (const job of ledger.researchJobs()) {
      if (!isKept(ledger, job) || this.#deps.mayHave(job)) continue
      if (this.#running?.id === job.id) this.#running.stop.abort(new Error(consentEnded))
      this.#withdraw(job)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the hub stops'))
    this.#running?.stop.abort(this.#closing.signal.reason)
    await this.#worker
  }

  /** Whatever goes wrong, the next order finds somebody at work. */
  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const job = this.#deps.ledger.nextJob()
        if (!job || this.#deps.isErasing()) return
        await this.#attempt(job)
      } catch (cause) {
        // Nothing can be noted on a full disk, not even why it failed.
        this.#deps.log.error({ err: cause }, 'An export could not be noted; the hub tries again.')
        await this.#wait()
      }
    }
  }

  #wait(): Promise<void> {
    const { againMs = askAgainMs } = this.#deps
    return sleep(againMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
  }

  async #attempt(job: Job): Promise<void> {
    const stop = new AbortController()
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const now: Running = { id: job.id, bytes: 0, stop, ended }
    this.#running = now
    try {
      await makeJob(this.#deps, job, stop.signal, (bytes) => void (now.bytes += bytes))
    } catch (cause) {
      if (stop.signal.aborted || this.#closing.signal.aborted) return
      if (codeOf(cause) === 'storeUnavailable') await this.#wait()
      else this.#fail(job, cause)
    } finally {
      this.#running = undefined
      resolve()
    }
  }

  #fail(job: Job, cause: unknown): void {
    const isTold = cause instanceof FiguresRefusal || cause instanceof ExportRefusal
    const isFull = codeOf(cause) === 'ENOSPC'
    if (!isTold && !isFull) this.#deps.log.error({ err: cause }, 'An export could not be made.')
    this.#end(
      job,
      isTold
        ? cause.message
        : isFull
          ? 'The disk of the hub is full. Ask for less, or later.'
          : 'The hub failed. Order it again; if it fails again, tell the steward.'
    )
  }

  #end(job: Job, problem: string): void {
    const { files, ledger, clock } = this.#deps
    const receipt = ledger.get(job.id)
    files.remove(job.id)
    if (receipt) ledger.put({ ...receipt, ...nothing, state: 'failed', endedAt: toIso(clock.now()), problem })
  }

  #again(job: Job): void {
    const { files, ledger } = this.#deps
    const receipt = ledger.get(job.id)
    files.remove(job.id)
    if (!receipt) return
    const { id, share, research } = job
    ledger.addJob({ id, share, siteIds: [], ...(research && { research }) })
    ledger.put({ ...receipt, ...nothing, state: 'waiting', endedAt: null })
  }

  /** What it holds is not for its reader any more. */
  #withdraw(job: Job): void {
    if (job.research) this.#end(job, consentEnded)
    else this.#again(job)
  }
}

const consentEnded =
  'A home whose readings it holds has ended its consent, so the file is gone. Order it again: it will hold the others.'

/** Of a file that is gone, or not there yet. */
const nothing = { rows: null, bytes: null, sha256: null }

function needShare(ledger: ExportLedger, share: string): void {
  if (ledger.jobs().filter((job) => job.share === share).length >= jobsKeptPerShareMax)
    throw new ExportRefusal(
      'exportsBusy',
      `${jobsKeptPerShareMax} files of your address are kept already. Wait until one of them is a week old, or download it directly.`
    )
  const waiting = ledger.openJobs()
  const ofShare = waiting.filter((job) => job.share === share).length
  if (waiting.length < jobsWaitingMax && ofShare < jobsWaitingPerShareMax) return
  throw new ExportRefusal(
    'exportsBusy',
    ofShare < jobsWaitingPerShareMax
      ? 'Many exports wait to be made. Order this one in some minutes.'
      : 'Other exports of your address wait to be made. Order this one when one of them is done.'
  )
}

/** Something of it is, or will be, on disk. */
function isKept(ledger: ExportLedger, { id }: Job): boolean {
  const state = ledger.get(id)?.state
  return state === 'whole' || state === 'making'
}

function heldBytes(ledger: ExportLedger, share: string): HeldBytes {
  const held = { share: 0, all: 0 }
  for (const job of ledger.jobs()) {
    const receipt = ledger.get(job.id)
    const bytes = receipt?.state === 'whole' ? (receipt.bytes ?? 0) : 0
    held.all += bytes
    if (job.share === share) held.share += bytes
  }
  return held
}

async function makeJob(
  deps: JobsDeps,
  job: Job,
  stopped: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<void> {
  const { files, ledger, clock } = deps
  const before = ledger.get(job.id)
  assert(before, 'a job has its receipt')
  const overtaken = new AbortController()
  const leave = await deps.enter((cause) => overtaken.abort(cause))
  const signal = AbortSignal.any([stopped, overtaken.signal])
  try {
    const { request, description } = await deps.prepare(before.query, job.research)
    await files.needRoom(await deps.estimate(request), heldBytes(ledger, job.share))
    signal.throwIfAborted()
    const receipt: ExportReceipt = { ...before, ...description, state: 'making' }
    // Before anything of them is on disk.
    const { research: terms, siteIds } = request
    const made: Job = { ...job, siteIds, ...(terms && { since: terms.since }) }
    ledger.addJob(made)
    // Somebody took something back since it was prepared: from the beginning.
    if (!deps.mayHave(made)) return
    ledger.put(receipt)
    const pieces = deps.make({ ...request, metadata: metadataOf(receipt) })
    const summary = await files.write(job.id, pieces, signal, onBytes)
    signal.throwIfAborted()
    const whole: ExportReceipt = { ...receipt, ...summary, state: 'whole', endedAt: toIso(clock.now()) }
    await files.finish(whole)
    signal.throwIfAborted()
    ledger.put(whole)
  } catch (cause) {
    files.remove(job.id)
    // A move did not wait for it: again, after the move.
    if (overtaken.signal.aborted && !stopped.aborted) return
    throw cause
  } finally {
    leave()
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
