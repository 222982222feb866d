/**
 * Moments that were taken from the hub's clock for what holds "from now on": consents, places that become public, moves, hand-overs.
 * Where the clock turns out to have been wrong they are set right, so that nothing of the days in between is published, and
 * each row that has such a moment is known from rows whose time somebody gave.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { WrongStretch } from '../model/message.ts'
import type { Hosting } from '../model/person.ts'
import type { Deployment } from '../model/place.ts'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { clockMomentsMax, momentTakenMs } from './limits.ts'
import { deploymentOf, hostingOf, timeOrNull } from './rows.ts'

/** Where a time is moved to; others stay. */
type Mended = (at: UnixMs | null) => UnixMs | null

export class ClockMoments {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Before the change that it is for: one that is noted without it does nothing. */
  note(now: UnixMs, at: UnixMs = now): void {
    // A time that somebody gave is no word of this clock.
    const taken = Math.abs(now - at) <= momentTakenMs ? [now, at] : [now]
    inTransaction(this.#db, 'noting the time', () => {
      const insert = this.#db.prepare('INSERT OR IGNORE INTO clockMoments (at) VALUES (?)')
      for (const one of taken) insert.run(one)
      this.#db
        .prepare(
          'DELETE FROM clockMoments WHERE at NOT IN (SELECT at FROM clockMoments ORDER BY at DESC LIMIT ?)'
        )
        .run(clockMomentsMax)
    })
  }

  /** Devices that are at another place for a time, once these moments are set right. */
  devicesOf(stretch: WrongStretch): string[] {
    const moments = this.#within(stretch)
    if (moments.length === 0) return []
    const known = new Set(moments)
    const found = this.#deployments().filter(({ from, until }) => known.has(from!) || known.has(until!))
    return [...new Set(found.map(({ deviceId }) => deviceId))]
  }

  /** Whether anything changed. May be done twice: a moment that was set right is not of the stretch any more. */
  mend(stretch: WrongStretch, now: UnixMs): boolean {
    const moments = this.#within(stretch)
    if (moments.length === 0) return false
    const right = new Map(moments.map((at) => [at, Math.min(at + stretch.shiftMs, now) as UnixMs]))
    const mended: Mended = (at) => (at === null ? null : (right.get(at) ?? at))
    inTransaction(this.#db, 'setting times right', () => {
      this.#mendConsents(mended)
      this.#mendDeployments(mended)
      this.#mendHostings(mended)
      this.#mendKeeping(mended)
      const forget = this.#db.prepare('DELETE FROM clockMoments WHERE at = ?')
      for (const at of moments) forget.run(at)
    })
    return true
  }

  #within({ from, until }: WrongStretch): UnixMs[] {
    return this.#db
      .prepare('SELECT at FROM clockMoments WHERE at >= ? AND at < ? ORDER BY at')
      .all(from, until)
      .map(({ at }) => Number(at) as UnixMs)
  }

  #mendConsents(mended: Mended): void {
    const write = this.#db.prepare(
      'UPDATE consents SET "from" = ?, until = ?, recordedAt = ? WHERE consentId = ?'
    )
    for (const row of this.#db.prepare('SELECT * FROM consents').all()) {
      const from = mended(timeOrNull(row.from))!
      const until = mended(timeOrNull(row.until))
      // One that began later than it ended never held.
      write.run(
        from,
        until === null ? null : Math.max(from, until),
        mended(timeOrNull(row.recordedAt)),
        row.consentId!
      )
    }
  }

  #mendDeployments(mended: Mended): void {
    const all = this.#deployments()
    for (const [deviceId, before] of Map.groupBy(all, (one) => one.deviceId)) {
      const after = inOrder(before, mended)
      if (after.every((one, i) => isSame(one, before[i]!)) && after.length === before.length) continue
      this.#db.prepare('DELETE FROM deployments WHERE deviceId = ?').run(deviceId)
      const insert = this.#db.prepare(
        'INSERT INTO deployments (deviceId, siteId, "from", until) VALUES (?, ?, ?, ?)'
      )
      for (const { siteId, from, until } of after) insert.run(deviceId, siteId, from, until)
    }
  }

  #mendHostings(mended: Mended): void {
    const all = this.#db.prepare('SELECT * FROM hostings ORDER BY siteId, "from"').all().map(hostingOf)
    for (const [siteId, before] of Map.groupBy(all, (one) => one.siteId)) {
      const after = inOrder<Hosting>(before, mended)
      this.#db.prepare('DELETE FROM hostings WHERE siteId = ?').run(siteId)
      const insert = this.#db.prepare(
        'INSERT INTO hostings (siteId, personId, "from", until) VALUES (?, ?, ?, ?)'
      )
      for (const { personId, from, until } of after) insert.run(siteId, personId, from, until)
    }
  }

  /** The days of grace before readings go are counted from then. */
  #mendKeeping(mended: Mended): void {
    const write = this.#db.prepare('UPDATE persons SET keepSetAt = ? WHERE personId = ?')
    for (const { personId, keepSetAt } of this.#db
      .prepare('SELECT personId, keepSetAt FROM persons WHERE keepSetAt IS NOT NULL')
      .all())
      write.run(mended(timeOrNull(keepSetAt)), personId!)
  }

  #deployments(): Deployment[] {
    return this.#db.prepare('SELECT * FROM deployments ORDER BY deviceId, "from"').all().map(deploymentOf)
  }
}

interface Period {
  from: UnixMs | null
  until: UnixMs | null
}

/** Each at its right time; the later one keeps what two would have at once, and what is left of nothing never was. */
function inOrder<P extends Period>(periods: readonly P[], mended: Mended): P[] {
  const moved = periods
    .map((one) => ({ ...one, from: mended(one.from), until: mended(one.until) }))
    .toSorted((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
  return moved
    .map((one, i) => {
      const next = moved[i + 1]?.from ?? null
      return next !== null && (one.until === null || one.until > next) ? { ...one, until: next } : one
    })
    .filter(({ from, until }) => from === null || until === null || from < until)
}

function isSame(a: Period, b: Period): boolean {
  return a.from === b.from && a.until === b.until
}
