/** Guidelines that may stand beside a figure, each only beside values averaged over the time the guideline is about. */
import { rawOf, type Quantity } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { heldAt, type Limit } from '../science/limit.ts'
import { whoLimits } from '../science/who-limits.ts'
import { numberText, withUnit } from './format.ts'
import type { TextContext } from './words.ts'

export type ChartWindow = 'raw' | 'hour' | 'day' | 'night'

export interface Guideline {
  value: number
  label: string
  /** For a narrow chart; that of a guideline unless given. */
  short?: string
}

/** WHO's Lnight of road traffic in force at `at`: one night may be compared with it, though it is meant for a year's average. */
export function nightGuideline(at: number, zone: string): Limit {
  const limit = heldAt(whoLimits, 'lnight', at as UnixMs, zone).find(({ set }) => set === 'who-noise-2018')
  // Readings older than the guideline are compared with it all the same: there was none for road traffic before.
  return limit ?? whoLimits.find(({ id }) => id === 'who-noise-2018/lnight/year')!
}

/** WHO's limit for the mean of a day that held on the civil day of `at`; O₃ has one for 8 hours only. */
export function dayGuideline(quantity: Quantity, at: number, zone: string): Limit | undefined {
  return airGuideline(quantity, 'day', at, zone)
}

export function yearGuideline(quantity: Quantity, at: number, zone: string): Limit | undefined {
  return airGuideline(quantity, 'year', at, zone)
}

function airGuideline(
  quantity: Quantity,
  averaging: Limit['averaging'],
  at: number,
  zone: string
): Limit | undefined {
  const raw = rawOf(quantity)
  if (raw !== 'pm2_5' && raw !== 'pm10' && raw !== 'no2') return undefined
  return heldAt(whoLimits, raw, at as UnixMs, zone).find(
    (limit) => limit.set === 'who-2021' && limit.averaging === averaging
  )
}

/** The guideline that a chart of these windows may draw: the one in force now. */
export function guidelineFor(
  { words, zone, now }: TextContext<'common' | 'street'>,
  quantity: Quantity,
  window: ChartWindow
): Guideline | undefined {
  const say = words.street.guidelines
  if (window === 'day') {
    const limit = dayGuideline(quantity, now, zone)
    if (!limit) return undefined
    const value = limit.stored
    return { value, label: say.day(withUnit(words, numberText(words, value, 0), limit.unit)) }
  }
  if (window === 'night' && quantity === 'laeq') {
    const { value, unit } = nightGuideline(now, zone)
    return { value, label: say.night(withUnit(words, numberText(words, value, 0), unit)) }
  }
  return undefined
}
