/**
 * Who may ask: what accounts promise. An account is one person's way in: a user name with a password, and passkeys. What it
 * may do is said by its roles; what is a person's own is said by the registry.
 */
import type { UnixMs } from '../model/time.ts'

/** Everybody with an account is the host of what is theirs; the others are given by a steward. */
export const roles = ['host', 'researcher', 'steward'] as const
export type Role = (typeof roles)[number]

export function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name)
}

/** Whoever asks with a session that stands. */
export interface Viewer {
  accountId: string
  personId: string
  userName: string
  roles: readonly Role[]
  sessionId: string
}

/** Where a request comes from; what its session is told apart by. */
export interface Visit {
  address: string
  userAgent: string
}

export interface SignedIn {
  viewer: Viewer
  /** The value of the session's cookie: signed, and worth nothing in a copy of the data folder made by a backup. */
  cookie: string
  expiresAt: UnixMs
}

/** A session that stands; `renewed` where its cookie is to be set again, since it lasts longer now. */
export interface Visiting {
  viewer: Viewer
  renewed: Pick<SignedIn, 'cookie' | 'expiresAt'> | undefined
}

export interface Account {
  accountId: string
  personId: string
  userName: string
  roles: Role[]
  createdAt: UnixMs
}

/** One place where somebody is signed in. */
export interface Session {
  sessionId: string
  createdAt: UnixMs
  /** When it was last renewed; at most a day before its last use. */
  renewedAt: UnixMs
  expiresAt: UnixMs
  address: string
  userAgent: string
}

/** A way in for one person, once. `join` makes an account or gives the role to one; `recover` gives a new password. */
export interface Invitation {
  invitationId: string
  purpose: 'join' | 'recover'
  role: Role
  personId: string
  createdAt: UnixMs
  /** Who invited, as the audit log names them. */
  by: string
  expiresAt: UnixMs
  usedAt: UnixMs | null
  revokedAt: UnixMs | null
}

/** The code is nowhere else: it is shown once and kept as a hash. */
export interface InvitationMade {
  invitation: Invitation
  /** Twelve letters and digits in three groups: for a link, a QR picture or a printed card. */
  code: string
}

/** The code is shown once, and kept as a hash. */
export interface SensorOffer {
  code: string
  expiresAt: UnixMs
}

export interface NewInvitation {
  personId: string
  role: Role
  purpose?: Invitation['purpose']
  by: Actor
}

/** Who did something: an account's person, the operator with the data folder, or the hub itself. */
export type Actor = { kind: 'person'; personId: string } | { kind: 'operator' } | { kind: 'hub' }

/** As people read it: an id, or who works at the machine. */
export function actorText(actor: Actor): string {
  return actor.kind === 'person' ? actor.personId : actor.kind
}

export interface AuditNote {
  by: Actor
  /** A short name of what was done: `signIn`, `deviceAdd`. */
  action: string
  /** Whom it concerns: they may read it. */
  personId?: string
  /** What it was done to, for whoever reads it. Never a password, a code, a value that was measured or a name. */
  about?: string
}

export interface AuditEntry extends AuditNote {
  auditId: number
  at: UnixMs
}

export interface NewPasskey {
  name: string
  /** What the browser answered, as it came. */
  response: unknown
}

export interface Passkey {
  passkeyId: string
  name: string
  createdAt: UnixMs
  usedAt: UnixMs | null
}

/** The name and origin that a browser knows the hub by: passkeys are bound to them. */
export interface RelyingParty {
  /** The host without its port. */
  id: string
  origin: string
  name: string
}

/** What a browser needs to make or use a passkey, as WebAuthn has it; `challengeId` goes back with the answer. */
export interface PasskeyChallenge {
  challengeId: string
  options: unknown
}

/** Those who have accounts, and what they did. All answers at once, from a small file. */
export interface AccountBook {
  /** Oldest first. */
  accounts(): Account[]
  accountOf(personId: string): Account | undefined
  /** Gives or takes a role. Taking the last steward's is refused. */
  setRole(personId: string, role: Exclude<Role, 'host'>, has: boolean, by: Actor): Account

  /**
   * Takes an account, or a role of it, away once more, since a backup of before brought it back: the last steward's too, for nobody is
   * let in because nobody else is there. Says whether it was there.
   */
  retract(personId: string, role?: Exclude<Role, 'host'>): boolean

  /** Newest first; those that were used, revoked or ran out too. */
  invitations(): Invitation[]
  invite(invitation: NewInvitation): InvitationMade
  revokeInvitation(invitationId: string, by: Actor): Invitation

  /** A code by which a sensor goes to its next host, once. A newer one replaces it. */
  offerSensor(deviceId: string, personId: string): SensorOffer
  /** Uses the code up; undefined where there is no such offer, or none any more. Counts against guessing. */
  takeSensorOffer(code: string, visit: Visit): { deviceId: string; personId: string } | undefined

  note(entry: AuditNote): void
  /** Newest first, at most `limit`; of one person what concerns them or what they did. */
  audit(of: { personId?: string; before?: number; limit: number }): AuditEntry[]
  /** All traces of a person whose data is erased; returns how many rows. Their sessions end. */
  forget(personId: string): Promise<number>
}

/** Signing in and staying signed in. */
export interface SignIn {
  /** Opening uses nothing up. undefined where there is no such invitation, or none any more. Counts against guessing. */
  openInvitation(code: string, visit: Visit): Invitation | undefined
  /**
   * Uses the invitation up. With `join` a new account, or the role for the account that the person has (`viewer` must be
   * theirs then); with `recover` the new password of the account, whose sessions all end and whose passkeys are gone.
   */
  accept(
    code: string,
    answer: { userName?: string; password?: string; viewer?: Viewer },
    visit: Visit
  ): Promise<SignedIn>
  /** One answer for a wrong name and a wrong password. */
  signIn(credentials: { userName: string; password: string }, visit: Visit): Promise<SignedIn>
  /** Of a cookie's value; undefined for one that is not ours, has ended, or whose account is gone. */
  visiting(cookie: string): Promise<Visiting | undefined>
  signOut(viewer: Viewer): Promise<void>
  changePassword(viewer: Viewer, passwords: { current: string; next: string }, visit: Visit): Promise<void>

  sessions(accountId: string): Promise<Session[]>
  /** Of one's own account; a session that is not there is no error. */
  endSession(accountId: string, sessionId: string, by: Actor): Promise<void>
  /** All but `except`. */
  endSessions(accountId: string, by: Actor, except?: string): Promise<void>
  /** Ends the way in, at once and everywhere. What the person hosts stays. Removing the last steward is refused. */
  removeAccount(personId: string, by: Actor): Promise<void>

  passkeys(accountId: string): Promise<Passkey[]>
  offerPasskey(viewer: Viewer, party: RelyingParty): Promise<PasskeyChallenge>
  addPasskey(viewer: Viewer, challengeId: string, passkey: NewPasskey, party: RelyingParty): Promise<Passkey>
  removePasskey(viewer: Viewer, passkeyId: string): Promise<void>
  askPasskey(party: RelyingParty): Promise<PasskeyChallenge>
  signInByPasskey(
    challengeId: string,
    response: unknown,
    party: RelyingParty,
    visit: Visit
  ): Promise<SignedIn>
}

/** What ended: one session, or all of an account. Streams that were opened with it must end now. */
export type Ended = { sessionId: string } | { accountId: string }

export interface Accounts extends AccountBook, SignIn {
  /** Called at once when sessions end before their time. Returns how to stop. */
  onEnded(ended: (what: Ended) => void): () => void
  close(): Promise<void>
}

export type AccountsRefusalCode =
  | 'badUserName'
  | 'userNameTaken'
  | 'weakPassword'
  | 'wrongCredentials'
  | 'tooManyAttempts'
  | 'signInBusy'
  | 'invitationUnknown'
  | 'invitationOfAnother'
  | 'accountExists'
  | 'accountUnknown'
  | 'lastSteward'
  | 'passkeyRefused'
  | 'tooManyInvitations'

/** Somebody asked for what cannot be; the message says what to do. */
export class AccountsRefusal extends Error {
  readonly code: AccountsRefusalCode
  /** Seconds until it is worth trying again. */
  readonly retryAfterS: number | undefined
  constructor(code: AccountsRefusalCode, message: string, retryAfterS?: number) {
    super(message)
    this.code = code
    this.retryAfterS = retryAfterS
  }
}
