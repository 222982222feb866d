/** What a signed-in person sees of what is theirs: sensors, homes, consents, damp. Never cached, never for another. */
import { Type, type Static } from 'typebox'
import { consentPurposeNames, type ConsentPurpose } from '../model/consent.ts'
import { RoomDamp } from './damp.ts'
import { CornerFactor } from './diary.ts'
import { PlaceBody, PlaceShown } from './place.ts'
import { Moment, nameLength, Nullable, Numbers, Value } from './shape.ts'
import { PublicSite, SiteLatest } from './street.ts'

/** The static type cannot be read off a list. */
export const Purpose = Type.Unsafe<ConsentPurpose>(
  Type.Union(consentPurposeNames.map((purpose) => Type.Literal(purpose)))
)

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
  place: PlaceShown,
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
  outdoorElsewhere: Type.Boolean({
    description: 'The outdoor air is that of other streets: this one has no sensor that tells'
  }),
  corner: CornerFactor,
  period: RoomDamp,
  columns: DampColumns
})
export type OwnDamp = Static<typeof OwnDamp>

const Settings = Type.Array(Type.Object({ name: Type.String(), text: Type.String() }))

/** A kind of box that can be added, for the cards of the page. */
export const SensorKind = Type.Object({
  dialect: Type.String(),
  label: Type.String(),
  push: Type.Boolean({ description: 'It sends over HTTP' }),
  needsAddress: Type.Boolean({ description: 'Its firmware can hold no secret: it is known by its token' }),
  behindGateway: Type.Boolean({ description: 'Many boxes speak through one gateway, which the steward adds' })
})
export type SensorKind = Static<typeof SensorKind>

/** A box that was heard behind a gateway and that nobody claimed; never a value of it. */
export const HeardBox = Type.Object({
  thingId: Type.String(),
  name: Type.String(),
  address: Type.String(),
  dialect: Type.String(),
  quantities: Type.Array(Type.String()),
  lastAt: Moment
})
export type HeardBox = Static<typeof HeardBox>

const Name = Type.String(nameLength)

const where = {
  street: Type.String({ maxLength: 200, description: 'Name or id' }),
  placement: Type.Union([Type.Literal('outdoor'), Type.Literal('indoor')]),
  name: Type.Optional(Name),
  home: Type.Optional(
    Type.String({
      maxLength: 48,
      description: 'One of my homes; a new one of mine unless given. Indoors only'
    })
  ),
  place: Type.Optional(PlaceBody)
}

export const NewSensorBody = Type.Object(
  {
    dialect: Type.String({ maxLength: 48 }),
    address: Type.Optional(Type.String({ maxLength: 100 })),
    ...where
  },
  { additionalProperties: false }
)
export type NewSensorBody = Static<typeof NewSensorBody>

/** Another box in the place of one that broke. */
export const SwapBody = Type.Object(
  { dialect: Type.String({ maxLength: 48 }), address: Type.Optional(Type.String({ maxLength: 100 })) },
  { additionalProperties: false }
)
export type SwapBody = Static<typeof SwapBody>

export const SensorOffered = Type.Object({
  code: Type.String({ description: 'Only this once' }),
  until: Moment
})
export type SensorOffered = Static<typeof SensorOffered>

export const TakeBody = Type.Object({ code: Type.String({ maxLength: 60 }) }, { additionalProperties: false })

export const SensorTaken = Type.Object({
  deviceId: Type.String(),
  siteId: Type.String(),
  withHistory: Type.Boolean({ description: 'It had no host yet, so what it measured is theirs too' })
})
export type SensorTaken = Static<typeof SensorTaken>

export const ClaimBody = Type.Object(where, { additionalProperties: false })
export type ClaimBody = Static<typeof ClaimBody>

export const SensorAdded = Type.Object({
  deviceId: Type.String(),
  siteId: Type.String(),
  username: Type.String(),
  password: Type.String({ description: 'Only this once' }),
  topic: Type.String(),
  pushUrl: Nullable(Type.String({ description: 'Only this once' })),
  host: Type.String({ description: 'Where the box reaches the hub' }),
  mqttPort: Type.Integer(),
  settings: Settings
})
export type SensorAdded = Static<typeof SensorAdded>

export const SensorClaimed = Type.Object({ deviceId: Type.String(), siteId: Type.String() })
export type SensorClaimed = Static<typeof SensorClaimed>

export const SensorRotated = Type.Object({
  ...SensorAdded.properties,
  oldPasswordUntil: Nullable(Moment)
})
export type SensorRotated = Static<typeof SensorRotated>

export const RotateBody = Type.Object(
  { now: Type.Boolean({ description: 'End the old password at once, because it leaked' }) },
  { additionalProperties: false }
)

export const MoveBody = Type.Object(
  { street: Type.String({ maxLength: 200, description: 'Name or id' }) },
  { additionalProperties: false }
)

export const SensorMoved = Type.Object({ siteId: Type.String(), readingsMoved: Type.Integer() })
export type SensorMoved = Static<typeof SensorMoved>

export const RenameBody = Type.Object({ name: Name }, { additionalProperties: false })

export const ConsentBody = Type.Object({ on: Type.Boolean() }, { additionalProperties: false })

const KeptBackup = Type.Object({
  created: Moment,
  until: Nullable(Moment)
})

/** What erasing would take away, shown before. */
export const ErasurePreview = Type.Object({
  readings: Type.Integer(),
  homes: Type.Integer(),
  places: Type.Array(Type.Object({ name: Type.String(), street: Type.String() })),
  devices: Type.Integer(),
  consents: Type.Integer(),
  diaryEntries: Type.Integer(),
  photos: Type.Integer(),
  backups: Type.Array(KeptBackup),
  isLastSteward: Type.Boolean()
})
export type ErasurePreview = Static<typeof ErasurePreview>

/** Typed by hand, so that no slip of a finger erases a home. */
export const eraseWord = 'ERASE'

export const EraseBody = Type.Object({ confirm: Type.Literal(eraseWord) }, { additionalProperties: false })

export const ErasureReport = Type.Object({
  readings: Type.Integer(),
  messages: Type.Integer(),
  places: Type.Integer(),
  devices: Type.Integer(),
  backups: Type.Array(KeptBackup)
})
export type ErasureReport = Static<typeof ErasureReport>
