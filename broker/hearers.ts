/** Who listens to what the hub itself publishes for everybody: so that nothing is made that nobody would hear. */
import { matches } from './audience.ts'
import { wildFiltersMax } from './limits.ts'

interface Watch {
  root: string
  tell(isHeard: boolean): void
}

/** Of one circle: that of clients without a name. */
export class Hearers {
  readonly #watches: Watch[] = []
  readonly #exact = new Set<string>()
  readonly #wild = new Set<string>()
  /** How many filters begin with each first level. */
  readonly #roots = new Map<string, number>()

  /** Somebody has a filter that nobody had. */
  came(filter: string): void {
    this.#kindOf(filter).add(filter)
    const root = rootOf(filter)
    const count = this.#roots.get(root) ?? 0
    this.#roots.set(root, count + 1)
    if (count === 0) this.#tell(root, true)
  }

  /** Nobody has it any more. */
  went(filter: string): void {
    this.#kindOf(filter).delete(filter)
    const root = rootOf(filter)
    const left = (this.#roots.get(root) ?? 1) - 1
    if (left > 0) return void this.#roots.set(root, left)
    this.#roots.delete(root)
    this.#tell(root, false)
  }

  /** `tell` is called whenever somebody begins to listen below `root`, and when nobody does any more; now if somebody does. */
  watch(root: string, tell: (isHeard: boolean) => void): void {
    this.#watches.push({ root, tell })
    if (this.#roots.has(root)) tell(true)
  }

  /** So many filters that looking through them would take longer than making it: somebody is taken to hear it. */
  hears(topic: string): boolean {
    if (this.#exact.has(topic) || this.#wild.size > wildFiltersMax) return true
    for (const filter of this.#wild) if (matches(filter, topic)) return true
    return false
  }

  #kindOf(filter: string): Set<string> {
    return /[+#]/.test(filter) ? this.#wild : this.#exact
  }

  #tell(root: string, isHeard: boolean): void {
    for (const watch of this.#watches) if (watch.root === root) watch.tell(isHeard)
  }
}

function rootOf(filter: string): string {
  return filter.split('/', 1)[0]!
}
