/**
 * Follows the journal from its checkpoint: decodes, places, checks, stores, tells, and only then moves the checkpoint.
 * Whatever dies in between is done again from the checkpoint; the store keeps one reading per identity.
 */
import assert from 'node:assert/strict'
import type { JournaledMessage, JournalReader } from '../journal/journal.ts'
import { ingestBatchMessagesMax, ingestBatchReadingsMax } from '../model/limits.ts'
import { sleep as sleepFor } from '../model/sleep.ts'
import type { DirectoryEntry } from '../registry/registry.ts'
import type { ReadingWriter } from '../store/promise/write.ts'
import { Batch } from './batch.ts'
import { Bell } from './bell.ts'
import type { Directory, IngestEvents, IngestStats } from './ingest.ts'
import { UnplacedCount, type Unplaced, type UnplacedLimits } from '../journal/unplaced-count.ts'
import { gatherCommitsMax, gatherMessagesMin, gatherMs } from './limits.ts'
import { newestOf } from './newest.ts'
import { SourceStates } from './source-states.ts'
import { Retrying, Stopped, type RetryingDeps, type Unavailability } from './retrying.ts'
import { pausedFault } from './wording.ts'

export interface IngestDeps extends RetryingDeps {
  journal: JournalReader
  store: ReadingWriter
  /** The newest snapshot; asked once for each batch. Call `directoryChanged` when it was replaced. */
  directory: () => Directory
  events: IngestEvents
  /** Ingest met an error that no retry cures and has stopped; the process should end, so that it starts afresh. */
  onBug(cause: unknown): void
  /** The hub's own unless given. */
  heldLimits?: UnplacedLimits
}

export interface Ingest {
  stats(): IngestStats
  /** What waits for a place, by device. */
  held(): Unplaced[]
  /** The registry changed: held messages of devices that are now installed somewhere are stored. */
  directoryChanged(): void
  /** The store was seen to be back: what waits for it is tried at once. */
  tryNow(): void
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
    held: () => follower.held(),
    directoryChanged: () => follower.directoryChanged(),
    tryNow: () => follower.tryNow(),
    drain: () => follower.drain(),
    async stop() {
      follower.stop()
      await running
    }
  }
}

class Follower {
  readonly #deps: IngestDeps
  readonly #retrying: Retrying
  readonly #bell = new Bell()
  readonly #stopping = new AbortController()
  #gathering: AbortController | undefined
  /** Commits of the journal since the gathering began. */
  #gathered = 0
  readonly #states: SourceStates
  readonly #stats: Omit<IngestStats, 'held' | 'heldBytes' | 'paused' | 'storeFailing' | 'journalFailing'>
  readonly #held: UnplacedCount
  #paused = new Set<string>()
  /** Who waits for what was in the journal when they asked; `through` is its newest message, once that was looked up. */
  #drains: { resolve(): void; reject(cause: unknown): void; through?: number }[] = []
  #ended: unknown
  #directoryIsNew = true
  /** For each device with held messages, the deployments with which they were last tried. */
  readonly #tried = new Map<string, string>()
  /** Devices whose messages were held before anybody could decode them, so that their faults are still untold. */
  readonly #untold = new Set<string>()

  constructor(deps: IngestDeps) {
    this.#deps = deps
    this.#retrying = new Retrying(deps, this.#stopping.signal)
    this.#stats = {
      messages: 0,
      readings: 0,
      repeated: 0,
      replaced: 0,
      superseded: 0,
      faults: {},
      problemsWithheld: 0,
      checkpoint: deps.journal.checkpoint()
    }
    this.#states = new SourceStates(deps.journal.sources())
    this.#held = new UnplacedCount(deps.heldLimits)
    this.#held.reset(deps.journal.heldCounts())
    this.#paused = new Set(this.#held.back())
    deps.journal.onAppended(() => this.#appended())
  }

  stats(): IngestStats {
    const { messages: held, bytes: heldBytes } = this.#held
    const paused = [...this.#paused]
    const { failing } = this.#retrying
    const saysOf = (who: Unavailability['who']): string | null => (failing?.who === who ? failing.says : null)
    return {
      ...this.#stats,
      held,
      heldBytes,
      paused,
      storeFailing: saysOf('store'),
      journalFailing: saysOf('journal'),
      faults: { ...this.#stats.faults }
    }
  }

  held(): Unplaced[] {
    return this.#held.all()
  }

  directoryChanged(): void {
    this.#directoryIsNew = true
    this.#wake()
  }

  tryNow(): void {
    this.#retrying.tryNow()
  }

  drain(): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#drains.push({ resolve, reject })
      this.#wake()
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
      // Who waits for what a still newer directory claims is not told before that.
      if (this.#directoryIsNew) return
    }
    await this.#endDrains()
    const messages = await this.#asking(() =>
      this.#deps.journal.read(this.#stats.checkpoint, ingestBatchMessagesMax)
    )
    if (messages.length > 0) {
      await this.#take(messages)
      return messages.length < gatherMessagesMin ? this.#gather() : undefined
    }
    if (this.#directoryIsNew) return
    for (const { resolve } of this.#drains.splice(0)) resolve()
    await this.#bell.rung()
  }

  /**
   * A batch is a transaction of the store and one of the journal, whatever is in it: where messages trickle, the next batch takes
   * what came within a moment. Nobody who asks waits for that.
   */
  async #gather(): Promise<void> {
    if (this.#drains.length > 0 || this.#directoryIsNew) return
    const { sleep = sleepFor } = this.#deps
    this.#gathering = new AbortController()
    this.#gathered = 0
    await sleep(gatherMs, AbortSignal.any([this.#stopping.signal, this.#gathering.signal]))
    this.#gathering = undefined
  }

  #appended(): void {
    if (++this.#gathered >= gatherCommitsMax) this.#gathering?.abort()
    this.#bell.ring()
  }

  /** Somebody waits, or the messages' places changed. */
  #wake(): void {
    this.#gathering?.abort()
    this.#bell.ring()
  }

  /** Messages that come later keep nobody waiting: under a steady load the end of the journal is never reached. */
  async #endDrains(): Promise<void> {
    const asked = this.#drains.filter(({ through }) => through === undefined)
    if (asked.length > 0) {
      const through = await this.#asking(() => this.#deps.journal.lastSequence())
      for (const drain of asked) drain.through = through
    }
    const isStored = ({ through }: { through?: number }): boolean =>
      through !== undefined && through <= this.#stats.checkpoint
    for (const { resolve } of this.#drains.filter(isStored)) resolve()
    this.#drains = this.#drains.filter((drain) => !isStored(drain))
  }

  /** Reading needs a little room on the disk too: for the index of the journal's log. */
  #asking<T>(ask: () => T): Promise<T> {
    return this.#retrying.untilDone('reading the journal', async () => ask())
  }

  #end(cause: unknown): void {
    this.#ended = cause
    for (const { reject } of this.#drains.splice(0)) reject(cause)
  }

  async #take(messages: readonly JournaledMessage[]): Promise<void> {
    let before = this.#stats.checkpoint
    for (const { sequence } of messages) {
      assert(sequence > before, `message ${sequence} is read after ${before}, out of the journal's order`)
      before = sequence
    }
    let next = 0
    while (next < messages.length) {
      this.#retrying.mayGoOn()
      const from = next
      const batch = await this.#store(this.#states, (placed) => {
        for (next = from; next < messages.length && !isFull(placed); next++) placed.add(messages[next]!)
      })
      this.#states.apply(batch.states)
      await this.#hold(batch)
      this.#tell(batch)
      const checkpoint = messages[next - 1]!.sequence
      const sources = batch.states.texts()
      await this.#retrying.untilDone('moving the checkpoint', () =>
        this.#deps.journal.moveCheckpoint(checkpoint, sources)
      )
      this.#stats.checkpoint = checkpoint
    }
  }

  /**
   * Placing and asking for the store's turn are one step, at every attempt: the move of a device comes wholly before or after
   * it. What was placed before a move and stored after it would be at a site where the device is no longer installed,
   * and nobody would see it again.
   */
  async #store(states: SourceStates, fill: (batch: Batch) => void): Promise<Batch> {
    const { batch, result } = await this.#retrying.untilDone('storing readings', async () => {
      const placed = new Batch(this.#deps.directory(), states.begin())
      fill(placed)
      const { readings } = placed
      return { batch: placed, result: readings.length > 0 ? await this.#deps.store.write(readings) : null }
    })
    this.#stats.messages += batch.messages
    this.#stats.readings += batch.readings.length
    this.#stats.repeated += result?.repeated ?? 0
    this.#stats.replaced += result?.replaced ?? 0
    this.#stats.superseded += result?.superseded ?? 0
    return batch
  }

  /** Durable before the checkpoint passes them: behind the checkpoint the journal may trim. */
  async #hold(batch: Batch): Promise<void> {
    const { held } = batch
    if (held.length === 0) return
    this.#held.add(await this.#retrying.untilDone('holding messages', () => this.#deps.journal.hold(held)))
    const directory = this.#deps.directory()
    for (const { deviceId } of held) if (!directory.has(deviceId)) this.#untold.add(deviceId)
    for (const deviceId of this.#holdBack()) {
      const { receivedAt } = held.findLast((message) => message.deviceId === deviceId)!
      batch.problems.add({ deviceId, receivedAt }, pausedFault(deviceId), null)
    }
  }

  /** Says from whom no more is to be taken, if that changed; gives those who are new among them. */
  #holdBack(): string[] {
    const back = new Set(this.#held.back())
    const before = this.#paused
    const added = [...back].filter((deviceId) => !before.has(deviceId))
    if (added.length === 0 && back.size === before.size) return added
    this.#paused = back
    this.#deps.events.paused([...back])
    return added
  }

  #tell(batch: Batch): void {
    const { events } = this.#deps
    const { problems, counts, withheld } = batch.problems
    for (const [code, count] of counts) this.#stats.faults[code] = (this.#stats.faults[code] ?? 0) + count
    this.#stats.problemsWithheld += withheld
    if (batch.readings.length > 0) {
      events.stored(newestOf(batch.readings))
      events.readings?.(batch.readings)
    }
    if (problems.length > 0) events.problems(problems)
    if (batch.health.size > 0) events.health(batch.health)
    if (batch.times.size > 0) events.times([...batch.times.values()])
  }

  async #claimHeld(): Promise<void> {
    const directory = this.#deps.directory()
    // Counted afresh: a replay holds messages too, and what is erased is held no longer.
    await this.#countHeld()
    for (const { deviceId } of this.#held.all()) {
      const entry = directory.get(deviceId)
      if (!entry || (entry.deployments.length === 0 && !entry.erased)) continue
      const deployments = JSON.stringify([entry.dialect, entry.deployments, entry.erased])
      if (this.#tried.get(deviceId) === deployments) continue
      await this.#claim(entry)
      this.#tried.set(deviceId, deployments)
      this.#untold.delete(deviceId)
    }
    await this.#countHeld()
    this.#holdBack()
  }

  async #countHeld(): Promise<void> {
    this.#held.reset(await this.#asking(() => this.#deps.journal.heldCounts()))
  }

  /** Stores what of a device's held messages has found its site, and lets go those that are stored whole. */
  async #claim({ deviceId }: DirectoryEntry): Promise<void> {
    const { journal, directory } = this.#deps
    // What waited is decoded from its beginning, beside what is remembered of newer messages.
    const states = new SourceStates()
    let after = 0
    for (;;) {
      this.#retrying.mayGoOn()
      const messages = await this.#asking(() => journal.held(deviceId, ingestBatchMessagesMax, after))
      if (messages.length === 0) break
      let whole: number[] = []
      let taken = 0
      const batch = await this.#store(states, (placed) => {
        // Devices stay in the directory, removed ones too, until they are erased.
        const entry = directory().get(deviceId)
        whole = []
        for (taken = 0; entry && taken < messages.length && !isFull(placed); taken++) {
          const message = messages[taken]!
          const isWhole = placed.addHeld(message, entry, this.#untold.has(deviceId))
          if (isWhole) whole.push(message.sequence)
        }
      })
      states.apply(batch.states)
      this.#tell(batch)
      if (whole.length > 0) {
        await this.#retrying.untilDone('releasing held messages', () => journal.release(deviceId, whole))
      }
      const last = messages[taken - 1]
      if (!last) break
      after = last.sequence
    }
  }
}

function isFull({ readings }: Batch): boolean {
  return readings.length >= ingestBatchReadingsMax
}
