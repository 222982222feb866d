/** Persons, their homes, and whose each site is: what privacy is counted by. Accounts attach to persons. */
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
