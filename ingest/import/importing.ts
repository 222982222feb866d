/** One import at work: rows to readings, batches to the store, and what happened into the record and the report. */
import { clockAheadMsMax, importBatchReadings, importLineCharactersMax } from '../../model/limits.ts'
import { deploymentAt } from '../../model/place.ts'
import type { Reading } from '../../model/reading.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import type { DirectoryEntry, ImportRecord } from '../../registry/registry.ts'
import type { ReadingWriter } from '../../store/promise/write.ts'
import type { Directory } from '../ingest.ts'
import { ImportBatch } from './import-batch.ts'
import { ImportIntervals, intervalNotes } from './import-intervals.ts'
import { familyOf } from '../../science/family-limits.ts'
import { judge } from './judge.ts'
import { openLines, type Lines } from './lines.ts'
import { asRefusal, FileStart, ImportRefusal, lineCount, rowsOf, type Target } from './opening.ts'
import { Tally, type ImportReport, type Place } from './report.ts'
import {
  refusedRow,
  type ImportedMeasurement,
  type Refusal,
  type Row,
  type RowDecoder
} from './row-reader.ts'

export interface ImportProgress {
  /** Bytes of the files as they lie on disk. */
  bytesRead: number
  bytesTotal: number
  /** Rows so far, those of an earlier run included. */
  rows: number
}

export interface ImportJob {
  files: readonly string[]
  store: ReadingWriter
  /** The newest snapshot; asked once for each batch. */
  directory: () => Directory
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

/** What was found out before the first row: who the devices are, how much there is to read. */
interface Found {
  entries: readonly DirectoryEntry[]
  bytesTotal: number
  /** The mapping's. */
  intervalS: number | undefined
}

interface FileProgress {
  index: number
  file: string
  /** Lines met so far below the header. */
  row: number
  /** Lines that an earlier run has stored. */
  passOver: number
}

export class Importing {
  readonly #request: ImportJob
  readonly #target: Target
  readonly #entries: ReadonlyMap<string, DirectoryEntry>
  readonly #bytesTotal: number
  readonly #tally = new Tally()
  readonly #intervals: ImportIntervals
  readonly #batchReadings: number
  readonly #aheadOf: UnixMs
  #record: ImportRecord
  #bytesBefore = 0
  #batch = new ImportBatch()

  constructor(request: ImportJob, target: Target, { entries, bytesTotal, intervalS }: Found) {
    this.#request = request
    this.#target = target
    this.#entries = new Map(entries.map((entry) => [entry.deviceId, entry]))
    this.#bytesTotal = bytesTotal
    this.#batchReadings = request.batchReadings ?? importBatchReadings
    this.#record = {
      ...request.record,
      rowsDone: request.files.map((_, i) => request.record.rowsDone[i] ?? 0)
    }
    this.#aheadOf = (request.clock.now() + clockAheadMsMax) as UnixMs
    this.#intervals = new ImportIntervals(entries, intervalS, (deviceId, s) =>
      request.onInterval?.(deviceId, s)
    )
    for (const note of intervalNotes(entries, intervalS)) this.#tally.note(note)
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
    const start = new FileStart(file, this.#target)
    for await (const stretch of rowsOf(lines, this.#target.reader)) {
      if (this.#request.signal?.aborted) return
      for (const text of stretch) {
        if (!start.isRow(text)) continue
        const rows = this.#read(text, start.begun!.decode)
        progress.row += lineCount(text)
        // Rows that are stored already were decoded all the same: whose file it is and when clocks change is told by them.
        if (progress.row <= passOver) continue
        for (const [at, { row, line }] of rows.entries()) {
          const place = { file, lineNumber: start.lineNumber + at, line }
          if (lines.endsOpen()) this.#judgeEnd(row, place)
          this.#take(row, place)
        }
        if (this.#batch.readings.length >= this.#batchReadings) await this.#flush(index, progress.row)
      }
      this.#progress(this.#bytesBefore + lines.bytesRead())
    }
    for (const note of start.begun?.notes ?? []) this.#tally.note(note)
  }

  /** Of a last line without a line end nobody can tell whether its last number is whole. */
  #judgeEnd(row: Row, place: Place): void {
    const unreadable = row.refusals.find(({ code }) => code === 'rowUnreadable')
    if (unreadable) unreadable.message += '; the file ends in the middle of it'
    else if (row.measurements.length > 0) this.#tally.openEnd(place)
  }

  async #endFile({ index, row, passOver }: FileProgress): Promise<void> {
    this.#tally.rowsPassedOver += Math.min(row, passOver)
    if (row > passOver) await this.#flush(index, row)
  }

  /** Lines that quotes hold together are one row if that is a row, and otherwise each for itself. */
  #read(text: string, decode: RowDecoder): { row: Row; line: string }[] {
    const row = this.#readOne(text, decode)
    const isTorn = row.refusals[0]?.code === 'rowUnreadable' && text.includes('\n')
    if (!isTorn) return [{ row, line: text }]
    return text.split('\n').map((line) => ({ row: this.#readOne(line, decode), line }))
  }

  #readOne(line: string, decode: RowDecoder): Row {
    if (line === '') return { measurements: [], refusals: [] }
    const cells = line.length > importLineCharactersMax ? undefined : this.#target.reader.cells(line)
    return cells ? decode(cells) : refusedRow('rowUnreadable', 'the line is not a row of this format')
  }

  #take(row: Row, place: Place): void {
    this.#tally.rows++
    if (row.ignored !== undefined) this.#tally.ignored(row.ignored, place)
    for (const refusal of row.refusals) this.#tally.refusal(refusal, place)
    // The measurements of a row share its time, so what is wrong with that is one refusal for each device.
    const away = new Set<string>()
    for (const measurement of row.measurements) {
      const deviceId = measurement.deviceId ?? this.#record.deviceId
      const refusal = away.has(deviceId)
        ? undefined
        : this.#takeMeasurement(measurement, deviceId, row, place)
      if (!refusal) continue
      this.#tally.refusal(refusal, place)
      if (refusal.code === 'timeAhead') return
      away.add(deviceId)
    }
  }

  #takeMeasurement(
    measurement: ImportedMeasurement,
    deviceId: string,
    row: Row,
    place: Place
  ): Refusal | undefined {
    const { quantity, value, measuredAt } = measurement
    if (measuredAt > this.#aheadOf)
      return { code: 'timeAhead', message: `${toIso(measuredAt)} lies in the future` }
    const { deployments, sensors } = this.#entries.get(deviceId)!
    const deployment = deploymentAt(deployments, measuredAt)
    if (!deployment) return { code: 'unclaimed', message: `the device hung nowhere at ${toIso(measuredAt)}` }
    const { flag, reasons } = judge(measurement, row.family ?? familyOf(sensors, quantity))
    this.#tally.reading(measuredAt, flag, reasons, place)
    const reading: Reading = {
      siteId: deployment.siteId,
      deviceId,
      quantity,
      measuredAt,
      receivedAt: measurement.receivedAt ?? this.#record.startedAt,
      value,
      flag,
      reasons,
      sequence: this.#request.sequence,
      importId: this.#record.importId
    }
    this.#intervals.observe(reading)
    const before = this.#batch.put(reading)
    if (before) this.#tally.duplicate(before.value, value, place)
    return undefined
  }

  /** Durable first, recorded second: dying between the two repeats a batch, which the store counts as repeated. */
  async #flush(index: number, rowsDone: number): Promise<void> {
    const { taken, repeated, flagged, refused } = this.#record
    const readings = this.#placed()
    const result = readings.length > 0 ? await this.#request.store.write(readings) : undefined
    await this.#save({
      rowsDone: this.#record.rowsDone.with(index, rowsDone),
      taken: taken + (result ? result.inserted + result.replaced : 0),
      repeated: repeated + (result ? result.repeated + result.superseded : 0),
      flagged: flagged + this.#tally.flaggedPending,
      refused: refused + this.#tally.refusedPending
    })
    this.#tally.flaggedPending = 0
    this.#tally.refusedPending = 0
    this.#batch = new ImportBatch()
  }

  /**
   * The batch, each reading where its device hangs by now: a device may have been moved since the rows were read. As with live
   * messages, this and asking for the store's turn are one step.
   */
  #placed(): Reading[] {
    const directory = this.#request.directory()
    return this.#batch.readings.map((reading) => {
      const { deviceId, measuredAt, siteId } = reading
      const deployments = directory.get(deviceId)?.deployments ?? []
      if (deployments === this.#entries.get(deviceId)?.deployments) return reading
      const now = deploymentAt(deployments, measuredAt)?.siteId ?? siteId
      return now === siteId ? reading : { ...reading, siteId: now }
    })
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
    const { rows, rowsPassedOver, duplicates, duplicateExample, from, until } = this.#tally
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
      duplicateExample,
      reasons: this.#tally.reasons(),
      ignored: this.#tally.ignoredRows(),
      notes: this.#tally.notes(),
      from,
      until,
      intervalS: this.#intervals.intervalS
    }
  }
}
