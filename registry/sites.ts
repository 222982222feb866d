/** Sites: where on a street a sensor is installed, outdoors or in somebody's home. Kept in memory; SQLite holds them. */
import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { nameLengthMax } from '../model/limits.ts'
import type { Home, Hosting, Person } from '../model/person.ts'
import type { Placement, Site, Street } from '../model/place.ts'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import type { People } from './people.ts'
import { RegistryRefusal } from './registry.ts'
import { siteOf } from './rows.ts'

export interface NewSite {
  name?: string
  placement: Placement
  /** Indoors: a new home unless given; made where it is not known. */
  homeId?: string
  /** Whose it is: of a home that is known its person, else a person of its own unless given. */
  personId?: string
}

/** A site that is not there yet, with the home and the person that come into being with it. */
export interface SitePlan {
  site: Site
  home?: Home
  person?: Person
}

export class Sites {
  readonly #db: DatabaseSync
  readonly #people: People
  readonly #random: RandomBytes
  readonly #byId = new Map<string, Site>()

  constructor(db: DatabaseSync, people: People, random: RandomBytes) {
    this.#db = db
    this.#people = people
    this.#random = random
    for (const row of db.prepare('SELECT * FROM sites').all()) {
      const host = people.hostings(String(row.siteId)).at(-1)
      assert(host && host.until === null, `site ${String(row.siteId)} has a host`)
      this.#put(siteOf({ ...row, personId: host.personId }))
    }
  }

  all(): Site[] {
    return [...this.#byId.values()]
  }

  get(siteId: string): Site | undefined {
    return this.#byId.get(siteId)
  }

  need(siteId: string): Site {
    const site = this.#byId.get(siteId)
    if (site) return site
    throw new RegistryRefusal(
      'siteUnknown',
      `There is no site ${siteId}. The sites are listed with: npx lamppost device list`
    )
  }

  design({ streetId, name: streetName }: Street, wanted: NewSite, now: UnixMs): SitePlan {
    const household = this.#household(wanted, now)
    const personId = household.home?.personId ?? household.personId
    return {
      site: {
        siteId: newId('s', this.#random, (id) => this.#byId.has(id)),
        streetId,
        name: wanted.name === undefined ? this.#nextSiteName(streetId, streetName) : siteName(wanted.name),
        placement: wanted.placement,
        homeId: household.homeId,
        personId
      },
      ...(household.home ? { home: household.home } : {}),
      ...(household.person ? { person: household.person } : {})
    }
  }

  /** Whose a new site is. */
  #household(
    { placement, homeId, personId: asked }: NewSite,
    now: UnixMs
  ): { homeId: string; personId: string; home?: Home; person?: Person } {
    const known = placement === 'indoor' && homeId !== undefined ? this.#people.home(homeId) : undefined
    if (known) {
      if (asked !== undefined && this.#people.needPerson(asked).personId !== known.personId)
        throw homeOfAnother(known, this.#people.person(known.personId)!)
      return { homeId: known.homeId, personId: known.personId }
    }
    const person = asked === undefined ? this.#people.designPerson(now) : undefined
    const { personId } = person ?? this.#people.needPerson(asked!)
    const home = placement === 'indoor' ? this.#people.designHome(personId, now, homeId) : undefined
    return { homeId: home?.homeId ?? '', personId, ...(home ? { home } : {}), ...(person ? { person } : {}) }
  }

  #nextSiteName(streetId: string, streetName: string): string {
    const names = new Set(
      this.all()
        .filter((site) => site.streetId === streetId)
        .map(({ name }) => name)
    )
    let number = names.size + 1
    while (names.has(`${streetName} ${number}`)) number++
    return `${streetName} ${number}`
  }

  /** Inside the caller's transaction; `keep` follows when that is on disk. */
  insert({ site, home, person }: SitePlan): void {
    const { siteId, streetId, name, placement, homeId } = site
    if (person) this.#people.insertPerson(person)
    if (home) this.#people.insertHome(home)
    this.#db
      .prepare(`INSERT INTO sites (siteId, streetId, name, placement, homeId) VALUES (?, ?, ?, ?, ?)`)
      .run(siteId, streetId, name, placement, homeId)
    this.#people.writeHostings(siteId, [alwaysOf(site)])
  }

  keep({ site, home, person }: SitePlan): void {
    if (person) this.#people.keepPerson(person)
    if (home) this.#people.keepHome(home)
    this.#people.keepHostings(site.siteId, [alwaysOf(site)])
    this.#put(site)
  }

  /** Inside the caller's transaction; `forget` follows when that is on disk. */
  delete(siteId: string): void {
    this.#people.writeHostings(siteId, [])
    this.#db.prepare('DELETE FROM sitePlaces WHERE siteId = ?').run(siteId)
    this.#db.prepare('DELETE FROM sites WHERE siteId = ?').run(siteId)
  }

  forget(siteId: string): void {
    this.#people.keepHostings(siteId, [])
    this.#byId.delete(siteId)
  }

  /** The whole of it, as it always was; indoors in a home of its own, without consent, unless one is given. */
  setPlacement(siteId: string, placement: Placement, homeId: string | undefined, now: UnixMs): Site {
    const site = this.need(siteId)
    if (site.placement === placement) return site
    const { personId } = site
    const household =
      placement === 'indoor'
        ? this.#household({ placement, personId, ...(homeId ? { homeId } : {}) }, now)
        : undefined
    const placed = { ...site, placement, homeId: household?.homeId ?? '' }
    inTransaction(this.#db, 'setting a placement', () => {
      if (household?.home) this.#people.insertHome(household.home)
      this.#db
        .prepare('UPDATE sites SET placement = ?, homeId = ? WHERE siteId = ?')
        .run(placement, placed.homeId, siteId)
    })
    if (household?.home) this.#people.keepHome(household.home)
    return this.#put(placed)
  }

  rename(siteId: string, name: string): Site {
    const named = { ...this.need(siteId), name: siteName(name) }
    inTransaction(this.#db, 'naming a site', () =>
      this.#db.prepare('UPDATE sites SET name = ? WHERE siteId = ?').run(named.name, siteId)
    )
    return this.#put(named)
  }

  /** Inside the caller's transaction; `keepOnStreet` follows when that is on disk. */
  writeStreet(siteIds: readonly string[], streetId: string): void {
    const write = this.#db.prepare('UPDATE sites SET streetId = ? WHERE siteId = ?')
    for (const siteId of siteIds) write.run(streetId, siteId)
  }

  keepOnStreet(siteIds: readonly string[], streetId: string): void {
    for (const siteId of siteIds) this.#put({ ...this.need(siteId), streetId })
  }

  onStreet(streetId: string): string[] {
    return this.all()
      .filter((site) => site.streetId === streetId)
      .map(({ siteId }) => siteId)
  }

  /** After its hostings changed. */
  hostIs(siteId: string, personId: string): void {
    this.#put({ ...this.need(siteId), personId })
  }

  #put(site: Site): Site {
    this.#byId.set(site.siteId, Object.freeze(site))
    return site
  }
}

function alwaysOf({ siteId, personId }: Site): Hosting {
  return { siteId, personId, from: null, until: null }
}

function homeOfAnother({ homeId }: Home, { personId, name }: Person): RegistryRefusal {
  return new RegistryRefusal(
    'homeTaken',
    `${homeId} is the home of ${name || 'a person without a name'} (${personId}). Leave out --person, or name another home.`
  )
}

function siteName(given: string): string {
  const name = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (name.length >= 1 && name.length <= nameLengthMax && !/\p{C}/u.test(name)) return name
  throw new RegistryRefusal(
    'badName',
    `The name of a site has 1 to ${nameLengthMax} printable characters. Choose another one.`
  )
}

export function badDialect(given: string): RegistryRefusal {
  return new RegistryRefusal(
    'badName',
    `"${given.slice(0, 48)}" is not a valid name for a dialect: use lower-case letters, digits and hyphens, at most 48.`
  )
}
