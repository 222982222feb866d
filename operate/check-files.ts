/** Whether the files of a hub are whole: asked of a backup's copies, and by the doctor. Slow; never on the main thread of a hub. */
import { DatabaseSync } from 'node:sqlite'
import type { Consent } from '../model/consent.ts'
import type { Site } from '../model/place.ts'
import {
  homesBeforeSetting,
  streetsShortOfConsents,
  type StreetShortOfConsents
} from '../model/taken-over.ts'
import { verifyJournal, type JournalCheck } from '../journal/verify.ts'

/** Name of the registry's setting in which the moment of the last backup is noted. */
export const lastBackupSetting = 'lastBackupAt'

export interface CheckOptions {
  /** Others use the file: it is only read. */
  inUse: boolean
  /** Compares every index with its table as well; without, structure and every page. */
  thorough?: boolean
}

export interface RegistryCheck {
  streets: number
  devices: number
  /** When a backup was last made from it, ISO 8601. */
  lastBackupAt: string | undefined
  /** With their names; none in a file of a version that kept no consents. */
  shortOfConsents: (StreetShortOfConsents & { name: string })[]
}

/** A file is not whole; the message says how, without its path. */
export class FileDamaged extends Error {
  readonly code = 'fileDamaged'
}

export function checkRegistry(file: string, options: CheckOptions): RegistryCheck {
  return withFile(file, options, (db) => ({
    streets: countOf(db, 'streets'),
    devices: countOf(db, 'devices'),
    lastBackupAt: settingOf(db, lastBackupSetting),
    shortOfConsents: shortOfConsents(db)
  }))
}

function shortOfConsents(db: DatabaseSync): RegistryCheck['shortOfConsents'] {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'consents'").get()) return []
  // Of an opened registry's tables (registry/migrations.ts), whose constraints keep to these types.
  const sites = db.prepare('SELECT streetId, placement, homeId FROM sites').all() as unknown as Site[]
  const consents = db
    .prepare('SELECT homeId, purpose, wording, until FROM consents')
    .all() as unknown as Consent[]
  const nameOf = db.prepare('SELECT name FROM streets WHERE streetId = ?')
  return streetsShortOfConsents(sites, consents, settingOf(db, homesBeforeSetting)).map((street) => ({
    ...street,
    name: textOf(nameOf.get(street.streetId)) ?? street.streetId
  }))
}

function settingOf(db: DatabaseSync, name: string): string | undefined {
  return textOf(db.prepare('SELECT value FROM settings WHERE name = ?').get(name))
}

/** Throws where SQLite finds something wrong with the file. */
export function checkSqlite(file: string, options: CheckOptions): void {
  withFile(file, options, () => undefined)
}

export function checkJournal(
  file: string,
  options: CheckOptions,
  onProgress?: (messages: number) => void
): JournalCheck {
  return withFile(file, options, (db) => {
    const check = verifyJournal(db, onProgress)
    if (check.damaged > 0)
      throw new FileDamaged(`the checksums of ${check.damaged} blocks of messages do not fit`)
    if (check.gaps > 0)
      throw new FileDamaged(
        `in ${check.gaps} places messages are missing or were changed, since the chain of hashes does not go on there`
      )
    return check
  })
}

/** Opens the readings, reads and counts them; a log beside them is folded in. Nobody else may have them open. */
export async function checkReadings(file: string, timezone: string): Promise<{ readings: number }> {
  // Loaded only here: who asks for a registry or a journal needs no DuckDB.
  const { openDuckDbStore } = await import('../store/duckdb/open.ts')
  const store = await openDuckDbStore({ file, timezone, memoryMb: memoryMb })
  try {
    await store.examine(0, 1)
    return { readings: (await store.stats()).readings }
  } finally {
    await store.close()
  }
}

/** Half of what the store takes: it runs beside that one. */
const memoryMb = 256

/** SQLite's own look at the file, then ours. */
function withFile<T>(
  file: string,
  { inUse, thorough = false }: CheckOptions,
  look: (db: DatabaseSync) => T
): T {
  const db = new DatabaseSync(file, { readOnly: inUse, timeout: lockWaitMs })
  try {
    const found = db.prepare(`PRAGMA ${thorough ? 'integrity_check' : 'quick_check'}(1)`).get()
    const says = textOf(found)
    if (says !== 'ok') throw new FileDamaged(says ?? 'SQLite cannot check it')
    return look(db)
  } finally {
    db.close()
  }
}

const lockWaitMs = 5_000

function countOf(db: DatabaseSync, table: 'streets' | 'devices'): number {
  return Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] ?? 0)
}

/** The text in a row of one column. */
function textOf(row: Record<string, unknown> | undefined): string | undefined {
  const [value] = Object.values(row ?? {})
  return typeof value === 'string' ? value : undefined
}

/** Makes a copied SQLite file one that stands by itself: no log beside it, none expected. */
export function makeSingleFile(file: string): void {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA journal_mode = DELETE')
  } finally {
    db.close()
  }
}
