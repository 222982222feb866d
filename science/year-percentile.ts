/** The percentile of a year's days or hours as laws count it: two laws, two ranks. Charts take another (street.ts). */
import type { About } from './about.ts'
import type { PercentileBy } from './limit.ts'

/** What the page of methods says of these. */
export const about = {
  percentileEu: {
    title: 'Percentile of a year for WHO, the UK and the EU',
    formula: 'the k-th smallest of N, k = p · N rounded',
    range: 'days or hours of which 75 % was measured; of 365 days four may lie above the 99th percentile',
    source: 'Decision 97/101/EC, Annex I (recalled)',
    version: 1
  },
  percentileUs: {
    title: 'Percentile of a year for the US',
    formula: 'the n-th highest of N, n = 0.02 · N rounded up',
    range: 'the 98th percentile; the mean of three years is compared, each quarter with 75 % of its days',
    source: '40 CFR Part 50, Appendix N, 4.5 and Appendix S, 5.2 (tables recalled)',
    version: 1
  }
} as const satisfies Record<string, About>

/**
 * The percentile of Decision 97/101/EC, Annex I: the k-th smallest value with k = p·N, rounded half up and at least 1.
 * Recalled, not seen in a copy. Of 365 days the 99th percentile is the 361st, so four days may be above it.
 */
export function percentile97(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null
  return values.toSorted((a, b) => a - b)[rank97(values.length, percent) - 1]!
}

function rank97(count: number, percent: number): number {
  return Math.max(1, Math.floor((percent * count) / 100 + 0.5))
}

/**
 * How many values of `count` may lie above the percentile. 40 CFR Part 50 has a table (Appendix N, 4.5, of days of PM2.5;
 * Appendix S, 5.2, of daily highest hours of NO2; recalled, not seen in a copy): of 1 to 50 days the 98th percentile is the
 * highest value, of 51 to 100 the second highest … of 351 to 366 the eighth, which is the ⌈2 % of count⌉-th.
 */
export function timesAbove(count: number, percent: number, by: PercentileBy): number {
  if (by === 'Decision 97/101/EC') return count - rank97(count, percent)
  return Math.ceil((count * (100 - percent)) / 100) - 1
}

/** The percentile of one law; null without values. */
export function percentileBy(values: readonly number[], percent: number, by: PercentileBy): number | null {
  if (values.length === 0) return null
  return values.toSorted((a, b) => b - a)[timesAbove(values.length, percent, by)]!
}
