/** What a steward says that the fields of a box mean, as JSON. Kept in memory, since each message asks; SQLite has them for the next start. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'
import type { DirectoryEntry } from './registry.ts'

export class FieldMaps {
  readonly #db: DatabaseSync
  readonly #maps = new Map<string, string>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const row of db.prepare('SELECT deviceId, map FROM devices WHERE map IS NOT NULL').all())
      this.#maps.set(String(row['deviceId']), String(row['map']))
  }

  of(deviceId: string): string | null {
    return this.#maps.get(deviceId) ?? null
  }

  /** The same entry where a box has none. */
  withMap(entry: DirectoryEntry): DirectoryEntry {
    const map = this.#maps.get(entry.deviceId)
    return map === undefined ? entry : { ...entry, map }
  }

  set(deviceId: string, map: string | null): void {
    inTransaction(this.#db, "setting a device's map", () =>
      this.#db.prepare('UPDATE devices SET map = ? WHERE deviceId = ?').run(map, deviceId)
    )
    if (map === null) this.#maps.delete(deviceId)
    else this.#maps.set(deviceId, map)
  }
}
