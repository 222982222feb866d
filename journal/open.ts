/** Opens the journal: collects messages into groups on this thread, has its worker commit them, answers in order. */
import assert from 'node:assert/strict'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { caller, type Caller } from '../thread.ts'
import {
  journalBytesMax,
  journalGroupMessagesMax,
  journalGroupMsMax,
  journalKeepMsMax
} from '../model/limits.ts'
import type { IncomingMessage } from '../model/message.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import { GroupBlock } from './group.ts'
import { journalClosed, JournalUnavailable, type Journal, type JournalStats } from './journal.ts'
import { groupBytesMax, groupsInFlightMax, pendingBytesMax, trimEveryMs } from './limits.ts'
import type { WorkerState } from './journal-thread.ts'
import type { WorkerMethods, WorkerStart } from './worker.ts'

export interface JournalOptions {
  dataFile: string
  clock: Clock
  /** The disk failed in a way that trying again would hide: stop the process. Nothing is acknowledged any more. */
  onFatal?: (cause: Error) => void
  bytesMax?: number
  keepMsMax?: number
}

export interface OpenJournal extends Journal {
  /** Newest moment in the journal when it was opened, where `Arrivals` starts; null when it was new. */
  readonly newestReceivedAt: UnixMs | null
  /** Trims now what may be trimmed, and tries again what failed, instead of within ten seconds. */
  trim(): Promise<void>
}

export async function openJournal(options: JournalOptions): Promise<OpenJournal> {
  const doors = new MessageChannel()
  const start: WorkerStart = {
    dataFile: options.dataFile,
    doors: doors.port2,
    bytesMax: options.bytesMax ?? journalBytesMax,
    keepMsMax: options.keepMsMax ?? journalKeepMsMax
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: start,
    transferList: [doors.port2]
  })
  const thread = caller<WorkerMethods>(worker, { given: { append: ([group]) => [group.body.buffer] } })
  worker.on('error', (cause: Error) => thread.fail(cause))
  worker.on('exit', () => thread.fail(journalClosed()))
  try {
    const state = await thread.remote.open()
    return new JournalOnThisThread(options, worker, thread, doors.port1, state)
  } catch (cause) {
    doors.port1.close()
    await worker.terminate()
    throw cause
  }
}

type Done = (failure?: Error) => void

/** Messages that are committed together; `answered` once the worker said so, and then settled in order. */
interface Group {
  /** undefined for a refusal, which takes its turn like a group. */
  block: GroupBlock | undefined
  done: Done[]
  /** Bytes of payload. */
  bytes: number
  answered: boolean
  failure: Error | undefined
}

class JournalOnThisThread implements OpenJournal {
  readonly newestReceivedAt: UnixMs | null
  readonly #clock: Clock
  readonly #worker: Worker
  readonly #thread: Caller<WorkerMethods>
  readonly #doors: MessagePort
  readonly #dataFile: string
  readonly #bytesMax: number
  readonly #trimTimer: NodeJS.Timeout
  #collecting: Group | undefined
  /** What the next block is made for. */
  #blockBytes = 0
  #inFlight: Group[] = []
  #pendingMessages = 0
  #pendingBytes = 0
  #sendTimer: NodeJS.Timeout | undefined
  #sendSoon: NodeJS.Immediate | undefined
  #state: WorkerState
  /** The last failure, until a write succeeds that began after it. */
  #failing: JournalUnavailable | undefined
  #closing: Promise<void> | undefined
  #whenSettled: (() => void) | undefined

  constructor(
    options: JournalOptions,
    worker: Worker,
    thread: Caller<WorkerMethods>,
    doors: MessagePort,
    state: WorkerState & { newestReceivedAt: UnixMs | null }
  ) {
    this.#clock = options.clock
    this.#dataFile = options.dataFile
    this.#bytesMax = options.bytesMax ?? journalBytesMax
    this.#worker = worker
    this.#thread = thread
    this.#doors = doors
    this.#state = state
    this.newestReceivedAt = state.newestReceivedAt
    const fatal = (cause: Error): void => {
      if (!this.#closing) options.onFatal?.(cause)
    }
    thread.on<string>('fatal', (message) => fatal(new JournalUnavailable(message)))
    worker.on('error', fatal)
    worker.on('exit', () => fatal(new Error('The thread of the journal has ended.')))
    this.#trimTimer = setInterval(() => void this.trim().catch(isNoted), trimEveryMs)
    this.#trimTimer.unref()
  }

  append(message: IncomingMessage, done: Done): void {
    if (this.#closing) return this.#refuse(done, journalClosed())
    if (this.#pendingBytes > pendingBytesMax) return this.#refuse(done, journalBehind())
    const group = this.#put(message)
    group.done.push(done)
    group.bytes += message.payload.byteLength
    this.#pendingMessages++
    this.#pendingBytes += message.payload.byteLength
    this.#schedule()
  }

  #put(message: IncomingMessage): Group {
    if (this.#collecting?.block?.add(message)) return this.#collecting
    this.#send()
    const block = new GroupBlock(message.receivedAt, this.#blockBytes)
    block.add(message)
    return (this.#collecting = { block, done: [], bytes: 0, answered: false, failure: undefined })
  }

  /** A refusal takes its turn behind what was appended before it. */
  #refuse(done: Done, failure: JournalUnavailable): void {
    this.#send()
    this.#inFlight.push({ block: undefined, done: [done], bytes: 0, answered: true, failure })
    setImmediate(() => this.#settle())
  }

  /** While a commit runs the next group collects; when none does, it goes after this turn's reads. */
  #schedule(): void {
    const group = this.#collecting
    if (!group || this.#inFlight.length >= groupsInFlightMax) return
    if (group.done.length >= journalGroupMessagesMax || group.bytes >= groupBytesMax) return this.#send()
    if (this.#inFlight.length === 0) this.#sendSoon ??= setImmediate(() => this.#send())
    else this.#sendTimer ??= setTimeout(() => this.#send(), journalGroupMsMax)
  }

  #send(): void {
    clearImmediate(this.#sendSoon)
    clearTimeout(this.#sendTimer)
    this.#sendSoon = undefined
    this.#sendTimer = undefined
    const group = this.#collecting
    if (!group?.block) return
    this.#collecting = undefined
    this.#inFlight.push(group)
    // The next one is likely to be as large, and a little more.
    this.#blockBytes = Math.ceil(group.block.bytes * 1.25)
    this.#thread.remote.append(group.block.packed(), this.#clock.now()).then(
      (state) => {
        // Whatever is acknowledged here must be on disk: each message of the group, and none that was there before is gone.
        const { count } = group.block!
        assert(group.done.length === count, `${group.done.length} acknowledgements for ${count} messages`)
        const { lastSequence } = this.#state
        assert(
          state.lastSequence >= lastSequence,
          `sequences go back, ${lastSequence} to ${state.lastSequence}`
        )
        this.#state = state
        this.#failing = undefined
        this.#answered(group, undefined)
      },
      (cause: unknown) => this.#answered(group, this.#failed(cause))
    )
  }

  #failed(cause: unknown): JournalUnavailable {
    const words = cause instanceof Error ? cause.message : String(cause)
    return (this.#failing = new JournalUnavailable(words, { cause }))
  }

  #answered(group: Group, failure: JournalUnavailable | undefined): void {
    group.answered = true
    group.failure = failure
    this.#settle()
  }

  #settle(): void {
    while (this.#inFlight[0]?.answered) {
      const group = this.#inFlight.shift()!
      this.#pendingMessages -= group.block?.count ?? 0
      this.#pendingBytes -= group.bytes
      for (const done of group.done) done(group.failure)
    }
    if (this.#inFlight.length === 0 && !this.#collecting) this.#whenSettled?.()
    else this.#schedule()
  }

  connectReader(): ReturnType<Journal['connectReader']> {
    const { port1, port2 } = new MessageChannel()
    this.#doors.postMessage(port2, [port2])
    return { dataFile: this.#dataFile, port: port1 }
  }

  reserveSequence(): Promise<number> {
    // What was handed in before gets a lower one, whether its group was full or not.
    this.#send()
    return this.#thread.remote.reserveSequence()
  }

  async erase(deviceId: string, through?: number): Promise<number> {
    const { erased, ...state } = await this.#thread.remote.erase(deviceId, through)
    this.#state = state
    return erased
  }

  async trim(): Promise<void> {
    const failing = this.#failing
    // A look that finds nothing to trim writes nothing, and so would not show that writing works again.
    try {
      if (failing) await this.#thread.remote.tryOut()
      this.#state = await this.#thread.remote.trim(this.#clock.now())
    } catch (cause) {
      throw this.#failed(cause)
    }
    if (this.#failing === failing) this.#failing = undefined
  }

  stats(): JournalStats {
    const failing = this.#failing === undefined ? {} : { failing: this.#failing.message }
    return {
      ...this.#state,
      bytesMax: this.#bytesMax,
      pending: this.#pendingMessages,
      ...failing
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    clearInterval(this.#trimTimer)
    this.#send()
    if (this.#inFlight.length > 0) await new Promise<void>((resolve) => (this.#whenSettled = resolve))
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.#thread.remote.close()
    this.#doors.close()
    await exited
  }
}

/** Trimming notes by itself what failed, and is tried again. */
function isNoted(): void {}

function journalBehind(): JournalUnavailable {
  return new JournalUnavailable('The disk cannot keep up with incoming messages; send it again later.')
}
