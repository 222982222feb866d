/** Streets from a GeoJSON file (RFC 7946): lines joined by their name. A file with a mistake gives nothing but one clear line. */
import { extentDegreesMax, nameShownMax, zoneLongitudeDegreesMax } from './limits.ts'
import type { Position } from '../model/place.ts'
import { hourMs, zoneAheadMs, type UnixMs } from '../model/time.ts'
import { RegistryRefusal, type NewStreet } from './registry.ts'
import { badName } from './street-names.ts'
import { joinedAttribution } from './streets.ts'

export interface StreetFile {
  streets: NewStreet[]
  /** What was left out, and why: nothing of it is a mistake. */
  skipped: {
    /** Lines without `properties.name`: footways, drives. */
    nameless: number
    /** Points, areas, collections of shapes, and features without geometry. */
    notLines: number
  }
  /** Lines whose name can be no street's: the rest of the map is taken. */
  unusable: { feature: number; name: string; why: string }[]
  /** Those of them that have a name: perhaps somebody misses them. */
  named: { name: string; shape: string }[]
}

const openStreetMap = '© OpenStreetMap contributors, ODbL 1.0'

type Json = Record<string, unknown>

/**
 * Reads a FeatureCollection of LineString and MultiLineString features. `timezone`, the hub's own, tells longitude and
 * latitude apart where both readings are places on Earth.
 * @throws RegistryRefusal badGeoJson, naming the feature (counted from 1); then nothing of the file is to be taken.
 */
export function readStreets(text: string, timezone?: string): StreetFile {
  const collection = parseCollection(text)
  const fromOpenStreetMap = /overpass|openstreetmap/i.test(String(collection.generator ?? ''))
  const ofFile = sourceOf(collection)
  const streets = new Map<string, { lines: Position[][]; sources: string[] }>()
  const skipped = { nameless: 0, notLines: 0 }
  const named: StreetFile['named'] = []
  const unusable: StreetFile['unusable'] = []
  const extent = new Extent(timezone)

  for (const [index, feature] of featuresOf(collection).entries()) {
    const number = index + 1
    if (!isObject(feature) || feature.type !== 'Feature') {
      throw refusal(`Feature ${number} has no "type": "Feature"`)
    }
    const properties = isObject(feature.properties) ? feature.properties : {}
    const name = nameOf(properties)
    const coordinates = lineCoordinates(feature, number)
    if (coordinates === undefined) {
      skipped.notLines++
      if (name !== undefined) named.push({ name, shape: shapeOf(feature) })
    } else if (name === undefined) skipped.nameless++
    else if (badName(name) !== undefined) {
      unusable.push({ feature: number, name: printableName(name), why: badName(name)! })
    } else {
      const lines = coordinates.map((line) => lineOf(line, number, name))
      for (const line of lines) for (const position of line) extent.take(position, number, name)
      const street = streets.get(name) ?? { lines: [], sources: [] }
      streets.set(name, street)
      street.lines.push(...lines)
      const isMap = fromOpenStreetMap || hasOpenStreetMapId(feature, properties)
      street.sources.push(sourceOf(properties) || ofFile || (isMap ? openStreetMap : ''))
    }
  }

  return {
    streets: [...streets].map(([name, { lines, sources }]) => ({
      name,
      lines,
      attribution: joinedAttribution(sources)
    })),
    skipped,
    unusable,
    named
  }
}

function parseCollection(text: string): Json {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw refusal(`The file is not JSON (${cause instanceof Error ? cause.message : String(cause)})`)
  }
  if (!isObject(parsed)) throw refusal('The file does not contain a GeoJSON object')
  const crs = JSON.stringify(parsed.crs ?? null)
  if (crs !== 'null' && !/CRS84|4326/.test(crs)) {
    throw refusal('The coordinates of the file are not longitude and latitude (EPSG:4326)')
  }
  return parsed
}

function featuresOf(collection: Json): unknown[] {
  if (collection.type === 'FeatureCollection' && Array.isArray(collection.features))
    return collection.features
  const type = typeof collection.type === 'string' ? `a "${collection.type.slice(0, 40)}"` : 'of no type'
  throw refusal(
    collection.type === 'FeatureCollection'
      ? 'The FeatureCollection has no array of features'
      : `The file is ${type} where a "FeatureCollection" is expected`
  )
}

function nameOf(properties: Json): string | undefined {
  const { name } = properties
  if (typeof name !== 'string' || name.trim() === '') return undefined
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
}

/** As much of it as finds it in the file. */
function printableName(name: string): string {
  const shown = name.replaceAll(/\p{C}/gu, ' ')
  return shown.length > nameShownMax ? `${shown.slice(0, nameShownMax)}…` : shown
}

const shapes = new Map([
  ['Point', 'a point'],
  ['MultiPoint', 'points'],
  ['Polygon', 'an area'],
  ['MultiPolygon', 'areas'],
  ['GeometryCollection', 'a collection of shapes']
])

/** What a feature is that is no line, in words. */
function shapeOf({ geometry }: Json): string {
  const type = isObject(geometry) ? String(geometry.type).slice(0, 40) : undefined
  return type === undefined ? 'without geometry' : (shapes.get(type) ?? `a "${type}"`)
}

/** The lines of a LineString or MultiLineString, not looked at yet; undefined for other geometry. */
function lineCoordinates(feature: Json, number: number): unknown[] | undefined {
  const { geometry } = feature
  if (geometry === null || geometry === undefined) return undefined
  if (!isObject(geometry)) throw refusal(`Feature ${number} has a geometry that is not an object`)
  if (geometry.type !== 'LineString' && geometry.type !== 'MultiLineString') return undefined
  if (!Array.isArray(geometry.coordinates)) throw refusal(`Feature ${number} has no coordinates`)
  return geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates
}

function lineOf(line: unknown, number: number, name: string): Position[] {
  if (!Array.isArray(line) || line.length < 2) {
    throw refusal(`Feature ${number} ("${name}") has a line of fewer than two positions`)
  }
  return line.map((position: unknown) => positionOf(position, number, name))
}

function positionOf(position: unknown, number: number, name: string): Position {
  const [longitude, latitude]: unknown[] = Array.isArray(position) ? position : []
  const where = `Feature ${number} ("${name}")`
  if (typeof longitude !== 'number' || typeof latitude !== 'number') {
    throw refusal(`${where} has a position that is not [longitude, latitude]`)
  }
  if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) {
    throw refusal(`${where} has a position that is not finite`)
  }
  if (Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90) return [longitude, latitude]
  const shown = `[${longitude}, ${latitude}]`
  if (Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180) {
    throw refusal(`${where} has ${shown}: these look swapped, since GeoJSON has the longitude first`)
  }
  throw refusal(`${where} has ${shown}, which is not longitude and latitude in degrees (EPSG:4326)`)
}

/** Holds the positions of a file to one neighbourhood, and that to the hub's part of the world. */
class Extent {
  readonly #zoneLongitude: number | undefined
  #first: Position | undefined

  constructor(timezone: string | undefined) {
    this.#zoneLongitude = timezone === undefined ? undefined : standardLongitude(timezone)
  }

  take([longitude, latitude]: Position, number: number, name: string): void {
    const where = `Feature ${number} ("${name}")`
    const zone = this.#zoneLongitude
    if (zone !== undefined && degreesApart(longitude, zone) > zoneLongitudeDegreesMax) {
      if (degreesApart(latitude, zone) <= zoneLongitudeDegreesMax) {
        throw refusal(
          `${where} has [${longitude}, ${latitude}], far outside the hub's time zone: these look swapped, since ` +
            'GeoJSON has the longitude first'
        )
      }
    }
    this.#first ??= [longitude, latitude]
    const [firstLongitude, firstLatitude] = this.#first
    const apart = Math.max(degreesApart(longitude, firstLongitude), Math.abs(latitude - firstLatitude))
    if (apart > extentDegreesMax) {
      throw refusal(
        `${where} is ${Math.round(apart)}° from the first street: a file is for one neighbourhood, ` +
          `at most ${extentDegreesMax}° wide`
      )
    }
  }
}

/** Where the sun stands highest at twelve of the zone's winter time: 15° an hour (2026, as any year). */
function standardLongitude(timezone: string): number {
  const months = [0, 6].map((month) => Date.UTC(2026, month, 1) as UnixMs)
  return Math.min(...months.map((at) => zoneAheadMs(at, timezone))) * (15 / hourMs)
}

function degreesApart(a: number, b: number): number {
  const turned = Math.abs(a - b) % 360
  return Math.min(turned, 360 - turned)
}

/** Who says that they must be named: our own word, or Overpass's `copyright`, or a `license`. */
function sourceOf(object: Json): string {
  for (const key of ['attribution', 'copyright', 'license', 'licence']) {
    const text = object[key]
    if (typeof text !== 'string' || text.trim() === '') continue
    return text.replaceAll(/\p{C}/gu, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, 300)
  }
  return ''
}

/** Overpass Turbo and osmtogeojson keep `way/123` as id: then OpenStreetMap must be named (ODbL 1.0, section 4.3). */
function hasOpenStreetMapId(feature: Json, properties: Json): boolean {
  return [feature.id, properties['@id']].some(
    (id) => typeof id === 'string' && /^(way|relation)\/\d+$/.test(id)
  )
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refusal(what: string): RegistryRefusal {
  return new RegistryRefusal(
    'badGeoJson',
    `${what}. Nothing was imported; correct the file or export it again as GeoJSON.`
  )
}
