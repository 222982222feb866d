/** Opens the accounts of a data folder: the book at once, the thread of signing in when somebody needs it. */
import { existsSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../model/time.ts'
import { writeWhole } from '../synced.ts'
import {
  AccountsRefusal,
  type Account,
  type Accounts,
  type Actor,
  type AuditNote,
  type Ended,
  type Invitation,
  type NewInvitation,
  type NewPasskey,
  type RelyingParty,
  type Role,
  type SignedIn,
  type Viewer,
  type Visit,
  type Visiting
} from './accounts.ts'
import { Attempts, networkOf } from './attempts.ts'
import { accountExists, Book, invitationGone } from './book.ts'
import { readCode } from './codes.ts'
import { openAccountsFile } from './database.ts'
import {
  foldAgainMs,
  foldTriesMax,
  wrongCodes,
  wrongPasswordsFromAddress,
  wrongPasswordsHere,
  wrongPasswordsOfName
} from './limits.ts'
import { StandingSessions, type UserSession } from './standing-sessions.ts'
import { ThreadOnDemand } from './thread-on-demand.ts'
import { readUserName, userNameKey } from './user-name.ts'

export interface AccountsOptions {
  file: string
  /** Beside it, never in a backup: without it no cookie of before is worth anything. */
  secretFile: string
  hubName: string
  clock: Clock
  randomBytes?: (count: number) => Uint8Array
  /** How long the thread of signing in is kept without work; the limit unless given. */
  idleMs?: number
}

export function openAccounts(options: AccountsOptions): Accounts {
  const { file, secretFile, hubName, clock, idleMs, randomBytes: random = randomBytes } = options
  const db = openAccountsFile(file)
  const { secret, isNew } = secretOf(secretFile, random)
  // A folder that came back from a backup has no secret: whoever was signed in then signs in again.
  if (isNew) db.exec('DELETE FROM "session"')
  const book = new Book(db, clock, random)
  book.log.trim()
  const parts = {
    book,
    thread: new ThreadOnDemand({ file, secret, hubName }, idleMs),
    standing: new StandingSessions(db, secret)
  }
  return new OpenAccounts(parts, clock, () => db.close())
}

const secretBytes = 32

function secretOf(file: string, random: (count: number) => Uint8Array): { secret: string; isNew: boolean } {
  if (existsSync(file)) {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length >= 2 * secretBytes) return { secret, isNew: false }
  }
  const secret = Buffer.from(random(secretBytes)).toString('hex')
  writeWhole(file, `${secret}\n`)
  return { secret, isNew: true }
}

interface Parts {
  book: Book
  thread: ThreadOnDemand
  standing: StandingSessions
}

class OpenAccounts implements Accounts {
  readonly #book: Book
  readonly #thread: ThreadOnDemand
  readonly #standing: StandingSessions
  readonly #clock: Clock
  readonly #closeFile: () => void
  readonly #endedListeners = new Set<(what: Ended) => void>()
  readonly #codes: Attempts
  readonly #hereAttempts: Attempts
  readonly #nameAttempts: Attempts
  readonly #addressAttempts: Attempts
  #closed: Promise<void> | undefined

  constructor({ book, thread, standing }: Parts, clock: Clock, closeFile: () => void) {
    this.#book = book
    this.#thread = thread
    this.#standing = standing
    this.#clock = clock
    this.#closeFile = closeFile
    this.#codes = new Attempts(clock, wrongCodes)
    this.#hereAttempts = new Attempts(clock, wrongPasswordsHere)
    this.#nameAttempts = new Attempts(clock, wrongPasswordsOfName)
    this.#addressAttempts = new Attempts(clock, wrongPasswordsFromAddress)
  }

  accounts = (): Account[] => this.#book.accounts()
  accountOf = (personId: string): Account | undefined => this.#book.accountOf(personId)
  invitations = (): Invitation[] => this.#book.invitations.all()
  invite = (invitation: NewInvitation) => this.#book.invite(invitation)
  revokeInvitation = (invitationId: string, by: Actor) => this.#book.invitations.revoke(invitationId, by)
  note = (entry: AuditNote): void => this.#book.log.note(entry)
  audit = (of: { personId?: string; before?: number; limit: number }) => this.#book.log.entries(of)

  /** Whoever loses a role is signed in with it nowhere any more, streams included. */
  setRole(personId: string, role: Exclude<Role, 'host'>, has: boolean, by: Actor): Account {
    const account = this.#book.setRole(personId, role, has, by)
    if (!has) this.#tellEnded({ accountId: account.accountId })
    return account
  }

  retract = (personId: string, role?: Exclude<Role, 'host'>): boolean => this.#book.retract(personId, role)

  async forget(personId: string): Promise<number> {
    const account = this.#book.accountOf(personId)
    const rows = this.#book.forget(personId)
    if (account) this.#tellEnded({ accountId: account.accountId })
    for (let tries = 0; !this.#book.rewrite(); tries++) {
      if (tries >= foldTriesMax)
        throw new Error('The accounts file is in use by another process; trying again.')
      await sleep(foldAgainMs)
    }
    return rows
  }

  offerSensor = (deviceId: string, personId: string) => this.#book.offers.offer(deviceId, personId)

  takeSensorOffer(typed: string, visit: Visit): { deviceId: string; personId: string } | undefined {
    const network = networkOf(visit.address)
    this.#codes.refuseTooMany(network)
    const code = readCode(typed)
    const offer = code === undefined ? undefined : this.#book.offers.take(code)
    if (!offer) this.#codes.failed(network)
    return offer
  }

  openInvitation(typed: string, visit: Visit): Invitation | undefined {
    const network = networkOf(visit.address)
    this.#codes.refuseTooMany(network)
    const code = readCode(typed)
    const invitation = code === undefined ? undefined : this.#book.invitations.open(code)
    if (!invitation) this.#codes.failed(network)
    return invitation
  }

  async accept(
    typed: string,
    answer: { userName?: string; password?: string; viewer?: Viewer },
    visit: Visit
  ): Promise<SignedIn> {
    const invitation = this.openInvitation(typed, visit)
    const code = readCode(typed)
    if (!invitation || code === undefined) throw invitationGone()
    const known = this.#book.accountOf(invitation.personId)
    if (invitation.purpose === 'recover') return this.#recover(code, known, answer.password ?? '', visit)
    if (known) return this.#joinAgain(code, known, answer.viewer, visit)
    if (answer.viewer) {
      const message = 'This invitation is for somebody else. Sign out first if it is for a second person.'
      throw new AccountsRefusal('invitationOfAnother', message)
    }
    const userName = readUserName(answer.userName ?? '')
    const accountId = await this.#thread.run((thread) => thread.createUser(userName, answer.password ?? ''))
    try {
      this.#book.useInvitation(code, { accountId, userName })
    } catch (cause) {
      await this.#thread.run((thread) => thread.removeUser(accountId))
      throw cause
    }
    return this.#startSession(accountId, visit)
  }

  /** Another role for somebody who is signed in. */
  async #joinAgain(
    code: string,
    known: Account,
    viewer: Viewer | undefined,
    visit: Visit
  ): Promise<SignedIn> {
    if (viewer?.accountId !== known.accountId) throw accountExists()
    this.#book.useInvitation(code, known)
    await this.#thread.run((thread) => thread.endSession(known.accountId, viewer.sessionId))
    return this.#startSession(known.accountId, visit)
  }

  async #recover(
    code: string,
    known: Account | undefined,
    password: string,
    visit: Visit
  ): Promise<SignedIn> {
    if (!known) throw invitationGone()
    const hash = await this.#thread.run((thread) => thread.hashFor(known.accountId, password))
    this.#book.useInvitation(code, known, hash)
    this.#tellEnded({ accountId: known.accountId })
    return this.#startSession(known.accountId, visit)
  }

  async signIn(
    { userName, password }: { userName: string; password: string },
    visit: Visit
  ): Promise<SignedIn> {
    const network = networkOf(visit.address)
    const name = userNameKey(userName)
    const here = JSON.stringify([name, network])
    this.#addressAttempts.refuseTooMany(network)
    this.#hereAttempts.refuseTooMany(here)
    this.#nameAttempts.refuseTooMany(name)
    const session = await this.#thread.run((thread) =>
      thread.signIn(name, password, visit, this.#clock.now())
    )
    const viewer = session && this.#viewerOf(session)
    if (!viewer) {
      this.#addressAttempts.failed(network)
      this.#hereAttempts.failed(here)
      this.#nameAttempts.failed(name)
      throw new AccountsRefusal(
        'wrongCredentials',
        'The user name or password is wrong. If you forgot it, ask your steward for a recovery link.'
      )
    }
    this.#hereAttempts.succeeded(here)
    return { viewer, cookie: session.cookie, expiresAt: session.expiresAt }
  }

  async visiting(cookie: string): Promise<Visiting | undefined> {
    // Most cookies that are not ours are seen without the thread.
    if (!cookie.includes('.') || !this.#book.hasAccounts()) return undefined
    const standing = this.#standing.of(cookie, this.#clock.now())
    const session = standing
      ? { ...standing, renewed: false }
      : await this.#thread.run((thread) => thread.session(cookie))
    const viewer = session && this.#viewerOf(session)
    if (!viewer) return undefined
    return {
      viewer,
      renewed: session.renewed ? { cookie: session.cookie, expiresAt: session.expiresAt } : undefined
    }
  }

  async signOut({ accountId, sessionId, personId }: Viewer): Promise<void> {
    await this.endSession(accountId, sessionId, { kind: 'person', personId })
  }

  async changePassword(
    { accountId, personId, sessionId, userName }: Viewer,
    { current, next }: { current: string; next: string },
    visit: Visit
  ): Promise<void> {
    const here = JSON.stringify([userNameKey(userName), networkOf(visit.address)])
    this.#hereAttempts.refuseTooMany(here)
    try {
      await this.#thread.run((thread) => thread.changePassword(accountId, current, next))
    } catch (cause) {
      if (cause instanceof AccountsRefusal && cause.code === 'wrongCredentials')
        this.#hereAttempts.failed(here)
      throw cause
    }
    const by = { kind: 'person', personId } as const
    this.#book.log.note({ by, action: 'passwordChanged', personId })
    await this.endSessions(accountId, by, sessionId)
  }

  sessions = (accountId: string) => this.#thread.run((thread) => thread.sessions(accountId))

  async endSession(accountId: string, sessionId: string, by: Actor): Promise<void> {
    await this.#thread.run((thread) => thread.endSession(accountId, sessionId))
    this.#tellEnded({ sessionId })
    this.#noteEnded(accountId, by)
  }

  async endSessions(accountId: string, by: Actor, except?: string): Promise<void> {
    const ended = await this.#thread.run((thread) => thread.endSessions(accountId, except))
    if (except === undefined) this.#tellEnded({ accountId })
    else for (const sessionId of ended) this.#tellEnded({ sessionId })
    if (ended.length > 0) this.#noteEnded(accountId, by)
  }

  #noteEnded(accountId: string, by: Actor): void {
    const account = this.#book.account(accountId)
    if (account) this.#book.log.note({ by, action: 'sessionEnded', personId: account.personId })
  }

  async removeAccount(personId: string, by: Actor): Promise<void> {
    const { accountId } = this.#book.removeAccount(personId, by)
    this.#tellEnded({ accountId })
  }

  passkeys = (accountId: string) => this.#thread.run((thread) => thread.passkeys(accountId))
  offerPasskey = ({ accountId, userName }: Viewer, party: RelyingParty) =>
    this.#thread.run((thread) => thread.offerPasskey({ accountId, userName }, party))
  askPasskey = (party: RelyingParty) => this.#thread.run((thread) => thread.askPasskey(party))

  async addPasskey(viewer: Viewer, challengeId: string, passkey: NewPasskey, party: RelyingParty) {
    const { accountId, personId } = viewer
    const added = await this.#thread.run((thread) =>
      thread.addPasskey(accountId, challengeId, passkey, party)
    )
    this.#book.log.note({ by: { kind: 'person', personId }, action: 'passkeyAdded', personId })
    return added
  }

  async removePasskey({ accountId, personId }: Viewer, passkeyId: string): Promise<void> {
    await this.#thread.run((thread) => thread.removePasskey(accountId, passkeyId))
    this.#book.log.note({ by: { kind: 'person', personId }, action: 'passkeyRemoved', personId })
  }

  async signInByPasskey(
    challengeId: string,
    response: unknown,
    party: RelyingParty,
    visit: Visit
  ): Promise<SignedIn> {
    const network = networkOf(visit.address)
    this.#addressAttempts.refuseTooMany(network)
    try {
      const accountId = await this.#thread.run((thread) => thread.passkeyOwner(challengeId, response, party))
      return await this.#startSession(accountId, visit)
    } catch (cause) {
      if (cause instanceof AccountsRefusal) this.#addressAttempts.failed(network)
      throw cause
    }
  }

  async #startSession(accountId: string, visit: Visit): Promise<SignedIn> {
    const session = await this.#thread.run((thread) =>
      thread.startSession(accountId, visit, this.#clock.now())
    )
    const viewer = this.#viewerOf(session)
    if (!viewer) throw new AccountsRefusal('accountUnknown', 'This account was removed a moment ago.')
    return { viewer, cookie: session.cookie, expiresAt: session.expiresAt }
  }

  /** The book is asked each time: a role that was taken, or an account that was removed, is gone at once. */
  #viewerOf({ accountId, sessionId }: UserSession): Viewer | undefined {
    const account = this.#book.account(accountId)
    if (!account) return undefined
    const { personId, userName, roles } = account
    return { accountId, sessionId, personId, userName, roles }
  }

  onEnded(ended: (what: Ended) => void): () => void {
    this.#endedListeners.add(ended)
    return () => void this.#endedListeners.delete(ended)
  }

  #tellEnded(what: Ended): void {
    for (const listener of this.#endedListeners) listener(what)
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#thread.close().finally(this.#closeFile))
  }
}
