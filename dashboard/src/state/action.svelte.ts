/** Something that a person does at the hub, such as sending a form: one at a time, with its answer or its problem. */
import type { HubProblem } from '../fetch/http.ts'
import { asProblem } from './problem.ts'

export class Action<Input extends unknown[], Output> {
  isRunning = $state(false)
  problem = $state.raw<HubProblem>()
  done = $state.raw<Output>()
  readonly #act: (...input: Input) => Promise<Output>

  constructor(act: (...input: Input) => Promise<Output>) {
    this.#act = act
  }

  /** A second call while the first runs does nothing: a double click sends a form once. Gives whether it worked. */
  async run(...input: Input): Promise<boolean> {
    if (this.isRunning) return false
    this.isRunning = true
    this.problem = undefined
    try {
      this.done = await this.#act(...input)
      return true
    } catch (error) {
      this.problem = asProblem(error)
      return false
    } finally {
      this.isRunning = false
    }
  }
}
