/** The hub's own facts: its name, its time zone, the licence of its data, whether any sensor is installed, and whether it is late. */
import type { HubInfo } from '../../../contract/hub.ts'
import type { HubProblem } from '../fetch/http.ts'
import { fetchHub, isHubInfo } from '../fetch/hub.ts'
import { keep, kept } from '../fetch/kept.ts'
import { Newest } from '../fetch/newest.ts'
import { asProblem } from './problem.ts'
import type { Now } from './now.svelte.ts'
import { hubInfoEveryMs } from '../limits.ts'

export class Hub {
  info = $state.raw<HubInfo>()
  problem = $state.raw<HubProblem>()
  /** Seconds by which what can be shown is behind what the hub accepted. */
  behindS = $state(0)
  readonly #now: Now
  readonly #newest = new Newest()

  constructor(now: Now) {
    this.#now = now
  }

  async load(): Promise<void> {
    const signal = this.#newest.start()
    try {
      const { info, behindS } = await fetchHub(signal)
      this.#now.hubSays(info.now)
      this.info = info
      this.behindS = behindS
      this.problem = undefined
      keep('hub', info, info.now)
    } catch (error) {
      if (signal.aborted) return
      this.problem = asProblem(error)
      // Its name and time zone from the last time are enough for what else was kept.
      this.info ??= kept('hub', isHubInfo)?.body
    }
  }

  /** Asks now and then every minute, while the page is looked at; gives how to stop. */
  start(): () => void {
    void this.load()
    const again = setInterval(() => {
      // A page that stands keeps standing when the hub is away for a moment; its parts say so themselves.
      if (this.info && !document.hidden) void this.#renew()
    }, hubInfoEveryMs)
    return () => {
      clearInterval(again)
      this.#newest.stop()
    }
  }

  async #renew(): Promise<void> {
    const signal = this.#newest.start()
    try {
      const { info, behindS } = await fetchHub(signal)
      this.#now.hubSays(info.now)
      this.behindS = behindS
      this.problem = undefined
    } catch (error) {
      if (!signal.aborted) asProblem(error)
    }
  }
}
