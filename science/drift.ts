/** Does a sensor drift away from its neighbours? The rolling slope of what is between them. */
import type { About } from './about.ts'
import type { Interval } from './resample.ts'
import { median } from './street.ts'
import { senInterval, theilSen } from './theil-sen.ts'
import { coverageMin } from '../model/limits.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  drift: {
    title: 'Drift of a sensor',
    formula: 'Theil–Sen slope of (sensor − middle of its neighbours) · 30 days',
    range: 'told above 20 % of the neighbours or 5 µg/m³, where the 95 % interval leaves out zero',
    source: 'Sen 1968 (slope and interval); the thresholds are a convention of this project',
    version: 1
  }
} as const satisfies Record<string, About>

export const driftDays = 30
/** Of the neighbours' middle over the window, and in the quantity's unit: 20 % or 5 µg/m³. */
export const driftShare = 0.2
export const driftAbsoluteDefault = 5

export interface DriftWindow {
  /** Places of the days, first inclusive and last inclusive. */
  first: number
  last: number
  /** How far the difference moved in the window: slope × 30 days, with its 95 % interval (Sen). */
  shift: number
  interval: Interval
  /** Days on which both were there. */
  days: number
  drifting: boolean
}

/**
 * Theil–Sen of (sensor − middle of its neighbours) over each 30 days, one window a day. It drifts where the shift is more
 * than 20 % of the neighbours' middle or more than `absolute`, and the interval leaves out zero. null for a window in
 * which fewer than three quarters of the days have both. Daily means, in the same order; a convention of this project.
 * After a move or a mended sensor a new series begins.
 */
export function driftWindows(
  sensor: readonly (number | null)[],
  neighbours: readonly (number | null)[],
  absolute = driftAbsoluteDefault
): (DriftWindow | null)[] {
  if (sensor.length !== neighbours.length)
    throw new RangeError('Each day of the sensor needs its neighbours.')
  const windows = Math.max(0, sensor.length - driftDays + 1)
  return Array.from({ length: windows }, (_, first) => driftWindow(sensor, neighbours, first, absolute))
}

function driftWindow(
  sensor: readonly (number | null)[],
  neighbours: readonly (number | null)[],
  first: number,
  absolute: number
): DriftWindow | null {
  const [x, y, level]: [number[], number[], number[]] = [[], [], []]
  for (let day = first; day < first + driftDays; day++) {
    const [own, other] = [sensor[day], neighbours[day]]
    if (!isKnown(own) || !isKnown(other)) continue
    x.push(day)
    y.push(own - other)
    level.push(other)
  }
  const line = x.length < driftDays * coverageMin ? null : theilSen(x, y)
  const slopes = line === null ? null : senInterval(x, y)
  if (line === null || slopes === null) return null
  const shift = line.slope * driftDays
  const interval: Interval = [slopes[0] * driftDays, slopes[1] * driftDays]
  const isFar = Math.abs(shift) > absolute || Math.abs(shift) > driftShare * Math.abs(median(level)!)
  return {
    first,
    last: first + driftDays - 1,
    shift,
    interval,
    days: x.length,
    drifting: isFar && (interval[0] > 0 || interval[1] < 0)
  }
}
