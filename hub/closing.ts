/** What a hub has opened, and closes from the front door inwards: nothing new comes in, then what came in is kept. */

export class Closing {
  readonly #closers: (() => unknown)[] = []
  #closed: Promise<void> | undefined

  /** `close` runs before everything that was opened until now. */
  add(close: () => unknown): void {
    this.#closers.unshift(close)
  }

  /** Safe to call twice. Rejects at the end when something could not be closed in order. */
  all(): Promise<void> {
    return (this.#closed ??= this.#all())
  }

  async #all(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closers) {
      try {
        await close()
      } catch (cause) {
        // The rooms behind it still have to keep what they hold.
        failures.push(cause)
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, 'Some parts of the hub could not be shut down cleanly.')
  }
}
