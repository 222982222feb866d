/** Names of streets: which can be one, and which a mistyped one most likely means. Pure. */
import { nameLengthMax } from '../model/limits.ts'
import type { Street } from '../model/place.ts'
import { nameKey } from './ids.ts'
import { RegistryRefusal } from './registry.ts'

export function streetName(given: string): string {
  const name = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  const why = badName(name)
  if (why === undefined) return name
  throw new RegistryRefusal(
    'badName',
    `A street's name has 1 to ${nameLengthMax} printable characters; this one ${why}.`
  )
}

/** Why a name, already without spaces too many, can be no street's; undefined where it can. */
export function badName(name: string): string | undefined {
  if (name.length === 0) return 'is empty'
  if (name.length > nameLengthMax) return `has ${name.length}`
  return /\p{C}/u.test(name) ? 'has others' : undefined
}

/** Says what is near, and what to type. */
export function unknownStreet(nameOrId: string, streets: readonly Street[]): RegistryRefusal {
  const shown = nameOrId.slice(0, nameLengthMax).replaceAll(/\p{C}/gu, ' ')
  const nearest = nearestStreet(shown, streets)
  const near = nearest
    ? ` Did you mean "${nearest.name}" (${nearest.streetId})?`
    : streets.length === 0
      ? ' There is no street yet.'
      : ''
  return new RegistryRefusal(
    'streetUnknown',
    `No street is called "${shown}".${near} A new one is added with: npx lamppost street add ${quoted(shown)}`
  )
}

/** For the shell: only names that cannot be anything but a name between its quotes are put there. */
function quoted(name: string): string {
  return /^[\p{L}\p{M}\p{N} .,'-]+$/u.test(name) ? `"${name}"` : 'NAME'
}

function nearestStreet(wanted: string, streets: readonly Street[]): Street | undefined {
  const key = nameKey(wanted)
  let nearest: { street: Street; distance: number } | undefined
  for (const street of streets) {
    const distance = Math.min(editDistance(key, nameKey(street.name)), editDistance(key, street.streetId))
    if (!nearest || distance < nearest.distance) nearest = { street, distance }
  }
  // Further than half of what was typed is no typing mistake; such a guess would only confuse.
  return nearest && nearest.distance <= Math.max(2, key.length / 2) ? nearest.street : undefined
}

/** Levenshtein's distance: the fewest single letters to add, drop or change. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + Number(a[i - 1] !== b[j - 1])
      row.push(Math.min(change, above[j]! + 1, row[j - 1]! + 1))
    }
    above = row
  }
  return above[b.length]!
}
