/** What the hub notes by itself is no promise to anybody: a disk that is full delays the note and never ends the hub. */
import type { RegistryLog } from './database.ts'
import { RegistryUnavailable } from './registry.ts'

export class Notes {
  readonly #log: RegistryLog | undefined
  /** What could not be noted, by what it is about. */
  readonly #waiting = new Map<string, () => void>()
  /** Why nothing can be noted now, in a sentence; null while it can. */
  failing: string | null = null

  constructor(log: RegistryLog | undefined) {
    this.#log = log
  }

  /** Notes it now or later; a later note about the same takes its place. */
  take(about: string, note: () => void): void {
    try {
      note()
    } catch (cause) {
      if (!(cause instanceof RegistryUnavailable)) throw cause
      if (this.failing === null)
        this.#log?.warn(
          { cause: cause.message },
          'A change could not be saved in the registry; trying again.'
        )
      this.failing = cause.why
      this.#waiting.set(about, note)
      return
    }
    this.#waiting.delete(about)
    if (this.#waiting.size === 0) this.failing = null
  }

  /** Tries again what waits, until something cannot be noted. */
  again(): void {
    for (const [about, note] of this.#waiting) {
      this.take(about, note)
      if (this.#waiting.has(about)) return
    }
  }
}
