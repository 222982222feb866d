/** The passwords of devices: one that stands, and while that is on its way to the device, the one before it. */
import type { DatabaseSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import type { RandomBytes } from './ids.ts'
import { bytesOf, grouped, timeOrNull } from './rows.ts'
import { hashOf, isPasswordOf, isValid, matching, newPassword, passwordIdOf, type Secret } from './secret.ts'

/** A new password, before it is only a hash. */
export interface FreshPassword extends Secret {
  deviceId: string
  password: string
}

/** Kept in memory; SQLite holds their hashes. What writes runs in the caller's transaction, and `keep` follows it. */
export class Passwords {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  readonly #secrets = new Map<string, readonly Secret[]>()
  /** When the first of those that end does so. */
  #nextEnd = Infinity

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
    const rows = grouped(db.prepare('SELECT deviceId, hash, until FROM secrets').all(), ({ deviceId }) =>
      String(deviceId)
    )
    for (const [deviceId, secrets] of rows)
      this.keep(
        deviceId,
        secrets.map(({ hash, until }) => ({ hash: bytesOf(hash), until: timeOrNull(until) }))
      )
  }

  verify(deviceId: string, password: string, now: UnixMs): string | undefined {
    if (!isPasswordOf(deviceId, password)) return undefined
    const secret = matching(password, this.#secrets.get(deviceId) ?? [])
    return secret && isValid(secret, now) ? passwordIdOf(secret) : undefined
  }

  isValid(deviceId: string, passwordId: string, now: UnixMs): boolean {
    const secrets = this.#secrets.get(deviceId) ?? []
    return secrets.some((secret) => passwordIdOf(secret) === passwordId && isValid(secret, now))
  }

  /** The one that stands. */
  standing(deviceId: string): Secret[] {
    return (this.#secrets.get(deviceId) ?? []).filter(({ until }) => until === null)
  }

  oldUntil(deviceId: string, now: UnixMs): UnixMs | null {
    const old = (this.#secrets.get(deviceId) ?? []).find(({ until }) => until !== null && now < until)
    return old?.until ?? null
  }

  fresh(deviceId: string): FreshPassword {
    const password = newPassword(deviceId, this.#random)
    return { deviceId, password, hash: hashOf(password), until: null }
  }

  /** Afterwards the device has the new one and those of `old`. */
  replace({ deviceId, hash }: FreshPassword, old: readonly Secret[], now: UnixMs): void {
    const isOld = new Set(old.map(passwordIdOf))
    for (const secret of this.#secrets.get(deviceId) ?? [])
      if (!isOld.has(passwordIdOf(secret))) this.#deleteOne(deviceId, secret)
    const end = this.#db.prepare('UPDATE secrets SET until = ? WHERE deviceId = ? AND hash = ?')
    for (const { until, hash: oldHash } of old) end.run(until, deviceId, oldHash)
    this.#db
      .prepare('INSERT INTO secrets (deviceId, hash, createdAt) VALUES (?, ?, ?)')
      .run(deviceId, hash, now)
  }

  delete(deviceId: string): void {
    this.#db.prepare('DELETE FROM secrets WHERE deviceId = ?').run(deviceId)
  }

  keep(deviceId: string, secrets: readonly Secret[]): void {
    this.#secrets.set(
      deviceId,
      secrets.map(({ hash, until }) => ({ hash, until }))
    )
    for (const { until } of secrets) if (until !== null) this.#nextEnd = Math.min(this.#nextEnd, until)
  }

  /** Only in memory; they are refused from their moment on, whether this was called or not. */
  forgetEnded(now: UnixMs): string[] {
    if (now < this.#nextEnd) return []
    this.#nextEnd = Infinity
    const ended: string[] = []
    for (const [deviceId, secrets] of this.#secrets) {
      const left = secrets.filter((one) => isValid(one, now))
      if (left.length < secrets.length) ended.push(deviceId)
      this.keep(deviceId, left)
    }
    return ended
  }

  /** A transaction of its own. */
  deleteEnded(now: UnixMs): void {
    inTransaction(this.#db, 'ending passwords', () =>
      this.#db.prepare('DELETE FROM secrets WHERE until <= ?').run(now)
    )
  }

  #deleteOne(deviceId: string, { hash }: Secret): void {
    this.#db.prepare('DELETE FROM secrets WHERE deviceId = ? AND hash = ?').run(deviceId, hash)
  }
}
