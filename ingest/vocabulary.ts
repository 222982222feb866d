/** What a freely chosen field name most likely measures: for families whose owners or decoders name their fields. Pure. */
import { guessedNamesMax, nameCharactersMax } from './limits.ts'
import type { MeasuredQuantity } from '../model/quantity.ts'

export interface Guess {
  quantity: MeasuredQuantity
  /** The unit that such a name comes in where nobody says it; the quantity's own unless given. */
  unit?: string
  /** What stands before the words of the quantity: `garage` of `garage_temperature`. */
  stem: string
}

/** Names as `plainName` writes them, longest first where one ends another. */
const names: Readonly<
  Partial<Record<MeasuredQuantity, readonly (string | readonly [name: string, unit: string])[]>>
> = {
  temperature: [
    'temperature',
    'temp',
    'tempc',
    'temp_c',
    'temperature_c',
    'air_temperature',
    'airtemperature',
    'tempc_sht',
    'temp_sht',
    'temp_celsius',
    // Entity ids of Home Assistant are in its owner's language.
    'temperatur',
    'temperatuur',
    'temperatura',
    // ChirpStack's Cayenne codec.
    'temperature_sensor',
    ['temp_f', '°F'],
    ['tempf', '°F'],
    ['temperature_f', '°F']
  ],
  humidity: [
    'humidity',
    'hum',
    'rh',
    'relative_humidity',
    'relativehumidity',
    'hum_sht',
    'humid',
    'humidity_rh',
    'humidity_sensor',
    'luftfeuchtigkeit',
    'luftfeuchte',
    'feuchtigkeit',
    'luchtvochtigheid',
    'humidite',
    'humedad',
    'umidita'
  ],
  pressure: [
    'pressure',
    'barometric_pressure',
    'barometricpressure',
    'air_pressure',
    'atmospheric_pressure',
    'barometer',
    'luftdruck',
    'luchtdruk',
    'pression',
    'presion',
    'baro',
    ['pressure_pa', 'Pa'],
    ['pressure_kpa', 'kPa']
  ],
  co2: [
    'co2',
    'co2_ppm',
    'carbon_dioxide',
    'carbondioxide',
    'co2_concentration',
    // As ESPHome's pages name what an MH-Z19 measures.
    'co2_value',
    'kohlendioxid',
    'kooldioxide'
  ],
  pm1: [
    ...['pm1', 'pm1_0', 'pm_1', 'pm_1_0', 'pm01', 'pm1_0_atm', 'pm1_mass', 'pm_1_0um'],
    ...['pm_1_m_weight_concentration', 'particulate_matter_1_0_m_concentration']
  ],
  pm2_5: [
    'pm2_5',
    'pm25',
    'pm_2_5',
    'pm_25',
    'pm2p5',
    'pm02',
    'pm2_5_atm',
    'pm_2_5um',
    'pm_2_5_m_weight_concentration',
    'pm25_standard',
    'particulate_matter_2_5',
    // "Particulate Matter <2.5µm Concentration", as on ESPHome's pages.
    'particulate_matter_2_5_m_concentration'
  ],
  pm4: ['pm4', 'pm4_0', 'pm_4', 'pm_4_0', 'pm_4_m_weight_concentration'],
  pm10: [
    ...['pm10', 'pm10_0', 'pm_10', 'pm_10_0', 'pm_10um'],
    ...['pm_10_m_weight_concentration', 'particulate_matter_10_0_m_concentration']
  ],
  no2: ['no2', 'nitrogen_dioxide'],
  o3: ['o3', 'ozone'],
  tvoc_index: ['tvoc_index', 'voc_index', 'vocs_index'],
  laeq: [
    'laeq',
    'leq_a',
    'laeq_dba',
    'noise_laeq',
    // As esphome-sound-level-meter's examples name them.
    'laeq_1min',
    'sound_level_laeq',
    'dba',
    'sound_level_dba',
    'noise_dba'
  ],
  lamax: ['lamax', 'lamax_1s_1min', 'noise_lamax', 'noise_la_max', 'la_max'],
  lamin: ['lamin', 'lamin_1s_1min', 'noise_lamin', 'noise_la_min', 'la_min'],
  la10: ['la10'],
  la50: ['la50'],
  la90: ['la90'],
  surface_temperature: [
    'surface_temperature',
    'wall_temperature',
    'surface_temp',
    'wall_temp',
    'probe_temperature',
    'external_temperature',
    'ext_temperature',
    'tempc_ds',
    'ir_temperature'
  ],
  wind_speed: ['wind_speed', 'windspeed', 'wind_speed_avg', 'windgeschwindigkeit', ['windspeed_kmh', 'km/h']],
  wind_direction: ['wind_direction', 'winddirection', 'winddir', 'wind_dir', 'wind_bearing', 'windrichtung'],
  // A rate only: what is called "rain" or "rainfall" is an amount in a time that nobody says.
  rain: ['rain_rate', 'rainrate', 'rain_intensity', 'precipitation_intensity', 'precipitation_rate'],
  solar: ['solar_radiation', 'irradiance', 'solar_irradiance', 'global_radiation'],
  lux: ['lux', 'illuminance', 'illuminance_lux', 'illuminance_sensor', 'light_intensity', 'ambient_light'],
  wall_moisture: ['wall_moisture', 'wood_moisture', 'moisture_content', 'wme'],
  battery: [
    'battery',
    'battery_level',
    'battery_percent',
    'battery_percentage',
    'batt',
    'bat_pct',
    'battery_pct'
  ],
  battery_voltage: [
    'battery_voltage',
    'batteryvoltage',
    'batv',
    'bat_v',
    'batt_v',
    'batt_volt',
    'vbat',
    'battery_v',
    'volt',
    ['vdd', 'mV'],
    ['battery_mv', 'mV'],
    ['batt_mv', 'mV'],
    ['bat_mv', 'mV']
  ],
  rssi: [
    'rssi',
    'wifi_signal',
    'wifi_rssi',
    'signal_strength',
    'wifi_signal_strength',
    'wifi_signal_db',
    'wifi'
  ]
}

interface Known {
  quantity: MeasuredQuantity
  unit?: string
}

const known: ReadonlyMap<string, Known> = new Map(
  Object.entries(names).flatMap(([quantity, spellings]) =>
    spellings.map((spelling): [string, Known] =>
      typeof spelling === 'string'
        ? [spelling, { quantity: quantity as MeasuredQuantity }]
        : [spelling[0], { quantity: quantity as MeasuredQuantity, unit: spelling[1] }]
    )
  )
)

/**
 * Words that make another thing of what follows: the temperature of a chip, a wish of a thermostat, a mean of a day, the
 * air of another place, grams of vapour, an index, a count of particles.
 */
const otherThings = new Set([
  ...['absolute', 'abs', 'specific', 'vapour', 'vapor', 'saturation', 'wet', 'bulb', 'wetbulb', 'globe'],
  ...['sea', 'sealevel', 'tyre', 'tire', 'differential'],
  ...['aqi', 'iaq', 'count', 'counts', 'particles', 'cf', 'cf1', 'std'],
  ...['battery', 'cpu', 'gpu', 'soc', 'pcb', 'processor', 'disk', 'ssd', 'nvme', 'motor', 'inverter'],
  ...['oven', 'fridge', 'freezer', 'boiler', 'flow', 'return', 'coolant', 'pool', 'pond', 'aquarium'],
  'chip',
  'esp',
  'esp32',
  'esp8266',
  'mcu',
  'board',
  'internal',
  'device',
  'core',
  'target',
  'setpoint',
  'set',
  'desired',
  'feels',
  'apparent',
  'dew',
  'point',
  'index',
  'water',
  'soil',
  'min',
  'max',
  'average',
  'avg',
  'mean',
  'offset',
  'calibration',
  'correction',
  'compensated',
  '24h',
  'forecast'
])

/** "Garage Temperature" → garage_temperature; "PM <2.5µm" → pm_2_5_m; "relative_humidity_2" keeps its number. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

/** The longest end of the name that is a quantity, a channel's number behind it left out; undefined for none. */
export function guessName(name: string): Guess | undefined {
  const remembered = guesses.get(name)
  if (remembered !== undefined) return remembered ?? undefined
  if (name.length > nameCharactersMax) return undefined
  const guess = guessPlain(plainName(name)) ?? guessPlain(plainName(wordsApart(name)))
  // Names of one box are the same in each of its messages.
  if (guesses.size < guessedNamesMax) guesses.set(name, guess ?? null)
  return guess
}

function guessPlain(plain: string): Guess | undefined {
  return endOf(plain) ?? endOf(plain.replace(/_?\d{1,2}$/, ''))
}

/** externalTemperature → external_Temperature. */
function wordsApart(name: string): string {
  return name.replaceAll(/([a-z])(?=[A-Z])/g, '$1_')
}

const guesses = new Map<string, Guess | null>()

function endOf(plain: string): Guess | undefined {
  for (let from = 0; from !== -1 && from < plain.length; from = nextWord(plain, from)) {
    const found = known.get(from === 0 ? plain : plain.slice(from))
    if (!found) continue
    const stem = from === 0 ? '' : plain.slice(0, from - 1)
    return stem.split('_').some((word) => otherThings.has(word)) ? undefined : { ...found, stem }
  }
  return undefined
}

function nextWord(plain: string, from: number): number {
  const underscore = plain.indexOf('_', from)
  return underscore === -1 ? -1 : underscore + 1
}
