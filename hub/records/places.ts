/** Which rooms of a person a record is of, and in which part of its period each was theirs. */
import type { TimeRange } from '../../model/columns.ts'
import type { Site } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'

/** A room, and the part of the period in which it was this person's. */
export interface RecordPlace {
  site: Site
  range: TimeRange
}

type Places = Pick<Registry, 'sites' | 'site' | 'hostings'>

/**
 * Rooms that are or were the person's, within their own time there: a record of the time before a sensor was handed over is
 * its former host's, and no other's.
 */
export function placesOf(places: Places, personId: string, range: TimeRange): RecordPlace[] {
  return placesEverOf(places, personId)
    .map(({ site, from, until }) => ({
      site,
      range: {
        from: Math.max(range.from, from ?? -Infinity) as UnixMs,
        until: Math.min(range.until, until ?? Infinity) as UnixMs
      }
    }))
    .filter((place) => place.range.from < place.range.until)
}

/** Rooms that are or were theirs, with their time there; null reaches without limit. */
export function placesEverOf(
  places: Places,
  personId: string
): { site: Site; from: UnixMs | null; until: UnixMs | null }[] {
  return places
    .sites()
    .filter(({ placement }) => placement === 'indoor')
    .flatMap((site) =>
      places
        .hostings(site.siteId)
        .filter((one) => one.personId === personId)
        .map(({ from, until }) => ({ site, from, until }))
    )
}
