/** Calibrations: which boxes stood beside which reference, and what came of it. Few, so each question reads the file. */
import type { DatabaseSync } from 'node:sqlite'
import type { CorrectableQuantity } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import type { CalibrationRecord, CalibrationState, NewCalibration, SignOff } from './promise/calibrations.ts'
import { RegistryRefusal } from './registry.ts'
import { timeOrNull, type Row } from './rows.ts'

export class CalibrationBook {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
  }

  all(): CalibrationRecord[] {
    return asking('reading calibrations', () => {
      const boxes = Map.groupBy(
        this.#db.prepare('SELECT * FROM calibrationBoxes ORDER BY rowid').all(),
        ({ calibrationId }) => String(calibrationId)
      )
      return this.#db
        .prepare('SELECT * FROM calibrations ORDER BY "from" DESC, rowid DESC')
        .all()
        .map((row) => recordOf(row, boxes.get(String(row.calibrationId)) ?? []))
    })
  }

  start({ quantity, referenceSiteId, deviceIds, from }: NewCalibration): CalibrationRecord {
    const others = this.all()
    const busy = others.find(
      (one) => one.state === 'running' && one.boxes.some(({ deviceId }) => deviceIds.includes(deviceId))
    )
    if (busy)
      throw new RegistryRefusal(
        'calibrationRuns',
        `One of these boxes is in a calibration that still runs (${busy.calibrationId}). Finish or cancel that one first.`
      )
    const calibrationId = newId('k', this.#random, (id) => others.some((one) => one.calibrationId === id))
    inTransaction(this.#db, 'starting a calibration', () => {
      this.#db
        .prepare(
          `INSERT INTO calibrations (calibrationId, quantity, referenceSiteId, "from", state, signedOffBy)
           VALUES (?, ?, ?, ?, 'running', '')`
        )
        .run(calibrationId, quantity, referenceSiteId, from)
      const add = this.#db.prepare('INSERT INTO calibrationBoxes (calibrationId, deviceId) VALUES (?, ?)')
      for (const deviceId of deviceIds) add.run(calibrationId, deviceId)
    })
    return this.#need(calibrationId)
  }

  finish(calibrationId: string, until: UnixMs): CalibrationRecord {
    const { from } = this.#needIn(calibrationId, ['running'], 'It does not run any more.')
    if (until <= from)
      throw new RegistryRefusal('badTime', 'A calibration cannot end before it begins. Choose a later time.')
    return this.#change(calibrationId, 'finishing a calibration', (db) =>
      db
        .prepare(`UPDATE calibrations SET state = 'finished', until = ? WHERE calibrationId = ?`)
        .run(until, calibrationId)
    )
  }

  cancel(calibrationId: string, now: UnixMs): CalibrationRecord {
    this.#needIn(
      calibrationId,
      ['running', 'finished'],
      'It is signed off or cancelled. End its corrections instead.'
    )
    return this.#change(calibrationId, 'cancelling a calibration', (db) =>
      db
        .prepare(
          `UPDATE calibrations SET state = 'cancelled', until = coalesce(until, max("from", ?)) WHERE calibrationId = ?`
        )
        .run(now, calibrationId)
    )
  }

  signOff(calibrationId: string, { by, expiresAt, corrections }: SignOff): CalibrationRecord {
    this.#needIn(calibrationId, ['finished'], 'Finish it first; one that is signed off stays as it is.')
    return this.#change(calibrationId, 'signing a calibration off', (db) => {
      db.prepare(
        `UPDATE calibrations SET state = 'signedOff', signedOffBy = ?, expiresAt = ? WHERE calibrationId = ?`
      ).run(by, expiresAt, calibrationId)
      const note = db.prepare(
        'UPDATE calibrationBoxes SET correctionId = ? WHERE calibrationId = ? AND deviceId = ?'
      )
      for (const [deviceId, correctionId] of corrections) note.run(correctionId, calibrationId, deviceId)
    })
  }

  #change(calibrationId: string, doing: string, change: (db: DatabaseSync) => void): CalibrationRecord {
    inTransaction(this.#db, doing, () => change(this.#db))
    return this.#need(calibrationId)
  }

  #needIn(calibrationId: string, states: readonly CalibrationState[], otherwise: string): CalibrationRecord {
    const found = this.#need(calibrationId)
    if (states.includes(found.state)) return found
    throw new RegistryRefusal(
      'calibrationState',
      `The calibration ${calibrationId} cannot be changed so. ${otherwise}`
    )
  }

  #need(calibrationId: string): CalibrationRecord {
    const found = this.all().find((one) => one.calibrationId === calibrationId)
    if (found) return found
    throw new RegistryRefusal(
      'calibrationUnknown',
      'There is no such calibration. Look at the list: npx lamppost calibration list'
    )
  }
}

function recordOf(row: Row, boxes: readonly Row[]): CalibrationRecord {
  return {
    calibrationId: String(row.calibrationId),
    quantity: String(row.quantity) as CorrectableQuantity,
    referenceSiteId: String(row.referenceSiteId),
    from: Number(row.from) as UnixMs,
    until: timeOrNull(row.until),
    state: String(row.state) as CalibrationState,
    signedOffBy: String(row.signedOffBy),
    expiresAt: timeOrNull(row.expiresAt),
    boxes: boxes.map(({ deviceId, correctionId }) => ({
      deviceId: String(deviceId),
      correctionId: correctionId === null || correctionId === undefined ? null : String(correctionId)
    }))
  }
}
