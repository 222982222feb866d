/** Home Assistant's MQTT discovery: what an entity's description says of it. Templates are never run. Pure. */
import type { MeasuredQuantity } from '../model/quantity.ts'
import { converterFor } from '../science/convert.ts'
import { textIn, type JsonObject } from './payload.ts'
import { guessName } from './vocabulary.ts'

/** Device classes of Home Assistant's sensors (developers.home-assistant.io/docs/core/entity/sensor) that are ours. */
const classes: Readonly<Record<string, MeasuredQuantity>> = {
  temperature: 'temperature',
  humidity: 'humidity',
  pressure: 'pressure',
  atmospheric_pressure: 'pressure',
  carbon_dioxide: 'co2',
  pm1: 'pm1',
  pm25: 'pm2_5',
  pm4: 'pm4',
  pm10: 'pm10',
  nitrogen_dioxide: 'no2',
  ozone: 'o3',
  signal_strength: 'rssi',
  battery: 'battery',
  nitrogen_monoxide: 'no',
  carbon_monoxide: 'co',
  sulphur_dioxide: 'so2',
  wind_speed: 'wind_speed',
  wind_direction: 'wind_direction',
  precipitation_intensity: 'rain',
  irradiance: 'solar',
  illuminance: 'lux'
}

/** In which unit these come nobody can guess: ppm or mg/m³, millimetres an hour or inches. */
const needUnit: ReadonlySet<MeasuredQuantity> = new Set(['no', 'co', 'so2', 'rain'])

/** The unit in which an entity's values are read: '' for the quantity's own, undefined where it says one that is none. */
export function unitOfEntity(quantity: MeasuredQuantity, said: string | undefined): string | undefined {
  if (said === undefined) return needUnit.has(quantity) ? undefined : ''
  return converterFor(quantity, said).ok ? said : undefined
}

export interface EntityConfig {
  stateTopic?: string
  deviceClass?: string
  unit?: string
  firmware?: string
}

/** Long and short keys mean the same; `~` stands for the base topic at the beginning or end of a topic. */
export function abbreviated(config: JsonObject): EntityConfig {
  const text = (long: string, short: string): string | undefined =>
    textIn(config, long) ?? textIn(config, short)
  const base = textIn(config, '~') ?? ''
  const stateTopic = text('state_topic', 'stat_t')?.replace(/^~|~$/, base)
  const deviceClass = text('device_class', 'dev_cla')
  const unit = text('unit_of_measurement', 'unit_of_meas')
  const device = config['device'] ?? config['dev']
  const firmware =
    typeof device === 'object' && device !== null
      ? (textIn(device as JsonObject, 'sw_version') ?? textIn(device as JsonObject, 'sw'))
      : undefined
  return {
    ...(stateTopic === undefined ? {} : { stateTopic }),
    ...(deviceClass === undefined ? {} : { deviceClass }),
    ...(unit === undefined ? {} : { unit }),
    ...(firmware === undefined ? {} : { firmware })
  }
}

/**
 * The quantity of an entity: its class names it, and its own name tells a wall from the room. A class that is none of ours
 * (energy, duration) is no reading whatever its name is.
 */
export function quantityOfClass(deviceClass: string | undefined, name: string): MeasuredQuantity | undefined {
  const guess = guessName(name)?.quantity
  if (deviceClass === undefined) return guess
  if (deviceClass === 'temperature' && guess === 'surface_temperature') return guess
  if (deviceClass === 'temperature' && guess !== 'temperature' && isOtherTemperature(name)) return undefined
  if (deviceClass === 'voltage') return guess === 'battery_voltage' ? guess : undefined
  if (deviceClass === 'sound_pressure') return guess
  return Object.hasOwn(classes, deviceClass) ? classes[deviceClass] : undefined
}

/** The temperature of a chip has the class of the air's. */
function isOtherTemperature(name: string): boolean {
  return /dew|cpu|chip|esp|internal|target|feels|core|device|board/.test(name.toLowerCase())
}
