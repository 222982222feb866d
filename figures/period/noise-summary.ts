/** What the directive asks of sound in a period: its day, evening and night, Lden, and the levels exceeded part of the time. */
import type { NoiseFigures } from '../../contract/summary.ts'
import type { TimeRange } from '../../model/columns.ts'
import { dayMs, secondMs } from '../../model/time.ts'
import { exceededStepSMax } from '../../science/noise-levels.ts'
import { lden } from '../../science/noise.ts'
import type { Stretch, SummaryColumns } from '../../store/promise/read.ts'
import { rounded } from '../unit.ts'
import type { PeriodDeps } from './deps.ts'
import { noiseParts, partStretches } from './periods.ts'
import { tooLittle, type SummaryQuery } from './summary-query.ts'

/** Of each period its day, evening and night. */
export type Parts = { mean: number | null; coverage: number | null; count: number }[]

export async function noiseOf(
  deps: PeriodDeps,
  siteId: string,
  { quantity, timezone }: SummaryQuery,
  periods: readonly TimeRange[]
): Promise<Parts[]> {
  const stretches = periods.flatMap((period, i) =>
    partStretches(period, timezone).map(({ from, until, part }): Stretch => ({
      from,
      until,
      group: noiseParts.length * i + part
    }))
  )
  const groups = noiseParts.length * periods.length
  const columns: SummaryColumns = await deps.readings.summary({
    siteId,
    quantity,
    stretches,
    groups,
    percentiles: []
  })
  return periods.map((_period, i) =>
    noiseParts.map((_name, part) => {
      const group = noiseParts.length * i + part
      return {
        mean: columns.mean[group] ?? null,
        coverage: columns.coverage[group] ?? null,
        count: columns.count[group] ?? 0
      }
    })
  )
}

export function noiseFigures(
  period: TimeRange,
  parts: Parts | undefined,
  query: SummaryQuery,
  percentile: (percent: number) => number | null
): NoiseFigures {
  const level = (part: number): number | null => {
    const one = parts?.[part]
    return one && tooLittle(one, query) === null ? one.mean : null
  }
  const [day, evening, night] = [level(0), level(1), level(2)]
  const covered = (part: number): number | null => rounded(parts?.[part]?.coverage ?? null)
  const hasAll = day !== null && evening !== null && night !== null
  return {
    label: ldenLabel(period),
    lday: rounded(day),
    levening: rounded(evening),
    lnight: rounded(night),
    lden: hasAll ? rounded(lden(day, evening, night)) : null,
    coverage: { day: covered(0), evening: covered(1), night: covered(2) },
    l10: percentile(90),
    l50: percentile(50),
    l90: percentile(10)
  }
}

/** Are the levels of so short a time that "exceeded N % of it" means something? Of five minutes each it would be too flat. */
export function isFine({ from, until }: TimeRange, count: number, coverage: number | null): boolean {
  if (coverage === null || count === 0) return false
  const stepMs = (coverage * (until - from)) / count
  return stepMs <= exceededStepSMax * secondMs * (1 + 1e-9)
}

/** The directive's Lden is of a year; anything shorter says what it is. */
function ldenLabel({ from, until }: TimeRange): string {
  const days = Math.round((until - from) / dayMs)
  if (days <= 1) return 'Lden,24h'
  return days >= 365 ? 'Lden' : `Lden of ${days} days`
}
