/** What a mapping takes from a row: which column is which quantity of which sensor, under which header. Pure. */
import { suggestedLengthMin, convertersMax } from '../limits.ts'
import { isMeasured, type MeasuredQuantity } from '../../model/quantity.ts'
import { converterFor, type UnitConverter } from '../../science/convert.ts'
import { nearestQuantity, shownValue } from '../wording.ts'
import { ColumnFinder } from './mapped-columns.ts'
import type { Mapping, MappingFilter, MappingStatus, Verdict } from './mapping.ts'
import { numberReader } from './number-cell.ts'
import { ignoredRow, refusedRow, type Row } from './row-reader.ts'
import { timeFormat } from './time-format.ts'

/** Which sensor each key of the mapping is; '' is the one that needs no key. */
export type DeviceBindings = Readonly<Record<string, string>>

/** A cell whose number is taken. */
export interface ValueTarget {
  index: number
  /** As refusals name it. */
  name: string
  quantity: MeasuredQuantity
  /** null when a column of the row names the unit. */
  convert: UnitConverter | null
  unit: string
  deviceKey: string
  /** Whether the cell says that nothing was measured. */
  isMissing: (cell: string) => boolean
  /** What the network says of it; undefined for a status that the mapping does not explain. */
  status: StatusColumn | null
  /** The part of the time that stands in the header, above the cell. */
  hour: string | null
}

export interface StatusColumn {
  index: number
  verdictOf: (cell: string) => Verdict | undefined
}

export interface LongColumns {
  quantity: number
  value: number
  unit: number | null
  status: StatusColumn | null
}

export interface Columns {
  width: number
  /** Up to the last column that has a name. */
  namedWidth: number
  time: number[]
  filters: { index: number; filter: MappingFilter }[]
  device: number | null
  place: { latitude: number; longitude: number } | null
  /** Of a wide file, or one with a column for each hour. */
  values: ValueTarget[]
  long: LongColumns | null
}

export type ColumnsFound = { columns: Columns; notes: string[] } | { missing: string; has: string }

export function columnsOf(
  mapping: Mapping,
  devices: DeviceBindings,
  header: readonly string[],
  before?: readonly string[]
): ColumnsFound {
  const finder = new ColumnFinder(header, before)
  const notes: string[] = []
  const { long, place, hours } = mapping
  const columns: Columns = {
    width: header.length,
    namedWidth: header.findLastIndex((name) => name !== '') + 1,
    time: mapping.time.columns.map((name) => finder.find(name)),
    filters: (mapping.filters ?? []).map((filter) => ({ index: finder.find(filter.column), filter })),
    device: mapping.deviceColumn === undefined ? null : finder.find(mapping.deviceColumn),
    place: place ? { latitude: finder.find(place.latitude), longitude: finder.find(place.longitude) } : null,
    values: [
      ...wideTargets(mapping, devices, finder, notes),
      ...hourTargets(mapping, devices, header, finder)
    ],
    long: long
      ? {
          quantity: finder.find(long.quantityColumn),
          value: finder.find(long.valueColumn),
          unit: long.unitColumn === undefined ? null : finder.find(long.unitColumn),
          status: statusColumn(long.status, finder)
        }
      : null
  }
  if (hours && isMeasured(hours.quantity) && !columns.values.some(({ hour }) => hour !== null))
    finder.missing.push(`whose name is written as "${hours.format}"`)
  if (finder.missing.length > 0) return { missing: finder.missing.join(' and '), has: header.join(', ') }
  const idle = header.filter((name, index) => name !== '' && !finder.used.has(index))
  if (idle.length > 0) notes.push(`Ignored, because the mapping does not name them: ${idle.join(', ')}.`)
  return { columns, notes }
}

function wideTargets(
  mapping: Mapping,
  devices: DeviceBindings,
  finder: ColumnFinder,
  notes: string[]
): ValueTarget[] {
  const unbound = new Set<string>()
  const targets: ValueTarget[] = []
  for (const value of mapping.values ?? []) {
    const { column, quantity, unit, device: deviceKey = '', missing } = value
    const index = finder.find(column)
    const status = statusColumn(value.status, finder)
    if (!isMeasured(quantity)) {
      notes.push(`Ignored: ${column}, because ${unknownWords(quantity)}.`)
      continue
    }
    if (mapping.deviceColumn === undefined && !Object.hasOwn(devices, deviceKey)) {
      unbound.add(deviceKey)
      continue
    }
    const isMissing = missingMarkers(mapping, missing)
    targets.push({
      index,
      name: column,
      quantity,
      ...unitOf(quantity, unit),
      deviceKey,
      isMissing,
      status,
      hour: null
    })
  }
  if (unbound.size > 0)
    notes.push(`Ignored, because no sensor is given for them (--device KEY=ID): ${[...unbound].join(', ')}.`)
  return targets
}

/** Every column whose name is an hour as the mapping writes hours, in the order of the file. */
function hourTargets(
  mapping: Mapping,
  devices: DeviceBindings,
  header: readonly string[],
  finder: ColumnFinder
): ValueTarget[] {
  const { hours, deviceColumn } = mapping
  if (!hours || !isMeasured(hours.quantity)) return []
  const { quantity, unit, device: deviceKey = '' } = hours
  if (deviceColumn === undefined && !Object.hasOwn(devices, deviceKey)) return []
  const found = timeFormat(`YYYY-MM-DD ${hours.format}`)
  const isMissing = missingMarkers(mapping, undefined)
  return header.flatMap((hour, index) => {
    if (!found.ok || !found.format.read(`2001-01-01 ${hour}`)) return []
    finder.used.add(index)
    return [
      { index, name: hour, quantity, ...unitOf(quantity, unit), deviceKey, isMissing, status: null, hour }
    ]
  })
}

/** Units of a mapping were looked at when it was read, so none is unknown here. */
function unitOf(quantity: MeasuredQuantity, unit: string): Pick<ValueTarget, 'convert' | 'unit'> {
  const found = converterFor(quantity, unit)
  return { convert: found.ok ? found.convert : null, unit }
}

/** The empty cell, the mapping's words and the column's own; a marker that is a number in whichever way it is written. */
export function missingMarkers(mapping: Mapping, own: readonly string[] = []): (cell: string) => boolean {
  const markers = new Set(['', ...(mapping.missing ?? []), ...own].map((marker) => marker.trim()))
  const read = numberReader({ decimal: mapping.decimal ?? '.', thousands: mapping.thousands })
  const numbers = new Set([...markers].flatMap((marker) => read(marker) ?? []))
  if (numbers.size === 0) return (cell) => markers.has(cell)
  return (cell) => markers.has(cell) || numbers.has(read(cell) ?? NaN)
}

function statusColumn(status: MappingStatus | undefined, finder: ColumnFinder): StatusColumn | null {
  if (!status) return null
  const verdicts = new Map(Object.entries(status.means).map(([word, verdict]) => [word.trim(), verdict]))
  return { index: finder.find(status.column), verdictOf: (cell) => verdicts.get(cell) }
}

function unknownWords(quantity: string): string {
  const near = quantity.length < suggestedLengthMin ? undefined : nearestQuantity(quantity)
  return `the hub does not know the quantity ${quantity}${near ? ` (did you mean ${near}?)` : ''}`
}

/** In a long file each row has one value, whose quantity and unit other cells name; or a row that holds none for us. */
export function longTargets(
  mapping: Mapping,
  { quantity: labelAt, value, unit: unitAt, status }: LongColumns
): (cells: readonly string[]) => ValueTarget[] | Row {
  const entries = Object.entries(mapping.long?.quantities ?? {})
  const table = new Map(
    entries.map(([label, entry]) => [label, { entry, isMissing: missingMarkers(mapping, entry.missing) }])
  )
  const converters = new Map<string, UnitConverter | string>()
  return (cells) => {
    const label = cells[labelAt]!
    const known = table.get(label)
    if (!known) return ignoredRow(`the mapping does not name ${shownValue(label)}`)
    const { quantity, device: deviceKey = '' } = known.entry
    if (!isMeasured(quantity)) return ignoredRow(unknownWords(quantity))
    const unit = known.entry.unit ?? (unitAt === null ? '' : cells[unitAt]!)
    const key = `${quantity} ${unit}`
    let convert = converters.get(key)
    if (convert === undefined) {
      const found = converterFor(quantity, unit)
      convert = found.ok ? found.convert : found.refusal.replace(/\.$/, '')
      if (converters.size < convertersMax) converters.set(key, convert)
    }
    if (typeof convert === 'string') return refusedRow('unitUnknown', convert)
    return [
      {
        index: value,
        name: label,
        quantity,
        convert,
        unit,
        deviceKey,
        isMissing: known.isMissing,
        status,
        hour: null
      }
    ]
  }
}
