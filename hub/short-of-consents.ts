/** Streets that have too few homes for a figure because an upgrade took consents over: in the log, and for the doctor. */
import { counted } from '../model/counted.ts'
import { homesPerDayMin } from '../model/limits.ts'
import {
  homesBeforeSetting,
  streetsShortOfConsents,
  type StreetShortOfConsents
} from '../model/taken-over.ts'
import type { Registry } from '../registry/registry.ts'

/** What is the matter, and what to do. Never on a public page: it says how many homes agreed. */
export function shortOfConsentsText({
  name,
  homes,
  unknownWords,
  homesBefore
}: Omit<StreetShortOfConsents, 'streetId'> & { name: string }): [says: string, todo: string] {
  const todo =
    'Ask the homes, show them the words, and record it for each: npx lamppost device consent ID on --for street --by NAME'
  if (homes < homesPerDayMin)
    return [
      `${name} no longer has indoor figures: ${counted(homesBefore, 'home')} counted before the upgrade, ${homes === 1 ? '1 agrees' : `${homes} agree`} now, ` +
        `and ${homesPerDayMin} are needed. Homes whose sensors had different answers were left out.`,
      todo
    ]
  return [
    `Indoor figures of ${name} depend on ${counted(unknownWords, 'consent')} from an earlier version, whose wording is unknown; ` +
      `${homes - unknownWords} of ${homes} homes agreed to a known wording, and ${homesPerDayMin} are needed.`,
    todo
  ]
}

export function logShortOfConsents(
  registry: Pick<Registry, 'sites' | 'consents' | 'setting' | 'street'>,
  log: { warn(fields: object, message: string): void }
): void {
  const short = streetsShortOfConsents(
    registry.sites(),
    registry.consents(),
    registry.setting(homesBeforeSetting)
  )
  for (const street of short) {
    const name = registry.street(street.streetId)?.name ?? street.streetId
    log.warn({ street: street.streetId }, shortOfConsentsText({ ...street, name }).join(' '))
  }
}
