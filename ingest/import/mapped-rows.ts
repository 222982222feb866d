/** Reads the rows of any delimited file as a mapping says. Pure. */
import { suggestedLengthMin, convertersMax } from '../limits.ts'
import { reasonBits } from '../../model/flag.ts'
import { isMeasured, type MeasuredQuantity } from '../../model/quantity.ts'
import { secondMs, type UnixMs } from '../../model/time.ts'
import { converterFor, type UnitConverter } from '../../science/convert.ts'
import { nearestQuantity, shownValue } from '../wording.ts'
import { fixedClock, zoneClock } from './local-clock.ts'
import { ColumnFinder } from './mapped-columns.ts'
import type { Mapping, MappingFilter } from './mapping.ts'
import {
  ignoredRow,
  readNumber,
  refusedRow,
  type ImportedMeasurement,
  type Row,
  type RowDecoder,
  type RowReader
} from './row-reader.ts'
import { endsInsideQuotes, splitCells } from './split-cells.ts'
import { offsetMs, timeFormat } from './time-format.ts'
import { counted } from '../../model/counted.ts'

/** Which sensor each key of the mapping is; '' is the one that needs no key. */
export type DeviceBindings = Readonly<Record<string, string>>

export function mappedReader(mapping: Mapping, devices: DeviceBindings): RowReader {
  const { delimiter = ',', quote = '"', skipLines = 0, header: hasHeader = true } = mapping
  const signs = { delimiter, quote }
  return {
    linesBefore: skipLines,
    hasHeader,
    timesMustFit: true,
    cells: (line) => splitCells(line, signs),
    isOpen: (text) => endsInsideQuotes(text, signs),
    begin(header) {
      const found = columnsOf(mapping, devices, header)
      if ('missing' in found) return found
      const { notes, columns } = found
      return { decode: rowDecoder(mapping, devices, columns), notes }
    }
  }
}

interface Columns {
  width: number
  time: number[]
  filters: { index: number; filter: MappingFilter }[]
  device: number | null
  wide: WideColumn[]
  long: LongColumns | null
}

interface Target {
  quantity: MeasuredQuantity
  /** Of the mapping; null when a column says it. */
  convert: UnitConverter | null
  deviceKey: string
}

interface WideColumn extends Target {
  index: number
  name: string
}

interface LongColumns {
  quantity: number
  value: number
  unit: number | null
}

type ColumnsFound = { columns: Columns; notes: string[] } | { missing: string; has: string }

function columnsOf(mapping: Mapping, devices: DeviceBindings, header: readonly string[]): ColumnsFound {
  const finder = new ColumnFinder(header)
  const notes: string[] = []
  const { long } = mapping
  const columns: Columns = {
    width: header.length,
    time: mapping.time.columns.map((name) => finder.find(name)),
    filters: (mapping.filters ?? []).map((filter) => ({ index: finder.find(filter.column), filter })),
    device: mapping.deviceColumn === undefined ? null : finder.find(mapping.deviceColumn),
    wide: wideColumns(mapping, devices, finder, notes),
    long: long
      ? {
          quantity: finder.find(long.quantityColumn),
          value: finder.find(long.valueColumn),
          unit: long.unitColumn === undefined ? null : finder.find(long.unitColumn)
        }
      : null
  }
  if (finder.missing.length > 0) return { missing: finder.missing.join(' and '), has: header.join(', ') }
  const idle = header.filter((name, index) => name !== '' && !finder.used.has(index))
  if (idle.length > 0) notes.push(`Ignored, because the mapping does not name them: ${idle.join(', ')}.`)
  return { columns, notes }
}

function wideColumns(
  { values = [], deviceColumn }: Mapping,
  devices: DeviceBindings,
  finder: ColumnFinder,
  notes: string[]
): WideColumn[] {
  const unbound = new Set<string>()
  const wide: WideColumn[] = []
  for (const { column, quantity, unit, device: deviceKey = '' } of values) {
    const index = finder.find(column)
    if (!isMeasured(quantity)) {
      notes.push(`Ignored: ${column}, because ${unknownWords(quantity)}.`)
      continue
    }
    if (deviceColumn === undefined && !Object.hasOwn(devices, deviceKey)) {
      unbound.add(deviceKey)
      continue
    }
    wide.push({ index, name: column, quantity, convert: converterOf(quantity, unit), deviceKey })
  }
  if (unbound.size > 0)
    notes.push(`Ignored, because no sensor is given for them (--device KEY=ID): ${[...unbound].join(', ')}.`)
  return wide
}

/** Units of a mapping were looked at when it was read, so none is unknown here. */
function converterOf(quantity: MeasuredQuantity, unit: string): UnitConverter | null {
  const found = converterFor(quantity, unit)
  return found.ok ? found.convert : null
}

function unknownWords(quantity: string): string {
  const near = quantity.length < suggestedLengthMin ? undefined : nearestQuantity(quantity)
  return `the hub does not know the quantity ${quantity}${near ? ` (did you mean ${near}?)` : ''}`
}

/** What somebody has quality-assured is not judged again: real ozone stands still for two days, and is old. */
const ratified = { reasons: reasonBits('ratified'), flag: 2 } as const

function rowDecoder(mapping: Mapping, devices: DeviceBindings, columns: Columns): RowDecoder {
  const readTime = timeReader(mapping, columns)
  const readTargets = mapping.long ? longTargets(mapping, columns) : () => columns.wide
  const deviceOf = deviceFinder(devices, columns)
  const readCell = cellReader(mapping)
  const judged: Pick<ImportedMeasurement, 'reasons' | 'flag'> = mapping.ratified ? ratified : { reasons: 0 }

  return (cells) => {
    if (!fits(cells, columns.width))
      return refusedRow(
        'rowUnreadable',
        `the row has ${counted(cells.length, 'cell')} and not ${columns.width}`
      )
    if (isBlank(cells)) return { measurements: [], refusals: [] }
    const filtered = columns.filters.find(({ index, filter }) => !passes(cells[index]!, filter))
    if (filtered) return ignoredRow(filterWords(filtered.filter))
    const targets = readTargets(cells)
    if ('refusals' in targets) return targets
    const deviceColumn = columns.device === null ? null : cells[columns.device]!
    const measuredAt = readTime(
      cells,
      `${deviceColumn ?? ''} ${columns.long ? cells[columns.long.quantity]! : ''}`
    )
    if (typeof measuredAt === 'string') return refusedRow('timeUnreadable', measuredAt)

    const row: Row = { measurements: [], refusals: [], hasTime: true }
    for (const target of targets) {
      const deviceId = deviceOf(deviceColumn ?? target.deviceKey)
      if (deviceId === undefined)
        return ignoredRow(
          `no sensor is given for ${shownValue(deviceColumn ?? target.deviceKey)} (--device KEY=ID)`
        )
      const given = readCell(cells[target.index]!)
      if (given === null) continue
      const value = given === undefined ? NaN : converted(given, target.convert)
      if (Number.isFinite(value))
        row.measurements.push({ ...judged, quantity: target.quantity, value, measuredAt, deviceId })
      else
        row.refusals.push({
          code: 'notANumber',
          message: `${target.name} is ${shownValue(cells[target.index])}, not a number`
        })
    }
    return row
  }
}

/** Twelve digits are more than any sensor has, and leave out what binary fractions add: 42.8 °F is 6 °C. */
function converted(given: number, convert: UnitConverter | null): number {
  const value = convert ? convert(given) : given
  return value === given ? given : Number(value.toPrecision(12))
}

/** Spreadsheets add empty cells at the end of rows; anything else beside the columns is another kind of row. */
function fits(cells: readonly string[], width: number): boolean {
  return cells.length >= width && cells.slice(width).every((cell) => cell === '')
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

/** The start of the interval, or a sentence that says why there is none. */
function timeReader(
  { time, intervalS = 0 }: Mapping,
  columns: Columns
): (cells: readonly string[], series: string) => UnixMs | string {
  const found = timeFormat(time.format)
  if (!found.ok) return () => found.refusal
  const { format } = found
  const clock = time.zone === undefined ? fixedClock(offsetMs(time.offset ?? 'Z') ?? 0) : zoneClock(time.zone)
  const labelMs = intervalS * secondMs * { start: 0, middle: 0.5, end: 1 }[time.label]
  return (cells, series) => {
    const text = columns.time.map((index) => cells[index]!).join(' ')
    const shown = format.read(text)
    if (!shown) return `the time ${shownValue(text)} is not written as "${time.format}"`
    const moment = shown.aheadMs === null ? clock(shown.wallMs, series) : shown.wallMs - shown.aheadMs
    if (moment === undefined) return `the clock in ${time.zone ?? ''} never showed ${shownValue(text)}`
    return (moment - labelMs) as UnixMs
  }
}

/** The sensor of a key. Where a column names sensors and one `--device ID` is given, the first row's name is meant. */
function deviceFinder(devices: DeviceBindings, columns: Columns): (key: string) => string | undefined {
  const only = devices['']
  if (columns.device === null || only === undefined)
    return (key) => (Object.hasOwn(devices, key) ? devices[key] : undefined)
  let first: string | undefined
  return (key) => ((first ??= key) === key ? only : undefined)
}

/** null where nothing was measured, undefined where the cell is no number. */
function cellReader({ missing = [], decimal = '.' }: Mapping): (cell: string) => number | null | undefined {
  const markers = new Set(['', ...missing.map((marker) => marker.trim())])
  return (cell) => {
    if (markers.has(cell)) return null
    return readNumber(decimal === ',' ? cell.replace(',', '.') : cell)
  }
}

/** In a long file each row has one value, whose quantity and unit other cells name. */
function longTargets({ long }: Mapping, columns: Columns): (cells: readonly string[]) => WideColumn[] | Row {
  const at = columns.long!
  const table = new Map(Object.entries(long!.quantities))
  const converters = new Map<string, UnitConverter | string>()
  return (cells) => {
    const label = cells[at.quantity]!
    const entry = table.get(label)
    if (!entry) return ignoredRow(`the mapping does not name ${shownValue(label)}`)
    const { quantity, device: deviceKey = '' } = entry
    if (!isMeasured(quantity)) return ignoredRow(unknownWords(quantity))
    const unit = entry.unit ?? (at.unit === null ? '' : cells[at.unit]!)
    const key = `${quantity} ${unit}`
    let convert = converters.get(key)
    if (convert === undefined) {
      const found = converterFor(quantity, unit)
      convert = found.ok ? found.convert : found.refusal.replace(/\.$/, '')
      if (converters.size < convertersMax) converters.set(key, convert)
    }
    if (typeof convert === 'string') return refusedRow('unitUnknown', convert)
    return [{ index: at.value, name: label, quantity, convert, deviceKey }]
  }
}
