/**
 * What every number is asked with: whose eyes, which place, which period, which unit. The public's path and the
 * operator's command go through the same functions and differ only in what model/visibility.ts lets them see.
 */
import type { TimeRange } from '../../model/columns.ts'
import { seriesRangeMsMax } from '../../model/limits.ts'
import type { Site, Street } from '../../model/place.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import {
  dayStart,
  hourMs,
  hourStart,
  isTimeZone,
  nextDayStart,
  type Clock,
  type UnixMs
} from '../../model/time.ts'
import { maySeeSite, type Audience } from '../../model/visibility.ts'
import { converterFor } from '../../science/convert.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { Places } from '../hub-side.ts'
import { ApiProblem } from '../problem.ts'
import { publicSite, publicSitesOf, publicStreet } from '../public-places.ts'
import { shown } from '../query.ts'

export interface NumbersDeps {
  readings: Pick<
    ReadingReader,
    'means' | 'summary' | 'reach' | 'count' | 'acrossSites' | 'corrections' | 'recomputing'
  >
  places: Pick<Places, 'site' | 'sites' | 'street'>
  clock: Clock
  /** Of the hub's civil days; a question may name another. */
  timezone: string
  audience: Audience
}

export function siteFor({ places, audience }: NumbersDeps, siteId: string): Site {
  const site = places.site(siteId)
  return site && maySeeSite(audience, site) ? site : publicSite(places, siteId)
}

export function streetFor({ places }: NumbersDeps, streetId: string): Street {
  return publicStreet(places, streetId)
}

/** A street's value is that of its outdoor sites, for every audience. */
export function streetSiteIds({ places }: NumbersDeps, streetId: string): string[] {
  return publicSitesOf(places, streetId)
    .map((site) => site.siteId)
    .toSorted()
}

export function zoneFor(deps: NumbersDeps, asked: string | undefined): string {
  if (asked === undefined || isTimeZone(asked)) return asked ?? deps.timezone
  throw new ApiProblem(
    'parameterBad',
    `"timezone" is "${shown(asked)}". Give a name of the tz database, such as Europe/London or UTC.`
  )
}

export interface Unit {
  unit: string
  /** From the quantity's own unit. */
  shown(value: number | null): number | null
  /** The same for what lies between two values, such as a slope. */
  difference(value: number): number
}

/** Six decimals: no sensor has more, and the noise of binary fractions stays out. */
export function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 1e6) / 1e6
}

/** Every conversion of the table is a line, so two points of it are enough to go the other way. */
export function unitFor(quantity: Quantity, asked: string | undefined): Unit {
  if (asked === undefined) {
    return {
      unit: definitionOf(quantity).unit,
      shown: rounded,
      difference: (value) => rounded(value) ?? value
    }
  }
  const found = converterFor(quantity, asked)
  if (!found.ok) throw new ApiProblem('unitUnknown', found.refusal)
  const zero = found.convert(0)
  const one = found.convert(1) - zero
  return {
    unit: asked,
    shown: (value) => (value === null ? null : rounded((value - zero) / one)),
    difference: (value) => rounded(value / one) ?? value
  }
}

/** Days of a period are counted one by one, so it has an end. */
export function refuseLong<R extends TimeRange>(range: R): R {
  if (range.until - range.from <= seriesRangeMsMax) return range
  throw new ApiProblem(
    'rangeTooLong',
    'Numbers may span 50 years. Give "from" and "until" for a shorter period.'
  )
}

/** Share of what was expected, from 0 to 1. */
export function coverageMinOf(asked: string | undefined, usual: number): number {
  if (asked === undefined) return usual
  const share = Number(asked)
  if (asked.trim() !== '' && share >= 0 && share <= 1) return share
  throw new ApiProblem(
    'parameterBad',
    `"coverageMin" is "${shown(asked)}". Give a share from 0 to 1, such as 0.75.`
  )
}

/** Whole civil days (or hours) around what was measured, but no further than now; null where nothing was. */
export async function reachOf(
  { readings, clock }: NumbersDeps,
  siteIds: readonly string[],
  quantity: Quantity,
  timezone: string,
  whole: 'day' | 'hour' = 'day'
): Promise<TimeRange | null> {
  const found = await Promise.all(siteIds.map((siteId) => readings.reach(siteId, quantity)))
  const reaches = found.filter((reach) => reach !== null)
  if (reaches.length === 0) return null
  const first = Math.min(...reaches.map(({ from }) => from)) as UnixMs
  const last = Math.max(...reaches.map(({ until }) => until)) as UnixMs
  const end =
    whole === 'day'
      ? nextDayStart(dayStart((last - 1) as UnixMs, timezone), timezone)
      : hourStart((last - 1) as UnixMs) + hourMs
  return {
    from: whole === 'day' ? dayStart(first, timezone) : hourStart(first),
    until: Math.min(end, Math.max(clock.now(), last)) as UnixMs
  }
}
