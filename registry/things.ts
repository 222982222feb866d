/** Boxes behind gateways: which address is which device's. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import type { Thing, ThingKey } from '../model/gateway.ts'
import { addressCharactersMax } from '../model/limits.ts'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { RegistryRefusal } from './registry.ts'

export class Things {
  readonly #db: DatabaseSync
  readonly #things = new Map<string, Thing>()
  readonly #addresses = new Map<string, string>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const row of db.prepare('SELECT * FROM things ORDER BY claimedAt').all()) {
      this.#keep({
        dialect: String(row.dialect),
        scope: String(row.scope),
        address: String(row.address),
        name: String(row.name),
        deviceId: String(row.deviceId),
        claimedAt: Number(row.claimedAt) as UnixMs
      })
    }
  }

  all(): Thing[] {
    return [...this.#things.values()]
  }

  /** Asked for each message of a gateway. */
  deviceOf(key: ThingKey): string | undefined {
    return this.#things.get(textOf(key))?.deviceId
  }

  /** The one by which a device is known, the first that it had. */
  addressOf(deviceId: string): string | null {
    return this.#addresses.get(deviceId) ?? null
  }

  /** In a transaction of its own. Claiming for the same device again changes nothing. */
  claim(thing: Thing): void {
    const known = this.#things.get(textOf(thing))
    if (known?.deviceId === thing.deviceId) return
    if (known) {
      throw new RegistryRefusal(
        'thingClaimed',
        `${thing.address} is already claimed: its readings go to ${known.deviceId}. ` +
          `If that box is no longer there, remove it first: npx lamppost device remove ${known.deviceId}`
      )
    }
    if (thing.address === '' || thing.address.length > addressCharactersMax) {
      throw new RegistryRefusal('badName', `An address has 1 to ${addressCharactersMax} characters.`)
    }
    inTransaction(this.#db, 'claiming a box behind a gateway', () => this.insert(thing))
    this.#keep(thing)
  }

  /** Inside the caller's transaction. */
  insert({ dialect, scope, address, name, deviceId, claimedAt }: Thing): void {
    this.#db
      .prepare(
        'INSERT INTO things (dialect, scope, address, name, deviceId, claimedAt) VALUES (?, ?, ?, ?, ?, ?)'
      )
      .run(dialect, scope, address, name, deviceId, claimedAt)
  }

  /** Inside the caller's transaction: somebody else may claim what it was. */
  delete(deviceId: string): void {
    this.#db.prepare('DELETE FROM things WHERE deviceId = ?').run(deviceId)
  }

  /** After `delete`. */
  forget(deviceId: string): void {
    for (const [text, thing] of this.#things) if (thing.deviceId === deviceId) this.#things.delete(text)
    this.#addresses.delete(deviceId)
  }

  #keep(thing: Thing): void {
    this.#things.set(textOf(thing), Object.freeze(thing))
    if (!this.#addresses.has(thing.deviceId)) this.#addresses.set(thing.deviceId, thing.address)
  }
}

/** No dialect and no id has a zero byte in it. */
function textOf({ dialect, scope, address }: ThingKey): string {
  return `${dialect}\0${scope}\0${address}`
}
