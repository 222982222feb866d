/** Files and names that a power cut leaves: bytes last once their file was synced, a name once its folder was (POSIX, fsync). */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

/** Of a file its bytes, of a folder its names. Blocks until the disk is done; not for the hub's main thread while it serves. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The same, without blocking. */
export async function pathSynced(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Folds an SQLite database's log into its file and empties it, for good: SQLite itself does not sync the empty log, and with
 * the old one a power cut would bring back what was deleted. False, at once or after the busy timeout, while somebody reads it.
 */
export function foldLog(db: DatabaseSync): boolean {
  const isFolded = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0
  const file = db.location()
  if (isFolded && file !== null) syncPath(`${file}-wal`)
  return isFolded
}

/** A small file, whole or not at all, and there when this returns. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  syncPath(dirname(file))
}
