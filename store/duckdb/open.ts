/** The embedded store: readings in one DuckDB file, opened by one process, best in a thread of its own. */
import { isTimeZone } from '../../model/time.ts'
import { answersOf } from '../answers.ts'
import type { ReadingDumper, StoreCopier } from '../promise/copy.ts'
import type { FileExaminer, ReadingExaminer } from '../promise/examine.ts'
import type { SummaryColumns, SummaryQuery } from '../promise/read.ts'
import type { Store } from '../promise/store.ts'
import { Copier } from './file/copy.ts'
import { Core } from './core.ts'
import { setCorrections } from './write/corrections.ts'
import { dump, dumpSize } from './read/dump.ts'
import { examine } from './read/examine.ts'
import { exportReadings } from './read/exporter.ts'
import { estimateRows, exportWindows } from './read/window-exporter.ts'
import { erase, reassign, retract, setInterval, trim, undoImport } from './write/keeper.ts'
import { lookBack } from './write/look-back.ts'
import { counts } from './read/counts.ts'
import { count, raw, reach, stats } from './read/reader.ts'
import { refreshRollups } from './rollups/refresh.ts'
import { failures } from './read/failures.ts'
import { summary } from './read/summary.ts'
import { writeBatch } from './write/writer.ts'
import { storeMemoryMbDefault } from '../limits.ts'

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
): Promise<Store & StoreCopier & ReadingExaminer & ReadingDumper & FileExaminer & { hurry(): void }> {
  const { file, timezone, onProgress = () => undefined, memoryMb = storeMemoryMbDefault } = options
  if (!isTimeZone(timezone)) throw new RangeError(`${timezone} is not a time zone that this system knows.`)
  const core = await Core.open({ file, timezone, onProgress, memoryMb })
  const copier = new Copier(core)
  const summed = (query: SummaryQuery): Promise<SummaryColumns> => summary(core, query)
  return {
    ...answersOf(core, summed),
    summary: summed,
    write: (batch) => writeBatch(core, batch),
    raw: (query) => raw(core, query),
    count: (query, countMax) => count(core, query, countMax),
    failures: (query) => failures(core, query),
    reach: async (siteId, quantity) => reach(core, siteId, quantity),
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
    reassign: (move) => reassign(core, move),
    erase: (siteId) => erase(core, { siteIds: [siteId], deviceIds: [] }),
    eraseAll: (erasure) => erase(core, erasure),
    trim: (parts) => trim(core, parts),
    retract: (readings) => retract(core, readings),
    undoImport: (importId) => undoImport(core, importId),
    examine: (part, parts) => examine(core, part, parts),
    copyTo: (target, copyOptions) => copier.copyTo(target, copyOptions),
    hurry: () => core.hurry.begin(),
    async close() {
      await core.close()
      await copier.close()
    }
  }
}
