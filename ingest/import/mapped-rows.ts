/** Reads the rows of any delimited file as a mapping says. Pure. */
import { reasonBits } from '../../model/flag.ts'
import { converterFor, type UnitConverter } from '../../science/convert.ts'
import { shownValue } from '../wording.ts'
import { markReader, swappedFormatOf, timeReader, type TimeReader } from './mapped-time.ts'
import {
  columnsOf,
  longTargets,
  type Columns,
  type DeviceBindings,
  type ValueTarget
} from './mapped-targets.ts'
import type { Mapping, MappingFilter, Verdict } from './mapping.ts'
import {
  notANumberMessage,
  numberAndUnit,
  numberReader,
  type NumberReader,
  type NumberSigns
} from './number-cell.ts'
import {
  cutValue,
  ignoredRow,
  refusedRow,
  type FileMemory,
  type ImportedMeasurement,
  type Refusal,
  type Row,
  type RowDecoder,
  type RowPlace,
  type RowReader
} from './row-reader.ts'
import { ShortRows } from './short-rows.ts'
import { endsInsideQuotes, splitCells } from './split-cells.ts'
import { counted } from '../../model/counted.ts'

export type { DeviceBindings } from './mapped-targets.ts'

export function mappedReader(mapping: Mapping, devices: DeviceBindings): RowReader {
  const { delimiter = ',', quote = '"', skipLines = 0, header: hasHeader = true } = mapping
  const signs = { delimiter, quote }
  return {
    linesBefore: skipLines,
    hasHeader,
    timesMustFit: true,
    encoding: mapping.encoding,
    zone: mapping.time.zone,
    intervalS: mapping.intervalS,
    swappedTimes: swappedFormatOf(mapping),
    headerNames: mapping.time.columns.filter((name) => !/^#\d{1,4}$/.test(name)),
    cells: (line) => splitCells(line, signs),
    isOpen: (text) => endsInsideQuotes(text, signs),
    begin(header, { memory = {} }) {
      const found = columnsOf(mapping, devices, header, hasHeader ? memory.header : undefined)
      if ('missing' in found) return found
      const { notes, columns } = found
      return { decode: rowDecoder(mapping, devices, columns, memory), notes }
    }
  }
}

/** What is the same for all rows under one header. */
interface Decoding {
  columns: Columns
  readTime: TimeReader
  readNumber: NumberReader
  signs: NumberSigns
  deviceOf: (key: string) => string | undefined
  /** Of a value that no status and no mark is about. */
  usual: Verdict
}

function rowDecoder(
  mapping: Mapping,
  devices: DeviceBindings,
  columns: Columns,
  memory: FileMemory
): RowDecoder {
  const signs: NumberSigns = { decimal: mapping.decimal ?? '.', thousands: mapping.thousands }
  const decoding: Decoding = {
    columns,
    readTime: timeReader(mapping, memory),
    readNumber: numberReader(signs),
    signs,
    deviceOf: deviceFinder(devices, columns, memory),
    usual: mapping.ratified ? 'ratified' : 'valid'
  }
  const readTargets = columns.long ? longTargets(mapping, columns.long) : () => columns.values
  const readMark = markReader(mapping)
  const shortRows = (memory.shortRows ??= new ShortRows())
  const numberPlaces = columns.long ? [columns.long.value] : columns.values.map(({ index }) => index)

  return (given) => {
    const long = tooLong(given, columns.width)
    if (long) return long
    if (isBlank(given)) return { measurements: [], refusals: [] }
    const isShort = given.length < columns.namedWidth
    const cells = isShort ? filledUp(given, columns.namedWidth) : given
    const filtered = columns.filters.find(({ index, filter }) => !passes(cells[index]!, filter))
    if (filtered) return ignoredRow(filterWords(filtered.filter))
    const targets = readTargets(cells)
    if ('refusals' in targets) return targets
    const { text, verdict } = readMark(columns.time.map((index) => cells[index]!).join(' '))
    const row = decodeRow(decoding, cells, targets, { text, verdict })
    if (row.hasTime !== true) return row
    if (!isShort) shortRows.whole(cells, numberPlaces)
    else if (shortRows.mayBeCut(given) || memory.endsOpen?.()) dropCut(row, given.length - 1, targets)
    return row
  }
}

interface RowTime {
  text: string
  verdict: Verdict | undefined
}

function decodeRow(
  decoding: Decoding,
  cells: readonly string[],
  targets: readonly ValueTarget[],
  time: RowTime
): Row {
  const { columns, readTime, deviceOf } = decoding
  const deviceColumn = columns.device === null ? null : cells[columns.device]!
  const series = `${deviceColumn ?? ''} ${columns.long ? cells[columns.long.quantity]! : ''}`
  const row: Row = { measurements: [], refusals: [] }
  const place = columns.place && placeOf(cells, columns.place, decoding.readNumber)
  if (place) row.place = place
  let measuredAt: ReturnType<TimeReader> | undefined
  let hour: string | null = null
  for (const target of targets) {
    if (measuredAt === undefined || target.hour !== hour) {
      hour = target.hour
      measuredAt = readTime(time.text, hour, series)
      if (typeof measuredAt === 'object') {
        row.refusals.push({ code: 'timeUnreadable', message: measuredAt.refusal })
        if (measuredAt.isOfRow) return row
      }
    }
    if (typeof measuredAt === 'object') continue
    row.hasTime = true
    const key = deviceColumn ?? target.deviceKey
    const deviceId = deviceOf(key)
    if (deviceId === undefined)
      return { ...ignoredRow(`no sensor is given for ${shownValue(key)} (--device KEY=ID)`), hasTime: true }
    const value = readValue(decoding, cells, target, time.verdict)
    if (value === undefined) continue
    if ('code' in value) row.refusals.push(value)
    else if ('leftOut' in value) (row.leftOut ??= []).push(value.leftOut)
    else row.measurements.push({ ...value, measuredAt, deviceId })
  }
  // A row without a value to look for has a time all the same, or none.
  if (targets.length === 0) {
    const only = readTime(time.text, null, series)
    if (typeof only === 'object') row.refusals.push({ code: 'timeUnreadable', message: only.refusal })
    else row.hasTime = true
  }
  return row
}

/** undefined where nothing was measured. */
function readValue(
  { readNumber, signs, usual }: Decoding,
  cells: readonly string[],
  target: ValueTarget,
  mark: Verdict | undefined
): Omit<ImportedMeasurement, 'measuredAt'> | Refusal | { leftOut: string } | undefined {
  const cell = cells[target.index]!
  if (target.isMissing(cell)) return undefined
  const { status, quantity, name } = target
  const verdict = status ? status.verdictOf(cells[status.index]!) : (mark ?? usual)
  if (verdict === undefined)
    return {
      code: 'statusUnknown',
      message: `the mapping does not say what the status ${shownValue(status ? cells[status.index] : '')} of ${name} means`
    }
  if (verdict === 'invalid') return { leftOut: `${name} is not valid, as the file says` }
  const given = readNumber(cell)
  const value =
    given === undefined ? valueWithUnit(cell, target, readNumber) : converted(given, target.convert)
  if (typeof value === 'string') return { code: 'unitUnknown', message: value }
  if (value === undefined || !Number.isFinite(value))
    return { code: 'notANumber', message: notANumberMessage(name, cell, signs) }
  return { ...judgements[verdict], quantity, value }
}

/** What the file says of a value. What somebody has quality-assured is not judged again: real ozone stands still for days. */
const judgements: Record<Exclude<Verdict, 'invalid'>, Pick<ImportedMeasurement, 'reasons' | 'flag'>> = {
  ratified: { reasons: reasonBits('ratified'), flag: 2 },
  valid: { reasons: 0 },
  suspect: { reasons: reasonBits('doubted'), flag: 3 }
}

/** "13.7 °C": the cell's unit must mean what the mapping says; a sentence where it means something else. */
function valueWithUnit(
  cell: string,
  { quantity, name, convert, unit }: ValueTarget,
  readNumber: NumberReader
): number | string | undefined {
  const parts = numberAndUnit(cell, readNumber)
  if (!parts) return undefined
  const found = converterFor(quantity, parts.unit)
  if (!found.ok) return undefined
  const isSame = convert !== null && [1, 100].every((value) => found.convert(value) === convert(value))
  return isSame
    ? converted(parts.value, convert)
    : `${name} is ${shownValue(cell)}, but its unit is given as ${unit}`
}

/** Twelve digits are more than any sensor has, and leave out what binary fractions add: 42.8 °F is 6 °C. */
function converted(given: number, convert: UnitConverter | null): number {
  const value = convert ? convert(given) : given
  return value === given ? given : Number(value.toPrecision(12))
}

/** Spreadsheets add empty cells at the end of rows; anything else beside the columns is another kind of row. */
function tooLong(cells: readonly string[], width: number): Row | undefined {
  if (cells.length <= width || cells.slice(width).every((cell) => cell === '')) return undefined
  return refusedRow('rowUnreadable', `the row has ${counted(cells.length, 'cell')} and not ${width}`)
}

function filledUp(cells: readonly string[], width: number): string[] {
  return Array.from({ length: width }, (_, index) => cells[index] ?? '')
}

/** The last cell of a row that ends early may be half a number. */
function dropCut(row: Row, index: number, targets: readonly ValueTarget[]): void {
  const target = targets.find((one) => one.index === index)
  const at = row.measurements.findIndex(({ quantity }) => quantity === target?.quantity)
  if (!target || at === -1) return
  row.measurements.splice(at, 1)
  row.refusals.push(cutValue(target.name))
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '')
}

function passes(cell: string, { equals, oneOf, not }: MappingFilter): boolean {
  if (equals !== undefined) return cell === equals
  return oneOf === undefined ? cell !== not : oneOf.includes(cell)
}

function filterWords({ column, equals, oneOf, not }: MappingFilter): string {
  if (equals !== undefined) return `${column} is not ${shownValue(equals)}`
  return oneOf
    ? `${column} is none of ${oneOf.map(shownValue).join(', ')}`
    : `${column} is ${shownValue(not)}`
}

function placeOf(
  cells: readonly string[],
  { latitude, longitude }: { latitude: number; longitude: number },
  readNumber: NumberReader
): RowPlace | undefined {
  const [lat, lon] = [readNumber(cells[latitude]!), readNumber(cells[longitude]!)]
  return lat === undefined || lon === undefined ? undefined : { name: '', position: [lon, lat] }
}

/** The sensor of a key. Where a column names sensors and one `--device ID` is given, the first row's name is meant. */
function deviceFinder(
  devices: DeviceBindings,
  columns: Columns,
  memory: FileMemory
): (key: string) => string | undefined {
  const only = devices['']
  if (columns.device === null || only === undefined)
    return (key) => (Object.hasOwn(devices, key) ? devices[key] : undefined)
  return (key) => ((memory.sensor ??= key) === key ? only : undefined)
}
