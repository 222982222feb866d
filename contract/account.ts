/** Signing in, and what people do with their own account. Nothing of it is ever cached. */
import { Type, type Static } from 'typebox'
import { Nullable } from './shape.ts'

export const RoleName = Type.Union([
  Type.Literal('host'),
  Type.Literal('researcher'),
  Type.Literal('steward')
])

/** Whoever is signed in. */
export const Me = Type.Object({
  personId: Type.String(),
  name: Type.String({ description: "The person's name, as their steward sees it; '' until they say it" }),
  userName: Type.String(),
  roles: Type.Array(RoleName)
})
export type Me = Static<typeof Me>

export const SignInBody = Type.Object(
  { userName: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1_000 }) },
  { additionalProperties: false }
)

export const OpenedInvitation = Type.Object({
  purpose: Type.Union([Type.Literal('join'), Type.Literal('recover')]),
  role: RoleName,
  name: Type.String({ description: 'Whom it is for; they may change it' }),
  hasAccount: Type.Boolean({ description: 'They sign in first, and then accept' }),
  expiresAt: Type.String()
})
export type OpenedInvitation = Static<typeof OpenedInvitation>

export const AcceptBody = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 200 })),
    userName: Type.Optional(Type.String({ maxLength: 200 })),
    password: Type.Optional(Type.String({ maxLength: 1_000 }))
  },
  { additionalProperties: false }
)

export const PasswordBody = Type.Object(
  { current: Type.String({ maxLength: 1_000 }), next: Type.String({ maxLength: 1_000 }) },
  { additionalProperties: false }
)

export const ListedSession = Type.Object({
  sessionId: Type.String(),
  isThis: Type.Boolean({ description: 'The session that asks' }),
  since: Type.String(),
  lastUsed: Type.String({ description: 'To within a day' }),
  address: Type.String(),
  browser: Type.String({ description: 'As the browser names itself' })
})
export type ListedSession = Static<typeof ListedSession>

export const PasskeyEntry = Type.Object({
  passkeyId: Type.String(),
  name: Type.String(),
  createdAt: Type.String(),
  usedAt: Nullable(Type.String())
})
export type PasskeyEntry = Static<typeof PasskeyEntry>

export const PasskeyQuestion = Type.Object({
  challengeId: Type.String(),
  options: Type.Unknown({ description: 'For navigator.credentials, as JSON (WebAuthn Level 3)' })
})
export type PasskeyQuestion = Static<typeof PasskeyQuestion>

export const NewPasskeyBody = Type.Object(
  { challengeId: Type.String(), name: Type.String({ maxLength: 200 }), response: Type.Unknown() },
  { additionalProperties: false }
)

export const PasskeySignInBody = Type.Object(
  { challengeId: Type.String(), response: Type.Unknown() },
  { additionalProperties: false }
)

export const AuditLine = Type.Object({
  auditId: Type.Integer(),
  at: Type.String(),
  by: Type.String({ description: 'A person id, "operator" for whoever has the data folder, or "hub"' }),
  action: Type.String(),
  about: Type.String()
})
export type AuditLine = Static<typeof AuditLine>

export const Done = Type.Object({ done: Type.Literal(true) })
