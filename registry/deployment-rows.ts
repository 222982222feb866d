/** Where devices were installed, as rows: each method runs inside the caller's transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { Deployment } from '../model/place.ts'
import type { UnixMs } from '../model/time.ts'
import { deploymentOf } from './rows.ts'

export class DeploymentRows {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  insert({ deviceId, siteId, from, until }: Deployment): void {
    this.#db
      .prepare('INSERT INTO deployments (deviceId, siteId, "from", until) VALUES (?, ?, ?, ?)')
      .run(deviceId, siteId, from, until)
  }

  /** Ended at the very moment it began, it never was. */
  deleteFrom(deviceId: string, from: UnixMs): void {
    this.#db.prepare('DELETE FROM deployments WHERE deviceId = ? AND "from" >= ?').run(deviceId, from)
  }

  /** This one alone. */
  deleteAt({ deviceId, siteId, from, until }: Deployment): void {
    this.#db
      .prepare('DELETE FROM deployments WHERE deviceId = ? AND siteId = ? AND "from" IS ? AND until IS ?')
      .run(deviceId, siteId, from, until)
  }

  of(deviceId: string): Deployment[] {
    return this.#db
      .prepare('SELECT * FROM deployments WHERE deviceId = ? ORDER BY "from"')
      .all(deviceId)
      .map(deploymentOf)
  }

  beginAt({ deviceId, from }: Deployment, at: UnixMs): void {
    this.#db
      .prepare('UPDATE deployments SET "from" = ? WHERE deviceId = ? AND "from" = ?')
      .run(at, deviceId, from)
  }

  /** Ends the deployment that reaches over `until`. */
  endAt(deviceId: string, until: UnixMs): void {
    this.#db
      .prepare(
        `UPDATE deployments SET until = $until
         WHERE deviceId = $deviceId AND ("from" IS NULL OR "from" < $until) AND (until IS NULL OR until > $until)`
      )
      .run({ deviceId, until })
  }
}
