/** What an import did, counted: taken, repeated, flagged, refused, with the first example of each reason. */
import { basename } from 'node:path'
import { reasonList, reasons as reasonWords, type Flag, type Reason, type Reasons } from '../../model/flag.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Refusal, RefusalCode } from './row-reader.ts'

export interface ImportReason {
  kind: 'refused' | 'flagged'
  code: RefusalCode | Reason
  /** Why, in a sentence. */
  reason: string
  count: number
  /** The first one: file, line, what was wrong, and the line as it stands there (cut). */
  example: string
}

export interface ImportReport {
  importId: number
  /** False when it was broken off; the same import goes on from there. */
  isFinished: boolean
  /** Rows read in this run, and rows passed over because an earlier run had stored them. */
  rows: number
  rowsPassedOver: number
  /** Readings that are new or replaced another value. Like the next three, of all runs of this import. */
  taken: number
  /** Readings that the store had. */
  repeated: number
  /** Readings with flag 3 or 4: they are stored, and marked. */
  flagged: number
  /** Rows, and single values of rows, that were not taken. */
  refused: number
  /** Two rows of one moment close together in a file: the later stands. This run. */
  duplicates: number
  /** Why values were refused and flagged, of this run; the most frequent first, refusals before flags. */
  reasons: ImportReason[]
  /** First and last time measured of this run; null when nothing was taken. */
  from: UnixMs | null
  until: UnixMs | null
  /** Seconds between readings, learnt because the device had no interval; otherwise null. */
  intervalS: number | null
}

/** Where a row stands. `row` 1 is the first after the header. */
export interface Place {
  file: string
  row: number
  line: string
}

/** Longest piece of a line that an example shows. */
const exampleCharactersMax = 160

const refusalWords: Record<RefusalCode, string> = {
  rowUnreadable: 'The row does not fit the header.',
  otherDevice: 'The row belongs to another sensor than the first row. Import one sensor a file.',
  timeUnreadable: 'The time could not be read.',
  timeAhead: 'The time lies in the future.',
  unclaimed:
    'The device hung nowhere at that time. Its deployment must begin earlier (lamppost device add --from).',
  notANumber: 'The value is not a finite number.',
  unknownQuantity: 'The value is no quantity that the hub knows.'
}

export class Tally {
  readonly #reasons = new Map<string, ImportReason>()
  rows = 0
  rowsPassedOver = 0
  duplicates = 0
  from: UnixMs | null = null
  until: UnixMs | null = null
  intervalS: number | null = null
  /** Since the last durable batch; added to the record with it. */
  flaggedPending = 0
  refusedPending = 0

  reading(measuredAt: UnixMs, flag: Flag, reasons: Reasons, place: Place): void {
    if (this.from === null || measuredAt < this.from) this.from = measuredAt
    if (this.until === null || measuredAt > this.until) this.until = measuredAt
    if (flag !== 3 && flag !== 4) return
    this.flaggedPending++
    for (const code of reasonList(reasons)) this.#count('flagged', code, reasonWords[code], place)
  }

  refusal({ code, message }: Refusal, place: Place): void {
    this.refusedPending++
    this.#count('refused', code, refusalWords[code], place, message)
  }

  reasons(): ImportReason[] {
    const byCount = [...this.#reasons.values()].toSorted((a, b) => b.count - a.count)
    return [...byCount.filter((r) => r.kind === 'refused'), ...byCount.filter((r) => r.kind === 'flagged')]
  }

  #count(
    kind: ImportReason['kind'],
    code: ImportReason['code'],
    reason: string,
    place: Place,
    message?: string
  ): void {
    const key = `${kind} ${code}`
    const known = this.#reasons.get(key)
    if (known) known.count++
    else this.#reasons.set(key, { kind, code, reason, count: 1, example: exampleOf(place, message) })
  }
}

/** The header is line 1, as editors count. */
function exampleOf({ file, row, line }: Place, message: string | undefined): string {
  const cut = line.slice(0, exampleCharactersMax).toWellFormed()
  return `${basename(file)} line ${row + 1}${message ? `, ${message}` : ''}: ${cut}`
}
