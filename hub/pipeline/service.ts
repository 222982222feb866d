/** What the pipeline's thread answers: queries of the store, and work that takes the store, ingest and the journal together. */
import { importFiles, type ImportProgress, type ImportReport } from '../../ingest/import/import.ts'
import { replay, type ReplayDeps, type ReplayReport, type ReplayRequest } from '../../ingest/replay.ts'
import { copyFiles } from '../../operate/backup/copies.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { Turns } from '../../store/turns.ts'
import { serve } from '../../thread.ts'
import { decodeCutAgain } from './decode-again.ts'
import { drainUnlessAway } from './drain.ts'
import { keepMending } from './mending.ts'
import { streetsOfPublic, type Parts } from './parts.ts'
import type { PipelineService } from './pipeline.ts'

/** `ended` is called when everything is closed. */
export function pipelineService(parts: Parts, ended: () => void): PipelineService {
  const { store } = parts.store
  const closing = new AbortController()
  const mending = keepMending(parts, closing.signal)
  const replaying = replayer(parts, closing.signal)
  const again = decodeCutAgain(parts, replaying.replay, closing.signal)
  return {
    ...store,
    serveExporter(port) {
      const { export: readings, exportWindows, estimateRows } = store
      const exporter: ReadingExporter = { export: readings, exportWindows, estimateRows }
      serve(port, exporter)
      return Promise.resolve()
    },
    ...upkeep(parts, closing.signal),
    ...standing(parts),
    setDirectory: directorySetter(parts),
    lookBack: () => parts.lookingBack.settle(),
    observe(isOn) {
      parts.observing.isOn = isOn
      return Promise.resolve()
    },
    settleRollups: () => parts.rollups.settle(),
    importFiles: importer(parts, closing.signal),
    ...replaying,
    beginRollups: () => Promise.resolve(parts.beginRollups()),
    mendTimes: (stretch) => mending.mend(stretch),
    async drain() {
      await drainUnlessAway(parts.ingest)
      await mending.settled()
      await again
      await parts.rollups.settle()
    },
    hurry: () => Promise.resolve(parts.store.hurry()),
    async close() {
      parts.store.hurry()
      // An import that is cut short goes on where it stopped when it is run again.
      closing.abort(new Error('the hub stops'))
      await parts.ingest.stop()
      await mending.settled()
      await again
      await parts.lookingBack.stop()
      await parts.examining.stop()
      const stopped = parts.rollups.stop()
      parts.beginRollups()
      await stopped
      await parts.store.close()
      await parts.journal.close()
      ended()
    }
  }
}

/** Whoever moves or removes readings waits for a copy of them, and a copy for them: it would else have half of each. */
function upkeep(
  { store: { store, copier }, timezone, tell }: Parts,
  stopping: AbortSignal
): Pick<PipelineService, 'reassign' | 'erase' | 'eraseAll' | 'trim' | 'undoImport' | 'copyFiles'> {
  const turns = new Turns()
  return {
    reassign: (move) => turns.take(() => store.reassign(move)),
    erase: (siteId) => turns.take(() => store.erase(siteId)),
    eraseAll: (erasure) => turns.take(() => store.eraseAll(erasure)),
    trim: (parts) => turns.take(() => store.trim(parts)),
    undoImport: (importId) => turns.take(() => store.undoImport(importId)),
    copyFiles: (request) =>
      turns.take(() =>
        copyFiles(copier, timezone, request, (progress) => tell('copyProgress', progress), stopping)
      )
  }
}

function standing({
  ingest,
  journal,
  store
}: Parts): Pick<PipelineService, 'ingestStats' | 'storeState' | 'held'> {
  return {
    ingestStats() {
      const stats = ingest.stats()
      const damagedStretches = journal.corruptGroups()
      return Promise.resolve({ ...stats, ...journal.standing(stats.checkpoint), damagedStretches })
    },
    storeState: () => Promise.resolve(store.state()),
    held: () => Promise.resolve(ingest.held())
  }
}

function directorySetter({
  store,
  known,
  sync,
  ingest,
  rollups,
  onBug
}: Parts): PipelineService['setDirectory'] {
  return async (entries, sites, corrections) => {
    // First: what is stored at a new place, and what an erasure takes away, is told.
    await store.store.setPublicSites(streetsOfPublic(sites))
    known.set(entries, sites)
    await sync.intervals(entries)
    ingest.directoryChanged()
    await sync.corrections(corrections)
    // What a changed correction touches is recalculated at once, and nobody waits for it.
    rollups.settle().catch(onBug)
  }
}

function importer(parts: Parts, stopping: AbortSignal): PipelineService['importFiles'] {
  const { store, known, clock, tell, sync, onBug, lookingBack, rollups } = parts
  return async (request) => {
    const { importId } = request.record
    const report = await importFiles({
      ...request,
      store: store.store,
      directory: known.directory,
      clock,
      saveRecord: (saved) => tell('importRecord', saved),
      onProgress: (progress) => tell('importProgress', { ...progress, importId }),
      onInterval: (deviceId, said) => void sync.interval(deviceId, said).catch(onBug),
      signal: stopping
    })
    tell('importProgress', { ...allRead(report), importId })
    // Hours first: they teach how often it was measured, by which the look back cuts its work. Of a file of hours it would
    // otherwise take a week at a time, and a file of six years took five times as long.
    await rollups.settle()
    await lookingBack.settle()
    return report
  }
}

/** What is left to do of an import. */
function allRead({ rows, rowsPassedOver }: ImportReport): ImportProgress {
  return { phase: 'judging', bytesRead: 0, bytesTotal: 0, rows: rows + rowsPassedOver }
}

function replayer(parts: Parts, stopping: AbortSignal): Pick<PipelineService, 'replay' | 'replayEnded'> {
  const { store, journal, known, tell, ingest, lookingBack, rollups } = parts
  let running: Promise<ReplayReport> | undefined
  const run = async (request: ReplayRequest): Promise<ReplayReport> => {
    try {
      const deps: ReplayDeps = {
        journal,
        store: store.store,
        directory: known.directory,
        stretch: journal.storedSince(request.from ?? null),
        onProgress: (progress) => tell('replayProgress', progress),
        signal: stopping
      }
      const report = await replay(deps, request)
      if (request.deviceId === undefined && request.from === undefined) store.noteReplayed()
      await lookingBack.settle()
      await rollups.settle()
      return report
    } finally {
      running = undefined
      // It may have set messages aside that ingest does not know of.
      ingest.directoryChanged()
    }
  }
  return {
    async replay(request) {
      if (running)
        throw new Error('A replay is already running. Wait until it is done, or stop the hub to end it.')
      return (running = run(request))
    },
    // However it ends; whoever asked for it hears how.
    replayEnded: async () => void (await running?.catch(() => undefined))
  }
}
