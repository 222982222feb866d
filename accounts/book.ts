/** Accounts and their roles in accounts.sqlite: small, read at once, on disk when a call returns. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Clock, UnixMs } from '../model/time.ts'
import {
  AccountsRefusal,
  type Account,
  type Actor,
  type InvitationMade,
  type NewInvitation,
  type Role
} from './accounts.ts'
import { AuditLog } from './audit-log.ts'
import type { RandomBytes } from './codes.ts'
import { transaction } from './database.ts'
import { Invitations } from './invitations.ts'
import { SensorOffers } from './sensor-offers.ts'
import { foldLog } from '../synced.ts'

type Row = Record<string, SQLOutputValue>

export class Book {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly log: AuditLog
  readonly invitations: Invitations
  readonly offers: SensorOffers

  constructor(db: DatabaseSync, clock: Clock, random: RandomBytes) {
    this.#db = db
    this.#clock = clock
    this.log = new AuditLog(db, clock)
    this.invitations = new Invitations(db, clock, random, this.log)
    this.offers = new SensorOffers(db, clock, random)
  }

  accounts(): Account[] {
    return this.#db.prepare('SELECT * FROM members ORDER BY createdAt, accountId').all().map(accountOf)
  }

  hasAccounts(): boolean {
    return this.#db.prepare('SELECT 1 FROM members LIMIT 1').get() !== undefined
  }

  account(accountId: string): Account | undefined {
    const row = this.#db.prepare('SELECT * FROM members WHERE accountId = ?').get(accountId)
    return row && accountOf(row)
  }

  accountOf(personId: string): Account | undefined {
    const row = this.#db.prepare('SELECT * FROM members WHERE personId = ?').get(personId)
    return row && accountOf(row)
  }

  needAccountOf(personId: string): Account {
    const account = this.accountOf(personId)
    if (account) return account
    throw new AccountsRefusal('accountUnknown', `${personId} has no account. Invite them first.`)
  }

  setRole(personId: string, role: Exclude<Role, 'host'>, has: boolean, by: Actor): Account {
    return transaction(this.#db, () => {
      const account = this.needAccountOf(personId)
      if (role === 'steward' && !has) this.#refuseLastSteward(account)
      this.#setRole(account, role, has, by)
      return this.needAccountOf(personId)
    })
  }

  /** Inside the caller's transaction. */
  #setRole({ accountId, personId }: Account, role: Exclude<Role, 'host'>, has: boolean, by: Actor): void {
    const column = role === 'steward' ? 'steward' : 'researcher'
    this.#db.prepare(`UPDATE members SET ${column} = ? WHERE accountId = ?`).run(has ? 1 : 0, accountId)
    this.log.note({ by, action: has ? 'roleGiven' : 'roleTaken', personId, about: role })
  }

  /** Its rights are gone when this returns; its sessions and password go with the user's row. */
  removeAccount(personId: string, by: Actor): Account {
    return transaction(this.#db, () => {
      const account = this.needAccountOf(personId)
      this.#refuseLastSteward(account)
      this.#remove(account, by)
      return account
    })
  }

  /** Inside the caller's transaction. */
  #remove({ accountId, personId }: Account, by: Actor): void {
    this.invitations.revokeAll(personId)
    this.#db.prepare('DELETE FROM "user" WHERE id = ?').run(accountId)
    this.log.note({ by, action: 'accountRemoved', personId })
  }

  retract(personId: string, role?: Exclude<Role, 'host'>): boolean {
    return transaction(this.#db, () => {
      const account = this.accountOf(personId)
      if (!account || (role !== undefined && !account.roles.includes(role))) return false
      if (role === undefined) this.#remove(account, { kind: 'hub' })
      else this.#setRole(account, role, false, { kind: 'hub' })
      return true
    })
  }

  #refuseLastSteward({ accountId, roles }: Account): void {
    if (!roles.includes('steward')) return
    const others = this.#db
      .prepare('SELECT count(*) AS n FROM members WHERE steward = 1 AND accountId <> ?')
      .get(accountId)
    if (Number(others?.n) > 0) return
    throw new AccountsRefusal('lastSteward', 'This is the only steward. Make somebody else a steward first.')
  }

  /** @throws AccountsRefusal accountUnknown, where somebody without an account is given a new way in. */
  invite(wanted: NewInvitation): InvitationMade {
    return transaction(this.#db, () => {
      if (wanted.purpose === 'recover') this.needAccountOf(wanted.personId)
      return this.invitations.invite(wanted)
    })
  }

  /**
   * Uses the invitation up for the account, in one step with what it gives, a new password among them: of two who try at once
   * one alone succeeds, and the other changed nothing.
   * @throws AccountsRefusal invitationUnknown, accountExists; nothing was changed then.
   */
  useInvitation(
    code: string,
    account: { accountId: string; userName: string },
    passwordHash?: string
  ): Account {
    return transaction(this.#db, () => {
      const invitation = this.invitations.open(code)
      if (!invitation) throw invitationGone()
      const { personId, role, purpose } = invitation
      const now = this.#clock.now()
      this.invitations.markUsed(invitation)
      const known = this.accountOf(personId)
      if (known && known.accountId !== account.accountId) throw accountExists()
      if (!known) {
        this.#db
          .prepare(
            'INSERT INTO members (accountId, personId, userName, steward, researcher, createdAt) VALUES (?, ?, ?, 0, 0, ?)'
          )
          .run(account.accountId, personId, account.userName, now)
      }
      if (purpose === 'join' && role !== 'host') {
        const column = role === 'steward' ? 'steward' : 'researcher'
        this.#db.prepare(`UPDATE members SET ${column} = 1 WHERE accountId = ?`).run(account.accountId)
      }
      if (purpose === 'recover' && passwordHash !== undefined) this.#recover(account.accountId, passwordHash)
      const action = purpose === 'recover' ? 'passwordReset' : 'joined'
      this.log.note({ by: { kind: 'person', personId }, action, personId, about: role })
      return this.needAccountOf(personId)
    })
  }

  /** Whoever needs a new way in may have lost the device that has the old one: nothing of before opens the door. */
  #recover(accountId: string, passwordHash: string): void {
    this.#db
      .prepare(`UPDATE "account" SET password = ? WHERE userId = ? AND providerId = 'credential'`)
      .run(passwordHash, accountId)
    this.#db.prepare('DELETE FROM "session" WHERE userId = ?').run(accountId)
    this.#db.prepare('DELETE FROM passkeys WHERE accountId = ?').run(accountId)
  }

  forget(personId: string): number {
    return transaction(this.#db, () => {
      const account = this.accountOf(personId)
      const gone = [
        account ? this.#db.prepare('DELETE FROM "user" WHERE id = ?').run(account.accountId).changes : 0,
        this.invitations.forget(personId),
        this.offers.forget(personId),
        this.log.forget(personId)
      ]
      return gone.reduce<number>((sum, changes) => sum + Number(changes), 0)
    })
  }

  /** No byte of what was deleted is left in the file or its log; false while another connection reads the log. */
  rewrite(): boolean {
    this.#db.exec('VACUUM')
    return foldLog(this.#db)
  }
}

export function invitationGone(): AccountsRefusal {
  return new AccountsRefusal(
    'invitationUnknown',
    'This invitation cannot be used: it was already used, has expired, or was revoked. Ask your steward for a new one.'
  )
}

export function accountExists(): AccountsRefusal {
  return new AccountsRefusal(
    'accountExists',
    'You already have an account. Sign in with it, then open the invitation again.'
  )
}

function accountOf(row: Row): Account {
  const has: Record<Role, boolean> = {
    host: true,
    researcher: row.researcher === 1,
    steward: row.steward === 1
  }
  return {
    accountId: String(row.accountId),
    personId: String(row.personId),
    userName: String(row.userName),
    roles: (Object.keys(has) as Role[]).filter((role) => has[role]),
    createdAt: Number(row.createdAt) as UnixMs
  }
}
