/** Makes the entities of what the public may see: streets and outdoor sites of the registry, with the series that the store has. */
import { quantityNames, sourceOf, type Quantity } from '../../model/quantity.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Deployment, Site, Street } from '../../model/place.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { visibleSites } from '../../model/visibility.ts'
import type { Registry } from '../../registry/registry.ts'
import type { SeriesExtent } from '../../store/promise/read.ts'
import { homesThingWords, streetWords, thingWords } from '../../words/sensorthings.ts'
import { publishedNumbers, readingNumbers, SeriesNumbers } from '../ids.ts'
import { Building, linkFrom, type Model, type ModelFacts } from './building.ts'
import { addDatastream, type StreamOf } from './datastream.ts'
import type { Entity, Json } from './entity.ts'
import { publishedStreams } from './homes.ts'

export type StaPlaces = Pick<
  Registry,
  | 'streets'
  | 'sites'
  | 'devices'
  | 'deployments'
  | 'corrections'
  | 'publishedDays'
  | 'publishedQuantities'
  | 'onChange'
>

/** Indoor sites, their devices and their series are looked at nowhere: `extents` are those of public sites. */
export function buildModel(places: StaPlaces, extents: readonly SeriesExtent[], facts: ModelFacts): Model {
  const building = new Building(places.devices(), facts)
  const sites = visibleSites('public', places.sites())
  const streets = new Map(places.streets().map((street) => [street.streetId, street]))
  const deployments = Map.groupBy(places.deployments(), ({ siteId }) => siteId)
  const numbers = new SeriesNumbers(readingNumbers, seriesKeys(building, sites, deployments))
  const correctionsOf: ReadonlyMap<string | undefined, CorrectionRow[]> = Map.groupBy(
    places.corrections(),
    (row) => row.quantity
  )
  const bySite = Map.groupBy(extents, ({ siteId }) => siteId)

  for (const site of sites) {
    const street = streets.get(site.streetId)
    if (!street) continue
    const own = bySite.get(site.siteId) ?? []
    const installed = deployments.get(site.siteId) ?? []
    const thing = addSite(building, site, street, { own, installed })
    for (const [quantity, series] of Map.groupBy(own, (one) => one.quantity)) {
      const stream: StreamOf = { quantity, siteId: site.siteId, where: site.name, kind: 'site' }
      const corrections = correctionsOf.get(sourceOf(quantity)) ?? []
      const made = addDatastream(building, thing, stream, { series, installed, corrections })
      for (const one of made.series) one.number = numbers.of(seriesKey(one.deviceId, quantity))!
    }
  }
  const homes = new SeriesNumbers(publishedNumbers, homesKeys(streets.values()))
  for (const street of streets.values()) addHomes(building, places, street, homes)
  return building.done()
}

/** Of boxes that were ever at a public site, in the order in which they came, whether or not they measured it yet. */
function seriesKeys(
  { devices }: Building,
  sites: readonly Site[],
  deployments: ReadonlyMap<string, readonly Deployment[]>
): string[] {
  const shown = new Set(
    sites.flatMap(({ siteId }) => (deployments.get(siteId) ?? []).map(({ deviceId }) => deviceId))
  )
  const inOrder = [...devices.values()]
    .filter(({ deviceId }) => shown.has(deviceId))
    .sort((a, b) => a.createdAt - b.createdAt || (a.deviceId < b.deviceId ? -1 : 1))
  return inOrder.flatMap(({ deviceId }) => quantityNames.map((quantity) => seriesKey(deviceId, quantity)))
}

function seriesKey(deviceId: string, quantity: Quantity): string {
  return `${deviceId} ${quantity}`
}

function* homesKeys(streets: Iterable<Street>): Generator<string> {
  for (const { streetId } of [...streets].sort((a, b) => (a.streetId < b.streetId ? -1 : 1)))
    for (const quantity of quantityNames)
      for (const each of ['day', 'hour']) yield `${streetId} ${quantity} ${each}`
}

function addSite(
  building: Building,
  site: Site,
  street: Street,
  of: { own: readonly SeriesExtent[]; installed: readonly Deployment[] }
): Entity {
  const now = of.installed.filter(({ until }) => until === null)
  const isOpen = now.some(({ deviceId }) => building.devices.get(deviceId)?.unauthenticated)
  const isReference = now.some(({ deviceId }) => building.devices.get(deviceId)?.isReference)
  const thing = building.once('Thing', site.siteId, () => ({
    ...thingWords(site.name, street.name),
    properties: {
      site: site.siteId,
      street: street.streetId,
      streetName: street.name,
      placement: 'outdoor',
      indicative: !isReference,
      // Anybody who knows the box's address could have sent its values.
      unauthenticated: isOpen
    }
  }))
  const since = [...of.installed, ...of.own].flatMap(({ from }) => from ?? [])
  const created = of.installed.flatMap(({ deviceId }) => building.devices.get(deviceId)?.createdAt ?? [])
  addPlace(building, thing, street, Math.min(...(since.length > 0 ? since : created), Infinity))
  return thing
}

/** Its Location is the street, now and ever: a sensor that moves has another site, which is another Thing. */
function addPlace(building: Building, thing: Entity, street: Street, since: number): void {
  const location = building.once('Location', street.streetId, () => ({
    name: street.name,
    description: streetWords(street.name),
    encodingType: 'application/geo+json',
    location: geometryOf(street),
    properties: { street: street.streetId, attribution: street.attribution }
  }))
  const history = building.once('HistoricalLocation', String(thing.id), () => ({
    time: toIso((Number.isFinite(since) ? since : 0) as UnixMs)
  }))
  thing.links = { Locations: [location], HistoricalLocations: [history], Datastreams: [] }
  history.links = { Thing: thing, Locations: [location] }
  linkFrom(location, 'Things', thing)
  linkFrom(location, 'HistoricalLocations', history)
}

function geometryOf({ lines }: Street): Json {
  const [only] = lines
  if (!only) return { type: 'GeometryCollection', geometries: [] }
  if (lines.length === 1) return { type: 'LineString', coordinates: only }
  return { type: 'MultiLineString', coordinates: lines }
}

function addHomes(building: Building, places: StaPlaces, street: Street, numbers: SeriesNumbers): void {
  for (const quantity of places.publishedQuantities(street.streetId)) {
    for (const { each, rows } of publishedStreams(places, street.streetId, quantity)) {
      const [first] = rows
      if (!first) continue
      const thing = building.once('Thing', `homes ${street.streetId}`, () => ({
        ...homesThingWords(street.name),
        properties: {
          street: street.streetId,
          streetName: street.name,
          placement: 'indoor',
          indicative: true
        }
      }))
      if (!thing.links['Locations']) addPlace(building, thing, street, first.at)
      const kind = each === 'day' ? 'homes by day' : 'homes by hour'
      const made = addDatastream(
        building,
        thing,
        { quantity, siteId: null, where: street.name, kind },
        {
          series: [{ deviceId: '', from: first.at, until: rows.at(-1)!.at + 1 }],
          installed: [],
          corrections: []
        }
      )
      const series = made.series[0]!
      series.number = numbers.of(`${street.streetId} ${quantity} ${each}`)!
      made.published = rows.map((row) => ({ ...row, series, flag: 0, reasons: 0 }))
    }
  }
}
