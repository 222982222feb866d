/**
 * The look back: judges readings again once those around them are known. Pure, and a function of the raw values alone, so
 * that the flags come out the same whatever order the readings came in and however often they are judged.
 */
import { worstFlag, type Flag, type Reasons } from '../model/flag.ts'
import type { Quantity } from '../model/quantity.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { hourMs, type UnixMs } from '../model/time.ts'
import { familyOf } from '../science/family-limits.ts'
import {
  attenuatedReadingsMin,
  lookBackReachMs,
  neighbourGapMs,
  orders,
  seriesLimits
} from '../science/look-back-limits.ts'
import { pinnedReachMs } from '../science/pinned-humidity.ts'
import {
  attenuatedFlag,
  neighbourFlag,
  neighbourZ,
  rateOfChangeFlags,
  spikeFlags
} from '../science/series-quality.ts'
import type { ExaminedBlock, ExaminedSeries, LookBackRules, Verdict } from '../store/promise/examine.ts'
import { keepWhatLeadsThere } from './look-back-gradual.ts'
import { markPinned, type HumidityBox } from './look-back-humidity.ts'
import { hoursOf, lastedMs, markHour, nearHours, runsOf } from './look-back-runs.ts'
import { failing, ours, own, ratified, workOf, type Work } from './look-back-work.ts'

export interface LookBackPlaces {
  isOutdoor(siteId: string): boolean
  neighboursOf(siteId: string): readonly string[]
  /** What a box holds, where somebody said so. */
  sensorsOf(deviceId: string): readonly SensorFamily[]
}

/** Beyond a test's own reach one hour for each end of it, so that hours cut at either end do not matter. */
const reachMs = lookBackReachMs + hourMs
const humidityReachMs = pinnedReachMs + 2 * hourMs

function reachOf(quantity: Quantity): number {
  return quantity === 'humidity' ? humidityReachMs : reachMs
}

export function lookBackRules(places: LookBackPlaces): LookBackRules {
  return {
    reachMs: reachOf,
    // A run that reaches a judged reading may begin a whole reach before it; a humidity is judged by the temperature beside it.
    contextMs: (quantity) => (quantity === 'temperature' ? 2 * humidityReachMs - reachMs : reachOf(quantity)),
    ours,
    failing,
    hasNeighbours: (quantity) => seriesLimits[quantity]?.neighbourSpreadMin !== undefined,
    neighboursOf: (siteId) => places.neighboursOf(siteId),
    judge: (block) => judgeBlock(block, places)
  }
}

/** The readings whose flag or reasons must change. What somebody else has quality-assured is context, never changed. */
export function judgeBlock(block: ExaminedBlock, places: LookBackPlaces): Verdict[] {
  const works = block.series.map(workOf)
  for (const box of boxesOf(works)) keepWhatLeadsThere(box)
  for (const box of humidityBoxesOf(works, places)) markPinned(box)
  for (const work of works) {
    markStuck(work)
    markJumps(work)
    if (places.isOutdoor(work.series.siteId)) {
      markAttenuated(work)
      markApart(work, block, places.neighboursOf(work.series.siteId))
    }
  }
  markContradictions(works)
  return works.flatMap(verdicts)
}

/** What one box measured at one site. */
function boxesOf(works: readonly Work[]): Work[][] {
  return [...Map.groupBy(works, ({ series }) => `${series.siteId} ${series.deviceId}`).values()]
}

function humidityBoxesOf(works: readonly Work[], places: LookBackPlaces): HumidityBox[] {
  return boxesOf(works).flatMap((box) => {
    const of = (quantity: Quantity): Work | undefined =>
      box.find(({ series }) => series.quantity === quantity)
    const humidity = of('humidity')
    if (!humidity) return []
    const { siteId, deviceId } = humidity.series
    const family = familyOf(places.sensorsOf(deviceId), 'humidity')
    return [{ humidity, temperature: of('temperature'), isOutdoor: places.isOutdoor(siteId), family }]
  })
}

function markStuck(work: Work): void {
  const { stuck } = work.limits
  if (!stuck) return
  const { above, forMs, gapMs, fails, sure } = stuck
  const belongs = (value: number, first: number): boolean => value >= above && value === first
  for (const run of runsOf(work, { belongs, forMs, gapMs })) {
    for (const { hour, near } of nearHours(hoursOf(work, run), lookBackReachMs)) {
      if (lastedMs(near) < forMs) continue
      const value = hour.lowest
      const readings = near.reduce((count, { first, after }) => count + after - first, 0)
      const isSure = readings >= sure.readings && (!Number.isInteger(value) || value >= sure.wholeFrom)
      markHour(work, hour, own.stuck, isSure && value >= fails.from && value < fails.until)
    }
  }
}

/** Spikes and steps between readings that follow each other closely; a gap stands between others. */
function markJumps({ series: { time, value }, limits, good, found }: Work): void {
  const { spike, ratePerS } = limits
  if (spike === undefined || good.length < 2) return
  const places: number[] = []
  good.forEach((place, k) => {
    if (k > 0 && time[place]! - time[good[k - 1]!]! > neighbourGapMs) places.push(-1)
    places.push(place)
  })
  const values = places.map((place) => (place < 0 ? null : value[place]!))
  const step = (k: number, other: number): number => Math.abs(values[k]! - values[other]!)
  spikeFlags(values, { suspect: spike }).forEach((flag, k) => {
    // The test doubts the two beside a spike as well; the odd one is far from both.
    if (flag === 3 && step(k, k - 1) > spike && step(k, k + 1) > spike) found[places[k]!]! |= own.spike
  })
  if (ratePerS === undefined) return
  const timesS = places.map((place) => (place < 0 ? 0 : time[place]! / 1_000))
  rateOfChangeFlags(values, timesS, { suspect: ratePerS }).forEach((flag, k) => {
    if (flag === 3 && step(k, k - 1) > spike) found[places[k]!]! |= own.rateOfChange
  })
}

/** Six hours of the clock (UTC) at a time: a membrane that is clogged, a lid left on. */
function markAttenuated({ series: { time, value }, limits, good, found }: Work): void {
  const { attenuatedOutdoors } = limits
  if (attenuatedOutdoors === undefined) return
  for (let first = 0, after = 0; first < good.length; first = after) {
    const blockOf = (place: number): number => Math.floor(time[place]! / lookBackReachMs)
    const block = blockOf(good[first]!)
    for (after = first; after < good.length && blockOf(good[after]!) === block;) after++
    if (after - first < attenuatedReadingsMin) continue
    const places = good.slice(first, after)
    const flag = attenuatedFlag(
      places.map((place) => value[place]!),
      { suspect: attenuatedOutdoors }
    )
    // Doubted as one that hardly changes; only what is the same to the last digit for hours fails as stuck.
    if (flag === 3) for (const place of places) found[place]! |= own.stuck
  }
}

/** The site's middle of an hour against those of its neighbours. A bonfire is real, so this doubts and never fails. */
function markApart(
  { series: { siteId, quantity, time }, limits, good, found }: Work,
  block: ExaminedBlock,
  neighbours: readonly string[]
): void {
  const { neighbourSpreadMin } = limits
  if (neighbourSpreadMin === undefined || neighbours.length === 0) return
  let hour = NaN
  let isApart = false
  for (const place of good) {
    const itsHour = block.hourStart(time[place]!)
    if (itsHour !== hour) {
      hour = itsHour
      isApart = isFarFrom(block, { siteId, quantity, hour: hour as UnixMs }, neighbours, neighbourSpreadMin)
    }
    if (isApart) found[place]! |= own.neighbours
  }
}

function isFarFrom(
  block: ExaminedBlock,
  { siteId, quantity, hour }: Pick<ExaminedSeries, 'siteId' | 'quantity'> & { hour: UnixMs },
  neighbours: readonly string[],
  spreadMin: number
): boolean {
  const mine = block.middleOf(siteId, quantity, hour)
  if (mine === undefined) return false
  const others = neighbours.flatMap((other) => block.middleOf(other, quantity, hour) ?? [])
  const { flag, z } = neighbourFlag(mine, others)
  if ((flag !== 3 && flag !== 4) || z === null) return false
  // Neighbours that agree to a hair would make a stranger of everybody: their spread counts as `spreadMin` at least.
  const middle = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)]!
  return Math.abs(mine - middle) > neighbourZ.suspect * spreadMin
}

function markContradictions(works: readonly Work[]): void {
  for (const box of boxesOf(works)) {
    const of = new Map(box.map((work) => [work.series.quantity, work]))
    for (const { lower, upper, tolerance } of orders) {
      const [low, high] = [of.get(lower), of.get(upper)]
      if (low && high) markOrder(low, high, tolerance)
    }
  }
}

function markOrder(low: Work, high: Work, tolerance: number): void {
  for (let i = 0, k = 0; i < low.good.length && k < high.good.length;) {
    const [a, b] = [low.good[i]!, high.good[k]!]
    const apart = low.series.time[a]! - high.series.time[b]!
    if (apart === 0 && low.series.value[a]! > high.series.value[b]! + tolerance) {
      low.found[a]! |= own.inconsistent
      high.found[b]! |= own.inconsistent
    }
    if (apart <= 0) i++
    if (apart >= 0) k++
  }
}

function* judgedIndexes({ time, judged: { from, until } }: ExaminedSeries): Generator<number> {
  for (let i = 0; i < time.length; i++) if (time[i]! >= from && time[i]! < until) yield i
}

function verdicts({ series, baseFlag, baseReasons, found, failed }: Work, index: number): Verdict[] {
  const changed: Verdict[] = []
  for (const place of judgedIndexes(series)) {
    if ((series.reasons[place]! & ratified) !== 0) continue
    const reasons = baseReasons[place]! | found[place]!
    const flag = worstFlag(baseFlag[place]!, flagOf(found[place]!, failed[place]!))
    if (flag === series.flag[place] && reasons === series.reasons[place]) continue
    changed.push({ series: index, place, flag, reasons })
  }
  return changed
}

function flagOf(found: Reasons, failed: boolean): Flag {
  if (failed) return 4
  return found === 0 ? 2 : 3
}
