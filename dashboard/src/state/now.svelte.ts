/** What time it is, for ages that grow while somebody looks at them. */
import { systemClock, type Clock } from '../../../model/time.ts'
import { clockTickMs } from '../limits.ts'

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

  /** The moment itself and not the last tick; reading it makes nothing depend on it. */
  exact(): number {
    return this.#clock.now()
  }

  start(): () => void {
    const timer = setInterval(() => (this.#at = this.#clock.now()), clockTickMs)
    return () => clearInterval(timer)
  }
}
