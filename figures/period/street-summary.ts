/** A street's summary: each figure is the middle of what its outdoor sites have. */
import type { LeftOut } from '../../contract/left-out.ts'
import type { NoiseFigures, SitePeriod, StreetNumbers, StreetPeriod } from '../../contract/summary.ts'
import type { TimeRange } from '../../model/columns.ts'
import { streetSitesMin } from '../../model/limits.ts'
import { toIso } from '../../model/time.ts'
import { quantile } from '../../science/street.ts'
import { notesOf } from '../left-out.ts'
import { rounded } from '../unit.ts'
import type { PeriodDeps } from './deps.ts'
import { periodsOf } from './periods.ts'
import { requireStreet, streetSiteIds } from './site-or-street.ts'
import type { SummaryQuery } from './summary-query.ts'
import { headOf, rangeOf, sitePeriods } from './summary.ts'

export async function streetSummary(
  deps: PeriodDeps,
  streetId: string,
  query: SummaryQuery
): Promise<StreetNumbers> {
  requireStreet(deps, streetId)
  const siteIds = streetSiteIds(deps, streetId)
  const range = await rangeOf(deps, siteIds, query)
  const periods = range ? periodsOf(range, query.by, query.timezone) : []
  const perSite: SitePeriod[][] = []
  for (const siteId of range ? siteIds : []) perSite.push(await sitePeriods(deps, siteId, query, periods))
  return {
    street: streetId,
    ...headOf(query),
    ...(await notesOf(deps.readings, siteIds, query.quantity, range)),
    sitesNeeded: streetSitesMin,
    sitesTotal: siteIds.length,
    periods: periods.map((period, i) =>
      middleOf(
        period,
        query,
        perSite.map((site) => site[i]!)
      )
    )
  }
}

/** Each number of a street is the middle of what its sites have; with fewer than three of them, or with no site, there is none. */
function middleOf(period: TimeRange, query: SummaryQuery, sites: readonly SitePeriod[]): StreetPeriod {
  const counted = sites.filter(({ mean, max }) => mean !== null || max !== null)
  const enough = counted.length >= streetSitesMin
  const all = (pick: (site: SitePeriod) => number | null | undefined): number[] =>
    enough ? counted.map(pick).filter((value) => value !== null && value !== undefined) : []
  const middle = (pick: (site: SitePeriod) => number | null | undefined): number | null => {
    const values = all(pick)
    return values.length >= streetSitesMin ? rounded(quantile(values, 0.5)) : null
  }
  const means = all(({ mean }) => mean)
  const extreme = (of: (...values: number[]) => number, values: number[]): number | null =>
    values.length > 0 ? of(...values) : null
  const coverages = counted.map(({ coverage }) => coverage ?? 0)
  const noise = sites[0]?.noise
  return {
    from: toIso(period.from),
    until: toIso(period.until),
    sites: counted.length,
    leftOut: together(sites.map(({ leftOut }) => leftOut)),
    count: counted.reduce((sum, { count }) => sum + count, 0),
    expected: counted.length > 0 ? rounded(counted.reduce((sum, one) => sum + (one.expected ?? 0), 0)) : null,
    coverage: coverages.length > 0 ? rounded(coverages.reduce((a, b) => a + b, 0) / coverages.length) : null,
    mean: middle(({ mean }) => mean),
    p25: means.length >= streetSitesMin ? rounded(quantile(means, 0.25)) : null,
    p75: means.length >= streetSitesMin ? rounded(quantile(means, 0.75)) : null,
    min: extreme(
      Math.min,
      all(({ min }) => min)
    ),
    max: extreme(
      Math.max,
      all(({ max }) => max)
    ),
    percentiles: Object.fromEntries(
      query.percentiles.map((percent) => [String(percent), middle((site) => site.percentiles[percent])])
    ),
    noise: noise ? middleNoise(noise, middle) : null,
    reason: enough
      ? null
      : `${counted.length} of ${sites.length} sites have enough readings; a street's number needs ${streetSitesMin}.`
  }
}

/** Of all sites, those that do not count included: what was left out may be why. */
function together(all: readonly LeftOut[]): LeftOut {
  const reasons = all.flatMap((one) => one.reasons)
  const byReason = Map.groupBy(reasons, ({ reason }) => reason)
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    reasons: [...byReason.values()]
      .map((same) => ({ ...same[0]!, count: same.reduce((sum, { count }) => sum + count, 0) }))
      .toSorted((a, b) => b.count - a.count)
  }
}

function middleNoise(
  { label }: NoiseFigures,
  middle: (pick: (site: SitePeriod) => number | null | undefined) => number | null
): NoiseFigures {
  const of = (name: 'lday' | 'levening' | 'lnight' | 'lden' | 'l10' | 'l50' | 'l90'): number | null =>
    middle(({ noise }) => noise?.[name])
  const covered = (part: 'day' | 'evening' | 'night'): number | null =>
    middle(({ noise }) => noise?.coverage[part])
  return {
    label,
    lday: of('lday'),
    levening: of('levening'),
    lnight: of('lnight'),
    lden: of('lden'),
    coverage: { day: covered('day'), evening: covered('evening'), night: covered('night') },
    l10: of('l10'),
    l50: of('l50'),
    l90: of('l90')
  }
}
