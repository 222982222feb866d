/** How many readings an hour is taken to hold, so that work can be cut into pieces of bounded size. The same for every store. */
import { hourMs } from '../../model/time.ts'
import type { Catalogue } from '../memory/catalogue.ts'
import { hourReadingsUnknown } from '../limits.ts'

/** Of one device that measures every `intervalS` seconds; undefined where that is unknown. */
export function readingsAnHour(intervalS: number | undefined): number {
  return intervalS ? hourMs / 1_000 / intervalS : hourReadingsUnknown
}

/** By channel, as its devices are said to measure; a series without readings adds none. */
export function readingsPerHour(place: {
  readonly catalogue: Catalogue
  readonly intervals: ReadonlyMap<string, number>
}): Map<number, number> {
  const perHour = new Map<number, number>()
  for (const { channel, deviceId, low, high } of place.catalogue.allSeries()) {
    if (low > high) continue
    const readings = readingsAnHour(place.intervals.get(deviceId))
    perHour.set(channel.id, (perHour.get(channel.id) ?? 0) + readings)
  }
  return perHour
}
