/**
 * A filter that follows a link to many entities holds if it does for one of them: `Datastreams/ObservedProperty/name eq 'PM2.5'`
 * finds the Things that measure it. The same link stands for the same entity wherever it is in one filter, as in a join.
 */
import { choicesMax } from '../limits.ts'
import { bad } from '../problem.ts'

interface Choice {
  index: number
  count: number
}

export class Choices {
  readonly #made = new Map<string, Choice>()
  #tried = 0

  /** Which of `count` entities the link stands for now; undefined where there is none. */
  of<T>(link: string, entities: readonly T[]): T | undefined {
    let choice = this.#made.get(link)
    if (!choice) this.#made.set(link, (choice = { index: 0, count: entities.length }))
    return entities[choice.index]
  }

  /** Does the filter hold for some choice? */
  some(holds: () => boolean): boolean {
    this.#made.clear()
    this.#tried = 0
    do if (holds()) return true
    while (this.#next())
    return false
  }

  /** Like an odometer: the last choice that was made moves on first. */
  #next(): boolean {
    if (++this.#tried > choicesMax)
      throw bad(
        '$filter follows too many links at once. Ask for one of them, and for the other in a request of its own.'
      )
    for (const [link, choice] of [...this.#made].reverse()) {
      if (++choice.index < choice.count) return true
      this.#made.delete(link)
    }
    return false
  }
}
