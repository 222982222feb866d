/** What stewards see of calibrations, and do with them. */
import { Type, type Static } from 'typebox'
import { Moment, Nullable, Value } from '../shape.ts'

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
  fits: Type.Array(CalibrationFit),
  suggestedEnd: Nullable(
    Type.String({
      description: 'A date on which its corrections could end; null unless it waits to be signed off'
    })
  )
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
