/** The journal's tables, made on first use; a file of a newer version is refused. */
import type { DatabaseSync } from 'node:sqlite'
import { numberIn } from './rows.ts'

/** Grows with every change that an older program could not read. */
export const journalVersion = 2

const tables = `
  -- One row a commit group: sequences first … first + count - 1.
  CREATE TABLE groups (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL,
    received_from INTEGER NOT NULL, received_until INTEGER NOT NULL,
    crc INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  -- Messages of unplaced devices: each a group of one, never trimmed.
  CREATE TABLE held (
    device TEXT NOT NULL, sequence INTEGER NOT NULL, received_at INTEGER NOT NULL,
    crc INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (device, sequence)
  ) STRICT;
  -- checkpoint, nextSequence, newestReceivedAt.
  CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

/** Version 2: the chain over all groups, see chain.ts. Groups of before have no link. */
const chainTables = `
  ALTER TABLE groups ADD COLUMN link BLOB;
  -- Links of groups that are gone: of each that was erased whole, and of the last that was trimmed. Empty: it had none.
  CREATE TABLE kept_links (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, link BLOB NOT NULL) STRICT;
`

/** Came later; a program that does not know it leaves it alone, so it needs no new version. */
const laterTables = `
  -- What the decoder of a device's family remembers of it, as of the checkpoint.
  CREATE TABLE IF NOT EXISTS sources (device TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Stretches that were received under a wrong clock, in the order in which that was found; see mended-times.ts.
  CREATE TABLE IF NOT EXISTS mended_times (
    id INTEGER PRIMARY KEY, after INTEGER NOT NULL, through INTEGER NOT NULL,
    received_from INTEGER NOT NULL, received_until INTEGER NOT NULL, shift INTEGER NOT NULL, done INTEGER NOT NULL
  ) STRICT;
`

export class JournalTooNew extends Error {
  readonly code = 'journalTooNew'
}

/** What is on disk is no journal any more. Nothing was changed; there is nothing that trying again would mend. */
export class JournalDamaged extends Error {
  readonly code = 'journalDamaged'
  constructor(dataFile: string, cause: Error) {
    super(
      `The journal ${dataFile} is damaged (${cause.message}) and cannot be opened. Nothing was changed. To see what is damaged, ` +
        'run: npx lamppost doctor. Then restore a backup into another folder: npx lamppost restore FILE --data DIR',
      { cause }
    )
  }
}

export function prepareSchema(db: DatabaseSync): void {
  const found = numberIn(db.prepare('PRAGMA user_version').get(), 'user_version')
  if (found > journalVersion) {
    db.close()
    throw new JournalTooNew(
      `The journal was written by a newer Lamppost (its version ${found}, ours ${journalVersion}). Upgrade Lamppost.`
    )
  }
  // Pages can only be given back one by one when the file was made for it, before its first table.
  if (found === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL')
  db.exec('PRAGMA journal_mode = WAL')
  const steps = [tables, chainTables].slice(found)
  if (steps.length > 0)
    db.exec(`BEGIN IMMEDIATE; ${steps.join('')} PRAGMA user_version = ${journalVersion}; COMMIT`)
  if (!hasTable(db, 'mended_times')) db.exec(laterTables)
}

/** Asked first, so that opening a file writes nothing where nothing is missing. */
function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined
}
