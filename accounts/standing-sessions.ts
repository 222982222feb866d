/**
 * Sessions that stand, seen with a look at the file: whoever only shows a cookie neither waits for the thread of signing in to
 * load nor begins it. It says yes where that thread would; everything else, renewing included, is for the thread.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { sessionKeepMs } from '../model/limits.ts'
import { secondMs, type UnixMs } from '../model/time.ts'
import { sessionRenewS } from './limits.ts'

/** A session of a user, who may be nobody's account any more: the book decides. */
export interface UserSession {
  accountId: string
  sessionId: string
  cookie: string
  expiresAt: UnixMs
}

/** As better-auth signs its cookies: HMAC-SHA256 in base64. */
export function signatureOf(secret: string, token: string): string {
  return createHmac('sha256', secret).update(token).digest('base64')
}

export function timeOf(value: unknown): UnixMs {
  return (typeof value === 'number' ? value : Date.parse(String(value))) as UnixMs
}

export class StandingSessions {
  readonly #find: StatementSync
  readonly #secret: string

  constructor(db: DatabaseSync, secret: string) {
    this.#find = db.prepare('SELECT id, userId, expiresAt FROM "session" WHERE token = ?')
    this.#secret = secret
  }

  /** Asked each time: a session that was ended must end now. */
  of(cookie: string, now: UnixMs): UserSession | undefined {
    const token = this.#tokenOf(cookie)
    const row = token === undefined ? undefined : this.#find.get(token)
    if (!row) return undefined
    const expiresAt = timeOf(row.expiresAt)
    const isYoung = now < expiresAt - sessionKeepMs + sessionRenewS * secondMs
    if (!isYoung || now >= expiresAt) return undefined
    return { accountId: String(row.userId), sessionId: String(row.id), cookie, expiresAt }
  }

  /** The token of a cookie that this hub signed. */
  #tokenOf(cookie: string): string | undefined {
    const value = decoded(cookie)
    const dot = value?.lastIndexOf('.') ?? -1
    if (value === undefined || dot < 1) return undefined
    const token = value.slice(0, dot)
    const given = Buffer.from(value.slice(dot + 1))
    const wanted = Buffer.from(signatureOf(this.#secret, token))
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : undefined
  }
}

function decoded(cookie: string): string | undefined {
  try {
    return decodeURIComponent(cookie)
  } catch {
    return undefined // Somebody typed it.
  }
}
