/** An ordinary day, week or year of a place: means by the local clock with their intervals. */
import type { TimeRange } from '../../model/columns.ts'
import { notesOf } from '../left-out.ts'
import { coverageMin } from '../../model/limits.ts'
import { clockHours, dayMs, toIso, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { profile as profileOf, profileDaysMin, type ProfileBy } from '../../science/profile.ts'
import { seededRandom } from '../../science/resample.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { FiguresRefusal, refuseDirection } from '../refusal.ts'
import { reachOf, refuseLong } from './reach.ts'
import { rounded, type Unit } from '../unit.ts'
import type { PeriodDeps } from './deps.ts'
import { type FixedSetQuery } from './fixed-set.ts'
import { sitesOf, type SiteOrStreet } from './site-or-street.ts'
import type { Profile } from '../../contract/trend.ts'

export interface ProfileQuery extends FixedSetQuery {
  unit: Unit
  by: ProfileBy
}

const rangeMsDefault = 365 * dayMs

/** The same question gives the same intervals. */
export const seed = 1

export async function placeProfile(
  deps: PeriodDeps,
  subject: SiteOrStreet,
  query: ProfileQuery
): Promise<Profile> {
  const { quantity, unit, by, timezone } = query
  const average = averageOf(quantity)
  const { siteIds, sitesMin } = sitesOf(deps, subject)
  const range = await rangeOf(deps, siteIds, query)
  const clock = clockHours(deps.timezone)
  const sites = range ? await hoursOf(deps, siteIds, quantity, range) : []
  const points = profileOf(sites, { by, timezone, average, random: seededRandom(seed), sitesMin, clock })
  const hours = countedHours(sites, sitesMin)
  const expected = range ? clock.hourStarts(range.from, range.until).length : 0
  return {
    street: subject.kind === 'street' ? subject.id : null,
    site: subject.kind === 'site' ? subject.id : null,
    quantity,
    unit: unit.unit,
    timezone,
    from: range ? toIso(range.from) : null,
    until: range ? toIso(range.until) : null,
    averaging: `hourly values by the time measured in them, by ${by} of the local clock`,
    coverage: expected > 0 ? (rounded(Math.min(1, hours / expected)) ?? 0) : 0,
    by,
    hours,
    points: points.map(({ hour, weekday, month, mean, interval, days }) => ({
      hour,
      weekday,
      month,
      mean: days < profileDaysMin ? null : unit.shown(mean),
      interval: interval && interval.map((end) => unit.shown(end) ?? end),
      days
    })),
    indicative: true,
    ...(await notesOf(deps.readings, siteIds, quantity, range)),
    reason: points.every(({ days }) => days < profileDaysMin)
      ? `No part of the profile has ${profileDaysMin} days${sitesMin > 1 ? ` on which ${sitesMin} sites measured` : ''}.`
      : null
  }
}

function averageOf(quantity: Quantity): 'arithmetic' | 'energy' {
  refuseDirection(quantity)
  const { average } = definitionOf(quantity)
  if (average === 'arithmetic' || average === 'energy') return average
  throw new FiguresRefusal('parameterBad', `is ${quantity}, which has no mean; ask for laeq.`, 'quantity')
}

async function rangeOf(
  deps: PeriodDeps,
  siteIds: readonly string[],
  { quantity, timezone, ...query }: ProfileQuery
): Promise<TimeRange | undefined> {
  const reach = await reachOf(deps, siteIds, quantity, timezone)
  const until = query.until ?? reach?.until
  if (until === undefined) return undefined
  const from = query.from ?? (Math.max(until - rangeMsDefault, reach?.from ?? 0) as UnixMs)
  return from < until ? refuseLong({ from, until }) : undefined
}

/** Hours of each site, of the hub's clock. */
function hoursOf(
  { readings, timezone }: PeriodDeps,
  siteIds: readonly string[],
  quantity: Quantity,
  range: TimeRange
): Promise<MeanColumns[]> {
  const from = clockHours(timezone).hourStart(range.from)
  return readings.means({ siteIds, quantities: [quantity], window: 'hour', from, until: range.until })
}

/** Hours that enough sites measured well enough. */
function countedHours(sites: readonly MeanColumns[], sitesMin: number): number {
  const counts = new Map<UnixMs, number>()
  for (const { time, mean, coverage } of sites) {
    time.forEach((hour, i) => {
      const isCounted = mean[i] !== null && (coverage[i] ?? 0) >= coverageMin
      if (isCounted) counts.set(hour, (counts.get(hour) ?? 0) + 1)
    })
  }
  return [...counts.values()].filter((sitesOfHour) => sitesOfHour >= sitesMin).length
}
