/** Monthly or daily means of one fixed set of sensors, so that a sensor that joins is no change. */
import type { TimeRange } from '../../model/columns.ts'
import { dayValidHoursMin } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { clockHours, dayMs, type UnixMs } from '../../model/time.ts'
import { fixedSet, type FixedSet } from '../../science/fixed-set.ts'
import { refuseDirection } from '../refusal.ts'
import type { PeriodDeps } from './deps.ts'
import { periodMeans, validHours } from './hours.ts'
import { periodsOf } from './periods.ts'
import { reachOf, refuseLong } from './reach.ts'
import { sitesOf, type SiteOrStreet } from './site-or-street.ts'

export interface FixedSetMeans {
  range: TimeRange
  /** Windows that could have had a value. */
  windows: number
  set: FixedSet | undefined
}

export interface FixedSetQuery {
  quantity: Quantity
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
  /** Where nothing was said, no further than this. */
  within?: TimeRange
}

/** undefined where there were never enough sites. */
export async function fixedSetMeans(
  deps: PeriodDeps,
  subject: SiteOrStreet,
  by: 'month' | 'day',
  query: FixedSetQuery
): Promise<FixedSetMeans | undefined> {
  refuseDirection(query.quantity)
  const { siteIds, sitesMin } = sitesOf(deps, subject)
  const range = await rangeOf(deps, siteIds, sitesMin, query)
  if (!range) return undefined
  const periods = periodsOf(range, by, query.timezone)
  const clock = clockHours(deps.timezone)
  const sites = []
  for (const siteId of siteIds) {
    const [means] = await deps.readings.means({
      siteIds: [siteId],
      quantities: [query.quantity],
      window: 'hour',
      from: clock.hourStart(range.from),
      until: range.until
    })
    const hours = validHours(means)
    const hoursMin = by === 'day' ? dayValidHoursMin : 1
    sites.push({ siteId, ...periodMeans({ hours, clock }, periods, query.quantity, hoursMin) })
  }
  const windows = periods.map(({ from }) => from)
  return { range, windows: windows.length, set: fixedSet(sites, windows, sitesMin) }
}

/** Unless said otherwise from when enough sites had begun until one too few was left. */
async function rangeOf(
  deps: PeriodDeps,
  siteIds: readonly string[],
  sitesMin: number,
  { quantity, timezone, within, ...query }: FixedSetQuery
): Promise<TimeRange | undefined> {
  const found = await Promise.all(siteIds.map((siteId) => reachOf(deps, [siteId], quantity, timezone)))
  const reaches = found.filter((reach) => reach !== null)
  const begun = reaches.map((reach) => reach.from).toSorted((a, b) => a - b)[sitesMin - 1]
  const ended = reaches.map((reach) => reach.until).toSorted((a, b) => b - a)[sitesMin - 1]
  if (begun === undefined || ended === undefined) return undefined
  const from = query.from ?? (Math.max(begun, within?.from ?? begun) as UnixMs)
  const until = query.until ?? (Math.min(ended, within?.until ?? ended) as UnixMs)
  if (from >= until) return undefined
  return refuseLong({ from, until: Math.min(until, Math.max(deps.clock.now(), from + dayMs)) as UnixMs })
}

export function noFixedSet(subject: SiteOrStreet, sitesMin: number): string {
  return subject.kind === 'site'
    ? 'The site measured less than three quarters of the period.'
    : `Fewer than ${sitesMin} sites of the street measured three quarters of the period; with others the set would change on the way.`
}
