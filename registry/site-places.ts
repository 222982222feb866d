/** Where exactly sites are, and how their sensors are mounted. Kept in memory, since every public page shows it. */
import type { DatabaseSync } from 'node:sqlite'
import type { Placement } from '../model/place.ts'
import { facings, keptPlace, mounts, placeUnsaid, precisions, type SitePlace } from '../model/site-place.ts'
import { inTransaction } from './database.ts'
import type { Row } from './rows.ts'

export class SitePlaces {
  readonly #db: DatabaseSync
  readonly #bySite = new Map<string, SitePlace>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const row of db.prepare('SELECT * FROM sitePlaces').all())
      this.#bySite.set(String(row.siteId), Object.freeze(placeOf(row)))
  }

  of(siteId: string): SitePlace {
    return this.#bySite.get(siteId) ?? placeUnsaid
  }

  set(siteId: string, placement: Placement, wanted: SitePlace): SitePlace {
    const { precision, position, heightM, facing, mount } = keptPlace(placement, wanted)
    inTransaction(this.#db, 'noting where a site is', () =>
      this.#db
        .prepare(
          `INSERT OR REPLACE INTO sitePlaces (siteId, precision, longitude, latitude, heightM, facing, mount)
           VALUES (?, ?, ?, ?, ?, ?, ?)`
        )
        .run(siteId, precision, position?.[0] ?? null, position?.[1] ?? null, heightM, facing, mount)
    )
    const kept = Object.freeze({ precision, position, heightM, facing, mount })
    this.#bySite.set(siteId, kept)
    return kept
  }

  /** As its street again: another host has it, or it became private. How it is mounted stays. */
  hide(siteId: string): void {
    const known = this.#bySite.get(siteId)
    if (known && known.precision !== 'street')
      this.set(siteId, 'outdoor', { ...known, precision: 'street', position: null })
  }
}

function placeOf(row: Row): SitePlace {
  const [longitude, latitude] = [row.longitude, row.latitude]
  return {
    precision: precisions.find((one) => one === row.precision) ?? 'street',
    position: typeof longitude === 'number' && typeof latitude === 'number' ? [longitude, latitude] : null,
    heightM: typeof row.heightM === 'number' ? row.heightM : null,
    facing: facings.find((one) => one === row.facing) ?? null,
    mount: mounts.find((one) => one === row.mount) ?? null
  }
}
