/**
 * Limits and guidelines as dated data: from when until when each holds, over what it is averaged and what may exceed it.
 * A reading is judged by what held at its own time. None of it decides on a sensor's street: it is "indicative".
 */
import { roundHalfUp } from './air.ts'
import { airLimits } from './air-limits.ts'
import { toCanonical } from './convert.ts'
import { limitedAir, limitSets, type Limit, type LimitQuantity } from './limit.ts'
import { noiseLimits } from './noise-limits.ts'
import { isKnown } from '../model/known.ts'
import { civilTime, type UnixMs } from '../model/time.ts'

export { limitedAir, limitSets }
export type { Averaging, Limit, LimitQuantity, LimitSet, Part, PercentileBy, Rule } from './limit.ts'

/** Every limit that this project knows, each with its dates; the page of methods shows them all. */
export const limits: readonly Limit[] = [...airLimits, ...noiseLimits]

/** Limits of a quantity that held on the civil day of `at` in `timezone`. */
export function limitsAt(quantity: LimitQuantity, at: UnixMs, timezone = 'UTC'): Limit[] {
  const day = civilDay(at, timezone)
  return limits.filter((limit) => limit.quantity === quantity && holdsOn(limit, day))
}

/** Limits of a quantity that are decided and not yet in force. */
export function limitsAhead(quantity: LimitQuantity, at: UnixMs, timezone = 'UTC'): Limit[] {
  const day = civilDay(at, timezone)
  return limits.filter((limit) => limit.quantity === quantity && day < limit.from)
}

export function limitById(id: string): Limit | undefined {
  return limits.find((limit) => limit.id === id)
}

export function holdsOn({ from, until }: Limit, day: string): boolean {
  return from <= day && (until === null || day < until)
}

/** "2026-11-23": the civil day of a moment. */
export function civilDay(at: UnixMs, timezone: string): string {
  const { year, month, day } = civilTime(at, timezone)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** The value in the unit that readings are stored in: a limit in ppb goes the way that ppb readings went. */
export function limitValue({ quantity, value, unit }: Limit): number {
  if (quantity === 'lden' || quantity === 'lnight' || quantity === 'laeq24h') return value
  const canonical = toCanonical(quantity, value, unit)
  if (!canonical.ok) throw new RangeError(canonical.refusal)
  return canonical.value
}

/**
 * Is a figure, in the unit of the readings, above the limit once both are written as the document prescribes? Where no rule
 * of rounding was seen every digit counts, but for what binary fractions add to a sum.
 */
export function isAbove(limit: Limit, figure: number): boolean {
  if (!isKnown(figure)) throw new RangeError('What is no number is neither above a limit nor below.')
  const { value, roundedTo } = limit
  const inUnit = (figure * value) / limitValue(limit)
  const compared = roundedTo === null ? inUnit : roundHalfUp(inUnit / roundedTo) * roundedTo
  return compared > value * (1 + 1e-9)
}
