/** What an import did, counted: taken, repeated, flagged, refused, with the first example of each reason. */
import { exampleCharactersMax, ignoredKindsMax } from '../limits.ts'
import { basename } from 'node:path'
import { counted } from '../../model/counted.ts'
import { reasonList, reasons as reasonWords, type Flag, type Reason, type Reasons } from '../../model/flag.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { WriteResult } from '../../store/promise/write.ts'
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

/** Rows that nothing was looked for in, by why. */
export interface ImportIgnored {
  reason: string
  count: number
  /** The first one. */
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
  /** The first of them: where the second row stands and which value gave way; null without any. */
  duplicateExample: string | null
  /** Stored readings that gave way to another value for the same time: of these files, of another import or of the sensor. This run. */
  replaced: number
  /** The first of them that the store told of. */
  replacedExample: string | null
  /** Why values were refused and flagged, of this run; the most frequent first, refusals before flags. */
  reasons: ImportReason[]
  /** Rows that the mapping leaves out, of this run; the most frequent first. */
  ignored: ImportIgnored[]
  /** What to know of the files as a whole: columns that were left out, an end that may be cut. */
  notes: string[]
  /** First and last time measured of this run; null when nothing was taken. */
  from: UnixMs | null
  until: UnixMs | null
  /** Seconds between readings, of a device whose interval nobody said: as the mapping says, or assumed from its rows; otherwise null. */
  intervalS: number | null
}

/** Where a row stands: its first line, counted from 1 as editors do. */
export interface Place {
  file: string
  lineNumber: number
  line: string
}

const refusalWords: Record<RefusalCode, string> = {
  rowUnreadable: 'The row does not fit the header.',
  otherDevice: 'The row belongs to another sensor. Import each sensor into its own device.',
  timeUnreadable: 'The time could not be read.',
  timeAhead: 'The time is in the future.',
  unclaimed:
    'The device was not installed anywhere at that time. Its deployment must begin earlier (lamppost device add --from).',
  erased: 'The readings of that time were erased, and stay so.',
  notANumber: 'The value is not a finite number.',
  unknownQuantity: 'The hub does not know the quantity of the value.',
  unitUnknown: 'The unit does not belong to the quantity.',
  statusUnknown: 'The mapping does not say what the status means.',
  otherPlace:
    'The row was measured at another place than the rows before. Record the move (lamppost device move ID --street … --at T), then import again.',
  otherHeader: 'The row is below a header that does not describe it.'
}

export class Tally {
  readonly #reasons = new Map<string, ImportReason>()
  readonly #ignored = new Map<string, ImportIgnored>()
  readonly #notes = new Set<string>()
  rows = 0
  rowsPassedOver = 0
  duplicates = 0
  duplicateExample: string | null = null
  #erasedMeanwhile = 0
  replacedCount = 0
  replacedExample: string | null = null
  from: UnixMs | null = null
  until: UnixMs | null = null
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

  ignored(why: string, place: Place): void {
    const reason = this.#ignored.has(why) || this.#ignored.size < ignoredKindsMax ? why : 'for other reasons'
    const known = this.#ignored.get(reason)
    if (known) known.count++
    else this.#ignored.set(reason, { reason, count: 1, example: exampleOf(place, undefined) })
  }

  duplicate(before: number, after: number, place: Place): void {
    this.duplicates++
    const what = before === after ? `${after} twice` : `${before} is replaced by ${after}`
    this.duplicateExample ??= exampleOf(place, what)
  }

  /** Values that were stored before this batch gave way to values of it. */
  replaced({ replaced, replacedFirst }: WriteResult): void {
    this.replacedCount += replaced
    if (replacedFirst && this.replacedExample === null) {
      const { quantity, measuredAt, before, after } = replacedFirst
      this.replacedExample = `${quantity} of ${toIso(measuredAt)}, ${before} is replaced by ${after}`
    }
  }

  /** The file is not UTF-8, and was read as most such files are written. */
  encodingGuessed(file: string): void {
    this.note(
      `${basename(file)} is not UTF-8 and was read as Windows-1252 (Western Europe). If letters are wrong, name its encoding in the mapping, such as "encoding": "windows-1253".`
    )
  }

  openEnd({ file, lineNumber, line }: Place): void {
    const row = line.slice(0, exampleCharactersMax).toWellFormed()
    this.note(
      `${basename(file)} has no line end after its last row, line ${lineNumber}. If it was cut short, that row may be wrong: ${row}`
    )
  }

  note(text: string): void {
    this.#notes.add(text)
  }

  ignoredRows(): ImportIgnored[] {
    return [...this.#ignored.values()].toSorted((a, b) => b.count - a.count)
  }

  /** Readings of a device, or of a time of it, that was erased after their rows were read. */
  erasedMeanwhile(readings: number): void {
    this.#erasedMeanwhile += readings
  }

  notes(): string[] {
    if (this.#erasedMeanwhile === 0) return [...this.#notes]
    const readings = counted(this.#erasedMeanwhile, 'reading')
    return [...this.#notes, `${readings} left out: the sensor was erased while its files were read.`]
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

function exampleOf({ file, lineNumber, line }: Place, message: string | undefined): string {
  const cut = line.slice(0, exampleCharactersMax).replaceAll('\n', ' ').toWellFormed()
  return `${basename(file)} line ${lineNumber}${message ? `, ${message}` : ''}: ${cut}`
}
