/**
 * Nights of a street from the hours of its sensors: the energy mean of 23 to 07 for each sensor, then the median of the
 * sensors. The guideline for nights may be drawn beside these, and beside no other points.
 */
import { coverageMin, streetSitesMin } from '../model/limits.ts'
import type { RollupColumns } from '../model/columns.ts'
import { dayMs, dayStarts, hourMs, type UnixMs } from '../model/time.ts'
import { isKnown } from '../model/known.ts'
import { energyMean, nightOf } from './noise.ts'
import { acrossSites } from './street.ts'

/** Hour columns of one sensor, as sites/{id}/series gives them. */
export interface HourColumns {
  time: readonly number[]
  mean: readonly (number | null)[]
  coverage: readonly (number | null)[]
}

export interface Nights {
  time: number[]
  median: (number | null)[]
  p25: (number | null)[]
  p75: (number | null)[]
  sites: number[]
  coverage: (number | null)[]
  sitesNeeded: number
}

/** One entry for each night that lies wholly in [from, until), at its beginning; null where too few sensors covered it. */
export function nights(sites: readonly HourColumns[], from: number, until: number, zone: string): Nights {
  const periods = dayStarts((from - dayMs) as UnixMs, until as UnixMs, zone)
    .map((day) => nightOf(day, zone))
    .filter((night) => night.from >= from && night.until <= until)
  const middle = acrossSites(sites.map((site) => siteNights(site, periods)))
  const indexOf = new Map(middle.time.map((time, i) => [Number(time), i]))
  const at = <T>(column: readonly T[], night: number, missing: T): T => {
    const i = indexOf.get(night)
    return i === undefined ? missing : (column[i] ?? missing)
  }
  const time = periods.map((night) => Number(night.from))
  return {
    time,
    median: time.map((night) => at(middle.median, night, null)),
    p25: time.map((night) => at(middle.p25, night, null)),
    p75: time.map((night) => at(middle.p75, night, null)),
    sites: time.map((night) => at(middle.sites, night, 0)),
    coverage: time.map((night) => at(middle.coverage, night, null)),
    sitesNeeded: streetSitesMin
  }
}

type NightColumns = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/** A night's coverage is its hours with coverage over its hours: 8, or 7 or 9 where clocks change. */
function siteNights(site: HourColumns, periods: readonly { from: UnixMs; until: UnixMs }[]): NightColumns {
  const columns: NightColumns = { time: [], mean: [], coverage: [] }
  const hours = site.time.map((time, i) => ({ time, mean: site.mean[i], coverage: site.coverage[i] ?? 0 }))
  for (const night of periods) {
    const levels = hours
      .filter(({ time, coverage }) => time >= night.from && time < night.until && coverage >= coverageMin)
      .flatMap(({ mean }) => (isKnown(mean) ? [mean] : []))
    columns.time.push(night.from)
    columns.mean.push(energyMean(levels))
    columns.coverage.push(levels.length / Math.round((night.until - night.from) / hourMs))
  }
  return columns
}
