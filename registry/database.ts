/** The registry's SQLite file: opened, brought to this version, and written in whole transactions. */
import { busyMsMax } from './limits.ts'
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { toIso, type Clock, type UnixMs } from '../model/time.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { noteKind } from './people-migration.ts'
import { migrations as allMigrations, type Migration } from './migrations.ts'
import { filesGone, OpenedDatabase } from '../opened-file.ts'
import { syncPath } from '../synced.ts'
import { RegistryRefusal, RegistryUnavailable } from './registry.ts'

/** "LAMP": tells our file from any other SQLite file. */
const applicationId = 0x4c414d50

/** The folder was written by a newer version; the file was not touched. */
export class RegistryVersionError extends Error {
  readonly code = 'registryVersion'
  readonly found: number
  readonly known: number
  constructor(file: string, found: number, known: number) {
    super(
      `${file} was written by a newer version of Lamppost (format ${found}; this one knows formats up to ${known}). ` +
        `Start the newer version again, or use the data folder's backup from before the upgrade.`
    )
    this.found = found
    this.known = known
  }
}

export interface RegistryLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface DatabaseOptions {
  file: string
  clock: Clock
  log?: RegistryLog
  migrations?: readonly Migration[]
  randomBytes?: RandomBytes
  /** Marks a file that is made now as a demo's, for good. */
  makeDemo?: boolean
}

/** Opens the file, or makes it, and upgrades an older one after putting a copy aside. Only its owner may read it. */
export function openDatabase({
  file,
  clock,
  log,
  migrations = allMigrations,
  randomBytes = cryptoRandom,
  makeDemo = false
}: DatabaseOptions): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    closeSync(openSync(file, 'a', 0o600))
    db = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: busyMsMax })
    refuseForeign(db, file, migrations)
    // FULL: what the registry says it did is on disk. WAL: readers and backups do not wait for writers.
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON'
    )
    opened.set(db, new OpenedDatabase(file))
    const found = pragma(db, 'user_version')
    const missing = migrations.filter(({ version }) => version > found)
    if (missing.length > 0) {
      const copy = found > 0 ? putAside(db, file, found, clock) : undefined
      upgrade(db, file, missing, { now: clock.now(), randomBytes, makeDemo })
      if (copy) log?.info({ from: found, to: newestOf(migrations), copy }, 'The registry was upgraded.')
    }
    return db
  } catch (cause) {
    db?.close()
    if (cause instanceof RegistryVersionError || cause instanceof RegistryUnavailable) throw cause
    throw new RegistryUnavailable(`opening ${file}`, cause)
  }
}

export function isDemoFolder(db: DatabaseSync): boolean {
  return db.prepare('SELECT kind FROM folder').get()?.kind === 'demo'
}

function refuseForeign(db: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const known = newestOf(migrations)
  const found = pragma(db, 'user_version')
  const application = pragma(db, 'application_id')
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0)
  if (tables > 0 && application !== applicationId) {
    throw new RegistryUnavailable(
      `opening ${file}`,
      'it is an SQLite file of another program; choose another data folder'
    )
  }
  if (found > known) throw new RegistryVersionError(file, found, known)
}

function upgrade(
  db: DatabaseSync,
  file: string,
  missing: readonly Migration[],
  world: { now: UnixMs; randomBytes: RandomBytes; makeDemo: boolean }
): void {
  inTransaction(db, `upgrading ${file}`, () => {
    db.exec(`PRAGMA application_id = ${applicationId}`)
    for (const { sql, version, then } of missing) {
      db.exec(sql)
      then?.(db, world)
      db.exec(`PRAGMA user_version = ${version}`)
    }
    if (!db.prepare('SELECT 1 FROM folder').get()) noteKind(db, world.makeDemo ? 'demo' : 'hub', world.now)
    const dangling = db.prepare('PRAGMA foreign_key_check').all()
    if (dangling.length > 0) throw new Error(`${dangling.length} rows refer to rows that are not there`)
  })
}

/** `registry-v1-20261122T100000000Z.sqlite` beside the file: whole, synced, readable by the version that wrote it. */
function putAside(db: DatabaseSync, file: string, version: number, clock: Clock): string {
  const time = toIso(clock.now()).replaceAll(/[-:.]/g, '')
  const copy = join(dirname(file), `${basename(file, '.sqlite')}-v${version}-${time}.sqlite`)
  if (existsSync(copy)) throw new Error(`${copy} already exists; move it away`)
  db.prepare('VACUUM INTO ?').run(copy)
  chmodSync(copy, 0o600)
  syncPath(copy)
  syncPath(dirname(copy))
  return copy
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}

function newestOf(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ version }) => version))
}

/** What is written into a file that nobody would find again is no promise to anybody. */
const opened = new WeakMap<DatabaseSync, OpenedDatabase>()

/** All of `work` or nothing of it, on disk when this returns. A refusal passes through; anything else is a failure. */
export function inTransaction<T>(db: DatabaseSync, doing: string, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE')
    const result = work()
    if (opened.get(db)?.isInPlace() === false) throw new Error(filesGone)
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    if (cause instanceof RegistryRefusal) throw cause
    throw new RegistryUnavailable(doing, cause)
  }
}

/** A question that goes to the file. */
export function asking<T>(doing: string, ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    throw new RegistryUnavailable(doing, cause)
  }
}

/**
 * The same as `inTransaction` without waiting, neither for the disk nor for another program's lock: a power cut may take the
 * newest of these back (never half of one), and the next synced transaction makes them safe. For tallies that are written
 * often and are no promise to anybody.
 */
export function inUnsyncedTransaction<T>(db: DatabaseSync, doing: string, work: () => T): T {
  asking(doing, () => db.exec('PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0'))
  try {
    return inTransaction(db, doing, work)
  } finally {
    db.exec(`PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${busyMsMax}`)
  }
}
