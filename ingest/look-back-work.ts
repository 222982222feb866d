/** One series under a look back: what each reading was before any, and what this one finds. */
import { reasonBits, type Flag, type Reasons } from '../model/flag.ts'
import { isMeasured, quantities, type Quantity } from '../model/quantity.ts'
import { endsOfScale } from '../science/course.ts'
import { seriesLimits, type SeriesLimits } from '../science/look-back-limits.ts'
import { grossRange } from '../science/quality.ts'
import type { ExaminedSeries } from '../store/promise/examine.ts'

/** Reasons that looking back gives and takes away again. */
export const own = {
  stuck: reasonBits('stuck'),
  spike: reasonBits('spike'),
  rateOfChange: reasonBits('rateOfChange'),
  inconsistent: reasonBits('inconsistent'),
  neighbours: reasonBits('neighbours')
}
export const ours = Object.values(own).reduce((bits, bit) => bits | bit, 0)

export const ratified = reasonBits('ratified')
/** Reasons that fail a reading on the way in. */
export const failing = reasonBits('outOfRange', 'sentinel', 'saturated')
const outOfRange = reasonBits('outOfRange')
const saturated = reasonBits('saturated')
const sentinel = reasonBits('sentinel')
/** Reasons that doubt a reading on the way in, without failing it. */
const doubting = reasonBits('unusual', 'aboveSaturation', 'doubted', 'channelsDisagree')
const unusual = reasonBits('unusual')

export interface Work {
  series: ExaminedSeries
  limits: SeriesLimits
  baseFlag: Flag[]
  baseReasons: Reasons[]
  found: Reasons[]
  /** What was found does not only doubt. */
  failed: boolean[]
  /** Indexes of readings that did not fail on the way in: only these are looked at. */
  good: number[]
}

export function workOf(series: ExaminedSeries): Work {
  const work: Work = {
    series,
    limits: seriesLimits[series.quantity] ?? {},
    baseFlag: [],
    baseReasons: [],
    found: [],
    failed: [],
    good: []
  }
  for (let i = 0; i < series.time.length; i++) {
    const { flag, reasons } = before(series, i)
    work.baseFlag.push(flag)
    work.baseReasons.push(reasons)
    work.found.push(0)
    work.failed.push(false)
    if (flag !== 4) work.good.push(i)
  }
  return work
}

/**
 * What a reading was on the way in. `stuck` is ours to give and to take, except where a humidity was doubted on the way in
 * for its sensor's sake: that one is `unusual` as well, though it lies within what is usual.
 */
function before(series: ExaminedSeries, index: number): { flag: Flag; reasons: Reasons } {
  const [flag, reasons, value] = [series.flag[index]!, series.reasons[index]!, series.value[index]!]
  if ((reasons & ratified) !== 0) return { flag, reasons }
  const known = asItCame(series.quantity, value, withoutStale(series.quantity, value, reasons & ~ours))
  // An older version let the end of a scale pass as doubtful.
  if ((known & failing) !== 0) return { flag: 4, reasons: known }
  if (known === reasons) return { flag, reasons }
  if ((known & doubting) === 0) return { flag: 1, reasons: known }
  const { usualMin, usualMax } = quantities.humidity
  const isUsual = value >= usualMin && value <= usualMax
  const isOfSensor = series.quantity === 'humidity' && isUsual && (known & unusual) !== 0
  return { flag: 3, reasons: isOfSensor ? known | (reasons & own.stuck) : known }
}

/** What an earlier look back believed in spite of its value (look-back-gradual.ts) is doubted again, for this one to judge. */
function asItCame(quantity: Quantity, value: number, known: Reasons): Reasons {
  if (!isMeasured(quantity)) return known
  const end = endsOfScale[quantity]
  if (end?.errors?.includes(value)) return known | sentinel
  if (!end || (known & saturated) === 0) return known
  const isSent = (grossRange(quantity, value).reasons & saturated) !== 0
  return isSent ? known : (known & ~saturated) | outOfRange
}

/** An older version failed a humidity a little above 100 %; no sensor's own limits do. */
function withoutStale(quantity: Quantity, value: number, known: Reasons): Reasons {
  if (quantity !== 'humidity' || (known & outOfRange) === 0) return known
  const judged = grossRange(quantity, value)
  return judged.flag === 4 ? known : (known & ~outOfRange) | judged.reasons
}
