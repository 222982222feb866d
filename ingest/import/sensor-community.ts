/** The archive files of Sensor.Community (archive.sensor.community): semicolons, no quotes, UTC written without a zone. */
import { reasonBits } from '../../model/flag.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { parseIsoZoned, secondMs, type UnixMs } from '../../model/time.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import { shownValue } from '../wording.ts'
import {
  cutValue,
  readNumber,
  refusedRow,
  type Refusal,
  type Row,
  type RowDecoder,
  type RowPlace,
  type RowReader
} from './row-reader.ts'
import { ShortRows } from './short-rows.ts'

/** P1 is PM10 and P2 is PM2.5 (airrohr-firmware); pressure is in pascal. `durP1`, `ratioP1` and counts are not kept. */
const columns: Readonly<Record<string, { quantity: MeasuredQuantity; exponent: number }>> = {
  P0: { quantity: 'pm1', exponent: 0 },
  P1: { quantity: 'pm10', exponent: 0 },
  P2: { quantity: 'pm2_5', exponent: 0 },
  P4: { quantity: 'pm4', exponent: 0 },
  temperature: { quantity: 'temperature', exponent: 0 },
  humidity: { quantity: 'humidity', exponent: 0 },
  pressure: { quantity: 'pressure', exponent: -2 },
  co2_ppm: { quantity: 'co2', exponent: 0 },
  noise_LAeq: { quantity: 'laeq', exponent: 0 },
  noise_LA_min: { quantity: 'lamin', exponent: 0 },
  noise_LA_max: { quantity: 'lamax', exponent: 0 }
}

const families: Readonly<Record<string, SensorFamily>> = {
  SDS011: 'sds011',
  DHT22: 'dht22',
  DS18B20: 'ds18b20',
  BME280: 'bme280',
  PMS5003: 'pms5003',
  PMS7003: 'pms5003',
  SPS30: 'sps30',
  SHT31: 'sht31',
  SCD30: 'scd30'
}

/** The family of a part by its name: "SDS011"; undefined for one whose limits are not known. */
export function familyOfPart(name: string): SensorFamily | undefined {
  const key = name.toUpperCase()
  return Object.hasOwn(families, key) ? families[key] : undefined
}

/** The PPD42NS counts particles in a volume; its P1 and P2 are no mass, so they are not ours. */
const countsParticles = 'PPD42NS'

/** A DHT22 that got wet sticks at 99.9 %, and some boards round that up. */
const dht22StuckFrom = 99.9
/** Unusual as well: the hourly look back takes `stuck` away where nothing repeats, and this doubt is of the sensor. */
const stuck = reasonBits('unusual', 'stuck')

interface MeasuredColumn {
  index: number
  name: string
  quantity: MeasuredQuantity
  /** Power of ten from the file's unit to ours. */
  exponent: number
}

export const sensorCommunityCsv: RowReader = {
  cells: (line) => line.split(';'),
  headerNames: ['sensor_id', 'sensor_type', 'timestamp'],

  begin(header, { memory = {} }) {
    const time = header.indexOf('timestamp')
    const sensor = header.indexOf('sensor_id')
    const type = header.indexOf('sensor_type')
    const placeOf = placeReader(header)
    const readUtc = utcReader()
    const measured = measuredColumns(header)
    const missing = [
      ...(sensor < 0 ? ['sensor_id'] : []),
      ...(type < 0 ? ['sensor_type'] : []),
      ...(time < 0 ? ['timestamp'] : []),
      ...(measured.length === 0 ? [`one of ${Object.keys(columns).join(', ')}`] : [])
    ]
    if (missing.length > 0) return { missing: missing.join(' and ') }
    const shortRows = (memory.shortRows ??= new ShortRows())
    const places = measured.map(({ index }) => index)
    const needed = Math.max(time, sensor, type, Math.min(...places)) + 1

    const decode: RowDecoder = (cells) => {
      if (cells.length > header.length || cells.length < needed)
        return wrongLength(cells.length, header.length)
      // The time first: a header in the middle of a file has none, and names no sensor.
      const measuredAt = readUtc(cells[time]!)
      if (measuredAt === undefined)
        return refusedRow('timeUnreadable', `the time ${shownValue(cells[time])} could not be read`)
      memory.sensor ??= cells[sensor]!
      if (cells[sensor] !== memory.sensor)
        return refusedRow(
          'otherDevice',
          `sensor ${shownValue(cells[sensor])} is not ${memory.sensor}, the file's first; import one sensor a file`
        )
      if (cells[type] === countsParticles)
        return refusedRow(
          'unknownQuantity',
          `a ${countsParticles} counts particles; its values are not µg/m³`
        )
      const isShort = cells.length < header.length
      if (!isShort) shortRows.whole(cells, places)
      const isCut = isShort && (shortRows.mayBeCut(cells) || memory.endsOpen?.())
      const cutAt = isCut ? cells.length - 1 : -1
      const row = readRow(cells, measured, {
        measuredAt,
        family: familyOfPart(cells[type]!),
        cutAt
      })
      const place = placeOf(cells)
      return place ? { ...row, place } : row
    }
    return { decode }
  }
}

function measuredColumns(header: readonly string[]): MeasuredColumn[] {
  return header.flatMap((name, index) =>
    Object.hasOwn(columns, name) ? [{ index, name, ...columns[name]! }] : []
  )
}

function wrongLength(length: number, expected: number): Row {
  return refusedRow('rowUnreadable', `the row has ${length} columns and the header ${expected}`)
}

/**
 * The archive's times are UTC; newer files may say so. All but one in a day's rows differ from the row before in the time of
 * the day alone, which is read without asking the calendar again.
 */
function utcReader(): (text: string) => UnixMs | undefined {
  let day = ''
  let midnight = 0
  return (text) => {
    const sinceMidnight = secondsOf(text)
    if (sinceMidnight === undefined) return parseIsoZoned(`${text}Z`) ?? parseIsoZoned(text)
    if (!text.startsWith(day) || day === '') {
      const date = text.slice(0, 10)
      const found = parseIsoZoned(`${date}T00:00:00Z`)
      if (found === undefined) return undefined
      ;[day, midnight] = [date, found]
    }
    return (midnight + sinceMidnight * secondMs) as UnixMs
  }
}

/** Of "2020-02-01T00:16:10" and nothing else; undefined also for a time that no clock shows. */
function secondsOf(text: string): number | undefined {
  if (text.length !== 19 || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)]
  return hour < 24 && minute < 60 && second < 60 ? hour * 3_600 + minute * 60 + second : undefined
}

/** NaN where there are not two. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** `location` is the archive's number for where the sensor stood, with its position beside it. */
function placeReader(header: readonly string[]): (cells: readonly string[]) => RowPlace | undefined {
  const [name, latitude, longitude] = ['location', 'lat', 'lon'].map((column) => header.indexOf(column))
  if (name === undefined || name < 0) return () => undefined
  let last: { written: readonly (string | undefined)[]; place: RowPlace } | undefined
  return (cells) => {
    const written = [cells[name], cells[latitude!], cells[longitude!]] as const
    // A sensor stands still: row after row it is one place.
    if (last && written.every((cell, index) => cell === last!.written[index])) return last.place
    const place: RowPlace = { name: cells[name] ?? '' }
    const [lat, lon] = [readNumber(cells[latitude!] ?? ''), readNumber(cells[longitude!] ?? '')]
    if (lat !== undefined && lon !== undefined) place.position = [lon, lat]
    last = { written, place }
    return place
  }
}

interface RowFacts {
  measuredAt: UnixMs
  family: SensorFamily | undefined
  /** The cell that may be half a number, because the row ends there; -1 for none. */
  cutAt: number
}

function readRow(
  cells: readonly string[],
  measured: readonly MeasuredColumn[],
  { measuredAt, family, cutAt }: RowFacts
): Row {
  const row: Row = { measurements: [], refusals: [], family }
  for (const { index, name, quantity, exponent } of measured) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    if (index === cutAt) {
      row.refusals.push(cutValue(name))
      continue
    }
    const value = readNumber(cell, exponent)
    if (value === undefined) {
      row.refusals.push(noNumber(name, cell))
      continue
    }
    const isStuck = family === 'dht22' && quantity === 'humidity' && value >= dht22StuckFrom
    row.measurements.push({
      quantity,
      value,
      measuredAt,
      reasons: isStuck ? stuck : 0
    })
  }
  return row
}

function noNumber(name: string, cell: string): Refusal {
  return { code: 'notANumber', message: `${name} is ${shownValue(cell)}, not a number` }
}
