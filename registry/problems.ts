/** What is wrong with whose device: one row for each device, kind and field, counted, so that a fault storm stays small. */
import type { DatabaseSync } from 'node:sqlite'
import { faults, type FaultCode, type Problem } from '../model/fault.ts'
import {
  problemFieldLengthMax,
  problemMessageLengthMax,
  problemsPerDeviceMax,
  problemsWaitingMax,
  problemValueLengthMax
} from '../model/limits.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inUnsyncedTransaction } from './database.ts'
import type { ProblemSummary } from './registry.ts'
import { grouped, type Row } from './rows.ts'

export class Problems {
  readonly #db: DatabaseSync
  readonly #isDevice: (deviceId: string) => boolean
  #waiting: Problem[] = []

  constructor(db: DatabaseSync, isDevice: (deviceId: string) => boolean) {
    this.#db = db
    this.#isDevice = isDevice
  }

  /**
   * To be recorded next, with those that could not be before; of too many the oldest go. Problems of a device that the
   * registry does not know have no list to go to: only what has a password can send.
   */
  await(problems: readonly Problem[]): void {
    for (const problem of problems) if (this.#isDevice(problem.deviceId)) this.#waiting.push(problem)
    if (this.#waiting.length > problemsWaitingMax)
      this.#waiting.splice(0, this.#waiting.length - problemsWaitingMax)
  }

  record(): void {
    if (this.#waiting.length === 0) return
    const byDevice = grouped(this.#waiting, ({ deviceId }) => deviceId)
    inUnsyncedTransaction(this.#db, 'recording problems', () => {
      for (const [deviceId, list] of byDevice) {
        for (const problem of list) this.#upsert(problem)
        this.#forgetOldest(deviceId)
      }
    })
    this.#waiting = []
  }

  list(deviceId?: string): ProblemSummary[] {
    const newestFirst = 'ORDER BY lastAt DESC, code, field'
    const rows = asking('reading problems', () =>
      deviceId === undefined
        ? this.#db.prepare(`SELECT * FROM problems ${newestFirst}`).all()
        : this.#db.prepare(`SELECT * FROM problems WHERE deviceId = ? ${newestFirst}`).all(deviceId)
    )
    return rows.map(summaryOf)
  }

  forgotten(deviceId: string): number {
    const row = asking('counting problems', () =>
      this.#db.prepare('SELECT problemsForgotten AS n FROM devices WHERE deviceId = ?').get(deviceId)
    )
    return Number(row?.n ?? 0)
  }

  #upsert({ deviceId, code, field, message, value, at, aboutFrom }: Problem): void {
    this.#db
      .prepare(
        `INSERT INTO problems (deviceId, code, field, message, value, count, firstAt, lastAt, aboutFrom)
         VALUES (:deviceId, :code, :field, :message, :value, 1, :at, :at, :aboutFrom)
         ON CONFLICT (deviceId, code, field) DO UPDATE SET
           count = count + 1,
           firstAt = min(firstAt, :at),
           message = iif(:at >= lastAt, :message, message),
           value = iif(:at >= lastAt, :value, value),
           lastAt = max(lastAt, :at),
           -- NULL, which is unknown, where either is.
           aboutFrom = min(aboutFrom, :aboutFrom)`
      )
      .run({
        deviceId,
        code,
        field: (field ?? '').slice(0, problemFieldLengthMax),
        message: message.slice(0, problemMessageLengthMax),
        value: valueText(value),
        at,
        aboutFrom
      })
  }

  #forgetOldest(deviceId: string): void {
    const forgotten = this.#db
      .prepare(
        `DELETE FROM problems WHERE deviceId = ?1 AND (code, field) IN (
           SELECT code, field FROM problems WHERE deviceId = ?1
           ORDER BY lastAt DESC, code, field LIMIT -1 OFFSET ?2)`
      )
      .run(deviceId, problemsPerDeviceMax)
    if (forgotten.changes === 0) return
    this.#db
      .prepare('UPDATE devices SET problemsForgotten = problemsForgotten + ? WHERE deviceId = ?')
      .run(forgotten.changes, deviceId)
  }
}

/** As JSON where that is short, else as the beginning of a text. NaN and Infinity have no JSON, so they are texts. */
function valueText(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return JSON.stringify(value.slice(0, problemValueLengthMax))
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
    return JSON.stringify(String(value).slice(0, problemValueLengthMax))
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value))
  const json = JSON.stringify(value)
  return json.length <= problemValueLengthMax ? json : JSON.stringify(json.slice(0, problemValueLengthMax))
}

function summaryOf(row: Row): ProblemSummary {
  const field = String(row.field)
  return {
    deviceId: String(row.deviceId),
    code: faultCode(String(row.code)),
    message: String(row.message),
    ...(field === '' ? {} : { field }),
    ...(typeof row.value === 'string' ? { value: JSON.parse(row.value) as unknown } : {}),
    count: Number(row.count),
    firstAt: Number(row.firstAt) as UnixMs,
    lastAt: Number(row.lastAt) as UnixMs,
    aboutFrom: row.aboutFrom === null ? null : (Number(row.aboutFrom) as UnixMs)
  }
}

function faultCode(code: string): FaultCode {
  if (Object.hasOwn(faults, code)) return code as FaultCode
  throw new TypeError(`The registry holds a problem "${code}" that the catalogue does not have.`)
}
