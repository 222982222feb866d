/** From several sites to one street: medians, quantiles and spread that one bad box cannot move far. */
import type { About } from './about.ts'
import { coverageMin as coverageMinDefault, streetSitesMin } from '../model/limits.ts'
import type { AcrossSitesColumns, RollupColumns } from '../model/columns.ts'
import type { UnixMs } from '../model/time.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  quantile: {
    title: 'Middle and middle half',
    formula: 'Q(p) = x_{k} + (h − k) · (x_{k+1} − x_{k}), h = (n − 1) · p, k = ⌊h⌋',
    range: 'p = 0.5 for the middle; 0.25 and 0.75 for the edges of the middle half',
    source: 'Hyndman and Fan 1996, type 7',
    version: 1
  },
  coverage: {
    title: 'Coverage',
    formula: 'coverage = time measured / time there was, from the interval of the sensor',
    range: '0 to 1; never from the number that arrived',
    source: 'Directive 2008/50/EC, Annexes VII and XI',
    version: 1
  }
} as const satisfies Record<string, About>

/** Quantile type 7 (Hyndman and Fan 1996; the default of R, numpy and DuckDB's quantile_cont); null without values. */
export function quantile(values: readonly number[], probability: number): number | null {
  return sortedQuantile(values.toSorted(ascending), probability)
}

function sortedQuantile(sorted: readonly number[], probability: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * probability
  const low = Math.floor(place)
  const below = sorted[low]!
  const above = sorted[Math.min(low + 1, sorted.length - 1)]!
  return below + (above - below) * (place - low)
}

export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5)
}

const ascending = (a: number, b: number): number => a - b

/** Median absolute deviation, × 1.4826 so that it estimates a standard deviation where values are normal. */
export function scaledMad(values: readonly number[]): number | null {
  const middle = median(values)
  if (middle === null) return null
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)))!
}

/** Mean without the lowest and highest fifth, ⌊0.2 n⌋ of each (Wilcox; scipy's trim_mean). */
export function trimmedMean20(values: readonly number[]): number | null {
  const cut = Math.floor(values.length * 0.2)
  const kept = values.toSorted(ascending).slice(cut, values.length - cut)
  return kept.length === 0 ? null : kept.reduce((sum, value) => sum + value, 0) / kept.length
}

/**
 * The middle of several sites, window by window, oldest first. Of each window only the sites count whose mean is there
 * and whose coverage is known and at least `coverageMin`; with fewer than `sitesMin` of them there is no value, but
 * their number is still told. A window in which no site has a reading is absent. The reference for what stores compute.
 */
export function acrossSites(
  perSite: readonly Pick<RollupColumns, 'time' | 'mean' | 'coverage'>[],
  coverageMin: number = coverageMinDefault,
  sitesMin: number = streetSitesMin
): AcrossSitesColumns {
  const windows = new Map<UnixMs, { means: number[]; coverages: number[] }>()
  for (const site of perSite) {
    for (const [i, time] of site.time.entries()) {
      const window = windows.get(time) ?? { means: [], coverages: [] }
      windows.set(time, window)
      const mean = site.mean[i] ?? null
      const coverage = site.coverage[i] ?? null
      if (!isKnown(mean) || !isKnown(coverage) || coverage < coverageMin) continue
      window.means.push(mean)
      window.coverages.push(coverage)
    }
  }

  const columns: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }
  for (const time of [...windows.keys()].toSorted(ascending)) {
    const { means, coverages } = windows.get(time)!
    const enough = means.length >= sitesMin
    const sorted = means.toSorted(ascending)
    columns.time.push(time)
    columns.median.push(enough ? sortedQuantile(sorted, 0.5) : null)
    columns.p25.push(enough ? sortedQuantile(sorted, 0.25) : null)
    columns.p75.push(enough ? sortedQuantile(sorted, 0.75) : null)
    columns.sites.push(means.length)
    // Mean coverage in ascending order, so that the order of the sites cannot change the last digit.
    columns.coverage.push(enough ? average(coverages.toSorted(ascending)) : null)
  }
  return columns
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * Mean of the values that are there, given only when they are at least 75 % (rounded up) of those expected. `expected`
 * comes from the interval of the sensor, never from what arrived: 45 minutes of an hour, 18 hours of a day
 * (2008/50/EC Annexes VII and XI).
 */
export function completeMean(
  values: readonly (number | null)[],
  expected: number
): { mean: number | null; capture: number } {
  const known = values.filter(isKnown)
  const enough = known.length > 0 && known.length >= Math.ceil(expected * coverageMinDefault)
  return {
    mean: enough ? average(known) : null,
    capture: expected === 0 ? 0 : Math.min(1, known.length / expected)
  }
}

/**
 * May a figure of several homes be published? At least `k` homes, and none with more than half of the samples. The rule
 * that DESNZ has for postcodes (k = 5); 10 for less than a day or a month is this project's. model/visibility.ts, which
 * decides in this hub, is stricter: each home weighs the same, and cohorts are fixed.
 */
export function homesPublishable(homes: number, k: number, largestShare: number, shareMax = 0.5): boolean {
  return homes >= k && largestShare <= shareMax
}
