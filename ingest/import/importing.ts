/** One import at work: rows to readings, batches to the store, and what happened into the record and the report. */
import { clockAheadMsMax, importBatchReadings } from '../../model/limits.ts'
import { covers, deploymentAt } from '../../model/place.ts'
import type { Reading } from '../../model/reading.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import type { DirectoryEntry, ImportRecord } from '../../registry/registry.ts'
import type { SaidInterval } from '../../store/promise/keep.ts'
import type { ReadingWriter } from '../../store/promise/write.ts'
import type { Directory } from '../ingest.ts'
import { ImportBatch } from './import-batch.ts'
import { ImportIntervals } from './import-intervals.ts'
import { familyOf } from '../../science/family-limits.ts'
import { judge } from './judge.ts'
import { ExchangeDoubt } from './exchange-doubt.ts'
import { FileRows, lineCount, type FileRow, type Target } from './file-rows.ts'
import { asRefusal, ImportRefusal } from './import-refusal.ts'
import { openLines, type Lines } from './lines.ts'
import type { KnownPlaces } from './known-places.ts'
import { memoryFor, rowsOf, type FirstLook } from './opening.ts'
import { Tally, type ImportReport, type Place } from './report.ts'
import type { ImportedMeasurement, Refusal, Row } from './row-reader.ts'
import { SitePlaces } from './site-places.ts'

export interface ImportProgress {
  /** Files are looked at, then read and stored, then the readings are judged by those around them. */
  phase: 'looking' | 'reading' | 'judging'
  /** Bytes of the files as they lie on disk; each phase begins anew. */
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
  /** Where the sites are, as far as the hub knows. */
  knownPlaces?: KnownPlaces
  /** At the end, what the mapping says of the time of its rows. */
  onInterval?: (deviceId: string, said: SaidInterval) => void
  /** Aborting stores what was read and reports `isFinished: false`. */
  signal?: AbortSignal
  batchReadings?: number
}

/** What was found out before the first row: who the devices are, how much there is to read. */
interface Found {
  entries: readonly DirectoryEntry[]
  /** Of each file. */
  looks: readonly FirstLook[]
  /** The mapping's. */
  intervalS: number | undefined
}

/** What text is taken for that is not UTF-8. */
const fallbackEncoding = 'windows-1252'

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
  readonly #looks: readonly FirstLook[]
  readonly #bytesTotal: number
  readonly #tally = new Tally()
  readonly #intervals: ImportIntervals
  readonly #batchReadings: number
  readonly #aheadOf: UnixMs
  #record: ImportRecord
  /** Rows of each file that are read; as many are stored once the batch is. */
  readonly #rowsDone: number[]
  readonly #places: SitePlaces
  #exchange: ExchangeDoubt
  #bytesBefore = 0
  #batch = new ImportBatch()
  /** The batch before, on its way to the store while this one is read. */
  #storing: Promise<void> | undefined

  constructor(request: ImportJob, target: Target, { entries, looks, intervalS }: Found) {
    this.#request = request
    this.#target = target
    this.#places = new SitePlaces(request.knownPlaces)
    this.#exchange = new ExchangeDoubt(this.#tally)
    this.#entries = new Map(entries.map((entry) => [entry.deviceId, entry]))
    this.#looks = looks
    this.#bytesTotal = looks.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#batchReadings = request.batchReadings ?? importBatchReadings
    this.#rowsDone = request.files.map((_, i) => request.record.rowsDone[i] ?? 0)
    this.#record = { ...request.record, rowsDone: [...this.#rowsDone] }
    this.#aheadOf = (request.clock.now() + clockAheadMsMax) as UnixMs
    this.#intervals = new ImportIntervals(entries, intervalS)
    for (const { notes } of looks) for (const note of notes) this.#tally.note(note)
  }

  async run(): Promise<ImportReport> {
    for (const [index, file] of this.#request.files.entries()) {
      if (this.#request.signal?.aborted) break
      try {
        await this.#importFile(index, file)
      } catch (cause) {
        const refusal = asRefusal(file, cause)
        // Damage to the file does not cost the rows before it; a store that failed would only fail again.
        if (refusal instanceof ImportRefusal) await this.#flushAll()
        else await Promise.allSettled([this.#storing])
        throw refusal
      }
    }
    await this.#flushAll()
    for (const note of this.#places.notes()) this.#tally.note(note)
    for (const { deviceId, said } of this.#intervals.said()) this.#request.onInterval?.(deviceId, said)
    const isFinished = this.#request.signal?.aborted !== true
    if (isFinished) await this.#save({ finishedAt: this.#request.clock.now() })
    return this.#report(isFinished)
  }

  async #importFile(index: number, file: string): Promise<void> {
    const { reader } = this.#target
    this.#exchange = new ExchangeDoubt(this.#tally)
    const lines = openLines(file, reader.encoding)
    const progress: FileProgress = { index, file, row: 0, passOver: this.#rowsDone[index]! }
    await this.#readRows(lines, progress)
    this.#tally.rowsPassedOver += Math.min(progress.row, progress.passOver)
    if (lines.encoding() === fallbackEncoding && reader.encoding === undefined)
      this.#tally.encodingGuessed(file)
    this.#bytesBefore += lines.bytesRead()
    this.#progress(this.#bytesBefore)
  }

  async #readRows(lines: Lines, progress: FileProgress): Promise<void> {
    const { index, file, passOver } = progress
    const { reader } = this.#target
    const memory = { ...memoryFor(reader, this.#looks[index]!), endsOpen: () => lines.endsOpen() }
    const rows = new FileRows(file, this.#target, memory)
    for await (const stretch of rowsOf(lines, reader)) {
      if (this.#request.signal?.aborted) return
      for (const text of stretch) {
        const read = rows.read(text)
        if (read.length === 0) continue
        progress.row += lineCount(text)
        // Rows that are stored already were decoded all the same: whose file it is and when clocks change is told by them.
        const isStored = progress.row <= passOver
        for (const one of read) this.#takeRow(one, file, { isStored, isLast: lines.endsOpen() })
        if (isStored) continue
        this.#rowsDone[index] = progress.row
        if (this.#batch.readings.length >= this.#batchReadings && !this.#exchange.isOpen) await this.#flush()
      }
      this.#progress(this.#bytesBefore + lines.bytesRead())
    }
    for (const note of rows.notes()) this.#tally.note(note)
  }

  #takeRow(
    { row, lineNumber, line }: FileRow,
    file: string,
    { isStored, isLast }: { isStored: boolean; isLast: boolean }
  ): void {
    const place = { file, lineNumber, line }
    if (isStored) return this.#placeOf(row)
    if (isLast) this.#judgeEnd(row, place)
    this.#take(row, place)
  }

  /** Of a last line without a line end nobody can tell whether its last number is whole. */
  #judgeEnd(row: Row, place: Place): void {
    const unreadable = row.refusals.find(({ code }) => code === 'rowUnreadable')
    if (unreadable) unreadable.message += '; the file ends in the middle of it'
    else if (row.measurements.length > 0) this.#tally.openEnd(place)
  }

  /** A row that an earlier run stored says as well where its site is. */
  #placeOf({ place, measurements }: Row): void {
    if (!place) return
    for (const { deviceId = this.#record.deviceId, measuredAt } of measurements) {
      const deployment = deploymentAt(this.#entries.get(deviceId)!.deployments, measuredAt)
      if (deployment) this.#places.misplaced(deployment.siteId, place)
    }
  }

  #take(row: Row, place: Place): void {
    this.#tally.rows++
    if (row.ignored !== undefined) this.#tally.ignored(row.ignored, place)
    for (const why of row.leftOut ?? []) this.#tally.ignored(why, place)
    for (const refusal of row.refusals) this.#tally.refusal(refusal, place)
    // The measurements of a row share its time, so what is wrong with that is one refusal for each device.
    const away = new Set<string>()
    const taken: Reading[] = []
    for (const measurement of row.measurements) {
      const deviceId = measurement.deviceId ?? this.#record.deviceId
      const refusal = away.has(deviceId)
        ? undefined
        : this.#takeMeasurement(measurement, deviceId, row, place, taken)
      if (!refusal) continue
      this.#tally.refusal(refusal, place)
      if (refusal.code === 'timeAhead') break
      away.add(deviceId)
    }
    this.#exchange.compare(taken, place)
  }

  #takeMeasurement(
    measurement: ImportedMeasurement,
    deviceId: string,
    row: Row,
    place: Place,
    taken: Reading[]
  ): Refusal | undefined {
    const { quantity, value, measuredAt } = measurement
    if (measuredAt > this.#aheadOf)
      return { code: 'timeAhead', message: `${toIso(measuredAt)} is in the future` }
    const { deployments, sensors, erased } = this.#entries.get(deviceId)!
    if (erased?.some((period) => covers(period, measuredAt)))
      return {
        code: 'erased',
        message: `what the device measured at ${toIso(measuredAt)} was erased for its host`
      }
    const deployment = deploymentAt(deployments, measuredAt)
    if (!deployment)
      return { code: 'unclaimed', message: `the device was not installed anywhere at ${toIso(measuredAt)}` }
    const misplaced = row.place && this.#places.misplaced(deployment.siteId, row.place)
    if (misplaced) return misplaced
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
    taken.push(reading)
    this.#intervals.observe(reading)
    const before = this.#batch.put(reading)
    if (before) this.#tally.duplicate(before.value, value, place)
    return undefined
  }

  /** Waits for the batch before, and sends this one off: a store takes as long as reading does. */
  async #flush(): Promise<void> {
    await this.#storing
    if (this.#rowsDone.every((rows, index) => rows === this.#record.rowsDone[index])) return
    this.#storing = this.#store()
    // A failure is told to whoever waits for it next; there always is somebody.
    this.#storing.catch(() => undefined)
  }

  async #flushAll(): Promise<void> {
    await this.#flush()
    await this.#storing
  }

  /** Durable first, recorded second: dying between the two repeats a batch, which the store counts as repeated. */
  async #store(): Promise<void> {
    const { taken, repeated, flagged, refused } = this.#record
    const { flaggedPending, refusedPending } = this.#tally
    const rowsDone = [...this.#rowsDone]
    const readings = this.#placed()
    this.#tally.flaggedPending = 0
    this.#tally.refusedPending = 0
    this.#batch = new ImportBatch()
    const result = readings.length > 0 ? await this.#request.store.write(readings) : undefined
    if (result && result.replaced > 0) this.#tally.replaced(result)
    await this.#save({
      rowsDone,
      taken: taken + (result ? result.inserted + result.replaced : 0),
      repeated: repeated + (result ? result.repeated + result.superseded : 0),
      flagged: flagged + flaggedPending,
      refused: refused + refusedPending
    })
  }

  /**
   * The batch, each reading where its device hangs by now: a device may have been moved since the rows were read. As with live
   * messages, this and asking for the store's turn are one step.
   */
  #placed(): Reading[] {
    const directory = this.#request.directory()
    const placed = this.#batch.readings.flatMap((reading) => {
      const { deviceId, measuredAt, siteId } = reading
      const { deployments = [], erased } = directory.get(deviceId) ?? {}
      if (deployments === this.#entries.get(deviceId)?.deployments) return reading
      // A device that was erased while its file was read, or the time that it spent with somebody who was.
      if (!directory.has(deviceId) || erased?.some((period) => covers(period, measuredAt))) return []
      const now = deploymentAt(deployments, measuredAt)?.siteId ?? siteId
      return now === siteId ? reading : { ...reading, siteId: now }
    })
    this.#tally.erasedMeanwhile(this.#batch.readings.length - placed.length)
    return placed
  }

  async #save(change: Partial<ImportRecord>): Promise<void> {
    const cells = this.#places.cells()
    const places = Object.keys(cells).length > 0 ? { places: { ...this.#record.places, ...cells } } : {}
    this.#record = { ...this.#record, ...change, ...places }
    await this.#request.saveRecord(this.#record)
  }

  #progress(bytesRead: number): void {
    const rows = this.#tally.rows + this.#tally.rowsPassedOver
    this.#request.onProgress?.({ phase: 'reading', bytesRead, bytesTotal: this.#bytesTotal, rows })
  }

  #report(isFinished: boolean): ImportReport {
    const { importId, taken, repeated, flagged, refused } = this.#record
    const { rows, rowsPassedOver, duplicates, duplicateExample, from, until } = this.#tally
    const { replacedCount, replacedExample } = this.#tally
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
      replaced: replacedCount,
      replacedExample,
      reasons: this.#tally.reasons(),
      ignored: this.#tally.ignoredRows(),
      notes: this.#tally.notes(),
      from,
      until,
      intervalS: this.#intervals.intervalS
    }
  }
}
