/**
 * Who was erased, as salted hashes of their random ids, with dates: nothing in it says who they were, and an older copy of
 * the hub can be told what must go from it. It lies in the data folder, in each backup, and beside the backups.
 */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { UnixMs } from '../../model/time.ts'
import { toIso } from '../../model/time.ts'
import type { ErasedIds, IsErased } from '../../registry/promise/erasing.ts'

/** Of one hub, all with its salt. After a restore a hub has the lists of two. */
export interface ErasureList {
  /** Hexadecimal. */
  salt: string
  entries: ErasureEntry[]
}

export interface ErasureEntry {
  /** SHA-256 of salt and id, hexadecimal. */
  hash: string
  /** ISO 8601. */
  at: string
  /** Of a site or device that stays the time which was erased, in Unix milliseconds; null reaches without limit. */
  stay?: { from: number | null; until: number | null }
}

interface ListFile {
  format: 'lamppost-erasures'
  version: 1
  lists: ErasureList[]
}

/** The list cannot be used; the message says why and what to do. */
export class ErasureListUnusable extends Error {
  readonly code = 'erasureListUnusable'
}

/** A list without entries says that nobody was erased; undefined: there is no file. */
export function readErasures(file: string): ErasureList[] | undefined {
  if (!existsSync(file)) return undefined
  return parseErasures(readFileSync(file, 'utf8'), file)
}

export function parseErasures(text: string, name: string): ErasureList[] {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (cause) {
    throw new ErasureListUnusable(`${name} cannot be read as a list of erasures. Use another copy of it.`, {
      cause
    })
  }
  if (isListFile(found)) return found.lists
  throw new ErasureListUnusable(
    `${name} is not a list of erasures of this version. Use the file kept beside the backups.`
  )
}

export function erasuresText(lists: readonly ErasureList[]): string {
  const file: ListFile = { format: 'lamppost-erasures', version: 1, lists: [...lists] }
  return JSON.stringify(file, null, 1) + '\n'
}

/** Whole or not at all, synced. */
export function writeErasures(file: string, lists: readonly ErasureList[]): void {
  const fresh = `${file}.new`
  writeFileSync(fresh, erasuresText(lists), { mode: 0o600 })
  sync(fresh)
  renameSync(fresh, file)
  sync(dirname(file))
}

/** All entries of both, each once. */
export function joinErasures(...all: readonly (readonly ErasureList[] | undefined)[]): ErasureList[] {
  const bySalt = new Map<string, Map<string, ErasureEntry>>()
  for (const { salt, entries } of all.flatMap((lists) => lists ?? [])) {
    const known = bySalt.get(salt) ?? new Map<string, ErasureEntry>()
    bySalt.set(salt, known)
    for (const entry of entries) known.set(JSON.stringify([entry.hash, entry.stay]), entry)
  }
  return [...bySalt].map(([salt, entries]) => ({ salt, entries: [...entries.values()] }))
}

/** With these ids, under the salt that the lists begin with. */
export function withErased(lists: readonly ErasureList[], ids: ErasedIds, at: UnixMs): ErasureList[] {
  const salt = lists[0]?.salt ?? randomBytes(saltBytes).toString('hex')
  const entry = (id: string, stay?: ErasureEntry['stay']): ErasureEntry => ({
    hash: hashOf(salt, id),
    at: toIso(at),
    ...(stay ? { stay } : {})
  })
  const entries = [
    ...[...ids.personIds, ...ids.siteIds, ...ids.deviceIds].map((id) => entry(id)),
    ...ids.stays.map(({ siteId, from, until }) => entry(siteId, { from, until }))
  ]
  return joinErasures(lists, [{ salt, entries }])
}

export function isErasedBy(lists: readonly ErasureList[]): IsErased {
  const found = lists.map(({ salt, entries }) => ({ salt, byHash: Map.groupBy(entries, ({ hash }) => hash) }))
  const entriesOf = (id: string): ErasureEntry[] =>
    found.flatMap(({ salt, byHash }) => byHash.get(hashOf(salt, id)) ?? [])
  return {
    id: (id) => entriesOf(id).some(({ stay }) => stay === undefined),
    stays: (id) =>
      entriesOf(id).flatMap(({ stay }) => (stay ? [stay as ReturnType<IsErased['stays']>[number]] : []))
  }
}

/** 128 bits: lists of two hubs never share one. */
const saltBytes = 16

function hashOf(salt: string, id: string): string {
  return createHash('sha256').update(`${salt}:${id}`).digest('hex')
}

function isListFile(found: unknown): found is ListFile {
  if (typeof found !== 'object' || found === null) return false
  const { format, version, lists } = found as Partial<ListFile>
  return (
    format === 'lamppost-erasures' &&
    version === 1 &&
    Array.isArray(lists) &&
    lists.every(
      (list: Partial<ErasureList>) =>
        typeof list.salt === 'string' &&
        Array.isArray(list.entries) &&
        list.entries.every((entry: Partial<ErasureEntry>) => typeof entry.hash === 'string')
    )
  )
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
