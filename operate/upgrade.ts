/** What a newer version will change in a data folder: said before, and only done once there is a way back. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrations as accountsMigrations } from '../accounts/migrations.ts'
import { foldersFiles, holdDataFolder, type DataFolder } from '../hub/data-folder.ts'
import { megabytes } from '../model/counted.ts'
import { systemClock, toIso, type Clock } from '../model/time.ts'
import { migrations } from '../registry/migrations.ts'
import type { Registry } from '../registry/registry.ts'
import { knownFormats, type Manifest } from './backup/archive.ts'
import { noteBackup } from './backup/known-backups.ts'
import { noteUpgrade, type UpgradeNote } from './upgrade-note.ts'

export interface UpgradeOptions {
  dataDir: string
  /** Of this program. */
  version: string
  /** Where backups go; a folder of the data folder unless given. */
  backupDir: string | undefined
  /** The steward made a copy otherwise. */
  withoutBackup: boolean
  say(line: string): void
  clock?: Clock
}

/** Whoever opens the folder next upgrades it, and then notes what this gives with `noteVersion`. */
export interface Prepared {
  backup: { file: string; created: string } | undefined
  /** For the stewards; undefined where the folder is new, or this version opened it last. */
  upgrade?: UpgradeNote
}

const versionSetting = 'lamppostVersion'
const formatsSetting = 'lamppostFormats'

/** Nothing is upgraded here. A folder that is new, or that this version opened last, is only asked for that. */
export async function prepareUpgrade(options: UpgradeOptions): Promise<Prepared> {
  const { dataDir, version, withoutBackup, say, clock = systemClock } = options
  const files = foldersFiles(resolve(dataDir))
  if (!existsSync(files.registryFile)) return { backup: undefined }
  const noted = notedIn(files.registryFile)
  if (noted.formats === JSON.stringify(knownFormats)) {
    if (noted.version === undefined || noted.version === version) return { backup: undefined }
    say(
      `This is Lamppost ${version}; ${noted.version} was here before. Nothing in ${files.path} has to change.`
    )
    return { backup: undefined, upgrade: upgraded({ isChanged: false }) }
  }
  function upgraded(did: Pick<UpgradeNote, 'isChanged'> & Partial<UpgradeNote>): UpgradeNote {
    const from = noted.version ?? null
    return { from, since: from, to: version, at: toIso(clock.now()), backup: null, goBack: null, ...did }
  }
  const folder = holdDataFolder(dataDir)
  try {
    const { formats, changes } = await examine(files)
    if (changes.length === 0) return { backup: undefined }
    say(
      `This is Lamppost ${version}, and ${noted.version ?? 'an earlier version'} wrote ${files.path}. It will be changed:`
    )
    for (const change of changes) say(`  ${change}`)
    if (withoutBackup) {
      say('No backup is made first, as you said.')
      return { backup: undefined, upgrade: upgraded({ isChanged: true }) }
    }
    const into = options.backupDir ?? join(files.path, 'before-upgrade')
    say(`First a backup, into ${into} …`)
    const wroteIt = noted.version ?? 'an earlier version'
    const { coldBackup } = await import('./backup/cold-backup.ts')
    const { path, isArchive, bytes } = await coldBackup(folder, into, { clock, formats, wroteIt })
    say(`${path}: ${megabytes(bytes)}, opened and compared. To go back: install ${wroteIt} again, and`)
    const goBack = isArchive
      ? `npx lamppost restore ${path} --data ${files.path}-before`
      : `rm -f ${files.path}/*.sqlite-wal && cp -p ${path}/* ${files.path}/`
    say(`  ${goBack}`)
    return {
      backup: isArchive ? { file: path, created: toIso(clock.now()) } : undefined,
      upgrade: upgraded({ isChanged: true, backup: path, goBack })
    }
  } finally {
    folder.release()
  }
}

/** After the folder was opened: who opened it, for the next upgrade. */
export function noteVersion(
  registry: Pick<Registry, 'setting' | 'setSetting'>,
  version: string,
  { backup, upgrade }: Prepared
): void {
  if (backup) noteBackup(registry, backup)
  if (upgrade) noteUpgrade(registry, upgrade)
  for (const [name, value] of [
    [versionSetting, version],
    [formatsSetting, JSON.stringify(knownFormats)]
  ] as const)
    if (registry.setting(name) !== value) registry.setSetting(name, value)
}

/** Cheap, as every command asks: what the last opening noted. */
function notedIn(registryFile: string): { version?: string; formats?: string } {
  const db = new DatabaseSync(registryFile, { readOnly: true })
  try {
    const find = db.prepare('SELECT value FROM settings WHERE name = ?')
    const valueOf = (name: string): string | undefined => find.get(name)?.['value'] as string | undefined
    const [version, formats] = [valueOf(versionSetting), valueOf(formatsSetting)]
    return { ...(version === undefined ? {} : { version }), ...(formats === undefined ? {} : { formats }) }
  } catch {
    return {} // No registry, or one that cannot be read: whoever opens it says so.
  } finally {
    db.close()
  }
}

type Files = Pick<DataFolder, 'registryFile' | 'accountsFile' | 'photosFile' | 'journalFile' | 'readingsFile'>

/** Versions of the files as they are, and what this program would do to them, in words. */
async function examine(files: Files): Promise<{ formats: Manifest['formats']; changes: string[] }> {
  const { registryFile, accountsFile, photosFile, journalFile, readingsFile } = files
  // Loaded only here: most starts find a folder of their own version.
  const { lookAtReadings } = await import('../store/duckdb/look.ts')
  const formats: Manifest['formats'] = {
    registry: versionOf(registryFile) ?? knownFormats.registry,
    journal: versionOf(journalFile) ?? knownFormats.journal,
    readings:
      (existsSync(readingsFile) ? await lookAtReadings(readingsFile) : undefined)?.format ??
      knownFormats.readings
  }
  const accounts = versionOf(accountsFile)
  if (accounts !== undefined) formats.accounts = accounts
  const photos = versionOf(photosFile)
  if (photos !== undefined) formats.photos = photos
  const missing = migrations.filter((one) => one.version > formats.registry)
  const changes = missing.map(({ what }) => `registry.sqlite: ${what}`)
  if (accounts !== undefined && accountsMigrations.some((one) => one.version > accounts))
    changes.push('accounts.sqlite: new tables')
  if (formats.journal < knownFormats.journal) changes.push('journal.sqlite: new tables')
  if (formats.readings < knownFormats.readings)
    changes.push(
      'readings.duckdb: hours and days are recalculated while the hub works; readings stay as they are'
    )
  return { formats, changes }
}

function versionOf(file: string): number | undefined {
  if (!existsSync(file)) return undefined
  // Not only to read: after a power cut in its first transaction SQLite has to undo that before it says anything. The folder
  // is held, so nobody else has the file.
  const db = new DatabaseSync(file)
  try {
    return Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  } finally {
    db.close()
  }
}
