/** Accounts, roles, invitations and the audit log in accounts.sqlite: small, read at once, on disk when a call returns. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { auditKeepMs } from '../model/limits.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import {
  AccountsRefusal,
  actorText,
  isRole,
  type Account,
  type Actor,
  type AuditEntry,
  type AuditNote,
  type Invitation,
  type InvitationMade,
  type NewInvitation,
  type Role
} from './accounts.ts'
import { hashOfCode, newCode, type RandomBytes } from './codes.ts'
import { transaction } from './database.ts'
import { invitationKeepMs, openInvitationsMax, recoveryKeepMs, stewardInvitationKeepMs } from './limits.ts'

type Row = Record<string, SQLOutputValue>

export class Book {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, clock: Clock, random: RandomBytes) {
    this.#db = db
    this.#clock = clock
    this.#random = random
  }

  accounts(): Account[] {
    return this.#db.prepare('SELECT * FROM members ORDER BY createdAt, accountId').all().map(accountOf)
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
      const column = role === 'steward' ? 'steward' : 'researcher'
      this.#db
        .prepare(`UPDATE members SET ${column} = ? WHERE accountId = ?`)
        .run(has ? 1 : 0, account.accountId)
      this.note({ by, action: has ? 'roleGiven' : 'roleTaken', personId, about: role })
      return this.needAccountOf(personId)
    })
  }

  /** Its rights are gone when this returns; its sessions and password go with the user's row. */
  removeAccount(personId: string, by: Actor): Account {
    return transaction(this.#db, () => {
      const account = this.needAccountOf(personId)
      this.#refuseLastSteward(account)
      this.#revokeAll(personId)
      this.#db.prepare('DELETE FROM "user" WHERE id = ?').run(account.accountId)
      this.note({ by, action: 'accountRemoved', personId })
      return account
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

  invitations(): Invitation[] {
    return this.#db
      .prepare('SELECT * FROM invitations ORDER BY createdAt DESC, invitationId')
      .all()
      .map(invitationOf)
  }

  invite({ personId, role, purpose = 'join', by }: NewInvitation): InvitationMade {
    return transaction(this.#db, () => {
      const now = this.#clock.now()
      const open = this.#db
        .prepare(
          'SELECT count(*) AS n FROM invitations WHERE usedAt IS NULL AND revokedAt IS NULL AND expiresAt > ?'
        )
        .get(now)
      if (Number(open?.n) >= openInvitationsMax) {
        const message = `${openInvitationsMax} invitations are open. Revoke some, or wait until they expire.`
        throw new AccountsRefusal('tooManyInvitations', message)
      }
      if (purpose === 'recover') this.needAccountOf(personId)
      // A newer link replaces an older one of its kind: there is one way in at a time.
      this.#db
        .prepare(
          'UPDATE invitations SET revokedAt = ? WHERE personId = ? AND purpose = ? AND role = ? AND usedAt IS NULL AND revokedAt IS NULL'
        )
        .run(now, personId, purpose, role)
      const code = newCode(this.#random)
      const invitation: Invitation = {
        invitationId: `i-${Buffer.from(this.#random(8)).toString('hex')}`,
        purpose,
        role,
        personId,
        createdAt: now,
        by: actorText(by),
        expiresAt: (now + keepMs(purpose, role)) as UnixMs,
        usedAt: null,
        revokedAt: null
      }
      this.#db
        .prepare(
          `INSERT INTO invitations (invitationId, codeHash, purpose, role, personId, createdAt, by, expiresAt)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
        )
        .run(
          invitation.invitationId,
          hashOfCode(code),
          purpose,
          role,
          personId,
          now,
          JSON.stringify(by),
          invitation.expiresAt
        )
      this.note({ by, action: purpose === 'join' ? 'invited' : 'recoveryGiven', personId, about: role })
      return { invitation, code }
    })
  }

  revokeInvitation(invitationId: string, by: Actor): Invitation {
    return transaction(this.#db, () => {
      const row = this.#db.prepare('SELECT * FROM invitations WHERE invitationId = ?').get(invitationId)
      if (!row) throw new AccountsRefusal('invitationUnknown', `There is no invitation ${invitationId}.`)
      this.#db
        .prepare(
          'UPDATE invitations SET revokedAt = ? WHERE invitationId = ? AND usedAt IS NULL AND revokedAt IS NULL'
        )
        .run(this.#clock.now(), invitationId)
      this.note({ by, action: 'invitationRevoked', personId: String(row.personId) })
      return invitationOf(
        this.#db.prepare('SELECT * FROM invitations WHERE invitationId = ?').get(invitationId)!
      )
    })
  }

  #revokeAll(personId: string): void {
    this.#db
      .prepare(
        'UPDATE invitations SET revokedAt = ? WHERE personId = ? AND usedAt IS NULL AND revokedAt IS NULL'
      )
      .run(this.#clock.now(), personId)
  }

  /** The invitation of a code, while it can be used. */
  openInvitation(code: string): Invitation | undefined {
    const row = this.#db
      .prepare(
        'SELECT * FROM invitations WHERE codeHash = ? AND usedAt IS NULL AND revokedAt IS NULL AND expiresAt > ?'
      )
      .get(hashOfCode(code), this.#clock.now())
    return row && invitationOf(row)
  }

  /**
   * Uses the invitation up for the account, in one step with what it gives: of two who try at once one alone succeeds.
   * @throws AccountsRefusal invitationUnknown, accountExists; nothing was changed then.
   */
  useInvitation(code: string, account: { accountId: string; userName: string }): Account {
    return transaction(this.#db, () => {
      const invitation = this.openInvitation(code)
      if (!invitation) throw invitationGone()
      const { personId, role, purpose, invitationId } = invitation
      const now = this.#clock.now()
      this.#db.prepare('UPDATE invitations SET usedAt = ? WHERE invitationId = ?').run(now, invitationId)
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
      const action = purpose === 'recover' ? 'passwordReset' : 'joined'
      this.note({ by: { kind: 'person', personId }, action, personId, about: role })
      return this.needAccountOf(personId)
    })
  }

  note({ by, action, personId = '', about = '' }: AuditNote): void {
    const byPerson = by.kind === 'person' ? by.personId : ''
    this.#db
      .prepare('INSERT INTO audit (at, by, byPerson, action, personId, about) VALUES (?, ?, ?, ?, ?, ?)')
      .run(this.#clock.now(), JSON.stringify(by), byPerson, action, personId, about)
  }

  audit({ personId, before, limit }: { personId?: string; before?: number; limit: number }): AuditEntry[] {
    const beforeId = before ?? Number.MAX_SAFE_INTEGER
    const rows =
      personId === undefined
        ? this.#db
            .prepare('SELECT * FROM audit WHERE auditId < ? ORDER BY auditId DESC LIMIT ?')
            .all(beforeId, limit)
        : this.#db
            .prepare(
              'SELECT * FROM audit WHERE auditId < ? AND (personId = ? OR byPerson = ?) ORDER BY auditId DESC LIMIT ?'
            )
            .all(beforeId, personId, personId, limit)
    return rows.map(auditOf)
  }

  /** Entries that are older than they are kept. */
  trimAudit(): void {
    this.#db.prepare('DELETE FROM audit WHERE at < ?').run(this.#clock.now() - auditKeepMs)
  }

  forget(personId: string): number {
    return transaction(this.#db, () => {
      const account = this.accountOf(personId)
      const gone = [
        account ? this.#db.prepare('DELETE FROM "user" WHERE id = ?').run(account.accountId).changes : 0,
        this.#db.prepare('DELETE FROM invitations WHERE personId = ?').run(personId).changes,
        this.#db.prepare('DELETE FROM audit WHERE personId = ? OR byPerson = ?').run(personId, personId)
          .changes
      ]
      return gone.reduce<number>((sum, changes) => sum + Number(changes), 0)
    })
  }

  /** No byte of what was deleted is left in the file or its log; false while another connection reads the log. */
  rewrite(): boolean {
    this.#db.exec('VACUUM')
    return this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0
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

function keepMs(purpose: Invitation['purpose'], role: Role): number {
  if (purpose === 'recover') return recoveryKeepMs
  return role === 'steward' ? stewardInvitationKeepMs : invitationKeepMs
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

function invitationOf(row: Row): Invitation {
  const role = String(row.role)
  if (!isRole(role)) throw new Error(`accounts.sqlite has an invitation with the role ${role}`)
  return {
    invitationId: String(row.invitationId),
    purpose: row.purpose === 'recover' ? 'recover' : 'join',
    role,
    personId: String(row.personId),
    createdAt: Number(row.createdAt) as UnixMs,
    by: actorText(actorOf(row.by)),
    expiresAt: Number(row.expiresAt) as UnixMs,
    usedAt: timeOrNull(row.usedAt),
    revokedAt: timeOrNull(row.revokedAt)
  }
}

function auditOf(row: Row): AuditEntry {
  return {
    auditId: Number(row.auditId),
    at: Number(row.at) as UnixMs,
    by: actorOf(row.by),
    action: String(row.action),
    ...(row.personId === '' ? {} : { personId: String(row.personId) }),
    ...(row.about === '' ? {} : { about: String(row.about) })
  }
}

/** The book alone writes this column. */
function actorOf(json: SQLOutputValue | undefined): Actor {
  return JSON.parse(String(json)) as Actor
}

function timeOrNull(value: SQLOutputValue | undefined): UnixMs | null {
  return value === null || value === undefined ? null : (Number(value) as UnixMs)
}
