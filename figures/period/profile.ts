/** An ordinary day, week or year of a place: means by the local clock with their intervals. */
import type { TimeRange } from '../../model/columns.ts'
import { correctedNote } from '../corrections.ts'
import { coverageMin } from '../../model/limits.ts'
import { dayMs, hourMs, hourStart, toIso, type UnixMs } from '../../model/time.ts'
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
  const hours = range ? await hoursOf(deps, siteIds, sitesMin, quantity, range) : noHours
  const points = profileOf(hours, { by, timezone, average, random: seededRandom(seed) })
  const expected = range ? Math.ceil((range.until - hourStart(range.from)) / hourMs) : 0
  return {
    street: subject.kind === 'street' ? subject.id : null,
    site: subject.kind === 'site' ? subject.id : null,
    quantity,
    unit: unit.unit,
    timezone,
    from: range ? toIso(range.from) : null,
    until: range ? toIso(range.until) : null,
    averaging: `hourly values, by ${by} of the local clock`,
    coverage: expected > 0 ? (rounded(Math.min(1, hours.time.length / expected)) ?? 0) : 0,
    by,
    hours: hours.time.length,
    points: points.map(({ hour, weekday, month, mean, interval, days }) => ({
      hour,
      weekday,
      month,
      mean: days < profileDaysMin ? null : unit.shown(mean),
      interval: interval && interval.map((end) => unit.shown(end) ?? end),
      days
    })),
    indicative: true,
    ...(await correctedNote(deps.readings, siteIds, quantity, range)),
    reason: points.every(({ days }) => days < profileDaysMin)
      ? `No part of the profile has ${profileDaysMin} days${sitesMin > 1 ? ` on which ${sitesMin} sites measured` : ''}.`
      : null
  }
}

function averageOf(quantity: Quantity): 'arithmetic' | 'energy' {
  refuseDirection(quantity)
  const { average } = definitionOf(quantity)
  if (average === 'arithmetic' || average === 'energy') return average
  throw new FiguresRefusal(
    'parameterBad',
    `is ${quantity}, of which there is no mean; ask for laeq.`,
    'quantity'
  )
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

const noHours: MeanColumns = { time: [], mean: [], coverage: [] }

/** Hours that count: of a site with its coverage, of a street with three sites. */
async function hoursOf(
  { readings }: PeriodDeps,
  siteIds: readonly string[],
  sitesMin: number,
  quantity: Quantity,
  range: TimeRange
): Promise<MeanColumns> {
  const query = { siteIds, quantity, window: 'hour', coverageMin } as const
  const period = { from: hourStart(range.from), until: range.until }
  const { time, median, sites, coverage } = await readings.acrossSites({ ...query, ...period })
  const counted = time.map((_time, i) => i).filter((i) => (sites[i] ?? 0) >= sitesMin)
  return {
    time: counted.map((i) => time[i]!),
    mean: counted.map((i) => median[i] ?? null),
    coverage: counted.map((i) => coverage[i] ?? null)
  }
}
