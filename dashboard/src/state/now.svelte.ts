/** What time it is, for ages that grow while somebody looks at them. */
import { systemClock, type Clock } from '../../../model/time.ts'

const tickMs = 10_000

export class Now {
  readonly #clock: Clock
  #at = $state(0)

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
    this.#at = clock.now()
  }

  get at(): number {
    return this.#at
  }

  /** The moment itself and not the last tick: a reading must not come from the future. */
  refresh(): number {
    this.#at = this.#clock.now()
    return this.#at
  }

  start(): () => void {
    const timer = setInterval(() => this.refresh(), tickMs)
    return () => clearInterval(timer)
  }
}
