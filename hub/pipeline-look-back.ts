/** The hourly look back at work: after each hour, after an import, and when it is asked for; in bites. */
import { setTimeout as sleep } from 'node:timers/promises'
import { lookBackRules, type LookBackPlaces } from '../ingest/look-back.ts'
import { hourMs, hourStart, minuteMs, type Clock } from '../model/time.ts'
import type { Site } from '../model/place.ts'
import { StoreUnavailable, type ReadingExaminer } from '../store/store.ts'

/** Minutes past the hour: by then what sensors send a little late has come. */
const afterTheHourMs = 3 * minuteMs

/** With fewer on the street, those of the whole hub are asked; of these no more than so many. */
const streetNeighboursMin = 3
const hubNeighboursMax = 50

/** Outdoor sites by which an outdoor site is judged: those of its street, or of the hub where the street has too few. */
export function lookBackPlaces(sites: readonly Site[]): LookBackPlaces {
  const outdoor = sites.filter(({ placement }) => placement === 'outdoor')
  const ids = outdoor.map(({ siteId }) => siteId).toSorted()
  const byStreet = Map.groupBy(outdoor, ({ streetId }) => streetId)
  const neighbours = new Map<string, string[]>()
  for (const { siteId, streetId } of outdoor) {
    const street = (byStreet.get(streetId) ?? []).map((site) => site.siteId).filter((id) => id !== siteId)
    const hub = ids.slice(0, hubNeighboursMax + 1).filter((id) => id !== siteId)
    neighbours.set(siteId, street.length >= streetNeighboursMin ? street.toSorted() : hub)
  }
  return {
    isOutdoor: (siteId) => neighbours.has(siteId),
    neighboursOf: (siteId) => neighbours.get(siteId) ?? []
  }
}

export interface LookingBack {
  /** Resolves when every closed hour that is marked now has been judged; gives how many readings changed. */
  settle(): Promise<number>
  stop(): Promise<void>
}

export interface LookingBackDeps {
  store: ReadingExaminer
  places(): LookBackPlaces
  clock: Clock
  unavailable(cause: StoreUnavailable): void
  onBug(cause: unknown): void
}

export function keepLookingBack({ store, places, clock, unavailable, onBug }: LookingBackDeps): LookingBack {
  const stopping = new AbortController()
  let running: Promise<number> = Promise.resolve(0)
  const look = async (): Promise<number> => {
    let changed = 0
    for (let more = true; more && !stopping.signal.aborted;) {
      const bite = await store.lookBack(clock.now(), lookBackRules(places()))
      changed += bite.changed
      more = bite.more
    }
    return changed
  }
  // The marks stay in the store until the work is done, so a store that cannot work now loses nothing.
  const attempt = (cause: unknown): number => {
    if (!(cause instanceof StoreUnavailable)) throw cause
    unavailable(cause)
    return 0
  }
  const settle = (): Promise<number> => (running = running.then(look).catch(attempt))
  const untilNextMs = (): number => {
    const now = clock.now()
    const thisHour = hourStart(now) + afterTheHourMs
    return thisHour > now ? thisHour - now : thisHour + hourMs - now
  }
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await settle()
      await sleep(untilNextMs(), undefined, { signal: stopping.signal }).catch(ignoreAbort)
    }
  })()
  loop.catch(onBug)
  return {
    settle,
    async stop() {
      stopping.abort()
      await loop
      await running
    }
  }
}

function ignoreAbort(cause: unknown): void {
  if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause
}
