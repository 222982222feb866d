/** What is known of one street's outdoor sites: their last hours as the store computed them, their newest readings as they come. */
import { hourStart, type Clock, type UnixMs } from '../model/time.ts'
import { quantities, quantityNames, type Quantity } from '../model/quantity.ts'
import { visibleSites } from '../model/visibility.ts'
import type { LatestReading, ReadingReader } from '../store/store.ts'
import type { Places } from './deps.ts'
import {
  hoursNeededFrom,
  middleFigure,
  type MiddleFigure,
  sensorFigure,
  type Figures,
  type HoursBySite
} from './outdoor-figures.ts'

export interface KnownStreet {
  readonly siteIds: readonly string[]
  readonly readAt: UnixMs
  /** A closed hour was recomputed since (or while) the hours were read. */
  stale: boolean
  hours: Map<Quantity, HoursBySite>
  middles: Partial<Record<Quantity, MiddleFigure>>
  newest: Map<string, LatestReading>
  /** What `figuresOf` made of it all; undefined since something changed. */
  figures: Figures | undefined
}

export interface KnownStreetDeps {
  readings: Pick<ReadingReader, 'rollup' | 'latest'>
  places: Pick<Places, 'sites'>
  clock: Clock
  timezone: string
}

/** Nothing is known yet; live readings may already be taken while `readStreet` runs. */
export function unreadStreet(deps: KnownStreetDeps, streetId: string): KnownStreet {
  return {
    siteIds: publicSiteIds(deps.places, streetId),
    readAt: deps.clock.now(),
    stale: false,
    hours: new Map(),
    middles: {},
    newest: new Map(),
    figures: undefined
  }
}

export async function readStreet(deps: KnownStreetDeps, street: KnownStreet): Promise<KnownStreet> {
  if (street.siteIds.length === 0) return street
  for (const newest of await deps.readings.latest(street.siteIds)) takeReading(street, newest)
  const moment = { now: street.readAt, timezone: deps.timezone }
  await Promise.all(
    quantityNames.filter(isStreetQuantity).map(async (quantity) => {
      const hours = await readHours(deps.readings, street, quantity, hoursNeededFrom(quantity, moment))
      const middle = middleFigure(quantity, hours, moment)
      street.hours.set(quantity, hours)
      street.middles[quantity] = middle
    })
  )
  street.figures = undefined
  return street
}

/** Readings come in any order; only a newer one changes what is newest. */
export function takeReading(street: KnownStreet, newest: LatestReading): void {
  const key = `${newest.siteId} ${newest.quantity}`
  const before = street.newest.get(key)
  if (before && before.measuredAt > newest.measuredAt) return
  street.newest.set(key, newest)
  street.figures = undefined
}

/** Made once for what is known: a list of seventy streets is asked for far more often than they change. */
export function figuresOf(street: KnownStreet): Figures {
  street.figures ??= makeFigures(street)
  return street.figures
}

function makeFigures(street: KnownStreet): Figures {
  const figures: Figures = {}
  const byQuantity = Map.groupBy(street.newest.values(), (one) => one.quantity)
  for (const quantity of quantityNames.filter(isStreetQuantity)) {
    const readings = byQuantity.get(quantity)
    if (!readings) continue
    const newest = readings.reduce((a, b) => (b.measuredAt > a.measuredAt ? b : a))
    const { sites = 0, figure: middle } = street.middles[quantity] ?? {}
    const figure = middle ?? sensorFigure(newest, street.hours.get(quantity), street.readAt, sites)
    figures[quantity] = { ...figure, sitesTotal: readings.length }
  }
  return figures
}

/** How a box is doing is no figure of its street. */
export function isStreetQuantity(quantity: Quantity): boolean {
  return quantities[quantity].subject !== 'device'
}

/** The street's sites that the public may see, in a fixed order. */
export function publicSiteIds(places: Pick<Places, 'sites'>, streetId: string): string[] {
  return visibleSites('public', places.sites())
    .filter((site) => site.streetId === streetId)
    .map((site) => site.siteId)
    .toSorted()
}

async function readHours(
  readings: KnownStreetDeps['readings'],
  street: KnownStreet,
  quantity: Quantity,
  from: UnixMs
): Promise<HoursBySite> {
  const until = hourStart(street.readAt)
  // A site that has been silent since before has no hours there to read.
  const sites = [...street.newest.values()].filter(
    (one) => one.quantity === quantity && one.measuredAt >= from
  )
  const hours = await Promise.all(
    sites.map(async ({ siteId }) => {
      const columns = await readings.rollup({ siteId, quantity, from, until, window: 'hour' })
      return [siteId, columns] as const
    })
  )
  return new Map(hours)
}
