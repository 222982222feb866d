/** What time it is at the hub, for ages that grow while somebody looks at them: this device's clock may be wrong. */
import { untrack } from 'svelte'
import { systemClock, type Clock } from '../../../model/time.ts'
import { clockTickMs, clockWrongMsMin } from '../limits.ts'

export class Now {
  readonly #clock: Clock
  #at = $state(0)
  /** The hub's clock less this device's. */
  #aheadMs = $state(0)

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
    this.#at = clock.now()
  }

  get at(): number {
    return this.#at
  }

  /** By how much this device's clock is ahead of the hub's (behind: negative); 0 while nobody would notice. */
  readonly wrongMs = $derived(Math.abs(this.#aheadMs) > clockWrongMsMin ? -this.#aheadMs : 0)

  /** The moment itself and not the last tick; reading it makes nothing depend on it: beats correct it every few seconds. */
  exact(): number {
    return this.#clock.now() + untrack(() => this.#aheadMs)
  }

  /** What the hub's clock showed a moment ago. The way of an answer is far shorter than what anybody would notice. */
  hubSays(hubAt: number): void {
    this.#aheadMs = hubAt - this.#clock.now()
    this.#at = this.exact()
  }

  start(): () => void {
    const timer = setInterval(() => (this.#at = this.exact()), clockTickMs)
    return () => clearInterval(timer)
  }
}
