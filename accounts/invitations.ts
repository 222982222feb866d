/** Invitations in accounts.sqlite: a code gives one person one role, or a new way in, once. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Clock, UnixMs } from '../model/time.ts'
import {
  AccountsRefusal,
  actorText,
  isRole,
  type Actor,
  type Invitation,
  type InvitationMade,
  type NewInvitation,
  type Role
} from './accounts.ts'
import { actorOf, type AuditLog } from './audit-log.ts'
import { hashOfCode, newCode, type RandomBytes } from './codes.ts'
import { transaction } from './database.ts'
import { invitationKeepMs, openInvitationsMax, recoveryKeepMs, stewardInvitationKeepMs } from './limits.ts'

export class Invitations {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly #random: RandomBytes
  readonly #log: AuditLog

  constructor(db: DatabaseSync, clock: Clock, random: RandomBytes, log: AuditLog) {
    this.#db = db
    this.#clock = clock
    this.#random = random
    this.#log = log
  }

  all(): Invitation[] {
    return this.#db
      .prepare('SELECT * FROM invitations ORDER BY createdAt DESC, invitationId')
      .all()
      .map(invitationOf)
  }

  /** Inside the caller's transaction. */
  invite({ personId, role, purpose = 'join', by }: NewInvitation): InvitationMade {
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
    this.#log.note({ by, action: purpose === 'join' ? 'invited' : 'recoveryGiven', personId, about: role })
    return { invitation, code }
  }

  revoke(invitationId: string, by: Actor): Invitation {
    return transaction(this.#db, () => {
      const row = this.#db.prepare('SELECT * FROM invitations WHERE invitationId = ?').get(invitationId)
      if (!row) throw new AccountsRefusal('invitationUnknown', `There is no invitation ${invitationId}.`)
      this.#db
        .prepare(
          'UPDATE invitations SET revokedAt = ? WHERE invitationId = ? AND usedAt IS NULL AND revokedAt IS NULL'
        )
        .run(this.#clock.now(), invitationId)
      this.#log.note({ by, action: 'invitationRevoked', personId: String(row.personId) })
      return invitationOf(
        this.#db.prepare('SELECT * FROM invitations WHERE invitationId = ?').get(invitationId)!
      )
    })
  }

  /** Inside the caller's transaction. */
  revokeAll(personId: string): void {
    this.#db
      .prepare(
        'UPDATE invitations SET revokedAt = ? WHERE personId = ? AND usedAt IS NULL AND revokedAt IS NULL'
      )
      .run(this.#clock.now(), personId)
  }

  /** The invitation of a code, while it can be used. */
  open(code: string): Invitation | undefined {
    const row = this.#db
      .prepare(
        'SELECT * FROM invitations WHERE codeHash = ? AND usedAt IS NULL AND revokedAt IS NULL AND expiresAt > ?'
      )
      .get(hashOfCode(code), this.#clock.now())
    return row && invitationOf(row)
  }

  /** Inside the caller's transaction. */
  markUsed({ invitationId }: Invitation): void {
    this.#db
      .prepare('UPDATE invitations SET usedAt = ? WHERE invitationId = ?')
      .run(this.#clock.now(), invitationId)
  }

  /** Inside the caller's transaction. */
  forget(personId: string): number {
    return Number(this.#db.prepare('DELETE FROM invitations WHERE personId = ?').run(personId).changes)
  }
}

function keepMs(purpose: Invitation['purpose'], role: Role): number {
  if (purpose === 'recover') return recoveryKeepMs
  return role === 'steward' ? stewardInvitationKeepMs : invitationKeepMs
}

function invitationOf(row: Record<string, SQLOutputValue>): Invitation {
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

function timeOrNull(value: SQLOutputValue | undefined): UnixMs | null {
  return value === null || value === undefined ? null : (Number(value) as UnixMs)
}
