/**
 * A process of its own that checks a backup's copies by opening them, packs them, and reads the archive back. All of it is
 * slow and none urgent, and the hub can end it at any moment: a thread inside of a database could not be ended.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../../thread.ts'
import { knownFormats, pack, readManifest, unpack, type Manifest } from './archive.ts'
import {
  checkJournal,
  checkReadings,
  checkRegistry,
  checkSqlite,
  FileDamaged,
  makeSingleFile
} from '../check-files.ts'
import { fileNames, laterFileNames } from '../../hub/data-folder.ts'
import { lookAtReadings } from '../../store/duckdb/look.ts'
import type { CopiedFiles } from '../../hub/pipeline/pipeline.ts'

export interface PackRequest {
  /** Holds the copies. */
  folder: string
  archive: string
  copied: CopiedFiles
  lamppost: string
  created: string
  /** Of the copies, where another version wrote them: they are looked at and not upgraded, so that it can restore them. */
  formats?: Manifest['formats']
}

export interface PackService {
  pack(request: PackRequest): Promise<Manifest>
}

export interface PackProgress {
  doing: string
  /** Bytes of copies that were packed or read back since the last event. */
  bytes: number
}

// Without the hub nobody waits for the archive any more.
process.on('disconnect', () => process.exit())
serve(
  {
    postMessage: (message) => void process.send?.(message),
    on: (event, listener) => process.on(event, listener)
  },
  { pack: packCopies } satisfies PackService
)

async function packCopies(request: PackRequest): Promise<Manifest> {
  tell({ doing: 'checking the copies', bytes: 0 })
  const counts = await checkCopies(request)
  const { folder, archive, copied, lamppost, created } = request
  const about = {
    lamppost,
    created,
    timezone: copied.timezone,
    counts,
    formats: request.formats ?? knownFormats
  }
  const manifest = await pack(archive, folder, about, (bytes) => tell({ doing: 'packing', bytes }))
  await unpack(archive, await readManifest(archive), undefined, (bytes) =>
    tell({ doing: 'reading it back', bytes })
  )
  return manifest
}

function tell(value: PackProgress): void {
  process.send?.({ kind: 'event', name: 'packProgress', value })
}

/** Opens each copy as a hub would, and as thoroughly as its format allows. */
async function checkCopies({ folder, copied, formats }: PackRequest): Promise<Manifest['counts']> {
  const [registry, journal, readings] = [fileNames.registry, fileNames.journal, fileNames.readings].map(
    (name) => join(folder, name)
  ) as [string, string, string]
  const whole = { inUse: false, thorough: true }
  const { streets, devices } = checkRegistry(registry, whole)
  const later = laterFileNames.map((name) => join(folder, name)).filter((file) => existsSync(file))
  for (const file of later) checkSqlite(file, whole)
  const { messages } = checkJournal(journal, whole)
  const found = formats
    ? ((await lookAtReadings(readings)) ?? { readings: 0 })
    : await checkReadings(readings, copied.timezone)
  if (found.readings !== copied.readings) {
    throw new FileDamaged(`the copy of the readings has ${found.readings} of ${copied.readings}`)
  }
  makeSingleFile(registry)
  makeSingleFile(journal)
  for (const file of later) makeSingleFile(file)
  return { streets, devices, messages, readings: found.readings }
}
