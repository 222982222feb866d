/**
 * Readings that move to another site are read where they were or where they are, never half of each: a move is two files'
 * work, the registry's and the store's, and whoever reads asks both. So readers and moves take turns. A move waits for those
 * that read, and those that come meanwhile wait for its end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { moveHoldsMsMax, moveWaitsMsMax } from './limits.ts'

interface Reader {
  /** The move waits no longer: what it reads from now on may be half. */
  overtaken(cause: Error): void
  ended: Promise<void>
}

export interface MovePatience {
  /** In all, until those that still read are cut. */
  waitMsMax: number
  /** Of it those that come wait too, at the beginning and at the end; in between they are let in. */
  holdMsMax: number
}

export class Moves {
  readonly #readers = new Set<Reader>()
  readonly #patience: MovePatience
  #last: Promise<void> = Promise.resolve()
  #moves = 0
  /** Set while whoever comes has to wait; resolves when they may look again. */
  #held: PromiseWithResolvers<void> | undefined

  constructor(patience: MovePatience = { waitMsMax: moveWaitsMsMax, holdMsMax: moveHoldsMsMax }) {
    this.#patience = patience
  }

  /** Resolves when no move is under way. What it gives is to be called when everything was read; may be called twice. */
  async enter(overtaken: (cause: Error) => void): Promise<() => void> {
    while (this.#held) await this.#held.promise
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const reader = { overtaken, ended }
    this.#readers.add(reader)
    return () => {
      this.#readers.delete(reader)
      resolve()
    }
  }

  /** Work that reads, for as long as it takes; it is refused where a move did not wait for it any longer. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    const cut = Promise.withResolvers<never>()
    cut.promise.catch(() => undefined)
    const leave = await this.enter(cut.reject)
    try {
      return await Promise.race([work(), cut.promise])
    } finally {
      leave()
    }
  }

  /** Work that moves readings, after all that read now, and one move after another. */
  move<T>(work: () => Promise<T>): Promise<T> {
    // One that waits for readers decides by itself when it lets others in.
    if (this.#moves++ === 0) this.#hold()
    const mine = this.#last.then(async () => {
      this.#hold()
      await this.#untilRead()
      return work()
    })
    const end = (): void => {
      if (--this.#moves === 0) this.#letIn()
    }
    this.#last = mine.then(end, end)
    return mine
  }

  /** A reader who takes long, or reads nothing at all, holds up the move, and not everybody who comes after it. */
  async #untilRead(): Promise<void> {
    const { waitMsMax, holdMsMax } = this.#patience
    if (await this.#allEnded(holdMsMax)) return
    this.#letIn()
    await this.#allEnded(waitMsMax - 2 * holdMsMax)
    this.#hold()
    if (await this.#allEnded(holdMsMax)) return
    for (const reader of this.#readers) {
      this.#readers.delete(reader)
      reader.overtaken(new Overtaken())
    }
  }

  /** Whether those that read now have ended within this time. */
  async #allEnded(waitMs: number): Promise<boolean> {
    const stop = new AbortController()
    const read = Promise.all([...this.#readers].map(({ ended }) => ended)).then(() => true)
    const patience = sleep(waitMs, false, { signal: stop.signal, ref: false }).catch(() => false)
    const isRead = await Promise.race([read, patience])
    stop.abort()
    return isRead
  }

  #hold(): void {
    this.#held ??= Promise.withResolvers<void>()
  }

  #letIn(): void {
    this.#held?.resolve()
    this.#held = undefined
  }
}

/** Readings moved to another site while this was read. */
export class Overtaken extends Error {
  readonly code = 'overtaken'
  constructor() {
    super('A sensor was moved while this was read, and the rest would not fit what came before. Ask again.')
  }
}
