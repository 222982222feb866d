/** Sites: where on a street a sensor hangs, outdoors or in somebody's home. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { nameLengthMax } from '../model/limits.ts'
import { idPattern, type Placement, type Site, type Street } from '../model/place.ts'
import { inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import { RegistryRefusal } from './registry.ts'
import { siteOf } from './rows.ts'

export interface NewSite {
  name?: string
  placement: Placement
  homeId?: string
  streetConsent?: boolean
}

export class Sites {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  readonly #byId = new Map<string, Site>()

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
    for (const row of db.prepare('SELECT * FROM sites').all()) this.keep(siteOf(row))
  }

  all(): Site[] {
    return [...this.#byId.values()]
  }

  get(siteId: string): Site | undefined {
    return this.#byId.get(siteId)
  }

  /** A room joins the consent of its home; a new home has none unless it is given. Outdoor sites need neither. */
  design({ streetId, name: streetName }: Street, wanted: NewSite): Site {
    const indoor = wanted.placement === 'indoor'
    if (indoor && wanted.homeId !== undefined && !idPattern.test(wanted.homeId))
      throw badId('home', wanted.homeId)
    const sites = this.all()
    const homeId = indoor
      ? (wanted.homeId ?? newId('h', this.#random, (id) => sites.some((site) => site.homeId === id)))
      : ''
    const sameHome = indoor ? sites.find((site) => site.homeId === homeId) : undefined
    return {
      siteId: newId('s', this.#random, (id) => this.#byId.has(id)),
      streetId,
      name: wanted.name === undefined ? this.#nextSiteName(streetId, streetName) : siteName(wanted.name),
      placement: wanted.placement,
      homeId,
      streetConsent: indoor && (sameHome ? sameHome.streetConsent : (wanted.streetConsent ?? false))
    }
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
  insert({ siteId, streetId, name, placement, homeId, streetConsent }: Site): void {
    this.#db
      .prepare(
        `INSERT INTO sites (siteId, streetId, name, placement, homeId, streetConsent) VALUES (?, ?, ?, ?, ?, ?)`
      )
      .run(siteId, streetId, name, placement, homeId, Number(streetConsent))
  }

  keep(site: Site): void {
    this.#byId.set(site.siteId, Object.freeze(site))
  }

  /** Inside the caller's transaction; `forget` follows when that is on disk. */
  delete(siteId: string): void {
    this.#db.prepare('DELETE FROM sites WHERE siteId = ?').run(siteId)
  }

  forget(siteId: string): void {
    this.#byId.delete(siteId)
  }

  /** A home of its own, without consent, when it goes indoors: nobody agreed to anything yet. */
  setPlacement(siteId: string, placement: Placement): void {
    const site = this.#need(siteId)
    if (site.placement === placement) return
    const all = this.all()
    const homeId =
      placement === 'outdoor' ? '' : newId('h', this.#random, (id) => all.some((one) => one.homeId === id))
    inTransaction(this.#db, 'setting a placement', () => {
      this.#db
        .prepare('UPDATE sites SET placement = ?, homeId = ?, streetConsent = 0 WHERE siteId = ?')
        .run(placement, homeId, siteId)
    })
    this.keep({ ...site, placement, homeId, streetConsent: false })
  }

  #need(siteId: string): Site {
    const site = this.#byId.get(siteId)
    if (site) return site
    throw new RegistryRefusal(
      'siteUnknown',
      `There is no site ${siteId}. The sites are listed with: npx lamppost device list`
    )
  }

  setConsent(siteId: string, streetConsent: boolean): void {
    const site = this.#need(siteId)
    const home = site.placement === 'outdoor' ? [] : this.all().filter(({ homeId }) => homeId === site.homeId)
    inTransaction(this.#db, 'setting consent', () => {
      for (const room of home) {
        this.#db
          .prepare('UPDATE sites SET streetConsent = ? WHERE siteId = ?')
          .run(Number(streetConsent), room.siteId)
      }
    })
    for (const room of home) this.keep({ ...room, streetConsent })
  }
}

function siteName(given: string): string {
  const name = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (name.length >= 1 && name.length <= nameLengthMax && !/\p{C}/u.test(name)) return name
  throw new RegistryRefusal(
    'badName',
    `The name of a site has 1 to ${nameLengthMax} printable characters. Choose another one.`
  )
}

export function badId(what: 'dialect' | 'home', given: string): RegistryRefusal {
  return new RegistryRefusal(
    'badName',
    `"${given.slice(0, 48)}" is no name of a ${what}: use small letters, digits and hyphens, at most 48 of them.`
  )
}
