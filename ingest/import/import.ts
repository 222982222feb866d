/** Imports files of a sensor's past into one device: streamed, checked as live readings are, and resumed where it broke off. */
import { stat } from 'node:fs/promises'
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
import { openLines } from './lines.ts'
import { Tally, type ImportReport } from './report.ts'
import {
  refusedRow,
  type ImportedMeasurement,
  type Row,
  type RowDecoder,
  type RowReader
} from './row-reader.ts'
import { sensorCommunityCsv } from './sensor-community.ts'

/** Formats that `--format` takes. */
export const importFormats: ReadonlyMap<string, RowReader> = new Map([
  ['sensor-community-csv', sensorCommunityCsv],
  ['lamppost-csv', lamppostCsv]
])

export interface ImportProgress {
  /** Bytes of the files as they lie on disk. */
  bytesRead: number
  bytesTotal: number
  /** Rows so far, those of an earlier run included. */
  rows: number
}

export interface ImportRequest {
  files: readonly string[]
  format: string
  deviceId: string
  directory: Directory
  store: ReadingWriter
  /** A new record, or that of an import of the same files that was broken off. It is not altered. */
  record: ImportRecord
  /** Called after each durable batch, and at the end with `finishedAt`. */
  saveRecord(record: ImportRecord): void | Promise<void>
  /** From `Journal.reserveSequence`, so that "the highest wins" also holds between imports and live messages. */
  sequence: number
  clock: Clock
  onProgress?: (progress: ImportProgress) => void
  /** Aborting stores what was read and reports `isFinished: false`. */
  signal?: AbortSignal
  batchReadings?: number
}

/** The import cannot begin or go on; the message is one line that says what to do. */
export class ImportRefusal extends Error {
  readonly code: 'formatUnknown' | 'fileUnreadable' | 'notThisFormat' | 'deviceUnknown' | 'deviceHangsNowhere'
  constructor(code: ImportRefusal['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Every header is read before the first row is stored, so a wrong file among good ones changes nothing. A damaged file
 * fails with what came before the damage stored and recorded.
 */
export async function importFiles(request: ImportRequest): Promise<ImportReport> {
  const reader = importFormats.get(request.format)
  if (!reader)
    throw new ImportRefusal(
      'formatUnknown',
      `There is no format ${request.format}; known are ${[...importFormats.keys()].join(', ')}.`
    )
  const entry = request.directory.get(request.deviceId)
  if (!entry)
    throw new ImportRefusal(
      'deviceUnknown',
      `There is no device ${request.deviceId}; lamppost device list shows those there are.`
    )
  if (entry.deployments.length === 0)
    throw new ImportRefusal(
      'deviceHangsNowhere',
      `Device ${request.deviceId} hangs nowhere; give it a street first (lamppost device move).`
    )
  let bytesTotal = 0
  for (const file of request.files) bytesTotal += await checkHeader(file, request, reader)
  return new Importing(request, reader, entry, bytesTotal).run()
}

/** Answers with the file's size. */
async function checkHeader(file: string, request: ImportRequest, reader: RowReader): Promise<number> {
  try {
    const { size } = await stat(file)
    const lines = await openLines(file)
    for await (const [first = ''] of lines.stretches()) {
      beginRows(file, first, request, reader)
      return size
    }
  } catch (cause) {
    throw asRefusal(file, cause)
  }
  throw new ImportRefusal('notThisFormat', `${file} is empty.`)
}

function beginRows(file: string, headerLine: string, request: ImportRequest, reader: RowReader): RowDecoder {
  const header = headerLine.length > importLineCharactersMax ? undefined : reader.cells(headerLine)
  const names = (header ?? []).map((name) => name.trim())
  const decoder = reader.begin(names, request)
  if (typeof decoder === 'function') return decoder
  throw new ImportRefusal(
    'notThisFormat',
    `${file} is not ${request.format}: its first line has no column ${decoder.missing}.`
  )
}

function asRefusal(file: string, cause: unknown): unknown {
  if (cause instanceof ImportRefusal || !(cause instanceof Error) || !('code' in cause)) return cause
  const code = String(cause.code)
  if (code === 'ENOENT') return new ImportRefusal('fileUnreadable', `There is no file ${file}.`, cause)
  if (code === 'Z_BUF_ERROR')
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is cut short: its gzip data ends in the middle. What came before is stored; fetch it again.`,
      cause
    )
  if (/^Z_/.test(code))
    return new ImportRefusal(
      'fileUnreadable',
      `${file} is damaged: its gzip data cannot be read (${cause.message}). Fetch it again.`,
      cause
    )
  if (/^E[A-Z]+$/.test(code))
    return new ImportRefusal('fileUnreadable', `${file} cannot be read: ${cause.message}`, cause)
  return cause
}

class Importing {
  readonly #request: ImportRequest
  readonly #reader: RowReader
  readonly #entry: DirectoryEntry
  readonly #bytesTotal: number
  readonly #tally = new Tally()
  readonly #learner = new IntervalLearner()
  readonly #aheadOf: UnixMs
  #record: ImportRecord
  #bytesBefore = 0
  #batch: Reading[] = []
  /** Where each identity of the batch stands in it. */
  #inBatch = new Map<Quantity, Map<UnixMs, number>>()

  constructor(request: ImportRequest, reader: RowReader, entry: DirectoryEntry, bytesTotal: number) {
    this.#request = request
    this.#reader = reader
    this.#entry = entry
    this.#bytesTotal = bytesTotal
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
    const passOver = this.#record.rowsDone[index]!
    let decode: RowDecoder | undefined
    let row = 0
    for await (const stretch of lines.stretches()) {
      if (this.#request.signal?.aborted) break
      for (const line of stretch) {
        if (!decode) {
          decode = beginRows(file, line, this.#request, this.#reader)
          continue
        }
        row++
        if (row > passOver) this.#take(this.#read(line, decode), file, row, line)
        // The first row tells whose file it is, so the decoder must see it even when it is stored already.
        else if (row === 1) this.#read(line, decode)
        if (this.#batch.length >= (this.#request.batchReadings ?? importBatchReadings))
          await this.#flush(index, row)
      }
      this.#progress(this.#bytesBefore + lines.bytesRead())
    }
    this.#tally.rowsPassedOver += Math.min(row, passOver)
    if (row > passOver) await this.#flush(index, row)
    this.#bytesBefore += lines.bytesRead()
    this.#progress(this.#bytesBefore)
  }

  #read(line: string, decode: RowDecoder): Row {
    if (line === '') return { measurements: [], refusals: [] }
    const cells = line.length > importLineCharactersMax ? undefined : this.#reader.cells(line)
    return cells ? decode(cells) : refusedRow('rowUnreadable', 'the line is not a row of this format')
  }

  #take(row: Row, file: string, number: number, line: string): void {
    this.#tally.rows++
    // People count the header as line 1, and so does their editor.
    for (const refusal of row.refusals) this.#tally.refusal(refusal, file, number + 1, line)
    let refusal: Row['refusals'][number] | undefined
    for (const measurement of row.measurements) {
      refusal = this.#takeMeasurement(measurement, row)
      if (refusal) break
    }
    // Measurements of a row share their time, so what is wrong with it is one refusal.
    if (refusal) this.#tally.refusal(refusal, file, number + 1, line)
  }

  #takeMeasurement(measurement: ImportedMeasurement, row: Row): Row['refusals'][number] | undefined {
    const { quantity, value, measuredAt } = measurement
    if (measuredAt > this.#aheadOf)
      return { code: 'timeAhead', message: `${toIso(measuredAt)} lies in the future` }
    const deployment = deploymentAt(this.#entry.deployments, measuredAt)
    if (!deployment)
      return {
        code: 'unclaimed',
        message: `the device hung nowhere at ${toIso(measuredAt)}; its deployment must begin before (lamppost device add --from)`
      }
    const judged = check(measurement, row.family)
    const flag = joinFlags(measurement, judged.flag)
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
    this.#tally.reading(reading.measuredAt, reading.flag, reading.reasons)
    if (this.#entry.intervalS === null)
      this.#tally.intervalS ??=
        this.#learner.observe(reading.deviceId, reading.quantity, reading.measuredAt) ?? null
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
    const { rows, rowsPassedOver, duplicates, flaggedBy, from, until, intervalS } = this.#tally
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
      flaggedBy,
      refusedBy: this.#tally.refusedBy(),
      from,
      until,
      intervalS
    }
  }
}
