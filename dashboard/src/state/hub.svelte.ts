/** The hub's own facts: its name, its time zone, the licence of its data, and whether anything hangs there yet. */
import type { HubInfo } from '../../../api/contract.ts'
import { fetchHub, HubProblem } from '../fetch/hub.ts'
import { Newest } from '../fetch/newest.ts'
import { asProblem } from './problem.ts'

export class Hub {
  info = $state.raw<HubInfo>()
  problem = $state.raw<HubProblem>()
  readonly #newest = new Newest()

  async load(): Promise<void> {
    const signal = this.#newest.start()
    try {
      this.info = await fetchHub(signal)
      this.problem = undefined
    } catch (error) {
      if (!signal.aborted) this.problem = asProblem(error)
    }
  }
}
