/** The streets of the first page: loaded once, then kept fresh by live events. */
import type { LiveStreet } from '../../../contract/live.ts'
import type { StreetSummary } from '../../../contract/street.ts'
import { hasFigures } from '../../../words/neighbourhood-page.ts'
import { fetchStreets, isStreets } from '../fetch/hub.ts'
import { listen } from '../fetch/live.ts'
import { Resource } from './resource.svelte.ts'
import { remember, restore, takeBeat, type Watch } from './watch.ts'
import { reloadMsMin } from '../limits.ts'

export class Neighbourhood {
  readonly #streets = new Resource<StreetSummary[]>(fetchStreets)
  readonly #watch: Watch
  #reload: ReturnType<typeof setTimeout> | undefined

  get streets(): StreetSummary[] | undefined {
    return this.#streets.value
  }

  get problem() {
    return this.#streets.problem
  }

  readonly hasFigures = $derived(hasFigures(this.#streets.value ?? []))

  constructor(watch: Watch) {
    this.#watch = watch
  }

  async load(): Promise<void> {
    await this.#streets.load()
    const { value, problem } = this.#streets
    if (value && !problem) remember(this.#watch, 'streets', value)
    if (!value && problem) this.#streets.value = restore(this.#watch, 'streets', problem, isStreets)
  }

  start(): () => void {
    void this.load()
    const stop = listen([], {
      beat: (hubAt) => takeBeat(this.#watch, hubAt),
      caughtUp: () => void this.load(),
      street: (event) => this.#take(event),
      reading: ({ streetId, quantity }) => {
        const street = this.streets?.find(({ id }) => id === streetId)
        if (!street || street.latest[quantity] === undefined) this.#loadSoon()
      }
    })
    return () => {
      stop()
      clearTimeout(this.#reload)
      this.#streets.stop()
    }
  }

  #take({ streetId, latest }: LiveStreet): void {
    if (!this.streets?.some(({ id }) => id === streetId)) return this.#loadSoon()
    this.#streets.value = this.streets.map((street) =>
      street.id === streetId ? { ...street, latest: { ...street.latest, ...latest } } : street
    )
  }

  #loadSoon(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined
      void this.load()
    }, reloadMsMin)
  }
}
