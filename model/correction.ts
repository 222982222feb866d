/** A correction as it is kept: one formula of the closed set of science/correction.ts, for one box and a period. */
import type { CorrectableQuantity } from './quantity.ts'
import type { UnixMs } from './time.ts'

export const formulaNames = ['kappaKohler', 'barkjohn2021', 'fasm2021', 'cf1Quadratic', 'linear'] as const

export type FormulaName = (typeof formulaNames)[number]

/** plantower: PMS5003 and PMS7003 (PurpleAir, AirGradient); opc: any other optical counter whose inlet is not heated. */
export const correctedSensors = ['plantower', 'sds011', 'sps30', 'opc', 'other'] as const

export type CorrectedSensor = (typeof correctedSensors)[number]

/**
 * Which of its numbers a Plantower sent. cf_1 and cf_atm are the same below about 20 to 30 µg/m³ and differ 3 : 2 above
 * 100, so one cannot stand for the other. Other sensors send one number: `only`.
 */
export const correctedSignals = ['only', 'cf_1', 'cf_atm'] as const

export type CorrectedSignal = (typeof correctedSignals)[number]

export interface CorrectionRow {
  correctionId: string
  /** Grows with each change of the row. */
  version: number
  deviceId: string
  /** Only while the device is installed there; null: wherever it is installed. */
  siteId: string | null
  quantity: CorrectableQuantity
  formula: FormulaName
  /** The formula's own version: another one may give other values. */
  formulaVersion: number
  /** What the place brings to the formula: κ, or slope and intercept. */
  coefficients: Readonly<Record<string, number>>
  sensor: CorrectedSensor
  signal: CorrectedSignal
  /** By the time measured; null reaches without limit. */
  from: UnixMs | null
  until: UnixMs | null
}

export function correctionHoldsAt(
  { from, until }: Pick<CorrectionRow, 'from' | 'until'>,
  at: UnixMs
): boolean {
  return (from === null || from <= at) && (until === null || at < until)
}

/** Do the two meet at one time? Half-open, null without limit. */
export function periodsOverlap(
  a: Pick<CorrectionRow, 'from' | 'until'>,
  b: Pick<CorrectionRow, 'from' | 'until'>
): boolean {
  return (
    (a.from === null || b.until === null || a.from < b.until) &&
    (b.from === null || a.until === null || b.from < a.until)
  )
}

/** The last that holds somewhere in [from, until); rows come oldest first. */
export function lastHolding<R extends Pick<CorrectionRow, 'from' | 'until'>>(
  rows: readonly R[],
  from: UnixMs,
  until: UnixMs
): R | undefined {
  return rows.findLast((row) => (row.from ?? -Infinity) < until && from < (row.until ?? Infinity))
}
