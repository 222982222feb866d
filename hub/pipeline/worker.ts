/**
 * The pipeline's thread: follows the journal, decodes, checks, stores, keeps rollups fresh and answers queries. It is
 * a thread of its own because DuckDB's appends and checkpoints would stop the event loop that acknowledges messages.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { startIngest, type Ingest } from '../../ingest/follow.ts'
import { importFiles } from '../../ingest/import/import.ts'
import type { Directory } from '../../ingest/ingest.ts'
import { replay } from '../../ingest/replay.ts'
import { openJournalReader } from '../../journal/reader.ts'
import { rollupPauseMsMax, rollupRunningMs } from '../../model/limits.ts'
import { secondMs, systemClock } from '../../model/time.ts'
import { copyFiles } from '../../operate/backup/copies.ts'
import { openStore } from '../../store/open.ts'
import { keepLookingBack, lookBackPlaces } from './look-back.ts'
import type { PipelineEvents, PipelineOptions, PipelineService } from './pipeline.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import { FormatNotHere, type ParquetExporter } from '../../store/promise/export.ts'
import type { Store } from '../../store/promise/store.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { Turns } from '../../store/turns.ts'
import { serve } from '../../thread.ts'
import { keepDoing, type Recurring } from './recurring.ts'
import { syncStore } from './sync-store.ts'
import { changedHealth } from './changed-health.ts'
import { coalesceLatest } from './coalesce.ts'

if (!parentPort) throw new Error('The pipeline runs in a worker thread, started by pipeline.ts.')
const port = parentPort

await run(workerData as PipelineOptions).catch((cause: unknown) => {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const code = 'code' in error ? { code: String(error.code) } : {}
  port.postMessage({
    kind: 'event',
    name: 'cannotStart',
    value: { name: error.name, message: error.message, ...code }
  })
  port.close()
})

async function run(options: PipelineOptions): Promise<void> {
  let directory = directoryOf(options.directory)
  let places = lookBackPlaces(options.sites, options.directory)
  const tell = <Name extends keyof PipelineEvents>(
    name: Name,
    value: Parameters<PipelineEvents[Name]>[0]
  ): void => port.postMessage({ kind: 'event', name, value })
  const log = {
    info: (fields: object, message: string) => tell('log', { level: 'info', fields, message }),
    warn: (fields: object, message: string) => tell('log', { level: 'warn', fields, message })
  }

  const hubStore = await openStore(options.place, {
    timezone: options.timezone,
    clock: systemClock,
    random: Math.random,
    log
  })
  const { store, copier } = hubStore
  const telling = syncStore(store, (cause) =>
    log.warn({ cause: cause.message }, 'The store hears of intervals and corrections when it can work again.')
  )
  // Before rollups begin: after a change of zone they keep the store busy for a while, and nobody should wait for them.
  await telling.intervals(options.directory)
  await telling.corrections(options.corrections)
  const journal = openJournalReader({
    ...options.journal,
    onCorrupt: (lost) =>
      tell('log', { level: 'error', fields: { ...lost }, message: 'A page of the journal is damaged.' })
  })
  const closing = new AbortController()
  /** Coverage is counted with it from now on; the registry hears of it as well, for the next start. */
  const intervalLearnt = (deviceId: string, intervalS: number): void => {
    telling.intervals([{ deviceId, intervalS }]).catch(bug)
    tell('intervalLearnt', { deviceId, intervalS })
  }
  const ingest = startIngest({
    journal,
    store,
    directory: () => directory,
    events: {
      stored: coalesceLatest((latest) => tell('stored', latest)),
      problems: (problems) => tell('problems', problems),
      heldBack: (deviceIds) => tell('heldBack', deviceIds),
      health: changedHealth((healths) => tell('health', healths)),
      intervalLearnt
    },
    random: Math.random,
    log,
    onBug: bug,
    heldLimits: options.heldLimits
  })
  hubStore.onReturn(() => ingest.tryNow())
  const rollups = keepRollupsFresh(store, {
    before: () => telling.again(),
    touched: (touched) => tell('rollups', touched),
    unavailable: (cause) => log.warn({ cause: cause.message }, 'Rollups wait until the store can work again.')
  })

  const lookingBack = keepLookingBack({
    store,
    places: () => places,
    clock: systemClock,
    unavailable: (cause) =>
      log.warn({ cause: cause.message }, 'The look back waits until the store can work again.'),
    onBug: bug
  })

  let replaying = false
  /** Whoever moves or removes readings waits for a copy of them, and a copy for them: it would else have half of each. */
  const upkeep = new Turns()

  const service: PipelineService = {
    ...store,
    exportParquet: (query) => (hubStore.parquet ?? noParquet).exportParquet(query),
    reassign: (move) => upkeep.take(() => store.reassign(move)),
    erase: (siteId) => upkeep.take(() => store.erase(siteId)),
    undoImport: (importId) => upkeep.take(() => store.undoImport(importId)),
    ingestStats() {
      const stats = ingest.stats()
      const damagedStretches = journal.corruptGroups()
      return Promise.resolve({ ...stats, ...journal.standing(stats.checkpoint), damagedStretches })
    },
    storeState: () => Promise.resolve(hubStore.state()),
    held: () => Promise.resolve(ingest.held()),
    lookBack: () => lookingBack.settle(),
    async setDirectory(entries, sites, corrections) {
      directory = directoryOf(entries)
      places = lookBackPlaces(sites, entries)
      await telling.intervals(entries)
      ingest.directoryChanged()
      await telling.corrections(corrections)
      // What a changed correction touches is made anew at once, and nobody waits for it.
      rollups.settle().catch(bug)
    },
    async importFiles({ files, format, record, sequence }) {
      const report = await importFiles({
        files,
        format,
        record,
        sequence,
        store,
        directory: () => directory,
        clock: systemClock,
        saveRecord: (saved) => tell('importRecord', saved),
        onProgress: (progress) => tell('importProgress', { ...progress, importId: record.importId }),
        onInterval: intervalLearnt,
        signal: closing.signal
      })
      await lookingBack.settle()
      return report
    },
    async replay(request) {
      if (replaying) throw new Error('A replay runs already. Wait for its end, or stop the hub to end it.')
      replaying = true
      try {
        const report = await replay(
          {
            journal,
            store,
            directory: () => directory,
            stretch: journal.storedSince(request.from ?? null),
            onProgress: (progress) => tell('replayProgress', progress),
            signal: closing.signal
          },
          request
        )
        if (request.deviceId === undefined && request.from === undefined) hubStore.noteReplayed()
        await lookingBack.settle()
        await rollups.settle()
        return report
      } finally {
        replaying = false
        // It may have held messages that ingest does not know of.
        ingest.directoryChanged()
      }
    },
    copyFiles: (request) =>
      upkeep.take(() =>
        copyFiles(
          copier,
          options.timezone,
          request,
          (progress) => tell('copyProgress', progress),
          closing.signal
        )
      ),
    async drain() {
      await unlessAway(ingest)
      await rollups.settle()
    },
    async close() {
      // An import that is cut short goes on where it stopped when it is run again.
      closing.abort(new Error('the hub stops'))
      await ingest.stop()
      await lookingBack.stop()
      await rollups.stop()
      await hubStore.close()
      await journal.close()
      // The answer to this call must leave before the port does.
      setImmediate(() => port.close())
    }
  }
  serve(port, service)
  port.postMessage({ kind: 'event', name: 'ready', value: undefined })
}

/** How long somebody at a terminal waits for a store that is away; ingest itself waits for ever. */
const drainPatienceMs = 10 * secondMs
const drainLookMs = 250

/** Resolves when everything in the journal is stored; rejects once the store has been away for a while without a break. */
async function unlessAway(ingest: Ingest): Promise<void> {
  let awayLooks = 0
  let watch: NodeJS.Timeout | undefined
  const away = new Promise<never>((_resolve, reject) => {
    watch = setInterval(() => {
      const { storeFailing } = ingest.stats()
      awayLooks = storeFailing === null ? 0 : awayLooks + 1
      if (awayLooks * drainLookMs >= drainPatienceMs)
        reject(new StoreUnavailable('waiting for it', storeFailing))
    }, drainLookMs)
  })
  try {
    await Promise.race([ingest.drain(), away])
  } finally {
    clearInterval(watch)
  }
}

function directoryOf(entries: readonly DirectoryEntry[]): Directory {
  return new Map(entries.map((entry) => [entry.deviceId, entry]))
}

const noParquet: ParquetExporter = {
  exportParquet() {
    throw new FormatNotHere(
      'Parquet is written by the embedded store only. Ask for CSV or JSON Lines; both hold every column.'
    )
  }
}

interface RollupEvents {
  /** What the store must know first. */
  before(): Promise<void>
  touched: PipelineEvents['rollups']
  unavailable(cause: StoreUnavailable): void
}

/** Recomputes marked hours every ten seconds, in bites that let readings be written between them. */
function keepRollupsFresh(store: Store, { before, touched, unavailable }: RollupEvents): Recurring<void> {
  return keepDoing({
    async work(stopping) {
      await before()
      for (let more = true; more && !stopping.aborted;) {
        const result = await store.refreshRollups(systemClock.now())
        if (result.touched.length > 0) touched(result.touched)
        more = result.more
      }
    },
    nothing: undefined,
    untilNextMs: rollupPauseMs,
    unavailable,
    onBug: bug
  })
}

/** Four times as long as the work took: while a backlog is written, rollups leave most of this thread to it. */
function rollupPauseMs(tookMs: number): number {
  return Math.min(Math.max(rollupRunningMs, 4 * tookMs), rollupPauseMsMax)
}

/** We are wrong: the thread ends loudly, and with it the process; the journal still has everything. */
function bug(cause: unknown): void {
  setImmediate(() => {
    throw cause
  })
}
