/** What `lamppost import` is asked to read, and into which sensors: --format or --map, and --device. */
import { createHash } from 'node:crypto'
import { importFormats, type ImportFormat } from '../ingest/import/import.ts'
import { deviceKeys, readMapping, type Mapping } from '../ingest/import/mapping.ts'
import { openSenseMapId, readBox, type OpenSenseMapSensor } from '../ingest/opensensemap-box.ts'
import type { Registry } from '../registry/registry.ts'
import { option, optionList, WrongUse, type CommandInput } from './command.ts'
import { unknownDevice } from './commands/named-device.ts'

export interface ImportSource {
  format: ImportFormat
  /** As the import's record names it: the same files under another mapping, or into other sensors, are another import. */
  formatName: string
  /** The sensor of the record; of several the first. */
  deviceId: string
}

export function importSource(input: CommandInput, registry: Registry): ImportSource {
  const source = option(input, 'map') === undefined ? formatSource(input) : mapSource(input)
  const { format, deviceId } = source
  const deviceIds = typeof format === 'object' ? Object.values(format.devices) : [deviceId]
  for (const id of deviceIds) if (!registry.device(id)) throw new WrongUse(unknownDevice(id))
  return source
}

function formatSource(input: CommandInput): ImportSource {
  const text = option(input, 'format')
  const format = importFormats.find((known) => known === text)
  if (!format)
    throw new WrongUse(
      `--format is ${text ? `"${text}"` : 'missing'}. Give one of: ${importFormats.join(', ')}; or --map MAPPING.json for any other file.`
    )
  if (format === 'opensensemap-csv') return openSenseMapSource(input)
  if (option(input, 'box') !== undefined)
    throw new WrongUse('--box goes with --format opensensemap-csv only.')
  const [deviceId, ...others] = optionList(input, 'device')
  if (!deviceId)
    throw new WrongUse(
      '--device is missing: the sensor to import the files for. See: npx lamppost device list'
    )
  if (others.length > 0) throw new WrongUse(`--device is given twice; files in ${format} are for one sensor.`)
  return { format, formatName: format, deviceId }
}

/** The sensors of a box go to one device, or some of them to devices of their own: "--device 5a8d…=d-1". */
function openSenseMapSource(input: CommandInput): ImportSource {
  const given = optionList(input, 'device')
  if (given.length === 0)
    throw new WrongUse(
      '--device is missing: the sensor of this hub to import the box for. See: npx lamppost device list'
    )
  const devices: Record<string, string> = {}
  for (const text of given) {
    const [key, deviceId] = text.includes('=') ? (text.split('=', 2) as [string, string]) : ['', text]
    if (key !== '' && !openSenseMapId.test(key))
      throw new WrongUse(
        `--device ${text}: "${key}" is not the id of a sensor on openSenseMap, which has 24 digits and letters.`
      )
    if (Object.hasOwn(devices, key))
      throw new WrongUse(`--device ${text}: another --device is for the same sensor.`)
    devices[key] = deviceId
  }
  const sensors = boxSensors(input)
  const digest = digestOf([sensors, bindingsOf(devices)])
  return {
    format: { sensors, devices },
    formatName: `opensensemap-csv ${digest}`,
    deviceId: devices[''] ?? Object.values(devices)[0]!
  }
}

function boxSensors(input: CommandInput): OpenSenseMapSensor[] {
  if (option(input, 'box') === undefined) return []
  const [file] = input.files ?? []
  if (!file) throw new WrongUse('--box needs the file that describes the box. See docs/importing.md')
  const found = readBox(file.text)
  if (!found.ok) throw new WrongUse(`${file.name}: ${found.refusal}`)
  return found.sensors
}

function mapSource(input: CommandInput): ImportSource {
  if (option(input, 'format') !== undefined)
    throw new WrongUse('--map and --format exclude each other: a mapping defines the format.')
  const [file] = input.files ?? []
  if (!file) throw new WrongUse('--map needs a mapping file. See docs/importing.md')
  const found = readMapping(file.text)
  if (!found.ok) throw new WrongUse(`${file.name}: ${found.refusal}`)
  const devices = bindDevices(found.mapping, optionList(input, 'device'))
  const digest = digestOf([found.mapping, bindingsOf(devices)])
  return {
    format: { mapping: found.mapping, devices },
    formatName: `map ${found.mapping.name} ${digest}`,
    deviceId: Object.values(devices)[0]!
  }
}

function bindingsOf(devices: Readonly<Record<string, string>>): [key: string, deviceId: string][] {
  return Object.entries(devices).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Tells versions of a description apart. */
function digestOf(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12)
}

/** "kitchen=d-1" binds a key of the mapping to a sensor; "d-1" alone is for a mapping about one. */
export function bindDevices(mapping: Mapping, given: readonly string[]): Record<string, string> {
  const keys = deviceKeys(mapping)
  if (given.length === 0)
    throw new WrongUse(`--device is missing: which sensor the file belongs to. ${howToBind(mapping, keys)}`)
  const devices = new Map<string, string>()
  for (const text of given) {
    const [key, deviceId] = binding(text, mapping, keys)
    if (keys && !keys.includes(key))
      throw new WrongUse(
        `--device ${text}: the mapping ${mapping.name} has no key "${key}". ${howToBind(mapping, keys)}`
      )
    if (devices.has(key)) throw new WrongUse(`--device ${text}: another --device is for the same rows.`)
    if ([...devices.values()].includes(deviceId))
      throw new WrongUse(
        `--device ${text}: the rows of another key already go to ${deviceId}. Each key needs its own sensor.`
      )
    devices.set(key, deviceId)
  }
  return Object.fromEntries(devices)
}

function binding(
  text: string,
  mapping: Mapping,
  keys: string[] | undefined
): [key: string, deviceId: string] {
  const equals = text.lastIndexOf('=')
  if (equals > 0 && equals < text.length - 1) return [text.slice(0, equals), text.slice(equals + 1)]
  if (equals !== -1) throw new WrongUse(`--device is "${text}". Give KEY=ID, or an ID alone.`)
  if (keys === undefined || keys.includes('')) return ['', text]
  if (keys.length === 1) return [keys[0]!, text]
  throw new WrongUse(`--device ${text} does not say which rows. ${howToBind(mapping, keys)}`)
}

/** Keys that a refusal lists. */
const keysShown = 12

function howToBind({ name, deviceColumn }: Mapping, keys: string[] | undefined): string {
  if (keys === undefined)
    return `The column "${deviceColumn}" names sensors: give --device NAME=ID for each, or one --device ID for the sensor in the first row. See: npx lamppost device list`
  const named = keys.filter((key) => key !== '')
  if (named.length < 2) return 'Give --device ID. See: npx lamppost device list'
  const shown = named.slice(0, keysShown).join(', ')
  return `The mapping ${name} has the keys ${shown}${named.length > keysShown ? ' …' : ''}: give --device ${named[0]}=ID for each that you want.`
}
