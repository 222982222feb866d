/**
 * QARTOD tests that look at more than one value: spike, rate of change, flat line, attenuated signal, climatology and
 * neighbours (IOOS manuals; results as of ioos_qc 9c1853a). Missing is null and gives 9; 2 means "not evaluated".
 */
import { neighboursMin } from './limits.ts'
export { neighboursMin } from './limits.ts'
import type { About } from './about.ts'
import { worstFlag, type Flag } from '../model/flag.ts'
import { isKnown, known } from '../model/known.ts'
import { hourMs } from '../model/time.ts'
import { attenuatedReadingsMin, lookBackReachMs } from './look-back-limits.ts'
import { spanFlag, type Span } from './quality.ts'
import { median, scaledMad } from './street.ts'

/** Spreads away from the median of the neighbours. The look back doubts what lies beyond either, and fails nothing for it. */
export const neighbourZ = { suspect: 5, fail: 8 } as const

/** What the page of methods says of these. */
export const about = {
  spike: {
    title: 'Spike',
    formula: '| x_{n} − (x_{n−1} + x_{n+1}) / 2 | above a threshold',
    source: 'IOOS QARTOD manuals; as ioos_qc has it',
    version: 1
  },
  rateOfChange: {
    title: 'Change faster than it can be',
    formula: '| Δx | / Δt above a threshold',
    source: 'IOOS QARTOD manuals; as ioos_qc has it',
    version: 1
  },
  attenuated: {
    title: 'Signal without life',
    formula: '√( Σ (x_{i} − x̄)^{2} / n ) below a threshold',
    range: `sound outdoors, over ${lookBackReachMs / hourMs} hours of at least ${attenuatedReadingsMin} readings`,
    source: 'IOOS QARTOD manuals; as ioos_qc has it',
    version: 1
  },
  neighbours: {
    title: 'Far from the neighbours',
    formula: `z = (x − median) / (1.4826 · MAD): doubtful above ${neighbourZ.suspect}; it never fails`,
    range: `at least ${neighboursMin} neighbours in the same hour, and further from their median than the table says`,
    source: 'a convention of this project',
    version: 1
  }
} as const satisfies Record<string, About>

type Values = readonly (number | null)[]

export interface Thresholds {
  suspect: number
  /** Without it the test never fails a value. */
  fail?: number
}

/**
 * |x_n − (x_{n−1} + x_{n+1})/2| above the thresholds. The ends, and values beside a gap, are not evaluated. The two
 * neighbours of a large spike are flagged as well: the test cannot tell which of three is the odd one.
 */
export function spikeFlags(values: Values, { suspect, fail = Infinity }: Thresholds): Flag[] {
  return values.map((value, i) => {
    if (!isKnown(value)) return 9
    const [before, after] = [known(values[i - 1]), known(values[i + 1])]
    if (before === null || after === null) return 2
    return above(Math.abs(value - (before + after) / 2), suspect, fail)
  })
}

/** |Δx|/Δt in units a second, against the value before. The first one, and one after a gap, pass as ioos_qc has it. */
export function rateOfChangeFlags(
  values: Values,
  timesS: readonly number[],
  { suspect, fail = Infinity }: Thresholds
): Flag[] {
  return values.map((value, i) => {
    if (!isKnown(value)) return 9
    const before = known(values[i - 1])
    if (before === null) return 1
    return above(Math.abs(value - before) / (timesS[i]! - timesS[i - 1]!), suspect, fail)
  })
}

function above(value: number, suspect: number, fail: number): Flag {
  if (value > fail) return 4
  return value > suspect ? 3 : 1
}

export interface FlatLine {
  intervalS: number
  suspectS: number
  failS: number
  /** A spread below this is no change: the resolution of the sensor, not zero. */
  tolerance: number
}

/** The last ⌊threshold/interval⌋ + 1 values lie closer together than the tolerance. Missing values are passed over. */
export function flatLineFlags(values: Values, { intervalS, suspectS, failS, tolerance }: FlatLine): Flag[] {
  const flatFor = (end: number, thresholdS: number): boolean => {
    const count = Math.floor(thresholdS / intervalS) + 1
    if (end + 1 < count) return false
    const window = values.slice(end + 1 - count, end + 1).filter(isKnown)
    return Math.max(...window) - Math.min(...window) < tolerance
  }
  return values.map((value, i) => {
    if (!isKnown(value)) return 9
    if (flatFor(i, failS)) return 4
    return flatFor(i, suspectS) ? 3 : 1
  })
}

/** The population standard deviation of a window is below the thresholds: a membrane that is clogged, a lid left on. */
export function attenuatedFlag(given: Values, { suspect, fail = 0 }: Thresholds): Flag {
  const values = given.filter(isKnown)
  if (values.length === 0) return 9
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  if (deviation < fail) return 4
  return deviation < suspect ? 3 : 1
}

export interface Season {
  /** 0-based or 1-based, as the caller counts; both ends belong to it. */
  months: readonly [first: number, last: number]
  suspect: Span
  fail?: Span
}

/** Unusual for the month, by spans of at least a year of local data. A month without a span is not evaluated. */
export function climatologyFlag(value: number | null, month: number, seasons: readonly Season[]): Flag {
  if (!isKnown(value)) return 9
  const everything: Span = { min: -Infinity, max: Infinity }
  const flags = seasons
    .filter(({ months: [first, last] }) => month >= first && month <= last)
    .map(({ suspect, fail = everything }) => spanFlag(value, fail, suspect))
  return flags.length === 0 ? 2 : flags.reduce(worstFlag)
}

/**
 * z = (x − median)/(1.4826·MAD) of the neighbours in the same hour; |z| above `neighbourZ` is suspect, or fails. Fewer than
 * three neighbours, or neighbours that all say the same, judge nobody. A convention of this project.
 */
export function neighbourFlag(value: number | null, given: Values): { flag: Flag; z: number | null } {
  if (!isKnown(value)) return { flag: 9, z: null }
  const neighbours = given.filter(isKnown)
  const middle = median(neighbours)
  const spread = scaledMad(neighbours)
  if (middle === null || spread === null || spread === 0) return { flag: 2, z: null }
  const z = (value - middle) / spread
  if (neighbours.length < neighboursMin) return { flag: 2, z }
  return { flag: above(Math.abs(z), neighbourZ.suspect, neighbourZ.fail), z }
}
