/** Browsers that alerts go to by web push, and the hub's key for them. */
import type { DatabaseSync } from 'node:sqlite'
import type { PushBrowser } from '../model/alert.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import type { Row } from './rows.ts'

export class PushBrowsers {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
  }

  of(personId: string): PushBrowser[] {
    return asking('reading browsers', () =>
      this.#db
        .prepare('SELECT * FROM pushBrowsers WHERE personId = ? ORDER BY since, browserId')
        .all(personId)
    ).map(browserOf)
  }

  get(browserId: string): PushBrowser | undefined {
    const row = asking('reading browsers', () =>
      this.#db.prepare('SELECT * FROM pushBrowsers WHERE browserId = ?').get(browserId)
    )
    return row && browserOf(row)
  }

  keep(browser: Omit<PushBrowser, 'browserId' | 'since'>, now: UnixMs): PushBrowser {
    return inTransaction(this.#db, 'keeping a browser', () => {
      const before = this.#db
        .prepare('SELECT * FROM pushBrowsers WHERE endpoint = ? AND personId = ?')
        .get(browser.endpoint, browser.personId)
      const kept: PushBrowser = before
        ? { ...browserOf(before), ...browser }
        : { ...browser, browserId: newId('b', this.#random, (id) => this.get(id) !== undefined), since: now }
      this.#db.prepare('DELETE FROM pushBrowsers WHERE endpoint = ?').run(browser.endpoint)
      this.#db
        .prepare(
          `INSERT INTO pushBrowsers (browserId, personId, endpoint, p256dh, auth, userAgent, since, accountId, sessionId)
           VALUES (:browserId, :personId, :endpoint, :p256dh, :auth, :userAgent, :since, :accountId, :sessionId)`
        )
        .run({ ...kept })
      return kept
    })
  }

  remove(personId: string, browserId: string): void {
    inTransaction(this.#db, 'removing a browser', () =>
      this.#db
        .prepare('DELETE FROM pushBrowsers WHERE personId = ? AND browserId = ?')
        .run(personId, browserId)
    )
  }

  endSession(sessionId: string): void {
    inTransaction(this.#db, 'removing browsers', () =>
      this.#db.prepare('DELETE FROM pushBrowsers WHERE sessionId = ?').run(sessionId)
    )
  }

  endSessions(accountId: string, except: readonly string[]): void {
    inTransaction(this.#db, 'removing browsers', () =>
      this.#db
        .prepare(
          'DELETE FROM pushBrowsers WHERE accountId = ? AND sessionId NOT IN (SELECT value FROM json_each(?))'
        )
        .run(accountId, JSON.stringify(except))
    )
  }

  key(made: () => string): string {
    const known = asking('reading the push key', () =>
      this.#db.prepare('SELECT privateKey FROM pushKey').get()
    )
    if (known) return String(known.privateKey)
    const privateKey = made()
    inTransaction(this.#db, 'keeping the push key', () =>
      this.#db.prepare('INSERT INTO pushKey VALUES (1, ?)').run(privateKey)
    )
    return privateKey
  }
}

function browserOf(row: Row): PushBrowser {
  return {
    browserId: String(row.browserId),
    personId: String(row.personId),
    endpoint: String(row.endpoint),
    p256dh: String(row.p256dh),
    auth: String(row.auth),
    userAgent: String(row.userAgent),
    since: Number(row.since) as UnixMs,
    accountId: String(row.accountId),
    sessionId: String(row.sessionId)
  }
}
