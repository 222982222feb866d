/** Copies of registry, accounts, photos, journal and readings as they were at one moment, while all of them are being used. */
import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { StoreCopier } from '../../store/promise/copy.ts'
import { accountsFileName, fileNames, photosFileName } from '../../hub/data-folder.ts'
import type { CopiedFiles, CopyProgress, CopyRequest } from '../../hub/pipeline/pipeline.ts'

/** A connection waits this long for another one's lock; they hold it for milliseconds. */
const lockWaitMs = 5_000

/** Pages that SQLite copies before others get their turn at the disk: 1,000 of 4 KiB. */
const pagesPerBite = 1_000

/**
 * The moment is one at which the store writes nothing. Then the journal's checkpoint is not ahead of the readings (it
 * moves after a write is durable, never before), every message after it is in the journal, and what the registry says
 * of finished imports and moves is in the readings. So a hub that starts on the copies goes on as after a power cut.
 *
 * SQLite keeps a reader's view for as long as its transaction is open: both are looked at in that moment and copied
 * afterwards, while appends go on. Acknowledgements wait for nothing here. `signal` ends it within a bite.
 */
export async function copyFiles(
  store: StoreCopier,
  timezone: string,
  { into, registryFile, accountsFile, photosFile, journalFile }: CopyRequest,
  onProgress: (progress: CopyProgress) => void,
  signal: AbortSignal
): Promise<CopiedFiles> {
  const looks: Look[] = []
  try {
    let bytesDone = 0
    let bytesLeft = 0
    const copied = await store.copyTo(join(into, fileNames.readings), {
      whileHeld() {
        for (const file of [registryFile, accountsFile, photosFile, journalFile]) looks.push(new Look(file))
        bytesLeft = looks.reduce((sum, look) => sum + look.bytes, 0)
      },
      onProgress: (bytes, bytesTotal) => onProgress({ into, bytes, bytesTotal: bytesTotal + bytesLeft }),
      signal
    })
    bytesDone += copied.bytes
    const bytesTotal = copied.bytes + bytesLeft
    for (const [index, name] of [
      fileNames.registry,
      accountsFileName,
      photosFileName,
      fileNames.journal
    ].entries()) {
      const look = looks[index]!
      await look.copyTo(join(into, name), (bytes) => {
        signal.throwIfAborted()
        onProgress({ into, bytes: bytesDone + bytes, bytesTotal })
      })
      bytesDone += look.bytes
    }
    forgetSessions(join(into, accountsFileName))
    return { readings: copied.readings, bytes: bytesTotal, timezone }
  } finally {
    for (const look of looks) look.close()
  }
}

/** Whoever has a backup is not signed in by it, and nobody is after a restore. */
function forgetSessions(file: string): void {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA secure_delete = ON; DELETE FROM "session"; DELETE FROM verification; VACUUM')
  } finally {
    db.close()
  }
}

/** An SQLite file as it is at the moment this is made. */
class Look {
  readonly bytes: number
  readonly #db: DatabaseSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: lockWaitMs })
    // The view is taken by the first read of a transaction, not by its beginning.
    this.#db.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
    this.bytes = statSync(file).size
  }

  /** In another thread, bite by bite. The copy keeps versions and settings of the file. */
  async copyTo(file: string, onProgress: (bytes: number) => void): Promise<void> {
    await backup(this.#db, file, {
      rate: pagesPerBite,
      progress: ({ totalPages, remainingPages }) =>
        onProgress(this.bytes * (1 - remainingPages / Math.max(1, totalPages)))
    })
    chmodSync(file, 0o600)
  }

  close(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    this.#db.close()
  }
}
