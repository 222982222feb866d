/**
 * Who may see what: the one rule, used by every query, export, live event, MQTT topic and command (design: privacy).
 * Outdoor sites are public at the precision of their street. Indoor sites are private: they reach the public only as
 * figures of several homes, late, and never as a difference that gives one home away.
 */
import type { Site } from './place.ts'

/** The operator is whoever can open the data folder or its socket; hosts come with accounts. */
export type Audience = 'public' | 'operator'

export function maySeeSite(audience: Audience, site: Pick<Site, 'placement'>): boolean {
  return audience === 'operator' || site.placement === 'outdoor'
}

export function visibleSites<S extends Pick<Site, 'placement'>>(
  audience: Audience,
  sites: readonly S[]
): S[] {
  return sites.filter((site) => maySeeSite(audience, site))
}
