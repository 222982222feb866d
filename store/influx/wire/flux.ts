/** Questions in Flux, put together from the client's templates: nothing from outside is ever query text. */
import { flux, fluxDateTime, fluxExpression } from '@influxdata/influxdb-client'
import type { TimeRange } from '../../../model/columns.ts'
import { toIso, type UnixMs } from '../../../model/time.ts'
import { encodeTag } from './line-protocol.ts'

/** Flux text whose values are all sanitised. */
export type Flux = ReturnType<typeof flux>

/** The first and the last whole millisecond that InfluxDB can hold (int64 nanoseconds). */
export const timeMsMin = -9_223_372_036_854
export const timeMsMax = 9_223_372_036_854

export const allTime: TimeRange = { from: timeMsMin as UnixMs, until: timeMsMax as UnixMs }

/** Half-open, as ours are. */
export function source(bucket: string, range: TimeRange): Flux {
  const [start, stop] = [moment(range.from), moment(range.until)]
  return flux`from(bucket: ${bucket}) |> range(start: ${start}, stop: ${stop})`
}

/** All that came until now, of a bucket that the server named by its number. */
export function bucketById(id: string): Flux {
  return flux`from(bucketID: ${id}) |> range(start: 0)`
}

/** A range that holds nothing is an error to Flux, so it is not asked for. */
export function isEmptyRange({ from, until }: TimeRange): boolean {
  return !(clamp(Math.ceil(from)) < clamp(Math.ceil(until)))
}

function clamp(time: number): number {
  return Math.min(timeMsMax, Math.max(timeMsMin, time))
}

export function moment(time: number): ReturnType<typeof fluxDateTime> {
  return fluxDateTime(toIso(clamp(Math.ceil(time)) as UnixMs))
}

/** Conditions joined; what `or` joins is pushed down to the storage, which `contains()` is not. */
export function anyOf(conditions: readonly Flux[]): Flux {
  return flux`(${fluxExpression(conditions.join(' or '))})`
}

export function allOf(conditions: readonly Flux[]): Flux {
  return flux`${fluxExpression(conditions.join(' and '))}`
}

export const isMeasurement = (name: string): Flux => flux`r._measurement == ${name}`
export const isSite = (siteId: string): Flux => flux`r.site == ${encodeTag(siteId)}`
export const isDevice = (deviceId: string): Flux => flux`r.device == ${encodeTag(deviceId)}`
export const isQuantityTag = (quantity: string): Flux => flux`r.quantity == ${quantity}`
export const isValue = (value: number): Flux => flux`r._value == ${value}`
export const isField = (name: string): Flux => flux`r._field == ${name}`

export function filter(conditions: readonly Flux[]): Flux {
  return flux`|> filter(fn: (r) => ${fluxExpression(allOf(conditions))})`
}

/** Steps one after another. */
export function pipe(...steps: readonly Flux[]): Flux {
  return flux`${fluxExpression(steps.join(' '))}`
}

/** Nothing but what a reader of columns needs; each row would else repeat the range and the measurement. */
export function keep(...columns: readonly string[]): Flux {
  return flux`|> keep(columns: ${[...columns]})`
}

/** Of several answers to one request each needs a name. */
export function named(name: string): Flux {
  return flux`|> yield(name: ${name})\n`
}

/** A pipe without values of its own, such as `|> last()`. */
export function step(text: TemplateStringsArray): Flux {
  return flux(text)
}
