/**
 * Days of homes come out: each once, in their order, when it is late enough, all that was received until then is stored,
 * and its hours are made. What comes out is written into the ledger together with the day's being decided, so that a
 * crash, a late reading or a change of mind decides nothing twice.
 */
import { uncountedSites } from '../places.ts'
import { homesPerDayMin } from '../../model/limits.ts'
import type { Site } from '../../model/place.ts'
import { clockHours, dayStart, nextDayStart, type Clock, type UnixMs } from '../../model/time.ts'
import { hasAgreed, homesDay } from '../../model/visibility.ts'
import type { DecidedDay, NewPublishedDay } from '../../registry/promise/published-days.ts'
import type { Registry } from '../../registry/registry.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { streetQuantities } from '../now/street-reads.ts'
import { civilDate } from './civil-date.ts'
import { comesOutAt } from './due.ts'
import { readHomes } from './homes-reads.ts'

export interface ComingOutDeps {
  readings: Pick<ReadingReader, 'means' | 'unmadeHours'>
  registry: Pick<
    Registry,
    'isDemo' | 'sites' | 'devices' | 'deployments' | 'consents' | 'publishing' | 'decideDay' | 'passDays'
  >
  /** When the oldest message came that is not in the store yet; null where none waits. */
  waitingSince(): Promise<UnixMs | null>
  clock: Clock
  timezone: string
  /** False where what was read may not be all that there is, because a sensor moves: the day waits. */
  isWhole?(): boolean
}

/** Lets out what is due; gives the days that were decided now, oldest first. Stops at the first that has to wait. */
export async function comeOut(deps: ComingOutDeps): Promise<DecidedDay[]> {
  const { registry, clock } = deps
  const decided: DecidedDay[] = []
  for (;;) {
    const day = nextDay(deps)
    if (!day || clock.now() < comesOutAt(day.until, registry.isDemo)) return decided
    const { notBefore } = registry.publishing()
    // It may have come out before the restore, of other homes.
    const isLost = notBefore !== null && day.until <= notBefore
    const streets = isLost ? [] : streetsOf(deps, day)
    if (streets.length === 0) registry.passDays(day, clock.now())
    else if (!(await decide(deps, day, streets))) return decided
    decided.push(day)
  }
}

/**
 * The first whole day after the last one that was decided; before any, after the first consent. A changed zone may have
 * days of a date that is out already: these never come out a second time.
 */
function nextDay({ registry, timezone }: ComingOutDeps): DecidedDay | undefined {
  const { last } = registry.publishing()
  const from = last?.until ?? firstConsentAt(registry)
  if (from === undefined) return undefined
  const dayOf = (start: UnixMs): DecidedDay => ({
    date: civilDate(start, timezone),
    from: start,
    until: nextDayStart(start, timezone)
  })
  const running = dayStart(from, timezone)
  let day = dayOf(running >= from ? running : nextDayStart(running, timezone))
  while (last && day.date <= last.date) day = dayOf(day.until)
  return day
}

function firstConsentAt({ consents }: ComingOutDeps['registry']): UnixMs | undefined {
  const starts = consents().flatMap(({ purpose, from }) => (purpose === 'street' ? [from] : []))
  return starts.length > 0 ? (Math.min(...starts) as UnixMs) : undefined
}

/** Whether it could be decided now. */
async function decide(deps: ComingOutDeps, day: DecidedDay, streets: readonly Site[][]): Promise<boolean> {
  const { readings, registry, clock, timezone } = deps
  const sites = streets.flat()
  const siteIds = sites.map(({ siteId }) => siteId)
  const { from, until } = day
  const dueAt = comesOutAt(until, registry.isDemo)
  const waitingSince = await deps.waitingSince()
  if (waitingSince !== null && waitingSince < dueAt) return false
  if ((await readings.unmadeHours({ siteIds, from, until })) > 0) return false
  const windows = ['day', 'hour'] as const
  const means = await readHomes(readings, sites, { quantities: streetQuantities, windows, from, until })
  // From here on nothing waits: whoever took consent back in the meantime is not in.
  const now = clock.now()
  // The clock may have been set back meanwhile.
  if (now < dueAt || deps.isWhole?.() === false) return false
  const consents = registry.consents()
  const hours = clockHours(timezone).hourStarts(from, until)
  const figures = streets.flatMap(([first, ...others]): NewPublishedDay[] => {
    const own = new Set([first!, ...others].map(({ siteId }) => siteId))
    return streetQuantities.flatMap((quantity) => {
      const homes = means(quantity).filter(({ siteId }) => own.has(siteId))
      const figure = homesDay({ quantity, homes, consents, day, hours, now })
      return figure ? [{ streetId: first!.streetId, quantity, ...figure }] : []
    })
  })
  registry.decideDay(day, figures, now)
  return true
}

/** Of each street where enough homes agreed for the whole day until now, their sites. */
function streetsOf({ registry, clock }: ComingOutDeps, day: DecidedDay): Site[][] {
  const now = clock.now()
  const consents = registry.consents()
  const open = uncountedSites(registry)
  const sites = registry
    .sites()
    .filter(
      ({ siteId, placement, homeId }) =>
        placement === 'indoor' &&
        homeId !== '' &&
        !open.has(siteId) &&
        hasAgreed(consents, homeId, day.from, now)
    )
  return [...Map.groupBy(sites, ({ streetId }) => streetId).values()].filter(
    (street) => new Set(street.map(({ personId }) => personId)).size >= homesPerDayMin
  )
}
