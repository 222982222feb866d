/** Offers of sensors to their next host in accounts.sqlite: a code for one sensor, used once. */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock, UnixMs } from '../model/time.ts'
import type { SensorOffer } from './accounts.ts'
import { hashOfCode, newCode, type RandomBytes } from './codes.ts'
import { transaction } from './database.ts'
import { sensorOfferKeepMs } from './limits.ts'

export class SensorOffers {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, clock: Clock, random: RandomBytes) {
    this.#db = db
    this.#clock = clock
    this.#random = random
  }

  offer(deviceId: string, personId: string): SensorOffer {
    const code = newCode(this.#random)
    const now = this.#clock.now()
    const expiresAt = (now + sensorOfferKeepMs) as UnixMs
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM sensorOffers WHERE deviceId = ? OR expiresAt <= ?').run(deviceId, now)
      this.#db
        .prepare('INSERT INTO sensorOffers (codeHash, deviceId, personId, expiresAt) VALUES (?, ?, ?, ?)')
        .run(hashOfCode(code), deviceId, personId, expiresAt)
    })
    return { code, expiresAt }
  }

  /** Of two who use it at once one alone has it. */
  take(code: string): { deviceId: string; personId: string } | undefined {
    const row = transaction(this.#db, () =>
      this.#db
        .prepare('DELETE FROM sensorOffers WHERE codeHash = ? RETURNING deviceId, personId, expiresAt')
        .get(hashOfCode(code))
    )
    if (!row || Number(row.expiresAt) <= this.#clock.now()) return undefined
    return { deviceId: String(row.deviceId), personId: String(row.personId) }
  }

  /** Inside the caller's transaction. */
  forget(personId: string): number {
    return Number(this.#db.prepare('DELETE FROM sensorOffers WHERE personId = ?').run(personId).changes)
  }
}
