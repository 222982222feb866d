/** Doubts what stands in columns of a file that have changed places, and has the report say from which line on. */
import { basename } from 'node:path'
import { reasonBits } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { ExchangedColumns } from './exchanged-columns.ts'
import type { Place, Tally } from './report.ts'

// One that the look back neither gives nor takes away: it would take back what only the file shows.
const doubted = reasonBits('doubted')

interface TakenRow {
  readings: readonly Reading[]
  place: Place
}

/** For one file; its readings may not be stored while it is open. */
export class ExchangeDoubt {
  readonly #tally: Pick<Tally, 'reading' | 'note'>
  readonly #columns = new ExchangedColumns<TakenRow>()

  constructor(tally: Pick<Tally, 'reading' | 'note'>) {
    this.#tally = tally
  }

  get isOpen(): boolean {
    return this.#columns.isOpen
  }

  /** What was taken of one row. */
  compare(readings: readonly Reading[], place: Place): void {
    const [first] = readings
    if (readings.length < 2 || readings.some(({ measuredAt }) => measuredAt !== first!.measuredAt)) return
    const values = new Map(readings.map((reading) => [columnOf(reading), reading.value]))
    const found = this.#columns.add(values, { readings, place })
    for (const { columns, rows } of found) {
      this.#say(columns, rows[0]!)
      for (const row of rows) this.#doubt(row, (column) => columns.includes(column))
    }
    this.#doubt({ readings, place }, (column) => this.#columns.isSuspect(column))
  }

  #doubt({ readings, place }: TakenRow, isSuspect: (column: string) => boolean): void {
    for (const reading of readings) {
      if (!isSuspect(columnOf(reading)) || reading.flag !== 1) continue
      reading.flag = 3
      reading.reasons |= doubted
      this.#tally.reading(reading.measuredAt, reading.flag, doubted, place)
    }
  }

  #say(columns: readonly string[], { readings, place: { file, lineNumber } }: TakenRow): void {
    const [one, other] = readings.filter((reading) => columns.includes(columnOf(reading)))
    this.#tally.note(
      `${basename(file)}: from line ${lineNumber} on, ${one!.quantity} has the values that ${other!.quantity} had before, and the other way round. If the columns have changed places, undo this import and split the file there; the values of both are marked as suspect.`
    )
  }
}

function columnOf({ deviceId, quantity }: Reading): string {
  return `${deviceId} ${quantity}`
}
