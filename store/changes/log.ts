/**
 * The log of changes, in an SQLite file beside the store. What is about to change is written down first and given a sequence
 * only when it can be seen, so a crash between the two leaves a change too many and never one too few. A stretch stands in
 * it once, with its newest sequence, which bounds the file by what there is, not by how often it changes.
 */
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, hourMs, type Clock, type UnixMs } from '../../model/time.ts'
import { filesGone, OpenedDatabase } from '../../opened-file.ts'
import { isSqliteOutage, outageWords } from '../../sqlite.ts'
import { Prepared } from '../prepared.ts'
import { changesFreshMax, changesKeptMs, changesMax, changesSettleMs } from '../limits.ts'
import type { ChangePosition, ChangesPage } from '../promise/changes.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import { foldLog } from '../../synced.ts'
import {
  beginning,
  changeOf,
  end,
  keyOf,
  stretchOf,
  tables,
  type ImportedStretch,
  type Row,
  type Stretch
} from './stretch.ts'

/** Under `id` it stands in the file as begun, where it does. */
interface Ended {
  id: number | null
  stretches: readonly Stretch[]
}

export class ChangeLog {
  readonly #db: DatabaseSync
  readonly #opened: OpenedDatabase
  readonly #prepared: Prepared
  readonly #clock: Clock
  readonly #id: string
  #sequence: number
  #lastBegun: number
  /** Begun and visible, without a sequence yet. */
  #ready: Ended[] = []
  /** Up to when writes that still run take readings for the newest. */
  readonly #running = new Set<{ settled: number }>()
  #highestSettled = 0
  /** Stretches that stand in the log with a sequence above every position that was given out: saying them again tells nothing new. */
  readonly #fresh = new Set<string>()
  /** Work that runs on such stretches alone. It is written down as soon as a position is given out that would hide it. */
  readonly #unsaid = new Set<Ended>()
  /** Of any other site nothing is written down: what was begun while it was public may end when it is erased. */
  #public: ReadonlySet<string>
  #trimmedAt = 0

  constructor(file: string, clock: Clock) {
    this.#clock = clock
    this.#db = new DatabaseSync(file)
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    this.#db.exec(tables)
    this.#opened = new OpenedDatabase(file)
    this.#prepared = new Prepared(this.#db)
    this.#id = this.meta('log') ?? randomBytes(8).toString('hex')
    this.setMeta('log', this.#id)
    const highest = this.#prepared.of('SELECT max(sequence) AS highest FROM changes').get()?.highest
    this.#sequence = Math.max(Number(highest ?? 0), this.#floor())
    this.#lastBegun = 0
    this.#public = new Set(this.publicSites().keys())
    this.#takeUp()
  }

  /** What a process that was killed had begun may have happened, and hours of what it changed may have been made. */
  #takeUp(): void {
    for (const { id, stretches } of this.#prepared.of('SELECT id, stretches FROM begun').all()) {
      this.#lastBegun = Math.max(this.#lastBegun, Number(id))
      this.#ready.push({ id: Number(id), stretches: JSON.parse(String(stretches)) as Stretch[] })
    }
    const waiting = this.#prepared
      .of('SELECT * FROM changes WHERE hours_follow = 1')
      .all() as unknown as Row[]
    this.#ready.push({ id: null, stretches: waiting.map(stretchOf) })
    this.flush()
  }

  /** What was measured before this is no longer the newest: whoever changes it has to say so. */
  settled(): number {
    this.#highestSettled = Math.max(this.#highestSettled, this.#clock.now() - changesSettleMs)
    return this.#highestSettled
  }

  /** While `work` runs, nothing after `settled` as it is now counts as given out. */
  async within<T>(work: (settled: number) => Promise<T>): Promise<T> {
    const mine = { settled: this.settled() }
    this.#running.add(mine)
    try {
      return await work(mine.settled)
    } finally {
      this.#running.delete(mine)
    }
  }

  /**
   * On disk when it returns. What it gives is called when the work has ended, however it ended: of work that failed nobody
   * knows for sure how far it came.
   */
  begin(stretches: readonly Stretch[], imported: readonly ImportedStretch[] = []): () => void {
    const news: Stretch[] = []
    const known: Stretch[] = []
    for (const one of stretches) (this.#fresh.has(keyOf(one)) ? known : news).push(one)
    if (news.length === 0 && imported.length === 0) return this.#beginUnsaid(known)
    const id = ++this.#lastBegun
    this.#transaction(() => {
      this.#flushNow()
      this.#putBegun(id, news)
      for (const { importId, siteId, quantity, from, until } of imported.filter((one) =>
        this.#isTold(one.siteId)
      ))
        this.#prepared
          .of(
            `INSERT INTO imported VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
             SET start = min(start, excluded.start), until = max(until, excluded.until)`
          )
          .run(importId, siteId, quantity ?? '', Math.max(beginning, from), Math.min(end, until))
    })
    // Where the file refused, nothing begins: what ends nowhere would be told for ever.
    const unsaid = this.#beginUnsaid(known)
    return () => {
      this.#ready.push({ id, stretches: news })
      unsaid()
    }
  }

  #beginUnsaid(stretches: readonly Stretch[]): () => void {
    if (stretches.length === 0) return () => undefined
    const mine: Ended = { id: null, stretches }
    this.#unsaid.add(mine)
    return () => {
      // Otherwise a position was given out meanwhile, and it is among what is ready.
      if (this.#unsaid.delete(mine)) return
      this.#ready.push(mine)
    }
  }

  /** What has already happened. */
  note(stretches: readonly Stretch[]): void {
    if (stretches.length === 0) return
    this.#ready.push({ id: null, stretches })
    this.flush()
  }

  flush(): void {
    if (this.#ready.length > 0) this.#transaction(() => this.#flushNow())
  }

  /** Hours of these days were made again. */
  hoursMade(days: readonly Omit<Stretch, 'kind'>[]): void {
    if (days.length === 0) return
    this.#transaction(() => {
      this.#flushNow()
      const again = this.#prepared.of(
        `UPDATE changes SET sequence = ?, at = ?, hours_follow = 0
         WHERE site = ? AND quantity = ? AND start = ? AND until = ? AND hours_follow = 1`
      )
      const at = this.#clock.now()
      for (const day of days) {
        const { siteId, quantity, from, until } = day
        const { changes } = again.run(this.#sequence + 1, at, siteId, quantity ?? '', from, until)
        if (Number(changes) > 0) this.#sequence++
        else this.#put({ ...day, kind: 'recalculated' }, at)
      }
    })
  }

  /** Of which it is known what public sites they reached. */
  imports(): number[] {
    return this.#prepared
      .of('SELECT DISTINCT import FROM imported')
      .all()
      .map((row) => Number(row.import))
  }

  imported(importId: number): ImportedStretch[] {
    return this.#prepared
      .of('SELECT site, quantity, start, until FROM imported WHERE import = ?')
      .all(importId)
      .map(({ site, quantity, start, until }) => ({
        importId,
        siteId: String(site),
        quantity: quantity === '' ? null : (String(quantity) as Quantity),
        from: Number(start),
        until: Number(until)
      }))
  }

  /** By site the street that it was last on as a public one. */
  publicSites(): Map<string, string> {
    const rows = this.#prepared.of('SELECT site, street FROM sites').all()
    return new Map(rows.map(({ site, street }) => [String(site), String(street)]))
  }

  /** These are public now; what the change means for others is noted in the same commit, and nothing names who is gone. */
  setPublicSites(sites: ReadonlyMap<string, string>, stretches: readonly Stretch[]): void {
    const before = this.#public
    this.#public = new Set(sites.keys())
    try {
      this.#takeAway(sites, stretches)
    } catch (cause) {
      this.#public = before
      throw cause
    }
    this.#outages(() => void foldLog(this.#db))
  }

  #takeAway(sites: ReadonlyMap<string, string>, stretches: readonly Stretch[]): void {
    this.#transaction(() => {
      this.#flushNow()
      const at = this.#clock.now()
      for (const { id, stretches: begun } of this.#prepared.of('SELECT id, stretches FROM begun').all()) {
        const left = (JSON.parse(String(begun)) as Stretch[]).filter((one) => this.#isTold(one.siteId))
        this.#prepared.of('UPDATE begun SET stretches = ? WHERE id = ?').run(JSON.stringify(left), Number(id))
      }
      for (const site of this.publicSites().keys()) {
        if (sites.has(site)) continue
        this.#prepared.of('DELETE FROM changes WHERE site = ?').run(site)
        this.#prepared.of('DELETE FROM imported WHERE site = ?').run(site)
      }
      this.#fresh.clear()
      this.#db.exec('DELETE FROM sites')
      for (const [site, street] of sites)
        this.#prepared.of('INSERT INTO sites VALUES (?, ?)').run(site, street)
      for (const stretch of stretches) this.#put(stretch, at)
    })
  }

  #isTold(siteId: string): boolean {
    return siteId === '' || this.#public.has(siteId)
  }

  meta(key: string): string | undefined {
    const row = this.#prepared.of('SELECT value FROM meta WHERE key = ?').get(key)
    return row && String(row.value)
  }

  setMeta(key: string, value: string): void {
    this.#outages(() =>
      this.#prepared
        .of('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
        .run(key, value)
    )
  }

  since(after: ChangePosition | null, limit: number): ChangesPage | null {
    this.#sayUnsaid()
    const settledUntil = Math.min(
      this.settled(),
      ...[...this.#running].map(({ settled }) => settled)
    ) as UnixMs
    const now: ChangePosition = { log: this.#id, sequence: this.#sequence }
    if (after === null) return { changes: [], position: now, more: false, settledUntil }
    if (after.log !== this.#id || after.sequence < this.#floor() || after.sequence > this.#sequence)
      return null
    const rows = this.#prepared
      .of('SELECT * FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?')
      .all(after.sequence, limit) as unknown as Row[]
    const more = rows.length === limit
    const position = more ? { ...now, sequence: rows.at(-1)!.sequence } : now
    return { changes: rows.map(changeOf), position, more, settledUntil }
  }

  /** Before a position is given out: what runs now ends after it, and has to be told to whoever comes back with it. */
  #sayUnsaid(): void {
    if (this.#unsaid.size === 0) this.flush()
    else
      this.#transaction(() => {
        this.#flushNow()
        for (const one of this.#unsaid) {
          one.id = ++this.#lastBegun
          this.#putBegun(one.id, one.stretches)
        }
      })
    this.#unsaid.clear()
    this.#fresh.clear()
  }

  /** What was begun is on disk already, and is told at the next start where it cannot be now. */
  close(): void {
    try {
      this.flush()
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable)) throw cause
    }
    this.#db.close()
  }

  #flushNow(): void {
    const at = this.#clock.now()
    for (const { id, stretches } of this.#ready) {
      for (const stretch of stretches) this.#put(stretch, at)
      if (id !== null) this.#prepared.of('DELETE FROM begun WHERE id = ?').run(id)
    }
    this.#ready = []
    this.#trim(at)
  }

  #putBegun(id: number, stretches: readonly Stretch[]): void {
    const told = stretches.filter(({ siteId }) => this.#isTold(siteId))
    this.#prepared.of('INSERT INTO begun VALUES (?, ?)').run(id, JSON.stringify(told))
  }

  #put(stretch: Stretch, at: number): void {
    const { kind, siteId, streetId = '', quantity, from, until } = stretch
    if (!this.#isTold(siteId)) return
    if (this.#fresh.size >= changesFreshMax) this.#fresh.clear()
    this.#fresh.add(keyOf(stretch))
    this.#prepared
      .of(
        `INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET at = excluded.at, sequence = excluded.sequence, hours_follow = excluded.hours_follow`
      )
      .run(
        ...[siteId, streetId, quantity ?? '', Math.max(beginning, from), Math.min(end, until), kind, at],
        ++this.#sequence,
        kind === 'recalculated' || kind === 'erased' ? 0 : 1
      )
  }

  /** Once an hour. Positions before what was taken away cannot be followed any longer. */
  #trim(now: number): void {
    if (now < this.#trimmedAt + hourMs) return
    this.#trimmedAt = now
    // Hours are made within minutes; those that wait longer are told as recalculated.
    this.#prepared
      .of('UPDATE changes SET hours_follow = 0 WHERE hours_follow = 1 AND at < ?')
      .run(now - dayMs)
    const { lowest, count } = this.#prepared
      .of('SELECT min(at) AS lowest, count(*) AS count FROM changes')
      .get() as { lowest: number | null; count: number }
    if (lowest === null || (lowest >= now - changesKeptMs && count <= changesMax)) return
    const { highest } = this.#prepared
      .of(
        `SELECT max(sequence) AS highest FROM changes WHERE at < ? OR sequence <= coalesce((SELECT sequence FROM changes
         ORDER BY sequence DESC LIMIT 1 OFFSET ?), 0)`
      )
      .get(now - changesKeptMs, changesMax) as { highest: number }
    this.#prepared.of('DELETE FROM changes WHERE sequence <= ?').run(highest)
    this.setMeta('floor', String(highest))
  }

  #floor(): number {
    return Number(this.meta('floor') ?? 0)
  }

  #transaction(work: () => void): void {
    const [sequence, ready] = [this.#sequence, this.#ready]
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      work()
      if (!this.#opened.isInPlace()) throw new StoreUnavailable('noting what changes', filesGone)
      this.#db.exec('COMMIT')
    } catch (cause) {
      this.#sequence = sequence
      this.#ready = ready
      this.#fresh.clear()
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw orUnavailable(cause)
    }
  }

  /** Within a transaction and outside of one. */
  #outages(work: () => unknown): void {
    try {
      work()
    } catch (cause) {
      throw orUnavailable(cause)
    }
  }
}

function orUnavailable(cause: unknown): unknown {
  return isSqliteOutage(cause)
    ? new StoreUnavailable('noting what changes', new Error(outageWords(cause).why, { cause }))
    : cause
}
