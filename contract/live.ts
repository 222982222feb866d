/** Server-sent events of /live: `reading` as soon as it is durable (outdoor sites only), `street` when its figures changed, `beat`. */
import { Type, type Static } from 'typebox'
import { StreetLatest } from './street.ts'

/** The hub lives, and this is its time: at once, then every 15 s. Who hears nothing for 45 s shows what is old. */
export const LiveBeat = Type.Object({ at: Type.Number({ description: "The hub's time, Unix milliseconds" }) })
export type LiveBeat = Static<typeof LiveBeat>

export const LiveReading = Type.Object({
  streetId: Type.String(),
  siteId: Type.String(),
  quantity: Type.String(),
  at: Type.String({ format: 'date-time' }),
  value: Type.Number(),
  unit: Type.String(),
  flag: Type.Integer()
})
export type LiveReading = Static<typeof LiveReading>

export const LiveStreet = Type.Object({
  streetId: Type.String(),
  latest: Type.Record(Type.String(), StreetLatest)
})
export type LiveStreet = Static<typeof LiveStreet>
