/**
 * Limits and guidelines as dated data: from when until when each holds, over what it is averaged and what may exceed it.
 * A reading is judged by what held at its own time. None of it decides on a sensor's street: it is "indicative".
 */
import { airLaws } from './air-laws.ts'
import { civilDay, heldAt, limitedAir, limitSets, type Limit, type LimitQuantity } from './limit.ts'
import { whoAirLimits, whoNoiseLimits } from './who-limits.ts'
import type { UnixMs } from '../model/time.ts'

export { civilDay, holdsOn, isAbove } from './limit.ts'
export { limitedAir, limitSets }
export type { Averaging, Limit, LimitQuantity, LimitSet, Part, PercentileBy, Rule } from './limit.ts'

/** Every limit that this project knows, each with its dates; the page of methods shows them all. */
export const limits: readonly Limit[] = [...whoAirLimits, ...airLaws, ...whoNoiseLimits]

/** Limits of a quantity that held on the civil day of `at` in `timezone`. */
export function limitsAt(quantity: LimitQuantity, at: UnixMs, timezone = 'UTC'): Limit[] {
  return heldAt(limits, quantity, at, timezone)
}

/** Limits of a quantity that are decided and not yet in force. */
export function limitsAhead(quantity: LimitQuantity, at: UnixMs, timezone = 'UTC'): Limit[] {
  const day = civilDay(at, timezone)
  return limits.filter((limit) => limit.quantity === quantity && day < limit.from)
}

export function limitById(id: string): Limit | undefined {
  return limits.find((limit) => limit.id === id)
}
