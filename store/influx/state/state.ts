/**
 * What the server cannot keep in the same commit as a reading, in one SQLite file beside the journal: dictionaries, how
 * far each series reaches, marks, readings set aside, lines refused for good, work begun. It is written before the
 * server is: a mark too many is harmless, one too few is not. If it is lost, it is made again from what the server holds
 * (rebuild.ts); only what had been set aside is gone with it.
 */
import { filesGone, OpenedDatabase } from '../../../opened-file.ts'
import { StoreUnavailable } from '../../promise/unavailable.ts'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { hourMs } from '../../../model/time.ts'
import type { CorrectionRow } from '../../../model/correction.ts'
import type { IntervalStretch, LearntInterval } from '../../memory/intervals.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Channel, Series } from '../../memory/catalogue.ts'
import { Prepared } from '../../prepared.ts'
import type { StoredRow } from '../../resolve.ts'
import { foldLog } from '../../../synced.ts'

/** Grows with every change that an older program could not read. */
export const stateFormat = 3

const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE channels (channel INTEGER PRIMARY KEY, site TEXT NOT NULL, quantity TEXT NOT NULL) STRICT;
  CREATE TABLE series (series INTEGER PRIMARY KEY, channel INTEGER NOT NULL, device TEXT NOT NULL,
    low INTEGER, high INTEGER) STRICT;
  CREATE TABLE corrections (correction TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT;
  CREATE TABLE dirty (channel INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (channel, hour)) STRICT, WITHOUT ROWID;
  CREATE TABLE unexamined (channel INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (channel, hour)) STRICT, WITHOUT ROWID;
  CREATE TABLE aside (id INTEGER PRIMARY KEY AUTOINCREMENT, series INTEGER NOT NULL, time INTEGER NOT NULL,
    value REAL NOT NULL, flag INTEGER NOT NULL, reasons INTEGER NOT NULL, received INTEGER NOT NULL,
    sequence INTEGER NOT NULL, import INTEGER NOT NULL) STRICT;
  CREATE INDEX aside_place ON aside (series, time);
  CREATE INDEX aside_import ON aside (import) WHERE import <> 0;
  CREATE TABLE refused (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, site TEXT NOT NULL,
    device TEXT NOT NULL, time INTEGER NOT NULL, line TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX refused_line ON refused (line);
  CREATE INDEX refused_place ON refused (site, device, time);
  CREATE TABLE work (id INTEGER PRIMARY KEY AUTOINCREMENT, detail TEXT NOT NULL) STRICT;
`

/** Since format 2. Of what is said, NULL is all time. */
const intervalTables = `
  CREATE TABLE said_intervals (device TEXT NOT NULL, start INTEGER, until INTEGER, interval_s REAL NOT NULL,
    on_change INTEGER NOT NULL) STRICT;
  CREATE INDEX said_intervals_device ON said_intervals (device);
  CREATE TABLE learnt_intervals (series INTEGER NOT NULL, start INTEGER NOT NULL, interval_s REAL NOT NULL,
    PRIMARY KEY (series, start)) STRICT, WITHOUT ROWID;
`

/** Under which `meta` has the sites whose old readings were removed, with until when, as JSON. */
export const trimmedKey = 'trimmed'

export interface SaidRow extends IntervalStretch {
  device: string
}

export type MarkTable = 'dirty' | 'unexamined'

export interface RefusedLine {
  /** When the server refused it. */
  at: number
  siteId: string
  deviceId: string
  measuredAt: number
  /** The line of the line protocol, so that nothing of it is lost. */
  line: string
  reason: string
}

/** A reading set aside, and its number there. */
export interface AsideRow extends StoredRow {
  id: number
}

export class State {
  readonly #db: DatabaseSync
  readonly #prepared: Prepared
  /** The file was not there before. */
  readonly isNew: boolean
  readonly #opened: OpenedDatabase

  constructor(file: string) {
    this.#db = new DatabaseSync(file)
    this.#prepared = new Prepared(this.#db)
    this.#opened = new OpenedDatabase(file)
    // Deleted rows are overwritten: an erased home must not stay legible in the file.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    const known = this.all("SELECT name FROM sqlite_schema WHERE name = 'meta'")
    this.isNew = known.length === 0
    if (this.isNew) {
      this.transaction(() => {
        this.#db.exec(tables)
        this.#db.exec(intervalTables)
        this.setMeta('format', String(stateFormat))
      })
      return
    }
    const format = Number(this.meta('format'))
    if (format === stateFormat) return
    if (format === 1) {
      this.#upgrade()
      return
    }
    // Since format 3 hours and days leave out what follows from their other fields; those of before say everything.
    if (format === 2) {
      this.transaction(() => this.setMeta('format', String(stateFormat)))
      return
    }
    this.#db.close()
    throw new Error(
      `${file} was written by a newer Lamppost (format ${format}; this one reads ${stateFormat}). ` +
        'Start that version again, or restore a backup made before the upgrade.'
    )
  }

  /**
   * Format 1 had one interval a device, said or learnt, hours of UTC, and flags of older rules: all is judged and computed
   * again once the server answers (see connect/recompute-all.ts).
   */
  #upgrade(): void {
    this.transaction(() => {
      this.#db.exec('DROP TABLE intervals')
      this.#db.exec(intervalTables)
      this.setMeta('recomputeAll', 'judge')
      this.setMeta('format', String(stateFormat))
    })
  }

  /** All or nothing, synced. @throws StoreUnavailable where nobody would find the file again. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      if (!this.#opened.isInPlace()) throw new StoreUnavailable('noting what was written', filesGone)
      this.#db.exec('COMMIT')
      return result
    } catch (failure) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw failure
    }
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared.of(sql).run(...values).changes)
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#prepared.of(sql).all(...values)
  }

  meta(key: string): string | undefined {
    const [row] = this.all('SELECT value FROM meta WHERE key = ?', key)
    return row && String(row.value)
  }

  setMeta(key: string, value: string): void {
    this.run(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value
    )
  }

  removeMeta(key: string): void {
    this.run('DELETE FROM meta WHERE key = ?', key)
  }

  putChannel({ id, siteId, quantity }: Channel): void {
    this.run('INSERT OR IGNORE INTO channels VALUES (?, ?, ?)', id, siteId, quantity)
  }

  /** The series as it is in memory, or as it is about to be. */
  putSeries({ id, channel, deviceId }: Series, low: number, high: number): void {
    this.run(
      `INSERT INTO series VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (series) DO UPDATE SET low = excluded.low, high = excluded.high`,
      id,
      channel.id,
      deviceId,
      low <= high ? low : null,
      low <= high ? high : null
    )
  }

  mark(table: MarkTable, marks: Iterable<MarkedHour>): void {
    const one = `INSERT OR IGNORE INTO ${table} VALUES (?, ?)`
    const run = `WITH RECURSIVE run (hour) AS (SELECT ?2 UNION ALL SELECT hour + ${hourMs} FROM run WHERE hour < ?3)
      INSERT OR IGNORE INTO ${table} SELECT ?1, hour FROM run`
    for (const { channelId, first, last } of runsOfHours(marks)) {
      if (first === last) this.run(one, channelId, first)
      else this.run(run, channelId, first, last)
    }
  }

  unmark(table: MarkTable, marks: Iterable<MarkedHour>): void {
    const sql = `DELETE FROM ${table} WHERE channel = ?1 AND hour BETWEEN ?2 AND ?3 AND (hour - ?2) % ${hourMs} = 0`
    for (const { channelId, first, last } of runsOfHours(marks)) this.run(sql, channelId, first, last)
  }

  marks(table: MarkTable): MarkedHour[] {
    return this.all(`SELECT channel, hour FROM ${table}`).map(({ channel, hour }) => ({
      channelId: Number(channel),
      hour: Number(hour)
    }))
  }

  saidIntervals(): SaidRow[] {
    return this.all('SELECT * FROM said_intervals').map(
      ({ device, start, until, interval_s, on_change }) => ({
        device: String(device),
        from: start === null ? -Infinity : Number(start),
        until: until === null ? Infinity : Number(until),
        intervalS: Number(interval_s),
        onChange: on_change === 1
      })
    )
  }

  setSaidIntervals(device: string, rows: readonly IntervalStretch[]): void {
    this.run('DELETE FROM said_intervals WHERE device = ?', device)
    for (const { from, until, intervalS, onChange } of rows) {
      this.run(
        'INSERT INTO said_intervals VALUES (?, ?, ?, ?, ?)',
        device,
        from === -Infinity ? null : from,
        until === Infinity ? null : until,
        intervalS,
        Number(onChange)
      )
    }
  }

  /** By series, oldest first. */
  learntIntervals(): Map<number, LearntInterval[]> {
    const rows = this.all('SELECT * FROM learnt_intervals ORDER BY series, start')
    const found = new Map<number, LearntInterval[]>()
    for (const { series, start, interval_s } of rows) {
      const of = found.get(Number(series)) ?? []
      found.set(Number(series), of)
      of.push({ from: Number(start), intervalS: Number(interval_s) })
    }
    return found
  }

  setLearntIntervals({ id }: Pick<Series, 'id'>, rows: readonly LearntInterval[]): void {
    this.run('DELETE FROM learnt_intervals WHERE series = ?', id)
    for (const { from, intervalS } of rows) {
      this.run('INSERT INTO learnt_intervals VALUES (?, ?, ?)', id, from, intervalS)
    }
  }

  /** What was kept is what the store was told, so its shape is not checked again. */
  corrections(): CorrectionRow[] {
    return this.all('SELECT row FROM corrections').map(({ row }) => JSON.parse(String(row)) as CorrectionRow)
  }

  setCorrections(rows: readonly CorrectionRow[]): void {
    this.run('DELETE FROM corrections')
    for (const row of rows) {
      this.run('INSERT INTO corrections VALUES (?, ?)', row.correctionId, JSON.stringify(row))
    }
  }

  /** A replay brings the same readings again; what is kept aside already is not kept twice. */
  setAside(rows: Iterable<StoredRow>): void {
    const sql = `INSERT INTO aside (series, time, value, flag, reasons, received, sequence, import)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM aside
        WHERE series = ?1 AND time = ?2 AND sequence = ?7 AND import = ?8 AND value = ?3)`
    for (const { series, time, value, flag, reasons, receivedAt, sequence, importId } of rows) {
      this.run(sql, series, time, value, flag, reasons, receivedAt, sequence, importId)
    }
  }

  /** Readings set aside for one series from `first` to `last`, of each moment the one that would stand again last. */
  asideWithin(series: number, first: number, last: number): AsideRow[] {
    const sql = 'SELECT * FROM aside WHERE series = ? AND time BETWEEN ? AND ? ORDER BY time, sequence, id'
    return this.all(sql, series, first, last).map(asideRow)
  }

  refuse(lines: Iterable<RefusedLine>): void {
    const sql = `INSERT INTO refused (at, site, device, time, line, reason) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (line) DO UPDATE SET reason = excluded.reason`
    for (const { at, siteId, deviceId, measuredAt, line, reason } of lines) {
      this.run(sql, at, siteId, deviceId, measuredAt, line, reason)
    }
  }

  forgive(siteId: string, deviceId: string, time: number): void {
    this.run('DELETE FROM refused WHERE site = ? AND device = ? AND time = ?', siteId, deviceId, time)
  }

  refusedCount(): number {
    return Number(this.all('SELECT count(*) AS n FROM refused')[0]?.n)
  }

  /** The newest first. */
  refused(linesMax: number): RefusedLine[] {
    return this.all('SELECT * FROM refused ORDER BY id DESC LIMIT ?', linesMax).map((row) => ({
      at: Number(row.at),
      siteId: String(row.site),
      deviceId: String(row.device),
      measuredAt: Number(row.time),
      line: String(row.line),
      reason: String(row.reason)
    }))
  }

  /** Folds the log into the file, so that what was overwritten is so in all bytes. */
  close(): void {
    if (!this.#db.isOpen) return
    foldLog(this.#db)
    this.#db.close()
  }

  fold(): void {
    foldLog(this.#db)
  }
}

/** Hours of one channel an hour apart, whatever order they come in: those of an import are one statement, not thousands. */
function* runsOfHours(
  marks: Iterable<MarkedHour>
): Generator<{ channelId: number; first: number; last: number }> {
  const byChannel = new Map<number, number[]>()
  for (const { channelId, hour } of marks) {
    const hours = byChannel.get(channelId)
    if (hours) hours.push(hour)
    else byChannel.set(channelId, [hour])
  }
  for (const [channelId, hours] of byChannel) {
    hours.sort((a, b) => a - b)
    let first = hours[0]!
    for (const [i, hour] of hours.entries()) {
      const next = hours[i + 1]
      if (next === hour || next === hour + hourMs) continue
      yield { channelId, first, last: hour }
      first = next!
    }
  }
}

function asideRow(row: Record<string, unknown>): AsideRow {
  return {
    id: Number(row.id),
    series: Number(row.series),
    time: Number(row.time),
    value: Number(row.value),
    flag: Number(row.flag) as StoredRow['flag'],
    reasons: Number(row.reasons),
    receivedAt: Number(row.received),
    sequence: Number(row.sequence),
    importId: Number(row.import)
  }
}
