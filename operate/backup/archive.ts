/** A backup's file: a tar of registry, accounts, photos, journal and readings, with a manifest that says what they are and their checksums. */
import { erasuresBytesMax, manifestBytesMax } from '../limits.ts'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { formatVersion as readingsVersion } from '../../store/duckdb/file/format.ts'
import { journalVersion } from '../../journal/schema.ts'
import { migrations } from '../../registry/migrations.ts'
import { erasuresFileName, fileNames, laterFileNames } from '../../hub/data-folder.ts'
import { photosVersion } from '../../registry/photos.ts'
import { migrations as accountsMigrations } from '../../accounts/migrations.ts'
import { readTar, TarDamaged, tarEnd, tarHeader, tarPadding, type TarEntry } from './tar.ts'

/** Grows with every change that an older program could not restore. */
export const archiveVersion = 1

/** Formats that this program reads; an archive of newer ones needs a newer program. */
export const knownFormats: Manifest['formats'] = {
  registry: Math.max(...migrations.map(({ version }) => version)),
  accounts: Math.max(...accountsMigrations.map(({ version }) => version)),
  photos: photosVersion,
  journal: journalVersion,
  readings: readingsVersion
}

export interface Manifest {
  format: 'lamppost-backup'
  version: number
  /** Version of the program that wrote it. */
  lamppost: string
  /** ISO 8601, UTC. */
  created: string
  timezone: string
  counts: { streets: number; devices: number; messages: number; readings: number }
  /** `accounts` and `photos` are absent in archives from before there were any. */
  formats: { registry: number; accounts?: number; photos?: number; journal: number; readings: number }
  members: { name: string; bytes: number; sha256: string }[]
}

/** The archive cannot be used; the message says why and what to do. */
export class ArchiveRefused extends Error {
  readonly code: 'archiveDamaged' | 'archiveTooNew' | 'notABackup'
  constructor(code: ArchiveRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

export type OnBytes = (bytes: number) => void

const manifestName = 'manifest.json'
const biteBytes = 1024 * 1024

/** Writes the archive at `file`, which must not exist; synced when this resolves. The manifest is its last member. */
export async function pack(
  file: string,
  folder: string,
  about: Omit<Manifest, 'members' | 'format' | 'version'>,
  onBytes: OnBytes
): Promise<Manifest> {
  const archive = await open(file, 'wx', 0o600)
  try {
    const modifiedS = Math.floor(Date.parse(about.created) / 1_000)
    const members: Manifest['members'] = []
    const later = laterFileNames.filter((name) => existsSync(join(folder, name)))
    for (const name of [...Object.values(fileNames), ...later, erasuresFileName]) {
      const source = await open(join(folder, name), 'r')
      try {
        const { size } = await source.stat()
        await archive.appendFile(tarHeader(name, size, modifiedS))
        const sha256 = await pour(source, { at: 0, bytes: size }, onBytes, (bite) => archive.appendFile(bite))
        await archive.appendFile(tarPadding(size))
        members.push({ name, bytes: size, sha256 })
      } finally {
        await source.close()
      }
    }
    const manifest: Manifest = { format: 'lamppost-backup', version: archiveVersion, ...about, members }
    const text = Buffer.from(JSON.stringify(manifest, null, 2) + '\n')
    await archive.appendFile(
      Buffer.concat([tarHeader(manifestName, text.length, modifiedS), text, tarPadding(text.length), tarEnd])
    )
    await archive.sync()
    return manifest
  } finally {
    await archive.close()
  }
}

/** Reads what an archive says of itself, and refuses what is no backup, damaged at its ends, or too new. */
export async function readManifest(file: string): Promise<{ manifest: Manifest; entries: TarEntry[] }> {
  const archive = await open(file, 'r')
  try {
    const entries = await readTar(archive).catch((cause: unknown) => {
      throw cause instanceof TarDamaged ? damaged(file, cause.message) : cause
    })
    const entry = entries.find(({ name }) => name === manifestName)
    if (!entry || entry.bytes > manifestBytesMax) throw notABackup(file)
    const text = Buffer.alloc(entry.bytes)
    await archive.read(text, 0, entry.bytes, entry.at)
    return { manifest: asManifest(file, text.toString('utf8')), entries }
  } finally {
    await archive.close()
  }
}

/** The list of erasures as it was when the archive was made; undefined in one of a version that kept none. */
export async function readArchivedErasures(
  file: string,
  entries: readonly TarEntry[]
): Promise<string | undefined> {
  const entry = entries.find(({ name }) => name === erasuresFileName)
  if (!entry) return undefined
  const archive = await open(file, 'r')
  try {
    const text = Buffer.alloc(Math.min(entry.bytes, erasuresBytesMax))
    await archive.read(text, 0, text.length, entry.at)
    return text.toString('utf8')
  } finally {
    await archive.close()
  }
}

/**
 * Reads every member and compares it with its checksum; with a folder, the members are written there, synced. Whatever
 * the archive calls its members, only the files of a hub are looked for.
 */
export async function unpack(
  file: string,
  { manifest, entries }: { manifest: Manifest; entries: readonly TarEntry[] },
  folder: string | undefined,
  onBytes: OnBytes
): Promise<void> {
  const archive = await open(file, 'r')
  try {
    for (const name of memberNames(manifest)) {
      const member = manifest.members.find((m) => m.name === name)
      const entry = entries.find((e) => e.name === name)
      if (!member || !entry || member.bytes !== entry.bytes)
        throw damaged(file, `${name} is not as described`)
      const target = folder === undefined ? undefined : await open(join(folder, name), 'wx', 0o600)
      try {
        const sha256 = await pour(archive, entry, onBytes, async (bite) => target?.appendFile(bite))
        if (sha256 !== member.sha256) throw damaged(file, `the checksum of ${name} does not fit`)
        await target?.sync()
      } finally {
        await target?.close()
      }
    }
  } finally {
    await archive.close()
  }
}

/** Archives of before had no accounts and no photos. */
export function memberNames({ members }: Manifest): string[] {
  const later = laterFileNames.filter((one) => members.some(({ name }) => name === one))
  return [...Object.values(fileNames), ...later]
}

export function contentBytes({ members }: Manifest): number {
  return members.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Reads a stretch bite by bite, hands each on, and gives the SHA-256 of all. */
async function pour(
  source: FileHandle,
  { at, bytes }: { at: number; bytes: number },
  onBytes: OnBytes,
  onBite: (bite: Buffer) => Promise<void>
): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(biteBytes)
  for (let done = 0; done < bytes;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(biteBytes, bytes - done), at + done)
    if (bytesRead === 0) throw new Error('A file became shorter while it was read.')
    const bite = buffer.subarray(0, bytesRead)
    hash.update(bite)
    await onBite(bite)
    done += bytesRead
    onBytes(bytesRead)
  }
  return hash.digest('hex')
}

function asManifest(file: string, text: string): Manifest {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (cause) {
    throw damaged(file, `its manifest cannot be read (${String(cause)})`)
  }
  if (!isRecord(found) || found['format'] !== 'lamppost-backup') throw notABackup(file)
  const { version, formats } = found
  const newer =
    Number(version) > archiveVersion ||
    (isRecord(formats) && Object.entries(knownFormats).some(([name, known]) => Number(formats[name]) > known))
  if (newer) {
    throw new ArchiveRefused(
      'archiveTooNew',
      `${file} was made by a newer Lamppost (${String(found['lamppost'])}). Install that version to restore it.`
    )
  }
  if (!isManifest(found)) throw damaged(file, 'its manifest is incomplete')
  return found
}

function isManifest(found: Record<string, unknown>): found is Record<string, unknown> & Manifest {
  const { members, counts, created } = found
  return (
    typeof created === 'string' &&
    isRecord(counts) &&
    typeof counts['readings'] === 'number' &&
    Array.isArray(members) &&
    members.every(
      (member: unknown) =>
        isRecord(member) &&
        typeof member['name'] === 'string' &&
        typeof member['bytes'] === 'number' &&
        typeof member['sha256'] === 'string'
    )
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function damaged(file: string, what: string): ArchiveRefused {
  return new ArchiveRefused('archiveDamaged', `${file} is damaged: ${what}. Use another backup.`)
}

function notABackup(file: string): ArchiveRefused {
  return new ArchiveRefused(
    'notABackup',
    `${file} is not a Lamppost backup. Give a file made by: npx lamppost backup`
  )
}
