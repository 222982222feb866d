/** The hourly look back at work: after each hour, after an import, and when it is asked for; in bites. */
import { streetNeighboursMin, hubNeighboursMax } from '../limits.ts'
import { lookBackRules, type LookBackPlaces } from '../../ingest/look-back.ts'
import { hourMs, hourStart, minuteMs, type Clock } from '../../model/time.ts'
import type { Site } from '../../model/place.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { keepDoing, type Recurring } from './recurring.ts'

/** Minutes past the hour: by then what sensors send a little late has come. */
const afterTheHourMs = 3 * minuteMs

/** Outdoor sites by which an outdoor site is judged: those of its street, or of the hub where the street has too few. */
export function lookBackPlaces(
  sites: readonly Site[],
  boxes: readonly Pick<DirectoryEntry, 'deviceId' | 'sensors'>[]
): LookBackPlaces {
  const outdoor = sites.filter(({ placement }) => placement === 'outdoor')
  const ids = outdoor.map(({ siteId }) => siteId).toSorted()
  const byStreet = Map.groupBy(outdoor, ({ streetId }) => streetId)
  const sensors = new Map(boxes.map(({ deviceId, sensors: held }) => [deviceId, held]))
  const neighbours = new Map<string, string[]>()
  for (const { siteId, streetId } of outdoor) {
    const street = (byStreet.get(streetId) ?? []).map((site) => site.siteId).filter((id) => id !== siteId)
    const hub = ids.slice(0, hubNeighboursMax + 1).filter((id) => id !== siteId)
    neighbours.set(siteId, street.length >= streetNeighboursMin ? street.toSorted() : hub)
  }
  return {
    isOutdoor: (siteId) => neighbours.has(siteId),
    neighboursOf: (siteId) => neighbours.get(siteId) ?? [],
    sensorsOf: (deviceId) => sensors.get(deviceId) ?? []
  }
}

export interface LookingBackDeps {
  store: ReadingExaminer
  places(): LookBackPlaces
  clock: Clock
  unavailable(cause: StoreUnavailable): void
  onBug(cause: unknown): void
}

/** `settle` resolves when every closed hour that is marked now has been judged; it gives how many readings changed. */
export function keepLookingBack({
  store,
  places,
  clock,
  unavailable,
  onBug
}: LookingBackDeps): Recurring<number> {
  return keepDoing({
    async work(stopping) {
      let changed = 0
      for (let more = true; more && !stopping.aborted;) {
        const bite = await store.lookBack(clock.now(), lookBackRules(places()))
        changed += bite.changed
        more = bite.more
      }
      return changed
    },
    nothing: 0,
    untilNextMs() {
      const now = clock.now()
      const thisHour = hourStart(now) + afterTheHourMs
      return thisHour > now ? thisHour - now : thisHour + hourMs - now
    },
    unavailable,
    onBug
  })
}
