/** Downloads and archive files of openSenseMap: a row a value, of the sensor that a column or the file's name tells. */
import type { SensorFamily } from '../../model/sensor.ts'
import { parseIsoZoned } from '../../model/time.ts'
import { openSenseMapId, quantityOf, type KnownSensor, type OpenSenseMapSensor } from '../opensensemap-box.ts'
import { shownValue } from '../wording.ts'
import type { DeviceBindings } from './mapped-targets.ts'
import {
  ignoredRow,
  readNumber,
  refusedRow,
  type Row,
  type RowDecoder,
  type RowPlace,
  type RowReader
} from './row-reader.ts'
import { familyOfPart } from './sensor-community.ts'
import { splitCells } from './split-cells.ts'

/** `devices` by sensor id; '' is for all others of the box. */
export function openSenseMapReader(box: readonly OpenSenseMapSensor[], devices: DeviceBindings): RowReader {
  const sensors = new BoxSensors(box, devices)
  // The API writes either, as it is asked; the header of a file tells.
  let delimiter = ','
  return {
    headerNames: ['createdAt', 'value'],
    cells(line) {
      if (line.includes('createdAt')) delimiter = line.includes(';') ? ';' : ','
      return splitCells(line, { delimiter, quote: '"' })
    },
    begin(header, { file = '' }) {
      const at = (name: string): number => header.indexOf(name)
      const [time, value, id] = [at('createdAt'), at('value'), at('sensorId')]
      const fromName = sensorIdOf(file)
      const missing = [
        ...(time < 0 ? ['createdAt'] : []),
        ...(value < 0 ? ['value'] : []),
        ...(id < 0 && fromName === undefined
          ? ['sensorId (and the file is not called after its sensor, as in 5a8d….csv)']
          : [])
      ]
      if (missing.length > 0) return { missing: missing.join(' and '), has: header.join(', ') }
      const placeOf = placeReader(at('lat'), at('lon'))
      const words = { title: at('phenomenon'), unit: at('unit'), sensorType: at('sensorType') }

      const decode: RowDecoder = (cells) => {
        if (cells.length !== header.length)
          return refusedRow(
            'rowUnreadable',
            `the row has ${cells.length} columns and the header ${header.length}`
          )
        const measuredAt = parseIsoZoned(cells[time]!)
        if (measuredAt === undefined)
          return refusedRow('timeUnreadable', `the time ${shownValue(cells[time])} could not be read`)
        const sensorId = id < 0 ? fromName! : cells[id]!
        const sensor = sensors.find(sensorId, () => ({
          title: cells[words.title] ?? '',
          unit: cells[words.unit] ?? '',
          sensorType: cells[words.sensorType] ?? ''
        }))
        if ('why' in sensor) return { ...ignoredRow(sensor.why), hasTime: true }
        const given = readNumber(cells[value]!)
        const row: Row = { measurements: [], refusals: [], hasTime: true, family: sensor.family }
        const place = placeOf(cells)
        if (place) row.place = place
        const { quantity, deviceId } = sensor
        if (cells[value] === '') return row
        if (given === undefined)
          row.refusals.push({
            code: 'notANumber',
            message: `the value is ${shownValue(cells[value])}, not a number`
          })
        else {
          const exact = Number(sensor.convert(given).toPrecision(12))
          row.measurements.push({ quantity, value: exact, measuredAt, deviceId, reasons: 0 })
        }
        return row
      }
      return { decode }
    }
  }
}

/** The archive calls files "<sensor>-2024-01-31.csv", the API "<sensor>.csv". */
function sensorIdOf(file: string): string | undefined {
  const id = /^([0-9a-f]{24})(?:-\d{4}-\d{2}-\d{2})?\.csv(?:\.gz)?$/.exec(file)?.[1]
  return id
}

function placeReader(
  latitude: number,
  longitude: number
): (cells: readonly string[]) => RowPlace | undefined {
  return (cells) => {
    const [lat, lon] = [readNumber(cells[latitude] ?? ''), readNumber(cells[longitude] ?? '')]
    return lat === undefined || lon === undefined ? undefined : { name: '', position: [lon, lat] }
  }
}

interface TakenSensor extends KnownSensor {
  deviceId: string
  family: SensorFamily | undefined
}

type SensorWords = Omit<OpenSenseMapSensor, 'sensorId'>

/** Which sensors of the box are taken, into which device: of two that measure the same the first, unless the other has its own. */
class BoxSensors {
  readonly #devices: DeviceBindings
  readonly #known = new Map<string, TakenSensor | { why: string }>()
  /** The sensor that has a quantity of a device. */
  readonly #taken = new Map<string, string>()

  constructor(box: readonly OpenSenseMapSensor[], devices: DeviceBindings) {
    this.#devices = devices
    const isBound = ({ sensorId }: OpenSenseMapSensor): boolean => Object.hasOwn(devices, sensorId)
    for (const sensor of [...box.filter(isBound), ...box]) this.#meet(sensor.sensorId, sensor)
  }

  /** `words` are what the row says of it, for a sensor that the box's description does not have. */
  find(sensorId: string, words: () => SensorWords): TakenSensor | { why: string } {
    return this.#known.get(sensorId) ?? this.#meet(sensorId, words())
  }

  #meet(sensorId: string, words: SensorWords): TakenSensor | { why: string } {
    const known = this.#known.get(sensorId)
    if (known) return known
    const found = this.#look(sensorId, words)
    this.#known.set(sensorId, found)
    return found
  }

  #look(sensorId: string, words: SensorWords): TakenSensor | { why: string } {
    if (!openSenseMapId.test(sensorId)) return { why: `${shownValue(sensorId)} is not the id of a sensor` }
    const deviceId = this.#devices[sensorId] ?? this.#devices['']
    if (deviceId === undefined) return { why: `no sensor is given for ${sensorId} (--device ${sensorId}=ID)` }
    if (words.title === '')
      return {
        why: `what ${sensorId} measures is not in the file; add the description of the box (--box BOX.json)`
      }
    const found = quantityOf(words)
    if (typeof found === 'string') return { why: found }
    const key = `${deviceId} ${found.quantity}`
    const other = this.#taken.get(key)
    if (other !== undefined)
      return {
        why: `${sensorId} measures ${found.quantity} as ${other} does; give it a sensor of its own (--device ${sensorId}=ID)`
      }
    this.#taken.set(key, sensorId)
    return { ...found, deviceId, family: familyOfPart(words.sensorType) }
  }
}
