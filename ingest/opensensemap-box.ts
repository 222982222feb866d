/** What the description of a box on openSenseMap says (GET /boxes/:id): which of its sensors measures what. Pure. */
import type { MeasuredQuantity } from '../model/quantity.ts'
import { converterFor, type UnitConverter } from '../science/convert.ts'

export interface OpenSenseMapSensor {
  sensorId: string
  /** As its owner named it: "rel. Luftfeuchte". */
  title: string
  unit: string
  /** The part: "HDC1080"; '' where nobody said it. */
  sensorType: string
}

export type BoxFound = { ok: true; sensors: OpenSenseMapSensor[] } | { ok: false; refusal: string }

/** Ids of boxes and sensors: an ObjectId of MongoDB. */
export const openSenseMapId = /^[0-9a-f]{24}$/

/** The sensors of a box's description, from the API or beside the files of the archive. */
export function readBox(text: string): BoxFound {
  let body: unknown
  try {
    body = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    return { ok: false, refusal: `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
  const list = isObject(body) ? body['sensors'] : undefined
  if (!Array.isArray(list)) return { ok: false, refusal: 'it describes no box: it has no list of sensors' }
  const sensors = list.flatMap((one: unknown) => sensorOf(one) ?? [])
  return sensors.length > 0 ? { ok: true, sensors } : { ok: false, refusal: 'its list of sensors is empty' }
}

/** The API calls the id `_id`, the archive `id`. */
function sensorOf(one: unknown): OpenSenseMapSensor | undefined {
  if (!isObject(one)) return undefined
  const text = (name: string): string => {
    const value = one[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const sensorId = text('_id') || text('id')
  if (!openSenseMapId.test(sensorId)) return undefined
  return { sensorId, title: text('title'), unit: text('unit'), sensorType: text('sensorType') }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What titles mean, the more particular first: owners write them as they like, most of them German, and the API itself
 * matches them by likeness. Soil, water and dew point are none of our quantities; counts (N05, nc1.0) are no mass.
 */
const meanings: readonly [pattern: RegExp, quantity: MeasuredQuantity | null][] = [
  [/boden|erd|soil|wasser|water|taupunkt|dew ?point|gef[uü]hlt|apparent/, null],
  [/^p?m? ?0[.,]\d|^nc? ?\d/, null],
  [/^pm? ?(?:1[.,]0|01|1)(?![0-9])|feinstaub.*\b1[.,]0/, 'pm1'],
  [/pm? ?2[.,]?5|feinstaub.*2[.,]5/, 'pm2_5'],
  [/^pm? ?4/, 'pm4'],
  [/pm? ?10|feinstaub.*10/, 'pm10'],
  [/stickstoffdioxid|nitrogen dioxide|^no[2₂]/, 'no2'],
  [/^ozon|^o[3₃]/, 'o3'],
  [/schwefeldioxid|sulph?ur dioxide|^so[2₂]/, 'so2'],
  [/kohlenmonoxid|carbon monoxide|^co$/, 'co'],
  [/kohlen(?:stoff)?dioxid|carbon dioxide|^e?co[2₂]/, 'co2'],
  [/temperatur/, 'temperature'],
  [/luftfeucht|feuchte|feuchtigkeit|humid/, 'humidity'],
  [/druck(?!pegel)|pressure/, 'pressure'],
  [/(?:lautst|schall|ger[aä]usch|l[aä]rm|noise|sound|laeq).*(?:max)/, 'lamax'],
  [/(?:lautst|schall|ger[aä]usch|l[aä]rm|noise|sound|laeq).*(?:min)/, 'lamin'],
  [/lautst|schall|ger[aä]usch|l[aä]rm|noise|sound|laeq/, 'laeq'],
  [/windgeschwindigkeit|wind ?speed/, 'wind_speed'],
  [/windrichtung|wind ?direction/, 'wind_direction'],
  [/regen|niederschlag|rain/, 'rain'],
  [/beleuchtung|helligkeit|illuminance|^lux|^licht|^light/, 'lux'],
  [/globalstrahlung|solar|einstrahlung/, 'solar']
]

/** A sensor whose title and unit belong to one of our quantities. */
export interface KnownSensor {
  quantity: MeasuredQuantity
  convert: UnitConverter
}

/** What a sensor measures, or in a sentence why it is none of ours. */
export function quantityOf({
  title,
  unit
}: Pick<OpenSenseMapSensor, 'title' | 'unit'>): KnownSensor | string {
  const plain = title.normalize('NFKC').toLowerCase().trim()
  const quantity = meanings.find(([pattern]) => pattern.test(plain))?.[1]
  if (!quantity) return `the hub keeps no ${title === '' ? 'sensor without a title' : title}`
  const found = converterFor(quantity, unit)
  return found.ok ? { quantity, convert: found.convert } : `${title}: ${found.refusal.replace(/\.$/, '')}`
}
