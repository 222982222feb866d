/** One street over a long time from the same sensors throughout, so that a sensor that joins or stops is no trend. */
import { median } from './street.ts'
import { coverageMin, streetSitesMin } from '../model/limits.ts'
import type { UnixMs } from '../model/time.ts'
import { isKnown } from '../model/known.ts'

export interface SiteMeans {
  siteId: string
  time: readonly UnixMs[]
  mean: readonly (number | null)[]
  coverage: readonly (number | null)[]
}

export interface FixedSet {
  siteIds: string[]
  /** Sites that measured too small a part of the windows to belong to the set. */
  leftOut: string[]
  time: UnixMs[]
  /** null where fewer than half of the set were there. */
  value: (number | null)[]
}

/**
 * The sites that have at least three quarters of the windows, and their common course. In a window where one of them is
 * missing the plain median would jump by what that site differs from the others; so the course is the median of each
 * site's difference from its own level, over the windows in which the whole set was there, and the middle level is
 * added back (fixed effects). Three sites or more; undefined where there is no such set. For trends and before/after:
 * what a street is today is the median of those that measure today (street.ts).
 */
export function fixedSet(
  sites: readonly SiteMeans[],
  windows: readonly UnixMs[],
  sitesMin = streetSitesMin
): FixedSet | undefined {
  const courses = sites.map((site) => ({ siteId: site.siteId, means: meansOf(site) }))
  const isWhole = ({ means }: { means: ReadonlyMap<UnixMs, number> }): boolean =>
    windows.filter((time) => means.has(time)).length >= windows.length * coverageMin
  const set = courses.filter(isWhole)
  const common = windows.filter((time) => set.every(({ means }) => means.has(time)))
  if (set.length < sitesMin || common.length < windows.length / 4) return undefined
  const levels = set.map(
    ({ means }) => common.reduce((sum, time) => sum + means.get(time)!, 0) / common.length
  )
  const middle = median(levels)!
  const value = windows.map((time) => {
    const differences = set.flatMap(({ means }, i) =>
      means.has(time) ? [means.get(time)! - levels[i]!] : []
    )
    return differences.length * 2 < set.length ? null : middle + median(differences)!
  })
  return {
    siteIds: set.map(({ siteId }) => siteId),
    leftOut: courses.filter((course) => !isWhole(course)).map(({ siteId }) => siteId),
    time: [...windows],
    value
  }
}

function meansOf({ time, mean, coverage }: SiteMeans): Map<UnixMs, number> {
  return new Map(
    time.flatMap((at, i) => {
      const [value, share] = [mean[i] ?? null, coverage[i] ?? null]
      return !isKnown(value) || !isKnown(share) || share < coverageMin ? [] : [[at, value] as const]
    })
  )
}
