/** The hub's own facts: its name, its time zone, the licence of its data, whether any sensor is installed, and whether it is late. */
import type { HubInfo } from '../../../contract/hub.ts'
import type { HubProblem } from '../fetch/http.ts'
import { fetchHub } from '../fetch/hub.ts'
import { Newest } from '../fetch/newest.ts'
import { asProblem } from './problem.ts'
import { hubInfoEveryMs } from '../limits.ts'

export class Hub {
  info = $state.raw<HubInfo>()
  problem = $state.raw<HubProblem>()
  /** Seconds by which what can be shown is behind what the hub accepted. */
  behindS = $state(0)
  readonly #newest = new Newest()

  async load(): Promise<void> {
    const signal = this.#newest.start()
    try {
      const { info, behindS } = await fetchHub(signal)
      this.info = info
      this.behindS = behindS
      this.problem = undefined
    } catch (error) {
      if (!signal.aborted) this.problem = asProblem(error)
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
      this.behindS = (await fetchHub(signal)).behindS
    } catch (error) {
      if (!signal.aborted) asProblem(error)
    }
  }
}
