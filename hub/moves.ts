/**
 * Readings that move to another site are read where they were or where they are, never half of each: a move is two files'
 * work, the registry's and the store's, and whoever reads asks both. So readers and moves take turns. A move waits for those
 * that read, and those that come meanwhile wait for its end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { moveWaitsMsMax } from './limits.ts'

interface Reader {
  /** The move waits no longer: what it reads from now on may be half. */
  overtaken(cause: Error): void
  ended: Promise<void>
}

export class Moves {
  readonly #readers = new Set<Reader>()
  readonly #waitMsMax: number
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(waitMsMax = moveWaitsMsMax) {
    this.#waitMsMax = waitMsMax
  }

  /** Resolves when no move is under way. What it gives is to be called when everything was read; may be called twice. */
  async enter(overtaken: (cause: Error) => void): Promise<() => void> {
    while (this.#waiting > 0) await this.#last
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
    this.#waiting++
    const mine = this.#last.then(async () => {
      await this.#untilRead()
      return work()
    })
    const end = (): void => void this.#waiting--
    this.#last = mine.then(end, end)
    return mine
  }

  async #untilRead(): Promise<void> {
    const stop = new AbortController()
    const read = Promise.all([...this.#readers].map(({ ended }) => ended))
    const patience = sleep(this.#waitMsMax, undefined, { signal: stop.signal, ref: false }).catch(
      () => undefined
    )
    await Promise.race([read, patience])
    stop.abort()
    for (const reader of this.#readers) {
      this.#readers.delete(reader)
      reader.overtaken(new Overtaken())
    }
  }
}

/** Readings moved to another site while this was read. */
export class Overtaken extends Error {
  readonly code = 'overtaken'
  constructor() {
    super('A sensor was moved while this was read, and the rest would not fit what came before. Ask again.')
  }
}
