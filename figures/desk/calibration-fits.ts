/**
 * Boxes on one rail beside a reference: how each followed it, as a line through the moments that both measured. What comes of it
 * is a correction (raw − intercept) / slope, of raw values alone.
 */
import type { CalibrationFit } from '../../contract/desk/calibrations.ts'
import type { TimeRange } from '../../model/columns.ts'
import { deploymentAt } from '../../model/place.ts'
import { clockHours, type Clock, type UnixMs } from '../../model/time.ts'
import { maySeeSite } from '../../model/visibility.ts'
import type { CalibrationRecord } from '../../registry/promise/calibrations.ts'
import type { Registry } from '../../registry/registry.ts'
import { collocation, type Collocation } from '../../science/collocation.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import {
  calibrationBinMs,
  calibrationFineMsMax,
  calibrationFineIntervalS,
  calibrationPairsMin,
  calibrationR2Min,
  calibrationShownMax,
  silentMsOf
} from '../limits.ts'
import { validHours, type Hours } from '../period/hours.ts'
import { rounded } from '../unit.ts'

export interface CalibrationDeps {
  registry: Pick<Registry, 'device' | 'devices' | 'deployments' | 'site'>
  readings: Pick<ReadingReader, 'raw' | 'means' | 'latest'>
  clock: Clock
  timezone: string
}

export interface CalibrationFits {
  fits: CalibrationFit[]
  /** Where the reference's readings end although the calibration went on; null where they do not. */
  referenceEndedAt: UnixMs | null
}

export async function calibrationFits(
  deps: CalibrationDeps,
  calibration: CalibrationRecord
): Promise<CalibrationFits> {
  const { quantity, referenceSiteId, from, until, boxes } = calibration
  const range = { from, until: until ?? deps.clock.now() }
  if (range.until <= range.from)
    return { fits: boxes.map(({ deviceId }) => noFit(deps, deviceId, 'silent')), referenceEndedAt: null }
  const isFine = isFineReference(deps, referenceSiteId, range)
  const valuesOf = async (siteId: string): Promise<Hours> => {
    const site = deps.registry.site(siteId)
    // A picture of the pairs shows stewards single values: of a place that is private, or became so, there are none.
    if (!site || !maySeeSite('public', site)) return new Map()
    return isFine ? fineMeans(deps, siteId, quantity, range) : hourMeans(deps, siteId, quantity, range)
  }
  const reference = await valuesOf(referenceSiteId)
  const fits: CalibrationFit[] = []
  for (const box of boxes) {
    const siteId = siteOf(deps, box.deviceId, range)
    const own = siteId === undefined ? new Map<UnixMs, number>() : await valuesOf(siteId)
    fits.push({
      ...fitOf(deps, box.deviceId, reference, own),
      siteId: siteId ?? null,
      correctionId: box.correctionId
    })
  }
  return { fits, referenceEndedAt: endOf(deps, referenceSiteId, reference, range) }
}

/** Where the box was for most of the time: a box may have come to the rail from its own street. */
function siteOf(
  { registry }: CalibrationDeps,
  deviceId: string,
  { from, until }: TimeRange
): string | undefined {
  const deployments = registry.deployments(deviceId)
  const middle = ((from + until) / 2) as UnixMs
  return (deploymentAt(deployments, middle) ?? deployments.at(-1))?.siteId
}

/** Five-minute means need a reference that gives some; stations that give hours are compared by hours, and long ones too. */
function isFineReference({ registry }: CalibrationDeps, siteId: string, { from, until }: TimeRange): boolean {
  if (until - from > calibrationFineMsMax) return false
  const deviceId = registry.deployments().findLast((one) => one.siteId === siteId)?.deviceId
  const intervalS = deviceId === undefined ? null : (registry.device(deviceId)?.intervalS ?? null)
  return intervalS !== null && intervalS <= calibrationFineIntervalS
}

async function fineMeans(
  { readings }: CalibrationDeps,
  siteId: string,
  quantity: CalibrationRecord['quantity'],
  range: TimeRange
): Promise<Hours> {
  const { time, value, flag } = await readings.raw({ siteId, quantity, ...range })
  const sums = new Map<UnixMs, { sum: number; count: number }>()
  time.forEach((at, i) => {
    if (flag[i] === 4) return
    const bin = (Math.floor(at / calibrationBinMs) * calibrationBinMs) as UnixMs
    const { sum, count } = sums.get(bin) ?? { sum: 0, count: 0 }
    sums.set(bin, { sum: sum + value[i]!, count: count + 1 })
  })
  return new Map([...sums].map(([bin, { sum, count }]) => [bin, sum / count]))
}

async function hourMeans(
  { readings, timezone }: CalibrationDeps,
  siteId: string,
  quantity: CalibrationRecord['quantity'],
  { from, until }: TimeRange
): Promise<Hours> {
  const clock = clockHours(timezone)
  const whole = await readings.means({
    siteIds: [siteId],
    quantities: [quantity],
    window: 'hour',
    from: clock.hourStart(from),
    until
  })
  // An hour that began before the boxes were side by side was not theirs.
  return new Map([...validHours(whole[0])].filter(([hour]) => hour >= from && clock.hourEnd(hour) <= until))
}

function fitOf(deps: CalibrationDeps, deviceId: string, reference: Hours, own: Hours): CalibrationFit {
  if (own.size === 0) return noFit(deps, deviceId, 'silent')
  const times = [...own.keys()].filter((time) => reference.has(time)).toSorted((a, b) => a - b)
  const pairs = times.map((time): [number, number] => [reference.get(time)!, own.get(time)!])
  const found = collocation(
    pairs.map(([theirs]) => theirs),
    pairs.map(([, ours]) => ours)
  )
  return {
    ...noFit(deps, deviceId, verdictOf(found)),
    n: pairs.length,
    slope: rounded(found?.slope ?? null),
    intercept: rounded(found?.intercept ?? null),
    r2: rounded(found?.r2 ?? null),
    rmse: rounded(found?.rmse ?? null),
    mbe: rounded(found?.mbe ?? null),
    pairs: thinned(pairs)
  }
}

function verdictOf(found: Collocation | null): CalibrationFit['verdict'] {
  if (!found || found.n < calibrationPairsMin) return 'tooFew'
  const { slope, r2 } = found
  return slope !== null && slope > 0 && r2 !== null && r2 >= calibrationR2Min ? 'fit' : 'poor'
}

function noFit(
  { registry }: CalibrationDeps,
  deviceId: string,
  verdict: CalibrationFit['verdict']
): CalibrationFit {
  return {
    deviceId,
    siteId: null,
    name: registry.device(deviceId)?.name || deviceId,
    verdict,
    n: 0,
    slope: null,
    intercept: null,
    r2: null,
    rmse: null,
    mbe: null,
    pairs: [],
    correctionId: null
  }
}

/** As many points as a picture on a phone can show, taken evenly. */
function thinned(pairs: [number, number][]): [number, number][] {
  const step = Math.max(1, Math.ceil(pairs.length / calibrationShownMax))
  return pairs
    .filter((_pair, i) => i % step === 0)
    .map(([theirs, ours]) => [rounded(theirs) ?? 0, rounded(ours) ?? 0])
}

/** A reference whose last value is long before the end was switched off or taken away. */
function endOf(
  { registry }: CalibrationDeps,
  siteId: string,
  reference: Hours,
  { until }: TimeRange
): UnixMs | null {
  const last = Math.max(-Infinity, ...reference.keys())
  if (last === -Infinity) return null
  const deviceId = registry.deployments().findLast((one) => one.siteId === siteId)?.deviceId
  const silentMs = silentMsOf(deviceId === undefined ? null : registry.device(deviceId)?.intervalS)
  return until - last > Math.max(silentMs, 2 * calibrationBinMs) + calibrationBinMs ? (last as UnixMs) : null
}
