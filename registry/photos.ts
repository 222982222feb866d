/**
 * Photos of diaries, in a file of their own: they are a hundred times as large as all else that the registry knows, which is
 * copied and rewritten as a whole. Deleted ones are overwritten.
 */
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { filesGone, OpenedDatabase } from '../opened-file.ts'
import { busyMsMax } from './limits.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { bytesOf } from './rows.ts'
import type { Photos } from './promise/photos.ts'
import { RegistryUnavailable } from './registry.ts'
import { foldLog } from '../synced.ts'

/** "LmPh": a file of another program is never taken for ours. */
const applicationId = 0x4c6d5068

/** Of the file's tables; a newer one was written by a newer version. */
export const photosVersion = 1

export interface PhotosOptions {
  file: string
  randomBytes?: RandomBytes
}

/** Opens the file, or makes it. Throws `RegistryUnavailable` where it cannot be read or written. */
export function openPhotos({ file, randomBytes = cryptoRandom }: PhotosOptions): Photos {
  const db = connect(file)
  const opened = new OpenedDatabase(file)
  const write = <T>(doing: string, work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE')
      const result = work()
      if (!opened.isInPlace()) throw new Error(filesGone)
      db.exec('COMMIT')
      return result
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw new RegistryUnavailable(doing, cause)
    }
  }
  /** Nothing of what was deleted stays in the log either. */
  const fold = (): void => void foldLog(db)

  return {
    add(personId, bytes, now) {
      const name = `${Buffer.from(randomBytes(18)).toString('base64url')}.jpg`
      write('keeping a photo', () =>
        db
          .prepare('INSERT INTO photos (name, personId, bytes, at) VALUES (?, ?, ?, ?)')
          .run(name, personId, bytes, now)
      )
      return name
    },
    find(personId, name) {
      const row = db.prepare('SELECT bytes FROM photos WHERE name = ? AND personId = ?').get(name, personId)
      return row ? bytesOf(row.bytes) : undefined
    },
    count(personId) {
      return Number(db.prepare('SELECT count(*) AS n FROM photos WHERE personId = ?').get(personId)?.n ?? 0)
    },
    remove(name) {
      write('deleting a photo', () => db.prepare('DELETE FROM photos WHERE name = ?').run(name))
      fold()
    },
    removeOf(personIds) {
      write('deleting photos', () => {
        const remove = db.prepare('DELETE FROM photos WHERE personId = ?')
        for (const personId of personIds) remove.run(personId)
      })
      fold()
    },
    keepOnly(names) {
      const kept = new Set(names)
      const gone = db
        .prepare('SELECT name FROM photos')
        .all()
        .map((row) => String(row.name))
        .filter((name) => !kept.has(name))
      if (gone.length === 0) return
      write('deleting photos that nothing names', () => {
        const remove = db.prepare('DELETE FROM photos WHERE name = ?')
        for (const name of gone) remove.run(name)
      })
      fold()
    },
    close() {
      if (db.isOpen) db.close()
    }
  }
}

function connect(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    closeSync(openSync(file, 'a', 0o600))
    db = new DatabaseSync(file, { timeout: busyMsMax })
    const version = pragma(db, 'user_version')
    if (version > photosVersion || (version > 0 && pragma(db, 'application_id') !== applicationId))
      throw new Error('it was written by a newer version of Lamppost, or by another program')
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON'
    )
    if (version === 0) db.exec(`BEGIN; ${photosTable} COMMIT`)
    return db
  } catch (cause) {
    db?.close()
    throw new RegistryUnavailable(`opening ${file}`, cause)
  }
}

const photosTable = `
  PRAGMA application_id = ${applicationId};
  CREATE TABLE photos (
    -- Random, so that it cannot be guessed; and never the only thing that protects it.
    name     TEXT PRIMARY KEY,
    personId TEXT NOT NULL,
    bytes    BLOB NOT NULL,
    at       INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX photosOfPerson ON photos (personId);
  PRAGMA user_version = ${photosVersion};`

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
