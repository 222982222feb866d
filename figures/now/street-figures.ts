/**
 * The newest figures of every street, kept in memory: hourly means are read again when the store recomputed a closed
 * hour, single readings follow the live feed. The pages, the event stream and MQTT all say what stands here.
 */
import { streetFiguresKeepMs } from '../../model/limits.ts'
import { clockHours, type Clock, type UnixMs } from '../../model/time.ts'
import { maySeeSite } from '../../model/visibility.ts'
import type { LatestReading, ReadingReader } from '../../store/promise/read.ts'
import type { LiveFeed } from '../live-feed.ts'
import type { Site } from '../../model/place.ts'
import { presentSites, uncountedSites, type Places } from '../places.ts'
import { homesFigures } from '../homes/homes-figures.ts'
import { figuresOf, readStreet, takeReading, unreadStreet, type KnownStreet } from './known-street.ts'
import { lastYears, type LastYears } from './last-years.ts'
import type { Figures } from './outdoor-figures.ts'
import { gatherReads, isStreetQuantity } from './street-reads.ts'
import { watchStreets, type StreetListener, type WatchLog } from './street-watch.ts'

export interface StreetFiguresDeps {
  readings: Pick<ReadingReader, 'means' | 'latest' | 'corrections' | 'recomputing'>
  places: Pick<Places, 'streets' | 'sites' | 'site' | 'devices' | 'deployments' | 'publishedDays' | 'isDemo'>
  live: LiveFeed
  clock: Clock
  timezone: string
  /** Work that nobody asked for waits until no sensor's readings are on their way to another site. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  log: WatchLog
}

export interface StreetGlance {
  /** Public sites where a sensor is installed. */
  sites: Site[]
  /** Quantities that nobody measured are absent. */
  figures: Figures
}

export interface StreetNow extends StreetGlance {
  /** Newest readings of these sites. */
  newest: LatestReading[]
}

export interface StreetFigures {
  /** Everything the public sees of a street, as fresh as the rollups. */
  now(streetId: string): Promise<StreetNow>
  /**
   * Of many streets, in their order: what is known already is given at once while fresher figures are fetched.
   */
  glance(streetIds: readonly string[]): Promise<StreetGlance[]>
  /**
   * What MQTT publishes: outdoor figures, which homes never stand in for. A quantity that no outdoor sensor of the street
   * measures is told of its homes.
   */
  published(streetId: string): Promise<Figures>
  /** Days of homes came out, or were taken away: whoever watches is told. */
  homesChanged(): void
  /** Told when figures of a street changed, at most once a second a street. Returns how to stop. */
  watch(listener: StreetListener): () => void
  /** Stops following the live feed. Safe to call twice. */
  close(): void
}

export function streetFigures(deps: StreetFiguresDeps): StreetFigures {
  const years = lastYears({
    ...deps,
    onFailure: (streetId, error) =>
      deps.log.warn(
        { err: error, streetId },
        'The last 12 months could not be read; earlier figures are shown.'
      )
  })
  const outdoor = outdoorStreets(deps, years)

  const homesNow = (): ((streetId: string) => Figures) => homesFigures(deps, deps.clock.now())
  const sitesOf = (streetId: string): Site[] => presentSites(deps.places)(streetId)
  const freshOf = (streetId: string, sites: readonly Site[]): Promise<KnownStreet> =>
    outdoor.fresh(streetId, partsOf(sites, uncountedSites(deps.places)))
  const now = async (streetId: string): Promise<StreetNow> => {
    const sites = sitesOf(streetId)
    const street = await freshOf(streetId, sites)
    const figures = { ...figuresOf(street), ...homesNow()(streetId) }
    return { sites, figures, newest: [...street.newest.values()] }
  }
  const latest = async (streetId: string): Promise<Figures> => (await now(streetId)).figures

  const watching = watchStreets({
    latest: (streetId) => deps.inTurn(() => latest(streetId)),
    clock: deps.clock,
    log: deps.log
  })
  const stops = followLive(deps, { outdoor, years }, (streetId) => watching.changed(streetId))

  return {
    now,
    glance(streetIds) {
      const sitesOfStreet = presentSites(deps.places)
      const uncounted = uncountedSites(deps.places)
      const homesOf = homesNow()
      return Promise.all(
        streetIds.map(async (streetId) => {
          const sites = sitesOfStreet(streetId)
          const parts = partsOf(sites, uncounted)
          const street = await outdoor.atHand(streetId, parts)
          return { sites, figures: { ...figuresOf(street), ...homesOf(streetId) } }
        })
      )
    },
    published: (streetId) =>
      deps.inTurn(async () => ({
        ...homesNow()(streetId),
        ...figuresOf(await freshOf(streetId, sitesOf(streetId)))
      })),
    homesChanged: () => deps.places.streets().forEach(({ streetId }) => watching.changed(streetId)),
    watch: (listener) => watching.watch(listener),
    close() {
      for (const stop of stops.splice(0)) stop()
      watching.close()
    }
  }
}

interface OutdoorStreets {
  fresh(streetId: string, parts: StreetParts): Promise<KnownStreet>
  atHand(streetId: string, parts: StreetParts): Promise<KnownStreet>
  /** What is known of a street, and what is just being read. */
  inMemory(streetId: string): KnownStreet[]
}

function outdoorStreets(deps: StreetFiguresDeps, years: LastYears): OutdoorStreets {
  const reads = { ...deps, read: gatherReads(deps.readings), years }
  const known = new Map<string, KnownStreet>()
  const reading = new Map<string, { street: KnownStreet; done: Promise<KnownStreet> }>()

  const read = (streetId: string, parts: StreetParts): Promise<KnownStreet> => {
    const running = reading.get(streetId)
    if (running && !running.street.stale && hasSameParts(running.street, parts)) return running.done
    const street = unreadStreet(parts, { now: deps.clock.now(), timezone: deps.timezone })
    const done = readStreet(reads, streetId, street).then(() => {
      if (reading.get(streetId)?.street === street) known.set(streetId, street)
      return street
    })
    reading.set(streetId, { street, done })
    const forget = (): void => {
      if (reading.get(streetId)?.street === street) reading.delete(streetId)
    }
    done.then(forget, forget)
    return done
  }

  return {
    async fresh(streetId, parts) {
      const street = known.get(streetId)
      return street && isFresh(street, parts, deps.clock.now()) ? street : read(streetId, parts)
    },
    async atHand(streetId, parts) {
      const street = known.get(streetId)
      // Another set of sites may mean that somebody took one away: then nothing old may be shown.
      if (!street || !hasSameParts(street, parts)) return read(streetId, parts)
      if (deps.clock.now() - street.readAt > 2 * streetFiguresKeepMs) return read(streetId, parts)
      if (!isFresh(street, parts, deps.clock.now())) {
        read(streetId, parts).catch((error: unknown) =>
          deps.log.warn(
            { err: error, streetId },
            'Street figures could not be refreshed; older ones are shown.'
          )
        )
      }
      return street
    },
    inMemory: (streetId) =>
      [known.get(streetId), reading.get(streetId)?.street].filter((street) => street !== undefined)
  }
}

function followLive(
  deps: StreetFiguresDeps,
  { outdoor, years }: { outdoor: OutdoorStreets; years: LastYears },
  changed: (streetId: string) => void
): (() => void)[] {
  const publicStreetOf = (siteId: string): string | undefined => {
    const site = deps.places.site(siteId)
    return site && maySeeSite('public', site) ? site.streetId : undefined
  }
  return [
    deps.live.subscribe((batch) => {
      for (const newest of batch) {
        const streetId = publicStreetOf(newest.siteId)
        if (streetId === undefined || newest.flag === 4) continue
        for (const street of outdoor.inMemory(streetId)) takeReading(street, newest)
        changed(streetId)
      }
    }),
    deps.live.subscribeRollups((touched) => {
      const now = deps.clock.now()
      const local = clockHours(deps.timezone)
      const running = local.hourStart(now)
      const today = local.dayStart(now)
      for (const { siteId, quantity, hour } of touched) {
        const streetId = publicStreetOf(siteId)
        // The running hour is in no figure.
        if (streetId === undefined || hour >= running || !isStreetQuantity(quantity)) continue
        if (hour < today) years.changed(streetId)
        for (const street of outdoor.inMemory(streetId)) street.stale = true
        changed(streetId)
      }
    })
  ]
}

function isFresh(street: KnownStreet, parts: StreetParts, now: UnixMs): boolean {
  return (
    !street.stale &&
    now - street.readAt < streetFiguresKeepMs &&
    clockHours(street.timezone).hourStart(now) === clockHours(street.timezone).hourStart(street.readAt) &&
    hasSameParts(street, parts)
  )
}

type StreetParts = Pick<KnownStreet, 'siteIds' | 'counted'>

function partsOf(sites: readonly Site[], uncounted: ReadonlySet<string>): StreetParts {
  const siteIds = sites.map(({ siteId }) => siteId)
  return { siteIds, counted: new Set(siteIds.filter((siteId) => !uncounted.has(siteId))) }
}

function hasSameParts(street: KnownStreet, { siteIds, counted }: StreetParts): boolean {
  return street.siteIds.join() === siteIds.join() && [...street.counted].join() === [...counted].join()
}
