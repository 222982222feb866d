/** Wakes one who waits; a ring while nobody waits is remembered, so none is missed. */
export class Bell {
  #isRung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#isRung = true
    this.#wake?.()
  }

  /** Resolves at the next ring, or at once when there was one since the last wait. One waiter at a time. */
  async rung(): Promise<void> {
    if (!this.#isRung) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = undefined
    this.#isRung = false
  }
}
