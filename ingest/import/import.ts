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
import type { OpenSenseMapSensor } from '../opensensemap-box.ts'
import { openSenseMapReader } from './opensensemap-csv.ts'
import { sensorCommunityCsv } from './sensor-community.ts'

export { ImportRefusal } from './import-refusal.ts'
export type { ImportProgress } from './importing.ts'
export type { ImportReason, ImportReport } from './report.ts'

/** Formats that say themselves what they hold, of one sensor. */
const plainFormats = ['sensor-community-csv', 'lamppost-csv'] as const

/** Formats that `--format` takes. */
export const importFormats = [...plainFormats, 'opensensemap-csv'] as const

/** Any delimited file, read as a mapping says, into the devices that its keys are bound to. */
export interface MappedFormat {
  mapping: Mapping
  devices: DeviceBindings
}

/** Files of openSenseMap, into the devices that its sensors' ids are bound to ('' for all others of the box). */
export interface OpenSenseMapFormat {
  /** What the box's description says; empty where the files themselves name what they hold. */
  sensors: OpenSenseMapSensor[]
  devices: DeviceBindings
}

/** Plain data, so that it can travel to another thread. */
export type ImportFormat = (typeof plainFormats)[number] | MappedFormat | OpenSenseMapFormat

const readers: Record<(typeof plainFormats)[number], RowReader> = {
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
  const deviceIds =
    typeof format === 'object' ? [...new Set(Object.values(format.devices))] : [record.deviceId]
  const entries = deviceIds.map((deviceId) => entryOf(directory, deviceId))
  const target: Target = { ...readerOf(format), deviceId: record.deviceId, directory }
  const looks = await lookAt(request, target)
  return new Importing(request, target, { entries, looks, intervalS: target.reader.intervalS }).run()
}

function readerOf(format: ImportFormat): Pick<Target, 'format' | 'reader'> {
  if (typeof format === 'string') return { format, reader: readers[format] }
  if ('sensors' in format)
    return { format: 'opensensemap-csv', reader: openSenseMapReader(format.sensors, format.devices) }
  const { mapping, devices } = format
  return { format: `what the mapping ${mapping.name} describes`, reader: mappedReader(mapping, devices) }
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
      `Device ${deviceId} is not installed anywhere. Give it a street first: npx lamppost device move ${deviceId} --street …`
    )
  return entry
}
