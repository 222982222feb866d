/** The pipeline seen from the main thread: ingest, import, rollups and the store, all behind one port. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { Problem } from '../../model/fault.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { MendedTimes, SensorTime } from '../../model/message.ts'
import type { Site } from '../../model/place.ts'
import type { Unplaced, UnplacedLimits } from '../../journal/unplaced-count.ts'
import type { Health, IngestStats } from '../../ingest/ingest.ts'
import type { ImportFormat, ImportProgress, ImportReport } from '../../ingest/import/import.ts'
import type { KnownPlaces } from '../../ingest/import/known-places.ts'
import type { ReplayProgress, ReplayReport, ReplayRequest } from '../../ingest/replay.ts'
import type { Standing } from '../../journal/reader.ts'
import type { DirectoryEntry, ImportRecord } from '../../registry/registry.ts'
import type { ChangesReader } from '../../store/promise/changes.ts'
import type { ReadingKeeper, TouchedWindow } from '../../store/promise/keep.ts'
import type { LatestReading, ReadingReader } from '../../store/promise/read.ts'
import { lastRequestMsMax } from '../limits.ts'
import { caller, RemoteFailure } from '../../thread.ts'
import type { StoreChoice, StoreState } from '../../store/open.ts'

export interface PipelineOptions {
  store: StoreChoice
  /** Megabytes that the hub may take; null: what there is. */
  memoryMb: number | null
  /** Where it is noted what changes of what was given out. */
  changesFile: string
  timezone: string
  journal: { dataFile: string; port: MessagePort }
  /** How much may wait in it for a place. */
  unplacedLimits: UnplacedLimits
  directory: DirectoryEntry[]
  sites: Site[]
  corrections: CorrectionRow[]
  /** Hours and days stay as they are until `beginRollups` is called. */
  rollupsWait: boolean
  /** What the hub's time is ahead of the computer's clock, while that is not believed. */
  clockCorrection: SharedArrayBuffer
}

export interface ImportRequest {
  files: string[]
  format: ImportFormat
  record: ImportRecord
  sequence: number
  knownPlaces?: KnownPlaces
}

export interface CopyRequest {
  /** Empty folder that the copies go into. */
  into: string
  registryFile: string
  accountsFile: string
  photosFile: string
  journalFile: string
}

export interface CopyProgress {
  /** Which folder the copies go into: several may be made one after another. */
  into: string
  bytes: number
  bytesTotal: number
}

export interface CopiedFiles {
  readings: number
  bytes: number
  /** The zone whose days the readings file holds. */
  timezone: string
}

/** What ingest did, and where it stands in the journal. */
export interface PipelineStats extends IngestStats, Standing {
  /** Stretches of the journal that were met since the start and could not be read. */
  damagedStretches: number
}

/** What the thread serves. */
export interface PipelineService
  extends ReadingReader, ChangesReader, Omit<ReadingKeeper, 'refreshRollups' | 'setCorrections' | 'close'> {
  setDirectory(entries: DirectoryEntry[], sites: Site[], corrections: CorrectionRow[]): Promise<void>
  /** Judges all hours that ended and changed; the hub does so each hour by itself. Gives how many readings changed. */
  lookBack(): Promise<number>
  importFiles(request: ImportRequest): Promise<ImportReport>
  /** Decodes stored messages again; what came of them is told by `replayProgress` on the way. One at a time. */
  replay(request: ReplayRequest): Promise<ReplayReport>
  /** Messages of this stretch were received under a wrong clock. Resolves when that is on disk; the store follows in its own time. */
  mendTimes(stretch: MendedTimes): Promise<void>
  /** Resolves when no replay runs. */
  replayEnded(): Promise<void>
  /** Copies of registry, journal and readings that fit each other, into a folder; told by `copyProgress` on the way. */
  copyFiles(request: CopyRequest): Promise<CopiedFiles>
  ingestStats(): Promise<PipelineStats>
  storeState(): Promise<StoreState>
  /** Resolves when hours and days are made of the readings as they are now. */
  settleRollups(): Promise<void>
  /** What waits for a place, by device. */
  held(): Promise<Unplaced[]>
  /** Tells every reading from now on, or the newest alone again. */
  observe(isOn: boolean): Promise<void>
  /** Answers a `ReadingExporter`'s calls at that port too, for as long as it stays open. */
  serveExporter(port: MessagePort): Promise<void>
  /** Where they were told to wait: hours and days are computed again from now on. */
  beginRollups(): Promise<void>
  /** Resolves when every message that is in the journal now is stored, and its rollups are fresh. */
  drain(): Promise<void>
  /** The hub stops: what still asks the store is not to wait for long. */
  hurry(): Promise<void>
  /** Stops following, lets the running batch become durable where that takes no longer than a moment, closes the store. */
  close(): Promise<void>
}

/** What the thread tells without being asked. */
export interface PipelineEvents {
  stored(latest: LatestReading[]): void
  /** Every reading that was stored, while `observe(true)` holds. */
  readings(readings: LatestReading[]): void
  rollups(touched: TouchedWindow[]): void
  problems(problems: Problem[]): void
  intervalLearnt(learnt: { deviceId: string; intervalS: number }): void
  paused(deviceIds: string[]): void
  /** What boxes say of themselves, where it is not what they said before. */
  health(healths: ReadonlyMap<string, Health>): void
  /** What the clocks of sensors say, now and then. */
  times(times: SensorTime[]): void
  importRecord(record: ImportRecord): void
  importProgress(progress: ImportProgress & { importId: number }): void
  replayProgress(progress: ReplayProgress): void
  copyProgress(progress: CopyProgress): void
  log(line: { level: 'info' | 'warn' | 'error'; fields: object; message: string }): void
}

export interface Pipeline {
  readonly service: PipelineService
  on<Name extends keyof PipelineEvents>(name: Name, listener: PipelineEvents[Name]): void
  /** Closes the store and ends the thread. Safe to call twice. */
  close(): Promise<void>
}

/** Starts the thread; resolves when the store is open and the journal is being followed. */
export async function openPipeline(
  options: PipelineOptions,
  onFatal: (cause: Error) => void
): Promise<Pipeline> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    transferList: [options.journal.port],
    name: 'pipeline'
  })
  const { remote, on, fail } = caller<PipelineService>(worker, {
    streams: ['export', 'exportWindows'],
    given: { serveExporter: ([port]) => [port] }
  })
  let closing: Promise<void> | undefined
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  await new Promise<void>((resolve, reject) => {
    on<undefined>('ready', () => resolve())
    on<{ name: string; message: string; code?: string }>('cannotStart', ({ name, message, code }) =>
      reject(new RemoteFailure(name, message, code))
    )
    worker.once('error', reject)
  })

  const gone = (cause: Error): void => {
    fail(cause)
    if (!closing) onFatal(cause)
  }
  worker.on('error', gone)
  worker.once('exit', () => gone(new Error('The pipeline thread has ended.')))

  return {
    service: remote,
    on: (name, listener) => on(name, listener as (value: unknown) => void),
    // Everything is closed then; a request that a server does not answer would keep the thread for half a minute more.
    close: () =>
      (closing ??= remote
        .close()
        .then(() => Promise.race([ended, sleep(lastRequestMsMax, undefined, { ref: false })]))
        .then(async () => void (await worker.terminate())))
  }
}
