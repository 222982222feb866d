/** The store for those who run a server: readings in InfluxDB 2, what it cannot keep beside the journal. */
import { isTimeZone, type Clock } from '../../model/time.ts'
import { answersOf } from '../answers.ts'
import type { ReadingDumper } from '../promise/copy.ts'
import type { ReadingExaminer } from '../promise/examine.ts'
import type { Erasure } from '../promise/keep.ts'
import type { SummaryColumns, SummaryQuery } from '../promise/read.ts'
import type { Store } from '../promise/store.ts'
import { rebuild } from './connect/rebuild.ts'
import { recomputeAll } from './connect/recompute-all.ts'
import { Core, type CoreLog, type CoreSteps } from './core.ts'
import { computeCorrected } from './read/corrected-readings.ts'
import { findLatest } from './read/latest.ts'
import { readRollups } from './rollups/read.ts'
import { bucketNames } from './wire/buckets.ts'
import { dump, dumpSize } from './read/dump.ts'
import { exportReadings } from './read/exporter.ts'
import { estimateRows, exportWindows } from './read/window-exporter.ts'
import { setCorrections } from './write/corrections.ts'
import { setInterval } from './write/interval.ts'
import { lookBack } from './write/look-back.ts'
import { checkMarker, emptiedNote, renewMarker } from './connect/marker.ts'
import { counts } from './read/channel-counts.ts'
import { count, raw, reach, stats } from './read/reader.ts'
import { refreshRollups } from './rollups/refresh.ts'
import { Server } from './wire/server.ts'
import type { RefusedLine } from './state/state.ts'
import { failures } from './read/failures.ts'
import { summary } from './read/summary.ts'
import { doWork, finishWork } from './write/work.ts'
import { writeBatch } from './write/writer.ts'
import { hurriedMsMax, storeMemoryMbDefault } from '../limits.ts'

export interface InfluxStoreOptions {
  url: string
  token: string
  org: string
  /** Of the readings; hours and days go to `<bucket>-hours` and `<bucket>-days`. All three must exist. */
  bucket: string
  /** SQLite, beside the journal: what the server cannot keep in the same commit. Made if it does not exist. */
  stateFile: string
  /** The hub's zone, in which civil days are counted. Opening with another one than before marks all days. */
  timezone: string
  /** 0 inclusive to 1 exclusive. */
  random: () => number
  clock: Clock
  log: CoreLog
  /** How long a silent server is waited for, where it is not the usual time. */
  patienceMs?: number
  /** What the store may take of this process's memory. */
  memoryMb?: number
}

/** What the health page asks of a store that is somebody else's process. */
export interface ServerHealth {
  /** What is wrong with the server, in a line that says what to do; null while it answers. */
  trouble(): string | null
  /** What the server no longer has though it was stored there, in a line; null where nothing is known to be gone. */
  lost(): string | null
  /** Everything that the journal still has was written again: what is gone now is gone, and was said. */
  noteReplayed(): void
  /** Lines that the server refused for good: how many, and the newest of them with their reasons. */
  refused(linesMax: number): { count: number; lines: RefusedLine[] }
}

export interface InfluxStore extends Store, ReadingExaminer, ReadingDumper, ServerHealth {
  /** It is to close: in a moment nothing is waited for any more. */
  hurry(): void
}

const steps: CoreSteps = {
  async recognise(core) {
    await checkMarker(core)
    if (core.state.meta('rebuilt') === undefined) await rebuild(core)
    await recomputeAll(core)
  },
  findLatest: (core) => findLatest(core, core.catalogue.channels()),
  async resume(core) {
    await core.tornLog.check(() => core.server.startedAt())
    await finishWork(core)
    await renewMarker(core)
  },
  computeCorrected,
  loadRollups:
    (core) =>
    (...asked) =>
      core.read('reading rollups', () => readRollups(core, ...asked))
}

/**
 * Resolves with a server that cannot be reached as well: what is asked of the store is StoreUnavailable until it can.
 * Throws an Error with one clear line where the state file is too new.
 */
export async function openInfluxStore(options: InfluxStoreOptions): Promise<InfluxStore> {
  const { url, token, org, bucket, stateFile, timezone, random, clock, log, patienceMs } = options
  const { memoryMb = storeMemoryMbDefault } = options
  if (!isTimeZone(timezone)) throw new RangeError(`${timezone} is not a time zone that this system knows.`)
  const settings = { buckets: bucketNames(bucket), stateFile, timezone, random, clock, log, memoryMb }
  const core = new Core(
    settings,
    new Server({ url, token, org, ...(patienceMs !== undefined && { patienceMs }) }),
    steps
  )
  await core.connect().catch((failure: unknown) => {
    if (core.trouble === null) throw failure
    log.warn({ failing: core.trouble }, 'InfluxDB is not available yet; readings wait in the journal.')
  })
  const eraseAll = (erasure: Erasure): Promise<number> =>
    core.alone('erasing', () => doWork(core, { kind: 'erase', ...erasure }))
  const summed = (query: SummaryQuery): Promise<SummaryColumns> => summary(core, query)
  return {
    ...answersOf(core, summed),
    summary: summed,
    write: (batch) => writeBatch(core, batch),
    raw: (query) => raw(core, query),
    count: (query, countMax) => count(core, query, countMax),
    failures: (query) => failures(core, query),
    reach: (siteId, quantity) => reach(core, siteId, quantity),
    counts: (query) => counts(core, query),
    export: (query) => exportReadings(core, query),
    exportWindows: (query) => exportWindows(core, query),
    estimateRows: (query) => estimateRows(core, query),
    dumpSize: (from) => dumpSize(core, from),
    dump: (from) => dump(core, from),
    saidIntervals: async () => core.intervals.allSaid(),
    stats: () => stats(core),
    setCorrections: (rows) => setCorrections(core, rows),
    setInterval: (deviceId, interval) => setInterval(core, deviceId, interval),
    refreshRollups: (now, limit) => refreshRollups(core, now, limit),
    lookBack: (now, rules) => lookBack(core, now, rules),
    reassign: (move) => core.alone('moving readings', () => doWork(core, { kind: 'reassign', move })),
    erase: (siteId) => eraseAll({ siteIds: [siteId], deviceIds: [] }),
    eraseAll,
    trim: (parts) => core.alone('removing old readings', () => doWork(core, { kind: 'trim', parts })),
    retract: (readings) =>
      core.alone('taking readings back', () => doWork(core, { kind: 'retract', readings })),
    async undoImport(importId) {
      if (!Number.isInteger(importId) || importId <= 0) {
        throw new RangeError(
          `There is no import ${importId}; readings that sensors sent cannot be undone this way.`
        )
      }
      return core.alone('taking an import back', () => doWork(core, { kind: 'undo', importId }))
    },
    trouble: () => core.trouble,
    lost: () => emptiedNote(core),
    noteReplayed: () => core.state.removeMeta('emptied'),
    refused: (linesMax) => ({ count: core.state.refusedCount(), lines: core.state.refused(linesMax) }),
    hurry: () => void setTimeout(() => core.server.close(), hurriedMsMax).unref(),
    close: () => core.close()
  }
}
