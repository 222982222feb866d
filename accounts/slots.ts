/** Work that is heavy: a few at once, some waiting, the rest asked to come back. */
import { AccountsRefusal } from './accounts.ts'

export class Slots {
  readonly #atOnce: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(atOnce: number, waitingMax: number) {
    this.#atOnce = atOnce
    this.#waitingMax = waitingMax
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#turn()
    else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#waitingMax) {
      const message = 'Too many people are signing in right now. Try again in a few seconds.'
      throw new AccountsRefusal('signInBusy', message, 5)
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
