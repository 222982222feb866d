/** A backup of a hub, running or not, as one file that was opened and compared before it has its name. */
import { existsSync, rmSync, statSync } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { megabytes } from '../../model/counted.ts'
import { toIso, type Clock } from '../../model/time.ts'
import { RegistryUnavailable, type Registry } from '../../registry/registry.ts'
import type { Manifest } from './archive.ts'
import { lastBackupSetting } from '../check-files.ts'
import { erasuresFileName, type DataFolder } from '../../hub/data-folder.ts'
import { noteUnfinished } from '../../hub/unfinished.ts'
import { leaveBeside, readErasures, writeErasures } from '../../hub/erasing/erasure-list.ts'
import { roomTimes } from '../limits.ts'
import { noteBackup } from './known-backups.ts'
import type { CopiedFiles, Pipeline } from '../../hub/pipeline/pipeline.ts'
import { Packing } from './packing.ts'
import { bytesPerReading } from '../../store/read-out.ts'
import { programVersion } from '../../hub/version.ts'
import { pathSynced } from '../../synced.ts'

export interface BackupRooms {
  folder: Pick<
    DataFolder,
    'path' | 'registryFile' | 'accountsFile' | 'photosFile' | 'journalFile' | 'readingsFile' | 'erasuresFile'
  >
  registry: Pick<Registry, 'setting' | 'setSetting'>
  pipeline: Pipeline
  clock: Clock
}

export interface BackupProgress {
  doing: string
  bytes: number
  bytesTotal: number
}

export interface BackupDone {
  file: string
  bytes: number
  manifest: Manifest
  /** Why the doctor will not know of it; null as a rule. The backup is whole without that. */
  unnoted: string | null
}

/** No backup was made; the message says why and what to do. */
export class BackupFailed extends Error {
  readonly code = 'backupFailed'
}

/** Every byte is copied, packed, and read back. */
const passes = 3

/** `file` is absolute and must not exist; until the backup is whole it is called `….partial`. */
export async function backUp(
  { folder, registry, pipeline, clock }: BackupRooms,
  file: string,
  onProgress: (progress: BackupProgress) => void
): Promise<BackupDone> {
  if (existsSync(file))
    throw new BackupFailed(`${file} already exists. Choose another name, or move the file.`)
  const created = toIso(clock.now())
  const partial = `${file}.partial`
  const copies = `${file}.copies`
  const packing = new Packing()
  let begun = false
  let forget = (): void => undefined
  // A hub that is told to stop does not wait for this; what was copied of homes must not stay behind.
  const leaveNothing = (): void => {
    packing.end()
    if (begun) for (const path of [copies, partial]) rmSync(path, { recursive: true, force: true })
    forget()
  }
  process.once('exit', leaveNothing)
  try {
    await refuseWithoutRoom(folder, pipeline, dirname(file))
    // A kill leaves them, at whatever moment: the next start, or command, takes them away.
    forget = noteUnfinished(folder.path, [copies, partial])
    // Made here and by nobody else: two backups of one name cannot get into each other's way.
    await mkdir(copies, { mode: 0o700 })
    begun = true
    await rm(partial, { force: true })
    const copied = await copyInto(copies, { folder, pipeline }, onProgress)
    const manifest = await packing.pack(
      { folder: copies, archive: partial, copied, lamppost: programVersion(), created },
      (doing, bytes) => onProgress({ doing, bytes: copied.bytes + bytes, bytesTotal: passes * copied.bytes })
    )
    // Before the archive has its name: whoever restores it looks for the list beside it.
    leaveBeside(dirname(file), readErasures(folder.erasuresFile) ?? [])
    await rename(partial, file)
    await pathSynced(dirname(file))
    return { file, bytes: statSync(file).size, manifest, unnoted: note(registry, file, created) }
  } catch (cause) {
    throw cause instanceof BackupFailed ? cause : failed(file, cause)
  } finally {
    process.off('exit', leaveNothing)
    leaveNothing()
  }
}

/** For the doctor, and for whoever is erased; gives why it could not be noted. */
function note(registry: BackupRooms['registry'], file: string, created: string): string | null {
  try {
    registry.setSetting(lastBackupSetting, created)
    noteBackup(registry, { file, created })
    return null
  } catch (cause) {
    if (!(cause instanceof RegistryUnavailable)) throw cause
    return cause.why
  }
}

async function copyInto(
  into: string,
  { folder, pipeline }: Pick<BackupRooms, 'folder' | 'pipeline'>,
  onProgress: (progress: BackupProgress) => void
): Promise<CopiedFiles> {
  let copying = true
  pipeline.on('copyProgress', ({ into: which, bytes, bytesTotal }) => {
    if (copying && which === into) onProgress({ doing: 'copying', bytes, bytesTotal: passes * bytesTotal })
  })
  try {
    const { registryFile, accountsFile, photosFile, journalFile, erasuresFile } = folder
    writeErasures(join(into, erasuresFileName), readErasures(erasuresFile) ?? [])
    return await pipeline.service.copyFiles({ into, registryFile, accountsFile, photosFile, journalFile })
  } finally {
    copying = false
  }
}

async function refuseWithoutRoom(
  { registryFile, photosFile, journalFile, readingsFile }: BackupRooms['folder'],
  pipeline: Pipeline,
  into: string
): Promise<void> {
  // Readings that are not in a file of ours become one.
  const readings = existsSync(readingsFile)
    ? statSync(readingsFile).size
    : (await pipeline.service.stats()).readings * bytesPerReading
  const bytes = [registryFile, photosFile, journalFile].reduce(
    (sum, file) => sum + statSync(file).size,
    readings
  )
  const { bavail, bsize } = await statfs(into)
  if (bavail * bsize >= bytes * roomTimes) return
  throw new BackupFailed(
    `A backup needs about ${megabytes(bytes * roomTimes)} in ${into}, and there are ${megabytes(bavail * bsize)}. ` +
      'Free some space, or choose another folder.'
  )
}

function failed(file: string, cause: unknown): BackupFailed {
  const why = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const folder = dirname(file)
  const says =
    code === 'ENOENT' && !existsSync(folder)
      ? `there is no folder ${folder}. Make it first.`
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? `the hub may not write to ${folder}. Give its user write permission, or choose another folder.`
        : code === 'EEXIST'
          ? `another backup of that name is running, or was interrupted. If none is running: rm -r ${file}.copies`
          : code === 'ENOSPC'
            ? `the disk of ${folder} is full. Free some space, or choose another folder.`
            : why
  return new BackupFailed(`${basename(file)} could not be made: ${says}`)
}
