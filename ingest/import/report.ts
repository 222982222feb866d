/** What an import did, counted: taken, repeated, flagged, and refused with the reason and the first example of each. */
import type { Flag, Reason, Reasons } from '../../model/flag.ts'
import { reasonList } from '../../model/flag.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Refusal, RefusalCode } from './row-reader.ts'

export interface RefusedLike {
  code: RefusalCode
  count: number
  /** The first one: where, what it says, and the line as it stands in the file (cut). */
  file: string
  row: number
  message: string
  line: string
}

export interface ImportReport {
  importId: number
  /** False when it was broken off; the same import goes on from there. */
  isFinished: boolean
  /** Rows read in this run, and rows passed over because an earlier run had stored them. */
  rows: number
  rowsPassedOver: number
  /** Readings that are new or replaced another value; readings that were there; flag 3 or 4; refused rows and values. All runs. */
  taken: number
  repeated: number
  flagged: number
  refused: number
  /** Two rows of one moment in a file: the later stands. This run. */
  duplicates: number
  /** Readings by reason of their flag, and refusals by reason. This run. */
  flaggedBy: Partial<Record<Reason, number>>
  refusedBy: RefusedLike[]
  /** First and last time measured of this run; null when nothing was taken. */
  from: UnixMs | null
  until: UnixMs | null
  /** Seconds between readings, learnt when the device has no interval yet; for the caller to keep. */
  intervalS: number | null
}

/** Longest piece of a line that an example shows. */
const exampleCharactersMax = 160

export class Tally {
  readonly flaggedBy: Partial<Record<Reason, number>> = {}
  readonly #refused = new Map<RefusalCode, RefusedLike>()
  rows = 0
  rowsPassedOver = 0
  duplicates = 0
  from: UnixMs | null = null
  until: UnixMs | null = null
  intervalS: number | null = null
  /** Since the last durable batch; added to the record with it. */
  flaggedPending = 0
  refusedPending = 0

  reading(measuredAt: UnixMs, flag: Flag, reasons: Reasons): void {
    if (this.from === null || measuredAt < this.from) this.from = measuredAt
    if (this.until === null || measuredAt > this.until) this.until = measuredAt
    if (flag !== 3 && flag !== 4) return
    this.flaggedPending++
    for (const reason of reasonList(reasons)) this.flaggedBy[reason] = (this.flaggedBy[reason] ?? 0) + 1
  }

  refusal(refusal: Refusal, file: string, row: number, line: string): void {
    this.refusedPending++
    const known = this.#refused.get(refusal.code)
    if (known) known.count++
    else {
      const example = line.slice(0, exampleCharactersMax).toWellFormed()
      this.#refused.set(refusal.code, { ...refusal, count: 1, file, row, line: example })
    }
  }

  refusedBy(): RefusedLike[] {
    return [...this.#refused.values()].toSorted((a, b) => b.count - a.count)
  }
}
