/** The ledger of published days. Write once: triggers of the table refuse every change but a withdrawal. */
import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { homesDelayMs, homesPerDayMin, homesPerHourMin } from '../model/limits.ts'
import type { Quantity } from '../model/quantity.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import type {
  DecidedDay,
  NewPublishedDay,
  PublishedDay,
  PublishedDaysQuery,
  Publishing,
  Withdrawal
} from './promise/published-days.ts'
import { RegistryRefusal } from './registry.ts'
import { timeOrNull, type Row } from './rows.ts'

export class PublishedDaysLedger {
  readonly #db: DatabaseSync
  readonly #isDemo: boolean
  #publishing: Publishing
  /** Streets and quantities of which a day is out: most have none, and are asked for often. */
  #known = new Set<string>()
  #changes = 0

  constructor(db: DatabaseSync, isDemo: boolean) {
    this.#db = db
    this.#isDemo = isDemo
    this.#publishing = this.#read()
    this.#rememberKnown()
  }

  get changes(): number {
    return this.#changes
  }

  publishing(): Publishing {
    return this.#publishing
  }

  days({ streetId, quantity, from, until }: PublishedDaysQuery): PublishedDay[] {
    if (!this.#known.has(`${streetId} ${quantity}`)) return []
    return asking('reading published days', () =>
      this.#db
        .prepare(
          `SELECT * FROM publishedDays WHERE streetId = ? AND quantity = ? AND "from" >= ? AND "from" < ? ORDER BY "from"`
        )
        .all(streetId, quantity, from, until)
    ).map(dayOf)
  }

  quantities(streetId: string): Quantity[] {
    return asking('reading published days', () =>
      this.#db
        .prepare('SELECT DISTINCT quantity FROM publishedDays WHERE streetId = ? ORDER BY quantity')
        .all(streetId)
    ).map(({ quantity }) => String(quantity) as Quantity)
  }

  decide(day: DecidedDay, figures: readonly NewPublishedDay[], now: UnixMs): void {
    const { last, notBefore, isTakenOver } = this.#publishing
    assert(isTakenOver, 'days of an earlier version are taken over before the first one is decided')
    assert(day.from < day.until && day.until <= now, 'a day ends before it comes out')
    assert(this.#isDemo || day.until + homesDelayMs <= now, 'a day comes out a day after it ended')
    if (last)
      assert(day.from >= last.until && day.date > last.date, 'days come out in their order, each once')
    assert(notBefore === null || day.until > notBefore, 'no day that ended before a restore comes out')
    for (const { homes, hours, value } of figures) {
      assert(
        homes >= homesPerDayMin && homes % homesPerDayMin === 0 && Number.isFinite(value),
        'a day has its homes'
      )
      assert(hours === null || homes >= homesPerHourMin, 'hours have ten homes')
    }
    inTransaction(this.#db, 'publishing a day', () => {
      for (const figure of figures) this.#insert({ ...figure, ...day }, now)
      this.#writeLast(day)
    })
    this.#publishing = { ...this.#publishing, last: day }
    if (figures.length > 0) this.#rememberKnown()
  }

  pass(day: DecidedDay, now: UnixMs): void {
    const { last } = this.#publishing
    assert(day.until <= now, 'only what is over can be passed')
    if (last && (day.until <= last.until || day.date <= last.date)) return
    inTransaction(this.#db, 'passing days', () => this.#writeLast(day))
    this.#publishing = { ...this.#publishing, last: day }
  }

  takeOver(figures: readonly (NewPublishedDay & DecidedDay)[], last: DecidedDay | null, now: UnixMs): void {
    assert(!this.#publishing.isTakenOver && this.#publishing.last === null, 'days are taken over once')
    inTransaction(this.#db, 'taking published days over', () => {
      for (const figure of figures) this.#insert({ ...figure, homes: 0, hours: null }, now)
      if (last) this.#writeLast(last)
      this.#db.prepare('UPDATE publishing SET isTakenOver = 1').run()
    })
    this.#publishing = this.#read()
    this.#rememberKnown()
  }

  noteRestored(now: UnixMs): void {
    const notBefore = Math.max(now, this.#publishing.notBefore ?? now) as UnixMs
    inTransaction(this.#db, 'noting a restore', () =>
      this.#db.prepare('UPDATE publishing SET notBefore = ?').run(notBefore)
    )
    this.#publishing = { ...this.#publishing, notBefore }
  }

  withdraw(streetId: string, date: string, now: UnixMs): { quantities: Quantity[] } {
    const known = asking('reading published days', () =>
      this.#db
        .prepare('SELECT quantity FROM publishedDays WHERE streetId = ? AND date = ? ORDER BY quantity')
        .all(streetId, date)
    ).map(({ quantity }) => String(quantity) as Quantity)
    if (known.length === 0) throw this.#notPublished(streetId, date)
    inTransaction(this.#db, 'withdrawing a day', () => {
      this.#db.prepare('INSERT INTO withdrawnDays VALUES (?, ?, ?)').run(streetId, date, now)
      this.#db.prepare('DELETE FROM publishedDays WHERE streetId = ? AND date = ?').run(streetId, date)
    })
    this.#rememberKnown()
    return { quantities: known }
  }

  dates(): Pick<Withdrawal, 'streetId' | 'date'>[] {
    return asking('reading published days', () =>
      this.#db.prepare('SELECT DISTINCT streetId, date FROM publishedDays').all()
    ).map(({ streetId, date }) => ({ streetId: String(streetId), date: String(date) }))
  }

  withdrawals(): Withdrawal[] {
    return asking('reading withdrawn days', () =>
      this.#db.prepare('SELECT * FROM withdrawnDays ORDER BY date, streetId').all()
    ).map((row) => ({
      streetId: String(row.streetId),
      date: String(row.date),
      at: Number(row.withdrawnAt) as UnixMs
    }))
  }

  #rememberKnown(): void {
    this.#changes++
    const rows = asking('reading published days', () =>
      this.#db.prepare('SELECT DISTINCT streetId, quantity FROM publishedDays').all()
    )
    this.#known = new Set(rows.map(({ streetId, quantity }) => `${String(streetId)} ${String(quantity)}`))
  }

  #notPublished(streetId: string, date: string): RegistryRefusal {
    const before = this.withdrawals().find((one) => one.streetId === streetId && one.date === date)
    const days = this.#db
      .prepare('SELECT min(date) AS first, max(date) AS last FROM publishedDays WHERE streetId = ?')
      .get(streetId)
    return new RegistryRefusal(
      'dayNotPublished',
      before
        ? `${date} of ${streetId} was already withdrawn, at ${toIso(before.at)}.`
        : typeof days?.first === 'string'
          ? `No indoor figure of ${date} was published for ${streetId}. Its published days are between ${days.first} and ${String(days.last)}.`
          : `No indoor figure of ${streetId} was ever published, so there is nothing to withdraw.`
    )
  }

  #insert(figure: NewPublishedDay & DecidedDay, now: UnixMs): void {
    const { streetId, date, quantity, from, until, value, homes, hours } = figure
    this.#db
      .prepare(
        `INSERT INTO publishedDays (streetId, date, quantity, "from", until, value, homes, hours, publishedAt)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
      )
      .run(streetId, date, quantity, from, until, value, homes, hours && JSON.stringify(hours), now)
  }

  #writeLast({ date, from, until }: DecidedDay): void {
    this.#db.prepare('UPDATE publishing SET lastDate = ?, lastFrom = ?, lastUntil = ?').run(date, from, until)
  }

  #read(): Publishing {
    const row = this.#db.prepare('SELECT * FROM publishing').get()
    assert(row, 'the ledger says how far it is')
    const from = timeOrNull(row.lastFrom)
    const until = timeOrNull(row.lastUntil)
    return {
      last: from === null || until === null ? null : { date: String(row.lastDate), from, until },
      notBefore: timeOrNull(row.notBefore),
      isTakenOver: row.isTakenOver === 1
    }
  }
}

function dayOf(row: Row): PublishedDay {
  return {
    streetId: String(row.streetId),
    date: String(row.date),
    from: Number(row.from) as UnixMs,
    until: Number(row.until) as UnixMs,
    // Written by this file alone, from checked figures.
    quantity: String(row.quantity) as Quantity,
    value: Number(row.value),
    hours: row.hours === null ? null : (JSON.parse(String(row.hours)) as PublishedDay['hours'])
  }
}
