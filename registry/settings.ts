/** What the hub remembers about itself from one start to the next: small texts by name. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'

export class Settings {
  readonly #db: DatabaseSync
  readonly #byName = new Map<string, string>()

  constructor(db: DatabaseSync) {
    this.#db = db
    for (const { name, value } of db.prepare('SELECT name, value FROM settings').all()) {
      this.#byName.set(String(name), String(value))
    }
  }

  get(name: string): string | undefined {
    return this.#byName.get(name)
  }

  set(name: string, value: string): void {
    if (this.#byName.get(name) === value) return
    inTransaction(this.#db, `setting ${name}`, () =>
      this.#db
        .prepare(
          'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'
        )
        .run(name, value)
    )
    this.#byName.set(name, value)
  }
}
