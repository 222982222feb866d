/** Did a change in a street change its air or noise? The street against a control street, before and after. */
import { weeksMin, daysOfWeekMin } from './limits.ts'
export { weeksMin } from './limits.ts'
import type { About } from './about.ts'
import type { Interval } from './resample.ts'
import { dayMs, type UnixMs } from '../model/time.ts'
import { counted } from '../model/counted.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  beforeAfter: {
    title: 'Before and after a change',
    formula: 'change = (street − control) after − (street − control) before',
    range: 'at least four weeks on each side; 95 % interval from weeks (Welch)',
    source: 'Stewart-Oaten 1986; Card and Krueger 1994',
    version: 1
  }
} as const satisfies Record<string, About>

/** Daily values of one fixed set of sites; null where a day has too little. */
export interface DailyValues {
  /** Starts of the civil days, oldest first. */
  day: readonly UnixMs[]
  value: readonly (number | null)[]
}

export interface BeforeAfter {
  ok: true
  /** Mean of (street − control) after, less that before: the change that the control did not share. Units of the quantity. */
  change: number
  /** 95 %, from weeks as they differ among themselves (Welch's t). */
  interval: Interval
  /** What the street alone did: weather and season included, so never the effect. */
  streetChange: number
  weeksBefore: number
  weeksAfter: number
  daysBefore: number
  daysAfter: number
  verdict: 'lower' | 'higher' | 'noDifference'
  sentence: string
}

export interface NoBeforeAfter {
  ok: false
  why: string
}

/**
 * Difference of differences (Card and Krueger 1994; for air: before–after control–impact, Stewart-Oaten 1986) of daily
 * values. The week is the unit, because days that follow each other share their weather: their number would make the
 * interval look far surer than it is. Weeks count from `at` in both directions and need 5 days with both streets; the
 * t quantile is for the few weeks that there are. It assumes that both streets would have gone the same way. For
 * decibels the differences are of levels.
 */
export function beforeAfter(
  street: DailyValues,
  control: DailyValues | null,
  at: UnixMs
): BeforeAfter | NoBeforeAfter {
  if (control === null) {
    return {
      ok: false,
      why: 'Without a control street nobody can tell the change from the weather: name one with control=.'
    }
  }
  const pairs = pairsOf(street, control)
  const before = weeksOf(pairs, at, -1)
  const after = weeksOf(pairs, at, 1)
  for (const [side, weeks] of [
    ['before', before],
    ['after', after]
  ] as const) {
    if (weeks.length < weeksMin) {
      const why = `Only ${counted(weeks.length, 'week')} ${side} ${weeks.length === 1 ? 'has' : 'have'} both streets; it takes ${weeksMin} with ${daysOfWeekMin} days each.`
      return { ok: false, why }
    }
  }
  const [old, recent] = [spreadOf(before.map((w) => w.difference)), spreadOf(after.map((w) => w.difference))]
  const change = recent.mean - old.mean
  const reach = welchReach(old, recent)
  const interval: Interval = [change - reach, change + reach]
  const verdict = interval[1] < 0 ? 'lower' : interval[0] > 0 ? 'higher' : 'noDifference'
  return {
    ok: true,
    change,
    interval,
    streetChange: spreadOf(after.map((w) => w.street)).mean - spreadOf(before.map((w) => w.street)).mean,
    weeksBefore: before.length,
    weeksAfter: after.length,
    daysBefore: before.reduce((sum, { days }) => sum + days, 0),
    daysAfter: after.reduce((sum, { days }) => sum + days, 0),
    verdict,
    sentence: sentences[verdict]
  }
}

const sentences: Record<BeforeAfter['verdict'], string> = {
  lower:
    'Lower than the control street would let one expect. Indicative; other changes nearby count as well.',
  higher:
    'Higher than the control street would let one expect. Indicative; other changes nearby count as well.',
  noDifference: 'No difference can be told from the chance of the weeks. That is not the same as no effect.'
}

interface Pair {
  day: UnixMs
  street: number
  control: number
}

function pairsOf(street: DailyValues, control: DailyValues): Pair[] {
  const others = new Map(control.day.map((day, i) => [day, control.value[i] ?? null]))
  return street.day.flatMap((day, i) => {
    const [own, other] = [street.value[i], others.get(day)]
    return !isKnown(own) || !isKnown(other) ? [] : [{ day, street: own, control: other }]
  })
}

interface Week {
  difference: number
  street: number
  days: number
}

/** Weeks forwards (1) or backwards (−1) from `at`; a clock change moves a midnight by an hour, not into another week. */
function weeksOf(pairs: readonly Pair[], at: UnixMs, direction: 1 | -1): Week[] {
  const weeks = new Map<number, Pair[]>()
  for (const pair of pairs) {
    const days = Math.round((pair.day - at) / dayMs)
    if (direction === 1 ? pair.day < at : pair.day + dayMs / 2 > at) continue
    const week = Math.floor((direction === 1 ? days : -days - 1) / 7)
    weeks.set(week, [...(weeks.get(week) ?? []), pair])
  }
  return [...weeks.values()]
    .filter((days) => days.length >= daysOfWeekMin)
    .map((days) => ({
      difference: spreadOf(days.map((day) => day.street - day.control)).mean,
      street: spreadOf(days.map((day) => day.street)).mean,
      days: days.length
    }))
}

interface Spread {
  mean: number
  variance: number
  count: number
}

function spreadOf(values: readonly number[]): Spread {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const variance = count < 2 ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  return { mean, variance, count }
}

/** Half of Welch's 95 % interval of a difference of two means (Welch 1947; degrees of freedom of Satterthwaite). */
function welchReach(a: Spread, b: Spread): number {
  const [partA, partB] = [a.variance / a.count, b.variance / b.count]
  const total = partA + partB
  if (total === 0) return 0
  const degrees = total ** 2 / (partA ** 2 / (a.count - 1) + partB ** 2 / (b.count - 1))
  return studentT975(degrees) * Math.sqrt(total)
}

/**
 * The 97.5 % quantile of Student's t by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5): for 3 degrees
 * 3.18 (3.1824), for 10 2.2281, within 0.3 % from 3 up.
 */
export function studentT975(degrees: number): number {
  const z = 1.959964
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160
  ]
  return terms.reduce((sum, term, i) => sum + term / degrees ** (i + 1), z)
}
