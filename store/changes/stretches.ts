/**
 * Which stretches of what was given out a change of the store changes: of readings by site, quantity and civil day, of corrections,
 * moves and erasures as far as they reach. Only of sites that everybody sees.
 */
import type { CorrectionRow } from '../../model/correction.ts'
import { humidityAgeMsMax } from '../../model/limits.ts'
import {
  correctableNames,
  correctedOf,
  isCorrectable,
  quantityNames,
  type Quantity
} from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { clockHours, type UnixMs } from '../../model/time.ts'
import type { ExaminedSeries } from '../promise/examine.ts'
import type { ExportSeries } from '../promise/export.ts'
import type { Move } from '../promise/keep.ts'
import type { Store } from '../promise/store.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import type { ChangeLog } from './log.ts'
import type { ImportedStretch, Stretch } from './stretch.ts'

/** What stretches are made from. */
export interface GivenOut {
  log: ChangeLog
  store: Pick<Store, 'reach' | 'export' | 'count'>
  days: Days
  sites: ReadonlyMap<string, string>
}

export interface Days {
  (at: number): readonly [from: number, until: number]
  hourEnd(at: number): number
}

export function daysOf(timezone: string): Days {
  const clock = clockHours(timezone)
  const days = (at: number) => [clock.dayStart(at), clock.dayEnd(at)] as const
  return Object.assign(days, { hourEnd: (at: number) => clock.hourEnd(at) })
}

// Readings. -----------------------------------------------------------------------------------------------------

interface Place {
  siteId: string
  quantity: Quantity
  measuredAt: UnixMs
}

/** By site, quantity and civil day, with what is computed of them. */
export function daysOfReadings(
  known: GivenOut,
  kind: Stretch['kind'],
  readings: readonly Place[]
): Stretch[] {
  const stretches = new Map<string, Stretch>()
  // Readings of one message, and then of the next: what its quantities were in last is mostly the same day.
  const lastDays = new Map<string, Map<Quantity, readonly [from: number, until: number]>>()
  for (const { siteId, quantity, measuredAt } of readings) {
    if (!known.sites.has(siteId)) continue
    let ofSite = lastDays.get(siteId)
    if (!ofSite) lastDays.set(siteId, (ofSite = new Map()))
    const last = ofSite.get(quantity)
    if (last && measuredAt >= last[0] && measuredAt < last[1]) continue
    const day = known.days(measuredAt)
    ofSite.set(quantity, day)
    const [from, until] = day
    for (const stretch of withCorrected({ kind, siteId, quantity, from, until }))
      stretches.set(`${stretch.siteId} ${stretch.quantity} ${stretch.from} ${stretch.until}`, stretch)
  }
  return [...stretches.values()]
}

/** What is corrected follows its source, and the humidity that was measured a little before. */
function withCorrected(stretch: Stretch): Stretch[] {
  const { quantity, until } = stretch
  if (quantity === 'humidity') {
    const reach = until + humidityAgeMsMax
    const corrected = correctableNames.map((name) => ({
      ...stretch,
      quantity: correctedOf(name),
      until: reach
    }))
    return [stretch, ...corrected]
  }
  if (quantity === null || !isCorrectable(quantity)) return [stretch]
  return [stretch, { ...stretch, quantity: correctedOf(quantity) }]
}

/** The days of what was judged of a series, where it has readings. */
export function judgedDays(
  { days }: GivenOut,
  { siteId, quantity, judged, time }: ExaminedSeries
): Stretch[] {
  const last = Math.min(judged.until, (time.at(-1) ?? -Infinity) + 1)
  const stretches: Stretch[] = []
  for (let at = Math.max(judged.from, time[0] ?? Infinity); at < last; at = days(at)[1]) {
    const [from, until] = days(at)
    stretches.push(...withCorrected({ kind: 'judged', siteId, quantity, from, until }))
  }
  return stretches
}

export function importedBy(
  { sites }: GivenOut,
  batch: readonly Reading[],
  settled: number
): ImportedStretch[] {
  const found = new Map<string, ImportedStretch>()
  let last = 0
  for (const { importId, siteId, quantity, measuredAt } of batch) {
    if (importId === 0) continue
    // Of one that brought nothing public this alone is known, so that undoing it tells nothing.
    if (importId !== last)
      found.set(`${importId}`, { importId, siteId: '', quantity: null, from: 0, until: 0 })
    last = importId
    if (measuredAt >= settled || !sites.has(siteId)) continue
    const key = `${importId} ${siteId} ${quantity}`
    const one = found.get(key) ?? { importId, siteId, quantity, from: measuredAt, until: measuredAt + 1 }
    found.set(key, one)
    if (measuredAt < one.from) one.from = measuredAt
    if (measuredAt >= one.until) one.until = measuredAt + 1
  }
  return [...found.values()]
}

/** Any import may have brought what goes to a public site now. */
export function importedWith({ log, sites }: GivenOut, { siteId, from, until }: Move): ImportedStretch[] {
  if (!sites.has(siteId)) return []
  const { from: first, until: last } = whole('moved', siteId, from ?? -Infinity, until ?? Infinity)
  return log.imports().map((importId) => ({ importId, siteId, quantity: null, from: first, until: last }))
}

/** Of an import of before there was a log nobody knows where it reached. */
export function importedStretches({ log, sites }: GivenOut, importId: number): Stretch[] {
  const known = log.imported(importId)
  if (known.length === 0) return [...sites.keys()].map((siteId) => whole('withdrawn', siteId))
  return known
    .filter(({ siteId }) => siteId !== '')
    .flatMap(({ siteId, quantity, from, until }) =>
      withCorrected({ kind: 'withdrawn', siteId, quantity, from, until })
    )
}

// Corrections, moves and what is no longer there. ---------------------------------------------------------------

export async function changedCorrections(
  known: GivenOut,
  rows: readonly CorrectionRow[]
): Promise<Stretch[]> {
  const text = known.log.meta('corrections')
  const before = (text === undefined ? [] : JSON.parse(text)) as CorrectionRow[]
  const same = new Set(before.map((row) => JSON.stringify(row)))
  const kept = new Set(rows.map((row) => JSON.stringify(row)))
  const changed = [
    ...rows.filter((row) => !same.has(JSON.stringify(row))),
    ...before.filter((row) => !kept.has(JSON.stringify(row)))
  ]
  if (changed.length === 0) return []
  const series = await publicSeries(known)
  return changed.flatMap((row) =>
    series
      .filter(({ deviceId, quantity }) => deviceId === row.deviceId && quantity === row.quantity)
      .filter(({ siteId }) => row.siteId === null || siteId === row.siteId)
      .map(({ siteId }) => ({
        kind: 'corrected' as const,
        siteId,
        quantity: correctedOf(row.quantity),
        from: row.from ?? -Infinity,
        until: row.until ?? Infinity
      }))
  )
}

export async function movedStretches(
  known: GivenOut,
  { deviceId, siteId, from, until }: Move
): Promise<Stretch[]> {
  const period = [from ?? -Infinity, until ?? Infinity] as const
  const range = { from: from ?? (0 as UnixMs), until: until ?? (8.64e15 as UnixMs) }
  const leaving: ExportSeries[] = []
  for (const series of await publicSeries(known)) {
    if (series.deviceId !== deviceId || series.siteId === siteId) continue
    const { siteId: left, quantity } = series
    if ((await known.store.count({ siteId: left, quantity, ...range }, 1)) > 0) leaving.push(series)
  }
  const left = new Set(leaving.map((series) => series.siteId))
  // Readings that go where nobody may see them are gone for everybody: by street and day, as an erasure.
  const isGoingPrivate = !known.sites.has(siteId)
  return [
    ...[...left].map((one) =>
      isGoingPrivate ? ofStreet(known.sites.get(one)!, ...period) : whole('moved', one, ...period)
    ),
    whole('moved', siteId, ...period)
  ]
}

export async function erased(known: GivenOut, siteIds: readonly string[]): Promise<Stretch[]> {
  const stretches: Stretch[] = []
  for (const siteId of siteIds) {
    const streetId = known.sites.get(siteId)
    const days = streetId === undefined ? null : await reachOf(known, siteId)
    if (streetId !== undefined && days) stretches.push(ofStreet(streetId, ...days))
  }
  return stretches
}

export function ofStreet(streetId: string, from: number, until: number): Stretch {
  return { kind: 'erased', siteId: '', streetId, quantity: null, from, until }
}

export function whole(kind: Stretch['kind'], siteId: string, from = -Infinity, until = Infinity): Stretch {
  return { kind, siteId, quantity: null, from, until }
}

/** Whole days from its first reading to its last; all time while the store cannot say. */
export async function reachOf({ store, days }: GivenOut, siteId: string): Promise<[number, number] | null> {
  let [low, high] = [Infinity, -Infinity]
  try {
    for (const quantity of quantityNames) {
      const reach = await store.reach(siteId, quantity)
      if (!reach) continue
      low = Math.min(low, reach.from)
      high = Math.max(high, reach.until - 1)
    }
  } catch (cause) {
    if (!(cause instanceof StoreUnavailable)) throw cause
    return [-Infinity, Infinity] // A day too many is read again; one too few would never be.
  }
  return low > high ? null : [days(low)[0], days(high)[1]]
}

/** Every site, device and quantity of which readings are public. */
async function publicSeries({ store, sites }: GivenOut): Promise<ExportSeries[]> {
  const siteIds = [...sites.keys()]
  if (siteIds.length === 0) return []
  const query = { siteIds, from: 0 as UnixMs, until: 8.64e15 as UnixMs }
  for await (const part of store.export(query)) if (part.kind === 'head') return part.series
  return []
}
