/** Regular time axes for charts: every hour or civil day that the period touches is there, and a gap is null, not absent. */
import { figureDecimals, finiteToDecimals } from '../model/decimals.ts'
import type { TimeRange, Window } from '../model/columns.ts'
import { chartPointsMax, seriesPointsMax } from '../model/limits.ts'
import { clockHours, dayMs, dayStarts, hourMs, type UnixMs } from '../model/time.ts'
import { FiguresRefusal } from './refusal.ts'

/** Starts of the hours or civil days of the hub's clock that touch the period, oldest first. */
export function windowStarts(range: TimeRange, window: Window, timezone: string): UnixMs[] {
  refuseTooMany(range, window)
  if (window === 'day') return dayStarts(range.from, range.until, timezone)
  return clockHours(timezone).hourStarts(range.from, range.until)
}

/** Hours while a chart can draw them, days beyond. */
export function chartWindow(range: TimeRange): Window {
  return (range.until - range.from) / hourMs <= chartPointsMax ? 'hour' : 'day'
}

function refuseTooMany(range: TimeRange, window: Window): void {
  const points = (range.until - range.from) / (window === 'hour' ? hourMs : dayMs)
  if (points <= seriesPointsMax) return
  throw new FiguresRefusal(
    'tooManyPoints',
    `The answer would have more than ${seriesPointsMax} points. Ask for days, or for a shorter period.`
  )
}

/** Where each window of the grid stands in `time`; undefined where there is none. */
export function positionsOnGrid(grid: readonly UnixMs[], time: readonly UnixMs[]): (number | undefined)[] {
  const index = new Map(time.map((at, i) => [at, i]))
  return grid.map((at) => index.get(at))
}

/** A column laid on the grid: null in gaps, values without float noise. */
export function onGrid(
  positions: readonly (number | undefined)[],
  column: readonly (number | null)[]
): (number | null)[] {
  return positions.map((i) => (i === undefined ? null : finiteToDecimals(column[i] ?? null, figureDecimals)))
}

/** A column of counts laid on the grid: 0 in gaps. */
export function countsOnGrid(
  positions: readonly (number | undefined)[],
  column: readonly number[]
): number[] {
  return positions.map((i) => (i === undefined ? 0 : (column[i] ?? 0)))
}
