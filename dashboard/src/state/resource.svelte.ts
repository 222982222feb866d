/** Something asked of the hub: its newest answer, or what went wrong. Of several requests only the newest may write. */
import type { HubProblem } from '../fetch/http.ts'
import { Newest } from '../fetch/newest.ts'
import { asProblem } from './problem.ts'

export class Resource<T> {
  /** The newest answer; it stays while another is awaited, and when that fails. */
  value = $state.raw<T>()
  /** Why the newest request failed; undefined after one that did not. */
  problem = $state.raw<HubProblem>()
  isLoading = $state(false)
  readonly #fetch: (signal: AbortSignal) => Promise<T>
  readonly #newest = new Newest()

  constructor(fetch: (signal: AbortSignal) => Promise<T>) {
    this.#fetch = fetch
  }

  async load(): Promise<void> {
    const signal = this.#newest.start()
    this.isLoading = true
    try {
      const value = await this.#fetch(signal)
      if (signal.aborted) return
      this.value = value
      this.problem = undefined
      this.isLoading = false
    } catch (error) {
      if (signal.aborted) return
      this.isLoading = false
      this.problem = asProblem(error)
    }
  }

  stop(): void {
    this.#newest.stop()
  }
}
