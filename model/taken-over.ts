/**
 * Consents that an upgrade took over from the yes and no of an earlier version. Nobody knows which words those homes were
 * shown, and a home whose sensors disagreed was not taken over; a street may have too few homes for a figure because of it.
 */
import { unknownWording, type Consent } from './consent.ts'
import { homesPerDayMin } from './limits.ts'
import type { Site } from './place.ts'

/** Name of the registry's setting in which the upgrade noted how many homes of each street agreed before it. */
export const homesBeforeSetting = 'homesBeforeConsents'

/** …and in which it noted the sites that counted, until the days that everybody saw of them are in the ledger. */
export const sitesBeforeSetting = 'sitesBeforeConsents'

export interface StreetShortOfConsents {
  streetId: string
  /** Homes that agree to count into the street's figures now. */
  homes: number
  /** Those of them of which nobody knows the words. */
  unknownWords: number
  /** Homes that counted before the upgrade. */
  homesBefore: number
}

/**
 * Streets without five homes that agreed to words that are known, and that would have five otherwise. `noted` is the text of
 * `homesBeforeSetting`; undefined where there was no upgrade.
 */
export function streetsShortOfConsents(
  sites: readonly Pick<Site, 'streetId' | 'placement' | 'homeId'>[],
  consents: readonly Pick<Consent, 'homeId' | 'purpose' | 'wording' | 'until'>[],
  noted: string | undefined
): StreetShortOfConsents[] {
  const before = new Map(Object.entries(JSON.parse(noted ?? '{}') as Record<string, number>))
  const wordingOf = new Map(
    consents
      .filter(({ purpose, until }) => purpose === 'street' && until === null)
      .map(({ homeId, wording }) => [homeId, wording])
  )
  const homesOf = Map.groupBy(
    sites.filter(({ placement, homeId }) => placement === 'indoor' && wordingOf.has(homeId)),
    ({ streetId }) => streetId
  )
  return [...new Set([...homesOf.keys(), ...before.keys()])].flatMap((streetId) => {
    const homeIds = [...new Set(homesOf.get(streetId)?.map(({ homeId }) => homeId))]
    const homes = homeIds.length
    const unknownWords = homeIds.filter((homeId) => wordingOf.get(homeId) === unknownWording).length
    const homesBefore = before.get(streetId) ?? 0
    const isShort = homes - unknownWords < homesPerDayMin && Math.max(homes, homesBefore) >= homesPerDayMin
    return isShort && (unknownWords > 0 || homes < homesPerDayMin)
      ? [{ streetId, homes, unknownWords, homesBefore }]
      : []
  })
}
