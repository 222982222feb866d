/**
 * Whether the hub is heard, and as of when figures stand. Live events bring a beat every 15 s; after 45 s without one, and
 * without an answer either, everything shown is "as of" the last time anything was heard.
 */
import type { Clock } from '../../../model/time.ts'
import { pulseCheckMs, silenceMsMax } from '../limits.ts'

/** Why nothing is heard: this device has no network, or the hub does not answer. */
export type Silence = 'offline' | 'silent'

export class Pulse {
  /** The hub's time up to which figures are known to hold; undefined while nothing was ever heard. */
  #knownAt = $state<number>()
  #silence = $state<Silence>()
  /** This device's time at which the hub was heard last. */
  #heardHere: number
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
    this.#heardHere = clock.now()
  }

  get silence(): Silence | undefined {
    return this.#silence
  }

  /** The hub's time as of which figures stand; undefined while it is heard, or before there is any figure. */
  get asOf(): number | undefined {
    return this.#silence === undefined ? undefined : this.#knownAt
  }

  /** The hub was heard, and what is shown is as new as this moment of its clock. */
  heard(hubAt: number): void {
    this.#knownAt = Math.max(hubAt, this.#knownAt ?? hubAt)
    this.#heardHere = this.#clock.now()
    this.#silence = undefined
  }

  /** Figures that this browser kept are shown, since the hub gave none. */
  restored(hubAt: number): void {
    this.#knownAt = Math.min(hubAt, this.#knownAt ?? hubAt)
    this.#silence = whyNow()
  }

  /** Looks at the time. Only differences on one clock count, so a wrong one does no harm. */
  check(): void {
    const isSilent = this.#clock.now() - this.#heardHere >= silenceMsMax
    if (isSilent || isOffline()) this.#silence = whyNow()
  }

  /** Until the returned function is called. Timers stand still while a device sleeps, so waking up is a check of its own. */
  start(): () => void {
    const check = (): void => this.check()
    const timer = setInterval(check, pulseCheckMs)
    const signs = ['offline', 'online', 'pageshow'] as const
    for (const sign of signs) addEventListener(sign, check)
    document.addEventListener('visibilitychange', check)
    return () => {
      clearInterval(timer)
      for (const sign of signs) removeEventListener(sign, check)
      document.removeEventListener('visibilitychange', check)
    }
  }
}

function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false
}

function whyNow(): Silence {
  return isOffline() ? 'offline' : 'silent'
}
