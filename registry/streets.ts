/** Streets: added by name, drawn from maps, found by id or name. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { nameLengthMax, streetsMax } from '../model/limits.ts'
import type { Position, Street } from '../model/place.ts'
import { inTransaction } from './database.ts'
import { nameKey, uniqueSlug } from './ids.ts'
import { RegistryRefusal, type NewStreet } from './registry.ts'

const byName = new Intl.Collator('en', { numeric: true })

export class Streets {
  readonly #db: DatabaseSync
  readonly #byId = new Map<string, Street>()
  readonly #byKey = new Map<string, Street>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const row of db.prepare('SELECT streetId, name, lines, attribution FROM streets').all()) {
      this.#keep({
        streetId: String(row.streetId),
        name: String(row.name),
        // Written by this file alone, from checked positions.
        lines: JSON.parse(String(row.lines)) as Position[][],
        attribution: String(row.attribution)
      })
    }
  }

  all(): Street[] {
    return [...this.#byId.values()].toSorted((a, b) => byName.compare(a.name, b.name))
  }

  get(streetId: string): Street | undefined {
    return this.#byId.get(streetId)
  }

  find(nameOrId: string): Street | undefined {
    return this.#byId.get(nameOrId) ?? this.#byKey.get(nameKey(nameOrId))
  }

  /** The street, or a refusal that names the nearest one and the command that adds it. */
  need(nameOrId: string): Street {
    const street = this.find(nameOrId)
    if (!street) throw unknownStreet(nameOrId, this.all())
    return street
  }

  add(wanted: NewStreet): Street {
    const street = this.#drawn(wanted, new Set())
    const known = this.#byKey.get(nameKey(street.name))
    if (known) {
      throw new RegistryRefusal(
        'streetExists',
        `There is already a street called "${known.name}" (${known.streetId}). Use it, or choose another name.`
      )
    }
    this.#refuseTooMany(1)
    inTransaction(this.#db, 'adding a street', () => this.#write(street))
    return this.#keep(street)
  }

  import(wanted: readonly NewStreet[]): { added: number; redrawn: number } {
    const joined = new Map<string, Street>()
    const taken = new Set<string>()
    let added = 0
    for (const one of wanted) {
      const key = nameKey(one.name)
      const before = joined.get(key)
      const known = this.#byKey.get(key)
      const piece = this.#drawn({ ...one, name: before?.name ?? known?.name ?? one.name }, taken)
      if (!before && !known) added++
      joined.set(key, {
        ...piece,
        streetId: before?.streetId ?? known?.streetId ?? piece.streetId,
        lines: [...(before?.lines ?? []), ...piece.lines],
        attribution: joinedAttribution([before?.attribution ?? '', piece.attribution])
      })
      taken.add(joined.get(key)!.streetId)
    }
    this.#refuseTooMany(added)
    inTransaction(this.#db, 'importing streets', () => {
      for (const street of joined.values()) this.#write(street)
    })
    for (const street of joined.values()) this.#keep(street)
    return { added, redrawn: joined.size - added }
  }

  #drawn(wanted: NewStreet, alsoTaken: ReadonlySet<string>): Street {
    const name = streetName(wanted.name)
    return {
      streetId: uniqueSlug(name, (id) => this.#byId.has(id) || alsoTaken.has(id)),
      name,
      lines: wanted.lines ?? [],
      attribution: wanted.attribution ?? ''
    }
  }

  #refuseTooMany(added: number): void {
    if (this.#byId.size + added <= streetsMax) return
    throw new RegistryRefusal(
      'tooMany',
      `That would be ${this.#byId.size + added} streets; a hub keeps at most ${streetsMax}. Import a smaller part of the map.`
    )
  }

  #write({ streetId, name, lines, attribution }: Street): void {
    this.#db
      .prepare(
        `INSERT INTO streets (streetId, name, nameKey, lines, attribution) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (streetId) DO UPDATE SET lines = excluded.lines, attribution = excluded.attribution`
      )
      .run(streetId, name, nameKey(name), JSON.stringify(lines), attribution)
  }

  #keep(street: Street): Street {
    const kept = Object.freeze(street)
    this.#byId.set(kept.streetId, kept)
    this.#byKey.set(nameKey(kept.name), kept)
    return kept
  }
}

/** Sources that must be named, each once. */
export function joinedAttribution(sources: readonly string[]): string {
  return [...new Set(sources.filter((source) => source !== ''))].join('; ')
}

function streetName(given: string): string {
  const name = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (name.length >= 1 && name.length <= nameLengthMax && !/\p{C}/u.test(name)) return name
  throw new RegistryRefusal(
    'badName',
    `A street's name has 1 to ${nameLengthMax} printable characters; this one ` +
      (name.length === 0 ? 'is empty.' : name.length > nameLengthMax ? `has ${name.length}.` : 'has others.')
  )
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
