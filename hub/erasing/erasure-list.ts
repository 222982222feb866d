/**
 * Who was erased, as salted hashes of their random ids, with dates, which days of homes were withdrawn, and what people took back:
 * nothing in it says who they were, and an older copy of the hub can be told what must go from it. It lies in the data folder, in each
 * backup, and beside the backups.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { UnixMs } from '../../model/time.ts'
import { parseIsoZoned, toIso } from '../../model/time.ts'
import type { ErasedIds, IsErased } from '../../registry/promise/erasing.ts'
import { writeWhole } from '../../synced.ts'
import { erasuresBesideName } from '../data-folder.ts'

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
  /** Of a day that was withdrawn: its hash is of street and date. */
  day?: true
  /** Of what somebody took back: its hash is of what it is about, and it may be taken back more than once. */
  retracted?: true
}

export interface ListedDay {
  streetId: string
  date: string
}

interface ListFile {
  format: 'lamppost-erasures'
  version: 1
  lists: ErasureList[]
  /** Where the hub keeps this copy of it up to date; one that was copied to elsewhere may lack what came since. */
  keptIn?: string
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

/** Whether a hub kept the list up to date in this very folder; one of an earlier version does not say. */
export function isKeptHere(file: string): boolean {
  const { keptIn } = JSON.parse(readFileSync(file, 'utf8')) as ListFile
  return keptIn === undefined || keptIn === dirname(resolve(file))
}

/** Whole or not at all, synced. */
export function writeErasures(file: string, lists: readonly ErasureList[]): void {
  writeList(file, { format: 'lamppost-erasures', version: 1, lists: [...lists] })
}

/** The list beside backups in this folder, with all that it had before. */
export function leaveBeside(dir: string, lists: readonly ErasureList[]): void {
  const file = join(dir, erasuresBesideName)
  const joint = joinErasures(lists, readErasures(file))
  writeList(file, { format: 'lamppost-erasures', version: 1, lists: joint, keptIn: resolve(dir) })
}

function writeList(file: string, content: ListFile): void {
  writeWhole(file, JSON.stringify(content, null, 1) + '\n')
}

/** All entries of both, each once. */
export function joinErasures(...all: readonly (readonly ErasureList[] | undefined)[]): ErasureList[] {
  const bySalt = new Map<string, Map<string, ErasureEntry>>()
  for (const { salt, entries } of all.flatMap((lists) => lists ?? [])) {
    const known = bySalt.get(salt) ?? new Map<string, ErasureEntry>()
    bySalt.set(salt, known)
    for (const entry of entries) known.set(keyOf(entry), entry)
  }
  return [...bySalt].map(([salt, entries]) => ({ salt, entries: [...entries.values()] }))
}

/** What of the first the second does not have. */
export function onlyIn(lists: readonly ErasureList[], others: readonly ErasureList[]): ErasureList[] {
  const known = new Map(
    others.map(({ salt, entries }) => [salt, new Set(entries.map((entry) => keyOf(entry)))])
  )
  return joinErasures(lists).map(({ salt, entries }) => ({
    salt,
    entries: entries.filter((entry) => !known.get(salt)?.has(keyOf(entry)))
  }))
}

function keyOf({ hash, stay, retracted, at }: ErasureEntry): string {
  return JSON.stringify(retracted ? [hash, at] : [hash, stay])
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

/** With these days of homes, under the salt that the lists begin with. */
export function withWithdrawn(
  lists: readonly ErasureList[],
  days: readonly ListedDay[],
  at: UnixMs
): ErasureList[] {
  const salt = lists[0]?.salt ?? randomBytes(saltBytes).toString('hex')
  const entries = days.map((day): ErasureEntry => ({
    hash: hashOf(salt, dayId(day)),
    at: toIso(at),
    day: true
  }))
  return joinErasures(lists, [{ salt, entries }])
}

/** With what somebody took back, under the salt that the lists begin with. */
export function withRetracted(
  lists: readonly ErasureList[],
  about: readonly string[],
  at: UnixMs
): ErasureList[] {
  const salt = lists[0]?.salt ?? randomBytes(saltBytes).toString('hex')
  const entries = about.map((one): ErasureEntry => ({
    hash: hashOf(salt, one),
    at: toIso(at),
    retracted: true
  }))
  return joinErasures(lists, [{ salt, entries }])
}

/** Tells of each whether the lists name it, and when it was taken back last. */
export function retractedBy(lists: readonly ErasureList[]): (about: string) => UnixMs | undefined {
  const found = lists.map(({ salt, entries }) => ({
    salt,
    byHash: Map.groupBy(
      entries.filter(({ retracted }) => retracted),
      ({ hash }) => hash
    )
  }))
  return (about) => {
    const times = found
      .flatMap(({ salt, byHash }) => byHash.get(hashOf(salt, about)) ?? [])
      .map(({ at }) => parseIsoZoned(at) ?? 0)
    return times.length > 0 ? (Math.max(...times) as UnixMs) : undefined
  }
}

/** Which of these days the lists name. */
export function withdrawnBy<D extends ListedDay>(
  lists: readonly ErasureList[],
  days: () => readonly D[]
): D[] {
  const found = lists.map(({ salt, entries }) => ({
    salt,
    hashes: new Set(entries.flatMap(({ hash, day }) => (day ? [hash] : [])))
  }))
  // Most hubs never withdrew one, and need not look at all their days.
  if (found.every(({ hashes }) => hashes.size === 0)) return []
  return days().filter((day) => found.some(({ salt, hashes }) => hashes.has(hashOf(salt, dayId(day)))))
}

function dayId({ streetId, date }: ListedDay): string {
  return `day ${streetId} ${date}`
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
