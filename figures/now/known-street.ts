/** What is known of one street's outdoor sites: their last hours as the store computed them, their newest readings as they come. */
import { clockHours, type UnixMs } from '../../model/time.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { correctedNote, type CorrectedNote, type CorrectionReader } from '../corrections.ts'
import {
  hoursNeededFrom,
  middleFigure,
  type MiddleFigure,
  sensorFigure,
  type Moment,
  withMissingParts,
  type Figures,
  type HoursBySite
} from './outdoor-figures.ts'
import type { LastYears, YearFigures } from './last-years.ts'
import { streetQuantities, type ReadStreetSites } from './street-reads.ts'

export interface KnownStreet {
  readonly siteIds: readonly string[]
  /** Those of them that the street's value is made of. */
  readonly counted: ReadonlySet<string>
  readonly readAt: UnixMs
  readonly timezone: string
  /** A closed hour was recomputed since (or while) the hours were read. */
  stale: boolean
  hours: Map<Quantity, HoursBySite>
  middles: Partial<Record<Quantity, MiddleFigure>>
  /** Of corrected quantities: what made their hours. */
  notes: Partial<Record<Quantity, CorrectedNote>>
  newest: Map<string, LatestReading>
  /** The last 12 months, by quantity. */
  years: YearFigures
  /** What `figuresOf` made of it all; undefined since something changed. */
  figures: Figures | undefined
}

export interface KnownStreetDeps {
  read: ReadStreetSites
  readings: CorrectionReader
  timezone: string
  years: Pick<LastYears, 'of'>
}

/** Nothing is known yet; live readings may already be taken while `readStreet` runs. */
export function unreadStreet(
  { siteIds, counted }: Pick<KnownStreet, 'siteIds' | 'counted'>,
  { now: readAt, timezone }: Moment
): KnownStreet {
  return {
    siteIds,
    counted,
    readAt,
    timezone,
    stale: false,
    hours: new Map(),
    middles: {},
    notes: {},
    newest: new Map(),
    years: {},
    figures: undefined
  }
}

export async function readStreet(
  deps: KnownStreetDeps,
  streetId: string,
  street: KnownStreet
): Promise<KnownStreet> {
  const moment = momentOf(street)
  const counted = [...street.counted]
  const from = Math.min(...streetQuantities.map((quantity) => hoursNeededFrom(quantity, moment))) as UnixMs
  const [{ newest, hours }, years] = await Promise.all([
    deps.read(street.siteIds, { from, until: clockHours(street.timezone).hourStart(street.readAt) }),
    deps.years.of(streetId, counted)
  ])
  street.years = years
  for (const one of newest) takeReading(street, one)
  for (const [quantity, sites] of Map.groupBy(hours, (one) => one.quantity)) {
    const own = sites.filter(({ siteId }) => street.counted.has(siteId))
    const bySite = new Map(own.map((columns) => [columns.siteId, columns]))
    street.hours.set(quantity, bySite)
    street.middles[quantity] = middleFigure(quantity, bySite, moment)
  }
  const range = { from, until: street.readAt }
  for (const quantity of new Set(newest.map((one) => one.quantity)))
    street.notes[quantity] = await correctedNote(deps.readings, counted, quantity, range)
  street.figures = undefined
  return street
}

function momentOf({ readAt: now, timezone }: KnownStreet): Moment {
  return { now, timezone }
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
  const moment = momentOf(street)
  const own = [...street.newest.values()].filter(({ siteId }) => street.counted.has(siteId))
  const byQuantity = Map.groupBy(own, (one) => one.quantity)
  for (const quantity of streetQuantities) {
    const readings = byQuantity.get(quantity)
    if (!readings) continue
    const newest = readings.reduce((a, b) => (b.measuredAt > a.measuredAt ? b : a))
    const { sites = 0, figure: middle } = street.middles[quantity] ?? {}
    const figure = middle ?? sensorFigure(newest, street.hours.get(quantity), moment, sites)
    // Only what is said of the street has its year beside it: a single sensor has no level.
    const year = figure.basis === 'sites' ? street.years[quantity] : undefined
    figures[quantity] = {
      ...figure,
      sitesTotal: readings.length,
      ...(year && { lastYear: year }),
      ...street.notes[quantity]
    }
  }
  return withMissingParts(figures)
}
