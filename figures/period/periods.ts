/** A time range cut into civil years, months, days or hours, and days into day, evening and night. */
import type { TimeRange } from '../../model/columns.ts'
import { summaryPeriodsMax } from '../../model/limits.ts'
import {
  civilTime,
  clockHours,
  dayStarts,
  fromCivil,
  hourMs,
  nextDayStart,
  type CivilTime,
  type UnixMs
} from '../../model/time.ts'
import { dayHour, eveningHour, nightHour } from '../../science/noise.ts'
import { FiguresRefusal } from '../refusal.ts'

export const periodLengths = ['all', 'year', 'month', 'day', 'hour'] as const
export type PeriodLength = (typeof periodLengths)[number]

/** Oldest first; the first and the last are cut to the range. */
export function periodsOf(range: TimeRange, by: PeriodLength, timezone: string): TimeRange[] {
  if (by === 'all') return [range]
  refuseTooMany(range, by)
  return startsOf(range, by, timezone)
    .map((start, i, starts) => ({
      from: Math.max(start, range.from) as UnixMs,
      until: Math.min(starts[i + 1] ?? range.until, range.until) as UnixMs
    }))
    .filter(({ from, until }) => from < until)
}

/** Shortest length of each, so that the limit holds whatever the calendar says. */
const shortestMs = { year: 365 * 24 * hourMs, month: 28 * 24 * hourMs, day: 23 * hourMs, hour: hourMs / 2 }

function refuseTooMany(range: TimeRange, by: Exclude<PeriodLength, 'all'>): void {
  if ((range.until - range.from) / shortestMs[by] <= summaryPeriodsMax) return
  throw new FiguresRefusal(
    'tooManyPoints',
    `The answer would have more than ${summaryPeriodsMax} periods. Ask for longer periods, or for a shorter range.`
  )
}

function startsOf(range: TimeRange, by: Exclude<PeriodLength, 'all'>, timezone: string): UnixMs[] {
  if (by === 'day') return dayStarts(range.from, range.until, timezone)
  if (by === 'hour') return clockHours(timezone).hourStarts(range.from, range.until)
  const starts: UnixMs[] = []
  const { year, month } = civilTime(range.from, timezone)
  for (let i = 0; ; i++) {
    const months = by === 'year' ? 12 * (year + i) : 12 * year + month - 1 + i
    const start = midnight({ year: Math.floor(months / 12), month: (months % 12) + 1, day: 1 }, timezone)
    if (start >= range.until) return starts
    starts.push(start)
  }
}

function midnight(day: Pick<CivilTime, 'year' | 'month' | 'day'>, timezone: string): UnixMs {
  return fromCivil({ ...day, hour: 0, minute: 0, second: 0 }, timezone)
}

/** 0 day, 1 evening, 2 night: Directive 2002/49/EC Annex I by the local clock. */
export const noiseParts = ['day', 'evening', 'night'] as const

export interface PartStretch extends TimeRange {
  part: 0 | 1 | 2
}

/**
 * The day, evening and night hours of a period, oldest first. The night of a civil day is its hours before 07 and after
 * 23: seen over many days that is the night, and where clocks change it is as long as it really was.
 */
export function partStretches(period: TimeRange, timezone: string): PartStretch[] {
  const stretches = dayStarts(period.from, period.until, timezone).flatMap((day): PartStretch[] => {
    const at = (hour: number): UnixMs =>
      fromCivil({ ...civilTime(day, timezone), hour, minute: 0, second: 0 }, timezone)
    const [morning, evening, night] = [at(dayHour), at(eveningHour), at(nightHour)]
    return [
      { from: day, until: morning, part: 2 },
      { from: morning, until: evening, part: 0 },
      { from: evening, until: night, part: 1 },
      { from: night, until: nextDayStart(day, timezone), part: 2 }
    ]
  })
  return stretches
    .map(({ from, until, part }) => ({
      from: Math.max(from, period.from) as UnixMs,
      until: Math.min(until, period.until) as UnixMs,
      part
    }))
    .filter(({ from, until }) => from < until)
}
