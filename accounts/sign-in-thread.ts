/**
 * Users, passwords, sessions and passkeys: better-auth and WebAuthn on accounts.sqlite. Runs in a thread of its own, since
 * loading it takes a second, in which no sensor must wait for its acknowledgement.
 */
import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { username } from 'better-auth/plugins/username'
import { sessionKeepMs } from '../model/limits.ts'
import { secondMs, type UnixMs } from '../model/time.ts'
import { AccountsRefusal, type Session, type Visit } from './accounts.ts'
import { connect } from './database.ts'
import {
  hashesAtOnceMax,
  hashesWaitingMax,
  passwordLengthMax,
  sessionRenewS,
  userNameLengthMax,
  userNameLengthMin
} from './limits.ts'
import { HashThreads } from './hash-threads.ts'
import {
  costToday,
  hashPassword,
  isOfToday,
  opensAlike,
  verifyPassword,
  type Derive,
  type Verify
} from './password-hash.ts'
import type { CheckPassword } from './password-strength.ts'
import { Slots } from './slots.ts'
import { signatureOf, timeOf, type UserSession } from './standing-sessions.ts'
import { userNameKey } from './user-name.ts'

export interface SignInStart {
  file: string
  /** Signs the cookies. In the data folder and in no backup, so that a restore ends every session. */
  secret: string
  hubName: string
}

const cookieName = 'better-auth.session_token'

export class SignInThread {
  readonly #db: DatabaseSync
  readonly #start: SignInStart
  #check: CheckPassword | undefined
  readonly #auth: ReturnType<typeof authOn>
  readonly #hashing = new Slots(hashesAtOnceMax, hashesWaitingMax)
  readonly #derive = new HashThreads(hashesAtOnceMax).derive

  readonly #verify: Verify

  constructor(start: SignInStart, verify?: Verify) {
    this.#start = start
    this.#verify = verify ?? ((given) => verifyPassword(this.#derive, given))
    this.#db = connect(start.file)
    this.#auth = authOn(this.#db, start.secret, this.#derive)
  }

  /** A user that is nobody's yet. @throws AccountsRefusal userNameTaken, weakPassword, signInBusy. */
  async createUser(userName: string, password: string): Promise<string> {
    await this.#refuseWeak(password, userName)
    this.#refuseTaken(userName)
    const { internalAdapter, password: hasher } = await this.#auth.$context
    const hash = await this.#hashing.run(() => hasher.hash(password))
    try {
      // better-auth wants an address; nobody can be reached at this one, and nothing is ever sent to it (RFC 6761).
      const email = `${randomBytes(16).toString('hex')}@accounts.invalid`
      const named = { name: userName, username: userName, displayUsername: userName }
      const { id } = await internalAdapter.createUser({ email, ...named }, { method: 'admin' })
      await internalAdapter.linkAccount({
        userId: id,
        accountId: id,
        providerId: 'credential',
        password: hash
      })
      return id
    } catch (cause) {
      // Somebody else may have taken the name while the password was hashed.
      this.#refuseTaken(userName)
      throw cause
    }
  }

  /** The words that it knows are loaded with the first new password: whoever only shows a cookie does not wait for them. */
  async #refuseWeak(password: string, userName: string): Promise<void> {
    this.#check ??= (await import('./password-strength.ts')).passwordCheck()
    this.#check(password, [userName, this.#start.hubName])
  }

  #refuseTaken(userName: string): void {
    if (!this.#db.prepare('SELECT 1 FROM "user" WHERE username = ?').get(userNameKey(userName))) return
    throw new AccountsRefusal('userNameTaken', `The user name "${userName}" is taken. Choose another one.`)
  }

  removeUser(accountId: string): void {
    this.#db.prepare('DELETE FROM "user" WHERE id = ?').run(accountId)
  }

  /** undefined for a wrong name or password: the same work is done for a name that nobody has. */
  async signIn(userName: string, password: string, visit: Visit): Promise<UserSession | undefined> {
    if (password.length > 4 * passwordLengthMax) return undefined
    const known = this.#db
      .prepare(
        `SELECT "user".id, "account".password FROM "user"
         LEFT JOIN "account" ON "account".userId = "user".id AND "account".providerId = 'credential'
         WHERE "user".username = ?`
      )
      .get(userNameKey(userName))
    const hash = typeof known?.password === 'string' ? known.password : undefined
    const hashes = this.#hashes()
    const isRight = await this.#hashing.run(() => opensAlike({ hash, password }, hashes, this.#verify))
    if (!known || !isRight) return undefined
    const accountId = String(known.id)
    const session = await this.startSession(accountId, visit)
    await this.#renewHash(accountId, password)
    return session
  }

  /** Of everybody, and one of today's kind: what they cost together is what each refusal costs. */
  #hashes(): string[] {
    const kept = this.#db.prepare('SELECT password FROM "account" WHERE password IS NOT NULL').all()
    return [costToday, ...kept.map(({ password }) => String(password))]
  }

  /** One of an earlier version is made anew while its password is at hand. */
  async #renewHash(accountId: string, password: string): Promise<void> {
    const { internalAdapter } = await this.#auth.$context
    const hash = (await internalAdapter.findCredentialAccount(accountId))?.password
    if (!hash || isOfToday(hash)) return
    const renewed = await this.#hashing.run(() => hashPassword(this.#derive, password))
    await internalAdapter.updatePassword(accountId, renewed)
  }

  async startSession(accountId: string, visit: Visit): Promise<UserSession> {
    const { internalAdapter } = await this.#auth.$context
    const { token } = await internalAdapter.createSession(accountId, false, {
      ipAddress: visit.address,
      userAgent: visit.userAgent
    })
    return this.#sessionOf(token)
  }

  /** @throws AccountsRefusal wrongCredentials where `current` is not the password. */
  async changePassword(accountId: string, current: string, next: string): Promise<void> {
    const { internalAdapter, password: hasher } = await this.#auth.$context
    const hash = (await internalAdapter.findCredentialAccount(accountId))?.password
    const isRight = hash && (await this.#hashing.run(() => hasher.verify({ hash, password: current })))
    if (!isRight) {
      const message = 'The current password is wrong. Nothing was changed.'
      throw new AccountsRefusal('wrongCredentials', message)
    }
    await internalAdapter.updatePassword(accountId, await this.hashFor(accountId, next))
  }

  /** Of a new password. @throws AccountsRefusal weakPassword. */
  async hashFor(accountId: string, password: string): Promise<string> {
    const { internalAdapter } = await this.#auth.$context
    const user = await internalAdapter.findUserById(accountId)
    await this.#refuseWeak(password, user?.name ?? '')
    return this.#hashing.run(() => hashPassword(this.#derive, password))
  }

  /** The session of a cookie, lasting longer from now on where it is due; undefined where it does not stand. */
  async session(cookie: string): Promise<(UserSession & { renewed: boolean }) | undefined> {
    const headers = new Headers({ cookie: `${cookieName}=${cookie}` })
    const { response, headers: answered } = await this.#auth.api.getSession({ headers, returnHeaders: true })
    if (!response) return undefined
    return {
      accountId: response.session.userId,
      sessionId: response.session.id,
      cookie,
      expiresAt: response.session.expiresAt.getTime() as UnixMs,
      renewed: answered.has('set-cookie')
    }
  }

  sessions(accountId: string): Session[] {
    return this.#db
      .prepare('SELECT * FROM "session" WHERE userId = ? ORDER BY updatedAt DESC')
      .all(accountId)
      .map((row) => ({
        sessionId: String(row.id),
        createdAt: timeOf(row.createdAt),
        renewedAt: timeOf(row.updatedAt),
        expiresAt: timeOf(row.expiresAt),
        address: String(row.ipAddress ?? ''),
        userAgent: String(row.userAgent ?? '')
      }))
  }

  endSession(accountId: string, sessionId: string): void {
    this.#db.prepare('DELETE FROM "session" WHERE userId = ? AND id = ?').run(accountId, sessionId)
  }

  /** Returns the ids of those that ended. */
  endSessions(accountId: string, except = ''): string[] {
    return this.#db
      .prepare('DELETE FROM "session" WHERE userId = ? AND id <> ? RETURNING id')
      .all(accountId, except)
      .map(({ id }) => String(id))
  }

  get database(): DatabaseSync {
    return this.#db
  }

  close(): void {
    this.#db.close()
  }

  #sessionOf(token: string): UserSession {
    const row = this.#db.prepare('SELECT id, userId, expiresAt FROM "session" WHERE token = ?').get(token)
    if (!row) throw new Error('A session that was just made is not there.')
    return {
      accountId: String(row.userId),
      sessionId: String(row.id),
      cookie: this.#signed(token),
      expiresAt: timeOf(row.expiresAt)
    }
  }

  #signed(token: string): string {
    return encodeURIComponent(`${token}.${signatureOf(this.#start.secret, token)}`)
  }
}

function authOn(db: DatabaseSync, secret: string, derive: Derive) {
  return betterAuth({
    database: db,
    secret,
    // Links and cookies are ours to make: nothing is answered by better-auth itself, so this address is never used.
    baseURL: 'http://localhost',
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Limits by account and by address are in attempts.ts: its own are for a handler that we do not mount.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 4 * passwordLengthMax,
      password: {
        hash: (password) => hashPassword(derive, password),
        verify: (given) => verifyPassword(derive, given)
      }
    },
    session: {
      expiresIn: sessionKeepMs / secondMs,
      updateAge: sessionRenewS,
      // Every answer asks the file: a session that was ended must end now.
      cookieCache: { enabled: false }
    },
    advanced: {
      cookiePrefix: 'better-auth',
      useSecureCookies: false
    },
    plugins: [
      username({
        minUsernameLength: userNameLengthMin,
        maxUsernameLength: userNameLengthMax,
        usernameValidator: () => true,
        usernameNormalization: userNameKey
      })
    ]
  })
}
