/** One Datastream with its Sensor: raw readings of a kind of box, corrected ones with their formula, published ones of homes. */
import type { CorrectionRow } from '../../model/correction.ts'
import { periodsOverlap } from '../../model/correction.ts'
import type { Deployment, Device } from '../../model/place.ts'
import { definitionOf, sourceOf, type Quantity } from '../../model/quantity.ts'
import { sensorFamilies } from '../../model/sensor.ts'
import { formulas } from '../../science/correction.ts'
import { correctionWords, datastreamWords, homesProcedure, sensorWords } from '../../words/sensorthings.ts'
import { entryOf } from '../../figures/corrections.ts'
import { qudtOf, unitOf } from '../units.ts'
import { featureOf, linkFrom, observedPropertyOf, type Building } from './building.ts'
import type { Entity, Json, Stream } from './entity.ts'

export interface StreamOf {
  quantity: Quantity
  /** null: of homes. */
  siteId: string | null
  where: string
  kind: 'site' | 'homes by day' | 'homes by hour'
}

export interface MadeOf {
  series: readonly { deviceId: string; from: number; until: number }[]
  /** At the site, oldest first. */
  installed: readonly Deployment[]
  /** Of this quantity, wherever they hold. */
  corrections: readonly CorrectionRow[]
}

/** What a box sends when nothing is known of it. */
const usualIntervalS = 60

/** The series have no numbers yet. */
export function addDatastream(building: Building, thing: Entity, of: StreamOf, made: MadeOf): Stream {
  const boxes = made.series.flatMap(({ deviceId }) => building.devices.get(deviceId) ?? [])
  const rows = correctionsAt(of, made)
  const datastream = building.once('Datastream', `${thing.id} ${of.quantity} ${of.kind}`, () => ({
    ...datastreamWords(of.quantity, of.where, of.kind),
    observationType: 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement',
    unitOfMeasurement: { ...unitOf(of.quantity) },
    properties: propertiesOf(building, of, boxes, rows)
  }))
  const stream: Stream = { datastream, quantity: of.quantity, siteId: of.siteId, series: [], published: [] }
  stream.series = made.series.map(({ deviceId, from, until }) => {
    const intervalS = building.devices.get(deviceId)?.intervalS ?? usualIntervalS
    return { stream, deviceId, number: 0, from, until, intervalS }
  })
  datastream.stream = stream
  building.streams.push(stream)

  const sensor = sensorOf(building, of, { made, rows })
  const observed = observedPropertyOf(building, of.quantity)
  const [location] = thing.links['Locations'] as Entity[]
  const feature = featureOf(building, location!)
  datastream.links = { Thing: thing, Sensor: sensor, ObservedProperty: observed, FeatureOfInterest: feature }
  linkFrom(thing, 'Datastreams', datastream)
  linkFrom(sensor, 'Datastreams', datastream)
  linkFrom(observed, 'Datastreams', datastream)
  linkFrom(feature, 'Datastreams', datastream)
  return stream
}

/** Corrections that made readings of this site: their box was installed here while they held. */
function correctionsAt({ siteId }: StreamOf, { corrections, installed }: MadeOf): CorrectionRow[] {
  return corrections
    .filter((row) => row.siteId === null || row.siteId === siteId)
    .filter((row) => installed.some((stay) => stay.deviceId === row.deviceId && periodsOverlap(stay, row)))
    .toSorted((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
}

function propertiesOf(
  { facts }: Building,
  { quantity, siteId, kind }: StreamOf,
  boxes: readonly Device[],
  rows: readonly CorrectionRow[]
): { readonly [name: string]: Json } {
  const { ucum } = definitionOf(quantity)
  const qudt = qudtOf(quantity)
  return {
    quantity,
    licence: facts.licence,
    ucum,
    ...(qudt !== undefined && { qudt }),
    indicative: !(kind === 'site' && boxes.length > 0 && boxes.every(({ isReference }) => isReference)),
    ...(kind === 'site'
      ? { unauthenticated: boxes.some(({ unauthenticated }) => unauthenticated) }
      : { basis: 'homes', period: kind === 'homes by day' ? 'day' : 'hour' }),
    ...(sourceOf(quantity) && {
      corrections: rows.map((row) => ({ ...entryOf(siteId, row) }) as unknown as Json)
    })
  }
}

function sensorOf(
  building: Building,
  of: StreamOf,
  { made, rows }: { made: MadeOf; rows: readonly CorrectionRow[] }
): Entity {
  if (of.kind !== 'site')
    return building.once('Sensor', 'homes', () => ({
      ...homesProcedure,
      encodingType: 'text/plain',
      properties: {}
    }))
  const newest = rows.at(-1)
  return sourceOf(of.quantity) && newest ? correctionSensor(building, newest) : boxSensor(building, made)
}

/** Datastreams that the same formula with the same coefficients corrects have one Sensor. */
function correctionSensor(building: Building, row: CorrectionRow): Entity {
  const { formula, formulaVersion, coefficients, sensor } = row
  const { title, text, source } = formulas[formula]
  return building.once('Sensor', JSON.stringify([formula, formulaVersion, coefficients, sensor]), () => ({
    ...correctionWords(title, text, coefficients),
    encodingType: 'text/plain',
    properties: { formula, formulaVersion, coefficients: { ...coefficients }, sensor, source }
  }))
}

/** The kind of box that measured last; boxes of one kind are one Sensor, so nothing here tells them apart. */
function boxSensor(building: Building, { series, installed }: MadeOf): Entity {
  const last = [...installed]
    .reverse()
    .find((stay) => series.some(({ deviceId }) => deviceId === stay.deviceId))
  const newest = series.reduce((a, b) => (b.until > a.until ? b : a)).deviceId
  const box = building.devices.get(last?.deviceId ?? newest)
  const families = (box?.sensors ?? []).map((family) => sensorFamilies[family]).toSorted()
  const dialect = box?.dialect ?? 'unknown'
  return building.once('Sensor', JSON.stringify([families, dialect]), () => ({
    ...sensorWords(families, dialect),
    encodingType: 'text/plain',
    properties: { dialect, families }
  }))
}
