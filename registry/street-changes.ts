/** Two streets that turn out to be one, and one that turns out to be two: their sites change streets, published days do not. */
import type { DatabaseSync } from 'node:sqlite'
import type { Street } from '../model/place.ts'
import { inTransaction } from './database.ts'
import { RegistryRefusal, type Merged } from './registry.ts'
import { simplified } from './simplify-lines.ts'
import type { Sites } from './sites.ts'
import { joinedAttribution, type Streets } from './streets.ts'

interface StreetRooms {
  db: DatabaseSync
  streets: Streets
  sites: Sites
}

export function mergeStreets(
  { db, streets, sites }: StreetRooms,
  fromName: string,
  intoName: string
): Merged {
  const [from, into] = [streets.need(fromName), streets.need(intoName)]
  if (from.streetId === into.streetId)
    throw new RegistryRefusal(
      'streetsSame',
      `Both names are the street ${into.name} (${into.streetId}). Name two different streets.`
    )
  const whole: Street = {
    ...into,
    lines: simplified([...into.lines, ...from.lines]),
    attribution: joinedAttribution([into.attribution, from.attribution])
  }
  const moving = sites.onStreet(from.streetId)
  inTransaction(db, 'merging streets', () => {
    sites.writeStreet(moving, into.streetId)
    streets.writeMerged(from, whole)
  })
  sites.keepOnStreet(moving, into.streetId)
  streets.keepMerged(from, whole)
  return { from, into: whole, sites: moving.length }
}

export function splitStreet(
  { db, streets, sites }: StreetRooms,
  { street: name, newName, siteIds }: { street: string; newName: string; siteIds: readonly string[] }
): Street {
  const street = streets.need(name)
  const here = sites.onStreet(street.streetId)
  const elsewhere = siteIds.find((siteId) => !here.includes(siteId))
  if (elsewhere !== undefined)
    throw new RegistryRefusal(
      'siteUnknown',
      `${elsewhere} is not a site of ${street.name}. Its sites: ${here.length > 0 ? here.join(', ') : 'none'}.`
    )
  if (new Set(siteIds).size === here.length)
    throw new RegistryRefusal(
      'streetEmptied',
      `These are all the sites of ${street.name}, which would be left with none. Name only those on the new street.`
    )
  const added = streets.design(newName)
  inTransaction(db, 'splitting a street', () => {
    streets.writeAdded(added)
    sites.writeStreet(siteIds, added.streetId)
  })
  sites.keepOnStreet(siteIds, added.streetId)
  return streets.keepAdded(added)
}
