/** What an importer knows of a file's format: how a line falls into cells, and what a row measured. Pure. */
import type { FaultCode } from '../../model/fault.ts'
import type { Flag } from '../../model/flag.ts'
import type { Measurement } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import type { Directory } from '../ingest.ts'

/** Why a row or a value of it was not taken. */
export type RefusalCode =
  | Extract<
      FaultCode,
      'rowUnreadable' | 'timeUnreadable' | 'timeAhead' | 'unclaimed' | 'notANumber' | 'unknownQuantity'
    >
  | 'otherDevice'
  | 'unitUnknown'

export interface Refusal {
  code: RefusalCode
  /** One sentence, without the file and the row: the report adds them. */
  message: string
}

export interface ImportedMeasurement extends Measurement {
  /** Where a file holds several sensors; otherwise all is of the import's one. */
  deviceId?: string
  /** Where the file says when it was received or how it was judged, that is kept. */
  receivedAt?: UnixMs
  flag?: Flag
}

export interface Row {
  measurements: ImportedMeasurement[]
  /** One bad value costs itself only: the measurements beside it stand. */
  refusals: Refusal[]
  family?: SensorFamily | undefined
  /** Its time could be read, whatever else it has. */
  hasTime?: boolean
  /** Why nothing was looked for in this row, which is as it should be: it is counted and not refused. */
  ignored?: string
}

export interface RowReader {
  /** Lines above the header, which are not looked at; none when absent. */
  linesBefore?: number
  /** False for files that begin with their first row; then begin() gets "#1", "#2" … as names. */
  hasHeader?: boolean
  /** The file is refused when the time of none of its rows can be read. */
  timesMustFit?: boolean
  /** Whether a row goes on in the next line, for formats where it can. */
  isOpen?(text: string): boolean
  /** undefined when the line cannot be one row. */
  cells(line: string): string[] | undefined
  /** How rows under this header are read, or which columns it lacks. A file's rows come in order, the first one always. */
  begin(header: readonly string[], target: { deviceId: string; directory: Directory }): Begun | Missing
}

export interface Begun {
  decode: RowDecoder
  /** Sentences about the file as a whole, for the person who imports it. */
  notes?: readonly string[]
}

export type RowDecoder = (cells: readonly string[]) => Row

export interface Missing {
  missing: string
  /** The names that are there. */
  has?: string
}

export function refusedRow(code: RefusalCode, message: string): Row {
  return { measurements: [], refusals: [{ code, message }] }
}

/** One word for all rows that are ignored alike. */
export function ignoredRow(why: string): Row {
  return { measurements: [], refusals: [], ignored: why }
}

const plainNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?$/

/**
 * A finite number, or undefined: Number() alone would take '', '0x10' and ' '. The power of ten is applied in decimal,
 * so that 100912.4 Pa is 1009.124 hPa and not 1009.1239999999999.
 */
export function readNumber(cell: string, exponent = 0): number | undefined {
  if (!plainNumber.test(cell)) return undefined
  const isScientific = /e/i.test(cell)
  const value = exponent === 0 || isScientific ? Number(cell) * 10 ** exponent : Number(`${cell}e${exponent}`)
  return Number.isFinite(value) ? value + 0 : undefined
}
