/** Persons, homes, and whose each site is. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { keepMonthsMax, nameLengthMax, personsMax } from '../model/limits.ts'
import type { Home, Hosting, Person } from '../model/person.ts'
import { idPattern } from '../model/place.ts'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { nameKey, newId, type RandomBytes } from './ids.ts'
import { RegistryRefusal } from './registry.ts'
import { grouped, homeOf, hostingOf, personOf } from './rows.ts'

export class People {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  readonly #persons = new Map<string, Person>()
  readonly #homes = new Map<string, Home>()
  /** By site, oldest first. */
  readonly #hostings: Map<string, Hosting[]>

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
    for (const row of db.prepare('SELECT * FROM persons ORDER BY createdAt, personId').all())
      this.keepPerson(personOf(row))
    for (const row of db.prepare('SELECT * FROM homes ORDER BY createdAt, homeId').all())
      this.keepHome(homeOf(row))
    this.#hostings = grouped(
      db.prepare('SELECT * FROM hostings ORDER BY siteId, "from"').all().map(hostingOf),
      ({ siteId }) => siteId
    )
  }

  persons(): Person[] {
    return [...this.#persons.values()]
  }

  person(personId: string): Person | undefined {
    return this.#persons.get(personId)
  }

  /** By id, or by a name that one person alone has. */
  needPerson(nameOrId: string): Person {
    const byId = this.#persons.get(nameOrId)
    if (byId) return byId
    const key = nameKey(nameOrId)
    const named = key === '' ? [] : this.persons().filter(({ name }) => nameKey(name) === key)
    if (named.length === 1) return named[0]!
    throw new RegistryRefusal(
      'personUnknown',
      named.length > 1
        ? `${named.length} persons are called "${nameOrId}". Give the id of one: ${named.map(({ personId }) => personId).join(', ')}.`
        : `There is no person "${nameOrId.slice(0, 60)}". They are listed with: npx lamppost person list`
    )
  }

  homes(): Home[] {
    return [...this.#homes.values()]
  }

  home(homeId: string): Home | undefined {
    return this.#homes.get(homeId)
  }

  needHome(homeId: string): Home {
    const home = this.#homes.get(homeId)
    if (home) return home
    throw new RegistryRefusal(
      'homeUnknown',
      `There is no home "${homeId.slice(0, 60)}". Homes are listed with their persons: npx lamppost person list`
    )
  }

  /** Oldest first; of one site, or of all. */
  hostings(siteId?: string): Hosting[] {
    if (siteId !== undefined) return [...(this.#hostings.get(siteId) ?? [])]
    return [...this.#hostings.values()].flat()
  }

  /** A person without a name, not yet on disk. */
  designPerson(now: UnixMs, name = ''): Person {
    if (this.#persons.size >= personsMax)
      throw new RegistryRefusal('tooMany', `The hub keeps at most ${personsMax} persons.`)
    return {
      personId: newId('p', this.#random, (id) => this.#persons.has(id)),
      name,
      createdAt: now,
      keepMonths: null,
      keepSetAt: null
    }
  }

  /** A home that is not there yet, not yet on disk; with an id of its own unless one is given. */
  designHome(personId: string, now: UnixMs, homeId?: string): Home {
    if (homeId !== undefined && !idPattern.test(homeId)) throw badHomeId(homeId)
    return {
      homeId: homeId ?? newId('h', this.#random, (id) => this.#homes.has(id)),
      personId,
      createdAt: now
    }
  }

  /** With `homeId` the person of that home, which is made where it is not known; a home of somebody else is refused. */
  add(name: string, homeId: string | undefined, now: UnixMs): Person {
    const named = personName(name)
    const home = homeId === undefined ? undefined : this.#homes.get(homeId)
    if (home) {
      const person = this.#persons.get(home.personId)!
      if (person.name !== '') throw homeTaken(home, person)
      return this.#rename(person, named)
    }
    const person = this.designPerson(now, named)
    const fresh = homeId === undefined ? undefined : this.designHome(person.personId, now, homeId)
    inTransaction(this.#db, 'adding a person', () => {
      this.insertPerson(person)
      if (fresh) this.insertHome(fresh)
    })
    this.keepPerson(person)
    if (fresh) this.keepHome(fresh)
    return person
  }

  rename(personId: string, name: string): Person {
    return this.#rename(this.needPerson(personId), personName(name))
  }

  #rename(person: Person, name: string): Person {
    inTransaction(this.#db, 'naming a person', () =>
      this.#db.prepare('UPDATE persons SET name = ? WHERE personId = ?').run(name, person.personId)
    )
    return this.keepPerson({ ...person, name })
  }

  /** null keeps raw readings without end. */
  setKeep(personId: string, keepMonths: number | null, now: UnixMs): Person {
    const person = this.needPerson(personId)
    if (
      keepMonths !== null &&
      !(Number.isInteger(keepMonths) && keepMonths >= 1 && keepMonths <= keepMonthsMax)
    )
      throw new RegistryRefusal(
        'badMonths',
        `Raw readings cannot be kept for ${keepMonths} months: give 1 to ${keepMonthsMax}, or "always".`
      )
    // Saying the same again is no new beginning of the days of grace.
    if (keepMonths === person.keepMonths) return person
    const kept = { ...person, keepMonths, keepSetAt: keepMonths === null ? null : now }
    inTransaction(this.#db, 'setting how long readings are kept', () =>
      this.#db
        .prepare(
          'UPDATE persons SET keepMonths = :keepMonths, keepSetAt = :keepSetAt WHERE personId = :personId'
        )
        .run({ keepMonths, keepSetAt: kept.keepSetAt, personId: person.personId })
    )
    return this.keepPerson(kept)
  }

  // Inside the caller's transaction; the `keep…` or `forget…` of the same name follows when that is on disk.

  insertPerson({ personId, name, createdAt }: Person): void {
    this.#db
      .prepare('INSERT INTO persons (personId, name, createdAt) VALUES (?, ?, ?)')
      .run(personId, name, createdAt)
  }

  keepPerson(person: Person): Person {
    this.#persons.set(person.personId, Object.freeze(person))
    return person
  }

  insertHome({ homeId, personId, createdAt }: Home): void {
    this.#db
      .prepare('INSERT INTO homes (homeId, personId, createdAt) VALUES (?, ?, ?)')
      .run(homeId, personId, createdAt)
  }

  keepHome(home: Home): void {
    this.#homes.set(home.homeId, Object.freeze(home))
  }

  giveHomes(fromPersonId: string, toPersonId: string): void {
    this.#db.prepare('UPDATE homes SET personId = ? WHERE personId = ?').run(toPersonId, fromPersonId)
  }

  keepGivenHomes(fromPersonId: string, toPersonId: string): void {
    for (const home of this.homes())
      if (home.personId === fromPersonId) this.keepHome({ ...home, personId: toPersonId })
  }

  deleteHome(homeId: string): void {
    this.#db.prepare('DELETE FROM homes WHERE homeId = ?').run(homeId)
  }

  forgetHome(homeId: string): void {
    this.#homes.delete(homeId)
  }

  deletePerson(personId: string): void {
    this.#db.prepare('DELETE FROM persons WHERE personId = ?').run(personId)
  }

  forgetPerson(personId: string): void {
    this.#persons.delete(personId)
  }

  /** In the place of all that the site had. */
  writeHostings(siteId: string, hostings: readonly Hosting[]): void {
    this.#db.prepare('DELETE FROM hostings WHERE siteId = ?').run(siteId)
    for (const { personId, from, until } of hostings)
      this.#db
        .prepare('INSERT INTO hostings (siteId, personId, "from", until) VALUES (?, ?, ?, ?)')
        .run(siteId, personId, from, until)
  }

  keepHostings(siteId: string, hostings: readonly Hosting[]): void {
    if (hostings.length === 0) this.#hostings.delete(siteId)
    else this.#hostings.set(siteId, [...hostings])
  }
}

export function personName(given: string): string {
  const name = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (name.length >= 1 && name.length <= nameLengthMax && !/\p{C}/u.test(name)) return name
  throw new RegistryRefusal(
    'badName',
    `The name of a person has 1 to ${nameLengthMax} printable characters. Choose another one.`
  )
}

function homeTaken({ homeId }: Home, { name, personId }: Person): RegistryRefusal {
  return new RegistryRefusal(
    'homeTaken',
    `${homeId} is the home of ${name} (${personId}). Another name for them: npx lamppost person rename ${personId} NAME`
  )
}

function badHomeId(given: string): RegistryRefusal {
  return new RegistryRefusal(
    'badName',
    `"${given.slice(0, 48)}" is not a valid name for a home: use lower-case letters, digits and hyphens, at most 48.`
  )
}
