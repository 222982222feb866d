/** What summaries of every store have in common: how much a reading weighs, and what an empty group says. */
import type { Series } from './memory/catalogue.ts'
import type { SummaryColumns, SummaryQuery } from './promise/read.ts'

export interface Weights {
  /** Every device's interval is known, so that coverage can be told. */
  known: boolean
  /** Seconds that a reading stands for, by series. */
  secondsOf: Map<number, number>
}

/**
 * A reading stands for its device's interval. Where two boards measured at once each moment would count twice, so there
 * every reading stands for the shorter interval, as the rollups have it.
 */
export function weightsOf(series: readonly Series[], intervalOf: ReadonlyMap<string, number>): Weights {
  const intervals = series.map((one) => intervalOf.get(one.deviceId))
  const all = intervals.filter((interval) => interval !== undefined)
  if (all.length < series.length) return { known: false, secondsOf: new Map(series.map((s) => [s.id, 1])) }
  const shortest = Math.min(...all)
  const atOnce = series.some((a) => series.some((b) => a !== b && a.low <= b.high && b.low <= a.high))
  return {
    known: true,
    secondsOf: new Map(series.map((one, i) => [one.id, atOnce ? shortest : (intervals[i] ?? shortest)]))
  }
}

export function lengthsMs({ stretches, groups }: SummaryQuery): number[] {
  const lengths = Array.from({ length: groups }, () => 0)
  for (const { from, until, group } of stretches) lengths[group] = (lengths[group] ?? 0) + (until - from)
  return lengths
}

/** A group without a reading should have had those of the quickest device of the period. */
export function expectOfEmpty(columns: SummaryColumns, lengths: readonly number[], intervalS: number): void {
  lengths.forEach((lengthMs, i) => {
    if (columns.count[i] !== 0) return
    columns.expected[i] = lengthMs / 1_000 / intervalS
    columns.coverage[i] = 0
  })
}

export function emptySummary({ groups, percentiles }: SummaryQuery): SummaryColumns {
  const nulls = (): null[] => Array.from({ length: groups }, () => null)
  const zeros = (): number[] => Array.from({ length: groups }, () => 0)
  return {
    count: zeros(),
    failed: zeros(),
    expected: nulls(),
    coverage: nulls(),
    mean: nulls(),
    min: nulls(),
    max: nulls(),
    percentiles: Array.from({ length: groups }, () => percentiles.map(() => null))
  }
}
