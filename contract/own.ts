/** What a signed-in person sees of what is theirs: sensors, homes, consents, damp. Never cached, never for another. */
import { Type, type Static } from 'typebox'
import { RoomDamp } from './damp.ts'
import { Moment, Nullable, Numbers, Value } from './shape.ts'
import { PublicSite, SiteLatest } from './street.ts'

export const Purpose = Type.Union([Type.Literal('street'), Type.Literal('page'), Type.Literal('research')])

const OwnStreet = Type.Object({ id: Type.String(), name: Type.String() })

export const OwnProblem = Type.Object({
  code: Type.String({ description: 'One of docs/faults.md' }),
  message: Type.String(),
  count: Type.Integer(),
  firstAt: Moment,
  lastAt: Moment
})
export type OwnProblem = Static<typeof OwnProblem>

export const OwnDevice = Type.Object({
  deviceId: Type.String(),
  siteId: Type.String(),
  /** Of its place; outdoors everybody sees it. */
  name: Type.String(),
  placement: Type.Union([Type.Literal('outdoor'), Type.Literal('indoor')]),
  homeId: Nullable(Type.String()),
  street: OwnStreet,
  dialect: Type.String(),
  state: PublicSite.properties.state,
  lastHeard: Nullable(Moment),
  /** Readings that came in the last 24 hours over those expected, 0 to 1. */
  coverage: Value,
  intervalS: Nullable(Type.Number()),
  battery: Nullable(SiteLatest),
  signal: Nullable(SiteLatest),
  latest: Type.Record(Type.String(), SiteLatest),
  problems: Type.Array(OwnProblem, { description: 'Newest first' })
})
export type OwnDevice = Static<typeof OwnDevice>

export const OwnConsent = Type.Object({
  purpose: Purpose,
  on: Type.Boolean(),
  since: Nullable(Moment),
  /** What was agreed to, or what would be. */
  words: Type.String()
})
export type OwnConsent = Static<typeof OwnConsent>

export const OwnHome = Type.Object({
  homeId: Type.String(),
  rooms: Type.Array(Type.Object({ siteId: Type.String(), name: Type.String(), street: OwnStreet })),
  consents: Type.Array(OwnConsent)
})
export type OwnHome = Static<typeof OwnHome>

export const DampNow = Type.Object({
  at: Moment,
  temperatureC: Type.Number(),
  humidity: Type.Number(),
  dewPointC: Value,
  outdoor: Nullable(Type.Object({ temperatureC: Type.Number(), humidity: Type.Number() })),
  cornerC: Value,
  /** %, not capped: 100 and more is condensation. */
  cornerHumidity: Value,
  cornerIsEstimated: Type.Boolean(),
  /** Water in a cubic metre beyond that outdoors. */
  excessGm3: Value,
  excessPa: Value,
  airing: Nullable(Type.Union([Type.Literal('air'), Type.Literal('wait'), Type.Literal('noDifference')]))
})
export type DampNow = Static<typeof DampNow>

/** Hours, or days where there would be too many; `time` is where each begins. */
export const DampColumns = Type.Object({
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  time: Type.Array(Type.Number()),
  temperature: Numbers,
  humidity: Numbers,
  dewPoint: Numbers,
  cornerTemperature: Numbers,
  cornerHumidity: Numbers,
  excess: Numbers,
  outdoorTemperature: Numbers
})
export type DampColumns = Static<typeof DampColumns>

export const OwnDamp = Type.Object({
  siteId: Type.String(),
  name: Type.String(),
  homeId: Type.String(),
  street: OwnStreet,
  now: Nullable(DampNow),
  period: RoomDamp,
  columns: DampColumns
})
export type OwnDamp = Static<typeof OwnDamp>
