/** The data folder: made when absent, checked for writing, and held by one process at a time. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OpenedFile } from '../opened-file.ts'
import { isSqliteFull } from '../sqlite.ts'
import { syncPath } from '../synced.ts'

export interface DataFolder {
  path: string
  registryFile: string
  journalFile: string
  readingsFile: string
  /** What InfluxDB cannot keep itself, where readings are kept there. */
  influxFile: string
  /** Who has an account, and what signs their cookies; the second is in no backup. */
  accountsFile: string
  accountsSecretFile: string
  /** Photos of diaries. */
  photosFile: string
  /** What changed of what was given out. In no backup: a folder that is restored has another history. */
  changesFile: string
  /** Snapshots that stay as they are, and what is known of each. */
  datasetsFolder: string
  /** Receipts of exports, and below it the files that are kept for a week. */
  exportsFile: string
  exportsFolder: string
  /** What pseudonyms for researchers are made with; in no backup. */
  researchSecretFile: string
  /** Who was erased, as salted ids: so that an older copy is told. */
  erasuresFile: string
  restoredFile: string
  /** What the hub knows of the computer's clock, until the machine starts again. */
  clockFile: string
  /** Through which the command talks to a running hub; only the folder's owner can open it. */
  socketFile: string
  /** Is the folder of that name still the one that was taken? */
  isInPlace(): boolean
  release(): void
}

/** What the folder holds of a hub's data, by name. */
export const fileNames = {
  registry: 'registry.sqlite',
  journal: 'journal.sqlite',
  readings: 'readings.duckdb'
} as const

/** Beside them where readings are kept in InfluxDB; there is no readings file then. */
export const influxFileName = 'influx.sqlite'

/** Beside them since there are accounts: folders and backups of before have none. */
export const accountsFileName = 'accounts.sqlite'
/** Beside them since diaries have photos. */
export const photosFileName = 'photos.sqlite'
/** What folders and backups of earlier versions may lack. */
export const laterFileNames = [accountsFileName, photosFileName]
/** In the data folder and in each backup; beside the backups it is called for what it belongs to. */
export const erasuresFileName = 'erasures.json'
export const erasuresBesideName = 'lamppost-erasures.json'

/** Says when the folder was restored, until its next opening. */
export const restoredFileName = 'restored.json'

/** The folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  readonly code: 'inUse' | 'unusable' | 'full'
  constructor(code: DataFolderError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export function socketFileOf(dataDir: string): string {
  return join(resolve(dataDir), 'control.sock')
}

/** Takes the folder for this process, until `release` or its end, however it ends. */
export function holdDataFolder(dataDir: string): DataFolder {
  // Whatever this process writes from here on is its owner's alone: the files hold what homes measured.
  process.umask(0o077)
  const path = resolve(dataDir)
  makeWritable(path)
  const release = lock(path)
  const opened = new OpenedFile(path)
  return {
    ...foldersFiles(path),
    socketFile: socketFileOf(path),
    isInPlace: () => opened.isInPlace(),
    release
  }
}

/** Where a hub's data is in its folder, whether it is there yet or not. */
export function foldersFiles(path: string): Omit<DataFolder, 'socketFile' | 'isInPlace' | 'release'> {
  return {
    path,
    registryFile: join(path, fileNames.registry),
    journalFile: join(path, fileNames.journal),
    readingsFile: join(path, fileNames.readings),
    influxFile: join(path, influxFileName),
    changesFile: join(path, 'changes.sqlite'),
    datasetsFolder: join(path, 'datasets'),
    exportsFile: join(path, 'exports.sqlite'),
    exportsFolder: join(path, 'exports'),
    researchSecretFile: join(path, 'research.secret'),
    accountsFile: join(path, accountsFileName),
    photosFile: join(path, photosFileName),
    accountsSecretFile: join(path, 'accounts.secret'),
    erasuresFile: join(path, erasuresFileName),
    restoredFile: join(path, restoredFileName),
    clockFile: join(path, 'clock.json')
  }
}

function makeWritable(path: string): void {
  try {
    makeFolder(path)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new DataFolderError(
      'unusable',
      `The data folder ${path} cannot be written (${why}). Give its owner write permission, or choose another with --data.`
    )
  }
}

/** Level by level, each synced: where nothing can be made (in /proc), Node's own recursion tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
  syncPath(dirname(path))
}

/**
 * An exclusive transaction on a small database of its own: the operating system's lock goes with the process, so that
 * a kill leaves nothing to clean up, and two starts at the same moment cannot both win.
 */
function lock(path: string): () => void {
  const file = join(path, 'lock.sqlite')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE')
    keepForOwner(path)
  } catch (cause) {
    database?.close()
    const text = cause instanceof Error ? cause.message : String(cause)
    if (/locked|busy/i.test(text)) {
      throw new DataFolderError(
        'inUse',
        `Another Lamppost uses the data folder ${path}. Stop it first, or choose another folder with --data.`
      )
    }
    if (isSqliteFull(cause)) {
      const what = `The data folder ${path} cannot be used now, because its disk is full.`
      throw new DataFolderError('full', `${what} Nothing was changed. Free some space, and run it again.`)
    }
    throw new DataFolderError('unusable', `The data folder ${path} cannot be used: ${text}.`)
  }
  let held = true
  const holding = database
  return () => {
    if (!held) return
    held = false
    holding.exec('ROLLBACK')
    holding.close()
  }
}

/** What homes measured is in these files. A folder that somebody else owns and lends us stays as it is. */
function keepForOwner(path: string): void {
  if (statSync(path).uid === process.getuid?.()) chmodSync(path, 0o700)
}
