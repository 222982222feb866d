/** The file accounts.sqlite: opened or made, upgraded, and read by its owner alone. */
import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { filesGone, OpenedDatabase } from '../opened-file.ts'
import { busyMsMax } from './limits.ts'
import { migrations } from './migrations.ts'

/** "LmAc": a file of another program is never taken for ours. */
const applicationId = 0x4c6d4163

/** Opens the file, or makes it, and brings its tables up to date. */
export function openAccountsFile(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = connect(file)
  try {
    const found = Number(pragma(db, 'user_version'))
    const newest = Math.max(...migrations.map(({ version }) => version))
    if (found > 0 && pragma(db, 'application_id') !== applicationId)
      throw new Error(`${file} is a file of another program. Choose another data folder.`)
    if (found > newest)
      throw new Error(
        `${file} was written by a newer version of Lamppost. Start the newer version again, or restore a backup.`
      )
    transaction(db, () => {
      db.exec(`PRAGMA application_id = ${applicationId}`)
      for (const { version, sql } of migrations) {
        if (version <= found) continue
        db.exec(sql)
        db.exec(`PRAGMA user_version = ${version}`)
      }
    })
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** A connection to a file that is up to date. What it says it did is on disk. */
export function connect(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: busyMsMax })
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON'
  )
  opened.set(db, new OpenedDatabase(file))
  return db
}

/** An account in a file that nobody would find again is none. */
const opened = new WeakMap<DatabaseSync, OpenedDatabase>()

/** All of `work` or nothing of it. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    if (opened.get(db)?.isInPlace() === false) throw new Error(filesGone)
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
