/** What a figure of a period is about: one site, or a street's outdoor sites together. */
import { streetSitesMin } from '../../model/limits.ts'
import type { Site, Street } from '../../model/place.ts'
import { maySeeSite } from '../../model/visibility.ts'
import { countedSitesOf, publicSite, publicStreet } from '../places.ts'
import type { PeriodDeps } from './deps.ts'

/** A street as the middle of three sites or more, or one site by itself. */
export interface SiteOrStreet {
  kind: 'street' | 'site'
  id: string
}

export function sitesOf(
  deps: PeriodDeps,
  { kind, id }: SiteOrStreet
): { siteIds: string[]; sitesMin: number } {
  if (kind === 'site') return { siteIds: [requireSite(deps, id).siteId], sitesMin: 1 }
  return { siteIds: streetSiteIds(deps, requireStreet(deps, id).streetId), sitesMin: streetSitesMin }
}

export function requireSite({ places, audience }: PeriodDeps, siteId: string): Site {
  const site = places.site(siteId)
  return site && maySeeSite(audience, site) ? site : publicSite(places, siteId)
}

export function requireStreet({ places }: PeriodDeps, streetId: string): Street {
  return publicStreet(places, streetId)
}

/** A street's value is that of its outdoor sites, for every audience. */
export function streetSiteIds({ places }: PeriodDeps, streetId: string): string[] {
  return countedSitesOf(places, streetId)
    .map((site) => site.siteId)
    .toSorted()
}
