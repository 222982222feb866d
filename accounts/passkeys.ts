/** Passkeys: questions that are asked once, and the keys that answer them (WebAuthn Level 3). */
import type { DatabaseSync } from 'node:sqlite'
import { randomBytes } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON
} from '@simplewebauthn/server'
import { passkeyNameLengthMax } from '../model/limits.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import {
  AccountsRefusal,
  type NewPasskey,
  type Passkey,
  type PasskeyChallenge,
  type RelyingParty
} from './accounts.ts'
import { challengeKeepMs, challengesMax, passkeysPerAccountMax } from './limits.ts'

/** Loaded with the first question: whoever only shows a cookie does not wait for it. */
const webauthn = (): Promise<typeof import('@simplewebauthn/server')> => import('@simplewebauthn/server')

interface Asked {
  challenge: string
  /** Of whom a new key is asked; undefined where somebody signs in. */
  accountId: string | undefined
  partyId: string
  at: UnixMs
}

export class Passkeys {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly #asked = new Map<string, Asked>()

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  list(accountId: string): Passkey[] {
    return this.#db
      .prepare(
        'SELECT passkeyId, name, createdAt, usedAt FROM passkeys WHERE accountId = ? ORDER BY createdAt'
      )
      .all(accountId)
      .map((row) => ({
        passkeyId: String(row.passkeyId),
        name: String(row.name),
        createdAt: Number(row.createdAt) as UnixMs,
        usedAt: row.usedAt === null ? null : (Number(row.usedAt) as UnixMs)
      }))
  }

  async offer(
    account: { accountId: string; userName: string },
    party: RelyingParty
  ): Promise<PasskeyChallenge> {
    const known = this.list(account.accountId)
    if (known.length >= passkeysPerAccountMax)
      throw refused(`You have ${known.length} passkeys, the maximum. Remove one first.`)
    const options = await (
      await webauthn()
    ).generateRegistrationOptions({
      rpName: party.name,
      rpID: party.id,
      userName: account.userName,
      userID: new Uint8Array(Buffer.from(account.accountId)),
      excludeCredentials: known.map(({ passkeyId }) => ({ id: passkeyId })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' }
    })
    return { challengeId: this.#ask(options.challenge, account.accountId, party.id), options }
  }

  async add(
    accountId: string,
    challengeId: string,
    { name, response }: NewPasskey,
    party: RelyingParty
  ): Promise<Passkey> {
    const asked = this.#answered(challengeId, party)
    if (asked.accountId !== accountId) throw questionGone()
    const verified = await (
      await webauthn()
    )
      .verifyRegistrationResponse({
        // Its shape is the library's to check; whatever does not fit is refused below.
        response: response as RegistrationResponseJSON,
        expectedChallenge: asked.challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: false
      })
      .catch(notVerified)
    if (!verified?.verified) throw refused('This device could not create a passkey. Try again.')
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential
    // Its id comes from outside: somebody's key must not be taken over by naming it again.
    if (this.#db.prepare('SELECT 1 FROM passkeys WHERE passkeyId = ?').get(id))
      throw refused('This device has a passkey here already.')
    const now = this.#clock.now()
    const called = name.trim().slice(0, passkeyNameLengthMax) || 'Passkey'
    this.#db
      .prepare(
        `INSERT INTO passkeys (passkeyId, accountId, party, name, publicKey, counter, transports, createdAt)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
      )
      .run(id, accountId, party.id, called, publicKey, counter, transports.join(','), now)
    return { passkeyId: id, name: called, createdAt: now, usedAt: null }
  }

  remove(accountId: string, passkeyId: string): void {
    this.#db.prepare('DELETE FROM passkeys WHERE accountId = ? AND passkeyId = ?').run(accountId, passkeyId)
  }

  async ask(party: RelyingParty): Promise<PasskeyChallenge> {
    const options = await (
      await webauthn()
    ).generateAuthenticationOptions({ rpID: party.id, userVerification: 'preferred' })
    return { challengeId: this.#ask(options.challenge, undefined, party.id), options }
  }

  /** Whose key answered. @throws AccountsRefusal passkeyRefused. */
  async signIn(challengeId: string, response: unknown, party: RelyingParty): Promise<string> {
    const asked = this.#answered(challengeId, party)
    if (asked.accountId !== undefined) throw questionGone()
    const answer = response as AuthenticationResponseJSON
    const row = this.#db
      .prepare('SELECT * FROM passkeys WHERE passkeyId = ? AND party = ?')
      .get(typeof answer?.id === 'string' ? answer.id : '', party.id)
    if (!row) throw refused('This hub does not know this passkey. Sign in with your password.')
    const verified = await (
      await webauthn()
    )
      .verifyAuthenticationResponse({
        response: answer,
        expectedChallenge: asked.challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        credential: {
          id: String(row.passkeyId),
          publicKey: new Uint8Array(row.publicKey as Uint8Array),
          counter: Number(row.counter),
          transports: String(row.transports).split(',').filter(Boolean) as AuthenticatorTransport[]
        },
        requireUserVerification: false
      })
      .catch(notVerified)
    if (!verified?.verified)
      throw refused('The passkey was not accepted. Try again, or sign in with your password.')
    this.#db
      .prepare('UPDATE passkeys SET counter = ?, usedAt = ? WHERE passkeyId = ?')
      .run(verified.authenticationInfo.newCounter, this.#clock.now(), String(row.passkeyId))
    return String(row.accountId)
  }

  #ask(challenge: string, accountId: string | undefined, partyId: string): string {
    if (this.#asked.size >= challengesMax) this.#asked.delete(this.#asked.keys().next().value!)
    const challengeId = randomBytes(16).toString('base64url')
    this.#asked.set(challengeId, { challenge, accountId, partyId, at: this.#clock.now() })
    return challengeId
  }

  /** Each question is answered once. */
  #answered(challengeId: string, party: RelyingParty): Asked {
    const asked = this.#asked.get(challengeId)
    this.#asked.delete(challengeId)
    const age = asked ? this.#clock.now() - asked.at : Infinity
    const isInTime = age >= 0 && age <= challengeKeepMs
    if (!asked || !isInTime || asked.partyId !== party.id) throw questionGone()
    return asked
  }
}

/** What does not verify is refused, however it fails: the answer came from outside. */
function notVerified(): undefined {
  return undefined
}

function questionGone(): AccountsRefusal {
  return refused('That took too long, or was already completed. Start again.')
}

function refused(message: string): AccountsRefusal {
  return new AccountsRefusal('passkeyRefused', message)
}
