/** Finding what a request names, for the public: what nobody may see is answered exactly like what does not exist. */
import type { Site, Street } from '../model/place.ts'
import { maySeeSite, visibleSites } from '../model/visibility.ts'
import type { Registry } from '../registry/registry.ts'
import { FiguresRefusal } from './refusal.ts'
import { shown } from './shown.ts'

/** What figures and answers are told of the registry. */
export type Places = Pick<
  Registry,
  | 'streets'
  | 'street'
  | 'sites'
  | 'site'
  | 'sitePlace'
  | 'devices'
  | 'deployments'
  | 'corrections'
  | 'annotations'
  | 'publishedDays'
  | 'publishedQuantities'
  | 'publishedChanges'
  | 'isDemo'
  | 'onChange'
>

export function publicStreet(places: Pick<Places, 'street'>, streetId: string): Street {
  const street = places.street(streetId)
  if (street) return street
  throw new FiguresRefusal('streetUnknown', `There is no street "${shown(streetId)}" here.`)
}

export function publicSite(places: Pick<Places, 'site'>, siteId: string): Site {
  const site = places.site(siteId)
  if (site && maySeeSite('public', site)) return site
  throw new FiguresRefusal('siteUnknown', `There is no public site "${shown(siteId)}" here.`)
}

/**
 * Where a box measures or measured for which anybody can speak, so that its readings may be anybody's invention; or a reference
 * instrument, which would be mixed into what low-cost sensors say. They are shown as they are, and count towards no street.
 */
export function uncountedSites(places: Pick<Places, 'devices' | 'deployments'>): ReadonlySet<string> {
  const apart = new Set(
    places
      .devices()
      .flatMap(({ deviceId, unauthenticated, isReference }) =>
        unauthenticated || isReference ? [deviceId] : []
      )
  )
  if (apart.size === 0) return apart
  return new Set(
    places.deployments().flatMap(({ deviceId, siteId }) => (apart.has(deviceId) ? [siteId] : []))
  )
}

/** Where a reference instrument measures or measured. */
export function referenceSites(places: Pick<Places, 'devices' | 'deployments'>): ReadonlySet<string> {
  const references = new Set(
    places.devices().flatMap(({ deviceId, isReference }) => (isReference ? [deviceId] : []))
  )
  return new Set(
    places.deployments().flatMap(({ deviceId, siteId }) => (references.has(deviceId) ? [siteId] : []))
  )
}

/** A street's public sites that its value is made of. */
export function countedSitesOf(
  places: Pick<Places, 'sites' | 'devices' | 'deployments'>,
  streetId: string
): Site[] {
  const uncounted = uncountedSites(places)
  return publicSitesOf(places, streetId).filter(({ siteId }) => !uncounted.has(siteId))
}

export function publicSitesOf(places: Pick<Places, 'sites'>, streetId: string): Site[] {
  return visibleSites('public', places.sites()).filter((site) => site.streetId === streetId)
}

/**
 * A street's public sites where a sensor is installed, in the order of their ids: a place that a sensor has left is no
 * silent sensor. A street that all of them have left still shows where they were. The registry is read once, for every
 * street that is asked for afterwards.
 */
export function presentSites(places: Pick<Places, 'sites' | 'deployments'>): (streetId: string) => Site[] {
  const byStreet = Map.groupBy(visibleSites('public', places.sites()), ({ streetId }) => streetId)
  const running = places.deployments().filter(({ until }) => until === null)
  const taken = new Set(running.map(({ siteId }) => siteId))
  return (streetId) => {
    const sites = byStreet.get(streetId) ?? []
    const present = sites.filter(({ siteId }) => taken.has(siteId))
    return (present.length > 0 ? present : sites).toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1))
  }
}
