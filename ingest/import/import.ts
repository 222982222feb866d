/** Imports files of a sensor's past into one device: streamed, checked as live readings are, and resumed where it broke off. */
import type { DirectoryEntry } from '../../registry/registry.ts'
import type { Directory } from '../ingest.ts'
import { Importing, type ImportJob } from './importing.ts'
import { lamppostCsv } from './lamppost-csv.ts'
import { mappedReader, type DeviceBindings } from './mapped-rows.ts'
import type { Mapping } from './mapping.ts'
import type { Target } from './file-rows.ts'
import { ImportRefusal } from './import-refusal.ts'
import { firstLook, sizeOf, type FirstLook } from './opening.ts'
import type { ImportReport } from './report.ts'
import type { RowReader } from './row-reader.ts'
import { sensorCommunityCsv } from './sensor-community.ts'

export { ImportRefusal } from './import-refusal.ts'
export type { ImportProgress } from './importing.ts'
export type { ImportReason, ImportReport } from './report.ts'

/** Formats that `--format` takes. */
export const importFormats = ['sensor-community-csv', 'lamppost-csv'] as const

/** Any delimited file, read as a mapping says, into the devices that its keys are bound to. */
export interface MappedFormat {
  mapping: Mapping
  devices: DeviceBindings
}

/** Plain data, so that it can travel to another thread. */
export type ImportFormat = (typeof importFormats)[number] | MappedFormat

const readers: Record<(typeof importFormats)[number], RowReader> = {
  'sensor-community-csv': sensorCommunityCsv,
  'lamppost-csv': lamppostCsv
}

export interface ImportRequest extends ImportJob {
  format: ImportFormat
}

/**
 * Every header is read before the first row is stored, so a wrong file among good ones changes nothing. A damaged file
 * fails with what came before the damage stored and recorded.
 */
export async function importFiles(request: ImportRequest): Promise<ImportReport> {
  const { format, record } = request
  const directory = request.directory()
  const isMapped = typeof format === 'object'
  const deviceIds = isMapped ? [...new Set(Object.values(format.devices))] : [record.deviceId]
  const entries = deviceIds.map((deviceId) => entryOf(directory, deviceId))
  const target: Target = {
    format: isMapped ? `what the mapping ${format.mapping.name} describes` : format,
    reader: isMapped ? mappedReader(format.mapping, format.devices) : readers[format],
    deviceId: record.deviceId,
    directory
  }
  const looks = await lookAt(request, target)
  const intervalS = isMapped ? format.mapping.intervalS : undefined
  return new Importing(request, target, { entries, looks, intervalS }).run()
}

/** Of fewer files where it is told to stop meanwhile: then none is read. */
async function lookAt({ files, onProgress, signal }: ImportRequest, target: Target): Promise<FirstLook[]> {
  const sizes: number[] = []
  for (const file of files) sizes.push(await sizeOf(file))
  const bytesTotal = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const looks: FirstLook[] = []
  let bytesRead = 0
  for (const [index, file] of files.entries()) {
    if (signal?.aborted) break
    looks.push(await firstLook(file, target))
    bytesRead += sizes[index]!
    onProgress?.({ phase: 'looking', bytesRead, bytesTotal, rows: 0 })
  }
  return looks
}

function entryOf(directory: Directory, deviceId: string): DirectoryEntry {
  const entry = directory.get(deviceId)
  if (!entry)
    throw new ImportRefusal(
      'deviceUnknown',
      `There is no device ${deviceId}. lamppost device list shows those there are.`
    )
  if (entry.deployments.length === 0)
    throw new ImportRefusal(
      'deviceHangsNowhere',
      `Device ${deviceId} hangs nowhere. Give it a street first: npx lamppost device move ${deviceId} --street …`
    )
  return entry
}
