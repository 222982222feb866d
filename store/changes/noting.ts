/** A store of either kind that notes what changes of what it has given out; everything else it answers as before. */
import type { Reading } from '../../model/reading.ts'
import type { Clock, UnixMs } from '../../model/time.ts'
import { changesPerPage } from '../limits.ts'
import type { ChangesReader } from '../promise/changes.ts'
import type { ReadingExaminer } from '../promise/examine.ts'
import type { Store } from '../promise/store.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import { Turns } from '../turns.ts'
import { ChangeLog } from './log.ts'
import type { ImportedStretch, Stretch } from './stretch.ts'
import {
  changedCorrections,
  daysOf,
  daysOfReadings,
  erased,
  importedBy,
  importedStretches,
  importedWith,
  judgedDays,
  movedStretches,
  ofStreet,
  reachOf,
  whole,
  type GivenOut
} from './stretches.ts'

export interface ChangesOptions {
  file: string
  timezone: string
  clock: Clock
  /** Closes the store. */
  close?(): Promise<void>
}

export interface NotingStore extends Store, ReadingExaminer, ChangesReader {
  /** The sites that everybody sees from now on, each with its street. Nothing of any other stands among the changes. */
  setPublicSites(sites: ReadonlyMap<string, string>): Promise<void>
}

export function notingStore(
  store: Store & ReadingExaminer,
  { file, timezone, clock, close = () => store.close() }: ChangesOptions
): NotingStore {
  const log = new ChangeLog(file, clock)
  const turns = new Turns()
  let isClosed = false
  const known: Known = { log, store, days: daysOf(timezone), sites: log.publicSites() }
  /** What is public, where it could not be noted yet; the next write tries again. */
  let wanted: ReadonlyMap<string, string> | undefined
  const takeSites = () =>
    turns.take(async () => {
      if (!wanted || isClosed) return
      await setPublicSites(known, wanted)
      wanted = undefined
    })
  return {
    ...store,
    write: async (batch) => {
      // What comes to a place that is public now has to be told: nothing is stored before that can be noted.
      if (wanted) await takeSites()
      return log.within((settled) => write(known, batch, settled))
    },
    lookBack: (now, rules) => lookBack(known, now, rules),
    refreshRollups: (now, limit) => refreshRollups(known, now, limit),
    async setCorrections(rows) {
      if (isClosed) return
      const stretches = await changedCorrections(known, rows)
      await during(known, stretches, () => store.setCorrections(rows))
      const text = JSON.stringify(rows)
      if (text !== log.meta('corrections')) log.setMeta('corrections', text)
    },
    reassign: async (move) =>
      during(known, await movedStretches(known, move), () => store.reassign(move), importedWith(known, move)),
    erase: async (siteId) => during(known, await erased(known, [siteId]), () => store.erase(siteId)),
    eraseAll: async (erasure) =>
      during(known, await erased(known, erasure.siteIds), () => store.eraseAll(erasure)),
    trim: (parts) =>
      during(
        known,
        parts.map(({ siteId, from, until }) => whole('withdrawn', siteId, from ?? -Infinity, until)),
        () => store.trim(parts)
      ),
    retract: (readings) =>
      during(known, daysOfReadings(known, 'withdrawn', readings), () => store.retract(readings)),
    undoImport: (importId) =>
      during(known, importedStretches(known, importId), () => store.undoImport(importId)),
    // Who closes is told what is public, and with which corrections, when it is opened again.
    async setPublicSites(sites) {
      wanted = sites
      await takeSites().catch((cause: unknown) => {
        // The disk is full or away, and a change of places must not end the hub for that.
        if (!(cause instanceof StoreUnavailable)) throw cause
      })
    },
    changesSince: async (after, limit) => log.since(after, Math.min(limit, changesPerPage)),
    close: () =>
      turns.take(async () => {
        await close()
        if (isClosed) return
        isClosed = true
        log.close()
      })
  }
}

interface Known extends GivenOut {
  store: Store & ReadingExaminer
}

/** What is private is not noted at all. */
function published(known: Known, stretches: readonly Stretch[]): Stretch[] {
  return stretches.filter(({ siteId }) => siteId === '' || known.sites.has(siteId))
}

async function during<T>(
  known: Known,
  stretches: readonly Stretch[],
  work: () => Promise<T>,
  imported: readonly ImportedStretch[] = []
): Promise<T> {
  const ended = known.log.begin(published(known, stretches), imported)
  try {
    return await work()
  } finally {
    ended()
  }
}

// Readings. -----------------------------------------------------------------------------------------------------

async function write(known: Known, batch: readonly Reading[], settled: number) {
  const late = batch.filter(({ measuredAt }) => measuredAt < settled)
  const { log, store, sites } = known
  const imported = batch.some(({ importId }) => importId !== 0) ? importedBy(known, batch, settled) : []
  const result = await during(known, daysOfReadings(known, 'late', late), () => store.write(batch), imported)
  // Replaced within the time that nobody was promised anything for; whoever read it meanwhile is told nevertheless.
  const isReplaced = result.replaced > 0 && late.length < batch.length
  // Its site may have become public while it was written.
  if (isReplaced || known.sites !== sites) log.note(published(known, daysOfReadings(known, 'late', batch)))
  return result
}

/** Whatever was gone over is told, since it is no longer said to be unjudged; before the store writes down what was found. */
async function lookBack(
  known: Known,
  now: UnixMs,
  rules: Parameters<ReadingExaminer['lookBack']>[1]
): Promise<{ changed: number; more: boolean }> {
  const ended: (() => void)[] = []
  try {
    return await known.store.lookBack(now, {
      ...rules,
      judge(block) {
        ended.push(
          known.log.begin(
            published(
              known,
              block.series.flatMap((one) => judgedDays(known, one))
            )
          )
        )
        return rules.judge(block)
      }
    })
  } finally {
    for (const one of ended) one()
  }
}

// Hours. --------------------------------------------------------------------------------------------------------

async function refreshRollups(known: Known, now: UnixMs, limit: number | undefined) {
  const { log, store, days } = known
  const result = await store.refreshRollups(now, limit)
  const settled = log.settled()
  const made = new Map<string, Omit<Stretch, 'kind'>>()
  for (const { siteId, quantity, hour } of result.touched) {
    if (!known.sites.has(siteId) || days.hourEnd(hour) > settled) continue
    const [from, until] = days(hour)
    made.set(`${siteId} ${quantity} ${from}`, { siteId, quantity, from, until })
  }
  log.hoursMade([...made.values()])
  return result
}

// Places. -------------------------------------------------------------------------------------------------------

/** Sites that came, went, or stand in another street: what was given out of them changes as a whole. */
async function setPublicSites(known: Known, sites: ReadonlyMap<string, string>): Promise<void> {
  const isSame =
    sites.size === known.sites.size && [...sites].every(([id, street]) => known.sites.get(id) === street)
  if (isSame) return
  const stretches: Stretch[] = []
  for (const [siteId, streetId] of known.sites) {
    if (sites.get(siteId) === streetId) continue
    const days = await reachOf(known, siteId)
    if (days) stretches.push(ofStreet(streetId, ...days))
  }
  for (const [siteId, streetId] of sites) {
    if (known.sites.get(siteId) === streetId) continue
    const days = await reachOf(known, siteId)
    if (days) stretches.push(whole('moved', siteId, ...days))
  }
  known.log.setPublicSites(sites, stretches)
  known.sites = new Map(sites)
}
