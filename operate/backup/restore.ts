/** Puts a backup into an empty data folder: unpacked beside where it belongs, compared, and then moved there in one step a file. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises'
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
  isKeptHere,
  joinErasures,
  onlyIn,
  parseErasures,
  readErasures,
  writeErasures,
  type ErasureList
} from '../../hub/erasing/erasure-list.ts'
import type { RestoredNote } from '../../hub/erasing/retracted.ts'
import { systemClock, toIso } from '../../model/time.ts'
import { pathSynced } from '../../synced.ts'
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

/** Who was erased, and what was taken back, since the backup was made. */
export interface ErasuresGiven {
  /** Of the list, where it does not lie beside the backup as the hub keeps it. */
  file?: string
  /** Go without one: what was erased since comes back, and whatever rests on somebody's word is taken back. */
  without?: boolean
  /** The steward says that nothing was taken back since: without a list consents stand then. */
  consentsStand?: boolean
}

export interface Restored {
  manifest: Manifest
  /** Something is named that may be in it: the next opening of the folder erases it, or takes it back, again. */
  hasErasures: boolean
  /** No list says what was taken back since: the next opening takes back whatever rests on somebody's word. */
  isUnknown: boolean
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
  const there = join(path, erasuresFileName)
  const { erasures, since } = await erasuresFor(archive, described.entries, { ...given, there })
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
    const note: RestoredNote = {
      at: toIso(systemClock.now()),
      made: described.manifest.created,
      since
    }
    await writeFile(join(work, restoredFileName), JSON.stringify(note), { flush: true })
    for (const name of movedInOrder(described.manifest)) await rename(join(work, name), join(path, name))
    await rm(work, { recursive: true })
    await pathSynced(path)
    folder.release()
    return {
      manifest: described.manifest,
      hasErasures: erasures.some(({ entries }) => entries.length > 0),
      isUnknown: since === null
    }
  } catch (cause) {
    if (work !== undefined) await rm(work, { recursive: true, force: true })
    folder.release()
    if (!wasThere) await removeMade(path)
    throw cause
  }
}

/** Those that the archive knew of, and those since: without the latter nothing that was erased or taken back may come back unnoticed. */
async function erasuresFor(
  archive: string,
  entries: readonly TarEntry[],
  given: ErasuresGiven & { there: string }
): Promise<{ erasures: ErasureList[]; since: ErasureList[] | null }> {
  const beside = join(dirname(resolve(archive)), erasuresBesideName)
  const newest = newestList(archive, beside, given)
  const text = await readArchivedErasures(archive, entries)
  const then = text === undefined ? [] : parseErasures(text, `The list in ${archive}`)
  const erasures = joinErasures(then, readErasures(given.there), readErasures(beside), newest)
  const isKnown = newest !== undefined || given.consentsStand === true
  return { erasures, since: isKnown ? onlyIn(erasures, then) : null }
}

/** The list that has everything until now; undefined where the steward goes without. */
function newestList(
  archive: string,
  beside: string,
  { file, without, there }: ErasuresGiven & { there: string }
): ErasureList[] | undefined {
  if (file !== undefined) {
    const list = readErasures(resolve(file))
    if (list) return list
    throw new RestoreRefused(`There is no file ${file}. Give the list of erasures kept beside the backups.`)
  }
  const list = readErasures(beside)
  const known = list && isKeptHere(beside) ? list : readErasures(there)
  if (known || without === true) return known
  throw new RestoreRefused(
    list
      ? `${beside} was copied from another folder, and may lack who was erased and which consents were withdrawn since. If it is ` +
          `the newest list there is: --erasures ${beside}. Otherwise: --without-erasures, which ends every consent`
      : `It is unknown who was erased, and which consents were withdrawn, since ${archive} was made: ${beside} is missing. Name the list ` +
          'from beside the newest backups (or erasures.json of the former data folder) with --erasures FILE. If it is lost: ' +
          '--without-erasures, which ends every consent, since nobody knows which of them still stand'
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
