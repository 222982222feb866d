/** The streets of the first page: loaded once, then kept fresh by live events. */
import type { LiveStreet } from '../../../contract/live.ts'
import type { StreetSummary } from '../../../contract/street.ts'
import { fetchStreets } from '../fetch/hub.ts'
import { listen } from '../fetch/live.ts'
import { Resource } from './resource.svelte.ts'
import { reloadMsMin } from '../limits.ts'

export class Neighbourhood {
  readonly #streets = new Resource<StreetSummary[]>(fetchStreets)
  connected = $state(true)
  #reload: ReturnType<typeof setTimeout> | undefined

  get streets(): StreetSummary[] | undefined {
    return this.#streets.value
  }

  get problem() {
    return this.#streets.problem
  }

  readonly hasFigures = $derived(
    this.#streets.value?.some((street) => Object.keys(street.latest).length > 0) ?? false
  )

  load(): Promise<void> {
    return this.#streets.load()
  }

  start(): () => void {
    void this.load()
    const stop = listen([], {
      connected: (is) => (this.connected = is),
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
