/** Day, evening and night of sound by the local clock, of one civil day and of a year, with how much was measured. */
import { limitsAt, type Limit } from './guidelines.ts'
import { dayHour, energyMeanWeighted, eveningHour, lden, nightHour, nightOf } from './noise.ts'
import { coverageMin } from '../model/limits.ts'
import { civilTime, dayStarts, fromCivil, hourMs, type UnixMs } from '../model/time.ts'
import { counted } from '../model/counted.ts'
import { isKnown } from '../model/known.ts'

/** LAeq over equal steps of an hour or less, oldest first; coverage of each step is 1 where it is not given. */
export interface LevelSeries {
  time: readonly UnixMs[]
  level: readonly (number | null)[]
  coverage?: readonly (number | null)[]
  stepMs: number
  /** Of each step, where not all are of `stepMs`: a clock that jumps by half an hour makes an hour of 30 or of 90 minutes. */
  lengthMs?: readonly number[]
}

export interface PeriodLevel {
  from: UnixMs
  until: UnixMs
  /** LAeq of what was measured, dB(A); null below 75 % coverage. */
  level: number | null
  /** Measured time over the period's real length: a night has 7 or 9 hours where clocks change. */
  coverage: number
}

export interface NoiseDay {
  /** Local midnight at which the civil day begins. */
  day: UnixMs
  lday: PeriodLevel
  levening: PeriodLevel
  /** The night that begins on this day, 23 to 07. */
  lnight: PeriodLevel
  /** "Lden,24h" of this one day; null unless all three are there. */
  lden24h: number | null
}

/**
 * The periods of Directive 2002/49/EC Annex I for each civil day that begins in [from, until): day 07 to 19, evening 19
 * to 23, night 23 to 07 of the next morning. Energy over the hours that there really were, weighted by the time
 * measured; a step belongs to the period in which it begins.
 */
export function noiseDays(series: LevelSeries, from: UnixMs, until: UnixMs, timezone: string): NoiseDay[] {
  if (series.stepMs > hourMs) throw new RangeError('Day, evening and night need steps of an hour or less.')
  return dayStarts(from, until, timezone).map((day) => {
    const at = (hour: number): UnixMs =>
      fromCivil({ ...civilTime(day, timezone), hour, minute: 0, second: 0 }, timezone)
    const night = nightOf(day, timezone)
    const lday = periodLevel(series, at(dayHour), at(eveningHour))
    const levening = periodLevel(series, at(eveningHour), at(nightHour))
    const lnight = periodLevel(series, night.from, night.until)
    return { day, lday, levening, lnight, lden24h: ldenOf(lday, levening, lnight) }
  })
}

/** LAeq of [from, until) with its coverage; the law of every stage: energy, weighted by what was measured. */
export function periodLevel(series: LevelSeries, from: UnixMs, until: UnixMs): PeriodLevel {
  return levelOver(series, from, until, until - from)
}

function levelOver(series: LevelSeries, from: UnixMs, until: UnixMs, lengthMs: number): PeriodLevel {
  const { level, coverage, time, stepMs, lengthMs: lengths } = series
  const levels: number[] = []
  const measuredMs: number[] = []
  for (let i = firstAt(time, from); i < time.length && time[i]! < until; i++) {
    const one = level[i] ?? null
    const share = coverage === undefined ? 1 : (coverage[i] ?? 0)
    if (!isKnown(one) || !(share > 0)) continue
    levels.push(one)
    measuredMs.push(Math.min(1, share) * (lengths?.[i] ?? stepMs))
  }
  const total = measuredMs.reduce((sum, ms) => sum + ms, 0)
  const covered = lengthMs === 0 ? 0 : Math.min(1, total / lengthMs)
  return {
    from,
    until,
    level: covered >= coverageMin ? energyMeanWeighted(levels, measuredMs) : null,
    coverage: covered
  }
}

export interface NoisePeriods {
  lday: number | null
  levening: number | null
  lnight: number | null
  lden: number | null
  /** Civil days whose day, evening and night all count, of the days there were. */
  days: number
  expectedDays: number
  coverage: number
}

/**
 * Lday, Levening, Lnight and Lden over many days: the energy mean of each period over the days that have it, then 12, 4
 * and 8 hours' weights. It is the Lden of the Directive for a whole year at one place; else it is told with its days.
 */
export function noisePeriods(days: readonly NoiseDay[]): NoisePeriods {
  const over = (pick: (day: NoiseDay) => PeriodLevel): number | null => {
    const measured = days.map(pick).filter(({ level }) => level !== null)
    const lengths = measured.map(({ from, until, coverage }) => coverage * (until - from))
    return energyMeanWeighted(
      measured.map(({ level }) => level!),
      lengths
    )
  }
  const [lday, levening, lnight] = [over((d) => d.lday), over((d) => d.levening), over((d) => d.lnight)]
  const complete = days.filter(({ lden24h }) => lden24h !== null).length
  return {
    lday,
    levening,
    lnight,
    lden: lday === null || levening === null || lnight === null ? null : lden(lday, levening, lnight),
    days: complete,
    expectedDays: days.length,
    coverage: days.length === 0 ? 0 : complete / days.length
  }
}

/**
 * The same over any [from, until) from all steps in it at once, each by the hour of the local clock: what "Lden of this
 * period" is without nights that must be whole. Of one civil day the night is its first 7 hours and its last. A
 * period has a level when 75 % of its own time was measured.
 */
export function pooledPeriods(
  series: LevelSeries,
  from: UnixMs,
  until: UnixMs,
  timezone: string
): Record<'lday' | 'levening' | 'lnight', PeriodLevel> & { lden: number | null } {
  if (series.stepMs > hourMs) throw new RangeError('Day, evening and night need steps of an hour or less.')
  const kinds = ['lday', 'levening', 'lnight'] as const
  const pools = kinds.map(() => ({
    time: [] as UnixMs[],
    level: [] as (number | null)[],
    coverage: [] as number[]
  }))
  const lengthMs = [0, 0, 0]
  // Clocks change on quarter hours, so the local hour is asked once for each of them.
  const [first, blocks] = [Math.floor(from / quarterMs), new Map<number, number>()]
  for (let block = first; block * quarterMs < until; block++) {
    const { hour } = civilTime((block * quarterMs) as UnixMs, timezone)
    const kind = hour >= dayHour && hour < eveningHour ? 0 : hour >= eveningHour && hour < nightHour ? 1 : 2
    blocks.set(block, kind)
    lengthMs[kind]! += Math.min(until, (block + 1) * quarterMs) - Math.max(from, block * quarterMs)
  }
  for (let i = firstAt(series.time, from); i < series.time.length && series.time[i]! < until; i++) {
    const pool = pools[blocks.get(Math.floor(series.time[i]! / quarterMs))!]!
    pool.time.push(series.time[i]!)
    pool.level.push(series.level[i] ?? null)
    pool.coverage.push(series.coverage === undefined ? 1 : (series.coverage[i] ?? 0))
  }
  const [lday, levening, lnight] = pools.map((pool, kind) =>
    levelOver({ ...pool, stepMs: series.stepMs }, from, until, lengthMs[kind]!)
  )
  return { lday: lday!, levening: levening!, lnight: lnight!, lden: ldenOf(lday!, levening!, lnight!) }
}

const quarterMs = hourMs / 4

export interface NoiseComparison {
  limit: Limit
  level: number
  /** level − limit, dB; told to a tenth, though a MEMS microphone is good for ±2 dB. */
  difference: number
  verdict: 'above' | 'notAbove' | 'notEnoughData'
  sentence: string
  indicative: true
}

/** Error of an uncalibrated MEMS microphone outdoors, dB: a difference inside it decides nothing. */
export const microphoneErrorDb = 2

/**
 * Lden and Lnight beside the WHO guidelines that held at `at` (2018 for road traffic, 2009 for nights). The guidelines are
 * yearly and of one source; so below a year, and within the error of the microphone, there is no verdict.
 */
export function compareNoise(periods: NoisePeriods, at: UnixMs, timezone: string): NoiseComparison[] {
  const wholeYear = periods.expectedDays >= 365 && periods.coverage >= coverageMin
  return (['lden', 'lnight'] as const).flatMap((quantity) => {
    const level = periods[quantity]
    if (level === null) return []
    return limitsAt(quantity, at, timezone).map((limit) => {
      const difference = level - limit.value
      const sure = wholeYear && Math.abs(difference) > microphoneErrorDb
      const verdict = sure ? (difference > 0 ? 'above' : 'notAbove') : 'notEnoughData'
      return {
        limit,
        level,
        difference,
        verdict,
        sentence: sentenceOf(limit, level, periods, wholeYear),
        indicative: true
      }
    })
  })
}

function sentenceOf(limit: Limit, level: number, { days }: NoisePeriods, wholeYear: boolean): string {
  const name = limit.quantity === 'lden' ? 'Lden' : 'Lnight'
  const guideline =
    limit.set === 'who-noise-2018'
      ? 'the WHO 2018 guideline for road traffic'
      : 'the WHO 2009 night guideline'
  const difference = level - limit.value
  const near = `within ${microphoneErrorDb} dB of ${guideline} of ${limit.value} dB`
  const far = `${Math.abs(difference).toFixed(1)} dB ${difference > 0 ? 'above' : 'below'} ${guideline} of ${limit.value} dB`
  const where = Math.abs(difference) <= microphoneErrorDb ? near : far
  const year = wholeYear ? '' : ` The guideline is of a year; this is of ${counted(days, 'day')}.`
  return `Total outdoor sound (${name} ${level.toFixed(1)} dB) is ${where}; indicative.${year}`
}

function ldenOf(lday: PeriodLevel, levening: PeriodLevel, lnight: PeriodLevel): number | null {
  if (lday.level === null || levening.level === null || lnight.level === null) return null
  return lden(lday.level, levening.level, lnight.level)
}

/** The first place whose time is at or after `at`, by halving: a year of seconds is asked three times a day. */
function firstAt(time: readonly UnixMs[], at: UnixMs): number {
  let [low, high] = [0, time.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (time[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}
