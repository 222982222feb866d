/** What belongs to a signed-in person; what does not is found exactly as little as what does not exist. */
import type { TimeRange } from '../../model/columns.ts'
import { consentPurposeNames, consentWordings, currentWording, holdsAt } from '../../model/consent.ts'
import type { Site } from '../../model/place.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { OwnHome } from '../../contract/own.ts'
import type { Registry } from '../../registry/registry.ts'

export type OwnPlaces = Pick<
  Registry,
  | 'sites'
  | 'site'
  | 'street'
  | 'homes'
  | 'hostings'
  | 'devices'
  | 'deployments'
  | 'consents'
  | 'problems'
  | 'diary'
  | 'sitePlace'
  | 'corners'
>

/** undefined for what is somebody else's as for what there is not. */
export function ownSite(places: Pick<OwnPlaces, 'site'>, personId: string, siteId: string): Site | undefined {
  const site = places.site(siteId)
  return site?.personId === personId ? site : undefined
}

/** Their own time at the site: what its host before them measured there stays with that host. */
export function ownPartOf(
  places: Pick<OwnPlaces, 'hostings'>,
  { siteId, personId }: Site,
  range: TimeRange
): TimeRange {
  const since = places.hostings(siteId).findLast((one) => one.personId === personId)?.from ?? null
  const from = Math.max(range.from, since ?? -Infinity) as UnixMs
  return from < range.until ? { from, until: range.until } : { from: range.until, until: range.until }
}

export function ownRooms(places: Pick<OwnPlaces, 'sites'>, personId: string): Site[] {
  return places.sites().filter((site) => site.personId === personId && site.placement === 'indoor')
}

/** A home that no sensor was ever in has no rooms, and nothing to agree to. */
export function ownHomes(places: OwnPlaces, personId: string, now: UnixMs): OwnHome[] {
  const rooms = ownRooms(places, personId)
  const records = places.consents()
  return places
    .homes()
    .filter((home) => home.personId === personId)
    .map(({ homeId }) => ({
      homeId,
      rooms: rooms
        .filter((site) => site.homeId === homeId)
        .map(({ siteId, name, streetId }) => ({ siteId, name, street: ownStreet(places, streetId) })),
      consents: consentPurposeNames.map((purpose) => {
        const held = records.find(
          (one) => one.homeId === homeId && one.purpose === purpose && holdsAt(one, now)
        )
        const wording = held?.wording ?? currentWording[purpose]
        return {
          purpose,
          on: held !== undefined,
          since: held ? toIso(held.from) : null,
          words: consentWordings[wording] ?? ''
        }
      })
    }))
}

export function ownStreet(places: Pick<OwnPlaces, 'street'>, streetId: string): { id: string; name: string } {
  const street = places.street(streetId)
  return { id: street?.streetId ?? streetId, name: street?.name ?? streetId }
}
