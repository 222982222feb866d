/**
 * The days that everybody saw while they were made anew for every question, as those rules made them: after an upgrade they
 * are written into the ledger first, and stand. Value and date alone: hours, quartiles and counts end with those rules.
 */
import { homesDelayMs } from '../../model/limits.ts'
import { quantityNames, type Quantity } from '../../model/quantity.ts'
import { dayMs, dayStart, nextDayStart, type Clock, type UnixMs } from '../../model/time.ts'
import {
  byHome,
  cohortOf,
  hasAgreed,
  inPublishedSteps,
  sharesAt,
  type HomeSite
} from '../../model/visibility.ts'
import type { DecidedDay, NewPublishedDay } from '../../registry/promise/published-days.ts'
import type { Registry } from '../../registry/registry.ts'
import { median } from '../../science/street.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { civilDate } from './civil-date.ts'
import { readHomes } from './homes-reads.ts'

export interface EarlierDaysDeps {
  readings: Pick<ReadingReader, 'means'>
  registry: Pick<Registry, 'sites' | 'consents' | 'publishing' | 'takeOverDays'>
  clock: Clock
  timezone: string
}

/** Once, after an upgrade and before anything is computed again; gives how many figures stand by it. */
export async function takeOverEarlierDays(deps: EarlierDaysDeps): Promise<number> {
  const { readings, registry, clock, timezone } = deps
  if (registry.publishing().isTakenOver) return 0
  const now = clock.now()
  const sites = registry.sites().filter(({ placement, homeId }) => placement === 'indoor' && homeId !== '')
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
  return figures.length
}

interface StreetHomes {
  streetId: string
  quantity: Quantity
  homes: readonly HomeSite[]
  now: UnixMs
}

/** The median of five homes or more whose host said yes, in steps of five by their ids, a day after it ended. */
function daysOf(
  { registry, timezone }: EarlierDaysDeps,
  { streetId, quantity, homes, now }: StreetHomes
): (NewPublishedDay & DecidedDay)[] {
  const consents = registry.consents()
  const rooms = byHome(homes, 'days')
  const starts = [...new Set(homes.flatMap(({ days }) => days.time))].toSorted((a, b) => a - b)
  return starts.flatMap((start) => {
    const day = dayOf(start, timezone)
    if (now < day.until + homesDelayMs) return []
    const shares = sharesAt(quantity, rooms, start)
    const agreed = [...shares.keys()].filter(
      (homeId) =>
        // It was a yes or no then, which held for all days; the upgrade made a record of it.
        consents.some((one) => one.homeId === homeId && one.wording === 'taken-over') ||
        hasAgreed(consents, homeId, start, now)
    )
    const cohort = cohortOf(agreed, () => '')
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
