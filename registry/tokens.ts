/**
 * Tokens of devices that push over HTTP: secrets of their own, short enough for the fields of small firmware, and made of letters
 * that a path takes as they are. Kept as hashes; looked up by them, so the hash is all that is ever compared.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import type { RandomBytes } from './ids.ts'
import { bytesOf, timeOrNull } from './rows.ts'
import { hashOf } from './secret.ts'

/** 26 letters of base32 are 130 bits: nothing to guess, and `/push/ecowitt/` with them fits Ecowitt's 64 characters. */
const tokenLength = 26
const letters = 'abcdefghijklmnopqrstuvwxyz234567'
const pattern = /^[a-z2-7]{26}$/

export interface FreshToken {
  token: string
  hash: Uint8Array
}

interface KeptToken {
  deviceId: string
  until: UnixMs | null
}

export class Tokens {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  readonly #kept = new Map<string, KeptToken>()

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
    for (const { hash, deviceId, until } of db.prepare('SELECT hash, deviceId, until FROM tokens').all())
      this.#kept.set(keyOf(bytesOf(hash)), { deviceId: String(deviceId), until: timeOrNull(until) })
  }

  fresh(): FreshToken {
    const token = [...this.#random(tokenLength)].map((byte) => letters[byte % letters.length]!).join('')
    return { token, hash: hashOf(token) }
  }

  /** Whose it is, while it works. */
  deviceOf(token: string, now: UnixMs): string | undefined {
    if (!pattern.test(token)) return undefined
    const kept = this.#kept.get(keyOf(hashOf(token)))
    return kept && (kept.until === null || now < kept.until) ? kept.deviceId : undefined
  }

  has(deviceId: string): boolean {
    return [...this.#kept.values()].some((kept) => kept.deviceId === deviceId)
  }

  /** Inside the caller's transaction: the new one works at once, the one before it until `oldUntil`, older ones no more. */
  replace(deviceId: string, { hash }: FreshToken, oldUntil: UnixMs, now: UnixMs): void {
    this.#db
      .prepare('DELETE FROM tokens WHERE deviceId = ? AND (until IS NOT NULL OR ? <= ?)')
      .run(deviceId, oldUntil, now)
    this.#db.prepare('UPDATE tokens SET until = ? WHERE deviceId = ?').run(oldUntil, deviceId)
    this.#db
      .prepare('INSERT INTO tokens (hash, deviceId, createdAt) VALUES (?, ?, ?)')
      .run(hash, deviceId, now)
  }

  /** After `replace`. */
  keep(deviceId: string, { hash }: FreshToken, oldUntil: UnixMs, now: UnixMs): void {
    for (const [key, kept] of this.#kept) {
      if (kept.deviceId !== deviceId) continue
      if (kept.until !== null || oldUntil <= now) this.#kept.delete(key)
      else kept.until = oldUntil
    }
    this.#kept.set(keyOf(hash), { deviceId, until: null })
  }

  /** Inside the caller's transaction. */
  delete(deviceId: string): void {
    this.#db.prepare('DELETE FROM tokens WHERE deviceId = ?').run(deviceId)
  }

  /** After `delete`. */
  forget(deviceId: string): void {
    for (const [key, kept] of this.#kept) if (kept.deviceId === deviceId) this.#kept.delete(key)
  }
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('base64')
}
