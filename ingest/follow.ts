/**
 * Follows the journal from its checkpoint: decodes, places, checks, stores, tells, and only then moves the checkpoint.
 * Whatever dies in between is done again from the checkpoint; the store keeps one reading per identity.
 */
import type { JournaledMessage, JournalReader } from '../journal/journal.ts'
import { ingestBatchBytesMax, ingestBatchMessagesMax, ingestBatchReadingsMax } from '../model/limits.ts'
import type { DirectoryEntry } from '../registry/registry.ts'
import type { ReadingWriter } from '../store/store.ts'
import { backoffMs, sleep as sleepFor, type Sleep } from './backoff.ts'
import { Batch } from './batch.ts'
import { Bell } from './bell.ts'
import type { Directory, IngestEvents, IngestStats } from './ingest.ts'
import { IntervalLearner } from './interval.ts'
import { newestOf } from './newest.ts'

export interface IngestDeps {
  journal: JournalReader
  store: ReadingWriter
  /** The newest snapshot; asked once for each batch. Say `directoryChanged` when it was replaced. */
  directory: () => Directory
  events: IngestEvents
  /** Spreads the retries of many hubs on one store: 0 inclusive to 1 exclusive. */
  random: () => number
  log: IngestLog
  /** Ingest met an error that no retry cures and has stopped; the process should end, so that it starts afresh. */
  onBug(cause: unknown): void
  sleep?: Sleep
}

export interface IngestLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface Ingest {
  stats(): IngestStats
  /** The registry changed: held messages of devices that now hang somewhere are stored. */
  directoryChanged(): void
  /** Resolves when everything that was in the journal at the call is stored or held. */
  drain(): Promise<void>
  /** Finishes the batch it is at (unless the store is down) and stops. Safe to call twice. */
  stop(): Promise<void>
}

export function startIngest(deps: IngestDeps): Ingest {
  const follower = new Follower(deps)
  const running = follower.run()
  return {
    stats: () => follower.stats(),
    directoryChanged: () => follower.directoryChanged(),
    drain: () => follower.drain(),
    async stop() {
      follower.stop()
      await running
    }
  }
}

/** Thrown inside the loop when a stop cuts a retry short; what was not done is still in the journal. */
class Stopped extends Error {
  constructor() {
    super('Ingest was stopped; what it had not stored yet is in the journal.')
  }
}

class Follower {
  readonly #deps: IngestDeps
  readonly #sleep: Sleep
  readonly #bell = new Bell()
  readonly #stopping = new AbortController()
  readonly #learner = new IntervalLearner()
  readonly #stats: IngestStats
  /** Who waits for the end of the journal. */
  #drains: { resolve(): void; reject(cause: unknown): void }[] = []
  #ended: unknown
  #directoryIsNew = true
  #readMessagesMax = ingestBatchMessagesMax
  /** For each device with held messages, the deployments with which they were last tried. */
  readonly #tried = new Map<string, string>()
  /** Devices whose messages were held before anybody could decode them, so that their faults are still untold. */
  readonly #untold = new Set<string>()

  constructor(deps: IngestDeps) {
    this.#deps = deps
    this.#sleep = deps.sleep ?? sleepFor
    this.#stats = {
      messages: 0,
      readings: 0,
      repeated: 0,
      replaced: 0,
      superseded: 0,
      faults: {},
      problemsWithheld: 0,
      held: countHeld(deps.journal),
      checkpoint: deps.journal.checkpoint(),
      storeFailing: null
    }
    deps.journal.onAppended(() => this.#bell.ring())
  }

  stats(): IngestStats {
    return { ...this.#stats, faults: { ...this.#stats.faults } }
  }

  directoryChanged(): void {
    this.#directoryIsNew = true
    this.#bell.ring()
  }

  drain(): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#drains.push({ resolve, reject })
      this.#bell.ring()
    })
  }

  stop(): void {
    this.#stopping.abort()
    this.#bell.ring()
  }

  async run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) await this.#step()
      this.#end(new Stopped())
    } catch (cause) {
      this.#end(cause)
      if (!(cause instanceof Stopped)) this.#deps.onBug(cause)
    }
  }

  async #step(): Promise<void> {
    if (this.#directoryIsNew) {
      this.#directoryIsNew = false
      await this.#claimHeld()
    }
    const messages = this.#deps.journal.read(this.#stats.checkpoint, this.#readMessagesMax)
    if (messages.length > 0) {
      this.#adaptTo(messages)
      return this.#take(messages)
    }
    if (this.#directoryIsNew) return
    for (const { resolve } of this.#drains.splice(0)) resolve()
    await this.#bell.rung()
  }

  #end(cause: unknown): void {
    this.#ended = cause
    for (const { reject } of this.#drains.splice(0)) reject(cause)
  }

  /** Fewer messages at a time while they are large, so that memory stays bounded. */
  #adaptTo(messages: readonly JournaledMessage[]): void {
    let bytes = 0
    for (const { payload } of messages) bytes += payload.length
    const fitting = Math.floor((messages.length * ingestBatchBytesMax) / Math.max(1, bytes))
    this.#readMessagesMax = Math.min(ingestBatchMessagesMax, Math.max(64, fitting))
  }

  async #take(messages: readonly JournaledMessage[]): Promise<void> {
    let next = 0
    while (next < messages.length) {
      this.#mayGoOn()
      const batch = new Batch(this.#deps.directory())
      while (next < messages.length && batch.readings.length < ingestBatchReadingsMax) {
        batch.add(messages[next++]!)
      }
      await this.#store(batch)
      await this.#hold(batch.held)
      this.#tell(batch)
      const checkpoint = messages[next - 1]!.sequence
      await this.#untilDone('moving the checkpoint', () => this.#deps.journal.moveCheckpoint(checkpoint))
      this.#stats.checkpoint = checkpoint
    }
  }

  async #store(batch: Batch): Promise<void> {
    this.#stats.messages += batch.messages
    if (batch.readings.length === 0) return
    const result = await this.#untilDone('storing readings', () => this.#deps.store.write(batch.readings))
    this.#stats.readings += batch.readings.length
    this.#stats.repeated += result.repeated
    this.#stats.replaced += result.replaced
    this.#stats.superseded += result.superseded
  }

  /** Durable before the checkpoint passes them: behind the checkpoint the journal may trim. */
  async #hold(held: readonly JournaledMessage[]): Promise<void> {
    if (held.length === 0) return
    await this.#untilDone('holding messages', () => this.#deps.journal.hold(held))
    const directory = this.#deps.directory()
    for (const { deviceId } of held) if (!directory.has(deviceId)) this.#untold.add(deviceId)
    this.#stats.held = countHeld(this.#deps.journal)
  }

  #tell(batch: Batch): void {
    const { events } = this.#deps
    const { problems, counts, withheld } = batch.problems
    for (const [code, count] of counts) this.#stats.faults[code] = (this.#stats.faults[code] ?? 0) + count
    this.#stats.problemsWithheld += withheld
    if (batch.readings.length > 0) {
      events.stored(newestOf(batch.readings))
      this.#learnIntervals(batch)
    }
    if (problems.length > 0) events.problems(problems)
  }

  #learnIntervals(batch: Batch): void {
    const directory = this.#deps.directory()
    for (const { deviceId, quantity, measuredAt } of batch.readings) {
      if (directory.get(deviceId)?.intervalS !== null) {
        this.#learner.forget(deviceId)
        continue
      }
      const intervalS = this.#learner.observe(deviceId, quantity, measuredAt)
      if (intervalS !== undefined) this.#deps.events.intervalLearnt(deviceId, intervalS)
    }
  }

  async #claimHeld(): Promise<void> {
    const directory = this.#deps.directory()
    for (const { deviceId } of this.#deps.journal.heldCounts()) {
      const entry = directory.get(deviceId)
      if (!entry || entry.deployments.length === 0) continue
      const deployments = JSON.stringify([entry.dialect, entry.deployments])
      if (this.#tried.get(deviceId) === deployments) continue
      await this.#claim(entry)
      this.#tried.set(deviceId, deployments)
      this.#untold.delete(deviceId)
    }
  }

  /** Stores what of a device's held messages has found its site, and lets go those that are stored whole. */
  async #claim(entry: DirectoryEntry): Promise<void> {
    const { journal, directory } = this.#deps
    let kept = 0
    for (;;) {
      this.#mayGoOn()
      const stretch = Math.min(ingestBatchMessagesMax, this.#readMessagesMax)
      const messages = journal.held(entry.deviceId, kept + stretch).slice(kept)
      if (messages.length === 0) break
      const batch = new Batch(directory())
      const whole: number[] = []
      let taken = 0
      while (taken < messages.length && batch.readings.length < ingestBatchReadingsMax) {
        const message = messages[taken++]!
        const isWhole = batch.addHeld(message, entry, this.#untold.has(entry.deviceId))
        if (isWhole) whole.push(message.sequence)
      }
      await this.#store(batch)
      this.#tell(batch)
      if (whole.length > 0) {
        await this.#untilDone('letting go of held messages', () => journal.release(entry.deviceId, whole))
      }
      kept += taken - whole.length
    }
    this.#stats.held = countHeld(journal)
  }

  /** The one place that retries: for ever, because the journal keeps what waits; anything but "unavailable" is our bug. */
  async #untilDone<T>(doing: string, action: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await action()
        if (attempt > 0) this.#deps.log.info({ attempts: attempt }, `Ingest goes on after ${doing} failed.`)
        this.#stats.storeFailing = null
        return result
      } catch (cause) {
        const failing = unavailability(cause)
        if (failing === undefined) throw cause
        if (attempt === 0)
          this.#deps.log.warn({ failing }, `Ingest waits: ${doing} failed and is tried again.`)
        this.#stats.storeFailing = failing
      }
      await this.#sleep(backoffMs(attempt, this.#deps.random), this.#stopping.signal)
      this.#mayGoOn()
    }
  }

  #mayGoOn(): void {
    if (this.#stopping.signal.aborted) throw new Stopped()
  }
}

/** What StoreUnavailable and JournalUnavailable say; by their code, since they may come from another thread. */
function unavailability(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined
  return cause.code === 'storeUnavailable' || cause.code === 'journalUnavailable' ? cause.message : undefined
}

function countHeld(journal: JournalReader): number {
  let held = 0
  for (const { messages } of journal.heldCounts()) held += messages
  return held
}
