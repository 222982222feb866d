/** What was brought in from files, and how far each import came. */
import type { DatabaseSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import type { ImportRecord } from './registry.ts'
import type { Row } from './rows.ts'

export class Imports {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Oldest first. */
  all(): ImportRecord[] {
    return asking('reading imports', () =>
      this.#db.prepare('SELECT * FROM imports ORDER BY importId').all()
    ).map(importOf)
  }

  /** Saved anew after each stored batch, so that a broken import goes on where it was. */
  save(record: ImportRecord): void {
    inTransaction(this.#db, 'saving an import', () =>
      this.#db
        .prepare(
          `INSERT INTO imports (importId, deviceId, files, format, startedAt, finishedAt, undoneAt, rowsDone,
             places, taken, repeated, flagged, refused)
           VALUES (:importId, :deviceId, :files, :format, :startedAt, :finishedAt, :undoneAt, :rowsDone,
             :places, :taken, :repeated, :flagged, :refused)
           ON CONFLICT (importId) DO UPDATE SET
             files = excluded.files, finishedAt = excluded.finishedAt, undoneAt = excluded.undoneAt,
             rowsDone = excluded.rowsDone, places = excluded.places, taken = excluded.taken, repeated = excluded.repeated,
             flagged = excluded.flagged, refused = excluded.refused`
        )
        .run({
          importId: record.importId,
          deviceId: record.deviceId,
          files: JSON.stringify(record.files),
          format: record.format,
          startedAt: record.startedAt,
          finishedAt: record.finishedAt,
          undoneAt: record.undoneAt,
          rowsDone: JSON.stringify(record.rowsDone),
          places: JSON.stringify(record.places ?? {}),
          taken: record.taken,
          repeated: record.repeated,
          flagged: record.flagged,
          refused: record.refused
        })
    )
  }

  /** One that nothing came of. */
  forget(importId: number): void {
    inTransaction(this.#db, 'forgetting an import', () =>
      this.#db.prepare('DELETE FROM imports WHERE importId = ?').run(importId)
    )
  }
}

function importOf(row: Row): ImportRecord {
  return {
    importId: Number(row.importId),
    deviceId: String(row.deviceId),
    // These three were written by `save`, from a record of this type.
    files: JSON.parse(String(row.files)) as string[],
    format: String(row.format),
    startedAt: Number(row.startedAt) as UnixMs,
    finishedAt: row.finishedAt === null ? null : (Number(row.finishedAt) as UnixMs),
    undoneAt: row.undoneAt === null ? null : (Number(row.undoneAt) as UnixMs),
    rowsDone: JSON.parse(String(row.rowsDone)) as number[],
    ...(row.places === '{}'
      ? {}
      : { places: JSON.parse(String(row.places)) as NonNullable<ImportRecord['places']> }),
    taken: Number(row.taken),
    repeated: Number(row.repeated),
    flagged: Number(row.flagged),
    refused: Number(row.refused)
  }
}
