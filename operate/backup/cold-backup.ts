/** A backup of a data folder that nobody has open, as the version left it that wrote it: that version can restore it. */
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { rename, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { megabytes } from '../../model/counted.ts'
import { toIso, type Clock } from '../../model/time.ts'
import {
  laterFileNames,
  erasuresFileName,
  fileNames,
  influxFileName,
  type DataFolder
} from '../../hub/data-folder.ts'
import { leaveBeside, readErasures, writeErasures } from '../../hub/erasing/erasure-list.ts'
import { noteUnfinished } from '../../hub/unfinished.ts'
import { lookAtReadings } from '../../store/duckdb/look.ts'
import { pathSynced } from '../../synced.ts'
import { roomTimes } from '../limits.ts'
import type { Manifest } from './archive.ts'
import { BackupFailed } from './back-up.ts'
import { Packing } from './packing.ts'
import { backupName } from './schedule.ts'

type ColdFolder = Pick<DataFolder, 'path' | 'erasuresFile'>

/** In a file of readings whose making a power cut ended. */
const nothingYet = { readings: 0, timezone: 'UTC' }

export interface ColdBackup {
  /** An archive; or, where the readings are in InfluxDB, a folder with the hub's own files. */
  path: string
  isArchive: boolean
  bytes: number
}

/** The caller holds the folder. `wroteIt` is the version that did, as far as anybody knows. */
export async function coldBackup(
  folder: ColdFolder,
  into: string,
  { clock, formats, wroteIt }: { clock: Clock; formats: Manifest['formats']; wroteIt: string }
): Promise<ColdBackup> {
  mkdirSync(into, { recursive: true, mode: 0o700 })
  await refuseWithoutRoom(folder, into)
  const now = clock.now()
  const path = join(into, backupName(now).replace(/^lamppost-/, 'lamppost-before-upgrade-'))
  const [copies, partial] = [`${path}.copies`, `${path}.partial`]
  const forget = noteUnfinished(folder.path, [copies, partial])
  const packing = new Packing()
  try {
    mkdirSync(copies, { mode: 0o700 })
    for (const name of sqliteFiles(folder)) await copySqlite(join(folder.path, name), join(copies, name))
    writeErasures(join(copies, erasuresFileName), readErasures(folder.erasuresFile) ?? [])
    if (!existsSync(join(folder.path, fileNames.readings))) {
      const target = path.replace(/\.tar$/, '')
      await rename(copies, target)
      await pathSynced(into)
      return { path: target, isArchive: false, bytes: bytesOf(folder) }
    }
    for (const tail of ['', '.wal']) {
      const name = `${fileNames.readings}${tail}`
      if (existsSync(join(folder.path, name))) copyFileSync(join(folder.path, name), join(copies, name))
    }
    const { readings, timezone } = (await lookAtReadings(join(copies, fileNames.readings))) ?? nothingYet
    await packing.pack(
      {
        folder: copies,
        archive: partial,
        copied: { readings, timezone, bytes: bytesOf(folder) },
        lamppost: wroteIt,
        created: toIso(now),
        formats
      },
      () => undefined
    )
    leaveBeside(into, readErasures(folder.erasuresFile) ?? [])
    await rename(partial, path)
    // The upgrade begins after this: the way back must be there whatever happens then.
    await pathSynced(into)
    return { path, isArchive: true, bytes: statSync(path).size }
  } finally {
    packing.end()
    for (const left of [copies, partial]) rmSync(left, { recursive: true, force: true })
    forget()
  }
}

function sqliteFiles({ path }: ColdFolder): string[] {
  return [fileNames.registry, fileNames.journal, ...laterFileNames, influxFileName].filter((name) =>
    existsSync(join(path, name))
  )
}

/** With what is still in its log; settings and version stay. */
async function copySqlite(from: string, to: string): Promise<void> {
  // What a power cut left undone in it is undone first, which only a writer can.
  const db = new DatabaseSync(from)
  try {
    await backup(db, to)
  } finally {
    db.close()
  }
}

function bytesOf(folder: ColdFolder): number {
  const names = [...sqliteFiles(folder), fileNames.readings]
  const files = names
    .flatMap((name) => [name, `${name}-wal`, `${name}.wal`])
    .map((name) => join(folder.path, name))
  return files.reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0)
}

async function refuseWithoutRoom(folder: ColdFolder, into: string): Promise<void> {
  const bytes = bytesOf(folder) * roomTimes
  const { bavail, bsize } = await statfs(into)
  if (bavail * bsize >= bytes) return
  throw new BackupFailed(
    `The backup before the upgrade needs about ${megabytes(bytes)} in ${into}, and there are ${megabytes(bavail * bsize)}. ` +
      `Nothing was changed. Free some space, name another folder in LAMPPOST_BACKUP_DIR, or copy ${dirname(folder.erasuresFile)} ` +
      'somewhere yourself and start with --without-backup.'
  )
}
