/** Our own export read back: one value a row, times with a zone, with the flags it was exported with. */
import { parse } from 'csv-parse/sync'
import { reasonBits, reasons, type Flag, type Reason } from '../../model/flag.ts'
import { isMeasured, quantities } from '../../model/quantity.ts'
import { parseIsoZoned } from '../../model/time.ts'
import { shownValue, unknownQuantityFault } from '../wording.ts'
import {
  readNumber,
  refusedRow,
  type ImportedMeasurement,
  type Row,
  type RowDecoder,
  type RowReader
} from './row-reader.ts'

const needed = ['time', 'device', 'quantity', 'value', 'unit'] as const

export const lamppostCsv: RowReader = {
  cells: splitCommas,
  headerNames: needed,

  begin(header, { deviceId, directory, memory = {} }) {
    const missing = needed.filter((name) => !header.includes(name))
    if (missing.length > 0) return { missing: missing.join(' and ') }
    const column = (name: string): number => header.indexOf(name)
    const at = {
      time: column('time'),
      device: column('device'),
      quantity: column('quantity'),
      value: column('value'),
      unit: column('unit'),
      flag: column('flag'),
      reason: column('reason'),
      received: column('received')
    }

    const decode: RowDecoder = (cells) => {
      if (cells.length !== header.length)
        return refusedRow(
          'rowUnreadable',
          `the row has ${cells.length} columns and the header ${header.length}`
        )
      const device = cells[at.device]!
      // Rows of this very device are meant. From another hub come other ids: the first that nobody here has is taken.
      if (device !== deviceId && !needed.every((name) => cells.includes(name))) {
        if (!directory.has(device)) memory.sensor ??= device
        if (device !== memory.sensor)
          return refusedRow(
            'otherDevice',
            `device ${shownValue(device)} is not ${memory.sensor ?? deviceId}; import one device a file`
          )
      }
      return readRow(cells, at)
    }
    return { decode }
  }
}

/** Only street names are ever quoted, so a line without a quote is split by hand; and a broken quote costs one row. */
function splitCommas(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',')
  try {
    const [cells] = parse(line, { relax_column_count: true }) as string[][]
    return cells
  } catch {
    return undefined // csv-parse throws for quotes that do not match, which is all that can be wrong with one line.
  }
}

function readRow(cells: readonly string[], at: Record<string, number>): Row {
  const cell = (name: string): string => cells[at[name]!] ?? ''
  const measuredAt = parseIsoZoned(cell('time'))
  if (measuredAt === undefined)
    return refusedRow(
      'timeUnreadable',
      `the time ${shownValue(cell('time'))} could not be read; it needs a zone`
    )
  const quantity = cell('quantity')
  if (!isMeasured(quantity))
    return refusedRow('unknownQuantity', unknownQuantityFault(quantity, null).message)
  const { unit } = quantities[quantity]
  if (cell('unit') !== unit)
    return refusedRow(
      'rowUnreadable',
      `${quantity} is in ${shownValue(cell('unit'))}; the hub keeps it in ${unit}`
    )
  if (cell('value') === '') return { measurements: [], refusals: [] }
  const value = readNumber(cell('value'))
  if (value === undefined)
    return refusedRow('notANumber', `${quantity} is ${shownValue(cell('value'))}, not a number`)
  const measurement: ImportedMeasurement = {
    quantity,
    value,
    measuredAt,
    // Here it is compared with what is around it here.
    reasons: reasonBits(...cell('reason').split(' ').filter(isReason)) & ~reasonBits('unjudged')
  }
  const receivedAt = parseIsoZoned(cell('received'))
  if (receivedAt !== undefined) measurement.receivedAt = receivedAt
  const flag = readFlag(cell('flag'))
  if (flag !== undefined) measurement.flag = flag
  return { measurements: [measurement], refusals: [] }
}

function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name)
}

function readFlag(cell: string): Flag | undefined {
  return cell === '1' || cell === '2' || cell === '3' || cell === '4' ? (Number(cell) as Flag) : undefined
}
