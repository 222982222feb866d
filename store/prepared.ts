/** Statements of a SQLite file, each prepared once: preparing one takes several times as long as most take to run. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export class Prepared {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** For statements whose text is ours and of which there are few. */
  of(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)))
    return statement
  }
}
