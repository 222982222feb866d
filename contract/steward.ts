/** What stewards see and do on the web: every box's state, persons, streets, calibrations, the hub. No value from indoors. */
import { Type, type Static } from 'typebox'
import { RoleName } from './account.ts'
import { Moment, Nullable, Value } from './shape.ts'
import { ClaimBody, HeardBox, NewSensorBody } from './own.ts'

/** What is the matter with a box, the worst first. */
export const illnesses = [
  'paused',
  'unplaced',
  'never',
  'silent',
  'unusable',
  'failing',
  'problems',
  'batteryLow',
  'signalWeak'
] as const
export type Illness = (typeof illnesses)[number]

const IllnessName = Type.Enum([...illnesses])

/** Of an indoor box neither message nor number: both may tell what was measured in a home. */
export const DeskProblem = Type.Object({
  code: Type.String({ description: 'One of docs/faults.md' }),
  message: Nullable(Type.String()),
  count: Nullable(Type.Integer()),
  lastAt: Moment
})
export type DeskProblem = Static<typeof DeskProblem>

export const DeskBox = Type.Object({
  deviceId: Type.String(),
  /** Of its place; its own where it has none. */
  name: Type.String(),
  siteId: Nullable(Type.String()),
  street: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  placement: Nullable(Type.Union([Type.Literal('outdoor'), Type.Literal('indoor')])),
  dialect: Type.String(),
  host: Nullable(Type.Object({ personId: Type.String(), name: Type.String() })),
  addedAt: Moment,
  lastHeard: Nullable(Moment),
  ill: Type.Array(IllnessName, { description: 'The worst first; empty while it is well' }),
  problems: Type.Array(DeskProblem, { description: 'Newest first; of the last seven days' })
})
export type DeskBox = Static<typeof DeskBox>

/** Whose it is: a person that the hub knows; a new one of their own unless given. */
const host = { person: Type.Optional(Type.String({ maxLength: 100 })) }

export const DeskBoxBody = Type.Object(
  { ...NewSensorBody.properties, ...host },
  { additionalProperties: false }
)
export type DeskBoxBody = Static<typeof DeskBoxBody>

export const DeskClaimBody = Type.Object(
  { ...ClaimBody.properties, ...host },
  { additionalProperties: false }
)
export type DeskClaimBody = Static<typeof DeskClaimBody>

export const DeskHandOverBody = Type.Object(
  { to: Type.String({ maxLength: 100, description: 'Id of the person who hosts it from now on' }) },
  { additionalProperties: false }
)

export const DeskFinding = Type.Object({
  what: Type.String(),
  state: Type.Union([Type.Literal('ok'), Type.Literal('warn'), Type.Literal('bad')]),
  says: Type.String(),
  todo: Nullable(Type.String())
})
export type DeskFinding = Static<typeof DeskFinding>

/** What an upgrade did; shown until a steward has read it. */
export const DeskUpgrade = Type.Object({
  from: Nullable(Type.String({ description: 'The version before, where it said which it was' })),
  to: Type.String(),
  at: Moment,
  changes: Type.Array(Type.String(), { description: 'What changed, one entry of the changelog each' }),
  isChanged: Type.Boolean({ description: 'The version before cannot read the data folder as it is now' }),
  backup: Nullable(Type.String({ description: "Where the backup is, on the hub's machine" })),
  goBack: Nullable(
    Type.String({ description: 'What to run there once the version before is installed again' })
  )
})
export type DeskUpgrade = Static<typeof DeskUpgrade>

/** What needs hands, on one page. */
export const DeskOverview = Type.Object({
  boxes: Type.Integer({ description: 'Boxes that are not removed' }),
  ill: Type.Array(DeskBox, { description: 'The worst first' }),
  heard: Type.Array(HeardBox, { description: 'Boxes behind gateways that nobody claimed' }),
  health: Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) }),
  findings: Type.Array(DeskFinding, { description: 'What the doctor would have done, without what is well' }),
  examinedAt: Nullable(
    Type.String({ description: 'When the doctor looked; null while it looks for the first time' })
  ),
  lastBackupAt: Nullable(Moment),
  requests: Type.Integer({ description: 'People who asked to host a sensor' }),
  calibrations: Type.Integer({ description: 'Calibrations that run, or wait to be signed off' }),
  version: Type.String(),
  upgrade: Nullable(DeskUpgrade)
})
export type DeskOverview = Static<typeof DeskOverview>

export const DeskPerson = Type.Object({
  personId: Type.String(),
  name: Type.String(),
  homes: Type.Integer(),
  boxes: Type.Array(Type.Object({ deviceId: Type.String(), name: Type.String() })),
  account: Nullable(Type.Object({ userName: Type.String(), roles: Type.Array(RoleName) })),
  keepMonths: Nullable(Type.Integer())
})
export type DeskPerson = Static<typeof DeskPerson>

export const DeskInvitation = Type.Object({
  invitationId: Type.String(),
  purpose: Type.Union([Type.Literal('join'), Type.Literal('recover')]),
  role: RoleName,
  personId: Type.String(),
  createdAt: Moment,
  expiresAt: Moment,
  state: Type.Union([
    Type.Literal('open'),
    Type.Literal('used'),
    Type.Literal('revoked'),
    Type.Literal('expired')
  ])
})
export type DeskInvitation = Static<typeof DeskInvitation>

export const DeskPeople = Type.Object({
  persons: Type.Array(DeskPerson),
  invitations: Type.Array(DeskInvitation, { description: 'Newest first' })
})
export type DeskPeople = Static<typeof DeskPeople>

const nameLength = { minLength: 1, maxLength: 200 } as const

export const PersonBody = Type.Object({ name: Type.String(nameLength) }, { additionalProperties: false })

export const InviteBody = Type.Object(
  { role: RoleName, purpose: Type.Union([Type.Literal('join'), Type.Literal('recover')]) },
  { additionalProperties: false }
)
export type InviteBody = Static<typeof InviteBody>

/** The code is shown only this once. */
export const InvitationShown = Type.Object({ path: Type.String(), code: Type.String(), expiresAt: Moment })
export type InvitationShown = Static<typeof InvitationShown>

export const RolesBody = Type.Object(
  { steward: Type.Boolean(), researcher: Type.Boolean() },
  { additionalProperties: false }
)
export type RolesBody = Static<typeof RolesBody>

export const HandOverBody = Type.Object(
  { personId: Type.String({ maxLength: 100 }), confirm: Type.Literal('HAND OVER') },
  { additionalProperties: false }
)

export const DeskStreet = Type.Object({
  id: Type.String(),
  name: Type.String(),
  outdoorSites: Type.Array(Type.Object({ siteId: Type.String(), name: Type.String() })),
  indoorSites: Type.Integer(),
  /** Another for each line: a new line is sent with the mark of the one that it replaces. null: not drawn yet. */
  lineMark: Nullable(Type.String())
})
export type DeskStreet = Static<typeof DeskStreet>

export const StreetBody = Type.Object({ name: Type.String(nameLength) }, { additionalProperties: false })

/** `was` is the name that the page showed: another steward may have renamed it in the meantime. */
export const RenameStreetBody = Type.Object(
  { name: Type.String(nameLength), was: Type.String(nameLength) },
  { additionalProperties: false }
)

export const MapBody = Type.Object(
  {
    geojson: Type.String({ description: 'A GeoJSON document with lines that have names' }),
    namesakes: Type.Optional(Type.Union([Type.Literal('apart'), Type.Literal('redraw')]))
  },
  { additionalProperties: false }
)
export type MapBody = Static<typeof MapBody>

export const MapImported = Type.Object({
  added: Type.Integer(),
  redrawn: Type.Integer(),
  /** What was left out, one sentence each. */
  leftOut: Type.Array(Type.String())
})
export type MapImported = Static<typeof MapImported>

/** Corner points of one line, [longitude, latitude]; `was` is the mark of the line that the page showed. */
export const DrawBody = Type.Object(
  {
    was: Nullable(Type.String({ maxLength: 100 })),
    line: Type.Array(
      Type.Tuple([Type.Number({ minimum: -180, maximum: 180 }), Type.Number({ minimum: -90, maximum: 90 })]),
      { minItems: 2, maxItems: 200 }
    )
  },
  { additionalProperties: false }
)

export const MergeBody = Type.Object(
  { into: Type.String({ maxLength: 200 }) },
  { additionalProperties: false }
)

export const SplitBody = Type.Object(
  {
    name: Type.String(nameLength),
    siteIds: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 1_000 })
  },
  { additionalProperties: false }
)

export const StreetChanged = Type.Object({ id: Type.String(), name: Type.String(), sites: Type.Integer() })
export type StreetChanged = Static<typeof StreetChanged>

/** How one box did beside the reference, for one quantity. */
export const CalibrationFit = Type.Object({
  deviceId: Type.String(),
  siteId: Nullable(Type.String()),
  name: Type.String(),
  /** fit: a line can be used; poor: it does not follow the reference; tooFew: not enough hours yet. */
  verdict: Type.Union([
    Type.Literal('fit'),
    Type.Literal('poor'),
    Type.Literal('tooFew'),
    Type.Literal('silent')
  ]),
  /** Moments that both measured: means of five minutes, or of hours. */
  n: Type.Integer(),
  /** corrected = (raw − intercept) / slope. */
  slope: Value,
  intercept: Value,
  r2: Value,
  rmse: Value,
  mbe: Value,
  /** Of the reference and of the box in those hours, for the picture. */
  pairs: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
  correctionId: Nullable(Type.String())
})
export type CalibrationFit = Static<typeof CalibrationFit>

export const CalibrationState = Type.Union([
  Type.Literal('running'),
  Type.Literal('finished'),
  Type.Literal('signedOff'),
  Type.Literal('cancelled')
])

/** Boxes on one rail beside a reference. */
export const Calibration = Type.Object({
  calibrationId: Type.String(),
  reference: Type.Object({ siteId: Type.String(), name: Type.String() }),
  quantity: Type.String(),
  unit: Type.String(),
  deviceIds: Type.Array(Type.String()),
  from: Moment,
  until: Nullable(Moment),
  state: CalibrationState,
  signedOffBy: Nullable(Type.String()),
  expiresAt: Nullable(Moment),
  /** The reference sent nothing from here on, although the calibration went on. */
  referenceEndedAt: Nullable(Moment)
})
export type Calibration = Static<typeof Calibration>

export const CalibrationDetail = Type.Object({
  calibration: Calibration,
  fits: Type.Array(CalibrationFit)
})
export type CalibrationDetail = Static<typeof CalibrationDetail>

export const CalibrationBody = Type.Object(
  {
    referenceSiteId: Type.String({ maxLength: 100 }),
    deviceIds: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
    quantity: Type.String({ maxLength: 50 }),
    from: Type.Optional(Type.String({ maxLength: 50, description: 'Now unless given' }))
  },
  { additionalProperties: false }
)
export type CalibrationBody = Static<typeof CalibrationBody>

export const SignOffBody = Type.Object(
  {
    deviceIds: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
    expiresAt: Type.String({
      maxLength: 50,
      description: 'A date or a moment: when the corrections end'
    })
  },
  { additionalProperties: false }
)
export type SignOffBody = Static<typeof SignOffBody>

/** Whoever a correction or a reference can be chosen from: outdoor boxes that measure the quantity. */
export const CalibrationChoices = Type.Object({
  quantities: Type.Array(Type.Object({ quantity: Type.String(), label: Type.String() })),
  boxes: Type.Array(
    Type.Object({
      deviceId: Type.String(),
      siteId: Type.String(),
      name: Type.String(),
      street: Type.String(),
      kind: Type.String(),
      quantities: Type.Array(Type.String())
    })
  )
})
export type CalibrationChoices = Static<typeof CalibrationChoices>

export const DeskCorrection = Type.Object({
  correctionId: Type.String(),
  deviceId: Type.String(),
  name: Type.String(),
  quantity: Type.String(),
  formula: Type.String(),
  coefficients: Type.Record(Type.String(), Type.Number()),
  origin: Type.String(),
  from: Nullable(Moment),
  until: Nullable(Moment)
})
export type DeskCorrection = Static<typeof DeskCorrection>

export const DeskHub = Type.Object({
  version: Type.String(),
  supportedUntil: Type.String(),
  health: Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) }),
  findings: Type.Array(DeskFinding),
  examinedAt: Nullable(Moment),
  storage: Type.Object({
    readingsBytes: Value,
    journalBytes: Value,
    freeBytes: Value
  }),
  backups: Type.Array(
    Type.Object({ name: Type.String(), created: Moment, bytes: Value, until: Nullable(Moment) }),
    { description: 'Newest first. They are never downloaded: they hold everything' }
  ),
  backupFolder: Type.Boolean({ description: 'LAMPPOST_BACKUP_DIR is set: a backup can be made here' }),
  backupRunning: Nullable(Type.Object({ doing: Type.String(), share: Type.Number() })),
  backupFailed: Nullable(Type.String())
})
export type DeskHub = Static<typeof DeskHub>

export const DeskAnnotation = Type.Object({
  annotationId: Type.String(),
  street: Type.Object({ id: Type.String(), name: Type.String() }),
  from: Moment,
  until: Nullable(Moment),
  text: Type.String()
})
export type DeskAnnotation = Static<typeof DeskAnnotation>

const momentText = Type.String({ maxLength: 50, description: 'A date or a moment' })

export const AnnotationBody = Type.Object(
  {
    street: Type.String({ maxLength: 200 }),
    from: momentText,
    until: Type.Optional(momentText),
    text: Type.String({ minLength: 1, maxLength: 1_000 })
  },
  { additionalProperties: false }
)
export type AnnotationBody = Static<typeof AnnotationBody>

/** Somebody asks to host a sensor. */
export const HostRequestBody = Type.Object(
  {
    name: Type.String(nameLength),
    contact: Type.String({ ...nameLength, description: 'How the stewards can write to you' }),
    street: Type.String(nameLength),
    message: Type.Optional(Type.String({ maxLength: 1_000 })),
    mayWrite: Type.Literal(true, { description: 'The stewards may write to me about it' })
  },
  { additionalProperties: false }
)
export type HostRequestBody = Static<typeof HostRequestBody>

export const DeskRequest = Type.Object({
  requestId: Type.String(),
  at: Moment,
  name: Type.String(),
  contact: Type.String(),
  street: Type.String(),
  message: Type.String()
})
export type DeskRequest = Static<typeof DeskRequest>
