/** Corrections as rows with a version and a period: none is ever altered, so it stays known what made a number at any time. */
import { correctionRowsMax } from './limits.ts'
import type { DatabaseSync } from 'node:sqlite'
import {
  periodsOverlap,
  type CorrectedSensor,
  type CorrectedSignal,
  type CorrectionRow,
  type FormulaName
} from '../model/correction.ts'
import type { CorrectableQuantity } from '../model/quantity.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import { RegistryRefusal, type CorrectionRecord, type NewCorrection } from './registry.ts'
import type { Row } from './rows.ts'

export class Corrections {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  #records: CorrectionRecord[]

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
    this.#records = db.prepare('SELECT * FROM corrections ORDER BY correctionId, version').all().map(recordOf)
  }

  /** Those that hold, without their history. */
  standing(): CorrectionRow[] {
    return this.#records.filter(({ state }) => state === 'holds').map(({ row }) => row)
  }

  all(): CorrectionRecord[] {
    return [...this.#records]
  }

  add(wanted: NewCorrection, now: UnixMs): CorrectionRow {
    const row: CorrectionRow = {
      ...wanted.row,
      correctionId: newId('c', this.#random, (id) =>
        this.#records.some((record) => record.row.correctionId === id)
      ),
      version: 1
    }
    refuseEmpty(row)
    this.#refuseOverlap(row)
    this.#save({ row, state: 'holds', at: now, origin: wanted.origin })
    return row
  }

  /** The same, with another end, as its next version. */
  end(correctionId: string, until: UnixMs, now: UnixMs): CorrectionRow {
    const { row, origin } = this.#need(correctionId)
    const ended = { ...row, version: row.version + 1, until }
    refuseEmpty(ended)
    this.#refuseOverlap(ended)
    this.#save({ row: ended, state: 'holds', at: now, origin })
    return ended
  }

  remove(correctionId: string, now: UnixMs): CorrectionRow {
    const { row, origin } = this.#need(correctionId)
    this.#save({ row: { ...row, version: row.version + 1 }, state: 'removed', at: now, origin })
    return row
  }

  #need(correctionId: string): CorrectionRecord {
    const own = this.#records.filter(({ row }) => row.correctionId === correctionId)
    const standing = own.find(({ state }) => state === 'holds')
    if (standing) return standing
    throw new RegistryRefusal(
      'correctionUnknown',
      own.length > 0
        ? `The correction ${correctionId} was already removed.`
        : `There is no correction "${correctionId}". See: npx lamppost correction list`
    )
  }

  /** Two of one time would be two values of one moment, or a correction upon a correction. */
  #refuseOverlap(row: CorrectionRow): void {
    const other = this.standing().find(
      (known) =>
        known.correctionId !== row.correctionId &&
        known.deviceId === row.deviceId &&
        known.quantity === row.quantity &&
        (known.siteId === null || row.siteId === null || known.siteId === row.siteId) &&
        periodsOverlap(known, row)
    )
    if (!other) return
    throw new RegistryRefusal(
      'correctionOverlaps',
      `${other.correctionId} already corrects ${row.quantity} of ${row.deviceId} ${periodText(other)}. ` +
        `End it first (npx lamppost correction end ${other.correctionId} --at T), or give another period.`
    )
  }

  #save(record: CorrectionRecord): void {
    if (this.#records.length >= correctionRowsMax) {
      throw new RegistryRefusal('tooMany', `The hub keeps at most ${correctionRowsMax} rows of corrections.`)
    }
    const { row, state, at, origin } = record
    inTransaction(this.#db, 'saving a correction', () => {
      this.#db
        .prepare("UPDATE corrections SET state = 'superseded' WHERE correctionId = ? AND state = 'holds'")
        .run(row.correctionId)
      this.#db
        .prepare(
          `INSERT INTO corrections (correctionId, version, deviceId, siteId, quantity, formula, formulaVersion,
             coefficients, sensor, signal, "from", until, state, at, origin)
           VALUES (:correctionId, :version, :deviceId, :siteId, :quantity, :formula, :formulaVersion,
             :coefficients, :sensor, :signal, :from, :until, :state, :at, :origin)`
        )
        .run({ ...row, coefficients: JSON.stringify(row.coefficients), state, at, origin })
    })
    const before = this.#records.map((known) =>
      known.row.correctionId === row.correctionId && known.state === 'holds'
        ? { ...known, state: 'superseded' as const }
        : known
    )
    this.#records = [...before, record]
  }
}

function refuseEmpty({ from, until }: CorrectionRow): void {
  if (from === null || until === null || from < until) return
  throw new RegistryRefusal(
    'badTime',
    `A correction from ${toIso(from)} until ${toIso(until)} would never apply.`
  )
}

export function periodText({ from, until }: Pick<CorrectionRow, 'from' | 'until'>): string {
  if (from === null) return until === null ? 'at all times' : `until ${toIso(until)}`
  return until === null ? `from ${toIso(from)} on` : `from ${toIso(from)} until ${toIso(until)}`
}

/** Rows were written by `#save` from a record of this type; STRICT and CHECK hold the table to it. */
function recordOf(row: Row): CorrectionRecord {
  const time = (name: string): UnixMs | null => (row[name] === null ? null : (Number(row[name]) as UnixMs))
  const state = String(row.state)
  return {
    row: {
      correctionId: String(row.correctionId),
      version: Number(row.version),
      deviceId: String(row.deviceId),
      siteId: row.siteId === null ? null : String(row.siteId),
      quantity: String(row.quantity) as CorrectableQuantity,
      formula: String(row.formula) as FormulaName,
      formulaVersion: Number(row.formulaVersion),
      coefficients: JSON.parse(String(row.coefficients)) as Record<string, number>,
      sensor: String(row.sensor) as CorrectedSensor,
      signal: String(row.signal) as CorrectedSignal,
      from: time('from'),
      until: time('until')
    },
    state: state === 'holds' || state === 'removed' ? state : 'superseded',
    at: Number(row.at) as UnixMs,
    origin: String(row.origin)
  }
}
