/** What stewards see of persons and invitations. */
import { Type, type Static } from 'typebox'
import { RoleName } from '../account.ts'
import { Moment, Nullable, nameLength } from '../shape.ts'

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
