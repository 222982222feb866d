/** Puts a backup into an empty data folder: unpacked beside where it belongs, compared, and then moved there in one step a file. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, open, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  contentBytes,
  memberNames,
  readArchivedErasures,
  readManifest,
  unpack,
  type Manifest
} from './archive.ts'
import { megabytes } from '../../model/counted.ts'
import {
  erasuresBesideName,
  erasuresFileName,
  fileNames,
  holdDataFolder,
  restoredFileName
} from '../../hub/data-folder.ts'
import {
  joinErasures,
  parseErasures,
  readErasures,
  writeErasures,
  type ErasureList
} from '../../hub/erasing/erasure-list.ts'
import { systemClock, toIso } from '../../model/time.ts'
import type { TarEntry } from './tar.ts'

/** Nothing was restored; the message says why and what to do. */
export class RestoreRefused extends Error {
  readonly code = 'restoreRefused'
}

/** What may lie in a folder that holds no data: what a hub that once ran left, and what a file system brings. */
const noData = new Set(['lock.sqlite', 'lock.sqlite-journal', 'control.sock', 'lost+found', erasuresFileName])
const workName = /^restoring-/

/** The registry comes last: without it a hub would begin anew, so that a half-moved folder is never taken for a whole one. */
function movedInOrder(manifest: Manifest): string[] {
  const others = memberNames(manifest).filter((name) => name !== fileNames.registry)
  return [erasuresFileName, restoredFileName, ...others, fileNames.registry]
}

/** Who was erased since the backup was made. */
export interface ErasuresGiven {
  /** Of the list, where it does not lie beside the backup. */
  file?: string
  /** Go without one: what was erased since comes back. */
  without?: boolean
}

export interface Restored {
  manifest: Manifest
  /** Somebody is named who may be in it: the next opening of the folder erases them again. */
  hasErasures: boolean
}

export async function restore(
  archive: string,
  dataDir: string,
  given: ErasuresGiven,
  onProgress: (bytes: number, bytesTotal: number) => void
): Promise<Restored> {
  const path = resolve(dataDir)
  const wasThere = existsSync(path)
  if (wasThere) refuseData(path)
  const described = await readArchive(archive)
  const erasures = await erasuresFor(archive, described.entries, {
    ...given,
    there: join(path, erasuresFileName)
  })
  const bytesTotal = contentBytes(described.manifest)
  const folder = holdDataFolder(path)
  let work: string | undefined
  try {
    // Looked at again under the lock: a hub may have begun here since.
    refuseData(path)
    for (const name of readdirSync(path)) {
      if (workName.test(name)) await rm(join(path, name), { recursive: true })
    }
    await refuseWithoutRoom(path, bytesTotal)
    work = await mkdtemp(join(path, 'restoring-'))
    let bytes = 0
    await unpack(archive, described, work, (more) => onProgress((bytes += more), bytesTotal))
    writeErasures(join(work, erasuresFileName), erasures)
    await writeFile(join(work, restoredFileName), JSON.stringify({ at: toIso(systemClock.now()) }), {
      flush: true
    })
    for (const name of movedInOrder(described.manifest)) await rename(join(work, name), join(path, name))
    await rm(work, { recursive: true })
    await syncFolder(path)
    folder.release()
    return { manifest: described.manifest, hasErasures: erasures.some(({ entries }) => entries.length > 0) }
  } catch (cause) {
    if (work !== undefined) await rm(work, { recursive: true, force: true })
    folder.release()
    if (!wasThere) await removeMade(path)
    throw cause
  }
}

/** Those that the archive knew of, and those since: without the latter nobody who was erased may come back unnoticed. */
async function erasuresFor(
  archive: string,
  entries: readonly TarEntry[],
  { file, without, there }: ErasuresGiven & { there: string }
): Promise<ErasureList[]> {
  const beside = join(dirname(resolve(archive)), erasuresBesideName)
  const since =
    file === undefined ? (readErasures(beside) ?? readErasures(there)) : readErasures(resolve(file))
  if (!since && file !== undefined)
    throw new RestoreRefused(`There is no file ${file}. Give the list of erasures kept beside the backups.`)
  if (!since && without !== true)
    throw new RestoreRefused(
      `It is unknown who was erased since ${archive} was made: ${beside} is missing. Copy the list from beside the ` +
        'newest backups (or erasures.json of the former data folder) there, or name it with --erasures FILE. If nobody was ' +
        'erased, or the list is lost: --without-erasures'
    )
  const then = await readArchivedErasures(archive, entries)
  return joinErasures(
    then === undefined ? [] : parseErasures(then, `The list in ${archive}`),
    readErasures(there),
    since
  )
}

async function readArchive(archive: string): ReturnType<typeof readManifest> {
  try {
    return await readManifest(archive)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT') throw new RestoreRefused(`There is no file ${archive}. Check its name.`)
    if (code === 'EACCES') throw new RestoreRefused(`This user may not read ${archive}.`)
    if (code === 'EISDIR') throw new RestoreRefused(`${archive} is a folder. Give a backup file.`)
    throw cause
  }
}

function refuseData(path: string): void {
  const data = readdirSync(path).filter((name) => !noData.has(name) && !workName.test(name))
  if (data.length === 0) return
  throw new RestoreRefused(
    `The data folder ${path} is not empty (${data.slice(0, 3).join(', ')}). ` +
      'Stop its hub and move the folder away, or restore into another one with --data.'
  )
}

async function refuseWithoutRoom(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  if (bavail * bsize >= bytes) return
  throw new RestoreRefused(
    `The backup needs ${megabytes(bytes)} in ${path}, and there are ${megabytes(bavail * bsize)}. ` +
      'Free some space, or restore into another folder with --data.'
  )
}

/** A folder that was made for a restore which then failed goes again. */
async function removeMade(path: string): Promise<void> {
  await rm(join(path, 'lock.sqlite'), { force: true })
  await rmdir(path)
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
