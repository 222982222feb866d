/** Persons, their homes, and whose each site is: what privacy is counted by. Accounts attach to persons. */
import type { Deployment } from './place.ts'
import type { UnixMs } from './time.ts'

export interface Person {
  personId: string
  /** '' until somebody names them: a home or a sensor may come before its person does. */
  name: string
  createdAt: UnixMs
  /** Months for which raw indoor readings are kept, counted from the time measured; null keeps them. */
  keepMonths: number | null
  /** When that number was chosen: removal begins 30 days later. */
  keepSetAt: UnixMs | null
}

/** A household. However many sites it has, it counts once. */
export interface Home {
  homeId: string
  personId: string
  createdAt: UnixMs
}

/**
 * Whose a site was or is, from inclusive, until exclusive; null reaches without limit. The periods of a site cover all
 * time without overlapping; the last one is the site's host now.
 */
export interface Hosting {
  siteId: string
  personId: string
  from: UnixMs | null
  until: UnixMs | null
}

/** Where and when a device was with a person, oldest first. */
export function staysWith(
  places: {
    deployments(deviceId: string): readonly Deployment[]
    hostings(siteId: string): readonly Hosting[]
  },
  personId: string,
  deviceId: string
): Pick<Deployment, 'siteId' | 'from' | 'until'>[] {
  return places.deployments(deviceId).flatMap((stay) =>
    places.hostings(stay.siteId).flatMap((hosting) => {
      if (hosting.personId !== personId) return []
      const from = Math.max(stay.from ?? -Infinity, hosting.from ?? -Infinity)
      const until = Math.min(stay.until ?? Infinity, hosting.until ?? Infinity)
      if (from >= until) return []
      return [{ siteId: stay.siteId, from: finiteOrNull(from), until: finiteOrNull(until) }]
    })
  )
}

function finiteOrNull(at: number): UnixMs | null {
  return Number.isFinite(at) ? (at as UnixMs) : null
}
