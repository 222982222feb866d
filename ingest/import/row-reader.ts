/** What an importer knows of a file's format: how a line falls into cells, and what a row measured. Pure. */
import type { FaultCode } from '../../model/fault.ts'
import type { Flag } from '../../model/flag.ts'
import type { Measurement } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import type { Position } from '../../model/place.ts'
import type { Directory } from '../ingest.ts'
import type { LocalClock } from './local-clock.ts'
import type { ShortRows } from './short-rows.ts'
import type { TimeFormat } from './time-format.ts'

/** Why a row or a value of it was not taken. */
export type RefusalCode =
  | Extract<
      FaultCode,
      'rowUnreadable' | 'timeUnreadable' | 'timeAhead' | 'unclaimed' | 'notANumber' | 'unknownQuantity'
    >
  | 'otherDevice'
  | 'erased'
  | 'otherPlace'
  | 'otherHeader'
  | 'unitUnknown'
  | 'statusUnknown'

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

/** Where a row says that it was measured. */
export interface RowPlace {
  /** The source's own name for it; '' where it has none. */
  name: string
  /** Absent where the row does not have it. */
  position?: Position
}

export interface Row {
  measurements: ImportedMeasurement[]
  /** One bad value costs itself only: the measurements beside it stand. */
  refusals: Refusal[]
  family?: SensorFamily | undefined
  /** Its time could be read, whatever else it has. */
  hasTime?: boolean
  place?: RowPlace
  /** Values of it that were left out, and why: they are counted and not refused. */
  leftOut?: string[]
  /** Why nothing was looked for in this row, which is as it should be: it is counted and not refused. */
  ignored?: string
}

/** What is known of a file whichever header applies: a header in its middle starts new rows, and this is kept. */
export interface FileMemory {
  /** Column names of the first header. */
  header?: readonly string[]
  /** The sensor that the first row names. */
  sensor?: string
  /** The clock of its times, where `zone` says that it changes. */
  clock?: LocalClock
  /** Told of each time, and of what the clock showed if it can be read, during the first look at a file. */
  onTime?: (text: string, wallMs: number | undefined) => void
  shortRows?: ShortRows
  /** Whether the row that is read now is the file's last and has no line end. */
  endsOpen?: () => boolean
}

/** What a reader is told of the file and the import. */
export interface FileTarget {
  deviceId: string
  directory: Directory
  /** The file's name without its folder. */
  file?: string
  memory?: FileMemory
}

export interface RowReader {
  /** Lines above the header, which are not looked at; none when absent. */
  linesBefore?: number
  /** How the file is encoded, where somebody said it. */
  encoding?: string | undefined
  /** Names that a header of this format always has. Absent, no row below the first is taken for a header. */
  headerNames?: readonly string[]
  /** The zone of the clock that the file's times show: which round of a doubled hour a row is of, the rows around tell. */
  zone?: string | undefined
  /** Seconds from one row to the next, where somebody said it. */
  intervalS?: number | undefined
  /** The format of times with day and month exchanged, where they may be taken for each other. */
  swappedTimes?: TimeFormat | undefined
  /** False for files that begin with their first row; then begin() gets "#1", "#2" … as names. */
  hasHeader?: boolean
  /** The file is refused when the time of none of its rows can be read. */
  timesMustFit?: boolean
  /** Whether a row goes on in the next line, for formats where it can. */
  isOpen?(text: string): boolean
  /** undefined when the line cannot be one row. */
  cells(line: string): string[] | undefined
  /** How rows under this header are read, or which columns it lacks. A file's rows come in order, the first one always. */
  begin(header: readonly string[], target: FileTarget): Begun | Missing
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

/** The last cell of a row that ends before its header does, and so may be half a number. */
export function cutValue(name: string): Refusal {
  return {
    code: 'rowUnreadable',
    message: `the row ends early, and its last value, ${name}, may have been cut`
  }
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
