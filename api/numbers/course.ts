/** The course of a place over months or days from one fixed set of its sensors, so that one that joins is no change. */
import type { TimeRange } from '../../model/columns.ts'
import { dayValidHoursMin, streetSitesMin } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, hourStart, type UnixMs } from '../../model/time.ts'
import { fixedSet, type FixedSet } from '../../science/fixed-set.ts'
import { reachOf, refuseLong, siteFor, streetFor, streetSiteIds, type NumbersDeps } from './ask.ts'
import { periodMeans, validHours } from './hours.ts'
import { periodsOf } from './periods.ts'

/** A street as the middle of three sites or more, or one site by itself. */
export interface Place {
  kind: 'street' | 'site'
  id: string
}

export interface Course {
  range: TimeRange
  /** Windows that could have had a value. */
  windows: number
  set: FixedSet | undefined
}

export function sitesOf(deps: NumbersDeps, { kind, id }: Place): { siteIds: string[]; sitesMin: number } {
  if (kind === 'site') return { siteIds: [siteFor(deps, id).siteId], sitesMin: 1 }
  return { siteIds: streetSiteIds(deps, streetFor(deps, id).streetId), sitesMin: streetSitesMin }
}

export interface CourseAsked {
  quantity: Quantity
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
  /** Where nothing was said, no further than this. */
  within?: TimeRange
}

/** undefined where there were never enough sites. */
export async function courseOf(
  deps: NumbersDeps,
  place: Place,
  by: 'month' | 'day',
  asked: CourseAsked
): Promise<Course | undefined> {
  const { siteIds, sitesMin } = sitesOf(deps, place)
  const range = await rangeOf(deps, siteIds, sitesMin, asked)
  if (!range) return undefined
  const periods = periodsOf(range, by, asked.timezone)
  const sites = []
  for (const siteId of siteIds) {
    const [means] = await deps.readings.means({
      siteIds: [siteId],
      quantities: [asked.quantity],
      window: 'hour',
      from: hourStart(range.from),
      until: range.until
    })
    const hours = validHours(means)
    const hoursMin = by === 'day' ? dayValidHoursMin : 1
    sites.push({ siteId, ...periodMeans(hours, periods, asked.quantity, hoursMin) })
  }
  const windows = periods.map(({ from }) => from)
  return { range, windows: windows.length, set: fixedSet(sites, windows, sitesMin) }
}

/** Unless said otherwise from when enough sites had begun until one too few was left. */
async function rangeOf(
  deps: NumbersDeps,
  siteIds: readonly string[],
  sitesMin: number,
  { quantity, timezone, within, ...asked }: CourseAsked
): Promise<TimeRange | undefined> {
  const found = await Promise.all(siteIds.map((siteId) => reachOf(deps, [siteId], quantity, timezone)))
  const reaches = found.filter((reach) => reach !== null)
  const begun = reaches.map((reach) => reach.from).toSorted((a, b) => a - b)[sitesMin - 1]
  const ended = reaches.map((reach) => reach.until).toSorted((a, b) => b - a)[sitesMin - 1]
  if (begun === undefined || ended === undefined) return undefined
  const from = asked.from ?? (Math.max(begun, within?.from ?? begun) as UnixMs)
  const until = asked.until ?? (Math.min(ended, within?.until ?? ended) as UnixMs)
  if (from >= until) return undefined
  return refuseLong({ from, until: Math.min(until, Math.max(deps.clock.now(), from + dayMs)) as UnixMs })
}

export function noSet(place: Place, sitesMin: number): string {
  return place.kind === 'site'
    ? 'The site measured less than three quarters of the period.'
    : `Fewer than ${sitesMin} sites of the street measured three quarters of the period; with others the set would change on the way.`
}
