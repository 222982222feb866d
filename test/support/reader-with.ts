/** A store some of whose answers are exchanged, for the API's tests. */
import type { ReadingReader } from '../../store/promise/read.ts'

/** The same store with some of its answers exchanged: for what happens when it fails. */
export function readerWith(readings: ReadingReader, changes: Partial<ReadingReader>): ReadingReader {
  return {
    raw: (query) => readings.raw(query),
    corrected: (query) => readings.corrected(query),
    count: (query, countMax) => readings.count(query, countMax),
    rollup: (query) => readings.rollup(query),
    acrossSites: (query) => readings.acrossSites(query),
    means: (query) => readings.means(query),
    summary: (query) => readings.summary(query),
    failures: (query) => readings.failures(query),
    reach: (siteId, quantity) => readings.reach(siteId, quantity),
    extents: (siteIds) => readings.extents(siteIds),
    counts: (query) => readings.counts(query),
    latest: (siteIds) => readings.latest(siteIds),
    coverage: (query) => readings.coverage(query),
    export: (query) => readings.export(query),
    exportWindows: (query) => readings.exportWindows(query),
    estimateRows: (query) => readings.estimateRows(query),
    stats: () => readings.stats(),
    corrections: (query) => readings.corrections(query),
    recomputing: (siteIds) => readings.recomputing(siteIds),
    unmadeHours: (query) => readings.unmadeHours(query),
    unjudged: (query) => readings.unjudged(query),
    ...changes
  }
}
