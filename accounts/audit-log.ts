/** The audit log in accounts.sqlite: who did what, about whom. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { auditKeepMs } from '../model/limits.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { Actor, AuditEntry, AuditNote } from './accounts.ts'

export class AuditLog {
  readonly #db: DatabaseSync
  readonly #clock: Clock

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  note({ by, action, personId = '', about = '' }: AuditNote): void {
    const byPerson = by.kind === 'person' ? by.personId : ''
    this.#db
      .prepare('INSERT INTO audit (at, by, byPerson, action, personId, about) VALUES (?, ?, ?, ?, ?, ?)')
      .run(this.#clock.now(), JSON.stringify(by), byPerson, action, personId, about)
  }

  entries({ personId, before, limit }: { personId?: string; before?: number; limit: number }): AuditEntry[] {
    const beforeId = before ?? Number.MAX_SAFE_INTEGER
    const rows =
      personId === undefined
        ? this.#db
            .prepare('SELECT * FROM audit WHERE auditId < ? ORDER BY auditId DESC LIMIT ?')
            .all(beforeId, limit)
        : this.#db
            .prepare(
              'SELECT * FROM audit WHERE auditId < ? AND (personId = ? OR byPerson = ?) ORDER BY auditId DESC LIMIT ?'
            )
            .all(beforeId, personId, personId, limit)
    return rows.map(auditOf)
  }

  /** Entries that are older than they are kept. */
  trim(): void {
    this.#db.prepare('DELETE FROM audit WHERE at < ?').run(this.#clock.now() - auditKeepMs)
  }

  /** Inside the caller's transaction: what a person did, and what concerned them. Gives how many entries that were. */
  forget(personId: string): number {
    const gone = this.#db
      .prepare('DELETE FROM audit WHERE personId = ? OR byPerson = ?')
      .run(personId, personId)
    return Number(gone.changes)
  }
}

function auditOf(row: Record<string, SQLOutputValue>): AuditEntry {
  return {
    auditId: Number(row.auditId),
    at: Number(row.at) as UnixMs,
    by: actorOf(row.by),
    action: String(row.action),
    ...(row.personId === '' ? {} : { personId: String(row.personId) }),
    ...(row.about === '' ? {} : { about: String(row.about) })
  }
}

/** Only this room writes such a column. */
export function actorOf(json: SQLOutputValue | undefined): Actor {
  return JSON.parse(String(json)) as Actor
}
