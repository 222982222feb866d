/** The embedded store: readings in one DuckDB file, opened by one process, best in a thread of its own. */
import { isTimeZone } from '../../model/time.ts'
import { appliedCorrections, corrected } from '../corrected-answers.ts'
import type { ReadingDumper, StoreCopier } from '../promise/copy.ts'
import type { ReadingExaminer } from '../promise/examine.ts'
import type { Store } from '../promise/store.ts'
import { Copier } from './file/copy.ts'
import { Core } from './core.ts'
import { setCorrections } from './write/corrections.ts'
import { dump, dumpSize } from './read/dump.ts'
import { exportReadings } from './read/exporter.ts'
import { estimateRows, exportWindows } from './read/window-exporter.ts'
import { erase, reassign, retract, setInterval, trim, undoImport } from './write/keeper.ts'
import { lookBack } from './write/look-back.ts'
import { acrossSites, count, latest, means, raw, reach, rollup, stats } from './read/reader.ts'
import { refreshRollups } from './rollups/refresh.ts'
import { failures } from './read/failures.ts'
import { summary } from './read/summary.ts'
import { coverageBy } from '../summary.ts'
import { writeBatch } from './write/writer.ts'
import { duckDbMemoryMbDefault } from '../limits.ts'

export interface DuckDbStoreOptions {
  /** Made if it does not exist; its folder must. */
  file: string
  /** The hub's zone, in which civil days are counted. Opening with another one than before marks all days. */
  timezone: string
  /** Reports progress while opening. */
  onProgress?: (doing: string) => void
  memoryMb?: number
}

/** Throws StoreUnavailable where the file cannot be opened, and an Error with one clear line where it is too new. */
export async function openDuckDbStore(
  options: DuckDbStoreOptions
): Promise<Store & StoreCopier & ReadingExaminer & ReadingDumper> {
  const { file, timezone, onProgress = () => undefined, memoryMb = duckDbMemoryMbDefault } = options
  if (!isTimeZone(timezone)) throw new RangeError(`${timezone} is not a time zone that this system knows.`)
  const core = await Core.open({ file, timezone, onProgress, memoryMb })
  const copier = new Copier(core)
  return {
    write: (batch) => writeBatch(core, batch),
    raw: (query) => raw(core, query),
    corrected: (query) => corrected(core, query),
    count: (query, countMax) => count(core, query, countMax),
    rollup: (query) => rollup(core, query),
    acrossSites: (query) => acrossSites(core, query),
    means: (query) => means(core, query),
    summary: (query) => summary(core, query),
    failures: (query) => failures(core, query),
    reach: async (siteId, quantity) => reach(core, siteId, quantity),
    latest: (siteIds) => latest(core, siteIds),
    coverage: (query) => coverageBy((asked) => summary(core, asked), query),
    export: (query) => exportReadings(core, query),
    exportWindows: (query) => exportWindows(core, query),
    estimateRows: (query) => estimateRows(core, query),
    dumpSize: (from) => dumpSize(core, from),
    dump: (from) => dump(core, from),
    saidIntervals: async () => core.intervals.allSaid(),
    stats: () => stats(core),
    corrections: async (query) => appliedCorrections(core, query),
    recomputing: async (siteIds) => core.recomputing(siteIds),
    unmadeHours: async (query) => core.unmadeHours(query),
    unjudged: async (query) => core.unjudged(query),
    setCorrections: (rows) => setCorrections(core, rows),
    setInterval: (deviceId, interval) => setInterval(core, deviceId, interval),
    refreshRollups: (now, limit) => refreshRollups(core, now, limit),
    lookBack: (now, rules) => lookBack(core, now, rules),
    reassign: (move) => reassign(core, move),
    erase: (siteId) => erase(core, { siteIds: [siteId], deviceIds: [] }),
    eraseAll: (erasure) => erase(core, erasure),
    trim: (parts) => trim(core, parts),
    retract: (readings) => retract(core, readings),
    undoImport: (importId) => undoImport(core, importId),
    copyTo: (target, copyOptions) => copier.copyTo(target, copyOptions),
    async close() {
      await core.close()
      await copier.close()
    }
  }
}
