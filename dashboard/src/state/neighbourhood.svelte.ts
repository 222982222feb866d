/** The streets of the first page: loaded once, then kept fresh by live events. */
import type { LiveStreet } from '../../../contract/live.ts'
import type { StreetSummary } from '../../../contract/street.ts'
import { fetchStreets, HubProblem } from '../fetch/hub.ts'
import { listen } from '../fetch/live.ts'
import { Newest } from '../fetch/newest.ts'
import { asProblem } from './problem.ts'

/** A first reading makes the page ask again at most this often; figures themselves arrive as events. */
const reloadMs = 3_000

export class Neighbourhood {
  streets = $state.raw<StreetSummary[]>()
  problem = $state.raw<HubProblem>()
  connected = $state(true)
  readonly #newest = new Newest()
  #reload: ReturnType<typeof setTimeout> | undefined

  readonly hasFigures = $derived(
    this.streets?.some((street) => Object.keys(street.latest).length > 0) ?? false
  )

  async load(): Promise<void> {
    const signal = this.#newest.start()
    try {
      this.streets = await fetchStreets(signal)
      this.problem = undefined
    } catch (error) {
      if (!signal.aborted) this.problem = asProblem(error)
    }
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
      this.#newest.stop()
    }
  }

  #take({ streetId, latest }: LiveStreet): void {
    if (!this.streets?.some(({ id }) => id === streetId)) return this.#loadSoon()
    this.streets = this.streets.map((street) =>
      street.id === streetId ? { ...street, latest: { ...street.latest, ...latest } } : street
    )
  }

  #loadSoon(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined
      void this.load()
    }, reloadMs)
  }
}
