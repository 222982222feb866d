/** The hourly look back at work: after each hour, after an import, and when it is asked for; in bites. */
import { streetNeighboursMin, hubNeighboursMax } from '../limits.ts'
import { lookBackRules, type LookBackPlaces } from '../../ingest/look-back.ts'
import { hourMs, hourStart, minuteMs, type Clock } from '../../model/time.ts'
import type { Site } from '../../model/place.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { keepDoing, type Recurring } from '../../recurring.ts'
import { orNothing } from './or-nothing.ts'

/** Minutes past the hour: by then what sensors send a little late has come. */
const afterTheHourMs = 3 * minuteMs

/** Outdoor sites by which an outdoor site is judged: those of its street, or of the hub where the street has too few. */
export function lookBackPlaces(
  sites: readonly Site[],
  boxes: readonly Pick<DirectoryEntry, 'deviceId' | 'sensors'>[]
): LookBackPlaces {
  const outdoor = sites.filter(({ placement }) => placement === 'outdoor')
  const idsOf = (some: readonly Site[]): string[] => some.map(({ siteId }) => siteId).toSorted()
  const first = idsOf(outdoor).slice(0, hubNeighboursMax + 1)
  // One list for all sites of a street: one for each would be a million names where a street has a thousand.
  const byStreet = new Map(
    Array.from(
      Map.groupBy(outdoor, ({ streetId }) => streetId),
      ([street, some]) => [street, idsOf(some)]
    )
  )
  const streetOf = new Map(outdoor.map(({ siteId, streetId }) => [siteId, streetId]))
  const sensors = new Map(boxes.map(({ deviceId, sensors: held }) => [deviceId, held]))
  return {
    isOutdoor: (siteId) => streetOf.has(siteId),
    neighboursOf(siteId) {
      const street = byStreet.get(streetOf.get(siteId) ?? '')
      if (street === undefined) return []
      return (street.length > streetNeighboursMin ? street : first).filter((id) => id !== siteId)
    },
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
    failed: orNothing(0, unavailable),
    untilNextMs() {
      const now = clock.now()
      const thisHour = hourStart(now) + afterTheHourMs
      return thisHour > now ? thisHour - now : thisHour + hourMs - now
    },
    onBug
  })
}
