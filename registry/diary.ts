/** Diaries and measured corners. Read from the file when somebody asks: nobody else needs them, so memory holds none. */
import type { DatabaseSync } from 'node:sqlite'
import type { CornerMeasurement, DiaryEntry, DiaryKind } from '../model/diary.ts'
import { clockAheadMsMax, diaryNoteLengthMax, nameLengthMax } from '../model/limits.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import { cornersPerPersonMax, diaryEntriesPerPersonMax } from './limits.ts'
import type { NewCornerMeasurement, NewDiaryEntry } from './promise/diary.ts'
import { RegistryRefusal } from './registry.ts'
import type { Row } from './rows.ts'

export class DiaryBook {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
  }

  entries(personId: string): DiaryEntry[] {
    return asking('reading a diary', () =>
      this.#db.prepare('SELECT * FROM diary WHERE personId = ? ORDER BY at, writtenAt, entryId').all(personId)
    ).map(entryOf)
  }

  /** The caller has seen to it that home and room are theirs. */
  add(entry: NewDiaryEntry, now: UnixMs): DiaryEntry {
    const { personId, homeId, kind } = entry
    const written: DiaryEntry = {
      entryId: newId('n', this.#random, (id) => this.#has('diary', 'entryId', id)),
      personId,
      homeId,
      siteId: entry.siteId ?? null,
      kind,
      at: pastTime(entry.at, now),
      writtenAt: now,
      note: textOf(entry.note, diaryNoteLengthMax),
      reportedTo: kind === 'reported' ? textOf(entry.reportedTo, nameLengthMax) : '',
      photo: null
    }
    this.#refuseMore('diary', personId, diaryEntriesPerPersonMax, 'entries')
    inTransaction(this.#db, 'writing into a diary', () =>
      this.#db
        .prepare(
          `INSERT INTO diary (entryId, personId, homeId, siteId, kind, at, writtenAt, note, reportedTo, photo)
           VALUES (:entryId, :personId, :homeId, :siteId, :kind, :at, :writtenAt, :note, :reportedTo, :photo)`
        )
        .run({ ...written })
    )
    return written
  }

  remove(personId: string, entryId: string): DiaryEntry | undefined {
    const entry = this.#entry(personId, entryId)
    return this.#remove('diary', 'entryId', personId, entryId) ? entry : undefined
  }

  setPhoto(personId: string, entryId: string, photo: string): DiaryEntry | undefined {
    inTransaction(this.#db, 'adding a photo to a diary', () =>
      this.#db
        .prepare('UPDATE diary SET photo = ? WHERE personId = ? AND entryId = ?')
        .run(photo, personId, entryId)
    )
    return this.#entry(personId, entryId)
  }

  photos(): string[] {
    return asking('reading which photos there are', () =>
      this.#db.prepare('SELECT photo FROM diary WHERE photo IS NOT NULL').all()
    ).map(({ photo }) => String(photo))
  }

  #entry(personId: string, entryId: string): DiaryEntry | undefined {
    const row = asking('reading a diary', () =>
      this.#db.prepare('SELECT * FROM diary WHERE personId = ? AND entryId = ?').get(personId, entryId)
    )
    return row && entryOf(row)
  }

  corners(personId: string): CornerMeasurement[] {
    return asking('reading measured corners', () =>
      this.#db.prepare('SELECT * FROM corners WHERE personId = ? ORDER BY at, measurementId').all(personId)
    ).map(cornerOf)
  }

  addCorner(given: NewCornerMeasurement): CornerMeasurement {
    this.#refuseMore('corners', given.personId, cornersPerPersonMax, 'measurements')
    const measurementId = newId('m', this.#random, (id) => this.#has('corners', 'measurementId', id))
    const measurement = { measurementId, ...given }
    inTransaction(this.#db, 'noting a measured corner', () =>
      this.#db
        .prepare(
          `INSERT INTO corners (measurementId, personId, homeId, siteId, at, surfaceC, insideC, outsideC)
           VALUES (:measurementId, :personId, :homeId, :siteId, :at, :surfaceC, :insideC, :outsideC)`
        )
        .run({ ...measurement })
    )
    return measurement
  }

  removeCorner(personId: string, measurementId: string): boolean {
    return this.#remove('corners', 'measurementId', personId, measurementId)
  }

  /** Inside the caller's transaction. */
  give(fromPersonId: string, toPersonId: string): void {
    for (const table of ['diary', 'corners'] as const)
      this.#db.prepare(`UPDATE ${table} SET personId = ? WHERE personId = ?`).run(toPersonId, fromPersonId)
  }

  #remove(table: Table, key: string, personId: string, id: string): boolean {
    const { changes } = inTransaction(this.#db, `deleting from ${table}`, () =>
      this.#db.prepare(`DELETE FROM ${table} WHERE personId = ? AND ${key} = ?`).run(personId, id)
    )
    return changes > 0
  }

  #has(table: Table, key: string, id: string): boolean {
    return this.#db.prepare(`SELECT 1 FROM ${table} WHERE ${key} = ?`).get(id) !== undefined
  }

  #refuseMore(table: Table, personId: string, most: number, noun: string): void {
    const row = this.#db.prepare(`SELECT count(*) AS n FROM ${table} WHERE personId = ?`).get(personId)
    if (Number(row?.n ?? 0) < most) return
    throw new RegistryRefusal(
      'tooMany',
      `There are ${most} ${noun} already, and no more are kept. Delete some that you do not need.`
    )
  }
}

type Table = 'diary' | 'corners'

/** A phone's clock may be a little ahead; what lies in the future has not happened. */
function pastTime(at: UnixMs | undefined, now: UnixMs): UnixMs {
  if (at === undefined) return now
  if (Number.isSafeInteger(at) && at >= 0 && at <= now + clockAheadMsMax) return at
  throw new RegistryRefusal(
    'badTime',
    'The time lies in the future, or cannot be read. Give the time at which it happened.'
  )
}

/** Lines stay lines; what no keyboard types becomes a space. */
function textOf(given: string | undefined, lengthMax: number): string {
  const text = (given ?? '')
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim()
  if (text.length <= lengthMax) return text
  throw new RegistryRefusal(
    'badNote',
    `The text is ${text.length} characters long; ${lengthMax} are kept. Shorten it, or make two entries.`
  )
}

function entryOf(row: Row): DiaryEntry {
  return {
    entryId: String(row.entryId),
    personId: String(row.personId),
    homeId: String(row.homeId),
    siteId: textOrNull(row.siteId),
    // Written by `add`, from this type.
    kind: String(row.kind) as DiaryKind,
    at: Number(row.at) as UnixMs,
    writtenAt: Number(row.writtenAt) as UnixMs,
    note: String(row.note),
    reportedTo: String(row.reportedTo),
    photo: textOrNull(row.photo)
  }
}

function cornerOf(row: Row): CornerMeasurement {
  return {
    measurementId: String(row.measurementId),
    personId: String(row.personId),
    homeId: String(row.homeId),
    siteId: textOrNull(row.siteId),
    at: Number(row.at) as UnixMs,
    surfaceC: Number(row.surfaceC),
    insideC: Number(row.insideC),
    outsideC: Number(row.outsideC)
  }
}

function textOrNull(value: Row[string] | undefined): string | null {
  return typeof value === 'string' ? value : null
}
