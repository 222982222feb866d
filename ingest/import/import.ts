/** Imports files of a sensor's past into one device: streamed, checked as live readings are, and resumed where it broke off. */
import { clockAheadMsMax, importBatchReadings, importLineCharactersMax } from '../../model/limits.ts'
import { deploymentAt } from '../../model/place.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import type { DirectoryEntry, ImportRecord } from '../../registry/registry.ts'
import type { ReadingWriter } from '../../store/store.ts'
import { check } from '../check.ts'
import type { Directory } from '../ingest.ts'
import { IntervalLearner } from '../interval.ts'
import { joinFlags, lamppostCsv } from './lamppost-csv.ts'
import { openLines, type Lines } from './lines.ts'
import { asRefusal, beginRows, checkHeader, ImportRefusal, type Target } from './opening.ts'
import { Tally, type ImportReport, type Place } from './report.ts'
import {
  refusedRow,
  type ImportedMeasurement,
  type Refusal,
  type Row,
  type RowDecoder,
  type RowReader
} from './row-reader.ts'
import { sensorCommunityCsv } from './sensor-community.ts'

export { ImportRefusal } from './opening.ts'
export type { ImportReason, ImportReport } from './report.ts'

/** Formats that `--format` takes. */
export const importFormats = ['sensor-community-csv', 'lamppost-csv'] as const
export type ImportFormat = (typeof importFormats)[number]

const readers: Record<ImportFormat, RowReader> = {
  'sensor-community-csv': sensorCommunityCsv,
  'lamppost-csv': lamppostCsv
}

export interface ImportProgress {
  /** Bytes of the files as they lie on disk. */
  bytesRead: number
  bytesTotal: number
  /** Rows so far, those of an earlier run included. */
  rows: number
}

export interface ImportRequest {
  files: readonly string[]
  format: ImportFormat
  directory: () => Directory
  store: ReadingWriter
  /** A new record, or that of an import of the same files that was broken off; it names the device. It is not altered. */
  record: ImportRecord
  /** Called after each durable batch, and at the end with `finishedAt`. */
  saveRecord(record: ImportRecord): void | Promise<void>
  /** From `Journal.reserveSequence`, so that "the highest wins" also holds between imports and live messages. */
  sequence: number
  clock: Clock
  onProgress?: (progress: ImportProgress) => void
  /** The interval of a device that had none, learnt from the file. */
  onInterval?: (deviceId: string, intervalS: number) => void
  /** Aborting stores what was read and reports `isFinished: false`. */
  signal?: AbortSignal
  batchReadings?: number
}

/**
 * Every header is read before the first row is stored, so a wrong file among good ones changes nothing. A damaged file
 * fails with what came before the damage stored and recorded.
 */
export async function importFiles(request: ImportRequest): Promise<ImportReport> {
  const { format, record, files } = request
  const directory = request.directory()
  const { deviceId } = record
  const entry = directory.get(deviceId)
  if (!entry)
    throw new ImportRefusal(
      'deviceUnknown',
      `There is no device ${deviceId}. lamppost device list shows those there are.`
    )
  if (entry.deployments.length === 0)
    throw new ImportRefusal(
      'deviceHangsNowhere',
      `Device ${deviceId} hangs nowhere. Give it a street first: lamppost device move ${deviceId} --street …`
    )
  const target: Target = { format, reader: readers[format], deviceId, directory }
  let bytesTotal = 0
  for (const file of files) bytesTotal += await checkHeader(file, target)
  return new Importing(request, target, entry, bytesTotal).run()
}

interface FileProgress {
  index: number
  file: string
  /** Rows met so far, the header not counted. */
  row: number
  /** Rows that an earlier run has stored. */
  passOver: number
}

class Importing {
  readonly #request: ImportRequest
  readonly #target: Target
  readonly #entry: DirectoryEntry
  readonly #bytesTotal: number
  readonly #tally = new Tally()
  readonly #learner = new IntervalLearner()
  readonly #batchReadings: number
  readonly #aheadOf: UnixMs
  #record: ImportRecord
  #bytesBefore = 0
  #batch: Reading[] = []
  /** Where each identity of the batch stands in it. */
  #inBatch = new Map<Quantity, Map<UnixMs, number>>()

  constructor(request: ImportRequest, target: Target, entry: DirectoryEntry, bytesTotal: number) {
    this.#request = request
    this.#target = target
    this.#entry = entry
    this.#bytesTotal = bytesTotal
    this.#batchReadings = request.batchReadings ?? importBatchReadings
    this.#record = {
      ...request.record,
      rowsDone: request.files.map((_, i) => request.record.rowsDone[i] ?? 0)
    }
    this.#aheadOf = (request.clock.now() + clockAheadMsMax) as UnixMs
  }

  async run(): Promise<ImportReport> {
    for (const [index, file] of this.#request.files.entries()) {
      try {
        await this.#importFile(index, file)
      } catch (cause) {
        throw asRefusal(file, cause)
      }
    }
    const isFinished = this.#request.signal?.aborted !== true
    if (isFinished) await this.#save({ finishedAt: this.#request.clock.now() })
    return this.#report(isFinished)
  }

  async #importFile(index: number, file: string): Promise<void> {
    const lines = await openLines(file)
    const progress: FileProgress = { index, file, row: 0, passOver: this.#record.rowsDone[index]! }
    try {
      await this.#readRows(lines, progress)
    } catch (cause) {
      // Damage to the file does not cost the rows before it; a store that failed would only fail again.
      if (asRefusal(file, cause) instanceof ImportRefusal) await this.#endFile(progress)
      throw cause
    }
    await this.#endFile(progress)
    this.#bytesBefore += lines.bytesRead()
    this.#progress(this.#bytesBefore)
  }

  async #readRows(lines: Lines, progress: FileProgress): Promise<void> {
    const { index, file, passOver } = progress
    let decode: RowDecoder | undefined
    for await (const stretch of lines.stretches()) {
      if (this.#request.signal?.aborted) return
      for (const line of stretch) {
        if (!decode) {
          decode = beginRows(file, line, this.#target)
          continue
        }
        progress.row++
        if (progress.row > passOver) this.#take(this.#read(line, decode), { file, row: progress.row, line })
        // The first row tells whose file it is, so the decoder must see it even when it is stored already.
        else if (progress.row === 1) this.#read(line, decode)
        if (this.#batch.length >= this.#batchReadings) await this.#flush(index, progress.row)
      }
      this.#progress(this.#bytesBefore + lines.bytesRead())
    }
  }

  async #endFile({ index, row, passOver }: FileProgress): Promise<void> {
    this.#tally.rowsPassedOver += Math.min(row, passOver)
    if (row > passOver) await this.#flush(index, row)
  }

  #read(line: string, decode: RowDecoder): Row {
    if (line === '') return { measurements: [], refusals: [] }
    const cells = line.length > importLineCharactersMax ? undefined : this.#target.reader.cells(line)
    return cells ? decode(cells) : refusedRow('rowUnreadable', 'the line is not a row of this format')
  }

  #take(row: Row, place: Place): void {
    this.#tally.rows++
    for (const refusal of row.refusals) this.#tally.refusal(refusal, place)
    for (const measurement of row.measurements) {
      const refusal = this.#takeMeasurement(measurement, row, place)
      if (!refusal) continue
      // The measurements of a row share its time, so what is wrong with that is one refusal.
      this.#tally.refusal(refusal, place)
      return
    }
  }

  #takeMeasurement(measurement: ImportedMeasurement, row: Row, place: Place): Refusal | undefined {
    const { quantity, value, measuredAt } = measurement
    if (measuredAt > this.#aheadOf)
      return { code: 'timeAhead', message: `${toIso(measuredAt)} lies in the future` }
    const deployment = deploymentAt(this.#entry.deployments, measuredAt)
    if (!deployment) return { code: 'unclaimed', message: `the device hung nowhere at ${toIso(measuredAt)}` }
    const judged = check(measurement, row.family)
    const flag = joinFlags(measurement, judged.flag)
    this.#tally.reading(measuredAt, flag, judged.reasons, place)
    this.#put({
      siteId: deployment.siteId,
      deviceId: this.#entry.deviceId,
      quantity,
      measuredAt,
      receivedAt: measurement.receivedAt ?? this.#record.startedAt,
      value,
      flag,
      reasons: judged.reasons,
      sequence: this.#request.sequence,
      importId: this.#record.importId
    })
    return undefined
  }

  /** A second row of the same moment takes the place of the first: last wins. */
  #put(reading: Reading): void {
    this.#learnInterval(reading)
    let times = this.#inBatch.get(reading.quantity)
    if (!times) this.#inBatch.set(reading.quantity, (times = new Map()))
    const before = times.get(reading.measuredAt)
    if (before !== undefined) {
      this.#tally.duplicates++
      this.#batch[before] = reading
      return
    }
    times.set(reading.measuredAt, this.#batch.length)
    this.#batch.push(reading)
  }

  #learnInterval({ deviceId, quantity, measuredAt }: Reading): void {
    if (this.#entry.intervalS !== null || this.#tally.intervalS !== null) return
    const intervalS = this.#learner.observe(deviceId, quantity, measuredAt)
    if (intervalS === undefined) return
    this.#tally.intervalS = intervalS
    this.#request.onInterval?.(deviceId, intervalS)
  }

  /** Durable first, recorded second: dying between the two repeats a batch, which the store counts as repeated. */
  async #flush(index: number, rowsDone: number): Promise<void> {
    const { taken, repeated, flagged, refused } = this.#record
    const result = this.#batch.length > 0 ? await this.#request.store.write(this.#batch) : undefined
    await this.#save({
      rowsDone: this.#record.rowsDone.with(index, rowsDone),
      taken: taken + (result ? result.inserted + result.replaced : 0),
      repeated: repeated + (result ? result.repeated + result.superseded : 0),
      flagged: flagged + this.#tally.flaggedPending,
      refused: refused + this.#tally.refusedPending
    })
    this.#tally.flaggedPending = 0
    this.#tally.refusedPending = 0
    this.#batch = []
    this.#inBatch = new Map()
  }

  async #save(change: Partial<ImportRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change }
    await this.#request.saveRecord(this.#record)
  }

  #progress(bytesRead: number): void {
    const rows = this.#tally.rows + this.#tally.rowsPassedOver
    this.#request.onProgress?.({ bytesRead, bytesTotal: this.#bytesTotal, rows })
  }

  #report(isFinished: boolean): ImportReport {
    const { importId, taken, repeated, flagged, refused } = this.#record
    const { rows, rowsPassedOver, duplicates, from, until, intervalS } = this.#tally
    return {
      importId,
      isFinished,
      rows,
      rowsPassedOver,
      taken,
      repeated,
      flagged,
      refused,
      duplicates,
      reasons: this.#tally.reasons(),
      from,
      until,
      intervalS
    }
  }
}
