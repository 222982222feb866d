/** What is known of each dataset, in a file beside its folder: read at the start, written whole or not at all. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { datasetVersion, type DatasetManifest } from '../../documents/dataset/datasets.ts'
import { writeWhole } from '../../synced.ts'

export interface Kept {
  version: string
  manifest: DatasetManifest | null
  withdrawn: string | null
  siteIds: string[]
  /** Days of homes that had been withdrawn when it was made, of those that it could have held; 0 of those made by earlier versions. */
  withdrawnDays?: number
  /** Of a withdrawn one: until when it went; null once another takes its place. */
  remakeUntil: string | null
}

/** Whole folders without a word about them, and what was cut short, are nobody's. */
export function removeUnfinished(folder: string): void {
  if (!existsSync(folder)) return
  const known = new Map(readKept(folder).map((one) => [one.version, one]))
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || known.get(entry.name)?.manifest) continue
    rmSync(join(folder, entry.name), { recursive: true, force: true })
  }
}

export function readKept(folder: string): Kept[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && datasetVersion.test(name.slice(0, -'.json'.length)))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Kept)
}

/** Whole or not at all, synced. */
export function writeKept(folder: string, one: Kept): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${one.version}.json`)
  writeWhole(file, JSON.stringify(one))
}

export async function copyInto(from: string, into: string): Promise<void> {
  mkdirSync(dirname(into), { recursive: true })
  const making = `${into}.making`
  rmSync(making, { recursive: true, force: true })
  try {
    await cp(from, making, { recursive: true })
    renameSync(making, into)
  } catch (cause) {
    rmSync(making, { recursive: true, force: true })
    throw cause
  }
}
