/** Streets: added by name, drawn from maps, found by id or name. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { streetsMax } from '../model/limits.ts'
import type { Position, Street } from '../model/place.ts'
import { inTransaction } from './database.ts'
import { nameKey, uniqueSlug } from './ids.ts'
import { simplified } from './simplify-lines.ts'
import { streetName, unknownStreet } from './street-names.ts'
import { groupsApart, metresApart } from './pieces-apart.ts'
import { mapPositionsMax, streetGapMetresMax, streetPositionsMax } from './limits.ts'
import { RegistryRefusal, type Namesakes, type NewStreet, type StreetsImported } from './registry.ts'

interface Drawn {
  street: Street
  known: Street | undefined
  /** The street whose name it would have had. */
  apartFrom: Street | undefined
}

const byName = new Intl.Collator('en', { numeric: true })

export class Streets {
  readonly #db: DatabaseSync
  readonly #byId = new Map<string, Street>()
  readonly #byKey = new Map<string, Street>()
  /** By the id of a street that is none any more: the id of the one that it is now. */
  readonly #merged = new Map<string, string>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const row of db.prepare('SELECT * FROM streets').all()) {
      this.#keep({
        streetId: String(row.streetId),
        name: String(row.name),
        // Written by this file alone, from checked positions; by earlier versions with every twist of its map.
        lines: simplified(JSON.parse(String(row.lines)) as Position[][]),
        attribution: String(row.attribution)
      })
      if (row.mergedInto !== null) this.#merged.set(String(row.streetId), String(row.mergedInto))
    }
  }

  all(): Street[] {
    return [...this.#byId.values()]
      .filter(({ streetId }) => !this.#merged.has(streetId))
      .toSorted((a, b) => byName.compare(a.name, b.name))
  }

  get(streetId: string): Street | undefined {
    return this.#byId.get(streetId)
  }

  find(nameOrId: string): Street | undefined {
    const named = this.#byId.get(nameOrId) ?? this.#byKey.get(nameKey(nameOrId))
    return named && this.#present(named)
  }

  /** The street that a merged one is now. */
  #present(street: Street): Street {
    const into = this.#merged.get(street.streetId)
    return into === undefined ? street : this.#present(this.#byId.get(into)!)
  }

  /** The street, or a refusal that names the nearest one and the command that adds it. */
  need(nameOrId: string): Street {
    const street = this.find(nameOrId)
    if (!street) throw unknownStreet(nameOrId, this.all())
    return street
  }

  add(wanted: NewStreet): Street {
    const street = this.#drawn(wanted, new Set())
    const known = this.find(street.name)
    if (known) throw streetExists(known)
    this.#refuseTooMany(1)
    inTransaction(this.#db, 'adding a street', () => this.#write(street))
    return this.#keep(street)
  }

  import(wanted: readonly NewStreet[], namesakes?: Namesakes): StreetsImported {
    const groups = joinedByName(wanted.map((one) => this.#asNamedNow(one))).flatMap(
      ({ street, attribution }) =>
        groupsApart(street.lines ?? []).map((lines) => ({ name: street.name, lines, attribution }))
    )
    const drawn = boundedTogether(this.#matched(groups, namesakes))
    const added = drawn.filter(({ known }) => !known).length
    this.#refuseTooMany(added)
    inTransaction(this.#db, 'importing streets', () => {
      for (const { street } of drawn) this.#write(street)
    })
    for (const { street } of drawn) this.#keep(street)
    return {
      added,
      redrawn: drawn.length - added,
      apart: drawn.flatMap(({ street, apartFrom }) => (apartFrom ? [apartOf(street, apartFrom)] : []))
    }
  }

  /**
   * Which street each group of lines is: the one of its name that it lies at; or else the name with the next number. A group
   * far from the only street of its name is that street or another, which only a person can say.
   */
  #matched(groups: readonly Required<NewStreet>[], namesakes: Namesakes | undefined): Drawn[] {
    const used = new Map<string, Street>()
    const ids = new Set<string>()
    const drawn = new Map<Required<NewStreet>, Drawn>()
    const draw = (
      group: Required<NewStreet>,
      known: Street | undefined,
      name: string,
      apartFrom?: Street
    ): void => {
      const street = {
        ...this.#drawn({ ...group, name }, ids),
        ...(known ? { streetId: known.streetId } : {})
      }
      used.set(nameKey(name), street)
      ids.add(street.streetId)
      drawn.set(group, { street, known, apartFrom })
    }
    for (const group of groups) {
      const near = this.#namesakes(group.name).find(
        ({ name, lines }) => !used.has(nameKey(name)) && metresApart(lines, group.lines) <= streetGapMetresMax
      )
      if (near) draw(group, near, near.name)
    }
    for (const group of groups) {
      if (drawn.has(group)) continue
      const first = used.get(nameKey(group.name))
      const known = this.#byKey.get(nameKey(group.name))
      if (!first && known && namesakes === undefined) throw farNamesake(known, group.lines)
      if (!first && (!known || namesakes === 'redraw')) draw(group, known, known?.name ?? group.name)
      else draw(group, undefined, this.#numbered(group.name, used), first ?? known)
    }
    return groups.map((group) => drawn.get(group)!)
  }

  /** What a map calls by the name of a street that was merged belongs to the one that it is now. */
  #asNamedNow(wanted: NewStreet): NewStreet {
    const known = this.#byKey.get(nameKey(wanted.name))
    return known === undefined ? wanted : { ...wanted, name: this.#present(known).name }
  }

  /** The street of a name, and those that got a number behind it because they lie elsewhere. */
  #namesakes(name: string): Street[] {
    const known: Street[] = []
    for (let number = 1; ; number++) {
      const street = this.#byKey.get(nameKey(numberedName(name, number)))
      if (street) known.push(this.#present(street))
      else if (number > 1) return known
    }
  }

  #numbered(name: string, used: ReadonlyMap<string, Street>): string {
    for (let number = 2; ; number++) {
      const key = nameKey(numberedName(name, number))
      if (!this.#byKey.has(key) && !used.has(key)) return numberedName(name, number)
    }
  }

  #drawn(wanted: NewStreet, alsoTaken: ReadonlySet<string>): Street {
    const name = streetName(wanted.name)
    return {
      streetId: uniqueSlug(name, (id) => this.#byId.has(id) || alsoTaken.has(id)),
      name,
      lines: simplified(wanted.lines ?? []),
      attribution: wanted.attribution ?? ''
    }
  }

  rename(nameOrId: string, wanted: string, was?: string): Street {
    const street = this.need(nameOrId)
    if (was !== undefined && nameKey(was) !== nameKey(street.name))
      throw new RegistryRefusal(
        'overtaken',
        `Somebody renamed this street to "${street.name}" in the meantime. Nothing was changed: look again.`
      )
    const name = streetName(wanted)
    const known = this.#byKey.get(nameKey(name))
    if (known && known.streetId !== street.streetId) throw streetExists(this.#present(known))
    inTransaction(this.#db, 'renaming a street', () =>
      this.#db
        .prepare('UPDATE streets SET name = ?, nameKey = ? WHERE streetId = ?')
        .run(name, nameKey(name), street.streetId)
    )
    this.#byKey.delete(nameKey(street.name))
    return this.#keep({ ...street, name })
  }

  draw(nameOrId: string, line: readonly Position[]): Street {
    const street = this.need(nameOrId)
    const drawn = { ...street, lines: simplified([[...line]]), attribution: '' }
    inTransaction(this.#db, 'drawing a street', () => this.#write(drawn))
    return this.#keep(drawn)
  }

  /** Inside the caller's transaction; `keepMerged` follows when that is on disk. `into` has its lines as they will be. */
  writeMerged(from: Street, into: Street): void {
    this.#write(into)
    this.#db.prepare('UPDATE streets SET mergedInto = ? WHERE streetId = ?').run(into.streetId, from.streetId)
  }

  keepMerged(from: Street, into: Street): void {
    this.#keep(into)
    this.#merged.set(from.streetId, into.streetId)
  }

  /** A street that is not there yet. */
  design(name: string): Street {
    const street = this.#drawn({ name }, new Set())
    const known = this.find(street.name)
    if (known) throw streetExists(known)
    this.#refuseTooMany(1)
    return street
  }

  /** Inside the caller's transaction; `keepAdded` follows when that is on disk. */
  writeAdded(street: Street): void {
    this.#write(street)
  }

  keepAdded(street: Street): Street {
    return this.#keep(street)
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

/** One entry a name, in the order of the first of each. */
function joinedByName(wanted: readonly NewStreet[]): { street: NewStreet; attribution: string }[] {
  const byKey = Map.groupBy(wanted, ({ name }) => nameKey(streetName(name)))
  return [...byKey.values()].map((pieces) => ({
    street: { name: streetName(pieces[0]!.name), lines: pieces.flatMap(({ lines }) => lines ?? []) },
    attribution: joinedAttribution(pieces.map(({ attribution }) => attribution ?? ''))
  }))
}

function numberedName(name: string, number: number): string {
  return number === 1 ? name : `${name} (${number})`
}

function apartOf(street: Street, from: Street): StreetsImported['apart'][number] {
  return { name: street.name, from: from.name, metres: Math.round(metresApart(street.lines, from.lines)) }
}

function farNamesake({ name, lines }: Street, drawn: Street['lines']): RegistryRefusal {
  const km = Math.round(metresApart(lines, drawn) / 1_000)
  return new RegistryRefusal(
    'streetElsewhere',
    `"${name}" is ${km} km from the hub's street of that name. Nothing was imported. ` +
      'If it is a different street, add --apart to add it with a number; if the hub has the wrong position, add --redraw.'
  )
}

function streetExists({ name, streetId }: Street): RegistryRefusal {
  return new RegistryRefusal(
    'streetExists',
    `There is already a street called "${name}" (${streetId}). Use it, or choose another name.`
  )
}

/** All of a file within what a page can load: where it twists too much, each street is drawn with fewer positions. */
function boundedTogether(drawn: readonly Drawn[]): readonly Drawn[] {
  const positions = ({ street }: Drawn): number => street.lines.reduce((sum, line) => sum + line.length, 0)
  let [bounded, positionsMax] = [drawn, streetPositionsMax]
  while (positionsMax > 2 && bounded.reduce((sum, one) => sum + positions(one), 0) > mapPositionsMax) {
    positionsMax = Math.floor(positionsMax / 2)
    bounded = bounded.map((one) => ({
      ...one,
      street: { ...one.street, lines: simplified(one.street.lines, positionsMax) }
    }))
  }
  return bounded
}

/** Sources that must be named, each once. */
export function joinedAttribution(sources: readonly string[]): string {
  return [...new Set(sources.filter((source) => source !== ''))].join('; ')
}
