/** Boxes whose readings go on to another network. Kept in memory, since each reading asks; SQLite has them for the next start. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'
import type { UnixMs } from '../model/time.ts'
import type { Forwarding } from './promise/forwardings.ts'

export class ForwardingBook {
  readonly #db: DatabaseSync
  #all: readonly Forwarding[]

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#all = this.#read()
  }

  all(): readonly Forwarding[] {
    return this.#all
  }

  set({ deviceId, node, by, since }: Forwarding): void {
    inTransaction(this.#db, 'noting a forwarding', () =>
      this.#db
        .prepare(
          `INSERT INTO forwardings (deviceId, node, "by", since) VALUES (?, ?, ?, ?)
           ON CONFLICT (deviceId) DO UPDATE SET node = excluded.node, "by" = excluded."by", since = excluded.since`
        )
        .run(deviceId, node, by, since)
    )
    this.#all = this.#read()
  }

  end(deviceId: string): boolean {
    const { changes } = inTransaction(this.#db, 'ending a forwarding', () =>
      this.#db.prepare('DELETE FROM forwardings WHERE deviceId = ?').run(deviceId)
    )
    this.#all = this.#read()
    return changes > 0
  }

  #read(): Forwarding[] {
    return this.#db
      .prepare('SELECT deviceId, node, "by", since FROM forwardings ORDER BY deviceId')
      .all()
      .map((row) => ({
        deviceId: String(row.deviceId),
        node: String(row.node),
        by: String(row.by),
        since: Number(row.since) as UnixMs
      }))
  }
}
