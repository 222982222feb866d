/**
 * The days that everybody saw while they were recalculated for every query, as those rules made them: after an upgrade they
 * are written into the ledger first, and stand. Value and date alone: hours, quartiles and counts end with those rules.
 */
import { homesDelayMs } from '../../model/limits.ts'
import { sitesBeforeSetting } from '../../model/taken-over.ts'
import { quantityNames, type Quantity } from '../../model/quantity.ts'
import { dayMs, dayStart, nextDayStart, type Clock, type UnixMs } from '../../model/time.ts'
import { byHome, cohortOf, inPublishedSteps, sharesAt, type HomeSite } from '../../model/visibility.ts'
import type { DecidedDay, NewPublishedDay } from '../../registry/promise/published-days.ts'
import type { Registry } from '../../registry/registry.ts'
import { median } from '../../science/street.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { civilDate } from './civil-date.ts'
import { readHomes } from './homes-reads.ts'

export interface EarlierDaysDeps {
  readings: Pick<ReadingReader, 'means'>
  registry: Pick<Registry, 'sites' | 'setting' | 'setSetting' | 'publishing' | 'takeOverDays'>
  clock: Clock
  timezone: string
}

/** Once, after an upgrade and before anything is computed again; gives how many figures stand by it. */
export async function takeOverEarlierDays(deps: EarlierDaysDeps): Promise<number> {
  const { readings, registry, clock, timezone } = deps
  if (registry.publishing().isTakenOver) return 0
  const now = clock.now()
  const counted = new Set(JSON.parse(registry.setting(sitesBeforeSetting) || '[]') as string[])
  const sites = registry
    .sites()
    .filter(({ siteId, placement }) => placement === 'indoor' && counted.has(siteId))
  const range = { from: 0 as UnixMs, until: now }
  const means = await readHomes(readings, sites, { ...range, quantities: quantityNames, windows: ['day'] })
  const streetOf = new Map(sites.map(({ siteId, streetId }) => [siteId, streetId]))
  const figures = [...new Set(streetOf.values())].flatMap((streetId) =>
    quantityNames.flatMap((quantity) => {
      const homes = means(quantity).filter(({ siteId }) => streetOf.get(siteId) === streetId)
      return daysOf(deps, { streetId, quantity, homes, now })
    })
  )
  const last = figures.toSorted((a, b) => a.until - b.until).at(-1)
  registry.takeOverDays(figures, last ? dayOf(last.from, timezone) : null, now)
  registry.setSetting(sitesBeforeSetting, '')
  return figures.length
}

interface StreetHomes {
  streetId: string
  quantity: Quantity
  homes: readonly HomeSite[]
  now: UnixMs
}

/**
 * The median of five homes or more, in steps of five by their ids, a day after it ended. Consent was a yes or no of each site
 * then, which held for all days.
 */
function daysOf(
  { timezone }: EarlierDaysDeps,
  { streetId, quantity, homes, now }: StreetHomes
): (NewPublishedDay & DecidedDay)[] {
  const rooms = byHome(homes, 'days')
  const starts = [...new Set(homes.flatMap(({ days }) => days.time))].toSorted((a, b) => a - b)
  return starts.flatMap((start) => {
    const day = dayOf(start, timezone)
    if (now < day.until + homesDelayMs) return []
    const shares = sharesAt(quantity, rooms, start)
    const cohort = cohortOf([...shares.keys()])
    const value = median(cohort.map((homeId) => shares.get(homeId)!))
    if (value === null) return []
    return [{ streetId, quantity, ...day, value: inPublishedSteps(quantity, value), homes: 0, hours: null }]
  })
}

/** Where the zone was changed together with the program, a day of the old zone lasts 24 hours: nobody knows which one it was. */
function dayOf(from: UnixMs, timezone: string): DecidedDay {
  const isOfZone = dayStart(from, timezone) === from
  const until = isOfZone ? nextDayStart(from, timezone) : ((from + dayMs) as UnixMs)
  return { date: civilDate(from, timezone), from, until }
}
