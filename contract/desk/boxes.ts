/** What stewards see of boxes, and do with them. Of indoor boxes no value. */
import { Type, type Static } from 'typebox'
import { ClaimBody, NewSensorBody } from '../own.ts'
import { Moment, Nullable } from '../shape.ts'

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
